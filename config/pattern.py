"""Regular expressions that people write in YAML: compiled, short, and unable to run away on hostile text.

A pattern is refused when a variable repeat stands inside another repeat (exponential time), when it looks back at a
group, or when too many of its repeats can trade characters with what follows them (polynomial time).
"""

from __future__ import annotations

import re
from re import _constants as op
from re import _parser as parser

MAX_LENGTH = 300
MAX_LOOSE = 1              # unbounded repeats whose end is not decided by the next character
MAX_WAYS = 3000            # product of the widths of bounded repeats
WIDE = 200                 # a repeat bounded above this counts as unbounded

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
    try:
        loose, ways = _cost(list(tree), inside=False, unbounded=unbounded)
        if loose > MAX_LOOSE:
            raise Unsafe("正则表达式里不定长的重复太多，遇到恶意网页会卡死；把“.*”换成“[^/]*”一类，或写成 {0,20}")
        if ways > MAX_WAYS:
            raise Unsafe("正则表达式里的重复范围太大；缩小各个 {0,n} 里的 n")
    except Unsafe as error:
        return str(error)
    return ""


def _cost(items: list, inside: bool, unbounded: bool) -> tuple[int, int]:
    """(loose repeats, ways) of a sequence; `inside` is True within a repeat."""
    items = _flat(items)
    loose, ways = 0, 1
    for at, (kind, value) in enumerate(items):
        if kind in (op.GROUPREF, op.GROUPREF_EXISTS):
            raise Unsafe("正则表达式不能引用前面的括号（\\1 一类）")
        if kind in (op.ASSERT, op.ASSERT_NOT):
            more, width = _cost(list(value[1]), inside, unbounded)
            loose, ways = loose + more, ways * width
        elif kind is op.BRANCH:
            costs = [_cost(list(b), inside, unbounded) for b in value[1]]
            loose, ways = loose + max(c[0] for c in costs), ways * _choices(value[1], [c[1] for c in costs])
        elif kind in _REPEATS:
            low, high, body = value
            if high == low:
                more, width = _cost(list(body), inside, unbounded)
                if more and low > 1 or width > 1 and width ** min(low, 20) > MAX_WAYS:
                    raise Unsafe("正则表达式里有嵌套的重复，遇到恶意网页会卡死；拆开写")
                loose, ways = loose + more, ways * width ** min(low, 20)
                continue
            if inside:
                raise Unsafe("正则表达式里有嵌套的重复，遇到恶意网页会卡死；去掉里层或外层的 * + ?")
            many = high > 1
            single = _chars(list(body))
            if single is None:
                more, width = _cost(list(body), many, unbounded)
                if many and width > 1:
                    raise Unsafe("被重复的括号里不能有多种写法（|）；拆开写")
                loose, ways = loose + more, ways * width
            if high >= WIDE:
                if not unbounded:
                    raise Unsafe("这里不能用 * 和 +；写成 .{0,8} 这样有上限的形式")
                following = _first(items[at + 1]) if at + 1 < len(items) else frozenset()
                if single is None or following is None or single & following:
                    loose += 1
            else:
                ways *= high - low + 1
    return loose, ways


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


def _first(item) -> frozenset | None:
    """The characters that a required item begins with; None when unknown or when it may be empty."""
    kind, value = item
    if kind in _REPEATS:
        low, _, body = value
        body = _flat(list(body))
        return _first(body[0]) if low and body else None
    if kind is op.BRANCH:
        firsts = [_first(_flat(list(b))[0]) if len(b) else None for b in value[1]]
        return None if None in firsts else frozenset().union(*firsts)
    return _chars([item])


def _chars(items: list) -> frozenset | None:
    """The sample characters that a one-character sequence matches; None for anything longer."""
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
