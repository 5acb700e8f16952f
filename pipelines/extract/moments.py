"""Moments as pages, data and addresses write them, read in Asia/Shanghai with their precision."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

ZONE = ZoneInfo("Asia/Shanghai")
_DATE = (
    r"(?<![\d.])((?:19[89]|20[0-4])\d)\s{0,3}(?:[-/.年]|\s|\\?/)\s{0,3}"
    r"(0?[1-9]|1[0-2])\s{0,3}(?:[-/.月]|\\?/)\s{0,3}(3[01]|[12]\d|0?[1-9])(?!\d)\s{0,3}[日号號]?"
)
CLOCK = r"([01]?\d|2[0-3])\s?(?:[:：]|时|點|点)\s?([0-5]\d)(?:\s?(?:[:：]|分)\s?([0-5]\d)?秒?)?"
WHEN = re.compile(
    _DATE
    + r"(?:(?:\s|T|,|，|-|\||[（(]|星期[一二三四五六日天]|周[一二三四五六日]|[）)]|上午|下午|晚上|凌晨|早上|(?:AM|PM)\s){0,8}"
    + CLOCK + r")?")
_URL = (re.compile(r"(?<!\d)((?:19[89]|20[0-4])\d)[-/_]?(0[1-9]|1[0-2])[-/_]?(0[1-9]|[12]\d|3[01])(?!\d)"),
        re.compile(r"(?<!\d)((?:19[89]|20[0-4])\d)[-/_](\d{1,2})[-/_](\d{1,2})(?!\d)"),
        re.compile(r"[/_]t((?:19[89]|20[0-4])\d)(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])_"))


@dataclass(frozen=True)
class When:
    """A moment with its precision, "minute" or "day" (then at 00:00 Asia/Shanghai)."""

    at: datetime
    precision: str

    @property
    def day(self) -> str:
        return self.at.strftime("%Y-%m-%d")


def moment(year: str, month: str, day: str, hour: str | None = None, minute: str | None = None, second: str | None = None) -> When | None:
    try:
        if hour is None or minute is None:
            return When(datetime(int(year), int(month), int(day), tzinfo=ZONE), "day")
        return When(datetime(int(year), int(month), int(day), int(hour), int(minute), int(second or 0), tzinfo=ZONE), "minute")
    except ValueError:
        return None


def parse(text: str) -> When | None:
    """A time as metas and JSON write it: ISO 8601 with or without zone, printed Chinese, unix seconds or milliseconds."""
    text = text.strip()
    if re.fullmatch(r"1\d{9}(?:\d{3})?", text):
        return When(datetime.fromtimestamp(int(text[:10]), ZONE), "minute")
    found = WHEN.search(text)
    if not found:
        return None
    when = moment(*found.groups())
    if when is None:
        return None
    zone = re.match(r"(?:\.\d{1,9})?\s?(Z|[+-]\d{2}:?\d{2})", text[found.end():])
    if zone and when.precision == "minute" and zone.group(1) not in ("+08:00", "+0800"):
        offset = zone.group(1)
        shift = (
            timedelta(0) if offset == "Z" else timedelta(hours=int(offset[1:3]), minutes=int(offset[-2:])) * (1 if offset[0] == "+" else -1)
        )
        try:
            return When(when.at + timedelta(hours=8) - shift, "minute")
        except OverflowError:
            return None
    if when.precision == "minute" and re.search(r"T?00:00:00|23:59:59", text):
        return When(when.at.replace(hour=0, minute=0, second=0), "day")
    return when


def from_url(url: str) -> When | None:
    """The day an address carries."""
    path = url.split("://", 1)[-1]
    for pattern in _URL:
        for found in pattern.finditer(path[:500]):
            when = moment(*found.groups()[:3])
            if when:
                return when
    return None
