"""A story: one article and all its reposts; how each pair stands to one another."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Relation(StrEnum):
    REPOST = "repost"              # same article: new title, dateline, credits, light edits, cut or extended ≥ half shared
    EXCERPT = "excerpt"            # a short cut of the article, all of it taken from there
    PARTIAL_REUSE = "partial_reuse"
    SAME_EVENT = "same_event"
    SAME_TEMPLATE = "same_template"
    BOILERPLATE_ONLY = "boilerplate_only"
    DIFFERENT = "different"

    @property
    def label(self) -> str:
        return {"repost": "转载", "excerpt": "摘登", "partial_reuse": "部分引用", "same_event": "同一事件",
                "same_template": "同一模板", "boilerplate_only": "仅套话相同", "different": "不同稿件"}[self.value]

    @property
    def joins(self) -> bool:
        """Does this relation make two articles one story?"""
        return self in (Relation.REPOST, Relation.EXCERPT)


@dataclass(frozen=True)
class Verdict:
    """The relation of two texts with its reason in words and figures; `score` 0..1 is the belief in repost."""

    relation: Relation
    score: float
    reason: str


@dataclass(frozen=True)
class Edge:
    """`child` (article id) is joined to its story because of `parent` (article id); "" parent for the founder."""

    child: int
    parent: int | None
    relation: Relation
    score: float
    reason: str


class FirstState(StrEnum):
    CONFIRMED = "confirmed"
    PROBABLE = "probable"
    UNKNOWN = "unknown"            # 首发未确认

    @property
    def label(self) -> str:
        return {"confirmed": "首发已确认", "probable": "疑似首发", "unknown": "首发未确认"}[self.value]


@dataclass(frozen=True)
class First:
    """Who published a story first and how we know.

    `article_id` None: the first publication is not held; `outlet` then names it as printed (首发为《健康报》，本库未收录).
    """

    article_id: int | None
    state: FirstState
    reason: str
    outlet: str = ""


@dataclass(frozen=True)
class Copy:
    """One copy of a story, as the judgement of first publication needs it."""

    article_id: int
    outlet_id: str
    outlet_name: str
    outlet_names: tuple[str, ...]  # name and aliases of the outlet
    tier: str
    title: str
    source: str                    # 来源 as printed
    reposted_from: str
    original_title: str
    dateline_agency: str
    dateline_own: bool
    is_original: bool | None
    published: datetime | None
    precision: str
    first_seen: datetime
    length: int
    site: str = ""                 # what the page calls its own site


@dataclass(frozen=True)
class Story:
    id: int
    title: str
    first: First
    copies: int
    highest_tier: str
