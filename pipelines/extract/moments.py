"""Moments as pages, data and addresses write them, read in Asia/Shanghai with their precision."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Iterator
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
_MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec".split()
_MONTH = r"(jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\b\.?"
_WEEKDAY = r"(?:[(]?(?:mon|tue|wed|thu|fri|sat|sun)[a-z]{0,6}[)]?\.?,?\s{1,3})?"
# `Nov. 21, 2026 10:05`, `21 November 2026, 10:05 p.m.`, `Dec 28 Sat 2013 00:28`, `Sat, 21 Nov 2026 10:05:00 +0800`
ENGLISH = re.compile(
    rf"(?<![A-Za-z\d])(?:{_MONTH}\s{{0,3}}([0-3]?\d)(?:st|nd|rd|th)?,?\s{{1,3}}{_WEEKDAY}|([0-3]?\d)(?:st|nd|rd|th)?[\s-]{{1,3}}{_MONTH},?[\s-]{{1,3}})"
    r"((?:19[89]|20[0-4])\d)(?!\d)"
    r"(?:[\s,|(]{1,4}(?:at\s{1,2})?([01]?\d|2[0-3]):([0-5]\d)(?::([0-5]\d))?(?:\s?([ap])\.?m\b\.?)?)?", re.I)
_ZONED = re.compile(r"(?:\.\d{1,9})?\s?[(]?(Z\b|GMT|UTC|[+-](?:0\d|1[0-4]):?(?:00|15|30|45)(?!\d))")
_CLOCK_AFTER = re.compile(r"\s{0,3}" + CLOCK)
_GREENWICH = re.compile(r"(?:格林尼治|格林威治|世界)(?:标准|標準|协调)?(?:时间|時間|时)")
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


@dataclass(frozen=True)
class Printed:
    """A moment as a text prints it: `text` from `start` to `end`, what names its zone included."""

    when: When
    start: int
    end: int
    text: str


def printed(text: str) -> Iterator[Printed]:
    """Every moment of a text, in Asia/Shanghai: Chinese and figures first, then English dates."""
    english = list(ENGLISH.finditer(text))
    for found in WHEN.finditer(text):
        when = moment(*found.groups())
        if when is None or any(e.start() < found.start() < e.end() for e in english):      # the year of `21 November 2026`
            continue
        zone = _ZONED.match(text, found.end()) if found.group(4) else None
        if zone is None and found.group(4) is None and (elsewhere := _GREENWICH.search(text, found.end(), found.end() + 16)):
            clock = _CLOCK_AFTER.match(text, elsewhere.end())        # `2012年12月10日, 格林尼治标准时间10:41`
            later = moment(*found.groups()[:3], *clock.groups()) if clock else None
            if later is not None:
                yield Printed(_shifted(later, "Z"), found.start(), clock.end(), text[found.start():clock.end()])
                continue
        yield Printed(_shifted(when, zone.group(1)) if zone else when, found.start(), zone.end() if zone else found.end(), found.group())
    for found in english:
        month, day, other_day, other_month, year, hour, minute, second, half = found.groups()
        if hour and half:
            hour = str(int(hour) % 12 + (12 if half in "pP" else 0))
        when = moment(year, str(_MONTHS.index((month or other_month)[:3].lower()) + 1), day or other_day, hour, minute, second)
        if when is not None:
            zone = _ZONED.match(text, found.end()) if hour else None
            yield Printed(_shifted(when, zone.group(1)) if zone else when, found.start(), zone.end() if zone else found.end(), found.group())


def _shifted(when: When, zone: str) -> When:
    """A minute of another zone (`Z`, `GMT`, `+0000`) as one of Shanghai."""
    offset = timedelta(0) if not zone[1:2].isdigit() else timedelta(hours=int(zone[1:3]), minutes=int(zone[-2:])) * (1 if zone[0] == "+" else -1)
    try:
        return When(when.at + timedelta(hours=8) - offset, when.precision)
    except OverflowError:
        return when


def parse(text: str) -> When | None:
    """A time as metas and JSON write it: ISO 8601 and RFC 2822 with or without zone, printed Chinese, unix seconds or milliseconds."""
    text = text.strip()[:400]
    if re.fullmatch(r"1\d{9}(?:\d{3})?", text):
        return When(datetime.fromtimestamp(int(text[:10]), ZONE), "minute")
    found = next(printed(text), None)
    if found is None:
        return None
    if found.when.precision == "minute" and re.search(r"T?00:00:00|23:59:59", text):
        return When(found.when.at.replace(hour=0, minute=0, second=0), "day")
    return found.when


def from_url(url: str) -> When | None:
    """The day an address carries."""
    path = url.split("://", 1)[-1]
    for pattern in _URL:
        for found in pattern.finditer(path[:500]):
            when = moment(*found.groups()[:3])
            if when:
                return when
    return None
