"""The digest as a workbook.  Outside text is always written as text: a cell that begins like a formula is marked as quoted."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path

import xlsxwriter
from model.digest import Digest, DigestItem
from model.outlet import Tier
from xlsxwriter.format import Format
from xlsxwriter.workbook import Workbook

from dashboards import show
from dashboards.digest import require_sound, unconfirmed
from dashboards.weeks import local

DANGEROUS = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")
_MOST = 32_000                     # characters a cell may hold are 32,767
_FONT = {"font_name": "宋体", "font_size": 11, "valign": "top"}


class Sheet:
    """A sheet filled row by row; numbers stay numbers, everything else is text.  The lines of column `wrapped` are broken."""

    def __init__(self, book: Workbook, name: str, widths: Sequence[int], wrapped: int = -1):
        self.sheet, self.row, self.wrapped = book.add_worksheet(name), 0, wrapped
        self.plain, self.quoted = book.add_format(_FONT), book.add_format({**_FONT, "quote_prefix": True})
        self.long, self.quoted_long = (book.add_format({**_FONT, "text_wrap": True, "quote_prefix": q}) for q in (False, True))
        self.bold = book.add_format({**_FONT, "bold": True, "bg_color": "#E7ECEE", "bottom": 1})
        self.points = book.add_format({**_FONT, "num_format": "0.00"})
        for column, width in enumerate(widths):
            self.sheet.set_column(column, column, width)
        self.sheet.set_paper(9)                # A4, all columns on one page
        self.sheet.set_landscape()
        self.sheet.fit_to_pages(1, 0)

    def _dress(self, text: str, column: int) -> Format:
        quoted = text.startswith(DANGEROUS)
        if column == self.wrapped:
            return self.quoted_long if quoted else self.long
        return self.quoted if quoted else self.plain

    def head(self, *names: str) -> None:
        self._write(names, self.bold)
        self.sheet.freeze_panes(self.row, 0)
        self.sheet.repeat_rows(self.row - 1)

    def add(self, *values: object) -> None:
        self._write(values, None)

    def _write(self, values: Sequence[object], style: Format | None) -> None:
        for column, value in enumerate(values):
            if isinstance(value, int):
                self.sheet.write_number(self.row, column, value, style or self.plain)
            elif isinstance(value, float):
                self.sheet.write_number(self.row, column, value, style or self.points)
            else:
                text = show.printable(str(value))[:_MOST]
                self.sheet.write_string(self.row, column, text, style or self._dress(text, column))
        self.row += 1


def write(digest: Digest, path: Path | str) -> None:
    """Write five sheets: 总览, 稿件, 舆情, 积分, 采集.  Raises DoesNotAddUp when parts do not make totals."""
    require_sound(digest)
    options = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(str(path), options) as book:
        book.set_properties({"title": show.printable(f"{digest.bureau}舆情剪报周报{digest.number}"),
                             "author": show.printable(digest.office), "comments": "内部资料 注意保存"})
        _overview(Sheet(book, "总览", (34, 30, 14, 14)), digest)
        _items(Sheet(book, "稿件", (8, 14, 46, 20, 10, 18, 30, 14, 10, 10, 8, 18, 18, 46), wrapped=2), digest)
        _incidents(Sheet(book, "舆情", (16, 46, 30, 8, 8, 18, 10), wrapped=1), digest)
        _standings(Sheet(book, "积分", (16, 8, 30, 8, 10)), digest)
        _coverage(Sheet(book, "采集", (22, 60), wrapped=1), digest)


def _overview(sheet: Sheet, digest: Digest) -> None:
    sheet.head(f"{digest.bureau}舆情剪报周报", digest.number, "", "")
    sheet.add("编辑", digest.office)
    sheet.add("起", show.long_day(digest.since))
    sheet.add("止", show.long_day(digest.until - timedelta(days=1)))
    sheet.add("制作时间", show.minute(digest.made_at))
    sheet.add("稿件合计", digest.total)
    sheet.add("上期合计", digest.previous_total)
    sheet.add("首发未确认", unconfirmed(digest))
    sheet.add("自有平台（另计）", digest.own_total)
    sheet.add("舆情事件", len(digest.incidents))
    sheet.add()
    sheet._write(("类别", "篇数", "首发", "转载"), sheet.bold)
    for total in digest.classes:
        sheet.add(total.name, total.pieces, total.firsts, total.reposts)
    sheet._write(("合计", digest.total, digest.firsts, digest.reposts), sheet.bold)


def _items(sheet: Sheet, digest: Digest) -> None:
    sheet.head("序号", "类别", "标题", "媒体", "层级", "发布时间", "单位", "首发/转载", "本组篇数", "最高层级", "版次", "记者", "通讯员", "网址")
    for number, (item, own) in enumerate([*((i, False) for i in digest.items), *((i, True) for i in digest.own_items)], 1):
        sheet.add(number, "自有平台" if own else item.class_name, *_facts(item))
    if sheet.row > 1:
        sheet.sheet.autofilter(0, 0, sheet.row - 1, 13)


def _facts(item: DigestItem) -> tuple[object, ...]:
    return (item.title, item.outlet, show.tier(item.tier), _when(item), "、".join(item.units), item.first_label, item.copies,
            show.tier(item.highest_tier or Tier.UNKNOWN), item.page_no, "、".join(item.authors), "、".join(item.correspondents), item.url)


def _when(item: DigestItem) -> str:
    if item.published is None:
        return "时间未注明"
    return show.minute(item.published) if item.precision == "minute" else local(item.published).strftime("%Y-%m-%d")


def _incidents(sheet: Sheet, digest: Digest) -> None:
    sheet.head("等级", "事件", "涉及单位", "媒体", "稿件", "发现时间", "状态")
    for incident in digest.incidents:
        units = "、".join(digest.unit_names.get(u, u) for u in incident.units)
        sheet.add(incident.level.label, incident.title, units, incident.outlets, incident.articles, show.minute(incident.opened_at),
                  incident.state.label)


def _standings(sheet: Sheet, digest: Digest) -> None:
    sheet.head("分组", "名次", "单位", "篇数", "得分")
    for row in digest.standings:
        sheet.add(row.group, row.rank or "否决", digest.unit_names.get(row.unit_id, row.unit_id), row.pieces, row.cents / 100)


def _coverage(sheet: Sheet, digest: Digest) -> None:
    held = digest.coverage
    sheet.head("采集覆盖", "")
    sheet.add("应读媒体", held.outlets)
    sheet.add("本期起读到", held.read)
    sheet.add("久无新稿", "、".join(held.silent) or "无")
    sheet.add("失败或未读到", "、".join(held.failed) or "无")
    sheet.add("隔离页面", held.quarantined)
    sheet.add("采集状态截至", show.minute(held.as_of))
