"""The tables of a docx as grids, with the text around them."""

from __future__ import annotations

import io

from docx import Document

from pipelines.intake.grid import MAX_COLUMNS, MAX_ROWS, EMPTY, Cell, Grid, Unreadable
from pipelines.intake.xlsx import looked_through


def grids(data: bytes) -> list[Grid]:
    """Raises Unreadable."""
    looked_through(data)
    try:
        document = Document(io.BytesIO(data))
        text = "\n".join(p.text for p in document.paragraphs)[:20_000]
        found = [_grid(table, n, text) for n, table in enumerate(document.tables[:50])]
    except Unreadable:
        raise
    except Exception as error:
        raise Unreadable("Word 文件读不出；请打开后另存为 .docx，或改用 Excel 表格") from error
    if not found:
        raise Unreadable("Word 文件里没有表格；请把填报内容放在表格里")
    return found


def _grid(table: object, number: int, text: str) -> Grid:
    grid = Grid(f"第{number + 1}个表格", text=text)
    if len(table.rows) > MAX_ROWS:
        raise Unreadable(f"表格超过 {MAX_ROWS} 行，不像一份季报表")
    above: dict[int, object] = {}
    for row in table.rows:
        line, last = [], None
        for column, cell in enumerate(row.cells[:MAX_COLUMNS]):
            spread = cell._tc is last or above.get(column) is cell._tc
            line.append(Cell(cell.text.strip() or None, _link(cell), spread=spread) if cell.text.strip() or _link(cell) else EMPTY)
            last = cell._tc
            above[column] = cell._tc
        grid.rows.append(line)
    return grid


def _link(cell: object) -> str:
    for paragraph in cell.paragraphs:
        for link in paragraph.hyperlinks:
            if link.address:
                return link.address
    return ""
