"""The facts of a text that tell one bulletin from the next: figures, dates, places; and whether two aligned texts agree in them."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from dataclasses import dataclass
from functools import lru_cache

from analysis.differences import Block
from analysis.rarity import UNKNOWN, rarity
from analysis.words import tag

# A date keeps together what is printed of it; another number stands alone, in Han only before a measure word.
_TOKEN = re.compile(
    r"(?=[\d零〇一二两三四五六七八九十百千])(?:(?:(?P<year>\d{4})年)?(?:(?P<month>\d{1,2})月)?(?P<day>\d{1,2})[日号](?!线)"
    r"|(?P<year1>\d{4})年(?P<month1>\d{1,2})月(?P<day1>\d{1,2})|(?P<year2>\d{4})年(?P<month2>\d{1,2})月|(?P<month3>\d{1,2})月"
    r"|(?P<number>\d+(?:\.\d+)?)|(?P<han>[零〇一二两三四五六七八九十百千]+)(?=[例名人岁天年个起件次条家位级万亿元]))")
_HAN_DIGITS = {"零": 0, "〇": 0, "一": 1, "二": 2, "两": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9}
_HOUR = frozenset("时点")
_LEVEL = re.compile("(?<=..)(?:特别行政区|自治区|自治州|自治县|省|市|县|区|州|旗)$")
_NO_NAME = re.compile(r"\d|^[我本该此其]")
SLOT = 24                # characters of the longest name or subject
PHRASE = 4               # characters from which what is exchanged is no single word
_RELATIVE_DAY = re.compile("今天|今日|今晚|今晨|今早|昨天|昨日|昨晚|今起|即日")


@dataclass(frozen=True)
class Figure:
    """A number or date of a text; `value` of a date is (year, month, day) with None for what is not printed."""

    start: int
    end: int
    value: str | tuple[int | None, int | None, int | None]
    time: bool = False             # a date or an hour

    def agrees(self, other: Figure) -> bool:
        """Equal, or for dates not contradicting in any part that both print."""
        if isinstance(self.value, tuple) and isinstance(other.value, tuple):
            both = [(x, y) for x, y in zip(self.value, other.value) if x is not None and y is not None]
            return bool(both) and all(x == y for x, y in both)
        return self.value == other.value

    @property
    def shown(self) -> str:
        if isinstance(self.value, tuple):
            return "".join(f"{x}{unit}" for x, unit in zip(self.value, "年月日") if x is not None)
        return self.value


@dataclass(frozen=True)
class Agreement:
    """How two aligned texts stand in their facts: figures equal and unequal at the same place of the text."""

    agreed: int = 0
    conflicts: tuple[tuple[str, str], ...] = ()        # numbers
    dates: tuple[tuple[str, str], ...] = ()            # dates and hours

    @property
    def differing(self) -> int:
        return len(self.conflicts) + len(self.dates)

    @property
    def ratio(self) -> float:
        """Share of the compared figures that differ, 0 where none is compared."""
        return self.differing / (self.differing + self.agreed) if self.differing else 0.0


def _han(token: str) -> str:
    """The value of a Han number below ten thousand."""
    total, digit = 0, 0
    for character in token:
        if character in _HAN_DIGITS:
            digit = _HAN_DIGITS[character]
        else:
            total += (digit or 1) * {"十": 10, "百": 100, "千": 1000}[character]
            digit = 0
    return str(total + digit)


def figures(text: str) -> list[Figure]:
    """The dates and numbers of a comparison form."""
    found = []
    for match in _TOKEN.finditer(text):
        part = match.groupdict()
        start, end = match.span()
        year, month, day = (part["year"] or part["year1"] or part["year2"]), (
            part["month"] or part["month1"] or part["month2"] or part["month3"]), part["day"] or part["day1"]
        if month or day:
            found.append(Figure(start, end, (int(year) if year else None, int(month) if month else None, int(day) if day else None), True))
        elif part["number"]:
            found.append(Figure(start, end, part["number"].lstrip("0") or "0", text[end:end + 1] in _HOUR))
        else:
            found.append(Figure(start, end, _han(part["han"])))
    return found


@lru_cache(maxsize=4096)
def places(text: str) -> frozenset[str]:
    """Place names of a short text, without 省, 市, 县, 区 behind."""
    named = {_LEVEL.sub("", word) for word, kind in tag(text) if kind == "ns"}
    return frozenset(name for name in named if len(name) > 1) - {"中国", "全国", "中华人民共和国"}


def elsewhere(title_a: str, a: str, title_b: str, b: str, head: int = 80) -> tuple[str, str] | None:
    """The places with which two short texts begin and that the other text does not know, when each has one and not in the titles alone."""
    mine = [p for p in places(title_a + "\n" + a[:head]) if p[-2:] not in title_b and p[-2:] not in b]
    theirs = [p for p in places(title_b + "\n" + b[:head]) if p[-2:] not in title_a and p[-2:] not in a]
    if not mine or not theirs or not any(p in a for p in mine) and not any(p in b for p in theirs):
        return None
    return "、".join(sorted(mine)[:2]), "、".join(sorted(theirs)[:2])


def _slots(a: str, b: str, blocks: list[Block]) -> list[tuple[str, str]]:
    """What stands in either text between the same two shared passages, or before the first or behind the last.

    What both have at its ends is taken off.
    """
    edges = [Block(0, 0, 0), *blocks, Block(len(a), len(b), 0)]
    found = []
    for one, two in zip(edges, edges[1:]):
        mine, theirs = a[one.i + one.length:two.i], b[one.j + one.length:two.j] if two.j >= one.j + one.length else ""
        if not (0 < len(mine) <= SLOT and 0 < len(theirs) <= SLOT):
            continue
        while mine and theirs and mine[0] == theirs[0]:
            mine, theirs = mine[1:], theirs[1:]
        while mine and theirs and mine[-1] == theirs[-1]:
            mine, theirs = mine[:-1], theirs[:-1]
        found.append((mine, theirs))
    return found


def _shortened(short: str, long: str) -> bool:
    """Are the characters of the one found in the other in their order, as 卫健委 in 卫生健康委员会?"""
    rest = iter(long)
    return all(character in rest for character in short)


def renamed(title_a: str, a: str, title_b: str, b: str, blocks: list[Block]) -> tuple[tuple[str, str], ...]:
    """Names and subjects that one text has wherever the other has another: the marks of a form filled in anew.

    Such a pair stands at the same place at least twice, titles counted, and neither text knows the other's.  Words of the
    language do not count, which a rewriter exchanges too; nor does a short form.
    """
    times = Counter(_slots(a, b, blocks))
    found = []
    for (mine, theirs), count in times.items():
        if min(len(mine), len(theirs)) < 2 or _NO_NAME.search(mine) or _NO_NAME.search(theirs):
            continue
        titled = mine in title_a and theirs in title_b
        if count + titled < 2 or mine in b or theirs in a or mine in title_b or theirs in title_a:
            continue
        if _shortened(*sorted((mine, theirs), key=len)):
            continue
        rare = sorted((rarity(mine), rarity(theirs)))
        if min(len(mine), len(theirs)) >= PHRASE or rare[titled] == UNKNOWN:
            found.append((mine, theirs))
    return tuple(found)


def relative_days(text: str) -> bool:
    return _RELATIVE_DAY.search(text) is not None


def agreement(a: str, b: str, blocks: list[Block], figures_a: list[Figure], figures_b: list[Figure]) -> Agreement:
    """Compare the figures that stand at the same place of two aligned texts.

    A figure's place is fixed by the shared passage that ends right before it or begins right after it.
    """
    starts = [x.i for x in blocks]
    starting = {f.start: f for f in figures_b}
    ending = {f.end: f for f in figures_b}

    def opposite(offset: int) -> int | None:
        k = bisect_right(starts, offset) - 1
        if k >= 0 and offset < blocks[k].i + blocks[k].length:
            return blocks[k].j + offset - blocks[k].i
        return None

    agreed, conflicts, dates = 0, [], []
    for mine in figures_a:
        before = opposite(mine.start - 1) if mine.start else -1
        behind = opposite(mine.end) if mine.end < len(a) else len(b)
        facing = (None if before is None else starting.get(before + 1), None if behind is None else ending.get(behind))
        theirs = [f for f in facing if f]
        if not theirs:
            continue
        if any(mine.agrees(f) for f in theirs):
            agreed += 1
        elif mine.end == len(a) or any(f.end == len(b) for f in theirs):
            continue                       # a text cut off within its last figure says nothing
        elif mine.time or theirs[0].time:
            dates.append((mine.shown, theirs[0].shown))
        else:
            conflicts.append((mine.shown, theirs[0].shown))
    return Agreement(agreed, tuple(conflicts), tuple(dates))
