"""The lay syntax of a bureau's own rules: `停诊 关门 +市一院 !检修 /停诊.{0,6}(投诉|不满)/ #医患纠纷`.

Plain words and patterns: any of them; `+word`: must occur too; `!word`: must not occur; `#topic`: any strong word of that
topic.  Patterns work inside one sentence and are bounded: one that could take long is refused with its reason.
"""

from __future__ import annotations

import re
import re._parser as sre
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

MAX_RULE, MAX_PATTERN, MAX_WORD = 1000, 200, 40
MAX_GAP = 60                   # what * and + without an end are bounded to
MAX_WORK = 2_000               # product of all gaps of a pattern: steps a match may cost at each place
_ITEM = re.compile(r"/(?:\\/|[^/])*/|\S+")


class RuleError(ValueError):
    """A rule that cannot be taken; the text is Chinese and says what to write instead.  `at`: 1-based column."""

    def __init__(self, reason: str, at: int = 1):
        super().__init__(f"第{at}列：{reason}")
        self.reason, self.at = reason, at


@dataclass(frozen=True)
class When:
    """The parts of a rule as read."""

    words: tuple[str, ...] = ()
    must: tuple[str, ...] = ()
    never: tuple[str, ...] = ()
    patterns: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()   # topic ids


def parse(when: str, topics: Mapping[str, str] = {}) -> When:
    """The parts of a rule; `topics`: id → name.  Raises `RuleError`."""
    if len(when) > MAX_RULE:
        raise RuleError(f"一条规则不超过{MAX_RULE}字")
    found: dict[str, list[str]] = {"words": [], "must": [], "never": [], "patterns": [], "topics": []}
    by_name = {key: id for id, name in topics.items() for key in (id, name)}
    for item in _ITEM.finditer(when):
        text, at = item[0], item.start() + 1
        if text.startswith("/"):
            found["patterns"].append(bounded(text[1:-1].replace("\\/", "/") if len(text) > 1 and text.endswith("/") else "", at))
        elif text[0] in "+＋":
            found["must"].append(_word(text[1:], at))
        elif text[0] in "!！":
            found["never"].append(_word(text[1:], at))
        elif text[0] in "#＃":
            if text[1:] not in by_name:
                raise RuleError(f"没有名为“{text[1:]}”的主题；现有：{'、'.join(topics.values()) or '（无）'}", at)
            found["topics"].append(by_name[text[1:]])
        else:
            found["words"].append(_word(text, at))
    if not (found["words"] or found["patterns"] or found["topics"] or found["must"]):
        raise RuleError("规则里至少要有一个词、+必含词、/正则/ 或 #主题")
    return When(**{key: tuple(dict.fromkeys(values)) for key, values in found.items()})


def _word(text: str, at: int) -> str:
    if not text:
        raise RuleError("符号后面缺少词，符号与词之间不要留空格", at)
    if len(text) > MAX_WORD:
        raise RuleError(f"一个词不超过{MAX_WORD}字", at)
    return text


def bounded(pattern: str, at: int = 1) -> str:
    """`pattern` with open gaps closed at MAX_GAP; raises `RuleError` where it is wrong or could be slow."""
    if not pattern:
        raise RuleError("正则要写在两条斜线之间，例如 /停诊.{0,6}投诉/", at)
    if len(pattern) > MAX_PATTERN:
        raise RuleError(f"正则不超过{MAX_PATTERN}字", at)
    pattern = re.sub(r"(?<!\\)((?:\\\\)*)([.\w\)\]])\*(?![?+])", rf"\1\2{{0,{MAX_GAP}}}", pattern)
    pattern = re.sub(r"(?<!\\)((?:\\\\)*)([.\w\)\]])\+(?![?+])", rf"\1\2{{1,{MAX_GAP}}}", pattern)
    try:
        tree = sre.parse(pattern)
        re.compile(pattern)
    except (re.error, OverflowError, RecursionError) as wrong:
        raise RuleError(f"正则写错了：{wrong}", at) from None
    if tree.getwidth()[0] == 0:
        raise RuleError("这个正则能匹配空文字，会处处命中", at)
    if (cost := _work(tree, at)) > MAX_WORK:
        raise RuleError(f"这个正则可能很慢（各处间隔相乘{f'约{cost}' if cost < 10**6 else '一百万以上'}，上限{MAX_WORK}），请减少 .* 或缩小间隔", at)
    return pattern


def work(patterns: Iterable[str]) -> int:
    """Steps that patterns taken by `bounded` may cost together at one place."""
    return sum(_work(sre.parse(p), 1) for p in patterns)


def _work(tree: Iterable, at: int) -> int:
    """Steps one match may cost at one place: gaps multiply, alternatives add."""
    work = 1
    for op, value in tree:
        kind = str(op)
        if kind in ("MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT"):
            least, most, inner = value
            if int(most) > 200:
                raise RuleError(f"重复次数没有上限或太大，请写成 {{0,{MAX_GAP}}} 这样的间隔", at)
            inside = _work(inner, at)
            varies = inside > 1 or inner.getwidth()[0] != inner.getwidth()[1]
            work *= max(1, int(most) - int(least) + 1) if not varies else min(10**9, (inside + 1) ** min(int(most), 12))
        elif kind in ("SUBPATTERN", "ATOMIC_GROUP"):
            work *= _work(value[3] if kind == "SUBPATTERN" else value, at)
        elif kind == "BRANCH":
            work *= max(1, sum(_work(branch, at) for branch in value[1]) if len(value[1]) < 50 else 10**9)
        elif kind in ("ASSERT", "ASSERT_NOT"):
            work *= _work(value[1], at)
        elif kind in ("GROUPREF", "GROUPREF_EXISTS"):
            raise RuleError("正则里不能用反向引用（\\1）", at)
        if work > 10**9:
            break
    return work
