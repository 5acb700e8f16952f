"""Totals with their parts as papers print them: 共刊登589篇，其中国家级18、行业15…; 累计22篇=2+6+1+1+1+11.  Do they add up?"""

from __future__ import annotations

import re
from dataclasses import dataclass

_UNIT = "[篇条次期幅件个起人分]?"
_TOTAL = re.compile(r"(?:共|累计|合计|总计|总共)[^\d，。；、：=＝\n]{0,12}(\d{1,7})" + _UNIT + r"[（(]?\s*(?:，\s*其中|，\s*包括|[:：]|[=＝])")
_PART = re.compile(r"(\d{1,7})(?![\d.]*[%％])(?!\d*[年月日号时])" + _UNIT)
_BRACKETS = re.compile(r"[（(][^（()）]{0,200}[)）]")
_END = re.compile(r"[。；;\n]|其中")
_LONGEST = 2000                    # characters after a total in which its parts are looked for


@dataclass(frozen=True)
class Sum:
    """A total as printed with its parts; `text` is the passage."""

    text: str
    total: int
    parts: tuple[int, ...]

    @property
    def holds(self) -> bool:
        return sum(self.parts) == self.total

    def __str__(self) -> str:
        return f"“{self.text[:60]}”：总数 {self.total}，分项合计 {sum(self.parts)}"


def sums_in(text: str) -> list[Sum]:
    """Every total that names at least two parts, in order.  Shares in %, dates and what stands in brackets are no parts."""
    found = []
    for match in _TOTAL.finditer(text):
        rest = text[match.end():match.end() + _LONGEST]
        end = _END.search(rest)
        passage = rest[:end.start()] if end else rest
        parts = tuple(int(p.group(1)) for p in _PART.finditer(_BRACKETS.sub("", passage)))
        if len(parts) >= 2:
            found.append(Sum(match.group() + passage, int(match.group(1)), parts))
    return found


def wrong_sums(text: str) -> list[Sum]:
    """The totals that their parts do not make."""
    return [s for s in sums_in(text) if not s.holds]
