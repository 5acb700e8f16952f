"""A csv (or tab-separated) table as a grid, whatever its encoding and separator."""

from __future__ import annotations

import csv
import io

from model.errors import Drop
from pipelines.decode import decode
from pipelines.intake.grid import MAX_COLUMNS, MAX_ROWS, Cell, Grid, Unreadable

_SEPARATORS = (",", "\t", ";", "，", "|")
_LONGEST = 200_000                 # characters of one field


def grids(data: bytes) -> list[Grid]:
    """Raises Unreadable."""
    try:
        text = decode(data).text
    except Drop as error:
        raise Unreadable(f"不是文本表格：{error.reason}") from error
    head = text[:20_000]
    if head.lstrip("\ufeff \r\n\t").lower().startswith(("<html", "<!doctype", "<table", "<?xml", "<head", "<meta")):
        raise Unreadable("这是网页文件改了后缀，不是表格；请用 Excel 打开后另存为 .xlsx")
    separator = max(_SEPARATORS, key=lambda s: sum(min(line.count(s), 12) for line in head.splitlines()[:40]))
    csv.field_size_limit(_LONGEST)
    grid = Grid("csv")
    try:
        for row in csv.reader(io.StringIO(text.replace("\x00", ""), newline=""), delimiter=separator):
            if len(grid.rows) >= MAX_ROWS:
                if any(v.strip() for v in row):
                    raise Unreadable(f"超过 {MAX_ROWS} 行，不像一份季报表；请只保留填报的行")
                continue
            grid.rows.append([_cell(v) for v in row[:MAX_COLUMNS]])
    except csv.Error as error:
        raise Unreadable("csv 的引号或分隔符不配对，读不出；请另存为 .xlsx 后上传") from error
    return [grid]


def _cell(text: str) -> Cell:
    """A leading apostrophe or ="…" is how spreadsheets keep text as text in csv."""
    text = text.strip()
    if text.startswith('="') and text.endswith('"'):
        text = text[2:-1]
    return Cell(text.removeprefix("'") or None)
