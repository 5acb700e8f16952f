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
