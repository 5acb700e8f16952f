"""What was looked for, marked in what was found: the same on every engine, for it is marked in the text as printed."""

from __future__ import annotations

import re
from collections.abc import Sequence

from dashboards.marks import Run

_READ = 20_000                     # characters of a text that are looked through
_BEFORE, _LONG = 30, 120           # characters shown before the first place, and in all


def marked(text: str, marks: Sequence[str]) -> list[Run]:
    """The text as runs; `kind` is "found" where one of `marks` stands, the longest first, in whatever case."""
    said = _pattern(marks)
    if said is None:
        return [Run(text)]
    runs, at = [], 0
    for found in said.finditer(text[:_READ]):
        runs += [Run(text[at:found.start()])] if found.start() > at else []
        runs.append(Run(found.group(), "found"))
        at = found.end()
    return runs + ([Run(text[at:])] if at < len(text) else [])


def excerpt(text: str, marks: Sequence[str]) -> list[Run]:
    """A line of the text: about the first place of the longest mark that stands in it, else its beginning."""
    text = " ".join(text[:_READ].split())
    places = (text.lower().find(m.lower()) for m in sorted(marks, key=len, reverse=True))
    first = max(0, next((p for p in places if p >= 0), 0) - _BEFORE)
    shown = text[first:first + _LONG]
    return [*([Run("…")] if first else []), *marked(shown, marks), *([Run("…")] if first + _LONG < len(text) else [])]


def _pattern(marks: Sequence[str]) -> re.Pattern[str] | None:
    kept = sorted(filter(None, marks), key=len, reverse=True)
    return re.compile("|".join(map(re.escape, kept)), re.IGNORECASE) if kept else None
