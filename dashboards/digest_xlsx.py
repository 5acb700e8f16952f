"""The digest as a workbook.  Outside text is always written as text: a cell that begins like a formula is marked as quoted."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path

import xlsxwriter
from model.cells import as_text, like_formula
from model.digest import TOP, Digest, DigestItem
from model.outlet import Tier
from xlsxwriter.format import Format
from xlsxwriter.workbook import Workbook

from dashboards import show
from dashboards.digest import moved, require_sound, unconfirmed
from dashboards.digest_paper import CLASS_HEADS, TASK_HEADS, WORRY_HEADS, as_of, class_rows, clock, task_rows, unit_names, worry_rows
from dashboards.pictures import wide
from dashboards.weeks import local

_FONT = {"font_name": "宋体", "font_size": 11, "valign": "top"}
_LINE = 15                         # points of a line
_SHARE = re.compile(r"\d{1,3}\.\d%")      # as the other forms print it, so that all round alike


class Sheet:
    """A sheet filled row by row; numbers stay numbers, everything else is text.  The lines of column `wrapped` are broken."""

    def __init__(self, book: Workbook, name: str, widths: Sequence[int], wrapped: int | Sequence[int] = ()):
        """`wrapped`: columns whose texts are shown whole, on several lines."""
        self.sheet, self.row = book.add_worksheet(name), 0
        self.wrapped = {column: widths[column] for column in ((wrapped,) if isinstance(wrapped, int) else wrapped)}
        self.plain, self.quoted = book.add_format(_FONT), book.add_format({**_FONT, "quote_prefix": True})
        self.long, self.quoted_long = (book.add_format({**_FONT, "text_wrap": True, "quote_prefix": q}) for q in (False, True))
        self.bold = book.add_format({**_FONT, "bold": True, "bg_color": "#E7ECEE", "bottom": 1})
        self.over = book.add_format({**_FONT, "bold": True, "bg_color": "#E7ECEE", "bottom": 1, "align": "center"})
        self.share = book.add_format({**_FONT, "num_format": "0.0%"})
        self.bold_share = book.add_format({**_FONT, "num_format": "0.0%", "bold": True, "bg_color": "#E7ECEE", "bottom": 1})
        self.points = book.add_format({**_FONT, "num_format": "0.00"})
        for column, width in enumerate(widths):
            self.sheet.set_column(column, column, width)
        self.sheet.set_paper(9)                # A4, all columns on one page
        self.sheet.set_landscape()
        self.sheet.fit_to_pages(1, 0)

    def _dress(self, text: str, column: int) -> Format:
        quoted = like_formula(text)
        if column in self.wrapped:
            return self.quoted_long if quoted else self.long
        return self.quoted if quoted else self.plain

    def head(self, *names: str) -> None:
        self._write(names, self.over)
        self.sheet.freeze_panes(self.row, 0)
        self.sheet.repeat_rows(self.row - 1)

    def add(self, *values: object) -> None:
        self._write(values, None)

    def _write(self, values: Sequence[object], style: Format | None) -> None:
        most = 1
        for column, value in enumerate(values):
            if isinstance(value, int):
                self.sheet.write_number(self.row, column, value, style or self.plain)
            elif isinstance(value, float):
                self.sheet.write_number(self.row, column, value, style or self.points)
            elif isinstance(value, str) and _SHARE.fullmatch(value):
                self.sheet.write_number(self.row, column, float(value[:-1]) / 100, self.bold_share if style else self.share)
            else:
                text = as_text(show.printable(str(value)))
                self.sheet.write_string(self.row, column, text, style or self._dress(text, column))
                if column in self.wrapped:
                    most = max(most, -(-2 * wide(text) // self.wrapped[column]))
        if most > 1:                           # not every program fits rows by itself
            self.sheet.set_row(self.row, _LINE * min(most, 20))
        self.row += 1


def write(digest: Digest, path: Path | str) -> None:
    """Write the sheets 总览, 稿件, 舆情, 单位, 积分, 走势, 采集 (and 报送采用 for a month and longer).  Raises DoesNotAddUp when parts do not make totals."""
    require_sound(digest)
    options = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(str(path), options) as book:
        book.set_properties({"title": show.printable(f"{digest.bureau}{digest.title}{digest.number}"),
                             "author": show.printable(digest.office), "comments": "内部资料 注意保存"})
        _overview(Sheet(book, "总览", (30, 24, 14, 14, 14, 14)), digest)
        _items(Sheet(book, "稿件", (8, 14, 46, 20, 10, 18, 30, 14, 10, 14, 8, 12, 18, 18, 46, 8, 30, 16), wrapped=2), digest)
        _incidents(Sheet(book, "舆情", (16, 46, 30, 8, 8, 18, 18, 10, 50), wrapped=1), digest)
        _counts(Sheet(book, "单位", (30, 10, 10, 10, 10)), digest)
        _standings(Sheet(book, "积分", (16, 8, 8, 30, 8, 10)), digest)
        if digest.tasks:
            _table(Sheet(book, "报送采用", (16, 30, 8, 8, 8, 8)), TASK_HEADS, task_rows(digest))
        _bins(Sheet(book, "走势", (14, *(12 for _ in digest.classes), 10)), digest)
        _coverage(Sheet(book, "采集", (30, 40, 20, 50), wrapped=1), digest)
        for sheet in book.worksheets():
            sheet.set_footer(f"&L{as_of(digest)}&R&P/&N")


def _table(sheet: Sheet, heads: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
    sheet.head(*heads)
    for row in rows:
        sheet.add(*row)


def _overview(sheet: Sheet, digest: Digest) -> None:
    sheet.head(f"{digest.bureau}{digest.title}", digest.number, *[""] * 4)
    sheet.add("编辑", digest.office)
    sheet.add("起", show.long_day(digest.since))
    sheet.add("止", show.long_day(digest.until - timedelta(microseconds=1)))
    sheet.add("数据截至", show.minute(digest.made_at))
    if digest.lead:
        sheet.add("导语", digest.lead)
    sheet.add("稿件合计", digest.total)
    sheet.add("上期合计", digest.previous_total)
    sheet.add("首发", digest.firsts)
    sheet.add("转载", digest.reposts)
    sheet.add("首发未确认", unconfirmed(digest))
    sheet.add("负面稿件", digest.negative)
    sheet.add("自有平台（另计）", digest.own_total)
    sheet.add("舆情事件", len(digest.incidents))
    sheet.add("此前未办结", digest.carried)
    sheet.add()
    sheet._write(CLASS_HEADS, sheet.over)
    *classes, total = class_rows(digest)
    for row in classes:
        sheet.add(*row)
    sheet._write(total, sheet.bold)


def _items(sheet: Sheet, digest: Digest) -> None:
    sheet.head("序号", "类别", "标题", "媒体", "层级", "发布时间", "单位", "首发/转载", "本组篇数", "最高类别", "版次", "版位", "记者", "通讯员", "网址", "负面", "按语", "编排")
    own = {i.article_id for i in digest.own_items}
    places = {TOP: "本期要闻", **{c.class_id: f"列入{c.name}" for c in digest.classes}}
    kept = [i for i in (*digest.items, *digest.own_items) if i.article_id not in digest.left_out]
    for number, item in enumerate(kept, 1):
        sheet.add(number, "自有平台" if item.article_id in own else item.class_name, *_facts(item), "是" if item.negative else "",
                  digest.notes.get(item.article_id, ""), places.get(digest.placed.get(item.article_id, ""), ""))
    if sheet.row > 1:
        sheet.sheet.autofilter(0, 0, sheet.row - 1, 17)
        sheet.sheet.print_area(0, 0, sheet.row - 1, 9)     # what fits on paper in a size that can be read
    if left := digest.total + digest.own_total - len(kept):
        sheet.add("", "", f"另有{left}篇从略")


def _facts(item: DigestItem) -> tuple[object, ...]:
    return (item.title, item.outlet, show.tier(item.tier), _when(item), "、".join(item.units), item.first_label, item.copies,
            item.highest_class or show.tier(item.highest_tier or Tier.UNKNOWN), item.page_no, item.position, "、".join(item.authors),
            "、".join(item.correspondents), item.url)


def _when(item: DigestItem) -> str:
    if item.published is None:
        return "时间未注明"
    return show.minute(item.published) if item.precision == "minute" else local(item.published).strftime("%Y-%m-%d")


def _incidents(sheet: Sheet, digest: Digest) -> None:
    sheet.head("等级", "事件", "涉及单位", "媒体", "稿件", "发现时间", "时限", "状态", "回应")
    for event in digest.events:
        held = event.incident
        sheet.add(held.level.label, held.title, unit_names(digest, event), held.outlets, held.articles, show.minute(held.opened_at),
            clock(event),
                  held.state.label, event.answer)


def _counts(sheet: Sheet, digest: Digest) -> None:
    _table(sheet, ("单位", "见报篇数", "首发", "转载", "负面"), [(u.label, u.pieces, u.firsts, u.pieces - u.firsts, u.negative) for u in digest.units])
    sheet.add()
    _table(sheet, ("自有平台（另计）", "篇数", "首发"), [(p.outlet, p.pieces, p.firsts) for p in digest.platforms])


def _standings(sheet: Sheet, digest: Digest) -> None:
    sheet.head("分组", "名次", "变化", "单位", "篇数", "得分")
    for row in digest.standings:
        sheet.add(row.group, row.rank or "否决", moved(digest, row), digest.unit_names.get(row.unit_id, row.unit_id), row.pieces,
            row.cents / 100)


def _bins(sheet: Sheet, digest: Digest) -> None:
    _table(sheet, ("日期", *(c.name for c in digest.classes), "合计"),
           [(b.label, *(b.by_class.get(c.class_id, 0) for c in digest.classes), b.pieces) for b in digest.bins])


def _coverage(sheet: Sheet, digest: Digest) -> None:
    held = digest.coverage
    sheet.head("采集覆盖", "", "", "")
    sheet.add("应读媒体", held.outlets)
    sheet.add("本期起读到", held.read)
    sheet.add("久无新稿", len(held.silent))
    sheet.add("失败或未读到", len(held.failed))
    sheet.add("隔离页面", held.quarantined)
    sheet.add("采集状态截至", show.minute(held.as_of))
    sheet.add()
    sheet._write(WORRY_HEADS, sheet.over)
    for row in worry_rows(digest):
        sheet.add(*row)
