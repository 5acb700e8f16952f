"""The search over what is held: newest first by published (or first seen), ranked only when asked.

Words are looked up in the index of clippings; articles that name nobody of ours are not in it: with `matched_only` off those still
kept are looked through as plain text, which is slow and rare (a new unit or word looking back).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from types import ModuleType

from sqlalchemy import ColumnElement, Select, String, and_, cast, exists, func, literal, not_, or_, select, union_all

from model.search import Counts, Hits, Query
from pipelines.store import words_of
from pipelines.store.clippings import _DAY as DAY, _SHANGHAI as SHANGHAI, _iso_day as iso_day
from pipelines.store.codec import micros, plain
from pipelines.store.part import StorePart
from pipelines.store.tables import article, article_unit, body
from pipelines.store.typed import Typed, typed

_MAX_PER_PAGE = 500


class SearchPart(StorePart):
    cut_query: Callable[[str], str]

    def search(self, query: Query) -> Hits:
        asked, words = typed(query.words, self.cut_query), words_of.engine(self.db.engine.dialect.name)
        if asked.hopeless:
            return Hits(0, ())
        where = and_(True, *_filters(query), *_said(words, asked, query.matched_only))
        per_page = max(1, min(_MAX_PER_PAGE, query.per_page))
        first = (max(1, query.page) - 1) * per_page
        order = [article.c.sort_at.desc(), article.c.id.desc()]
        ids: Select = select(article.c.id).where(where)
        if query.ranked and asked.wanted and query.matched_only:
            scored = words.scored(asked)
            ids = select(article.c.id).join(scored, scored.c.id == article.c.id).where(and_(True, *_filters(query), *words.without(asked)))
            order = [scored.c.score, *order]
        with self.db.read() as conn:
            total = conn.execute(select(func.count()).select_from(article).where(where)).scalar_one()
            page = conn.execute(ids.order_by(*order).limit(per_page).offset(first)).scalars() if total > first else ()
            return Hits(total, tuple(page), marks=asked.marks)

    def counts(self, query: Query, most: int = 200) -> Counts:
        """`model.ports.Search.counts`, in one statement."""
        asked, words = typed(query.words, self.cut_query), words_of.engine(self.db.engine.dialect.name)
        if asked.hopeless:
            return Counts(0)
        where = and_(True, *_filters(replace(query, matched_only=True)), *_said(words, asked, True))
        fields = (article.c.id, article.c.tier, article.c.label, article.c.outlet_id, ((article.c.sort_at + SHANGHAI) // DAY).label("day"))
        hits = select(*fields).where(where).cte("hits")
        in_units = select(article_unit.c.unit_id.label("name"), func.count().label("n")).join(hits, hits.c.id == article_unit.c.article_id)
        groups = {"units": in_units.group_by(article_unit.c.unit_id), **{
            kind: select(cast(column, String).label("name"), func.count().label("n")).group_by(column)
            for kind, column in (("tiers", hits.c.tier), ("labels", hits.c.label), ("outlets", hits.c.outlet_id), ("days", hits.c.day))}}
        parts = [select(literal(kind).label("kind"), group.c.name, group.c.n)
                 for kind, group in ((kind, rows.subquery(kind)) for kind, rows in groups.items())]
        total = select(func.count()).select_from(hits).scalar_subquery()
        whole = union_all(select(literal("").label("kind"), literal("").label("name"), total.label("n")), *parts)
        held: dict[str, list[tuple[str, int]]] = {kind: [] for kind in ("", *groups)}
        with self.db.read() as conn:
            for kind, name, n in conn.execute(whole):
                held[kind].append((iso_day(int(name)) if kind == "days" else name, n))
        return Counts(held.pop("")[0][1], **{kind: _most(rows, most, kind == "days") for kind, rows in held.items()})


def _most(rows: list[tuple[str, int]], most: int, all_of_them: bool) -> dict[str, int]:
    """The greatest first; of days every one, in their order."""
    return dict(sorted(rows) if all_of_them else sorted(rows, key=lambda r: (-r[1], r[0]))[:most])


def _said(words: ModuleType, asked: Typed, matched_only: bool) -> list[ColumnElement[bool]]:
    indexed = [*words.matching(asked), *words.without(asked)]
    if matched_only or not indexed:
        return indexed
    whole = article.c.title + "\n" + body.c.text
    has = [words.place(whole, w) > 0 for w in asked.plain_words] + [words.place(whole, w) == 0 for w in asked.plain_excluded]
    return [or_(and_(article.c.matched, *indexed),
                and_(not_(article.c.matched), article.c.has_text, exists().where(body.c.article_id == article.c.id, *has)))]


def _filters(query: Query) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = [article.c.matched] if query.matched_only else []
    if query.units:
        found.append(article.c.id.in_(select(article_unit.c.article_id).where(article_unit.c.unit_id.in_([plain(u) for u in query.units]))))
    for field, values in ((article.c.outlet_id, query.outlets), (article.c.tier, query.tiers), (article.c.label, query.labels)):
        if values:
            found.append(field.in_([plain(str(v)) for v in values]))
    if query.since is not None:
        found.append(article.c.sort_at >= micros(query.since))
    if query.until is not None:
        found.append(article.c.sort_at < micros(query.until))
    if query.firsts_only:
        found.append(article.c.is_first)
    return found
