"""Rows ↔ clippings: one query for lists and single pieces, so that a clipping looks the same wherever it is read."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Select, bindparam, func, select

from model.article import Article
from model.clipping import Clipping
from model.mention import Mention
from model.opinion import Judgement
from model.page import ArchiveRef
from model.story import Edge, First, FirstState, Relation, Story
from pipelines.store.codec import loads, moment, moment_or_none, unpack
from pipelines.store.part import in_lots
from pipelines.store.prepared import Prepared
from pipelines.store.tables import article, body, edge, page, story

SNIPPET = 200                      # characters of text in lists
_FEW = 8                           # so many are read one by one on the hot path
IN_COLUMNS = frozenset(("url", "canonical", "title", "text", "published", "precision"))   # of Article; the rest is JSON

_COLUMNS = (
    article.c.id, article.c.url, article.c.canonical, article.c.title, article.c.outlet_id, article.c.outlet_name, article.c.tier,
    article.c.published, article.c.precision, article.c.first_seen, article.c.page_id, article.c.matched,
    body.c.rest, body.c.mentions, body.c.judgements,
    edge.c.story_id, edge.c.parent, edge.c.relation, edge.c.score, edge.c.reason,
    story.c.title.label("story_title"), story.c.first_article_id, story.c.first_state, story.c.first_reason, story.c.first_outlet,
    story.c.highest_tier, story.c.copies,
    page.c.file, page.c.offset, page.c.length.label("page_length"), page.c.sha256,
)
_FROM = article.join(body, body.c.article_id == article.c.id).outerjoin(edge, edge.c.child == article.c.id) \
    .outerjoin(story, story.c.id == edge.c.story_id).outerjoin(page, page.c.id == article.c.page_id)
_WHOLE = select(*_COLUMNS, body.c.text).select_from(_FROM)
_ONE = Prepared(_WHOLE.where(article.c.id == bindparam("article")))
_STORY = Prepared(_WHOLE.where(edge.c.story_id == bindparam("story")))
_CUT = select(*_COLUMNS, func.substr(body.c.text, 1, SNIPPET).label("text")).select_from(_FROM)


def clippings_query(whole: bool) -> Select:
    """SELECT of clippings to which a caller adds its WHERE and ORDER BY; texts whole or cut."""
    return _WHOLE if whole else _CUT


def load(conn: Connection, ids: Iterable[int], whole: bool) -> dict[int, Clipping]:
    """id → clipping, for those of `ids` that are held."""
    found: dict[int, Clipping] = {}
    ids = list(ids)
    if whole and len(ids) <= _FEW:
        rows = (_ONE.one(conn, article=i) for i in dict.fromkeys(ids))
        return {r.id: clipping_of(r) for r in rows if r is not None}
    for lot in in_lots(ids):
        found.update((r.id, clipping_of(r)) for r in conn.execute(clippings_query(whole).where(article.c.id.in_(lot))))
    return found


def load_stories(conn: Connection, story_ids: Sequence[int], whole: bool) -> list[Clipping]:
    """All copies of the stories by first_seen, then id."""
    found: list[Clipping] = []
    wanted = list(dict.fromkeys(story_ids))
    if whole and len(wanted) <= _FEW:
        found = [clipping_of(r) for s in wanted for r in _STORY.rows(conn, story=s)]
        return sorted(found, key=_age)
    for lot in in_lots(wanted):
        found += (clipping_of(r) for r in conn.execute(clippings_query(whole).where(edge.c.story_id.in_(lot))))
    return sorted(found, key=_age)


def _age(clipping: Clipping) -> tuple[datetime, int]:
    return clipping.first_seen, clipping.id


def clipping_of(row: Any) -> Clipping:
    piece = unpack(Article, loads(row.rest), url=row.url, canonical=row.canonical, title=row.title, text=row.text,
                   published=moment_or_none(row.published), precision=row.precision)
    return Clipping(
        id=row.id, article=piece, outlet_id=row.outlet_id, outlet_name=row.outlet_name, tier=row.tier, first_seen=moment(row.first_seen),
        page_id=row.page_id, matched=bool(row.matched),
        mentions=tuple(unpack(Mention, m) for m in loads(row.mentions)),
        judgements=tuple(unpack(Judgement, j) for j in loads(row.judgements)),
        story=None if row.story_id is None else Story(row.story_id, row.story_title, _first(row), row.copies, row.highest_tier),
        edge=None if row.story_id is None else Edge(row.id, row.parent, Relation(row.relation), row.score, row.reason),
        ref=None if row.file is None else ArchiveRef(row.file, row.offset, row.page_length, row.sha256))


def story_of(row: Any) -> Story:
    """From a row of the table `story`."""
    return Story(row.id, row.title, _first(row), row.copies, row.highest_tier)


def _first(row: Any) -> First:
    return First(row.first_article_id, FirstState(row.first_state), row.first_reason, row.first_outlet)
