"""Days, months, quarters and years of the ledger: "2026M03", "2026Q1", "2026", all in Asia/Shanghai."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from model.claim import Period, period

SHANGHAI = ZoneInfo("Asia/Shanghai")


def day_of(when: datetime) -> str:
    """The ISO day of a moment in China."""
    return when.astimezone(SHANGHAI).date().isoformat()


def period_of(when: datetime | str, per: str = "quarter") -> str:
    """The month, quarter or year of a moment (or ISO day) in China: "2026M11", "2026Q4", "2026"."""
    day = when if isinstance(when, str) else day_of(when)
    year, month = int(day[:4]), int(day[5:7])
    if per == "month":
        return f"{year}M{month:02d}"
    return f"{year}" if per == "year" else f"{year}Q{(month + 2) // 3}"


def label(name: str) -> str:
    """`2026年第四季度`, `2026年3月`, `2026年`; a name that is none of these as it is."""
    try:
        return period(name).label
    except ValueError:
        return name


def months(span: Period) -> tuple[str, ...]:
    """The months of a period: ("2026M10", "2026M11", "2026M12")."""
    return tuple(f"{span.first.year}M{m:02d}" for m in range(span.first.month, span.last.month + 1))


def windows(span: Period, per: str, by: str = "last") -> list[Period]:
    """The months, quarters or years whose last (or `by="first"`) day lies in the span, in order."""
    found: dict[str, Period] = {}
    day = span.first
    while day <= span.last:
        one = period(period_of(day.isoformat(), per))
        if span.holds(one.last if by == "last" else one.first):
            found[one.id] = one
        day = (day.replace(day=1) + timedelta(days=32)).replace(day=1)
    return list(found.values())


def after(name: str) -> str:
    """The next period of the same length."""
    span = period(name)
    per = "quarter" if "Q" in name else "month" if "M" in name else "year"
    return period_of((span.last + timedelta(days=1)).isoformat(), per)


def backfill_until(day: str, until: int) -> str:
    """The last day on which a piece of `day` may be handed in: day `until` of the next month."""
    following = (date.fromisoformat(day).replace(day=1) + timedelta(days=32)).replace(day=1)
    last = (following.replace(day=1) + timedelta(days=32)).replace(day=1) - timedelta(days=1)
    return following.replace(day=min(until, last.day)).isoformat()
