"""What is asked of the search, and what it answers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
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
    note: str = ""                 # for the screen: why another than the usual engine answered
    marks: tuple[str, ...] = ()    # what was looked for, to be marked where it is shown: the words as typed, then those they were cut into


@dataclass(frozen=True)
class Counts:
    """Hits of a query in groups: name in the group → hits.  Days are of Asia/Shanghai ("2026-11-21")."""

    total: int
    days: Mapping[str, int] = field(default_factory=dict)
    tiers: Mapping[str, int] = field(default_factory=dict)
    labels: Mapping[str, int] = field(default_factory=dict)
    outlets: Mapping[str, int] = field(default_factory=dict)
    units: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class SearchServer:
    """Where Elasticsearch is; without hosts the record searches for itself."""

    hosts: tuple[str, ...] = ()    # http(s)://host:port of several nodes of one cluster
    index: str = "jianbao"         # the alias; a bureau its own
    api_key: str = ""
    ca: str = ""                   # file with the certificate of one's own authority
    timeout_s: float = 3.0
    shards: int = 1                # of each monthly index
    replicas: int = 0


@dataclass(frozen=True)
class SearchState:
    """How the search server does: `trouble` is empty while all is well."""

    engine: str
    trouble: str
    waiting: int                   # articles it has not been told of yet
    refused: int                   # documents it would not take
