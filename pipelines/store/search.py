"""The search over what is held: newest first by published (or first seen), ranked only when asked.

Words are looked up in the index of clippings; articles that name nobody of ours are not in it: with `matched_only` off those still
kept are looked through as plain text, which is slow and rare (a new unit or word looking back).
"""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy import ColumnElement, Select, and_, exists, func, not_, or_, select, text
from sqlalchemy.sql import column, literal_column

from model.search import Hits, Query
from pipelines.store import fts
from pipelines.store.codec import micros
from pipelines.store.part import StorePart
from pipelines.store.tables import article, article_unit, body

_MAX_PER_PAGE = 500


class SearchPart(StorePart):
    cut_query: Callable[[str], str]

    def search(self, query: Query) -> Hits:
        typed = fts.typed(query.words, self.cut_query)
        if not typed.empty and not typed.match and not typed.exclude:
            return Hits(0, ())             # only signs that no text is searched by
        found = _words(typed, query.matched_only)
        where = and_(True, *_filters(query), *([found] if found is not None else []))
        per_page = max(1, min(_MAX_PER_PAGE, query.per_page))
        first = (max(1, query.page) - 1) * per_page
        order = [article.c.sort_at.desc(), article.c.id.desc()]
        ids: Select = select(article.c.id).where(where)
        if query.ranked and typed.match and query.matched_only:
            scored = select(column("rowid").label("id"), literal_column(fts.RANK).label("score")).select_from(text("article_words")) \
                .where(text("article_words MATCH :match").bindparams(match=typed.match)).subquery()
            ids = select(article.c.id).join(scored, scored.c.id == article.c.id).where(and_(True, *_filters(query), *_without(typed)))
            order = [scored.c.score, *order]
        with self.db.read() as conn:
            total = conn.execute(select(func.count()).select_from(article).where(where)).scalar_one()
            page = conn.execute(ids.order_by(*order).limit(per_page).offset(first)).scalars() if total > first else ()
            return Hits(total, tuple(page))


def _matching(expression: str, name: str) -> Select:
    match = text(f"article_words MATCH :{name}").bindparams(**{name: expression})
    return select(column("rowid")).select_from(text("article_words")).where(match)


def _without(typed: fts.Typed) -> list[ColumnElement[bool]]:
    return [article.c.id.not_in(_matching(typed.exclude, "unwanted"))] if typed.exclude else []


def _words(typed: fts.Typed, matched_only: bool) -> ColumnElement[bool] | None:
    indexed = [article.c.id.in_(_matching(typed.match, "wanted"))] if typed.match else []
    indexed += _without(typed)
    if not indexed:
        return None
    if matched_only:
        return and_(*indexed)
    whole = article.c.title + "\n" + body.c.text
    has = [func.instr(whole, w) > 0 for w in typed.plain_words] + [func.instr(whole, w) == 0 for w in typed.plain_excluded]
    return or_(and_(article.c.matched, *indexed),
               and_(not_(article.c.matched), article.c.has_text, exists().where(body.c.article_id == article.c.id, *has)))


def _filters(query: Query) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = [article.c.matched] if query.matched_only else []
    if query.units:
        found.append(article.c.id.in_(select(article_unit.c.article_id).where(article_unit.c.unit_id.in_(query.units))))
    for field, values in ((article.c.outlet_id, query.outlets), (article.c.tier, query.tiers), (article.c.label, query.labels)):
        if values:
            found.append(field.in_([str(v) for v in values]))
    if query.since is not None:
        found.append(article.c.sort_at >= micros(query.since))
    if query.until is not None:
        found.append(article.c.sort_at < micros(query.until))
    if query.firsts_only:
        found.append(article.c.is_first)
    return found
