"""Days, ISO weeks, months and quarters as a bureau counts them: in Asia/Shanghai, Monday first."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from model.digest import Span

SHANGHAI = ZoneInfo("Asia/Shanghai")
_WEEKDAYS = "一二三四五六日"


def local(moment: datetime) -> datetime:
    """The same moment on the wall clock of Asia/Shanghai."""
    return moment.astimezone(SHANGHAI)


def day_start(day: date) -> datetime:
    """00:00 of the day, aware, Asia/Shanghai."""
    return datetime.combine(day, time(), SHANGHAI)


def week_of(moment: datetime) -> tuple[datetime, datetime]:
    """[Monday 00:00, next Monday 00:00) of the ISO week that holds `moment`."""
    day = local(moment).date()
    monday = day - timedelta(days=day.weekday())
    return day_start(monday), day_start(monday + timedelta(days=7))


def week_key(since: datetime) -> str:
    """`2026-W47` for any moment of that ISO week."""
    year, week, _ = local(since).isocalendar()
    return f"{year}-W{week:02d}"


def week_from_key(key: str) -> tuple[datetime, datetime] | None:
    """The week named by `2026-W47`; None when there is no such week."""
    year, _, week = key.partition("-W")
    if not (year.isascii() and year.isdigit() and len(year) == 4 and week.isascii() and week.isdigit() and len(week) <= 2):
        return None
    try:
        monday = date.fromisocalendar(int(year), int(week), 1)
        return day_start(monday), day_start(monday + timedelta(days=7))
    except (ValueError, OverflowError):
        return None


def quarter_of(moment: datetime) -> str:
    """`2026Q4`."""
    day = local(moment)
    return f"{day.year}Q{(day.month - 1) // 3 + 1}"


def quarters_back(moment: datetime, count: int) -> list[str]:
    """This quarter and the ones before it, newest first."""
    day = local(moment)
    index = day.year * 4 + (day.month - 1) // 3
    return [f"{i // 4}Q{i % 4 + 1}" for i in range(index, index - count, -1)]


def quarter_label(period: str) -> str:
    """`2026年第四季度` for `2026Q4`; any other period is shown as it is."""
    year, mark, number = period.partition("Q")
    if mark and year.isdigit() and number in "1234" and len(number) == 1:
        return f"{year}年第{'一二三四'[int(number) - 1]}季度"
    return period


def span_of(name: str, moment: datetime) -> tuple[datetime, datetime]:
    """[start, tomorrow 00:00) of "week", "month", "quarter" or "year" so far."""
    day = local(moment).date()
    starts = {
        "week": day - timedelta(days=day.weekday()),
        "month": day.replace(day=1),
        "quarter": day.replace(month=(day.month - 1) // 3 * 3 + 1, day=1),
        "year": day.replace(month=1, day=1),
    }
    return day_start(starts[name]), day_start(day + timedelta(days=1))


def day_label(moment: datetime) -> str:
    """`11月21日 星期六`."""
    day = local(moment)
    return f"{day.month}月{day.day}日 星期{_WEEKDAYS[day.weekday()]}"


def parse_day(text: str) -> date | None:
    """An ISO day as a browser sends it, or None."""
    try:
        day = date.fromisoformat(text.strip())
    except ValueError:
        return None
    return day if 1990 <= day.year <= 2200 else None


_MONTH = re.compile(r"(\d{4})-(\d{2})")
_QUARTER = re.compile(r"(\d{4})Q([1-4])")
_HALF = re.compile(r"(\d{4})H([12])")
_YEAR = re.compile(r"\d{4}")
_DAYS = re.compile(r"(\d{4})(\d{2})(\d{2})-(\d{4})(\d{2})(\d{2})")
_LONGEST = 366                     # days of a span


def month_start(year: int, month: int) -> datetime:
    """`month` counts from 1 and may run past 12 or below 1."""
    more, at = divmod(month - 1, 12)
    return day_start(date(year + more, at + 1, 1))


def span_from_key(key: str) -> Span | None:
    """The span named by `2026-W47`, `2026-11`, `2026Q4`, `2026H2`, `2026` or `20261101-20261109` (both days in it); else None."""
    if len(key) > 20 or not key.isascii():
        return None
    try:
        if week := week_from_key(key):
            year, number, _ = local(week[0]).isocalendar()
            return Span(week_key(week[0]), "week", *week, f"{year}年第{number}周")
        if m := _DAYS.fullmatch(key):
            first, last = date(*map(int, m.groups()[:3])), date(*map(int, m.groups()[3:]))
            return days_span(first, last)
        if m := _MONTH.fullmatch(key):
            return _months(key, "month", int(m[1]), int(m[2]), 1, f"{m[1]}年{int(m[2])}月") if 1 <= int(m[2]) <= 12 else None
        if m := _QUARTER.fullmatch(key):
            return _months(key, "quarter", int(m[1]), int(m[2]) * 3 - 2, 3, quarter_label(key))
        if m := _HALF.fullmatch(key):
            return _months(key, "half", int(m[1]), int(m[2]) * 6 - 5, 6, f"{m[1]}年{'上下'[int(m[2]) - 1]}半年")
        if _YEAR.fullmatch(key):
            return _months(key, "year", int(key), 1, 12, f"{key}年")
    except (ValueError, OverflowError):
        pass
    return None


def _months(key: str, kind: str, year: int, month: int, count: int, label: str) -> Span | None:
    if not 1990 <= year <= 2200:
        return None
    return Span(key, kind, month_start(year, month), month_start(year, month + count), label)


def days_span(first: date, last: date) -> Span | None:
    """From a day to a day, both in it; None when they stand the wrong way round or too far apart."""
    if not (1990 <= first.year and last.year <= 2200 and timedelta() <= last - first < timedelta(days=_LONGEST)):
        return None
    label = f"{first.year}年{first.month}月{first.day}日至{f'{last.year}年' if last.year != first.year else ''}{last.month}月{last.day}日"
    return Span(f"{first:%Y%m%d}-{last:%Y%m%d}", "span", day_start(first), day_start(last + timedelta(days=1)), label)


def span_at(kind: str, moment: datetime) -> Span:
    """The week, month, quarter, half or year that holds `moment`."""
    day = local(moment)
    key = {"week": week_key(moment), "month": f"{day:%Y-%m}", "quarter": quarter_of(moment),
        "half": f"{day.year}H{1 if day.month < 7 else 2}",
           "year": str(day.year)}[kind]
    found = span_from_key(key)
    assert found is not None
    return found


def span_between(since: datetime, until: datetime) -> Span:
    """The named span that is [since, until), else one of its days."""
    for kind in ("week", "month", "quarter", "half", "year"):
        named = span_at(kind, since)
        if (named.since, named.until) == (since, until):
            return named
    last = local(until - timedelta(microseconds=1)).date()
    found = days_span(local(since).date(), last)
    if found is None:
        raise ValueError("起止日期不对：止日不得早于起日，跨度不超过一年")
    return replace(found, since=since, until=until)


def span_before(span: Span) -> Span:
    """The one before: of the same kind, or as many days."""
    if span.kind != "span":
        return span_at(span.kind, span.since - timedelta(seconds=1))
    return span_between(span.since - (span.until - span.since), span.since)
