"""A day as units write it: 2026年3月5日, 2026.3.5, 3月5日 (the period's year), 20260305, 二〇二六年三月五日, an Excel serial number."""

from __future__ import annotations

import re
import unicodedata
from datetime import date, datetime, timedelta

from model.claim import Period

_CHINESE = {c: str(n) for n, c in enumerate("零一二三四五六七八九")} | {"〇": "0", "○": "0", "元": "1"}
_FULL = re.compile(r"(?<!\d)((?:19|20)\d\d|\d\d)\s{0,3}(?:年|[-/.])\s{0,3}(\d{1,2})\s{0,3}(?:月|[-/.])\s{0,3}(\d{1,2})(?!\d)")
_SOLID = re.compile(r"(?<!\d)((?:19|20)\d\d)(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])(?!\d)")
_SHORT = re.compile(r"(?<!\d)(\d{1,2})\s{0,3}(?:月|[-/.])\s{0,3}(\d{1,2})(?!\d)\s{0,2}[日号]?")
_TURNED = re.compile(r"^(\d{1,2})[-/.](\d{1,2})[-/.]((?:19|20)\d\d)(?!\d)")
_MONTH = re.compile(r"^((?:19|20)\d\d)\s{0,3}[年./-]\s{0,3}(\d{1,2})\s{0,3}月?$")
_MORE = re.compile(r"^\s{0,2}[日号]?\s{0,2}(?:至|到|—|–|~|-{1,2}|、|和|及)\s{0,2}\d{1,4}\s{0,2}(?:[日号月年./-]|$)")
PLACEHOLDER = re.compile(r"[Xx×＊*]{2,}|[Xx×]\s{0,2}[年月日]|\*{1,}\s{0,2}[年月日]|_{2,}|年\s{0,8}月\s{0,8}日|20\d?[*_Xx×＊]{1,2}")
EARLIEST, LATEST = date(2000, 1, 1), date(2099, 12, 31)
_SERIALS = (36_526, 73_050)        # 2000-01-01 … 2099-12-31 as Excel counts


def read_day(value: object, period: Period | None, epoch_1904: bool = False) -> date:
    """Raises ValueError with a Chinese reason that says what to write."""
    if isinstance(value, datetime):
        return _sane(value.date())
    if isinstance(value, date):
        return _sane(value)
    if isinstance(value, (int, float)):
        return _number(float(value), period, epoch_1904)
    text = unicodedata.normalize("NFKC", str(value or "")).strip()[:100]
    if not text:
        raise ValueError("没有填发布时间")
    if PLACEHOLDER.search(text):
        raise ValueError("发布时间还是占位符，请填实际日期")
    text = _arabic(text)
    if re.fullmatch(r"\d{5}(?:\.\d{1,12})?", text):
        return _number(float(text), period, epoch_1904)
    if found := _TURNED.search(text):
        return _turned(found)
    if found := _FULL.search(text):
        _one_day(text[found.end():])
        year, month, day = (int(g) for g in found.groups())
        return _day(year + 2000 if year < 100 else year, month, day)
    if found := _SOLID.search(text):
        return _day(*map(int, found.groups()))
    if _MONTH.match(text):
        raise ValueError("只有年月，没有日；请填到日，如 2026年3月5日")
    if found := _SHORT.search(text):
        _one_day(text[found.end():])
        return _in_period(int(found.group(1)), int(found.group(2)), period)
    raise ValueError("看不出是哪一天；请写成 2026年3月5日")


def _one_day(rest: str) -> None:
    if _MORE.match(rest.lstrip("日号 ")) or _MORE.match(rest):
        raise ValueError("一格里不止一个日期；请填该稿发布的那一天，多篇请分行填报")


def _in_period(month: int, day: int, period: Period | None) -> date:
    """Without a year it is the period's, or the one before when the month lies after the period's end."""
    if period is None:
        raise ValueError("没有年份；请写成 2026年3月5日")
    year = period.last.year
    return _day(year - 1 if (month, 1) > (period.last.month, period.last.day) else year, month, day)


def _number(value: float, period: Period | None, epoch_1904: bool) -> date:
    whole = int(value)
    if 19_000_101 <= whole <= 20_991_231:
        return _day(whole // 10_000, whole // 100 % 100, whole % 100)
    serial = whole + (1462 if epoch_1904 else 0)
    if _SERIALS[0] <= serial <= _SERIALS[1]:
        return date(1899, 12, 30) + timedelta(days=serial)
    if 1 <= value < 13 and period is not None:
        month, days = divmod(round(value * 100), 100)
        if days % 10 and days >= 10:
            return _in_period(month, days, period)
        if days >= 40 and not days % 10:
            return _in_period(month, days // 10, period)
        raise ValueError(f"“{value:g}”分不清是 {month} 月几日；请写成 {month}月5日 的样子")
    raise ValueError("看不出是哪一天；请写成 2026年3月5日")


def _turned(found: re.Match[str]) -> date:
    first, second, year = (int(g) for g in found.groups())
    if first != second and first <= 12 and second <= 12:
        raise ValueError("分不清哪个是月哪个是日；请写成 2026年3月5日")
    month, day = (second, first) if first > 12 else (first, second)
    return _day(year, month, day)


def _arabic(text: str) -> str:
    """二〇二六年三月五日 → 2026年3月5日; 十二月二十三日 → 12月23日."""
    def number(found: re.Match[str]) -> str:
        word = found.group()
        if "十" in word:
            tens, _, ones = word.partition("十")
            return (_CHINESE.get(tens, "1") if tens else "1") + (_CHINESE.get(ones, "0") if ones else "0")
        return "".join(_CHINESE[c] for c in word)
    return re.sub(r"[零〇○元一二三四五六七八九十]{1,4}(?=\s{0,2}[年月日号])", number, text)


def _day(year: int, month: int, day: int) -> date:
    try:
        return _sane(date(year, month, day))
    except ValueError as error:
        if str(error).startswith(("日期不", "发布")):
            raise
        raise ValueError(f"没有 {year}年{month}月{day}日 这一天") from None


def _sane(day: date) -> date:
    if not EARLIEST <= day <= LATEST:
        raise ValueError(f"日期不合理：{day.isoformat()}")
    return day
