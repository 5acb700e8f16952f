"""Sheets that this room writes: numbers stay numbers, everything else is text, and text that looks like a formula is marked as quoted."""

from __future__ import annotations

from collections.abc import Sequence
from typing import BinaryIO

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from model.cells import as_text, like_formula

_FONT = {"font_name": "宋体", "font_size": 11, "valign": "top", "text_wrap": True}
_OPTIONS = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False, "in_memory": True}


class Sheet:
    """Filled row by row."""

    def __init__(self, sheet: Worksheet, formats: dict[str, Format], widths: Sequence[int]):
        self.sheet, self.formats, self.row = sheet, formats, 0
        for column, width in enumerate(widths):
            sheet.set_column(column, column, width)

    def title(self, text: str, columns: int) -> None:
        self.sheet.merge_range(self.row, 0, self.row, columns - 1, as_text(text), self.formats["title"])
        self.row += 1

    def head(self, *names: str) -> None:
        self._write(names, "head")
        self.sheet.freeze_panes(self.row, 0)

    def add(self, *values: object) -> None:
        self._write(values, "")

    def _write(self, values: Sequence[object], style: str) -> None:
        for column, value in enumerate(values):
            if isinstance(value, (int, float)) and not isinstance(value, bool):
                self.sheet.write_number(self.row, column, value, self.formats[style or "plain"])
                continue
            text = as_text("" if value is None else value)
            self.sheet.write_string(self.row, column, text, self.formats[style or ("quoted" if like_formula(text) else "plain")])
        self.row += 1


class Book:
    """`with Book(target, title) as book: book.sheet(name, widths)`; `target` a path or a writable of bytes."""

    def __init__(self, target: str | BinaryIO, title: str):
        self.book = xlsxwriter.Workbook(target, _OPTIONS)
        self.book.set_properties({"title": as_text(title, 200), "comments": "内部资料 注意保存"})
        self.formats = {
            "plain": self.book.add_format({**_FONT, "border": 1}),
            "quoted": self.book.add_format({**_FONT, "border": 1, "quote_prefix": True}),
            "head": self.book.add_format({**_FONT, "bold": True, "bg_color": "#E7ECEE", "border": 1}),
            "title": self.book.add_format({**_FONT, "bold": True, "font_size": 16, "align": "center"}),
        }

    def sheet(self, name: str, widths: Sequence[int]) -> Sheet:
        return Sheet(self.book.add_worksheet(name), self.formats, widths)

    def __enter__(self) -> "Book":
        return self

    def __exit__(self, *exc: object) -> None:
        self.book.close()
