"""The store put together from its parts, and the one way to open it."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timezone
from pathlib import Path

from sqlalchemy import Connection, select

from model.ports import Clock, Writer
from model.search import SearchServer
from pipelines.store import tables_search, words_of  # noqa: F401  (the tables of the metadata)
from pipelines.store.accounts import AccountsPart
from pipelines.store.claims import ClaimPart
from pipelines.store.clippings import ClippingPart, ClippingWriter
from pipelines.store.codec import micros, plain
from pipelines.store.digests import DigestPart
from pipelines.store.duty import DutyPart, DutyWriter
from pipelines.store.engine import Database, open_database
from pipelines.store.frontier import FrontierPart
from pipelines.store.incidents import IncidentPart, IncidentWriter
from pipelines.store.ledger import LedgerPart, LedgerWriter
from pipelines.store.migrate import migrate
from pipelines.store.outbox import OutboxPart, OutboxWriter
from pipelines.store.past import PastPart
from pipelines.store.periods import PeriodPart, PeriodWriter
from pipelines.store.queue import QueuePart, QueueWriter
from pipelines.store.resolutions import ResolutionPart, ResolutionWriter
from pipelines.store.search import SearchPart
from pipelines.store.stories import StoryPart, StoryWriter
from pipelines.store.tables import named_value
from pipelines.store.upsert import put


class SystemClock:
    def now(self) -> datetime:
        return datetime.now(timezone.utc)


class SqlWriter(QueueWriter, ClippingWriter, StoryWriter, OutboxWriter, IncidentWriter, DutyWriter, LedgerWriter, PeriodWriter,
                ResolutionWriter):
    """`model.ports.Writer` over one open transaction."""

    def __init__(self, conn: Connection, clock: Clock):
        self.conn, self.clock, self.words = conn, clock, words_of.changes(conn)

    def finish(self) -> None:
        """What is left for the end of the transaction."""
        self.words.write()


class SqlStore(FrontierPart, QueuePart, OutboxPart, ClippingPart, StoryPart, IncidentPart,
               DutyPart, LedgerPart, PeriodPart, AccountsPart, ClaimPart, DigestPart, ResolutionPart, PastPart, SearchPart):
    """`model.ports.Store`; one a process, shared by its threads."""

    def __init__(self, db: Database, clock: Clock, cut_query: Callable[[str], str]):
        self.db, self.clock, self.cut_query = db, clock, cut_query

    @contextmanager
    def write(self) -> Iterator[Writer]:
        with self.db.write() as conn:
            writer = self.writer(conn)
            yield writer
            writer.finish()

    def writer(self, conn: Connection) -> SqlWriter:
        return SqlWriter(conn, self.clock)

    def backup(self, target: str) -> None:
        """A whole copy of the database at `target`, made while others write; it replaces a file of that name only when complete."""
        self.db.backup(Path(target).absolute())

    def get(self, name: str, default: str = "") -> str:
        with self.db.read() as conn:
            held = conn.execute(select(named_value.c.value).where(named_value.c.name == name)).scalar()
        return default if held is None else held

    def put_value(self, name: str, value: str) -> None:
        with self.db.write(None) as conn:
            put(conn, named_value, {"name": name, "value": plain(value), "set_at": micros(self.clock.now())})

    def close(self) -> None:
        self.db.close()


def open_store(url_or_path: str | os.PathLike[str], *, clock: Clock | None = None,
               cut_query: Callable[[str], str] | None = None, search: SearchServer | None = None) -> SqlStore:
    """Open the database (made and migrated as needed), of a path, `sqlite:////path` or `postgresql://user@host/name`.  Raises `StoreError`.

    `cut_query` cuts typed words as the search index was cut; `analysis.words.cut_for_query` unless given.
    With hosts in `search` that server answers the searches, and the record's own while it is away.
    """
    db = open_database(url_or_path)
    try:
        migrate(db)
    except BaseException:
        db.close()
        raise
    if search is not None and search.hosts:
        from pipelines.store.elastic_store import MirroredStore     # loads its client: one box does without

        return MirroredStore(db, clock or SystemClock(), cut_query or _cut_query, search)
    return SqlStore(db, clock or SystemClock(), cut_query or _cut_query)


def _cut_query(text: str) -> str:
    from analysis.words import cut_for_query     # loads a dictionary: only a process that searches pays for it

    return cut_for_query(text)
