"""The weekly digest as values: every document is drawn from this one object, so all show the same numbers."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from model.alert import Incident
from model.credit import Standing


@dataclass(frozen=True)
class DigestItem:
    article_id: int
    story_id: int
    title: str
    outlet: str
    tier: str
    class_id: str
    class_name: str
    url: str
    published: datetime | None
    precision: str
    authors: tuple[str, ...]
    correspondents: tuple[str, ...]
    units: tuple[str, ...]         # unit labels
    is_first: bool
    first_label: str               # 首发已确认 / 疑似首发 / 首发未确认 / 转载
    copies: int
    highest_tier: str
    page_no: str = ""
    negative: bool = False


@dataclass(frozen=True)
class ClassTotal:
    class_id: str
    name: str
    pieces: int
    firsts: int
    reposts: int


@dataclass(frozen=True)
class Coverage:
    outlets: int
    read: int
    silent: tuple[str, ...]        # outlet names
    failed: tuple[str, ...]
    quarantined: int
    as_of: datetime


@dataclass(frozen=True)
class Digest:
    """`total` equals the sum of `classes[i].pieces`; each class's pieces equal its firsts plus reposts."""

    number: str                    # 〔2026〕第47期
    bureau: str
    office: str
    since: datetime
    until: datetime                # exclusive
    made_at: datetime
    total: int
    previous_total: int
    firsts: int
    reposts: int
    own_total: int                 # own platforms, counted apart
    classes: tuple[ClassTotal, ...]
    items: tuple[DigestItem, ...]
    own_items: tuple[DigestItem, ...]
    incidents: tuple[Incident, ...]
    standings: tuple[Standing, ...]
    coverage: Coverage
    unit_names: dict = field(default_factory=dict)   # unit id → label
