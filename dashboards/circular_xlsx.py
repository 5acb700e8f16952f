"""The circular, a unit's statement and the annual roll-up as workbooks.  Outside text is always written as text."""

from __future__ import annotations

from pathlib import Path

import xlsxwriter
from model.circular import Annual, Circular, Statement, require_sound

from dashboards import show
from dashboards.circular_docx import COUNTS, is_draft, title_of
from dashboards.digest_xlsx import Sheet
from dashboards.weeks import quarter_label

OPTIONS = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}


def write(circular: Circular, path: Path | str) -> None:
    """Write seven sheets: 通报, 排名, 采用表 (outlets × units), 采用清单, 任务, 人员, 加减分.  Raises DoesNotLeave when something does not add up."""
    require_sound(circular)
    with xlsxwriter.Workbook(str(path), OPTIONS) as book:
        book.set_properties({"title": show.printable(title_of(circular)), "author": show.printable(circular.office), "comments": "内部资料 注意保存"})
        _overview(Sheet(book, "通报", (30, 40, 12, 12)), circular)
        _ranking(Sheet(book, "排名", (16, 8, 26, *(10 for _ in range(9 + len(circular.classes))))), circular)
        _adoption(Sheet(book, "采用表", (24, 16, *(9 for _ in circular.units), 9)), circular)
        _items(Sheet(book, "采用清单", (8, 46, 20, 10, 16, 12, 30, 18, 10), wrapped=1), circular)
        _tasks(Sheet(book, "任务", (26, 16, 10, 10, 10, 10, 10)), circular)
        _people(Sheet(book, "人员", (14, 26, 10, 10)), circular)
        _others(Sheet(book, "加减分", (26, 80)), circular)


def _overview(sheet: Sheet, circular: Circular) -> None:
    sheet.head(title_of(circular), circular.letter.number, "", "")
    sheet.add("状态", "送审稿" if is_draft(circular) else "正式")
    sheet.add("账期", "未结账" if circular.state.open else f"已结账（{circular.state.who}，{show.minute(circular.state.changed_at)}）")
    sheet.add("起", circular.first)
    sheet.add("止", circular.last)
    sheet.add("制作时间", show.minute(circular.made_at))
    sheet.add("办法", circular.scheme)
    sheet.add("报送", circular.submitted)
    sheet.add("采用（篇）", circular.total)
    sheet.add("采用（篇次）", circular.total + circular.shared)
    sheet.add("通报用语", circular.sentence())
    sheet.add()
    sheet._write(("类别", "篇数", "", ""), sheet.bold)
    for c in circular.classes:
        sheet.add(c.name, c.pieces)
    sheet._write(("合计", circular.total, "", ""), sheet.bold)


def _ranking(sheet: Sheet, circular: Circular) -> None:
    sheet.head("分组", "名次", "单位", "报送", "核实", "采用", "国家级", "省级", *(c.name for c in circular.classes), "稿件得分", "其他加减", "得分", "合格")
    for u in circular.units:
        sheet.add(u.group, "否决" if u.vetoed else u.rank, u.label, u.submitted, u.verified, u.adopted, u.central, u.provincial,
                  *(u.by_class.get(c.class_id, 0) for c in circular.classes), u.piece_cents / 100, u.other_cents / 100, u.cents / 100,
                  "" if u.passed is None else "是" if u.passed else "否")
    sheet._write(("合计", "", f"{len(circular.units)}个单位", circular.submitted, sum(u.verified for u in circular.units),
                  circular.total + circular.shared, sum(u.central for u in circular.units), sum(u.provincial for u in circular.units),
                  *(sum(u.by_class.get(c.class_id, 0) for u in circular.units) for c in circular.classes)), sheet.bold)


def _adoption(sheet: Sheet, circular: Circular) -> None:
    """A shared piece stands in each unit's column and once in 篇数."""
    sheet.head("媒体", "类别", *(u.label for u in circular.units), "篇数")
    for line in circular.outlets:
        sheet.add(line.outlet, line.class_name, *(line.by_unit.get(u.unit_id, 0) for u in circular.units), line.pieces)
    sheet._write(("合计", "", *(u.adopted for u in circular.units), circular.total), sheet.bold)


def _items(sheet: Sheet, circular: Circular) -> None:
    sheet.head("序号", "标题", "媒体", "层级", "类别", "日期", "单位", "通讯员", "得分")
    for number, i in enumerate(circular.items, 1):
        sheet.add(number, i.title, i.outlet, show.tier(i.tier), i.class_name, i.day, "、".join(circular.names.get(u, u) for u in i.units), i.people, i.cents / 100)


def _tasks(sheet: Sheet, circular: Circular) -> None:
    sheet.head("单位", "时段", "项目", "应完成", "完成", "缺", "扣分")
    for s in circular.shortfalls:
        sheet.add(circular.names.get(s.unit_id, s.unit_id), s.label, COUNTS[s.counts], s.needed, s.had, s.missing, s.cents / 100)


def _people(sheet: Sheet, circular: Circular) -> None:
    sheet.head("通讯员", "单位", "篇数", "得分")
    for p in circular.people:
        sheet.add(p.name, p.label, p.pieces, p.cents / 100)


def _others(sheet: Sheet, circular: Circular) -> None:
    sheet.head("单位", "说明")
    for u in circular.units:
        for words in u.other:
            sheet.add(u.label, words)


def write_statement(statement: Statement, path: Path | str) -> None:
    """A unit's own account: every row with its arithmetic.  Raises DoesNotLeave when the rows do not make the sum."""
    require_sound(statement)
    line = statement.line
    with xlsxwriter.Workbook(str(path), OPTIONS) as book:
        book.set_properties({"title": show.printable(f"{line.label}{statement.label}积分对账单"), "author": show.printable(statement.office)})
        sheet = Sheet(book, "对账单", (8, 18, 46, 16, 46, 10, 46, 14, 10), wrapped=2)
        sheet.head("行号", "记账时间", "稿件或事项", "类别", "算法", "得分", "理由", "经办", "更正")
        for r in statement.rows:
            sheet.add(r.id, show.minute(r.at), statement.titles.get(r.id, r.class_name), r.class_name, r.arithmetic, r.cents / 100, r.reason,
                      r.passed_by, f"第{r.corrects}号" if r.corrects else "")
        sheet._write(("合计", "", f"{line.label}，{line.group}第{line.rank}名，共{statement.in_group}个单位" if line.rank else f"{line.label}，一票否决",
                      "", "", line.cents / 100, "", "", ""), sheet.bold)


def write_annual(annual: Annual, path: Path | str) -> None:
    """The year by its periods.  Raises DoesNotLeave when the periods do not make the year."""
    require_sound(annual)
    with xlsxwriter.Workbook(str(path), OPTIONS) as book:
        book.set_properties({"title": show.printable(f"{annual.bureau}{annual.year}年积分汇总"), "author": show.printable(annual.office)})
        sheet = Sheet(book, "年度汇总", (16, 8, 26, *(16 for _ in annual.periods), 10, 10, 10))
        sheet.head("分组", "名次", "单位", *(annual.labels.get(p.id, quarter_label(p.id)) + ("" if not p.open else "（未结账）") for p in annual.periods),
                   "全年得分", "采用", "报送")
        for a in annual.lines:
            sheet.add(a.group, "否决" if a.vetoed else a.rank, a.label, *(a.by_period[p.id] / 100 for p in annual.periods), a.cents / 100, a.pieces, a.submitted)
