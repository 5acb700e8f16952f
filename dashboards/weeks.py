"""Days, ISO weeks, months and quarters as a bureau counts them: in Asia/Shanghai, Monday first."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

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
