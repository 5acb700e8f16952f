"""Scoring: what pieces earn their units under a scheme.  Values in, values out; points in hundredths, never floats.

The order is fixed: eligible → merge reposts → base → multipliers → split → bonuses → caps → sum → quota, deductions → veto → rank.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from analysis.periods import period_of
from analysis.scoring.assess import Assessment, Award, assess, award_cents, award_room
from analysis.scoring.capping import capped
from analysis.scoring.draft import Draft
from analysis.scoring.numbers import points
from analysis.scoring.preview import Preview, preview
from analysis.scoring.reading import pieces_of
from analysis.scoring.settling import settled, shortfalls
from analysis.scoring.story import earned, reasons
from model.clipping import Clipping
from model.credit import Scheme
from model.outlet import Outlet
from model.story import FirstState

__all__ = ["Assessment", "Award", "Draft", "Preview", "assess", "award_cents", "award_room", "capped", "earned", "period_of", "pieces_of", "points", "preview",
           "reasons", "score", "settled", "shortfalls"]


def score(copies: Sequence[Clipping], scheme_on: Callable[[str], Scheme | None],
          outlet_of: Callable[[str], Outlet | None] = lambda outlet_id: None) -> list[Draft]:
    """What the copies of one story (all of it, whole texts) earn before caps.

    Nothing is earned when the first publication is unknown or not held, when the outlet is in no class of the scheme, or, for a
    unit, when the piece is negative about it.
    """
    story = copies[0].story if copies else None
    if story is None or story.first.state is FirstState.UNKNOWN or not any(c.is_first for c in copies):
        return []
    return earned(pieces_of(copies, outlet_of), scheme_on, f"{story.first.state.label}：{story.first.reason}")
