"""The blank form and the form pre-filled with what the system already found, as xlsx that `reading` reads back."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from datetime import date, timedelta, timezone

from model.claim import FormRow, Period
from model.clipping import Clipping
from model.opinion import Label
from model.outlet import Tier
from pipelines.sheets import Book

_ZONE = timezone(timedelta(hours=8))
COLUMNS = ("序号", "稿件标题", "发布时间", "发布媒体", "发布网址（链接）", "备注")
_WIDTHS = (8, 46, 16, 22, 60, 24)
_BLANK_ROWS = 30
_NOTES = ("填表说明：", "1. 一行填一篇；同一内容多次转载的，只填首次发布的一篇。", "2. 发布时间填到日，如 2026年3月5日；发布网址直接粘贴，一格一个。",
          "3. 报纸、电视、广播没有链接的，把扫描件、视频、音频按“序号+稿件标题”命名，打成一个 zip 另行上传。", "4. 标题、日期、媒体、链接会逐项核对；请勿留 XX、20** 等占位符。")


def blank(unit: str, span: Period) -> bytes:
    """Heading, columns and empty rows."""
    return filled(unit, span, ())


def filled(unit: str, span: Period, rows: Sequence[FormRow]) -> bytes:
    target = io.BytesIO()
    with Book(target, f"宣传信息采用情况季报表 {span.label}") as book:
        sheet = book.sheet("季报表", _WIDTHS)
        sheet.title(f"{span.label}宣传信息采用情况季报表", len(COLUMNS))
        sheet.add(f"填报单位：{unit}", "", "", "填报时间：")
        sheet.head(*COLUMNS)
        for number, row in enumerate(rows, 1):
            day = date.fromisoformat(row.day) if row.day else None
            sheet.add(
                number,
                row.title,
                f"{day.year}年{day.month}月{day.day}日" if day else "",
                row.outlet,
                row.urls[0] if row.urls else "",
                row.note,
            )
        for number in range(len(rows) + 1, max(_BLANK_ROWS, len(rows) + 10) + 1):
            sheet.add(number, *[""] * (len(COLUMNS) - 1))
        help_sheet = book.sheet("填表说明", (90,))
        for note in _NOTES:
            help_sheet.add(note)
    return target.getvalue()


def found_rows(clippings: Iterable[Clipping], unit_id: str) -> list[FormRow]:
    """What the system found for a unit and may count: first publications that name it for certain; own platforms and blame of it left out.
    """
    rows = []
    for piece in sorted(clippings, key=lambda c: (c.article.published or c.first_seen, c.id)):
        if unit_id not in piece.unit_ids or not piece.is_first or piece.tier == Tier.OWN.value:
            continue
        if any(j.unit_id == unit_id and j.label is Label.NEGATIVE for j in piece.judgements):
            continue
        day = piece.article.published.astimezone(_ZONE).date().isoformat() if piece.article.published else ""
        page = f"第{piece.article.page_no}版" if piece.article.page_no else ""
        rows.append(
            FormRow(
                str(len(rows) + 1),
                piece.article.title,
                day,
                piece.outlet_name,
                (piece.article.url,),
                page_no=piece.article.page_no,
                note="系统已收录" + (f"，{page}" if page else ""),
            )
        )
    return rows
