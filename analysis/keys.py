"""Key → rows: sorted runs that are joined as they grow, the large ones held in four bytes a key.

Of a key its low 31 bits are held: one in two thousand millions is taken for another.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

import numpy as np

RUN = 4096               # keys of the shortest run
FULL = 1 << 22           # keys of the longest: beyond it adding costs the same however many there are
DENSE = 1 << 19          # keys from which a run is held in four bytes a key …
SPAN = 1 << 20           # … if they are of so many rows at most
KEPT = (1 << 31) - 1     # bits of a key that are held
_HIGH, _ROW = np.uint64(32), np.uint64(0xFFFFFFFF)
_BUCKET_BITS, _REST_BITS, _PLACE_BITS = 19, 12, 20


class _Sorted:
    """Keys as (what is held of the key << 32) | row, ascending."""

    def __init__(self, packed: np.ndarray) -> None:
        self.values = packed

    def __len__(self) -> int:
        return len(self.values)

    @property
    def nbytes(self) -> int:
        return self.values.nbytes

    def packed(self) -> np.ndarray:
        return self.values

    def find(self, keys: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """(places in `keys`, rows), pair by pair."""
        starts = np.searchsorted(self.values, keys << _HIGH, "left")
        places, which = _spread(starts, np.searchsorted(self.values, (keys << _HIGH) | _ROW, "right") - starts)
        return which, (self.values[places] & _ROW).astype(np.int64)


class _Dense:
    """The same in buckets by the key's high bits, of which then only the rest is held beside the row."""

    def __init__(self, packed: np.ndarray) -> None:
        rows = packed & _ROW
        self.first = int(rows.min())
        keys = packed >> _HIGH
        rest = (keys & np.uint64((1 << _REST_BITS) - 1)) << np.uint64(_PLACE_BITS)
        self.values = (rest | (rows - np.uint64(self.first))).astype(np.uint32)
        counts = np.bincount((keys >> np.uint64(_REST_BITS)).astype(np.int64), minlength=1 << _BUCKET_BITS)
        self.starts = np.concatenate(([0], counts.cumsum())).astype(np.uint32)

    def __len__(self) -> int:
        return len(self.values)

    @property
    def nbytes(self) -> int:
        return self.values.nbytes + self.starts.nbytes

    def packed(self) -> np.ndarray:
        buckets = np.repeat(np.arange(1 << _BUCKET_BITS, dtype=np.uint64), np.diff(self.starts.astype(np.int64)))
        keys = (buckets << np.uint64(_REST_BITS)) | (self.values >> np.uint32(_PLACE_BITS)).astype(np.uint64)
        return (keys << _HIGH) | ((self.values & np.uint32(SPAN - 1)).astype(np.uint64) + np.uint64(self.first))

    def find(self, keys: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        buckets = (keys >> np.uint64(_REST_BITS)).astype(np.int64)
        starts = self.starts[buckets].astype(np.int64)
        places, which = _spread(starts, self.starts[buckets + 1] - starts)
        values = self.values[places]
        equal = (values >> np.uint32(_PLACE_BITS)) == (keys & np.uint64((1 << _REST_BITS) - 1)).astype(np.uint32)[which]
        return which[equal], (values[equal] & np.uint32(SPAN - 1)).astype(np.int64) + self.first


def _spread(starts: np.ndarray, counts: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """(all places of the ranges, the number of the range of each)"""
    ends = counts.cumsum()
    places = np.repeat(starts - ends + counts, counts)
    places += np.arange(len(places))
    return places, np.repeat(np.arange(len(counts)), counts)


class Keys:

    def __init__(self) -> None:
        self._runs: list[_Sorted | _Dense] = []
        self._tail = np.empty(RUN, dtype=np.uint64)
        self._filled = 0

    @property
    def nbytes(self) -> int:
        return sum(r.nbytes for r in self._runs) + self._tail.nbytes

    def append(self, key: int, row: int) -> None:
        self._tail[self._filled] = ((key & KEPT) << 32) | row
        self._filled += 1
        if self._filled == RUN:
            self._push(np.sort(self._tail))
            self._filled = 0

    def extend(self, keys: np.ndarray, rows: np.ndarray) -> None:
        """Many at once: `keys[i]` belongs to `rows[i]`; best in ascending rows."""
        for start in range(0, len(keys), FULL):
            held = keys[start:start + FULL].astype(np.uint64) & np.uint64(KEPT)
            self._push(np.sort((held << _HIGH) | rows[start:start + FULL].astype(np.uint64)))

    def _push(self, run: np.ndarray) -> None:
        while self._runs and len(self._runs[-1]) <= 2 * len(run) and len(self._runs[-1]) + len(run) <= FULL:
            run = np.concatenate((self._runs.pop().packed(), run))
            run.sort(kind="stable")
        rows = run & _ROW
        self._runs.append(_Dense(run) if len(run) >= DENSE and int(rows.max()) - int(rows.min()) < SPAN else _Sorted(run))

    def rows(self, keys: Sequence[int], most: int) -> list[int]:
        """The newest `most` rows of each key; a row as often as it has one of the keys."""
        wanted = np.array([k & KEPT for k in keys], dtype=np.uint64)
        tail = np.sort(self._tail[:self._filled])
        found: defaultdict[int, list[int]] = defaultdict(list)
        for run in (*self._runs, _Sorted(tail)):
            which, rows = run.find(wanted)                       # by key, then by row
            behind = np.bincount(which, minlength=len(wanted)).cumsum()[which] - np.arange(len(which))
            newest = behind <= most
            for key, row in zip(which[newest].tolist(), rows[newest].tolist()):
                found[key].append(row)
        return [row for rows in found.values() for row in (rows if len(rows) <= most else sorted(rows)[-most:])]

    def whole(self) -> tuple[np.ndarray, np.ndarray]:
        """(keys as they are held, their rows ascending)"""
        everything = np.concatenate([*(r.packed() for r in self._runs), self._tail[:self._filled]])
        turned = np.sort((everything << _HIGH) | (everything >> _HIGH))
        return (turned & _ROW).astype(np.uint32), (turned >> _HIGH).astype(np.uint32)
