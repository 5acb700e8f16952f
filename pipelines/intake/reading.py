"""File → form: what kind of file, which sheet, which headings, then each row; every fault is told with its row and column."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Mapping, Sequence
from datetime import date, datetime

from model.claim import CellProblem, Form, FormRow, Period, period as period_of
from pipelines.intake import csvs, docxs, xls, xlsx
from pipelines.intake.dates import PLACEHOLDER, read_day
from pipelines.intake.grid import MAX_BYTES, Cell, Grid, Unreadable, letter
from pipelines.intake.headings import Headings, find, meaning
from pipelines.intake.links import Links, read_links

MOST_PROBLEMS, MOST_ROWS = 60, 1000
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_NOT_A_FORM = ((b"%PDF", "PDF 文件（扫描件）"), (b"\x89PNG", "图片"), (b"\xff\xd8\xff", "图片"), (b"GIF8", "图片"), (b"Rar!", "RAR 压缩包"),
               (b"7z\xbc\xaf", "7z 压缩包"), (b"\x1f\x8b", "gzip 压缩包"), (b"MZ", "程序文件"), (b"\x7fELF", "程序文件"), (b"{\\rtf", "RTF 文件"))
_FOOT = re.compile(r"^(?:填表人|制表人|填报人|审核人?|负责人|联系人|联系电话|电话|注[:：1-9]|说明[:：]|备注[:：]|填表说明|填报说明|单位负责人|审批|签字|盖章|报送人|经办人|合计|总计|小计|共计)")
_TOTAL = re.compile(r"(?:合计|总计|共计|共)\D{0,12}?(\d{1,4})\s{0,3}(?:篇|条|件|幅|次|期)?")
_EXAMPLE = re.compile(r"^(?:示例|例|例如|样例|范例|填写示例|举例)[:：]?$")
_SECTION = re.compile(r"^[（(]?[一二三四五六七八九十]{1,3}[）)、.．]")
_PLACEHOLDER_TEXT = re.compile(r"[Xx×]{2,}|[＊*]{2,}|20\d?[*＊×Xx]{1,2}|_{3,}|此处填|请填|（填写|\(填写|[Xx×]\s?(?:篇|市|县|区|医院|单位)")
_UNIT = re.compile(r"(?:填报|报送|上报|申报|填表)?单位(?:名称)?(?:（[^）]{0,10}）)?\s{0,4}[:：]\s{0,6}([^\s:：]{2,40})")
_FILLED = re.compile(r"(?:填报|填表|报送|上报|制表)(?:时间|日期)\s{0,4}[:：]\s{0,6}([\d年月日./\- ]{6,24})")
_QUARTER = re.compile(r"((?:19|20)\d\d)\s{0,3}年?\s{0,3}(?:度)?\s{0,3}第?\s{0,3}([一二三四1-4])\s{0,3}季度?")
_QUARTER_ALONE = re.compile(r"第?\s{0,2}([一二三四1-4])\s{0,2}季度")
_QUARTERS = {"一": 1, "二": 2, "三": 3, "四": 4, "1": 1, "2": 2, "3": 3, "4": 4}


def read(data: bytes, file_name: str = "", period: str = "") -> Form:
    """The form of a file.  Never raises for what stands in it: `problems` tells.

    `period` ("2026Q1") gives days without a year theirs; "" takes the one the form names.
    """
    sha = hashlib.sha256(data).hexdigest()
    try:
        grids = _grids(data)
        grid, headings = _choose(grids)
    except Unreadable as error:
        return Form(file_name, sha, problems=(CellProblem(0, "", str(error)),))
    around = _around(grid, headings)
    named = _period(around, file_name)
    form = _rows(grid, headings, _known(period or named))
    filled = _FILLED.search(around)
    unit = _UNIT.search(around)
    remarks = list(form[2])
    if period and named and named != period:
        remarks.append(f"表头写的是{_known(named).label}，按{_known(period).label}受理")
    hidden = [g.name for g in grids if g is not grid and not g.hidden and find(g)]
    if hidden:
        remarks.append(f"另有工作表“{'”“'.join(h[:30] for h in hidden[:5])}”也像季报表，没有读；如需填报请合并到一张表")
    return Form(
        file_name,
        sha,
        tuple(form[0]),
        tuple(form[1][:MOST_PROBLEMS]),
        tuple(remarks),
        _clean_unit(unit.group(1)) if unit else "",
        named,
        _day_or_empty(filled.group(1) if filled else ""),
        grid.name,
        headings.printed,
    )


def typed(rows: Sequence[Mapping[str, str]], period: str = "") -> Form:
    """Rows filled in on the page, read as strictly as a file; keys number, title, day, outlet, link, kind, page_no, people, note."""
    fields = ("number", "title", "day", "outlet", "link", "kind", "page_no", "people", "note")
    printed = dict(zip(fields, ("序号", "稿件标题", "发布时间", "发布媒体", "发布网址（链接）", "类型", "版次", "作者", "备注")))
    grid = Grid("网页填报", [[Cell(str(row.get(f, "") or "").strip()[:5000] or None) for f in fields] for row in list(rows)[:MOST_ROWS + 1]])
    found, problems, remarks = _rows(grid, Headings({f: n for n, f in enumerate(fields)}, -1, 0, printed), _known(period))
    sha = hashlib.sha256("\n".join("\t".join(c.text for c in line) for line in grid.rows).encode("utf-8", "replace")).hexdigest()
    return Form("网页填报", sha, tuple(found), tuple(problems[:MOST_PROBLEMS]), tuple(remarks), period=period, sheet=grid.name, columns=printed)


def _grids(data: bytes) -> list[Grid]:
    if len(data) > MAX_BYTES:
        raise Unreadable(f"文件有 {len(data) / 1e6:.0f} MB，超过上限 {MAX_BYTES // 1_000_000} MB；季报表里不要贴图片和视频，佐证材料另行打包上传")
    if not data.strip():
        raise Unreadable("文件是空的")
    if data.startswith(_OLE):
        return xls.grids(data)
    if data.startswith(b"PK"):
        _, parts = xlsx.looked_through(data)
        names = {p.name.lower() for p in parts}
        if any(n.startswith("xl/workbook") for n in names):
            if any(n.endswith(".bin") and n.startswith("xl/workbook") for n in names):
                raise Unreadable("这是二进制工作簿（.xlsb）；请另存为 .xlsx")
            return xlsx.grids(data)
        if "word/document.xml" in names:
            return docxs.grids(data)
        if "content.xml" in names:
            raise Unreadable("这是 OpenDocument 文件；请另存为 .xlsx")
        raise Unreadable("这是压缩包，不是季报表；佐证材料请在“佐证材料”处上传")
    for magic, what in _NOT_A_FORM:
        if data.startswith(magic):
            raise Unreadable(f"这是{what}，不是季报表；请上传 .xlsx、.xls、.csv 或 .docx")
    return csvs.grids(data)


def _choose(grids: Sequence[Grid]) -> tuple[Grid, Headings]:
    """The sheet with the surest headings and most rows below; hidden ones only when there is no other."""
    best: tuple[tuple, Grid, Headings] | None = None
    for order, grid in enumerate(grids):
        headings = find(grid)
        if headings is None:
            continue
        below = sum(1 for r in range(headings.first, len(grid.rows)) if grid.at(r, headings.columns["title"]).text)
        rank = (not grid.hidden, below > 0, len(set(headings.columns) & {"title", "day", "outlet", "link"}), below, -order)
        if best is None or rank > best[0]:
            best = (rank, grid, headings)
    if best is None:
        names = "、".join(f"“{g.name[:20]}”" for g in grids[:6])
        raise Unreadable(f"在{names}里都没有找到表头；表头应有“序号、稿件标题、发布时间、发布媒体、发布网址（链接）”，请用下发的空白表填报")
    return best[1], best[2]


def _around(grid: Grid, headings: Headings) -> str:
    """Everything printed above the headings and around the table."""
    lines = [" ".join(dict.fromkeys(c.text for c in grid.rows[r] if c.text)) for r in range(min(headings.row, 60)) if r < len(grid.rows)]
    return unicodedata.normalize("NFKC", "\n".join([*lines, grid.text])).replace("(", "（").replace(")", "）")[:20_000]


def _period(around: str, file_name: str) -> str:
    for text in (around, unicodedata.normalize("NFKC", file_name)):
        if found := _QUARTER.search(text):
            return f"{found.group(1)}Q{_QUARTERS[found.group(2)]}"
        alone, filled = _QUARTER_ALONE.search(text), _FILLED.search(text)
        day = _day_or_empty(filled.group(1)) if filled else ""
        if day:
            year, quarter = int(day[:4]), (int(day[5:7]) - 1) // 3 + 1
            named = _QUARTERS[alone.group(1)] if alone else quarter
            return f"{year - (named > quarter)}Q{named}"
    return ""


def _known(period: str) -> Period | None:
    return period_of(period) if period else None


def _day_or_empty(text: str) -> str:
    try:
        return read_day(text, None).isoformat() if text.strip() else ""
    except ValueError:
        return ""


def _clean_unit(text: str) -> str:
    text = re.split(r"填报|填表|报送|上报|联系|（盖章|（公章", text)[0]
    return "" if PLACEHOLDER.search(text) or set(text) <= set("_-— ") else text


def _rows(grid: Grid, headings: Headings, period: Period | None) -> tuple[list[FormRow], list[CellProblem], list[str]]:
    rows: list[FormRow] = []
    problems: list[CellProblem] = []
    remarks: list[str] = []
    stated: int | None = None
    for at in range(headings.first, len(grid.rows)):
        cells = {field: grid.at(at, column) for field, column in headings.columns.items()}
        printed = [c for c in grid.rows[at] if c.text or c.formula or c.link]
        if not printed:
            continue
        title = cells["title"].text
        alone = len({c.text for c in printed if c.text}) <= 1
        lead = next((c.text for c in printed if c.text), "")
        if _total(lead, alone, cells):
            found = _TOTAL.search("".join(dict.fromkeys(c.text for c in printed)))
            stated = int(found.group(1)) if found else stated
            continue
        if (
            _FOOT.match(lead)
            and (alone or not cells.get("outlet", Cell()).text)
            or alone
            and (len(printed) > 1 or _SECTION.match(lead) or not title)
        ):
            if alone and not title and any(f in cells and (cells[f].text or cells[f].formula) for f in ("outlet", "day", "link")):
                pass                   # a row with one cell filled in is a row with faults
            else:
                continue
        if _EXAMPLE.match(cells["number"].text if "number" in cells else "") or _EXAMPLE.match(lead):
            continue
        if sum(meaning(c.text)[1] == 2 for c in printed) >= 3:
            continue                   # headings printed again on the next page
        if "number" in cells and len(printed) == 1 and printed[0].text == cells["number"].text:
            continue                   # a numbered line left empty
        if len(rows) + 1 > MOST_ROWS:
            problems.append(CellProblem(at + 1, "", f"超过 {MOST_ROWS} 篇，请分表填报"))
            break
        row, faults = _row(at, cells, headings, period, grid.epoch_1904, len(rows) + 1)
        problems += faults
        rows.append(row)
    if not rows and not problems:
        problems.append(CellProblem(0, "", "表里没有填报的稿件；本期没有可报的，请选“零报送”而不是上传空表"))
    if stated is not None and stated != len(rows):
        remarks.append(f"表尾写的合计是 {stated}，实际读到 {len(rows)} 篇")
    return rows, problems, remarks


def _total(lead: str, alone: bool, cells: Mapping[str, Cell]) -> bool:
    return bool(re.match(r"^(?:合\s{0,4}计|总\s{0,4}计|小\s{0,4}计|共\s{0,4}计|共\d)", lead)) and (alone or not cells.get("link", Cell()).text)


def _row(
    at: int, cells: Mapping[str, Cell], headings: Headings, period: Period | None, epoch_1904: bool, counted: int
) -> tuple[FormRow, list[CellProblem]]:
    problems: list[CellProblem] = []

    def fault(field: str, message: str) -> None:
        column = headings.columns.get(field)
        heading = headings.printed.get(field, field)
        where = f"{heading}（{letter(column)}列）" if column is not None and headings.row >= 0 else heading
        shown = cells[field].text or cells[field].formula if field in cells else ""
        problems.append(CellProblem(at + 1, where, message, shown))

    link = _link(cells.get("link", Cell()))
    for field, cell in cells.items():
        if cell.formula and field not in ("number", "link"):
            fault(field, "是公式，不能作数；请复制后“选择性粘贴—数值”")
        elif cell.text.startswith("#") and re.match(r"^#(?:N/A|REF|VALUE|NAME|DIV/0|NUM|NULL|错误)", cell.text, re.I):
            fault(field, "单元格显示的是出错值，请改填实际内容")
    if cells.get("link", Cell()).formula and not link.urls:
        fault("link", "是公式，看不出网址；请直接粘贴网址")
    title = _text(cells["title"])
    if not title and not cells["title"].formula:
        fault("title", "没有填稿件标题")
    elif _PLACEHOLDER_TEXT.search(title):
        fault("title", "标题里还有占位符，请填实际标题")
    elif title and (len(title) < 2 or len(title) > 200):
        fault("title", "标题太短" if len(title) < 2 else "标题过长（超过200字），请只填标题")
    outlet = _text(cells.get("outlet", Cell()))
    if "outlet" in cells and not outlet and not cells["outlet"].formula:
        fault("outlet", "没有填发布媒体")
    elif _PLACEHOLDER_TEXT.search(outlet):
        fault("outlet", "媒体名称还是占位符，请填实际名称")
    day = ""
    if "day" in cells and not cells["day"].formula and not cells["day"].text.startswith("#"):
        try:
            value = cells["day"].value
            day = read_day(
                value if isinstance(value, (int, float, date, datetime)) and not isinstance(value, bool) else cells["day"].text,
                period,
                epoch_1904,
            ).isoformat()
        except ValueError as error:
            fault("day", str(error))
    if link.urls and any(PLACEHOLDER.search(u.split("?")[0]) and re.search(r"[xX*×]{3,}", u) for u in link.urls):
        fault("link", "网址里还有占位符，请粘贴实际网址")
    number = _text(cells["number"]) if "number" in cells and not cells["number"].formula else ""
    page = _text(cells["page_no"]) if "page_no" in cells else ""
    if not page and "day" in cells and (found := re.search(r"第?\s{0,2}([A-Z]?\d{1,3})\s{0,2}版", cells["day"].text)):
        page = found.group(1)
    return FormRow(
        number[:20] or str(counted),
        title[:300],
        day,
        outlet[:200],
        link.urls,
        at + 1 if headings.row >= 0 else 0,
        _text(cells.get("kind", Cell()))[:50],
        page[:20],
        _text(cells.get("people", Cell()))[:200],
        _text(cells.get("note", Cell()))[:500],
        link.note,
    ), problems


def _link(cell: Cell) -> Links:
    """A HYPERLINK formula names its address in its first argument."""
    if cell.formula:
        found = re.match(r'^=\s{0,3}HYPERLINK\(\s{0,3}"([^"]{4,2000})"', cell.formula, re.I)
        return read_links(found.group(1)) if found else Links(())
    return read_links(cell.text, cell.link)


def _text(cell: Cell) -> str:
    return re.sub(r"[\u200b-\u200f\u2028-\u202e\u2060\ufeff\x00-\x08\x0b-\x1f\x7f]", "", re.sub(r"\s*\n\s*", " ", cell.text)).strip()
