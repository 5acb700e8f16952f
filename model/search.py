"""What is asked of the search, and what it answers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class Query:
    """`words` as typed by a person; newest first unless `ranked`.  Filters are "any of"; empty means all."""

    words: str = ""
    units: tuple[str, ...] = ()
    outlets: tuple[str, ...] = ()
    tiers: tuple[str, ...] = ()
    labels: tuple[str, ...] = ()
    since: datetime | None = None
    until: datetime | None = None  # exclusive
    firsts_only: bool = False
    matched_only: bool = True
    ranked: bool = False
    page: int = 1
    per_page: int = 20


@dataclass(frozen=True)
class Hits:
    total: int
    ids: tuple[int, ...]
