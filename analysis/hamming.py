"""64-bit fingerprints by Hamming distance: exact at any radius, up to radius 13 without comparing all of them.

Two fingerprints within radius r have one of their four 16-bit words within a part of r (the pigeonhole principle behind
multi-index hashing, Norouzi, Punjani, Fleet 2012), so only rows with such a word are compared.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from analysis.columns import CHUNK, Column

ORDERED = 1 << 18        # rows that are simply compared, before they are put in order
SEALED = 1 << 20         # rows of the largest block: beyond it adding costs the same however many there are
WIDEST = 13              # radius up to which words are looked up; beyond it too many rows have such a word
_WORDS = 4
_VALUES = 1 << 16


@lru_cache(maxsize=8)
def _within(distance: int) -> np.ndarray:
    """The 16-bit patterns with at most so many bits."""
    patterns = np.arange(_VALUES)
    return patterns[np.bitwise_count(patterns) <= distance]


def _shares(radius: int) -> list[int]:
    """For each word a distance; every row within the radius keeps one of them, for with 1 added to each they make radius + 1."""
    share, more = divmod(radius + 1, _WORDS)
    return [share - (word >= more) for word in range(_WORDS)]


class _Block:
    """Rows sorted by their first word; for every other word an order of its own."""

    def __init__(self, first: int, prints: np.ndarray) -> None:
        self.first = first
        self.rows = np.argsort((prints >> np.uint64(48)).astype(np.uint16), kind="stable").astype(np.uint32)
        self.prints = prints[self.rows]
        self.orders: list[np.ndarray | None] = []
        self.starts: list[np.ndarray] = []
        for word in range(_WORDS):
            values = (self.prints >> np.uint64(48 - 16 * word)).astype(np.uint16)
            self.orders.append(np.argsort(values, kind="stable").astype(np.uint32) if word else None)
            counts = np.bincount(values, minlength=_VALUES)
            self.starts.append(np.concatenate(([0], np.cumsum(counts))).astype(np.uint32))

    def __len__(self) -> int:
        return len(self.prints)

    @property
    def nbytes(self) -> int:
        return sum(a.nbytes for a in (self.rows, self.prints, *self.orders, *self.starts) if a is not None)

    def whole(self) -> np.ndarray:
        """The fingerprints in the order of adding."""
        prints = np.empty_like(self.prints)
        prints[self.rows] = self.prints
        return prints

    def near(self, wanted: int, radius: int, found: dict[int, int]) -> None:
        for word, share in enumerate(_shares(radius)):
            if share < 0:
                continue
            values = _within(share) ^ (wanted >> (48 - 16 * word) & 0xFFFF)
            starts = self.starts[word].take(values).astype(np.int64)
            counts = self.starts[word].take(values + 1) - starts
            ends = counts.cumsum()
            places = np.repeat(starts - ends + counts, counts)
            places += np.arange(len(places))
            order = self.orders[word]
            rows = places if order is None else order.take(places)
            distances = np.bitwise_count(self.prints.take(rows) ^ np.uint64(wanted))
            for hit in np.flatnonzero(distances <= radius).tolist():
                found[self.first + int(self.rows[rows[hit]])] = int(distances[hit])

class Prints:
    """Fingerprints by row, counted from 0 in the order of adding."""

    def __init__(self) -> None:
        self._blocks: list[_Block] = []
        self._tail = Column(np.uint64)
        self._ordered = 0                                        # rows in blocks
        self._differing = np.empty(CHUNK, dtype=np.uint64)       # room for one comparison
        self._distances = np.empty(CHUNK, dtype=np.uint8)

    def __len__(self) -> int:
        return self._ordered + len(self._tail)

    @property
    def nbytes(self) -> int:
        return sum(b.nbytes for b in self._blocks) + self._tail.nbytes + self._differing.nbytes + self._distances.nbytes

    def append(self, fingerprint: int) -> None:
        self._tail.append(fingerprint)
        if len(self._tail) >= ORDERED:
            self._put_in_order()

    def extend(self, prints: np.ndarray) -> None:
        """Many at once: sorted once for all, a block at a time."""
        for start in range(0, len(prints), SEALED):
            self._tail.extend(prints[start:start + SEALED])
            if len(self._tail) >= ORDERED:
                self._put_in_order()

    def _put_in_order(self) -> None:
        """The tail becomes a block, with the one before it as long as that is not full: each row is sorted a few times at most."""
        prints = self._tail.whole()
        if self._blocks and len(self._blocks[-1]) + len(prints) <= SEALED:
            last = self._blocks.pop()
            self._ordered -= len(last)
            prints = np.concatenate((last.whole(), prints))
        self._tail = Column(np.uint64)
        self._blocks.append(_Block(self._ordered, prints))
        self._ordered += len(prints)

    def near(self, fingerprint: int, radius: int) -> dict[int, int]:
        """row → Hamming distance of all within the radius; exact."""
        found: dict[int, int] = {}
        for block in self._blocks:
            if radius <= WIDEST:
                block.near(fingerprint, radius, found)
            else:
                for start in range(0, len(block), CHUNK):
                    for place, distance in self._compared(block.prints[start:start + CHUNK], fingerprint, radius):
                        found[block.first + int(block.rows[start + place])] = distance
        for start, part in self._tail.parts():
            found.update((self._ordered + start + place, distance) for place, distance in self._compared(part, fingerprint, radius))
        return found

    def _compared(self, part: np.ndarray, fingerprint: int, radius: int) -> list[tuple[int, int]]:
        """(place, distance) of those within the radius, of at most `CHUNK`."""
        differing = np.bitwise_xor(part, np.uint64(fingerprint), out=self._differing[:len(part)])
        distances = np.bitwise_count(differing, out=self._distances[:len(part)])
        if distances.min() > radius:
            return []
        hits = np.flatnonzero(distances <= radius)
        return list(zip(hits.tolist(), distances[hits].tolist()))

    def whole(self) -> np.ndarray:
        """All in the order of adding."""
        return np.concatenate([*(b.whole() for b in self._blocks), self._tail.whole()])
