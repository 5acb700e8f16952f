"""An xlsx workbook as grids, its size judged before anything is unpacked."""

from __future__ import annotations

import io
import warnings
import zipfile

from openpyxl import load_workbook

from pipelines.intake.grid import MAX_COLUMNS, MAX_ROWS, Cell, Grid, Unreadable
from pipelines.intake.zips import BROKEN, Entry, entries, opened

MAX_PART, MAX_TOTAL, MAX_PARTS = 3_000_000, 60_000_000, 2000   # bytes of one XML part, of all, number of parts


def looked_through(data: bytes) -> tuple[zipfile.ZipFile, list[Entry]]:
    """An Office file as a zip whose parts are small and hold no macros and no entities.  Raises Unreadable."""
    archive = opened(data)
    parts = entries(archive, MAX_PARTS, MAX_TOTAL, MAX_TOTAL)
    for part in parts:
        name = part.name.lower()
        if name.endswith("vbaproject.bin") or "/macrosheets/" in name:
            raise Unreadable("文件含有宏，不能接收；请另存为不含宏的 .xlsx 后再上传")
        if name.endswith((".xml", ".rels")):
            if part.info.file_size > MAX_PART:
                raise Unreadable(f"表格内容过大（{part.info.file_size // 1_000_000} MB），不像一份季报表；请只保留填报的行，另存后上传")
            _no_entities(archive, part)
    return archive, parts


def _no_entities(archive: zipfile.ZipFile, part: Entry) -> None:
    try:
        with archive.open(part.info) as file:
            held = b""
            while chunk := file.read(1 << 16):
                window = (held + chunk).replace(b"\x00", b"")
                if b"<!DOCTYPE" in window or b"<!ENTITY" in window:
                    raise Unreadable("文件内容不合规范（含实体定义），不能接收；请用 Excel 或 WPS 打开后另存为 .xlsx")
                held = chunk[-20:]
    except BROKEN as error:
        raise Unreadable("文件已损坏，读不完整；请在本机打开确认后另存、上传") from error


def grids(data: bytes) -> list[Grid]:
    """Raises Unreadable."""
    looked_through(data)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            book = load_workbook(io.BytesIO(data), data_only=False, keep_links=False)
    except Unreadable:
        raise
    except Exception as error:   # openpyxl lets whatever its parsers meet through
        raise Unreadable("表格内容读不出，可能不是用 Excel 或 WPS 保存的；请打开后另存为 .xlsx 再上传") from error
    found = []
    for sheet in book.worksheets:
        grid = Grid(sheet.title, hidden=sheet.sheet_state != "visible", epoch_1904=book.epoch.year == 1904)
        last = max((row for row, _ in sheet._cells), default=0)
        if last > MAX_ROWS and any(c.value is not None for (row, _), c in sheet._cells.items() if row > MAX_ROWS):
            raise Unreadable(f"工作表“{sheet.title}”超过 {MAX_ROWS} 行，不像一份季报表；请只保留填报的行")
        width = min(sheet.max_column, MAX_COLUMNS)      # counted anew at every asking
        for row in range(1, min(last, MAX_ROWS) + 1):
            grid.rows.append([_cell(sheet._cells.get((row, column))) for column in range(1, width + 1)])
        grid.fill((r.min_row - 1, r.max_row - 1, r.min_col - 1, r.max_col - 1) for r in list(sheet.merged_cells.ranges)[:5000])
        found.append(grid)
    return found


def _cell(cell: object) -> Cell:
    if cell is None:
        return Cell()
    link = getattr(cell, "hyperlink", None)
    target = (link.target or "") if link is not None else ""
    if cell.data_type == "f":
        formula = cell.value if isinstance(cell.value, str) else getattr(cell.value, "text", "=")
        return Cell(None, target, formula or "=")
    if cell.data_type == "e":
        return Cell(f"{cell.value}", target)
    value = cell.value if not isinstance(cell.value, bool) else str(cell.value)
    return Cell(value if isinstance(value, (str, int, float)) or value is None or hasattr(value, "year") else str(value), target)
