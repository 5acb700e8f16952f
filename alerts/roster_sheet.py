"""The roster as a sheet: read with every fault told by row, or made blank to be filled in."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta

import openpyxl
from openpyxl.styles import Font, PatternFill

from alerts.times import SHANGHAI, hour
from model.duty import CalendarDay, Shift, ShiftProblem

MOST_BYTES, MOST_UNPACKED, MOST_ROWS = 5_000_000, 50_000_000, 2000
COLUMNS = {"day": ("日期", "值班日期"), "leader": ("带班领导", "带班"), "officers": ("值班员", "值班人员"), "start": ("开始", "开始时间"),
           "end": ("结束", "结束时间"), "note": ("备注",)}
_DAY = re.compile(r"(20[0-9]{2})\s*[-/年.]\s*([0-9]{1,2})\s*[-/月.]\s*([0-9]{1,2})\s*日?")
_WEEK = "一二三四五六日"


def read(data: bytes, handover: str) -> tuple[list[Shift], list[ShiftProblem]]:
    """(shifts in order, problems).  A row without times runs from `handover` to the same hour of the next day."""
    try:
        rows = _rows(data)
    except (zipfile.BadZipFile, KeyError, ValueError, OSError) as error:
        return [], [ShiftProblem(0, str(error) if isinstance(error, _Refused) else "打不开这个文件，请用 xlsx 格式的值班表")]
    head = next((n for n, row in enumerate(rows) if _text(row[0:1]) and any(_text([c]) in COLUMNS["leader"] for c in row)), None)
    if head is None:
        return [], [ShiftProblem(0, "没有找到表头：要有 日期、带班领导、值班员 三列")]
    at = {key: n for n, cell in enumerate(rows[head]) for key, names in COLUMNS.items() if _text([cell]) in names}
    if missing := [COLUMNS[k][0] for k in ("day", "leader", "officers") if k not in at]:
        return [], [ShiftProblem(head + 1, "表头缺少：" + "、".join(missing))]
    shifts, problems = [], []
    for number, row in enumerate(rows[head + 1:], head + 2):
        cells = {key: row[n] if n < len(row) else None for key, n in at.items()}
        if not any(_text([cells.get(k)]) for k in ("leader", "officers", "note")):
            continue
        try:
            shifts.append(_shift(cells, handover))
        except ValueError as error:
            problems.append(ShiftProblem(number, str(error)))
    shifts.sort(key=lambda s: s.starts_at)
    problems += [ShiftProblem(0, f"{_said(b.starts_at)} 开始的一班与前一班重叠") for a, b in zip(shifts, shifts[1:]) if b.starts_at < a.ends_at]
    if not shifts and not problems:
        problems.append(ShiftProblem(0, "表里没有填写任何一班"))
    return shifts, problems


class _Refused(ValueError):
    """A sheet that is not opened; its text is for the screen."""


def _rows(data: bytes) -> list[tuple[object, ...]]:
    if len(data) > MOST_BYTES:
        raise _Refused("文件太大（上限 5 MB）")
    with zipfile.ZipFile(io.BytesIO(data)) as packed:
        if sum(item.file_size for item in packed.infolist()) > MOST_UNPACKED:
            raise _Refused("文件解开后太大")
    sheet = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True).worksheets[0]
    rows = list(sheet.iter_rows(max_row=MOST_ROWS + 1, max_col=20, values_only=True))
    if len(rows) > MOST_ROWS:
        raise _Refused(f"行数太多（上限 {MOST_ROWS}）")
    return rows


def _shift(cells: dict[str, object], handover: str) -> Shift:
    day = _day(cells["day"])
    leader = _text([cells["leader"]])
    officers = tuple(n for n in re.split(r"[、，,;；\s]+", _text([cells["officers"]])) if n)
    if not leader:
        raise ValueError("没有填带班领导")
    if not officers:
        raise ValueError("没有填值班员")
    start = _time(cells.get("start"), handover)
    starts = datetime.combine(day, start, SHANGHAI)
    end = _time(cells.get("end"), "") if _text([cells.get("end")]) else start
    ends = datetime.combine(day, end, SHANGHAI)
    ends += timedelta(days=0 if ends > starts else 1)
    return Shift(0, starts.astimezone(UTC), ends.astimezone(UTC), leader[:40], tuple(n[:40] for n in officers[:20]),
                 _text([cells.get("note")])[:200])


def _day(cell: object) -> date:
    if isinstance(cell, datetime):
        return cell.date()
    if isinstance(cell, date):
        return cell
    if found := _DAY.match(_text([cell])):
        try:
            return date(*map(int, found.groups()))
        except ValueError:
            pass
    raise ValueError(f"日期“{_text([cell])[:20]}”看不懂，请写成 2026-11-21")


def _time(cell: object, usual: str) -> time:
    if isinstance(cell, datetime):
        return cell.time()
    if isinstance(cell, time):
        return cell
    text = _text([cell]).replace("：", ":") or usual
    try:
        return hour(text)
    except ValueError:
        raise ValueError(f"时间“{text[:20]}”看不懂，请写成 08:30") from None


def _text(cells: Iterable[object]) -> str:
    return "".join("" if c is None else str(c).strip() for c in cells)[:500]


def _said(at: datetime) -> str:
    return f"{at.astimezone(SHANGHAI):%Y-%m-%d %H:%M}"


def blank(days: Iterable[CalendarDay], handover: str) -> bytes:
    """An xlsx to fill in: a row a day, days off marked."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "值班表"
    sheet.append([names[0] for names in COLUMNS.values()] + ["星期", "说明"])
    for cell in sheet[1]:
        cell.font = Font(bold=True)
    for row, day in enumerate(days, 2):
        told = f"{day.kind.label}{'：' + day.name if day.name else ''}{'' if day.certain else '（按星期推算）'}"
        sheet.append([day.day.isoformat(), "", "", handover, handover, "", f"星期{_WEEK[day.day.weekday()]}", told])
        if not day.kind.works:
            for cell in sheet[row]:
                cell.fill = PatternFill("solid", fgColor="FFF2CC")
    for column, width in zip("ABCDEFGH", (14, 14, 28, 10, 10, 20, 10, 22)):
        sheet.column_dimensions[column].width = width
    packed = io.BytesIO()
    book.save(packed)
    return packed.getvalue()
