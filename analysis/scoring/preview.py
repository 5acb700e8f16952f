"""Two schemes (or two policies of one) over the same stories, side by side, before either is adopted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from analysis.scoring.assess import Assessment, Award, assess
from model.claim import Period
from model.credit import Scheme
from model.piece import Piece


@dataclass(frozen=True)
class Compared:
    """One unit under both; ranks 0 when vetoed."""

    unit_id: str
    group: str
    cents: tuple[int, int]
    pieces: tuple[int, int]
    rank: tuple[int, int]

    @property
    def change(self) -> int:
        return self.cents[1] - self.cents[0]

    @property
    def moved(self) -> int:
        """Places gained (positive) or lost."""
        return self.rank[0] - self.rank[1] if self.rank[0] and self.rank[1] else 0


@dataclass(frozen=True)
class Preview:
    now: Assessment
    then: Assessment
    units: tuple[Compared, ...]    # in the order of the new ranking
    only_now: tuple[tuple[str, int], ...]    # (unit id, article id) that would not count any more
    only_then: tuple[tuple[str, int], ...]

    @property
    def changed(self) -> int:
        """Units whose points or rank change."""
        return sum(1 for u in self.units if u.change or u.moved)


def preview(now: Scheme, then: Scheme, span: Period, stories: Sequence[Sequence[Piece]], groups: Mapping[str, str],
            awards: Sequence[Award] = (), submitted: Mapping[tuple[str, str], int] | None = None, before: str = "") -> Preview:
    """Awards of a rule that a scheme does not have are left out on its side."""
    sides = []
    for scheme in (now, then):
        rules = {rule.id for rule in scheme.awards}
        sides.append(assess(scheme, span, stories, groups, [a for a in awards if a.rule in rules], submitted, before))
    before = {s.unit_id: s for s in sides[0].standings}
    units = tuple(Compared(s.unit_id, s.group, (before[s.unit_id].cents, s.cents), (before[s.unit_id].pieces, s.pieces),
                           (before[s.unit_id].rank, s.rank)) for s in sides[1].standings)
    had, has = ({(d.unit_id, d.article_id) for d in side.drafts if d.cents} for side in sides)
    return Preview(*sides, units, tuple(sorted(had - has)), tuple(sorted(has - had)))
