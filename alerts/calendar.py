"""Working days of China: the national calendar with its swapped days (调休), and the days a bureau lists itself.

Beyond the published calendar a day is guessed from the day of the week, and says so.
"""

from __future__ import annotations

from datetime import date, timedelta

import chinese_calendar

from model.duty import CalendarDay, DayKind, DutyRules

_NAMES = {"New Year's Day": "元旦", "Spring Festival": "春节", "Tomb-sweeping Day": "清明节", "Labour Day": "劳动节",
          "Dragon Boat Festival": "端午节", "National Day": "国庆节", "Mid-autumn Festival": "中秋节",
          "Anti-Fascist 70th Day": "抗战胜利纪念日"}


def day_of(day: date, rules: DutyRules = DutyRules()) -> CalendarDay:
    """What day it is: the bureau's own list before the national calendar."""
    iso = day.isoformat()
    if iso in rules.holidays:
        return CalendarDay(day, DayKind.HOLIDAY, "本单位放假")
    if iso in rules.workdays:
        return CalendarDay(day, DayKind.SWAPPED if day.weekday() >= 5 else DayKind.WORK)
    try:
        off, name = chinese_calendar.get_holiday_detail(day)
    except NotImplementedError:        # a year whose calendar this program does not hold
        return CalendarDay(day, DayKind.WEEKEND if day.weekday() >= 5 else DayKind.WORK, certain=False)
    shown = _NAMES.get(name or "", name or "")
    if off:
        return CalendarDay(day, DayKind.HOLIDAY if name else DayKind.WEEKEND, shown)
    return CalendarDay(day, DayKind.SWAPPED if day.weekday() >= 5 else DayKind.WORK, shown)


def days(since: date, number: int, rules: DutyRules = DutyRules()) -> list[CalendarDay]:
    return [day_of(since + timedelta(days=n), rules) for n in range(number)]
