"""Times of the duty room are China's: hours of the day, spans of hours over midnight."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

SHANGHAI = ZoneInfo("Asia/Shanghai")


def local(at: datetime) -> datetime:
    return at.astimezone(SHANGHAI)


def hour(text: str) -> time:
    """"22:30" → a time of day; "24:00" is the end of the day.  ValueError when it is none."""
    hours, _, minutes = text.partition(":")
    if text.strip() == "24:00":
        return time.max
    return time(int(hours), int(minutes or 0))


def within(span: str, at: datetime) -> bool:
    """Is a local time inside "08:00-18:00" (or over midnight "18:00-08:00")?  An empty span holds always."""
    if not span:
        return True
    start, end = (hour(part) for part in span.split("-"))
    now = at.time()
    return start <= now < end if start <= end else now >= start or now < end


def end_of(start: str, end: str, at: datetime) -> datetime | None:
    """When the span from `start` to `end` that `at` (aware) lies in is over, in UTC; None outside of it."""
    here = local(at)
    if not start or not end or not within(f"{start}-{end}", here):
        return None
    closes = hour(end)
    over = here.replace(hour=closes.hour, minute=closes.minute, second=0, microsecond=0)
    return (over if over > here else over + timedelta(days=1)).astimezone(UTC)


def minute(at: datetime | None) -> str:
    """`11月21日 21:05`, as people of the desk read it."""
    return f"{local(at):%-m月%-d日 %H:%M}" if at else ""


def span(seconds: float) -> str:
    """A length of time in words: `1 小时 5 分钟`, `3 天`."""
    minutes = max(1, round(abs(seconds) / 60))
    if minutes < 60:
        return f"{minutes} 分钟"
    hours, minutes = divmod(minutes, 60)
    if hours < 48:
        return f"{hours} 小时 {minutes} 分钟" if minutes else f"{hours} 小时"
    return f"{hours // 24} 天"
