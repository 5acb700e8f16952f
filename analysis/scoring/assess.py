"""A whole period under a scheme, in the one order: pieces → caps → awards → sum → base points, quota, deductions → veto → rank.

The ledger holds the same result row by row; this is for previews and for checking it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from analysis.periods import label, period_of
from analysis.scoring.capping import capped
from analysis.scoring.draft import Draft
from analysis.scoring.numbers import points, rounded, times
from analysis.scoring.settling import Settled, settled
from analysis.scoring.story import earned
from model.claim import Period
from model.credit import AwardRule, Scheme, Standing
from model.ledger import ranked
from model.piece import Piece


@dataclass(frozen=True)
class Award:
    """What a person gives: a rule of the scheme to a unit; `cents` the points of the piece it multiplies, where it does."""

    unit_id: str
    rule: str
    cents: int = 0
    day: str = ""


@dataclass(frozen=True)
class Assessment:
    drafts: tuple[Draft, ...]
    awards: tuple[tuple[Award, int, str], ...]      # (award, hundredths, arithmetic)
    settled: tuple[Settled, ...]
    standings: tuple[Standing, ...]

    def cents(self, unit_id: str) -> int:
        return next((s.cents for s in self.standings if s.unit_id == unit_id), 0)

    def passed(self, unit_id: str, scheme: Scheme) -> bool:
        """Did the unit reach the pass mark (true where there is none) and escape a veto?"""
        mine = next(s for s in self.standings if s.unit_id == unit_id)
        return not mine.vetoed and (scheme.pass_cents is None or mine.cents >= scheme.pass_cents)


def award_cents(rule: AwardRule, piece_cents: int) -> tuple[int, str]:
    """(hundredths, arithmetic) of an award; a multiplying one adds what is beyond the piece's own points."""
    if rule.times is None:
        return rule.cents, f"{rule.name} {points(rule.cents)}"
    more = rounded(piece_cents * (rule.times - Fraction(1))) + rule.cents
    return more, f"{rule.name} {points(piece_cents)} × {times(rule.times)} − {points(piece_cents)}" + \
        (f" + {points(rule.cents)}" if rule.cents else "") + f" = {points(more)}"


def award_room(scheme: Scheme, rule_id: str, day: str, given: Iterable[tuple[str, str, int]], cents: int, words: str) -> tuple[int, str]:
    """(hundredths, arithmetic) of an award under the caps on awards; `given`: (rule id, day, hundredths) the unit has already."""
    given = list(given)
    for cap in (c for c in scheme.caps if rule_id in c.awards):
        span = period_of(day, cap.per)
        mine = [c for rule, on, c in given if rule in cap.awards and period_of(on, cap.per) == span]
        room = cents
        if cap.cents is not None:
            room = min(room, max(0, cap.cents - sum(mine)))
        if cap.pieces is not None and len(mine) >= cap.pieces:
            room = 0
        if room < cents:
            words, cents = f"{words}；{label(span)}{cap.name}已计{points(sum(mine))}，封顶，计 {points(room)}", room
    return cents, words


def assess(scheme: Scheme, span: Period, stories: Iterable[Sequence[Piece]], groups: Mapping[str, str], awards: Sequence[Award] = (),
           submitted: Mapping[tuple[str, str], int] | None = None, before: str = "") -> Assessment:
    """`stories`: the copies of each story; `groups`: unit id → ranking group; `submitted`: (unit id, month) → pieces handed in.

    `before`: tasks of spans that end on that ISO day or later are not asked for yet.
    """
    first, last = span.first.isoformat(), span.last.isoformat()
    drafts = [d for copies in stories for d in earned(copies, lambda day: scheme) if first <= d.day <= last and d.unit_id in groups]
    kept = capped(drafts, scheme)
    rules = {rule.id: rule for rule in scheme.awards}
    given: list[tuple[Award, int, str]] = []
    for a in awards:
        had = [(b.rule, b.day or last, c) for b, c, _ in given if b.unit_id == a.unit_id]
        given.append((a, *award_room(scheme, a.rule, a.day or last, had, *award_cents(rules[a.rule], a.cents))))
    counts: dict[tuple[str, str, str], int] = defaultdict(int)
    for draft in kept:
        counts[draft.unit_id, period_of(draft.day, "month"), "adopted"] += 1
    for (unit, month), number in (submitted or {}).items():
        counts[unit, month, "submitted"] += number
    end = settled(scheme, span, groups, counts, before)
    sums: dict[str, tuple[int, int, dict[str, int]]] = {}
    for unit in groups:
        mine = [d for d in kept if d.unit_id == unit]
        by_class: dict[str, int] = defaultdict(int)
        for d in mine:
            by_class[d.class_id] += 1
        total = sum(d.cents for d in mine) + sum(c for a, c, _ in given if a.unit_id == unit) + sum(s.cents for s in end if s.unit_id == unit)
        sums[unit] = (total, len(mine), dict(by_class))
    vetoed = {a.unit_id for a in awards if rules[a.rule].veto}
    return Assessment(tuple(kept), tuple(given), tuple(end), tuple(ranked(sums, groups, vetoed)))
