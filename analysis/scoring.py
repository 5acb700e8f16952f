"""Scoring: what a story earns its units under a scheme.  Values in, values out; points in hundredths."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from model.clipping import Clipping
from model.credit import OutletClass, Scheme, class_of
from model.opinion import Label
from model.outlet import Tier
from model.story import FirstState

SHANGHAI = ZoneInfo("Asia/Shanghai")


@dataclass(frozen=True)
class Draft:
    """A credit that a story deserves, before it is in the ledger."""

    unit_id: str
    article_id: int
    scheme: str
    class_id: str
    class_name: str
    cents: int
    period: str
    arithmetic: str
    reason: str
    person: str = ""

    @property
    def key(self) -> tuple:
        return (self.unit_id, self.article_id, self.scheme, self.class_id, self.cents, self.period)


def points(cents: int) -> str:
    """`600` → "6.00"."""
    return f"{'-' if cents < 0 else ''}{abs(cents) // 100}.{abs(cents) % 100:02d}"


def period_of(when: datetime) -> str:
    """The quarter of a moment in China: "2026Q4"."""
    local = when.astimezone(SHANGHAI)
    return f"{local.year}Q{(local.month + 2) // 3}"


def score(copies: Sequence[Clipping], scheme_on) -> list[Draft]:
    """What the copies of one story (all of it) earn.

    `scheme_on`: ISO day → Scheme | None.  Nothing is earned when the first publication is unknown or not held, when the
    outlet is in no class of the scheme, or, for a unit, when the piece is negative about it.
    """
    story = copies[0].story if copies else None
    first = next((c for c in copies if c.is_first), None)
    if story is None or first is None or story.first.state is FirstState.UNKNOWN:
        return []
    when = first.article.published or first.first_seen
    scheme = scheme_on(when.astimezone(SHANGHAI).date().isoformat())
    if scheme is None or scheme.reposts == "never" and first.article.is_original is False:
        return []
    counted = _counted(copies, first, scheme)
    if counted is None:
        return []
    clipping, klass = counted
    units = _units(clipping)
    drafts = []
    for position, (unit_id, how) in enumerate(units):
        cents, share = _share(klass.cents, position, len(units), scheme.split)
        if cents:
            drafts.append(Draft(
                unit_id, clipping.id, f"{scheme.id}@{scheme.version}", klass.id, klass.name, cents, period_of(when),
                f"{klass.name} {points(klass.cents)}{share} = {points(cents)}",
                f"{story.first.state.label}：{story.first.reason}；{how}", "、".join(clipping.article.correspondents)[:60]))
    return drafts


def _counted(copies: Sequence[Clipping], first: Clipping, scheme: Scheme) -> tuple[Clipping, OutletClass] | None:
    """The copy that counts under the scheme's policy for reposts, with its class."""
    pool = copies if scheme.reposts in ("highest", "highest_per_class", "sum") else [first]
    rated = [(c, k) for c in pool if (scheme.own_counts or c.tier != Tier.OWN) and (k := class_of(scheme, c.outlet_id, c.tier))]
    return max(rated, key=lambda pair: (pair[1].cents, pair[0].id == first.id), default=None)


def _units(clipping: Clipping) -> list[tuple[str, str]]:
    """(unit id, why), correspondents' units first; units the piece is negative about are left out."""
    bad = {j.unit_id for j in clipping.judgements if j.label is Label.NEGATIVE}
    order = {"correspondent": 0, "contributed": 0, "mentioned": 1}
    found: dict[str, tuple[int, str]] = {}
    for mention in clipping.mentions:
        if mention.unit_id and mention.certain and mention.unit_id not in bad:
            rank = order.get(mention.role, 1)
            why = ("供稿：" if rank == 0 else "涉及：") + f"“{mention.surface}”（{mention.how}）"
            if mention.unit_id not in found or rank < found[mention.unit_id][0]:
                found[mention.unit_id] = (rank, why)
    return [(unit, why) for unit, (_, why) in sorted(found.items(), key=lambda item: item[1][0])]


def _share(cents: int, position: int, number: int, split: str) -> tuple[int, str]:
    """What the unit at `position` of `number` gets: (cents, arithmetic).  Equal shares lose no hundredth."""
    if split == "equal" and number > 1:
        return cents // number + (1 if position < cents % number else 0), f" ÷ {number}"
    if split in ("first", "correspondent"):
        return (cents, " × 1") if position == 0 else (0, "")
    return cents, " × 1"
