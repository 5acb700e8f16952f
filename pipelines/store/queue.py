"""The queue of fetched pages: given out by lease, ended with one counted status, run again when asked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import bindparam, case, func, insert, select, update

from model.page import FINAL, ArchiveRef, Page, PageStatus, QueuedPage
from pipelines.store.codec import dumps, loads, micros, moment, plain
from pipelines.store.engine import FRONTIER
from pipelines.store.frontier import close_links
from pipelines.store.part import StorePart, WriterPart, in_lots
from pipelines.store.prepared import Prepared
from pipelines.store.tables import named_value, page
from pipelines.store.upsert import put

_READY = 0                         # due_at of a page that waits: earlier than any clock
_AGAIN = -1                        # priority of a re-run: never before what is new
_FINISH = Prepared(update(page).where(page.c.id == bindparam("page_id")), ["state", "reason", "due_at", "changed_at", "article_id"])
_INSERT = insert(page).returning(page.c.id, sort_by_parameter_order=True)


class QueuePart(StorePart):

    def enqueue(self, pages: Sequence[tuple[Page, ArchiveRef]], now: datetime) -> list[int]:
        """Closes the link of the page's address and, where a redirect led elsewhere, that of `hint["asked"]`."""
        if not pages:
            return []
        with self.db.write(FRONTIER) as conn:
            ids = list(conn.execute(_INSERT, _rows(pages, now)).scalars())
            close_links(conn, [u for p, _ in pages for u in (p.url, p.hint.get("asked")) if u])
        return ids

    def enqueue_marked(self, pages: Sequence[tuple[Page, ArchiveRef]], name: str, held: str, mark: str, now: datetime) -> bool:
        with self.db.write(FRONTIER) as conn:
            standing = conn.execute(select(named_value.c.value).where(named_value.c.name == name)).scalar()
            if (standing or "0") != held:
                return False
            if pages:
                conn.execute(_INSERT, _rows(pages, now))
            put(conn, named_value, {"name": name, "value": mark, "set_at": micros(now)})
        return True

    def pages_after(self, page_id: int, limit: int) -> list[QueuedPage]:
        with self.db.read() as conn:
            return [_queued(r) for r in conn.execute(select(page).where(page.c.id > page_id).order_by(page.c.id).limit(limit))]

    def take_pages(self, worker: str, limit: int, now: datetime, lease_s: int = 120, least: int | None = None) -> list[QueuedPage]:
        """`tries` of a page is the number of times it was taken before; with `least` only pages of this priority and above."""
        at = micros(now)
        due = select(page).where(page.c.due_at <= at).order_by(page.c.priority.desc(), page.c.id).limit(limit)
        if least is not None:
            due = due.where(page.c.priority >= least)
        with self.db.read() as conn:           # an empty queue shall not take the write lock
            if conn.execute(due.limit(1)).first() is None:
                return []
        with self.db.write(None) as conn:
            rows = conn.execute(due.with_for_update(skip_locked=True)).all()
            for lot in in_lots([r.id for r in rows]):
                conn.execute(update(page).where(page.c.id.in_(lot)).values(
                    state=PageStatus.LEASED.value, worker=worker, due_at=at + lease_s * 1_000_000, tries=page.c.tries + 1, changed_at=at))
        return [_queued(r) for r in rows]

    def give_back(self, worker: str) -> int:
        """What `worker` holds on lease waits again, as if it had never been taken; returns how many."""
        with self.db.write() as conn:
            return conn.execute(update(page).where(page.c.state == PageStatus.LEASED.value, page.c.worker == worker).values(
                state=PageStatus.QUEUED.value, due_at=_READY, worker="", tries=case((page.c.tries > 0, page.c.tries - 1), else_=0))).rowcount

    def page_counts(self, since: datetime | None = None) -> Mapping[str, int]:
        counts = select(page.c.state, func.count()).group_by(page.c.state)
        if since is not None:
            counts = counts.where(page.c.fetched_at >= micros(since))
        with self.db.read() as conn:
            found = dict(conn.execute(counts).all())
        return {status.value: found.get(status.value, 0) for status in PageStatus}

    def requeue(self, since: datetime | None, statuses: Sequence[PageStatus], now: datetime, ids: Sequence[int] = ()) -> int:
        """Only pages that have ended; without `statuses` those of every final status."""
        wanted = [s.value for s in (statuses or FINAL) if s in FINAL]
        again = update(page).where(page.c.state.in_(wanted)).values(
            state=PageStatus.QUEUED.value, due_at=_READY, tries=0, worker="", changed_at=micros(now))
        with self.db.write() as conn:
            if ids:
                return sum(conn.execute(again.where(page.c.id.in_(lot))).rowcount for lot in in_lots(list(dict.fromkeys(ids))))
            if since is not None:
                again = again.where(page.c.fetched_at >= micros(since))
            return conn.execute(again.values(priority=case((page.c.priority < _AGAIN, page.c.priority), else_=_AGAIN))).rowcount

    def quarantined(self, limit: int = 100) -> list[tuple[QueuedPage, str, datetime]]:
        kept = select(page).where(page.c.state == PageStatus.QUARANTINED.value) \
            .order_by(page.c.changed_at.desc(), page.c.id.desc()).limit(limit)
        with self.db.read() as conn:
            return [(_queued(r), r.reason, moment(r.changed_at)) for r in conn.execute(kept)]


class QueueWriter(WriterPart):

    def finish_page(self, page_id: int, status: PageStatus, reason: str, now: datetime, article_id: int | None = None) -> None:
        if status not in FINAL:
            raise ValueError(f"a page cannot end as {status.value}")
        _FINISH.run(self.conn, page_id=page_id, state=status.value, reason=plain(reason)[:2000], due_at=None, changed_at=micros(now),
                    article_id=article_id)


def _rows(pages: Sequence[tuple[Page, ArchiveRef]], now: datetime) -> list[dict[str, object]]:
    return [{
        "url": plain(p.url), "fetched_at": micros(p.fetched_at), "http_status": p.status, "headers": dumps(dict(p.headers)),
        "outlet_id": p.outlet_id, "source_id": p.source_id, "hint": dumps(dict(p.hint)),
        "file": ref.file, "offset": ref.offset, "length": ref.length, "sha256": ref.sha256,
        "state": PageStatus.QUEUED.value, "priority": _priority(p.hint), "tries": 0, "worker": "", "due_at": _READY, "reason": "",
        "changed_at": micros(now), "article_id": None,
    } for p, ref in pages]


def _priority(hint: Mapping[str, str]) -> int:
    try:
        return max(-1_000_000, min(1_000_000, int(hint.get("priority", 0))))
    except (TypeError, ValueError):
        return 0


def ref_of(row: object) -> ArchiveRef:
    return ArchiveRef(row.file, row.offset, row.length, row.sha256)


def _queued(row: object) -> QueuedPage:
    return QueuedPage(id=row.id, url=row.url, fetched_at=moment(row.fetched_at), status=row.http_status, headers=loads(row.headers),
                      outlet_id=row.outlet_id, source_id=row.source_id, hint=loads(row.hint), ref=ref_of(row), tries=row.tries)
