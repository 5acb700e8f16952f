"""One automaton over all terms: every list of words is matched in a single pass over a text."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Sequence
from operator import itemgetter
from typing import Generic, NamedTuple, TypeVar

import daachorse

from analysis.words import fold

Tag = TypeVar("Tag", bound=Hashable)
_START = itemgetter(0)


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
        self.terms: tuple[str, ...] = tuple(tags)
        self.tags: tuple[tuple[Tag, ...], ...] = tuple(tuple(held) for held in tags.values())
        self._all = daachorse.CharwiseDoubleArrayAhoCorasick(list(self.terms)) if tags else None

    def __len__(self) -> int:
        return len(self.terms)

    def places(self, folded: str) -> list[tuple[int, int, int]]:
        """(start, end, number in `terms`) of all terms in a folded text, overlapping ones too, ordered by start, the longer first."""
        if self._all is None:
            return []
        places = self._all.find_overlapping(folded)
        places.reverse()           # they come by their ends, and sorting keeps the order of equals: the longer come first
        places.sort(key=_START)
        return places

    def find(self, folded: str) -> list[Found]:
        """As `places`, with each term and its tags."""
        return [Found(start, end, self.terms[i], self.tags[i]) for start, end, i in self.places(folded)]

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
