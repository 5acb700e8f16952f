"""Rows ↔ clippings: one query for lists and single pieces, so that a clipping looks the same wherever it is read."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import Connection, Select, func, select

from model.article import Article
from model.clipping import Clipping
from model.mention import Mention
from model.opinion import Judgement
from model.page import ArchiveRef
from model.story import Edge, First, FirstState, Relation, Story
from pipelines.store.codec import loads, moment, moment_or_none, unpack
from pipelines.store.part import in_lots
from pipelines.store.tables import article, body, edge, page, story

SNIPPET = 200                      # characters of text in lists
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
_CUT = select(*_COLUMNS, func.substr(body.c.text, 1, SNIPPET).label("text")).select_from(_FROM)


def clippings_query(whole: bool) -> Select:
    """SELECT of clippings to which a caller adds its WHERE and ORDER BY; texts whole or cut."""
    return _WHOLE if whole else _CUT


def load(conn: Connection, ids: Iterable[int], whole: bool) -> dict[int, Clipping]:
    """id → clipping, for those of `ids` that are held."""
    found: dict[int, Clipping] = {}
    for lot in in_lots(list(ids)):
        found.update((r.id, clipping_of(r)) for r in conn.execute(clippings_query(whole).where(article.c.id.in_(lot))))
    return found


def load_stories(conn: Connection, story_ids: Sequence[int], whole: bool) -> list[Clipping]:
    """All copies of the stories by first_seen, then id."""
    found: list[Clipping] = []
    for lot in in_lots(list(dict.fromkeys(story_ids))):
        found += (clipping_of(r) for r in conn.execute(clippings_query(whole).where(edge.c.story_id.in_(lot))))
    return sorted(found, key=lambda c: (c.first_seen, c.id))


def clipping_of(row: Any) -> Clipping:
    piece = unpack(Article, loads(row.rest), url=row.url, canonical=row.canonical, title=row.title, text=row.text,
                   published=moment_or_none(row.published), precision=row.precision)
    return Clipping(
        id=row.id, article=piece, outlet_id=row.outlet_id, outlet_name=row.outlet_name, tier=row.tier, first_seen=moment(row.first_seen),
        page_id=row.page_id, matched=row.matched,
        mentions=tuple(unpack(Mention, m) for m in loads(row.mentions)), judgements=tuple(unpack(Judgement, j) for j in loads(row.judgements)),
        story=None if row.story_id is None else Story(row.story_id, row.story_title, _first(row), row.copies, row.highest_tier),
        edge=None if row.story_id is None else Edge(row.id, row.parent, Relation(row.relation), row.score, row.reason),
        ref=None if row.file is None else ArchiveRef(row.file, row.offset, row.page_length, row.sha256))


def story_of(row: Any) -> Story:
    """From a row of the table `story`."""
    return Story(row.id, row.title, _first(row), row.copies, row.highest_tier)


def _first(row: Any) -> First:
    return First(row.first_article_id, FirstState(row.first_state), row.first_reason, row.first_outlet)
