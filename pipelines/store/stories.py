"""Stories: which articles are one, through which edge each came in, who was first, what a person decided."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from functools import lru_cache

from sqlalchemy import Connection, bindparam, delete, func, insert, or_, select, update

from model.article import Article
from model.clipping import Clipping
from model.story import Copy, Edge, First, FirstState, Relation, Story
from pipelines.store.codec import loads, micros, moment, moment_or_none, plain, unpack
from pipelines.store.part import StorePart, WriterPart, in_lots
from pipelines.store.prepared import Prepared
from pipelines.store.rows import load_stories, story_of
from pipelines.store.tables import article, body, edge as membership, incident_story, pin, story
from pipelines.store.upsert import put

_MINE = membership.c.story_id == bindparam("story")
_STORY_OF = Prepared(select(membership.c.story_id).where(membership.c.child == bindparam("article")))
_MEMBERS = Prepared(select(membership.c.child).where(_MINE).order_by(membership.c.child))
_COPIES = Prepared(select(article, body.c.rest).join(body, body.c.article_id == article.c.id)
                   .join(membership, membership.c.child == article.c.id).where(_MINE).order_by(article.c.first_seen, article.c.id))
_EDGES = Prepared(select(membership).where(_MINE).order_by(membership.c.child))
_NEW = Prepared(insert(story).returning(story.c.id))
_ENTER = Prepared(insert(membership))
_REASON = Prepared(update(membership).where(membership.c.child == bindparam("article")), ["parent", "relation", "score", "reason"])
_GROWN = Prepared(update(story).where(story.c.id == bindparam("story")).values(copies=story.c.copies + 1), ["updated_at"])
_DECIDED = Prepared(update(story).where(story.c.id == bindparam("story")),
                    ["title", "first_article_id", "first_state", "first_reason", "first_outlet", "highest_tier", "updated_at"])
_NOT_FIRST = Prepared(update(article).where(article.c.id.in_(select(membership.c.child).where(_MINE)),
                                            article.c.is_first).values(is_first=False))
_FIRST = Prepared(update(article).where(article.c.id == bindparam("first")).values(is_first=True))
_ANY_PIN = Prepared(select(pin.c.a).limit(1))


class StoryPart(StorePart):

    def story(self, story_id: int) -> Story | None:
        with self.db.read() as conn:
            row = conn.execute(select(story).where(story.c.id == story_id)).first()
        return story_of(row) if row else None

    def story_copies(self, story_id: int) -> list[Clipping]:
        """By first_seen; texts cut."""
        with self.db.read() as conn:
            return load_stories(conn, [story_id], whole=False)


class StoryWriter(WriterPart):

    def story_of(self, article_id: int) -> int | None:
        return _STORY_OF.value(self.conn, article=article_id)

    def members(self, story_id: int) -> list[int]:
        """Article ids, ascending."""
        return [r.child for r in _MEMBERS.rows(self.conn, story=story_id)]

    def copies(self, story_id: int) -> list[Copy]:
        """By first_seen.  `outlet_names` holds the outlet's name alone: aliases are the caller's to add."""
        return [_copy(r) for r in _COPIES.rows(self.conn, story=story_id)]

    def edges(self, story_id: int) -> list[Edge]:
        return [Edge(r.child, r.parent, Relation(r.relation), r.score, r.reason) for r in _EDGES.rows(self.conn, story=story_id)]

    def new_story(self, title: str, now: datetime) -> int:
        return _NEW.value(self.conn, title=plain(title), first_article_id=None, first_state=FirstState.UNKNOWN.value,
                          first_reason="", first_outlet="", highest_tier="unknown", copies=0, created_at=micros(now),
                          updated_at=micros(now))

    def join(self, story_id: int, edge: Edge, now: datetime) -> None:
        held = self.story_of(edge.child)
        fields = {"parent": edge.parent, "relation": str(edge.relation), "score": edge.score, "reason": plain(edge.reason)}
        if held == story_id:
            _REASON.run(self.conn, article=edge.child, **fields)
            return
        if held is not None:
            leave(self.conn, edge.child, now)
        _ENTER.run(self.conn, child=edge.child, story_id=story_id, joined_at=micros(now), **fields)
        _GROWN.run(self.conn, story=story_id, updated_at=micros(now))

    def set_first(self, story_id: int, first: First, title: str, highest_tier: str) -> None:
        _DECIDED.run(self.conn, story=story_id, title=plain(title), first_article_id=first.article_id, first_state=first.state.value,
                     first_reason=plain(first.reason), first_outlet=plain(first.outlet), highest_tier=str(highest_tier),
                     updated_at=micros(self.clock.now()))
        _NOT_FIRST.run(self.conn, story=story_id)
        if first.article_id is not None:
            _FIRST.run(self.conn, first=first.article_id)

    def pins(self, article_ids: Sequence[int]) -> list[tuple[int, int, str]]:
        found: set[tuple[int, int, str]] = set()
        if _ANY_PIN.one(self.conn) is None:    # as good as always
            return []
        for lot in in_lots(list(article_ids)):
            rows = self.conn.execute(select(pin.c.a, pin.c.b, pin.c.kind).where(or_(pin.c.a.in_(lot), pin.c.b.in_(lot))))
            found.update((r.a, r.b, r.kind) for r in rows)
        return sorted(found)

    def pin(self, a: int, b: int, kind: str, who: str, now: datetime) -> None:
        if kind not in ("split", "merge") or a == b:
            raise ValueError(f"no such decision about {a} and {b}: {kind}")
        put(self.conn, pin, {"a": min(a, b), "b": max(a, b), "kind": kind, "who": who, "at": micros(now)})


def leave(conn: Connection, article_id: int, now: datetime) -> None:
    """Take the article out of its story; a story left empty goes, one that lost its first no longer knows who was first."""
    story_id = _STORY_OF.value(conn, article=article_id)
    if story_id is None:
        return
    conn.execute(delete(membership).where(membership.c.child == article_id))
    conn.execute(update(article).where(article.c.id == article_id).values(is_first=False))
    left = conn.execute(select(func.count()).select_from(membership).where(membership.c.story_id == story_id)).scalar_one()
    if not left:
        conn.execute(delete(incident_story).where(incident_story.c.story_id == story_id))
        conn.execute(delete(story).where(story.c.id == story_id))
        return
    conn.execute(update(story).where(story.c.id == story_id).values(copies=left, updated_at=micros(now)))
    conn.execute(update(story).where(story.c.id == story_id, story.c.first_article_id == article_id).values(
        first_article_id=None, first_state=FirstState.UNKNOWN.value, first_reason="", first_outlet=""))


@lru_cache(maxsize=4096)
def _rest(packed: str) -> Article:
    """A story's copies are read with each that joins: what was read before is not taken apart again."""
    return unpack(Article, loads(packed), url="", canonical="", title="", text="")


def _copy(row: object) -> Copy:
    rest = _rest(row.rest)
    return Copy(
        article_id=row.id, outlet_id=row.outlet_id, outlet_name=row.outlet_name, outlet_names=(row.outlet_name,), tier=row.tier,
        title=row.title,
        source=rest.source, reposted_from=rest.reposted_from, original_title=rest.original_title,
        dateline_agency=rest.dateline.agency if rest.dateline else "", dateline_own=bool(rest.dateline and rest.dateline.own),
        is_original=rest.is_original, published=moment_or_none(row.published), precision=row.precision, first_seen=moment(row.first_seen),
        length=row.length, site=rest.site)
