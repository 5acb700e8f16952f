"""What one story earns its units: eligible → merge reposts → base → multipliers → split, before any cap."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from analysis.periods import period_of
from analysis.scoring.draft import Draft
from analysis.scoring.eligible import refused
from analysis.scoring.merging import POLICIES, merged
from analysis.scoring.rating import class_for, holds, rate
from analysis.scoring.splitting import divided
from model.credit import Scheme
from model.piece import Piece


def earned(pieces: Sequence[Piece], scheme_on: Callable[[str], Scheme | None], why: str = "") -> list[Draft]:
    """The drafts of one story from all its copies.  The scheme is the one of the day of its first publication (else of its earliest copy).

    `why` is put before each reason (how sure the first publication is).
    """
    if not pieces:
        return []
    first = next((p for p in pieces if p.first), None)
    scheme = scheme_on((first or min(pieces, key=lambda p: p.day)).day)
    if scheme is None:
        return []
    copies = [(p, klass) for p in pieces if not refused(p, scheme) and (klass := class_for(scheme, p))]
    found = []
    for piece, klass in merged(copies, first, scheme):
        rated = rate(piece, klass, scheme)
        for contributor, cents, words, rule in divided(rated, scheme):
            if cents:
                rules = (*rated.rules, f"转载{POLICIES[scheme.reposts]}", *((rule,) if rule else ()))
                found.append(Draft(
                    contributor.unit_id, piece.id, scheme.key, klass.id, klass.name, cents, period_of(piece.day, scheme.period), words,
                    "；".join(filter(None, (why, contributor.why))), "、".join(contributor.people)[:60], piece.day, cents, words, piece.outlet_id,
                    rules, contributor.role, contributor.claim_id or piece.claim_id,
                    tuple(c.name for c in scheme.caps if not c.awards and holds(c.when, piece, klass.id))))
    return found


def reasons(pieces: Sequence[Piece], scheme: Scheme) -> dict[int, str]:
    """article id → why a copy of the story earns nothing, for those that do not."""
    first = next((p for p in pieces if p.first), None)
    said, copies = {}, []
    for piece in pieces:
        klass = class_for(scheme, piece)
        said[piece.id] = refused(piece, scheme) or ("" if klass else "媒体不在任何一类里")
        if not said[piece.id]:
            copies.append((piece, klass))
    counted = {p.id for p, _ in merged(copies, first, scheme)}
    for piece, _ in copies:
        if piece.id not in counted:
            said[piece.id] = f"同一内容：{POLICIES[scheme.reposts]}"
        elif not piece.contributors:
            said[piece.id] = "没有确定的单位"
    return {number: why for number, why in said.items() if why}
