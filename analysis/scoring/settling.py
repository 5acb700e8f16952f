"""What is settled once a period: base points, tasks not fulfilled, too little adopted.  Pure; a person's awards are rows already."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from analysis.periods import label, months, windows
from analysis.scoring.numbers import points, times
from model.claim import Period
from model.credit import Scheme, Shortfall

_COUNTS = {"submitted": "报送", "adopted": "采用"}


@dataclass(frozen=True)
class Settled:
    """A row to be booked: `kind` start, quota or rate."""

    unit_id: str
    kind: str
    name: str
    cents: int
    arithmetic: str
    reason: str


def shortfalls(scheme: Scheme, span: Period, groups: Mapping[str, str], counts: Mapping[tuple[str, str, str], int], before: str = "") -> list[Shortfall]:
    """Who is under quota in the spans that end in the period; with `before` (ISO day) only in those that ended before it.

    `counts`: (unit id, month "2026M10", "submitted" | "adopted") → pieces.  A quota of 0 asks for nothing.
    """
    found = []
    for quota in scheme.tasks:
        for window in _over(windows(span, quota.per), before):
            for unit_id, group in groups.items():
                needed = quota.of(group)
                had = sum(counts.get((unit_id, month, quota.counts), 0) for month in months(window))
                if had < needed:
                    found.append(Shortfall(unit_id, window.label, quota.counts, needed, had, -quota.cents * (needed - had)))
    return found


def settled(scheme: Scheme, span: Period, groups: Mapping[str, str], counts: Mapping[tuple[str, str, str], int], before: str = "") -> list[Settled]:
    """The rows that the end of the period makes, in order of unit; with `before` as it would be on that day."""
    found: list[Settled] = []
    if scheme.start_cents:
        for window in windows(span, scheme.start_per, "first"):
            found += [Settled(unit, "start", "基础分", scheme.start_cents, f"基础分 {points(scheme.start_cents)}", f"{window.label}基础分")
                      for unit in groups]
    for short in shortfalls(scheme, span, groups, counts, before):
        if short.cents:
            each = short.cents // short.missing
            found.append(Settled(short.unit_id, "quota", "任务扣分", short.cents, f"缺 {short.missing} × {points(-each)} = {points(short.cents)}",
                                 f"{short.label}应{_COUNTS[short.counts]}{short.needed}篇，实{_COUNTS[short.counts]}{short.had}篇"))
    if scheme.low_rate:
        found += _low(scheme, span, groups, counts, before)
    order = list(groups)
    return sorted(found, key=lambda s: order.index(s.unit_id))


def _over(held: list[Period], before: str) -> list[Period]:
    return [w for w in held if not before or w.last.isoformat() < before]


def _low(scheme: Scheme, span: Period, groups: Mapping[str, str], counts: Mapping[tuple[str, str, str], int], before: str) -> list[Settled]:
    rule, found = scheme.low_rate, []
    for window in _over(windows(span, rule.per), before):
        for unit in groups:
            handed, taken = (sum(counts.get((unit, month, what), 0) for month in months(window)) for what in ("submitted", "adopted"))
            if handed and taken < rule.below * handed:
                percent = times(rule.below * 100)
                found.append(Settled(unit, "rate", "采用率扣分", -abs(rule.cents), f"采用率低于{percent}% {points(-abs(rule.cents))}",
                                     f"{label(window.id)}报送{handed}篇，采用{taken}篇"))
    return found
