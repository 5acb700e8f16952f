"""Where articles stand on a newspaper page, and what those places are called.

By the press's own convention 头版头条 is the largest piece of the first row under the masthead, 报眼 the piece beside the
masthead at its right, and 整版 a piece that fills its page.  `model.drawing` reads the boxes off a layout page (版面图).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

FRONT = ("1", "01", "001", "A1", "A01", "头")
# what stands on a front page and is no article of it
_FURNITURE = re.compile(r"^[\s【\[（(]*(?:(?:今日|本期|本报)?(?:导读|看点|提要|要目|目录|版面)|天气|广告|公益广告|报头|报尾|责任?编辑?|值班|广告热线|本版|第?\d{1,3}版|星期|总第|"
                        r"国内统一|邮发|电话)|广告$")


@dataclass(frozen=True)
class Box:
    """An article's area on its page: `left`, `top`, `right`, `bottom` in 0..1, `size` its share of the page."""

    target: str
    left: float
    top: float
    right: float
    bottom: float

    @property
    def size(self) -> float:
        return max(0.0, self.right - self.left) * max(0.0, self.bottom - self.top)


@dataclass(frozen=True)
class Place:
    """`name`: 头版头条, 报眼, 头版, 整版; `origin` layout:map | layout:order; `why` in Chinese, for the record."""

    name: str
    origin: str
    why: str

    @property
    def score(self) -> float:
        return 0.9 if self.origin == "layout:map" else 0.5


def places(found: Iterable[Box], number: str, titles: Mapping[str, str] | None = None, order: Sequence[str] = ()) -> dict[str, Place]:
    """Target → place, for those whose place has a name.

    `number`: page number as printed.  `order`: targets as an ordered list of titles gives them, asked only where no box is known.
    """
    titles = titles or {}
    whole = _merged(found)
    pieces = [box for box in whole if not _FURNITURE.search(titles.get(box.target, ""))]
    front = number in FRONT
    if not whole:
        first = next((target for target in order if not _FURNITURE.search(titles.get(target, ""))), "")
        if front and first and len(order) >= 3:
            return {first: Place("头版头条", "layout:order", f"头版目录 {len(order)} 条中的第一条，版面没有坐标，按目录次序推定")}
        return {}
    if not front:
        largest = max(whole, key=lambda b: b.size)
        rest = sum(box.size for box in whole if box is not largest)
        if largest.size >= 0.6 and rest < 0.06 and largest in pieces:
            return {largest.target: Place("整版", "layout:map", f"版面图：一篇占版面 {largest.size:.0%}")}
        return {}
    out: dict[str, Place] = {}
    ear = _ear(whole)
    if ear is not None and ear in pieces:
        out[ear.target] = Place("报眼", "layout:map", f"版面图：报头右侧（左 {ear.left:.0%}、上 {ear.top:.0%}），占版面 {ear.size:.0%}")
    lead = _lead([box for box in pieces if box is not ear])
    if lead is not None:
        out[lead.target] = Place("头版头条", "layout:map", f"版面图：报头下第一行最大的一篇（上 {lead.top:.0%}），占版面 {lead.size:.0%}，全版 {len(pieces)} 篇")
    return out


def _ear(whole: Sequence[Box]) -> Box | None:
    """The piece at the top right with nothing but the masthead at its left."""
    held = [box for box in whole if box.left >= 0.45 and box.top <= 0.15 and box.bottom <= 0.4 and box.bottom - box.top >= 0.02
            and not any(other is not box and other.left < box.left - 0.02 and other.top < (box.top + 2 * box.bottom) / 3 for other in whole)
            and any(other.left < 0.4 and other.top >= box.bottom - 0.08 for other in whole)]
    return max(held, key=lambda box: box.size, default=None)


def _lead(pieces: Sequence[Box]) -> Box | None:
    """The largest piece of the first row; of two alike the one further left.  A strip above a far larger piece is no row."""
    held = [box for box in pieces if box.size >= 0.015]
    held = [box for box in held if not _column(box)] or held
    if not held:
        return None
    first = min(box.top for box in held)
    row = [box for box in held if box.top <= first + 0.06]
    most = max(row, key=lambda box: box.size)
    below = [box for box in held if box not in row and box.top <= 0.5]
    larger = max(below, key=lambda box: box.size, default=None)
    if larger is not None and larger.size >= 2.5 * most.size and max(box.bottom for box in row) - first <= 0.2:
        return larger
    return min((box for box in row if box.size >= 0.85 * most.size), key=lambda box: box.left)


def _column(box: Box) -> bool:
    """A narrow column down the page, which no headline of the first row is."""
    return box.right - box.left < 0.35 and box.bottom - box.top > 0.5


def _merged(found: Iterable[Box]) -> list[Box]:
    """One box an article: its headline, text and picture are often areas of their own."""
    out: dict[str, Box] = {}
    for box in found:
        held = out.get(box.target)
        out[box.target] = box if held is None else Box(box.target, min(held.left, box.left), min(held.top, box.top),
                                                        max(held.right, box.right), max(held.bottom, box.bottom))
    held = list(out.values())
    return [box for box in held if box.size < 0.85] if len(held) > 2 else held      # a box over all others leads to the page's PDF or picture
