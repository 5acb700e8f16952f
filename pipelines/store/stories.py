"""Stories: which articles are one, through which edge each came in, who was first, what a person decided."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, bindparam, delete, func, insert, or_, select, update

from model.article import Article
from model.clipping import Clipping
from model.story import Copy, Edge, First, FirstState, Relation, Story
from pipelines.store.codec import loads, micros, moment, moment_or_none, plain, unpack
from pipelines.store.part import StorePart, WriterPart, in_lots
from pipelines.store.rows import load_stories, story_of
from pipelines.store.tables import article, body, edge as membership, incident_story, pin, story
from pipelines.store.upsert import put

_STORY_OF = select(membership.c.story_id).where(membership.c.child == bindparam("child"))
_MEMBERS = select(membership.c.child).where(membership.c.story_id == bindparam("story")).order_by(membership.c.child)
_COPIES = select(article, body.c.rest).join(body, body.c.article_id == article.c.id).join(membership, membership.c.child == article.c.id) \
    .where(membership.c.story_id == bindparam("story")).order_by(article.c.first_seen, article.c.id)
_GROWN = update(story).where(story.c.id == bindparam("story")).values(copies=story.c.copies + 1, updated_at=bindparam("at"))
_NOT_FIRST = update(article).where(article.c.is_first, article.c.id.in_(select(membership.c.child).where(membership.c.story_id == bindparam("story")))).values(is_first=False)
_FIRST = update(article).where(article.c.id == bindparam("first")).values(is_first=True)


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
        return self.conn.execute(_STORY_OF, {"child": article_id}).scalar()

    def members(self, story_id: int) -> list[int]:
        """Article ids, ascending."""
        return list(self.conn.execute(_MEMBERS, {"story": story_id}).scalars())

    def copies(self, story_id: int) -> list[Copy]:
        """By first_seen.  `outlet_names` holds the outlet's name alone: aliases are the caller's to add."""
        return [_copy(r) for r in self.conn.execute(_COPIES, {"story": story_id})]

    def edges(self, story_id: int) -> list[Edge]:
        rows = self.conn.execute(select(membership).where(membership.c.story_id == story_id).order_by(membership.c.child))
        return [Edge(r.child, r.parent, Relation(r.relation), r.score, r.reason) for r in rows]

    def new_story(self, title: str, now: datetime) -> int:
        return self.conn.execute(insert(story), {
            "title": plain(title), "first_article_id": None, "first_state": FirstState.UNKNOWN.value, "first_reason": "", "first_outlet": "",
            "highest_tier": "unknown", "copies": 0, "created_at": micros(now), "updated_at": micros(now)}).inserted_primary_key[0]

    def join(self, story_id: int, edge: Edge, now: datetime) -> None:
        held = self.story_of(edge.child)
        fields = {"parent": edge.parent, "relation": str(edge.relation), "score": edge.score, "reason": plain(edge.reason)}
        if held == story_id:
            self.conn.execute(update(membership).where(membership.c.child == edge.child).values(**fields))
            return
        if held is not None:
            leave(self.conn, edge.child, now)
        self.conn.execute(insert(membership), {"child": edge.child, "story_id": story_id, "joined_at": micros(now), **fields})
        self.conn.execute(_GROWN, {"story": story_id, "at": micros(now)})

    def set_first(self, story_id: int, first: First, title: str, highest_tier: str) -> None:
        self.conn.execute(update(story).where(story.c.id == story_id).values(
            title=plain(title), first_article_id=first.article_id, first_state=first.state.value, first_reason=plain(first.reason),
            first_outlet=plain(first.outlet), highest_tier=str(highest_tier), updated_at=micros(self.clock.now())))
        self.conn.execute(_NOT_FIRST, {"story": story_id})
        if first.article_id is not None:
            self.conn.execute(_FIRST, {"first": first.article_id})

    def pins(self, article_ids: Sequence[int]) -> list[tuple[int, int, str]]:
        found = set()
        for lot in in_lots(list(article_ids)):
            rows = self.conn.execute(select(pin.c.a, pin.c.b, pin.c.kind).where(or_(pin.c.a.in_(lot), pin.c.b.in_(lot))))
            found.update(rows.tuples())
        return sorted(tuple(f) for f in found)

    def pin(self, a: int, b: int, kind: str, who: str, now: datetime) -> None:
        if kind not in ("split", "merge") or a == b:
            raise ValueError(f"no such decision about {a} and {b}: {kind}")
        put(self.conn, pin, {"a": min(a, b), "b": max(a, b), "kind": kind, "who": who, "at": micros(now)})


def leave(conn: Connection, article_id: int, now: datetime) -> None:
    """Take the article out of its story; a story left empty goes, one that lost its first no longer knows who was first."""
    story_id = conn.execute(_STORY_OF, {"child": article_id}).scalar()
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


def _copy(row: object) -> Copy:
    rest = unpack(Article, loads(row.rest), url="", canonical="", title="", text="")
    return Copy(
        article_id=row.id, outlet_id=row.outlet_id, outlet_name=row.outlet_name, outlet_names=(row.outlet_name,), tier=row.tier, title=row.title,
        source=rest.source, reposted_from=rest.reposted_from, original_title=rest.original_title,
        dateline_agency=rest.dateline.agency if rest.dateline else "", dateline_own=bool(rest.dateline and rest.dateline.own),
        is_original=rest.is_original, published=moment_or_none(row.published), precision=row.precision, first_seen=moment(row.first_seen),
        length=row.length)
