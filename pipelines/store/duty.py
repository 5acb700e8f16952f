"""The duty room as it is kept: clocks of cases, shifts, swaps, hand-overs, zero reports, its log, notes of watches."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Select, Table, delete, func, insert, select, update

from model.alert import CaseClock, ClockState
from model.duty import DutyEvent, HandOver, Shift, Swap, SwapState, WatchNote, ZeroReport
from pipelines.store.codec import dumps, loads, micros, micros_or_none, moment, moment_or_none, plain
from pipelines.store.part import StorePart, WriterPart
from pipelines.store.tables_duty import case_clock, duty_event, handover, shift, swap, watch_note, zero_report
from pipelines.store.upsert import add_missing

_UNDONE = case_clock.c.ended_at.is_(None) & case_clock.c.state.in_((ClockState.RUNNING.value, ClockState.MISSED.value))


class DutyPart(StorePart):
    """`model.ports_duty.DutyReader`."""

    def case_clocks(self, incident_id: int) -> list[CaseClock]:
        with self.db.read() as conn:
            return _clocks(conn, select(case_clock).where(case_clock.c.incident_id == incident_id).order_by(case_clock.c.due_at, case_clock.c.id))

    def running_clocks(self, until: datetime | None = None, limit: int = 500) -> list[CaseClock]:
        wanted = select(case_clock).where(_UNDONE).order_by(case_clock.c.due_at, case_clock.c.id).limit(limit)
        if until is not None:
            wanted = wanted.where(case_clock.c.due_at < micros(until))
        with self.db.read() as conn:
            return _clocks(conn, wanted)

    def clock_counts(self, since: datetime, until: datetime) -> Mapping[str, Mapping[str, int]]:
        counts = select(case_clock.c.name, case_clock.c.state, func.count()).where(
            case_clock.c.due_at >= micros(since), case_clock.c.due_at < micros(until)).group_by(case_clock.c.name, case_clock.c.state)
        found: dict[str, dict[str, int]] = {}
        with self.db.read() as conn:
            for name, state, number in conn.execute(counts):
                found.setdefault(name, {s.value: 0 for s in ClockState})[state] = number
        return found

    def shifts(self, since: datetime, until: datetime) -> list[Shift]:
        with self.db.read() as conn:
            return [_shift(r) for r in conn.execute(select(shift).where(shift.c.starts_at < micros(until), shift.c.ends_at > micros(since))
                                                    .order_by(shift.c.starts_at, shift.c.id))]

    def shift_at(self, at: datetime) -> Shift | None:
        with self.db.read() as conn:
            row = conn.execute(select(shift).where(shift.c.starts_at <= micros(at), shift.c.ends_at > micros(at))
                               .order_by(shift.c.starts_at.desc()).limit(1)).first()
        return _shift(row) if row else None

    def shift(self, shift_id: int) -> Shift | None:
        with self.db.read() as conn:
            return _found(conn, shift, shift_id, _shift)

    def swaps(self, states: Sequence[str] = (), limit: int = 200) -> list[Swap]:
        wanted = select(swap).order_by(swap.c.id.desc()).limit(limit)
        if states:
            wanted = wanted.where(swap.c.state.in_([str(s) for s in states]))
        with self.db.read() as conn:
            return [_swap(r) for r in conn.execute(wanted)]

    def handovers(self, limit: int = 50) -> list[HandOver]:
        with self.db.read() as conn:
            return [_handover(r) for r in conn.execute(select(handover).order_by(handover.c.id.desc()).limit(limit))]

    def handover(self, handover_id: int) -> HandOver | None:
        with self.db.read() as conn:
            return _found(conn, handover, handover_id, _handover)

    def zero_reports(self, since: str, until: str) -> list[ZeroReport]:
        with self.db.read() as conn:
            rows = conn.execute(select(zero_report).where(zero_report.c.day >= since, zero_report.c.day <= until).order_by(zero_report.c.day))
            return [ZeroReport(r.day, moment(r.at), r.who, r.incidents, r.text) for r in rows]

    def duty_events(self, since: datetime, until: datetime, limit: int = 1000) -> list[DutyEvent]:
        with self.db.read() as conn:
            rows = conn.execute(select(duty_event).where(duty_event.c.at >= micros(since), duty_event.c.at < micros(until))
                                .order_by(duty_event.c.id).limit(limit))
            return [DutyEvent(r.id, moment(r.at), r.who, r.what, r.text, loads(r.data)) for r in rows]

    def watch_notes(self, watch_id: str) -> list[WatchNote]:
        with self.db.read() as conn:
            rows = conn.execute(select(watch_note).where(watch_note.c.watch_id == watch_id).order_by(watch_note.c.kind, watch_note.c.day))
            return [WatchNote(r.watch_id, r.kind, r.day, moment(r.at), r.text, loads(r.data)) for r in rows]


class DutyWriter(WriterPart):
    """`model.ports_duty.DutyWriter`, except what belongs to incidents and the outbox."""

    def case_clocks(self, incident_id: int) -> list[CaseClock]:
        return _clocks(self.conn, select(case_clock).where(case_clock.c.incident_id == incident_id).order_by(case_clock.c.due_at, case_clock.c.id))

    def start_clock(self, clock: CaseClock) -> None:
        add_missing(self.conn, case_clock, [{
            "incident_id": clock.incident_id, "clock": clock.clock, "name": plain(clock.name), "starts_at": micros(clock.starts_at),
            "due_at": micros(clock.due_at), "ends": clock.ends, "state": clock.state.value, "ended_at": micros_or_none(clock.ended_at)}])

    def reset_clock(self, clock: CaseClock) -> None:
        """Another start or due time of a clock that is held, which runs again."""
        self.conn.execute(update(case_clock).where(case_clock.c.incident_id == clock.incident_id, case_clock.c.clock == clock.clock).values(
            starts_at=micros(clock.starts_at), due_at=micros(clock.due_at), name=plain(clock.name), state=clock.state.value, ended_at=None))

    def end_clock(self, clock_id: int, state: ClockState, ended_at: datetime | None) -> None:
        self.conn.execute(update(case_clock).where(case_clock.c.id == clock_id).values(state=state.value, ended_at=micros_or_none(ended_at)))

    def overdue_clocks(self, now: datetime) -> list[CaseClock]:
        return _clocks(self.conn, select(case_clock).where(case_clock.c.state == ClockState.RUNNING.value, case_clock.c.due_at <= micros(now))
                       .order_by(case_clock.c.due_at, case_clock.c.id))

    def put_shifts(self, shifts: Sequence[Shift], since: datetime, until: datetime) -> None:
        self.conn.execute(delete(shift).where(shift.c.starts_at >= micros(since), shift.c.starts_at < micros(until)))
        for one in shifts:
            _save(self.conn, shift, 0, _shift_row(one))

    def save_shift(self, one: Shift) -> int:
        return _save(self.conn, shift, one.id, _shift_row(one))

    def shift(self, shift_id: int) -> Shift | None:
        return _found(self.conn, shift, shift_id, _shift)

    def swap(self, swap_id: int) -> Swap | None:
        return _found(self.conn, swap, swap_id, _swap)

    def save_swap(self, one: Swap) -> int:
        return _save(self.conn, swap, one.id, {
            "shift_id": one.shift_id, "asker": plain(one.asker), "other": plain(one.other), "other_shift_id": one.other_shift_id,
            "reason": plain(one.reason), "asked_at": micros(one.asked_at), "state": one.state.value,
            "answered_at": micros_or_none(one.answered_at), "answer": plain(one.answer)})

    def save_handover(self, note: HandOver) -> int:
        return _save(self.conn, handover, note.id, {
            "shift_id": note.shift_id, "since": micros(note.since), "until": micros(note.until), "text": plain(note.text),
            "open_incidents": dumps(note.open_incidents), "added": plain(note.added), "given_by": plain(note.given_by),
            "given_at": micros_or_none(note.given_at), "taken_by": plain(note.taken_by), "taken_at": micros_or_none(note.taken_at)})

    def add_zero_report(self, report: ZeroReport) -> None:
        self.conn.execute(insert(zero_report).values(day=report.day, at=micros(report.at), who=plain(report.who), incidents=report.incidents,
                                                     text=plain(report.text)))

    def add_watch_note(self, note: WatchNote) -> bool:
        there = self.conn.execute(select(watch_note.c.day).where(
            watch_note.c.watch_id == note.watch_id, watch_note.c.kind == note.kind, watch_note.c.day == note.day)).first()
        if there is None:
            self.conn.execute(insert(watch_note).values(watch_id=note.watch_id, kind=note.kind, day=note.day, at=micros(note.at),
                                                        text=plain(note.text), data=dumps(dict(note.data))))
        return there is None

    def log_duty(self, who: str, what: str, text: str, now: datetime, data: Mapping[str, object] | None = None) -> int:
        return self.conn.execute(insert(duty_event).values(at=micros(now), who=plain(who), what=what, text=plain(text),
                                                           data=dumps(dict(data or {})))).inserted_primary_key[0]


def _save(conn: Connection, table: Table, held: int, fields: Mapping[str, Any]) -> int:
    if held:
        conn.execute(update(table).where(table.c.id == held).values(**fields))
        return held
    return conn.execute(insert(table).values(**fields)).inserted_primary_key[0]


def _found(conn: Connection, table: Table, wanted: int, read: Any) -> Any:
    row = conn.execute(select(table).where(table.c.id == wanted)).first()
    return read(row) if row else None


def _clocks(conn: Connection, wanted: Select) -> list[CaseClock]:
    return [CaseClock(r.id, r.incident_id, r.clock, r.name, moment(r.starts_at), moment(r.due_at), r.ends, ClockState(r.state),
                      moment_or_none(r.ended_at)) for r in conn.execute(wanted)]


def _shift_row(one: Shift) -> dict[str, Any]:
    return {"starts_at": micros(one.starts_at), "ends_at": micros(one.ends_at), "leader": plain(one.leader), "officers": dumps(one.officers),
            "note": plain(one.note)}


def _shift(row: Any) -> Shift:
    return Shift(row.id, moment(row.starts_at), moment(row.ends_at), row.leader, tuple(loads(row.officers)), row.note)


def _swap(row: Any) -> Swap:
    return Swap(row.id, row.shift_id, row.asker, row.other, row.other_shift_id, row.reason, moment(row.asked_at), SwapState(row.state),
                moment_or_none(row.answered_at), row.answer)


def _handover(row: Any) -> HandOver:
    return HandOver(row.id, row.shift_id, moment(row.since), moment(row.until), row.text, tuple(loads(row.open_incidents)), row.added,
                    row.given_by, moment_or_none(row.given_at), row.taken_by, moment_or_none(row.taken_at))
