"""A store whose searches are answered by Elasticsearch; by the record itself while the server is away, and then it is said.

Saving never waits for the server.  What is asked beyond clippings (`matched_only` off) only the record can answer.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Collection, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from model.ports import Clock
from model.rehearsal import Saved
from model.search import Counts, Hits, Query, SearchServer, SearchState
from pipelines.store import elastic_feed
from pipelines.store.elastic import Index, Unavailable
from pipelines.store.elastic_query import counts_request, holding, request
from pipelines.store.engine import Database
from pipelines.store.store import SqlStore, SqlWriter
from pipelines.store.typed import typed

log = logging.getLogger("jianbao.search")
_PAUSE_S = 5.0                     # so long nobody is made to wait again for a server that did not answer
_MOST_PER_PAGE = 500


class MirroredStore(SqlStore):
    """`model.ports.Store` with a search server beside it."""

    def __init__(self, db: Database, clock: Clock, cut_query: Callable[[str], str], server: SearchServer):
        super().__init__(db, clock, cut_query)
        self.index = Index(server)
        self._trouble, self._again_at = "", 0.0

    def writer(self, conn: Connection) -> SqlWriter:
        return elastic_feed.NotingWriter(conn, self.clock)

    def search(self, query: Query) -> Hits:
        if not query.matched_only:
            return super().search(query)
        if time.monotonic() >= self._again_at:
            try:
                return self._ask(query)
            except Unavailable as trouble:
                self._failed(trouble)
        return replace(super().search(query), note=f"{self._trouble}；以下由数据库直接检索")

    def counts(self, query: Query, most: int = 200) -> Counts:
        if time.monotonic() >= self._again_at:
            try:
                return self._count(query, most)
            except Unavailable as trouble:
                self._failed(trouble)
        return super().counts(query, most)

    def past(self, since: datetime, until: datetime, wanted: Callable[[str, str], bool], words: Collection[str] | None = None) -> tuple[int, list[Saved]]:
        """Read from the record; which of the span may hold the words, the server knows."""
        asked = holding(words, since, until) if words is not None else None
        if asked is not None and time.monotonic() >= self._again_at:
            try:
                unknown = elastic_feed.unknown(self)           # before it is asked: what it is told meanwhile is looked at all the same
                self.index.refresh()
                return self.past_of(since, until, wanted, unknown.union(self.index.all(asked)))
            except Unavailable as trouble:
                self._failed(trouble)
        return super().past(since, until, wanted, words)

    def _count(self, query: Query, most: int = 200) -> Counts:
        """By the server.  Raises `Unavailable`."""
        asked = typed(query.words, self.cut_query)
        if asked.hopeless:
            return Counts(0)
        found = self.index.search(counts_request(query, asked, most))
        groups: dict[str, Mapping[str, int]] = {
            name: {b.get("key_as_string", b["key"]): b["doc_count"] for b in group["buckets"]} for name, group in found["aggregations"].items()}
        return Counts(found["hits"]["total"]["value"], groups["day"], groups["tier"], groups["label"], groups["outlet_id"], groups["units"])

    def tell_search(self) -> int:
        """Tell the server what it has not heard yet; returns how many changes.  Never raises for a server that is away: the changes wait."""
        told = 0
        try:
            while n := elastic_feed.tell_waiting(self, self.index):
                told += n
        except Unavailable as trouble:
            self._failed(trouble)
        else:
            self._trouble, self._again_at = "", 0.0
        return told

    def rebuild_search(self, step: Callable[[int], None] = lambda n: None) -> int:
        """Raises `Unavailable`."""
        return elastic_feed.rebuild(self, self.index, step)

    def search_state(self) -> SearchState:
        waits = elastic_feed.behind(self)
        try:
            self.index.ping()
            trouble = ""
        except Unavailable as told:
            trouble = str(told)
        return SearchState("elasticsearch", trouble or self._trouble, waits.waiting, waits.refused)

    def close(self) -> None:
        self.index.close()
        super().close()

    def _ask(self, query: Query) -> Hits:
        asked = typed(query.words, self.cut_query)
        if asked.hopeless:
            return Hits(0, ())
        per_page = max(1, min(_MOST_PER_PAGE, query.per_page))
        body: dict[str, Any] = request(query, asked)
        total, ids = self.index.window(body, (max(1, query.page) - 1) * per_page, per_page)
        return Hits(total, tuple(ids), marks=asked.marks)

    def _failed(self, trouble: Unavailable) -> None:
        if str(trouble) != self._trouble:
            log.warning("search server: %s", trouble)
        self._trouble, self._again_at = str(trouble), time.monotonic() + _PAUSE_S
