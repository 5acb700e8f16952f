"""A column of numbers that grows by whole chunks: what is held is never copied to make room."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

CHUNK = 1 << 16          # values of a chunk: one comparison of 64-bit values stays in the processor's cache


class Column:

    def __init__(self, dtype: type[np.generic]) -> None:
        self.dtype, self.size = dtype, 0
        self._chunks: list[np.ndarray] = []

    def __len__(self) -> int:
        return self.size

    def __getitem__(self, row: int) -> int:
        return int(self._chunks[row // CHUNK][row % CHUNK])

    @property
    def nbytes(self) -> int:
        """Bytes taken, room not yet filled included."""
        return sum(c.nbytes for c in self._chunks)

    def append(self, value: int) -> None:
        place = self.size % CHUNK
        if not place:
            self._chunks.append(np.empty(CHUNK, dtype=self.dtype))
        self._chunks[-1][place] = value
        self.size += 1

    def extend(self, values: np.ndarray) -> None:
        taken = 0
        while taken < len(values):
            place = self.size % CHUNK
            if not place:
                self._chunks.append(np.empty(CHUNK, dtype=self.dtype))
            count = min(CHUNK - place, len(values) - taken)
            self._chunks[-1][place:place + count] = values[taken:taken + count]
            self.size += count
            taken += count

    def parts(self) -> Iterator[tuple[int, np.ndarray]]:
        """(first row, its filled values) of each chunk; views, for the moment."""
        for number, chunk in enumerate(self._chunks):
            yield number * CHUNK, chunk[:self.size - number * CHUNK]

    def whole(self) -> np.ndarray:
        """All values, copied into one array."""
        return np.concatenate([part for _, part in self.parts()] or [np.empty(0, dtype=self.dtype)])
