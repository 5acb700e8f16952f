"""Articles of a span of time read in one pass: for whoever has to look at the text of each and keeps only some."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from sqlalchemy import select

from model.mention import Mention
from model.rehearsal import Saved
from pipelines.store.codec import loads, micros, moment, unpack
from pipelines.store.part import StorePart
from pipelines.store.tables import article, body

_LOT = 500                         # rows brought from the engine at once


class PastPart(StorePart):

    def past(self, since: datetime, until: datetime, wanted: Callable[[str, str], bool]) -> tuple[int, list[Saved]]:
        """(how many clippings of the span were read, those whose title and text are `wanted`), newest first."""
        rows = select(article.c.id, article.c.title, article.c.outlet_name, article.c.sort_at, body.c.text, body.c.mentions) \
            .join(body, body.c.article_id == article.c.id).where(article.c.matched, article.c.sort_at >= micros(since), article.c.sort_at < micros(until)) \
            .order_by(article.c.sort_at.desc(), article.c.id.desc())
        read, kept = 0, []
        with self.db.read() as conn:
            for row in conn.execute(rows.execution_options(yield_per=_LOT)):
                read += 1
                if wanted(row.title, row.text):
                    kept.append(Saved(row.id, row.title, row.text, tuple(unpack(Mention, m) for m in loads(row.mentions)), row.outlet_name, moment(row.sort_at)))
        return read, kept
