"""The frontier: sources that are due to be polled and links that are due to be fetched, both taken by lease."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from urllib.parse import urlsplit

from sqlalchemy import Connection, func, insert, or_, select, update

from model.outlet import Source
from model.source_state import Health, Link, SourceState
from pipelines.store.codec import dumps, loads, micros, micros_or_none, moment_or_none, plain
from pipelines.store.engine import FRONTIER
from pipelines.store.part import StorePart, in_lots, url_hash
from pipelines.store.tables import link, source
from pipelines.store.upsert import add_missing

_TIMES = ("next_due", "last_poll", "last_ok", "last_new", "paused_until")
_SMOOTH = 0.2                      # weight of the newest gap in the running mean


class FrontierPart(StorePart):

    def sync_sources(self, sources: Iterable[Source], now: datetime) -> None:
        wanted = {s.id: {"outlet_id": s.outlet_id, "kind": str(s.kind), "url": plain(s.url), "enabled": True} for s in sources}
        columns = (source.c.id, source.c.outlet_id, source.c.kind, source.c.url, source.c.enabled)
        with self.db.write(FRONTIER) as conn:
            held = {row.id: {"outlet_id": row.outlet_id, "kind": row.kind, "url": row.url, "enabled": row.enabled}
                    for row in conn.execute(select(*columns))}
            for source_id, fields in wanted.items():
                if source_id not in held:
                    conn.execute(insert(source).values(id=source_id, next_due=micros(now), **fields))
                elif held[source_id] != fields:
                    if held[source_id]["url"] != fields["url"]:   # another page: what was known of the old one says nothing
                        fields = fields | {"etag": "", "last_modified": "", "next_due": micros(now), "paused_until": None}
                    conn.execute(update(source).where(source.c.id == source_id).values(**fields))
            gone = [i for i, fields in held.items() if i not in wanted and fields["enabled"]]
            for lot in in_lots(gone):
                conn.execute(update(source).where(source.c.id.in_(lot)).values(enabled=False, leased_until=None))

    def due_sources(self, now: datetime, limit: int, lease_s: int = 300) -> list[SourceState]:
        at = micros(now)
        due = (select(source).where(source.c.enabled, or_(source.c.next_due.is_(None), source.c.next_due <= at),
                                    or_(source.c.paused_until.is_(None), source.c.paused_until <= at),
                                    or_(source.c.leased_until.is_(None), source.c.leased_until <= at))
               .order_by(source.c.next_due.nulls_first(), source.c.id).limit(limit))
        with self.db.read() as conn:           # nothing due is the usual answer: it shall not take the write lock
            if conn.execute(due.limit(1)).first() is None:
                return []
        with self.db.write(None) as conn:
            rows = conn.execute(due.with_for_update(skip_locked=True)).all()
            conn.execute(update(source).where(source.c.id.in_([r.id for r in rows])).values(leased_until=at + lease_s * 1_000_000))
        return [_state(row) for row in rows]

    def record_poll(self, state: SourceState, links: Sequence[Link], now: datetime) -> int:
        with self.db.write(FRONTIER) as conn:
            new = _add_links(conn, links, now)
            held = conn.execute(select(source.c.last_new, source.c.usual_gap_s).where(source.c.id == state.id)).first()
            if held is None:
                return new
            rhythm = {}
            if new:
                rhythm = {"last_new": micros(now), "found": source.c.found + new}
                if held.last_new is not None:
                    gap = max(0, micros(now) - held.last_new) / 1_000_000 / new
                    rhythm["usual_gap_s"] = gap if not held.usual_gap_s else (1 - _SMOOTH) * held.usual_gap_s + _SMOOTH * gap
            conn.execute(update(source).where(source.c.id == state.id).values(
                health=str(state.health), next_due=micros_or_none(state.next_due), interval_s=state.interval_s,
                etag=plain(state.etag), last_modified=plain(state.last_modified), last_poll=micros_or_none(state.last_poll),
                last_ok=micros_or_none(state.last_ok), failures=state.failures, fail_kind=state.fail_kind,
                fail_detail=plain(state.fail_detail), paused_until=micros_or_none(state.paused_until), leased_until=None, **rhythm))
            return new

    def due_links(self, now: datetime, limit: int, lease_s: int = 300, busy_hosts: Sequence[str] = ()) -> list[Link]:
        at = micros(now)
        due = select(link).where(link.c.due_at <= at).order_by(link.c.priority.desc(), link.c.id).limit(limit)
        if busy_hosts:
            due = due.where(link.c.host.not_in(list(busy_hosts)))
        with self.db.read() as conn:
            if conn.execute(due.limit(1)).first() is None:
                return []
        with self.db.write(None) as conn:
            rows = conn.execute(due.with_for_update(skip_locked=True)).all()
            for lot in in_lots([r.id for r in rows]):
                conn.execute(update(link).where(link.c.id.in_(lot)).values(
                    state="leased", due_at=at + lease_s * 1_000_000, tries=link.c.tries + 1))
        return [Link(r.url, r.outlet_id, r.source_id, loads(r.hint), r.priority, r.tries) for r in rows]

    def link_failed(self, url: str, kind: str, detail: str, retry_at: datetime | None, now: datetime) -> None:
        with self.db.write(None) as conn:
            conn.execute(update(link).where(link.c.url_hash == url_hash(url)).values(
                state="failed" if retry_at is None else "waiting", due_at=micros_or_none(retry_at),
                fail_kind=kind, fail_detail=plain(detail)[:500]))

    def offer(self, links: Sequence[Link], now: datetime) -> int:
        """A link already known is left as it is, save one with `tries` above 0 that is done or failed: it waits again."""
        with self.db.write(FRONTIER) as conn:
            late = [url_hash(x.url) for x in links if x.tries > 0]
            for lot in in_lots(late):
                ended = update(link).where(link.c.url_hash.in_(lot), link.c.due_at.is_(None))
                conn.execute(ended.values(state="waiting", due_at=micros(now)))
            return _add_links(conn, links, now)

    def source_states(self) -> list[SourceState]:
        with self.db.read() as conn:
            return [_state(r) for r in conn.execute(select(source).where(source.c.enabled).order_by(source.c.outlet_id, source.c.id))]

    def link_counts(self, sources: Sequence[str] | None = None) -> Mapping[str, int]:
        found: Counter[str] = Counter()
        with self.db.read() as conn:
            for lot in [None] if sources is None else in_lots(list(sources)):
                counts = select(link.c.state, func.count()).group_by(link.c.state)
                found.update(dict(conn.execute(counts if lot is None else counts.where(link.c.source_id.in_(lot))).all()))
        return {state: found[state] for state in ("waiting", "leased", "done", "failed")}


def close_links(conn: Connection, urls: Iterable[str]) -> None:
    """What was asked for has been fetched."""
    for lot in in_lots(sorted({url_hash(u) for u in urls})):
        conn.execute(update(link).where(link.c.url_hash.in_(lot)).values(state="done", due_at=None))


def _add_links(conn: Connection, links: Sequence[Link], now: datetime) -> int:
    fresh = {url_hash(x.url): x for x in reversed(links)}          # the first of several with one address stays
    for lot in in_lots(list(fresh)):
        for held in conn.execute(select(link.c.url_hash).where(link.c.url_hash.in_(lot))).scalars():
            del fresh[bytes(held)]
    add_missing(conn, link, [
        {"url_hash": key, "url": plain(x.url), "host": _host(x.url), "outlet_id": x.outlet_id, "source_id": x.source_id,
         "hint": dumps(dict(x.hint)),
         "priority": x.priority, "tries": x.tries, "state": "waiting", "added_at": micros(now), "due_at": micros(now),
         "fail_kind": "", "fail_detail": ""}
        for key, x in reversed(fresh.items())])
    return len(fresh)


def _host(url: str) -> str:
    try:
        return urlsplit(url).hostname or ""
    except ValueError:
        return ""


def _state(row: object) -> SourceState:
    fields = row._asdict()
    del fields["enabled"], fields["leased_until"]
    for name in _TIMES:
        fields[name] = moment_or_none(fields[name])
    return SourceState(**fields | {"health": Health(fields["health"])})
