"""Regular expressions that people write in YAML: compiled, short, and unable to run away on hostile text.

A pattern is refused when a variable repeat stands inside another repeat (exponential time), when it refers back to a
group, or when too many of its unbounded repeats can begin at many places of one run of characters (polynomial time).
A repeat that follows a character which it cannot itself match (`/\\d+`) begins at one place only and costs nothing.
"""

from __future__ import annotations

import re
from re import _constants as op
from re import _parser as parser

MAX_LENGTH = 300
MAX_DEGREE = 2             # time grows at most with the square of an address (2,000 characters: 4 million steps)
MAX_WAYS = 3000            # product of the widths of bounded repeats, where nothing is unbounded
MAX_WAYS_WITH = 12         # the same beside an unbounded repeat
WIDE = 50                  # in a link pattern, a repeat wider than this counts as unbounded

_SAMPLE = frozenset(map(chr, range(32, 127))) | {"中", "文", "，", "\n"}
_CATEGORIES = {
    op.CATEGORY_DIGIT: str.isdigit, op.CATEGORY_SPACE: str.isspace, op.CATEGORY_WORD: lambda c: c.isalnum() or c == "_",
}
_NOT = {op.CATEGORY_NOT_DIGIT: op.CATEGORY_DIGIT, op.CATEGORY_NOT_SPACE: op.CATEGORY_SPACE, op.CATEGORY_NOT_WORD: op.CATEGORY_WORD}
_REPEATS = {op.MAX_REPEAT, op.MIN_REPEAT} | ({op.POSSESSIVE_REPEAT} if hasattr(op, "POSSESSIVE_REPEAT") else set())


class Unsafe(ValueError):
    """The reason, in Chinese."""


def check_pattern(pattern: str, unbounded: bool = True) -> str:
    """Why the pattern cannot be used, in Chinese; "" when it can.  `unbounded` False refuses `*`, `+` and `{n,}` too."""
    if len(pattern) > MAX_LENGTH:
        return f"正则表达式太长（上限 {MAX_LENGTH} 个字符）"
    try:
        re.compile(pattern)
        tree = parser.parse(pattern)
    except (re.error, OverflowError, RecursionError) as error:
        return f"正则表达式写法不对：{error}"
    items = list(tree)
    try:
        degree, ways = _cost(items, inside=False, unbounded=unbounded)
        if degree and not _anchored(items):
            degree += 1
        if degree > MAX_DEGREE:
            raise Unsafe("正则表达式里不定长的重复太多，遇到恶意网页会卡死；把“.*”换成“[^/]*”一类，或写成 {0,20}")
        if ways > (MAX_WAYS_WITH if degree else MAX_WAYS):
            raise Unsafe("正则表达式里的重复范围太大；缩小各个 {0,n} 里的 n")
    except Unsafe as error:
        return str(error)
    return ""


def _anchored(items: list) -> bool:
    """Can it begin at one place only: `^` or an address from its start?"""
    if items and items[0][0] is op.AT:
        return items[0][1] in (op.AT_BEGINNING, op.AT_BEGINNING_STRING)
    return "".join(chr(v) for kind, v in items[:4] if kind is op.LITERAL) == "http"


def _cost(items: list, inside: bool, unbounded: bool) -> tuple[int, int]:
    """(degree, ways) of a sequence; `inside` is True within a repeat."""
    items = _flat(items)
    degree, ways = 0, 1
    for at, (kind, value) in enumerate(items):
        if kind in (op.GROUPREF, op.GROUPREF_EXISTS):
            raise Unsafe("正则表达式不能引用前面的括号（\\1 一类）")
        if kind in (op.ASSERT, op.ASSERT_NOT):
            more, width = _cost(list(value[1]), inside, unbounded)
            degree, ways = degree + more, ways * width
        elif kind is op.BRANCH:
            costs = [_cost(list(b), inside, unbounded) for b in value[1]]
            degree, ways = degree + max(c[0] for c in costs), ways * _choices(value[1], [c[1] for c in costs])
        elif kind in _REPEATS:
            more, width = _repeat(value, items[at - 1] if at else None, inside, unbounded)
            degree, ways = degree + more, ways * width
    return degree, ways


def _repeat(value, before, inside: bool, unbounded: bool) -> tuple[int, int]:
    """(degree, ways) of one repeat that stands after the item `before`."""
    low, high, body = value
    single = _chars(list(body))
    more, width = (0, 1) if single is not None else _cost(list(body), inside or high > 1, unbounded)
    if high == low:
        if more and low > 1 or width > 1 and width ** min(low, 20) > MAX_WAYS:
            raise Unsafe("正则表达式里有嵌套的重复，遇到恶意网页会卡死；拆开写")
        return more, width ** min(low, 20)
    if inside:
        raise Unsafe("正则表达式里有嵌套的重复，遇到恶意网页会卡死；去掉里层或外层的 * + ?")
    if high > 1 and width > 1:
        raise Unsafe("被重复的括号里不能有多种写法（|）；拆开写")
    if high < WIDE or not unbounded and high < MAX_WAYS:
        return more, width * (high - low + 1)
    if not unbounded:
        raise Unsafe("这里不能用 * 和 +；写成 .{0,8} 这样有上限的形式")
    held = _fixed(before)
    return more + (0 if single is not None and held is not None and not single & held else 1), width


def _fixed(item) -> frozenset | None:
    """The characters that a required one-character item (or a fixed number of them) ends with; None when unknown."""
    if item is None:
        return None
    kind, value = item
    if kind in _REPEATS:
        low, high, body = value
        return _chars(list(body)) if low == high and low else None
    return _chars([item])


def _choices(branches: list, ways: list[int]) -> int:
    """In how many ways alternatives can match at one place: plain words of one length exclude one another."""
    words = [_flat(list(b)) for b in branches]
    if all(kind is op.LITERAL for word in words for kind, _ in word):
        return len({len(word) for word in words})
    return sum(ways)


def _flat(items: list) -> list:
    """A sequence with its plain groups opened and zero-width anchors left out."""
    out = []
    for kind, value in items:
        if kind is op.SUBPATTERN:
            out += _flat(list(value[3]))
        elif kind is getattr(op, "ATOMIC_GROUP", None):
            out += _flat(list(value))
        elif kind is not op.AT:
            out.append((kind, value))
    return out


def _chars(items: list) -> frozenset | None:
    """The sample characters that a one-character sequence matches, in both cases; None for anything longer."""
    found = _exact(items)
    return None if found is None else found | {c.swapcase() for c in found}


def _exact(items: list) -> frozenset | None:
    items = _flat(items)
    if len(items) != 1:
        return None
    kind, value = items[0]
    if kind is op.ANY:
        return _SAMPLE
    if kind is op.LITERAL:
        return frozenset({chr(value)})
    if kind is op.NOT_LITERAL:
        return _SAMPLE - {chr(value)}
    if kind is not op.IN:
        return None
    chars: set = set()
    negate = False
    for part, arg in value:
        if part is op.NEGATE:
            negate = True
        elif part is op.LITERAL:
            chars.add(chr(arg))
        elif part is op.RANGE:
            chars |= {c for c in _SAMPLE if arg[0] <= ord(c) <= arg[1]}
            chars.add(chr(arg[0]))
        elif part is op.CATEGORY:
            base = _NOT.get(arg, arg)
            test = _CATEGORIES.get(base)
            if test is None:
                return None
            chars |= {c for c in _SAMPLE if bool(test(c)) == (arg not in _NOT)}
    return frozenset(_SAMPLE - chars if negate else chars)
