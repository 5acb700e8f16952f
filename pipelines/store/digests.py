"""Digests as they are kept: editors' changes beside the facts, issues with what became of them, counts without texts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from sqlalchemy import func, insert, select, update

from model.digest import DigestEdit, DigestIssue, KeptFile, Posted
from pipelines.store.clippings import _DAY, _SHANGHAI, _iso_day, _matched_in
from pipelines.store.codec import dumps, loads, micros, moment, moment_or_none, plain
from pipelines.store.part import StorePart
from pipelines.store.tables import article, task
from pipelines.store.tables_digests import digest_edit, digest_issue

POST = "post"                      # kind of task: a mail with its files
_DELIVER = "deliver:"


class DigestPart(StorePart):
    """`model.ports_digest.DigestStore`."""

    def piece_counts(self, since: datetime, until: datetime) -> list[tuple[str, str, str, bool, int]]:
        day = ((article.c.sort_at + _SHANGHAI) // _DAY).label("day")
        keys = (day, article.c.outlet_id, article.c.tier, article.c.is_first)
        counts = select(*keys, func.count().label("n")).where(_matched_in(since, until)).group_by(*keys).order_by(*keys)
        with self.db.read() as conn:
            return [(_iso_day(r.day), r.outlet_id, r.tier, bool(r.is_first), r.n) for r in conn.execute(counts)]

    def digest_edits(self, span: str) -> list[DigestEdit]:
        with self.db.read() as conn:
            rows = conn.execute(select(digest_edit).where(digest_edit.c.span == span).order_by(digest_edit.c.id))
            return [DigestEdit(r.id, r.span, moment(r.at), r.who, r.what, r.target, r.value) for r in rows]

    def add_digest_edit(self, edit: DigestEdit) -> int:
        with self.db.write() as conn:
            return conn.execute(insert(digest_edit).values(
                span=edit.span, at=micros(edit.at), who=plain(edit.who), what=edit.what, target=edit.target, value=plain(edit.value),
            )).inserted_primary_key[0]

    def new_issue(self, issue: DigestIssue) -> int:
        with self.db.write() as conn:
            return conn.execute(insert(digest_issue).values(
                span=issue.span, number=issue.number, at=micros(issue.at), who=plain(issue.who), state=issue.state,
                recipients=dumps(list(issue.recipients)),
                faults=dumps(list(issue.faults)), files=dumps([asdict(f) for f in issue.files]), summary=plain(issue.summary),
                decided_by="", reason="",
            )).inserted_primary_key[0]

    def keep_files(self, issue_id: int, files: Sequence[KeptFile]) -> None:
        with self.db.write() as conn:
            conn.execute(update(digest_issue).where(digest_issue.c.id == issue_id).values(files=dumps([asdict(f) for f in files])))

    def decide_issue(self, issue_id: int, state: str, who: str, reason: str, now: datetime) -> None:
        with self.db.write() as conn:
            conn.execute(update(digest_issue).where(digest_issue.c.id == issue_id).values(
                state=state, decided_by=plain(who), decided_at=micros(now), reason=plain(reason)))

    def issue(self, issue_id: int) -> DigestIssue | None:
        with self.db.read() as conn:
            row = conn.execute(select(digest_issue).where(digest_issue.c.id == issue_id)).first()
        return _issue(row) if row else None

    def issues(self, span: str = "", limit: int = 50) -> list[DigestIssue]:
        rows = select(digest_issue).order_by(digest_issue.c.id.desc()).limit(limit)
        rows = rows.where(digest_issue.c.span == span) if span else rows
        with self.db.read() as conn:
            return [_issue(r) for r in conn.execute(rows)]

    def posted(self, issue_id: int) -> list[Posted]:
        ours = (task.c.kind == POST) | task.c.kind.startswith(_DELIVER, autoescape=True)
        rows = select(task).where(ours, task.c.key.startswith(f"digest:{issue_id}:", autoescape=True)).order_by(task.c.id)
        with self.db.read() as conn:
            return [Posted(str(loads(r.payload).get("channel", "")), r.state, r.detail, moment(r.changed_at),
                r.id) for r in conn.execute(rows)]


def _issue(row: Any) -> DigestIssue:
    return DigestIssue(
        row.id, row.span, row.number, moment(row.at), row.who, row.state, tuple(loads(row.recipients) or ()),
        tuple(loads(row.faults) or ()),
        tuple(KeptFile(**f) for f in loads(row.files) or ()), row.summary, row.decided_by, moment_or_none(row.decided_at), row.reason)
