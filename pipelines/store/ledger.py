"""The credit ledger: only ever appended to, and never into a closed period."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Select, insert, select

from model.credit import LedgerRow, PeriodClosed
from pipelines.store.codec import micros, moment, plain
from pipelines.store.part import StorePart, WriterPart
from pipelines.store.period_tables import period_event
from pipelines.store.tables import ledger

_TEXTS = ("class_id", "class_name", "arithmetic", "reason", "person", "passed_by", "rules")


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

    def ledger_row(self, row_id: int) -> LedgerRow | None:
        with self.db.read() as conn:
            return next(iter(_rows(conn, select(ledger).where(ledger.c.id == row_id))), None)


class LedgerWriter(WriterPart):

    def ledger_of_story(self, story_id: int) -> list[LedgerRow]:
        """Oldest first."""
        return _rows(self.conn, select(ledger).where(ledger.c.story_id == story_id).order_by(ledger.c.id))

    def ledger_of_claims(self) -> list[LedgerRow]:
        """Rows that stand on a claim, oldest first; those of print and television have no story."""
        return _rows(self.conn, select(ledger).where(ledger.c.claim_id > 0).order_by(ledger.c.id))

    def ledger_of_unit(self, unit_id: str, day_from: str, day_until: str) -> list[LedgerRow]:
        """Rows of pieces published in [day_from, day_until] (ISO days), oldest first."""
        return _rows(self.conn, select(ledger).where(ledger.c.unit_id == unit_id, ledger.c.kind == "piece", ledger.c.day >= day_from,
                                                     ledger.c.day <= day_until).order_by(ledger.c.id))

    def ledger_of_period(self, period: str) -> list[LedgerRow]:
        """Oldest first."""
        return _rows(self.conn, select(ledger).where(ledger.c.period == period).order_by(ledger.c.id))

    def add_ledger(self, row: LedgerRow) -> int:
        """Raises `PeriodClosed` when the row's period is closed."""
        state = select(period_event.c.what).where(period_event.c.period == row.period).order_by(period_event.c.id.desc()).limit(1)
        if self.conn.execute(state).scalar() == "closed":
            raise PeriodClosed(f"{row.period} 已结账，不能再记入；请记入未结账的一期，或写明理由后重新开账")
        fields = {name: getattr(row, name) for name in ledger.c.keys() if name not in ("id", "at")}
        fields |= {name: plain(fields[name]) for name in _TEXTS}
        return self.conn.execute(insert(ledger).values(at=micros(row.at), **fields)).inserted_primary_key[0]


def _rows(conn: object, rows: Select) -> list[LedgerRow]:
    return [LedgerRow(**r._asdict() | {"at": moment(r.at)}) for r in conn.execute(rows)]
