"""The outbox: side effects, written with what caused them, done afterwards at least once; and the log of what was sent."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import bindparam, func, insert, select, update

from model.alert import ChannelState, Sent
from model.outbox import Task
from pipelines.store.digests import POST
from pipelines.store.codec import dumps, loads, micros, micros_or_none, moment, moment_or_none, plain
from pipelines.store.part import StorePart, WriterPart
from pipelines.store.prepared import Prepared
from pipelines.store.tables import sent, task
from pipelines.store.tables_duty import channel_state
from pipelines.store.upsert import or_nothing, put

_ONE = (task.c.kind == bindparam("task_kind")) & (task.c.key == bindparam("task_key"))
_TASK = Prepared(select(task.c.state).where(_ONE).with_for_update())
_SAME = Prepared(update(task).where(_ONE), ["payload", "changed_at"])
_AGAIN = Prepared(update(task).where(_ONE).values(again=True), ["payload", "changed_at"])
_ANEW = Prepared(update(task).where(_ONE).values(state="pending", tries=0, detail=""), ["payload", "changed_at", "due_at"])
_PUT = Prepared(or_nothing(task))


DELIVER = "deliver:"               # a message's kind of task is this and its channel: each channel has a queue of its own


class OutboxPart(StorePart):

    def take_tasks(self, kinds: Sequence[str], limit: int, now: datetime, lease_s: int = 60) -> list[Task]:
        """Longest due first; `tries` is the number of times the task was taken before."""
        at = micros(now)
        due = select(task).where(task.c.due_at <= at, task.c.kind.in_(list(kinds))).order_by(task.c.due_at, task.c.id).limit(limit)
        with self.db.read() as conn:
            if conn.execute(due.limit(1)).first() is None:
                return []
        with self.db.write(None) as conn:
            rows = conn.execute(due.with_for_update(skip_locked=True)).all()
            conn.execute(update(task).where(task.c.id.in_([r.id for r in rows])).values(
                state="leased", due_at=at + lease_s * 1_000_000, tries=task.c.tries + 1, again=False, changed_at=at))
        return [Task(r.id, r.kind, r.key, loads(r.payload), r.tries, moment(r.created_at)) for r in rows]

    def task_done(self, task_id: int, now: datetime) -> None:
        """A task asked for anew while it was being done is pending once more."""
        with self.db.write(None) as conn:
            one = update(task).where(task.c.id == task_id)
            conn.execute(one.where(~task.c.again).values(state="done", due_at=None, detail="", changed_at=micros(now)))
            conn.execute(one.where(task.c.again).values(state="pending", due_at=micros(now), again=False, tries=0, changed_at=micros(now)))

    def task_failed(self, task_id: int, detail: str, retry_at: datetime | None, now: datetime) -> None:
        with self.db.write(None) as conn:
            conn.execute(update(task).where(task.c.id == task_id).values(
                state="parked" if retry_at is None else "pending", due_at=micros_or_none(retry_at), detail=plain(detail)[:2000],
                changed_at=micros(now)))

    def task_counts(self) -> Mapping[str, int]:
        with self.db.read() as conn:
            found = dict(conn.execute(select(task.c.state, func.count()).group_by(task.c.state)).all())
        return {state: found.get(state, 0) for state in ("pending", "leased", "done", "parked")}

    def due_kinds(self, prefix: str, now: datetime) -> list[str]:
        kinds = select(task.c.kind).where(task.c.due_at <= micros(now), task.c.kind >= prefix, task.c.kind < prefix + "\uffff").distinct()
        with self.db.read() as conn:
            return sorted(conn.execute(kinds).scalars())

    def retry_task(self, task_id: int, now: datetime) -> bool:
        with self.db.write() as conn:
            return bool(conn.execute(update(task).where(task.c.id == task_id, task.c.state == "parked").values(
                state="pending", due_at=micros(now), tries=0, changed_at=micros(now))).rowcount)

    def parked(self, limit: int = 100) -> list[tuple[int, str, str, str, datetime]]:
        """(task id, channel, title, reason, since) of messages and mails given up, newest first."""
        ours = (task.c.kind == POST) | task.c.kind.startswith(DELIVER, autoescape=True)
        kept = select(task).where(task.c.state == "parked", ours) \
            .order_by(task.c.changed_at.desc(), task.c.id.desc()).limit(limit)
        with self.db.read() as conn:
            told = [(r, loads(r.payload)) for r in conn.execute(kept)]
        return [(r.id, str(said.get("channel", "")) if r.kind == POST else r.kind.removeprefix(DELIVER), str(said.get("title", "")), r.detail,
                 moment(r.changed_at)) for r, said in told]

    def channel_states(self) -> Mapping[str, ChannelState]:
        with self.db.read() as conn:
            return {r.channel: ChannelState(r.channel, r.dead, r.failures, moment_or_none(r.ok_at), moment_or_none(r.failed_at), r.detail)
                    for r in conn.execute(select(channel_state))}

    def record_channel(self, channel: str, ok: bool, detail: str, dead: bool, now: datetime) -> None:
        with self.db.write() as conn:
            held = conn.execute(select(channel_state).where(channel_state.c.channel == channel)).first()
            row = {"channel": channel, "dead": dead, "failures": 0 if ok else (held.failures if held else 0) + 1,
                   "ok_at": micros(now) if ok else held and held.ok_at, "failed_at": held and held.failed_at if ok else micros(now),
                   "detail": "" if ok else plain(detail)[:500]}
            put(conn, channel_state, row)

    def record_sent(self, channel: str, key: str, ok: bool, detail: str, now: datetime) -> None:
        with self.db.write(None) as conn:
            conn.execute(insert(sent).values(at=micros(now), channel=channel, key=key, ok=ok, detail=plain(detail)[:2000]))

    def was_sent(self, channel: str, key: str) -> bool:
        with self.db.read() as conn:
            went = select(sent.c.id).where(sent.c.channel == channel, sent.c.key == key, sent.c.ok).limit(1)
            return conn.execute(went).first() is not None

    def sent(self, limit: int = 100) -> list[Sent]:
        """Newest first."""
        with self.db.read() as conn:
            rows = conn.execute(select(sent).order_by(sent.c.id.desc()).limit(limit))
            return [Sent(r.id, moment(r.at), r.channel, r.key, r.ok, r.detail) for r in rows]


class OutboxWriter(WriterPart):

    def put(self, kind: str, key: str, payload: Mapping[str, object], now: datetime, again: bool = False,
            due: datetime | None = None) -> None:
        at, told = micros(now), dumps(dict(payload))
        due_at = at if due is None else micros(due)
        if again:
            held = _TASK.value(self.conn, task_kind=kind, task_key=key)
            if held == "leased":       # whoever is at it may have looked before this change
                _AGAIN.run(self.conn, task_kind=kind, task_key=key, payload=told, changed_at=at)
            elif held == "pending":    # a waiting retry keeps its time
                _SAME.run(self.conn, task_kind=kind, task_key=key, payload=told, changed_at=at)
            elif held is not None:
                _ANEW.run(self.conn, task_kind=kind, task_key=key, payload=told, changed_at=at, due_at=due_at)
            if held is not None:
                return
        _PUT.run(self.conn, kind=kind, key=key, payload=told, state="pending", again=False, tries=0, detail="", created_at=at,
                 changed_at=at, due_at=due_at)

    def finish_task(self, task_id: int, now: datetime) -> None:
        """Done with inside this transaction."""
        self.conn.execute(update(task).where(task.c.id == task_id).values(state="done", due_at=None, detail="", changed_at=micros(now)))
