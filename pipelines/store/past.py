"""Articles of a span of time read in one pass: for whoever has to look at the text of each and keeps only some."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from datetime import datetime

from sqlalchemy import Connection, Row, Select, func, select

from model.mention import Mention
from model.rehearsal import Saved
from pipelines.store.codec import loads, micros, moment, unpack
from pipelines.store.part import StorePart, in_lots
from pipelines.store.tables import article, body

_LOT = 500                         # rows brought from the engine at once


class PastPart(StorePart):

    def past(self, since: datetime, until: datetime, wanted: Callable[[str, str], bool], words: Collection[str] | None = None) -> tuple[int, list[Saved]]:
        span = _Span(since, until)
        with self.db.read() as conn:
            return span.count(conn), _kept(conn.execute(span.rows().execution_options(yield_per=_LOT)), wanted)

    def past_of(self, since: datetime, until: datetime, wanted: Callable[[str, str], bool], ids: Collection[int]) -> tuple[int, list[Saved]]:
        """`past`, only `ids` being looked at."""
        span, kept = _Span(since, until), []
        with self.db.read() as conn:
            for lot in in_lots(list(ids)):
                kept += _kept(conn.execute(span.rows().where(article.c.id.in_(lot))), wanted)
            return span.count(conn), sorted(kept, key=lambda saved: (saved.at, saved.id), reverse=True)


class _Span:
    """The clippings of a span, by the time they were published or first seen."""

    def __init__(self, since: datetime, until: datetime):
        self._within = article.c.matched, article.c.sort_at >= micros(since), article.c.sort_at < micros(until)

    def count(self, conn: Connection) -> int:
        return conn.execute(select(func.count()).select_from(article).where(*self._within)).scalar_one()

    def rows(self) -> Select:
        return select(article.c.id, article.c.title, article.c.outlet_name, article.c.sort_at, body.c.text, body.c.mentions) \
            .join(body, body.c.article_id == article.c.id).where(*self._within).order_by(article.c.sort_at.desc(), article.c.id.desc())


def _kept(rows: Iterable[Row], wanted: Callable[[str, str], bool]) -> list[Saved]:
    return [Saved(row.id, row.title, row.text, tuple(unpack(Mention, m) for m in loads(row.mentions)), row.outlet_name, moment(row.sort_at))
            for row in rows if wanted(row.title, row.text)]
