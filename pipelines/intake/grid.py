"""What every reader of tables gives: sheets of cells, merged cells filled, with what a cell is besides its value."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime

MAX_BYTES = 10_000_000             # of a form; scans and videos come in the zip of materials
MAX_ROWS, MAX_COLUMNS, MAX_TEXT = 3000, 60, 5000
Value = str | int | float | datetime | date | None


class Unreadable(Exception):
    """The file as a whole cannot be taken; the message says why and what to do, in Chinese."""


@dataclass(frozen=True)
class Cell:
    value: Value = None
    link: str = ""                 # where a hyperlink leads
    formula: str = ""
    spread: bool = False           # filled in from a merged cell

    @property
    def text(self) -> str:
        if self.value is None:
            return ""
        if isinstance(self.value, float) and self.value.is_integer() and abs(self.value) < 1e15:
            return str(int(self.value))
        return str(self.value)[:MAX_TEXT].strip()


EMPTY = Cell()


@dataclass
class Grid:
    """`rows[r][c]`, both from 0; `text` is what stands around a table in a document."""

    name: str
    rows: list[list[Cell]] = field(default_factory=list)
    text: str = ""
    hidden: bool = False
    epoch_1904: bool = False

    def at(self, row: int, column: int) -> Cell:
        if 0 <= row < len(self.rows) and 0 <= column < len(self.rows[row]):
            return self.rows[row][column]
        return EMPTY

    def fill(self, ranges: Iterable[tuple[int, int, int, int]]) -> None:
        """Give every cell of a merged range (first row, last row, first column, last column; from 0) the value of its first."""
        for top, bottom, left, right in ranges:
            first = self.at(top, left)
            if first.value is None:
                continue
            for row in range(top, min(bottom, len(self.rows) - 1, MAX_ROWS) + 1):
                line = self.rows[row]
                line += [EMPTY] * (min(right, MAX_COLUMNS - 1) + 1 - len(line))
                for column in range(left, min(right, MAX_COLUMNS - 1) + 1):
                    if (row, column) != (top, left):
                        line[column] = Cell(first.value, first.link, first.formula, True)


def letter(column: int) -> str:
    """0 → A, 26 → AA."""
    name = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        name = chr(65 + rest) + name
    return name
