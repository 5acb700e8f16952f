"""The credit ledger: only ever appended to."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Select, insert, select

from model.credit import LedgerRow
from pipelines.store.codec import micros, moment, plain
from pipelines.store.part import StorePart, WriterPart
from pipelines.store.tables import ledger


class LedgerPart(StorePart):

    def ledger(self, unit_id: str = "", period: str = "", limit: int = 500) -> list[LedgerRow]:
        rows = select(ledger).order_by(ledger.c.id.desc()).limit(limit)
        if unit_id:
            rows = rows.where(ledger.c.unit_id == unit_id)
        if period:
            rows = rows.where(ledger.c.period == period)
        with self.db.read() as conn:
            return _rows(conn, rows)

    def ledger_between(self, since: datetime, until: datetime) -> list[LedgerRow]:
        """Rows written in [since, until), oldest first."""
        with self.db.read() as conn:
            return _rows(conn, select(ledger).where(ledger.c.at >= micros(since), ledger.c.at < micros(until)).order_by(ledger.c.id))


class LedgerWriter(WriterPart):

    def ledger_of_story(self, story_id: int) -> list[LedgerRow]:
        """Oldest first."""
        return _rows(self.conn, select(ledger).where(ledger.c.story_id == story_id).order_by(ledger.c.id))

    def add_ledger(self, row: LedgerRow) -> int:
        fields = {name: getattr(row, name) for name in ledger.c.keys() if name not in ("id", "at")}
        fields |= {name: plain(fields[name]) for name in ("arithmetic", "reason", "person")}
        return self.conn.execute(insert(ledger).values(at=micros(row.at), **fields)).inserted_primary_key[0]


def _rows(conn: object, rows: Select) -> list[LedgerRow]:
    return [LedgerRow(**r._asdict() | {"at": moment(r.at)}) for r in conn.execute(rows)]
