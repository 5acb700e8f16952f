"""舆情台账: a row a case with every step of its way, as a workbook.  Outside text is always written as text."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime

import xlsxwriter
from model.alert import KINDS, ClockState, Incident
from model.bureau import Bureau
from model.case import case_of
from model.ports import Store

from dashboards import show
from dashboards.cases import copies_of, first_of, names_of, topic_of
from dashboards.digest_xlsx import Sheet

HEADS = ("序号", "编号", "事件", "等级", "类别", "主题", "状态", "发现时间", "首发媒体", "首发时间", "首发说明", "首发链接", "采集时间", "媒体数", "稿件数", "涉及单位",
         "签收人", "签收时间", "研判意见", "领导批示", "主办单位", "协办单位", "办理要求", "反馈时限", "反馈时间", "回应内容", "回应渠道", "回应方式", "回应链接",
         "回应时间", "迟报时限", "办结意见", "办结时间", "归档号")
_WIDTHS = (6, 8, 44, 14, 12, 16, 10, 17, 20, 17, 20, 40, 17, 8, 8, 26, 12, 17, 40, 30, 24, 24, 40, 17, 17, 40, 18, 18, 40, 17, 24, 40, 17,
           20)

_LONG = tuple(n for n, width in enumerate(_WIDTHS) if width >= 24)      # texts and names: shown whole


def write(store: Store, bureau: Bureau, incidents: Sequence[Incident], first: str, last: str,
          mask: Callable[[str], str] = str) -> bytes:
    """`first`, `last`: ISO days, for the title of the sheet; `mask` hides what names patients."""
    packed = io.BytesIO()
    options = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False, "in_memory": True}
    with xlsxwriter.Workbook(packed, options) as book:
        book.set_properties({"title": f"舆情台账（{first}至{last}）", "author": show.printable(bureau.office or bureau.name),
                             "comments": "内部资料 注意保存"})
        sheet = Sheet(book, "舆情台账", _WIDTHS, _LONG)
        sheet.head(*HEADS)
        for number, incident in enumerate(incidents, 1):
            sheet.add(number, *(mask(v) if isinstance(v, str) and not show.web_address(v) else v for v in row(store, bureau, incident)))
        sheet.sheet.set_paper(8)                # A3, four pages side by side: one would be too small to read
        sheet.sheet.fit_to_pages(4, 0)
        sheet.sheet.repeat_columns(1, 2)
        sheet.sheet.autofilter(0, 0, max(1, len(incidents)), len(HEADS) - 1)
    return packed.getvalue()


def row(store: Store, bureau: Bureau, i: Incident) -> tuple[object, ...]:
    """The cells of a case after its number in the row; what the record does not hold stays empty."""
    case, copies = case_of(store.incident_events(i.id)), copies_of(store, i)
    first = first_of(copies)
    answer = case.answers[-1] if case.answers else None
    late = [c.name for c in store.case_clocks(i.id) if c.state is ClockState.MISSED]
    given = case.assignments
    return (i.id, i.title, i.level.label, KINDS.get(i.kind, i.kind), topic_of(bureau, i.topic), i.state.label, _at(i.first_seen),
            first.outlet,
            show.published(first.clipping) if first.clipping else "", first.words, first.clipping.article.url if first.clipping else "",
            _at(first.clipping.first_seen if first.clipping else None), i.outlets, i.articles, names_of(bureau, i.units), i.signed_by,
            _at(i.signed_at),
            _joined(s.text for s in case.judgements), _joined(s.text for s in case.instructions),
            names_of(bureau, [a.unit_id for a in given if a.role == "lead"]),
            names_of(bureau, [a.unit_id for a in given if a.role == "assist"]), _joined(dict.fromkeys(a.demand for a in given)),
            _joined(dict.fromkeys(_at(a.deadline) for a in given if a.deadline)),
            _joined(f"{names_of(bureau, [a.unit_id])} {_at(a.reported_at)}" for a in given if a.reported_at),
            answer.content if answer else "", answer.channel if answer else "", answer.way if answer else "", answer.link if answer else "",
            _at(answer.at if answer else None), "、".join(late), case.closing.text if case.closing else "", _at(i.closed_at),
            case.file_number)


def _at(at: datetime | None) -> str:
    return show.minute(at) if at else ""


def _joined(texts: Iterable[str]) -> str:
    return "；".join(texts)
