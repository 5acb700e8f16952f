"""Lays out who took a story from whom as a small tree on a time line.  Values in, places on a drawing out; the template draws them.

A row is a copy, in the order of the tree; across runs time.  A line goes from the place of the source down and over to the copy.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from model.clipping import Clipping
from model.ports_stories import Step
from model.story import First

from dashboards.show import short
from dashboards.weeks import local

MOST = 80                          # copies drawn; the table beside holds all
WIDTH, ROW, TOP = 1280, 30, 38
LEFT, RIGHT = 350, 1130            # of the time line; names stand before it, times behind the dots
LABEL = 15                         # characters of an outlet's name that have room
_SLACK = timedelta(minutes=5)      # a page may be read this long before the time it prints
_STEPS = tuple(timedelta(minutes=m) for m in (5, 15, 30, 60, 120, 180, 360, 720, 1440, 2880, 10080, 43200, 129600, 525600))
_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Row:
    """One copy.  `article_id` 0: a first publication that is not held.  `parent`: number of the row it was taken from, 0 for none.

    `until`: where its day ends on the drawing, when only the day is known.  `kind`: first, copy, absent or seen (no time printed).
    """

    number: int
    article_id: int
    label: str
    kind: str
    when: str
    x: float
    y: float
    parent: int = 0
    until: float = 0.0
    path: str = ""
    early: bool = False            # the page prints a time before that of its source
    here: bool = False
    depth: int = 0


@dataclass(frozen=True)
class Drawing:
    width: int
    height: int
    rows: tuple[Row, ...]
    ticks: tuple[tuple[float, str], ...]
    left_out: int


def moment(copy: Clipping) -> tuple[datetime, str]:
    """(when, how it is known: minute, day or seen): a missing time and one after the page was read stand at when it was seen."""
    published = copy.article.published
    if published is None or published > copy.first_seen + _SLACK:
        return copy.first_seen, "seen"
    return published, "minute" if copy.article.precision == "minute" else "day"


def ordered(steps: Sequence[Step]) -> list[tuple[Step, int]]:
    """(step, depth) in the order of the tree: each copy before those that took it over."""
    known = {s.child for s in steps}
    children: dict[int | None, list[Step]] = {}
    for step in steps:
        children.setdefault(step.parent if step.parent in known else None, []).append(step)
    found, seen = [], set()
    waiting = [(s, 0) for s in reversed(children.get(None, []))]
    while waiting:
        step, depth = waiting.pop()
        if step.child not in seen:
            seen.add(step.child)
            found.append((step, depth))
            waiting += ((s, depth + 1) for s in reversed(children.get(step.child, [])))
    return found + [(s, 0) for s in steps if s.child not in seen]


def draw(tree: Sequence[tuple[Step, int]], copies: Mapping[int, Clipping], first: First, here: int) -> Drawing:
    """The drawing of a tree as `ordered` gives it; `copies` holds every article of it."""
    shown = list(tree[:MOST])
    times = {s.child: moment(copies[s.child]) for s, _ in shown}
    begin = min((at for at, _ in times.values()), default=None)
    end = max((at + _DAY if how == "day" else at for at, how in times.values()), default=None)
    absent = first.article_id is None and bool(first.outlet)
    rows: list[Row] = []
    if begin is None or end is None:
        return Drawing(WIDTH, TOP, (), (), 0)
    span = (end - begin) / timedelta(seconds=1)

    def across(at: datetime) -> float:
        return round(LEFT + (RIGHT - LEFT) * ((at - begin) / timedelta(seconds=1) / span if span else 0.5), 1)

    if absent:
        rows.append(Row(0, 0, _cut(f"《{first.outlet.strip('《》')}》"), "absent", "本库未收录", LEFT - 14, TOP + ROW / 2))
    numbers = {s.child: n for n, (s, _) in enumerate(shown, 1)}
    by_id: dict[int, Row] = {}
    for step, depth in shown:
        copy, (at, how) = copies[step.child], times[step.child]
        kind = "first" if step.child == first.article_id else "seen" if how == "seen" else "copy"
        when = f"{short(at)} 发现" if how == "seen" else local(at).strftime("%m-%d") if how == "day" else short(at)
        row = Row(numbers[step.child], step.child, _cut(copy.outlet_name or "未登记媒体"), kind, when, across(at),
                  TOP + ROW / 2 + ROW * len(rows), numbers.get(step.parent or 0, 0), across(at + _DAY) if how == "day" else 0.0,
                  here=step.child == here, depth=depth)
        source = by_id.get(step.parent or 0) or (rows[0] if absent and first.outlet in step.reason else None)
        if source is not None:
            row = replace(row, path=f"M{source.x} {source.y}V{row.y}H{row.x}", early=row.x < source.x)
        by_id[step.child] = row
        rows.append(row)
    return Drawing(WIDTH, TOP + ROW * len(rows) + 8, tuple(rows), tuple((across(at), words) for at, words in _ticks(begin, end)),
                   len(tree) - len(shown))


def _ticks(begin: datetime, end: datetime) -> list[tuple[datetime, str]]:
    """At most nine round times of Shanghai between the two."""
    step = next((s for s in _STEPS if (end - begin) / s <= 8), _STEPS[-1])
    midnight = local(begin).replace(hour=0, minute=0, second=0, microsecond=0)
    at = midnight + step * -((midnight - local(begin)) // step) if step < _DAY else midnight
    form = "%m-%d %H:%M" if step < _DAY else "%m-%d" if step < timedelta(days=300) else "%Y-%m-%d"
    found = []
    while at <= local(end) and len(found) < 9:
        if at >= local(begin):
            found.append((at, at.strftime(form)))
        at += step
    return found


def _cut(name: str) -> str:
    return name if len(name) <= LABEL else name[:LABEL - 1] + "…"
