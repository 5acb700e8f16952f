"""An old .xls workbook as grids."""

from __future__ import annotations

import io
from datetime import datetime

import xlrd

from pipelines.intake.grid import MAX_COLUMNS, MAX_ROWS, Cell, Grid, Unreadable

_WIDE = "utf-16-le"


def check(data: bytes) -> None:
    """What kind of OLE file this is, told by the names in its directory.  Raises Unreadable for all but a plain workbook."""
    if "EncryptedPackage".encode(_WIDE) in data or "EncryptionInfo".encode(_WIDE) in data:
        raise Unreadable("文件设有打开密码；请去掉密码后重新上传")
    if "WordDocument".encode(_WIDE) in data:
        raise Unreadable("这是旧版 Word 文件（.doc）；请另存为 .docx 或改用 Excel 表格")
    if "PowerPoint Document".encode(_WIDE) in data:
        raise Unreadable("这是演示文稿，不是季报表")
    if "_VBA_PROJECT".encode(_WIDE) in data:
        raise Unreadable("文件含有宏，不能接收；请另存为不含宏的 .xlsx 后再上传")
    if "Workbook".encode(_WIDE) not in data and "Book".encode(_WIDE) not in data:
        raise Unreadable("这不是 Excel 工作簿")


def grids(data: bytes) -> list[Grid]:
    """Raises Unreadable."""
    check(data)
    try:
        book = xlrd.open_workbook(file_contents=data, formatting_info=True, logfile=io.StringIO(), on_demand=True)
        return [_grid(book, n) for n in range(book.nsheets)]
    except Unreadable:
        raise
    except xlrd.XLRDError as error:
        if "encrypt" in str(error).lower() or "password" in str(error).lower():
            raise Unreadable("文件设有打开密码；请去掉密码后重新上传") from error
        raise Unreadable("旧版表格读不出；请用 Excel 或 WPS 另存为 .xlsx 后上传") from error
    except Exception as error:   # a broken BIFF stream fails in any place of the reader
        raise Unreadable("旧版表格已损坏，读不出；请用 Excel 或 WPS 另存为 .xlsx 后上传") from error


def _grid(book: xlrd.Book, number: int) -> Grid:
    sheet = book.sheet_by_index(number)
    if sheet.nrows > MAX_ROWS and any(
        sheet.cell_value(r, c) != "" for r in range(MAX_ROWS, min(sheet.nrows, MAX_ROWS + 500)) for c in range(min(sheet.ncols, 20))
    ):
        raise Unreadable(f"工作表“{sheet.name}”超过 {MAX_ROWS} 行，不像一份季报表；请只保留填报的行")
    grid = Grid(sheet.name, hidden=bool(sheet.visibility), epoch_1904=bool(book.datemode))
    links = {place: (link.url_or_path or "") for place, link in getattr(sheet, "hyperlink_map", {}).items()}
    for row in range(min(sheet.nrows, MAX_ROWS)):
        grid.rows.append(
            [_cell(sheet.cell(row, c), book.datemode, links.get((row, c), "")) for c in range(min(sheet.row_len(row), MAX_COLUMNS))]
        )
    grid.fill((top, bottom - 1, left, right - 1) for top, bottom, left, right in sheet.merged_cells[:5000])
    return grid


def _cell(cell: object, datemode: int, link: object) -> Cell:
    link = link if isinstance(link, str) else str(link or "")
    if cell.ctype in (xlrd.XL_CELL_EMPTY, xlrd.XL_CELL_BLANK):
        return Cell(None, link)
    if cell.ctype == xlrd.XL_CELL_DATE:
        try:
            return Cell(datetime(*xlrd.xldate_as_tuple(cell.value, datemode)), link)
        except (xlrd.XLDateError, ValueError):
            return Cell(float(cell.value), link)
    if cell.ctype == xlrd.XL_CELL_ERROR:
        return Cell("#" + xlrd.error_text_from_code.get(cell.value, "错误").lstrip("#"), link)
    return Cell(cell.value if cell.ctype != xlrd.XL_CELL_BOOLEAN else str(bool(cell.value)), link)
