"""What people decided about unit names, by the address of the article: it outlives re-runs and new article numbers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, func, insert, select

from model.clipping import Clipping
from model.resolution import Resolution, open_name
from pipelines.store.codec import dumps, loads, micros, moment, plain
from pipelines.store.part import StorePart, WriterPart, url_hash
from pipelines.store.prepared import Prepared
from pipelines.store.rows import load
from pipelines.store.tables import article, edge
from pipelines.store.tables_names import resolution

MOST = 50                # copies still open that are read
_OF_ARTICLE = Prepared(select(resolution).where(resolution.c.canonical_hash == bindparam("key")).order_by(resolution.c.id))

_IN_STORY = edge.c.story_id == bindparam("story")
_OF_STORY = Prepared(select(resolution).join(article, article.c.canonical_hash == resolution.c.canonical_hash)
                     .join(edge, edge.c.child == article.c.id)
                     .where(_IN_STORY, article.c.id != bindparam("besides")).order_by(resolution.c.id))
_DENIED = Prepared(select(resolution.c.id, resolution.c.canonical, article.c.id.label("article_id"))
                   .join(article, article.c.canonical_hash == resolution.c.canonical_hash)
                   .where(resolution.c.surface == bindparam("surface"), resolution.c.unit_id == "")
                   .order_by(resolution.c.id.desc()).limit(MOST))
_OPEN = Prepared(select(article.c.id).join(edge, edge.c.child == article.c.id)
                 .where(_IN_STORY, article.c.id != bindparam("besides"), article.c.unresolved).limit(MOST))


class ResolutionPart(StorePart):

    def resolutions(self, canonical: str) -> Mapping[str, Resolution]:
        """Name as printed → what stands about it in the article."""
        with self.db.read() as conn:
            return _standing(_OF_ARTICLE.rows(conn, key=url_hash(canonical)))

    def newest_resolutions(self, limit: int = 50) -> list[tuple[Resolution, int]]:
        """(what stands about a name, number of its article), newest first."""
        newest = select(func.max(resolution.c.id)).group_by(resolution.c.canonical_hash, resolution.c.surface)
        wanted = select(resolution, article.c.id.label("article_id")) \
            .join(article, article.c.canonical_hash == resolution.c.canonical_hash) \
            .where(resolution.c.id.in_(newest)).order_by(resolution.c.id.desc()).limit(limit)
        with self.db.read() as conn:
            return [(_resolution(r), r.article_id) for r in conn.execute(wanted)]

    def unresolved_count(self) -> int:
        """Clippings that have a mention left for a person."""
        with self.db.read() as conn:
            return conn.execute(select(func.count()).select_from(article).where(article.c.unresolved)).scalar_one()


class ResolutionWriter(WriterPart):

    def resolutions(self, canonical: str) -> Mapping[str, Resolution]:
        return _standing(_OF_ARTICLE.rows(self.conn, key=url_hash(canonical)))

    def chosen(self, story_id: int, article_id: int) -> Mapping[str, Resolution]:
        """Name as printed → what people chose for the other copies of the story, where they chose the same for all and left none open."""
        rows = _OF_STORY.rows(self.conn, story=story_id, besides=article_id)
        standing = {(r.canonical, r.surface): _resolution(r) for r in rows}
        chosen: dict[str, Resolution] = {}
        units: dict[str, set[str]] = {}
        for choice in standing.values():
            chosen[choice.surface] = choice
            units.setdefault(choice.surface, set()).add(choice.unit_id)
        if not chosen:
            return {}
        left = load(self.conn, [r.id for r in _OPEN.rows(self.conn, story=story_id, besides=article_id)], whole=True).values()
        still_open = {m.surface for c in left for m in c.mentions if open_name(m)}
        return {s: c for s, c in chosen.items() if len(units[s]) == 1 and s not in still_open}

    def denied(self, surface: str) -> list[tuple[Resolution, Clipping]]:
        """What people last said of the name that is none of ours, newest first, with the articles, which are in no story any more."""
        rows = _DENIED.rows(self.conn, surface=surface)
        held = load(self.conn, [r.article_id for r in rows], whole=True)
        standing = ((self.resolutions(r.canonical).get(surface), r) for r in rows)
        return [(choice, held[r.article_id]) for choice, r in standing if choice and choice.id == r.id and r.article_id in held]

    def resolve(self, canonical: str, surface: str, unit_id: str, who: str, now: datetime, every: bool, candidates: Sequence[str]) -> int:
        return self.conn.execute(insert(resolution).values(
            canonical_hash=url_hash(canonical), canonical=plain(canonical), surface=plain(surface), unit_id=unit_id, who=plain(who),
            at=micros(now), every=every, candidates=dumps(list(candidates)))).inserted_primary_key[0]


def _standing(rows: Sequence[Any]) -> dict[str, Resolution]:
    return {r.surface: _resolution(r) for r in rows}


def _resolution(row: Any) -> Resolution:
    return Resolution(row.id, row.canonical, row.surface, row.unit_id, row.who, moment(row.at), bool(row.every),
                      tuple(loads(row.candidates)))
