"""The part of a store's transaction that placing stories needs, in memory: for evaluation runs over whole streams."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from model.clipping import Clipping, Signature
from model.story import Copy, Edge, First


@dataclass
class _Kept:
    title: str
    edges: dict[int, Edge] = field(default_factory=dict)
    first: First | None = None
    tier: str = ""


class StoryMemory:
    """Holds clippings and stories; the methods and their meaning are those of `model.ports.Writer`."""

    def __init__(self) -> None:
        self.held: dict[int, Clipping] = {}
        self.signatures: list[Signature] = []
        self.stories: dict[int, _Kept] = {}
        self.home: dict[int, int] = {}
        self.pinned: list[tuple[int, int, str]] = []
        self.made = 0

    def keep(self, clipping: Clipping, signature: Signature) -> None:
        self.held[clipping.id] = clipping
        self.signatures.append(signature)

    def signatures_after(self, article_id: int) -> list[Signature]:
        newer = []
        for signature in reversed(self.signatures):
            if signature.article_id <= article_id:
                break
            newer.append(signature)
        return newer[::-1]

    def texts(self, ids: Sequence[int]) -> dict[int, Clipping]:
        return {i: self.held[i] for i in ids if i in self.held}

    def story_of(self, article_id: int) -> int | None:
        return self.home.get(article_id)

    def members(self, story_id: int) -> list[int]:
        return sorted(self.stories[story_id].edges) if story_id in self.stories else []

    def copies(self, story_id: int) -> list[Copy]:
        return [self._copy(self.held[i]) for i in self.members(story_id)]

    @staticmethod
    def _copy(held: Clipping) -> Copy:
        article = held.article
        return Copy(held.id, held.outlet_id, held.outlet_name, (held.outlet_name,), held.tier, article.title, article.source,
                    article.reposted_from, article.original_title, article.dateline.agency if article.dateline else "",
                    bool(article.dateline and article.dateline.own), article.is_original, article.published, article.precision,
                    held.first_seen, len(article.text), article.site)

    def edges(self, story_id: int) -> list[Edge]:
        return [e for _, e in sorted(self.stories[story_id].edges.items())] if story_id in self.stories else []

    def new_story(self, title: str, now: datetime) -> int:
        self.made += 1
        self.stories[self.made] = _Kept(title)
        return self.made

    def join(self, story_id: int, edge: Edge, now: datetime) -> None:
        old = self.home.get(edge.child)
        if old is not None and old != story_id:
            del self.stories[old].edges[edge.child]
            if not self.stories[old].edges:
                del self.stories[old]
        self.stories[story_id].edges[edge.child] = edge
        self.home[edge.child] = story_id

    def set_first(self, story_id: int, first: First, title: str, highest_tier: str) -> None:
        kept = self.stories[story_id]
        kept.first, kept.title, kept.tier = first, title, highest_tier

    def pins(self, article_ids: Sequence[int]) -> list[tuple[int, int, str]]:
        wanted = set(article_ids)
        return [p for p in self.pinned if p[0] in wanted or p[1] in wanted]

    def pin(self, a: int, b: int, kind: str, who: str, now: datetime) -> None:
        self.pinned = [p for p in self.pinned if {p[0], p[1]} != {a, b}] + [(a, b, kind)]
