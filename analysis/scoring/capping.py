"""封顶: at most so many points or pieces of a kind in each month, quarter or year for each unit."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace

from analysis.periods import label, period_of
from analysis.scoring.draft import Draft
from analysis.scoring.numbers import points
from model.credit import Scheme


def capped(drafts: Sequence[Draft], scheme: Scheme) -> list[Draft]:
    """The drafts (of any units, of all pieces in the spans concerned) with what each earns under the caps, in order of day.

    Within a span the earlier piece earns first; one that finds the room used up earns 0 and stays listed.
    """
    points_used: dict[tuple, int] = defaultdict(int)
    pieces_used: dict[tuple, int] = defaultdict(int)
    found = []
    for draft in sorted(drafts, key=lambda d: (d.day, d.article_id, d.claim_id, d.unit_id)):
        cents, words, rules = draft.full_cents, draft.full_arithmetic, list(draft.rules)
        mine = [cap for cap in scheme.caps if cap.name in draft.caps]
        for cap in mine:
            key = (draft.unit_id, cap.name, period_of(draft.day, cap.per))
            room = cents
            if cap.cents is not None:
                room = min(room, max(0, cap.cents - points_used[key]))
            if cap.pieces is not None and pieces_used[key] >= cap.pieces:
                room = 0
            if room < cents:
                span = label(period_of(draft.day, cap.per))
                limit = f"{points(cap.cents)}{scheme.measure}" if cap.cents is not None else f"{cap.pieces}篇"
                words += f"；{span}{cap.name}已计{points(points_used[key])}，封顶{limit}，计 {points(room)}"
                rules.append(f"{cap.name}封顶{limit}")
                cents = room
        for cap in mine:
            key = (draft.unit_id, cap.name, period_of(draft.day, cap.per))
            points_used[key] += cents
            pieces_used[key] += 1 if cents else 0
        found.append(replace(draft, cents=cents, arithmetic=words, rules=tuple(rules)))
    return found
