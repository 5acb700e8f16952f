"""Periods opened and closed, credits that wait for a nod, appeals with their answers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import func, insert, select, update

from model.clipping import Clipping
from model.credit import Appeal, LedgerRow, PeriodEvent, PeriodState, Proposal
from pipelines.store.codec import dumps, loads, micros, moment, moment_or_none, plain
from pipelines.store.part import StorePart, WriterPart, in_lots
from pipelines.store.period_tables import appeal, period_event, proposal
from pipelines.store.rows import load_stories
from pipelines.store.tables import ledger


class PeriodPart(StorePart):

    def period_events(self, period: str = "") -> list[PeriodEvent]:
        """Oldest first."""
        rows = select(period_event).order_by(period_event.c.id)
        with self.db.read() as conn:
            return [_event(r) for r in conn.execute(rows.where(period_event.c.period == period) if period else rows)]

    def period_state(self, period: str) -> PeriodState:
        """A period of which nothing was said is open."""
        with self.db.read() as conn:
            last = conn.execute(select(period_event).where(period_event.c.period == period).order_by(period_event.c.id.desc()).limit(1)).first()
        return PeriodState(period, last.what != "closed", moment(last.at), last.who, last.reason) if last else PeriodState(period, True)

    def proposals(self, states: tuple[str, ...] = ("waiting",), unit_id: str = "", limit: int = 500) -> list[Proposal]:
        """Oldest first."""
        rows = select(proposal).order_by(proposal.c.id).limit(limit)
        if states:
            rows = rows.where(proposal.c.state.in_(states))
        if unit_id:
            rows = rows.where(proposal.c.unit_id == unit_id)
        with self.db.read() as conn:
            return [_proposal(r) for r in conn.execute(rows)]

    def proposal(self, proposal_id: int) -> Proposal | None:
        with self.db.read() as conn:
            row = conn.execute(select(proposal).where(proposal.c.id == proposal_id)).first()
        return _proposal(row) if row else None

    def appeals(self, unit_id: str = "", state: str = "", limit: int = 500) -> list[Appeal]:
        """Newest first."""
        rows = select(appeal).order_by(appeal.c.id.desc()).limit(limit)
        if unit_id:
            rows = rows.where(appeal.c.unit_id == unit_id)
        if state:
            rows = rows.where(appeal.c.state == state)
        with self.db.read() as conn:
            return [_appeal(r) for r in conn.execute(rows)]

    def appeal(self, appeal_id: int) -> Appeal | None:
        with self.db.read() as conn:
            row = conn.execute(select(appeal).where(appeal.c.id == appeal_id)).first()
        return _appeal(row) if row else None

    def whole_stories(self, story_ids: Sequence[int]) -> dict[int, list[Clipping]]:
        """story id → its copies with whole texts, by first_seen."""
        found: dict[int, list[Clipping]] = {}
        with self.db.read() as conn:
            for lot in in_lots(list(dict.fromkeys(story_ids))):
                for clipping in load_stories(conn, lot, whole=True):
                    found.setdefault(clipping.story.id, []).append(clipping)
        return found


class PeriodWriter(WriterPart):

    def add_period_event(self, period: str, what: str, who: str, reason: str, sums: Mapping[str, int], now: datetime) -> int:
        last = self.conn.execute(select(func.max(ledger.c.id))).scalar() or 0
        row = {"at": micros(now), "period": period, "what": what, "who": plain(who), "reason": plain(reason), "last_row": last, "sums": dumps(dict(sums))}
        return self.conn.execute(insert(period_event).values(**row)).inserted_primary_key[0]

    def period_is_open(self, period: str) -> bool:
        last = select(period_event.c.what).where(period_event.c.period == period).order_by(period_event.c.id.desc()).limit(1)
        return self.conn.execute(last).scalar() != "closed"

    def proposals_of_story(self, story_id: int) -> list[Proposal]:
        return [_proposal(r) for r in self.conn.execute(select(proposal).where(proposal.c.story_id == story_id).order_by(proposal.c.id))]

    def propose(self, row: LedgerRow, now: datetime) -> int:
        fields = {"at": micros(now), "story_id": row.story_id, "unit_id": row.unit_id, "row": dumps(_packed(row)), "state": "waiting"}
        return self.conn.execute(insert(proposal).values(**fields)).inserted_primary_key[0]

    def settle_proposal(self, proposal_id: int, state: str, who: str, reason: str, now: datetime) -> bool:
        """False when it was not waiting any more."""
        done = self.conn.execute(update(proposal).where(proposal.c.id == proposal_id, proposal.c.state == "waiting").values(
            state=state, who=plain(who), reason=plain(reason), decided_at=micros(now)))
        return done.rowcount == 1

    def add_appeal(self, unit_id: str, row_id: int | None, period: str, who: str, text: str, now: datetime) -> int:
        row = {"at": micros(now), "unit_id": unit_id, "row_id": row_id, "period": period, "who": plain(who), "text": plain(text), "state": "open"}
        return self.conn.execute(insert(appeal).values(**row)).inserted_primary_key[0]

    def answer_appeal(self, appeal_id: int, state: str, who: str, answer: str, now: datetime) -> bool:
        """False when it was answered already."""
        done = self.conn.execute(update(appeal).where(appeal.c.id == appeal_id, appeal.c.state == "open").values(
            state=state, answered_by=plain(who), answer=plain(answer), answered_at=micros(now)))
        return done.rowcount == 1


def _event(r: object) -> PeriodEvent:
    return PeriodEvent(r.id, moment(r.at), r.period, r.what, r.who, r.reason, r.last_row, loads(r.sums))


def _packed(row: LedgerRow) -> dict[str, object]:
    fields = {name: getattr(row, name) for name in LedgerRow.__dataclass_fields__ if name not in ("id", "at")}
    return fields | {"at": micros(row.at)}


def _proposal(r: object) -> Proposal:
    held = loads(r.row)
    row = LedgerRow(**{**held, "id": 0, "at": moment(held["at"])})
    return Proposal(r.id, moment(r.at), row, r.state, r.who, r.reason, moment_or_none(r.decided_at))


def _appeal(r: object) -> Appeal:
    return Appeal(r.id, moment(r.at), r.unit_id, r.row_id, r.who, r.text, r.state, r.answer, r.answered_by, moment_or_none(r.answered_at), r.period)
