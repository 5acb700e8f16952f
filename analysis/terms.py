"""One automaton over all terms: every list of words is matched in a single pass over a text."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Sequence
from typing import Generic, NamedTuple, TypeVar

import daachorse

from analysis.words import fold

Tag = TypeVar("Tag", bound=Hashable)


class Found(NamedTuple):
    """A term in a folded text: [start, end), the term as folded, and everything it stands for."""

    start: int
    end: int
    term: str
    tags: Sequence


class Terms(Generic[Tag]):
    """Built once from (term, tag) pairs; a term may carry several tags.  Terms are folded, blank ones are left out."""

    def __init__(self, pairs: Iterable[tuple[str, Tag]]):
        tags: dict[str, dict[Tag, None]] = {}
        for term, tag in pairs:
            folded = fold(term).text.strip()
            if folded:
                tags.setdefault(folded, {})[tag] = None
        self._terms = tuple(tags)
        self._tags = tuple(tuple(held) for held in tags.values())
        self._all = daachorse.CharwiseDoubleArrayAhoCorasick(list(self._terms)) if tags else None

    def __len__(self) -> int:
        return len(self._terms)

    def find(self, folded: str) -> list[Found]:
        """All terms in a folded text, overlapping ones too, ordered by start, the longer first."""
        if self._all is None:
            return []
        terms, tags = self._terms, self._tags
        raw = [(start, -end, i) for start, end, i in self._all.find_overlapping(folded)]
        raw.sort()
        new = tuple.__new__        # a third of the time of Found(…), which is paid a thousand times an article
        return [new(Found, (start, -end, terms[i], tags[i])) for start, end, i in raw]

    def count(self, folded: str) -> int:
        """How many finds, overlapping ones too."""
        return len(self._all.find_overlapping(folded)) if self._all is not None else 0


def longest(found: Iterable[Found]) -> list[Found]:
    """Of finds ordered by start: those not lying inside (or cutting into) a longer or earlier one."""
    found = sorted(found, key=lambda f: (f.start - f.end, f.start))
    taken = bytearray(max((f.end for f in found), default=0))
    kept: list[Found] = []
    for one in found:
        if not any(taken[one.start:one.end]):
            taken[one.start:one.end] = b"\1" * (one.end - one.start)
            kept.append(one)
    return sorted(kept, key=lambda f: f.start)
