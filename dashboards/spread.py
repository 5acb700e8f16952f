"""How a story spread: copies by hour (by day when it took longer than three days) and class.  Chart and table are the same numbers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from model.clipping import Clipping
from model.credit import Scheme

from dashboards.chain import moment
from dashboards.classes import OTHER, class_of
from dashboards.weeks import local

MOST_HOURS = 72
MOST_DAYS = 92                     # a longer row of days leaves out the empty ones
_HOUR, _DAY = timedelta(hours=1), timedelta(days=1)


@dataclass(frozen=True)
class Spread:
    """`rows`: (label, a number a class); `names`: the classes, highest first; `unit`: 小时 or 日."""

    unit: str
    names: tuple[str, ...]
    rows: tuple[tuple[str, tuple[int, ...]], ...]

    @property
    def totals(self) -> tuple[int, ...]:
        return tuple(sum(numbers[k] for _, numbers in self.rows) for k in range(len(self.names)))

    @property
    def chart(self) -> dict[str, object]:
        return {"kind": "hours", "axis": [label for label, _ in self.rows],
                "series": [{"name": name, "data": [numbers[k] for _, numbers in self.rows]} for k, name in enumerate(self.names)]}


def spread(copies: Sequence[Clipping], scheme: Scheme | None) -> Spread:
    """Copies with only a day stand before the hours of that day, in a place of their own."""
    times = [moment(c) for c in copies]
    marks = [at for at, _ in times]
    hours = bool(marks) and max(marks) - min(marks) <= MOST_HOURS * _HOUR
    order = [c.id for c in scheme.classes] if scheme else []
    classes = [class_of(scheme, c.outlet_id, c.tier) for c in copies]
    kinds = sorted(set(classes), key=lambda k: (k == OTHER, order.index(k[0]) if k[0] in order else len(order)))
    counted: Counter[tuple[tuple[datetime, bool], tuple[str, str]]] = Counter()
    for (at, how), kind in zip(times, classes):
        counted[_place(at, how, hours), kind] += 1
    places = sorted({p for p, _ in counted} | _between([p[0] for p, _ in counted if p[1] or not hours], _HOUR if hours else _DAY))
    return Spread("小时" if hours else "日", tuple(name for _, name in kinds),
                  tuple((_label(p, hours), tuple(counted[p, k] for k in kinds)) for p in places))


def _place(at: datetime, how: str, hours: bool) -> tuple[datetime, bool]:
    """(begin of the hour or day, is it an hour)"""
    there = local(at).replace(minute=0, second=0, microsecond=0)
    return (there, True) if hours and how != "day" else (there.replace(hour=0), False)


def _between(marks: Sequence[datetime], step: timedelta) -> set[tuple[datetime, bool]]:
    """The empty places from the first to the last, unless they are too many."""
    if not marks or (max(marks) - min(marks)) / step > max(MOST_HOURS, MOST_DAYS):
        return set()
    return {(min(marks) + step * n, step == _HOUR) for n in range(int((max(marks) - min(marks)) / step))}


def _label(place: tuple[datetime, bool], hours: bool) -> str:
    at, hour = place
    return at.strftime("%m-%d %H时") if hour else at.strftime("%m-%d（未注明时刻）" if hours else "%Y-%m-%d")
