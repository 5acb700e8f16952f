"""Credits: schemes, ledger rows, standings.  Points are whole hundredths (`cents`), never floats."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Mapping


@dataclass(frozen=True)
class OutletClass:
    """A class of a scheme: outlets by id or by tier, and the base points in hundredths."""

    id: str
    name: str
    cents: int
    outlets: tuple[str, ...] = ()
    tiers: tuple[str, ...] = ()


@dataclass(frozen=True)
class Scheme:
    """A set of counting rules with its dates; a changed rule is a new version."""

    id: str
    version: str
    name: str
    since: str                     # ISO day
    until: str = ""
    classes: tuple[OutletClass, ...] = ()
    reposts: str = "first"         # first | highest | highest_per_class | sum | never
    split: str = "full"            # full | equal | first | correspondent
    own_counts: bool = False
    quota_per_month: int = 0
    extra: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True)
class LedgerRow:
    """Append-only; a correction is a counter-entry with `corrects` set."""

    id: int
    at: datetime
    unit_id: str
    article_id: int
    story_id: int
    scheme: str                    # "id@version"
    class_id: str
    class_name: str
    cents: int
    period: str                    # "2026Q4"
    arithmetic: str                # "省级 6.00 × 1 = 6.00"
    reason: str
    origin: str = "crawl"          # crawl | claim | person
    person: str = ""
    corrects: int | None = None


@dataclass(frozen=True)
class Standing:
    """One line of the ranking; `rank` follows 1-2-2-4 within `group`."""

    unit_id: str
    group: str
    cents: int
    pieces: int
    by_class: Mapping[str, int]    # class id → pieces
    rank: int


def ranked(sums: Mapping[str, tuple[int, int, Mapping[str, int]]], groups: Mapping[str, str]) -> list[Standing]:
    """Standings from unit id → (cents, pieces, by class); `groups` names every unit to be listed (zero when absent).

    Ranks are 1-2-2-4 within each group: a rank is one more than the number of units with more points.
    """
    rows = []
    for unit_id, group in groups.items():
        cents, pieces, by_class = sums.get(unit_id, (0, 0, {}))
        above = sum(1 for other, g in groups.items() if g == group and sums.get(other, (0,))[0] > cents)
        rows.append(Standing(unit_id, group, cents, pieces, dict(by_class), above + 1))
    order = list(dict.fromkeys(groups.values()))
    return sorted(rows, key=lambda r: (order.index(r.group), r.rank, -r.pieces, r.unit_id))


def class_of(scheme: Scheme, outlet_id: str, tier: str) -> OutletClass | None:
    """The class an outlet counts in: the one that names it, else the first that takes its tier, else None."""
    return (next((c for c in scheme.classes if outlet_id and outlet_id in c.outlets), None)
            or next((c for c in scheme.classes if tier in c.tiers), None))
