"""Claims as they are kept: handed in whole, verified, decided; their record and their evidence only ever appended to."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Select, func, insert, or_, select, update

from model.claim import Claim, ClaimEvent, EvidenceItem, Finding, Form, FormRow, PageState, Recheck, Submission, Verdict
from pipelines.store.codec import dumps, loads, micros, micros_or_none, moment, moment_or_none, plain, unpack
from pipelines.store.part import StorePart, in_lots, url_hash
from pipelines.store.tables import article, page
from pipelines.store.tables_claims import claim, claim_event, claim_url, evidence, recheck, submission
from pipelines.store.upsert import add_missing

_HELD = (~claim.c.withdrawn) & claim.c.submission_id.in_(select(submission.c.id).where(submission.c.replaced_by.is_(None)))


class ClaimPart(StorePart):
    """`model.ports_claims.ClaimStore`."""

    def submissions(self, unit_id: str = "", period: str = "", limit: int = 200) -> list[Submission]:
        rows = select(submission).order_by(submission.c.id.desc()).limit(limit)
        rows = rows.where(submission.c.unit_id == unit_id) if unit_id else rows
        rows = rows.where(submission.c.period == period) if period else rows
        with self.db.read() as conn:
            return _submissions(conn, rows)

    def submission(self, submission_id: int) -> Submission | None:
        with self.db.read() as conn:
            return next(iter(_submissions(conn, select(submission).where(submission.c.id == submission_id))), None)

    def claims(
        self, submission_id: int = 0, unit_id: str = "", period: str = "", standing: Sequence[str] = (), limit: int = 5000
    ) -> list[Claim]:
        rows = select(claim).order_by(claim.c.id).limit(limit)
        rows = rows.where(claim.c.submission_id == submission_id) if submission_id else rows.where(_HELD)
        rows = rows.where(claim.c.unit_id == unit_id) if unit_id else rows
        rows = rows.where(claim.c.period == period) if period else rows
        rows = rows.where(claim.c.standing.in_(list(standing))) if standing else rows
        with self.db.read() as conn:
            return [_claim(r) for r in conn.execute(rows)]

    def claim(self, claim_id: int) -> Claim | None:
        with self.db.read() as conn:
            row = conn.execute(select(claim).where(claim.c.id == claim_id)).first()
        return _claim(row) if row else None

    def claim_events(self, claim_id: int) -> list[ClaimEvent]:
        with self.db.read() as conn:
            return [ClaimEvent(r.id, r.claim_id, moment(r.at), r.who, r.what, r.text)
                    for r in conn.execute(select(claim_event).where(claim_event.c.claim_id == claim_id).order_by(claim_event.c.id))]

    def claims_on(self, urls: Sequence[str], story_ids: Sequence[int] = ()) -> list[Claim]:
        by_url = select(claim_url.c.claim_id).where(claim_url.c.url_hash.in_([url_hash(u) for u in urls][:500]))
        rows = select(claim).where(_HELD, or_(claim.c.id.in_(by_url), claim.c.story_id.in_(list(story_ids)[:500]))).order_by(claim.c.id)
        with self.db.read() as conn:
            return [_claim(r) for r in conn.execute(rows)]

    def claim_counts(self, period: str) -> Mapping[str, Mapping[str, int]]:
        rows = select(claim.c.unit_id, claim.c.standing, func.count().label("n")).where(_HELD, claim.c.period == period) \
            .group_by(claim.c.unit_id, claim.c.standing)
        found: dict[str, dict[str, int]] = {}
        with self.db.read() as conn:
            for r in conn.execute(rows):
                found.setdefault(r.unit_id, {})[r.standing] = r.n
        return found

    def crawled(self, article_ids: Sequence[int]) -> set[int]:
        found: set[int] = set()
        with self.db.read() as conn:
            for lot in in_lots(list(article_ids)):
                found.update(
                    conn.execute(
                        select(page.c.article_id).where(page.c.article_id.in_(lot), page.c.source_id != "claim").distinct()
                    ).scalars()
                )
        return found

    def articles_at(self, canonicals: Sequence[str]) -> Mapping[str, int]:
        wanted = {url_hash(c): c for c in canonicals}
        found: dict[str, int] = {}
        with self.db.read() as conn:
            for lot in in_lots(list(wanted)):
                found.update((wanted[bytes(r.canonical_hash)], r.id) for r in conn.execute(
                    select(article.c.canonical_hash, article.c.id).where(article.c.canonical_hash.in_(lot), article.c.has_text)))
        return found

    def hand_in(self, unit_id: str, period: str, who: str, form: Form, now: datetime, replaces: int | None = None) -> int:
        with self.db.write() as conn:
            submission_id = conn.execute(insert(submission).values(
                unit_id=unit_id, period=period, at=micros(now), who=plain(who), file_name=plain(form.file_name)[:300], sha256=form.sha256,
                rows=len(form.rows))).inserted_primary_key[0]
            if replaces:
                conn.execute(
                    update(submission)
                    .where(submission.c.id == replaces, submission.c.unit_id == unit_id, submission.c.period == period)
                    .values(replaced_by=submission_id)
                )
            for row in form.rows:
                claim_id = conn.execute(insert(claim).values(
                    submission_id=submission_id, unit_id=unit_id, period=period, handed_in=micros(now), row=dumps(row), finding="",
                )).inserted_primary_key[0]
                _log(conn, claim_id, who, "handed_in", f"填报：{row.title}", now)
        return submission_id

    def save_finding(self, claim_id: int, finding: Finding, now: datetime) -> None:
        with self.db.write() as conn:
            decision = conn.execute(select(claim.c.decision).where(claim.c.id == claim_id)).scalar_one()
            conn.execute(
                update(claim)
                .where(claim.c.id == claim_id)
                .values(
                    verdict=finding.verdict.value,
                    standing=decision or finding.verdict.value,
                    finding=dumps(finding),
                    article_id=finding.article_id,
                    story_id=finding.story_id,
                    checked_at=micros(now),
                    retry_at=micros_or_none(finding.retry_at),
                    tries=claim.c.tries + 1,
                )
            )
            if finding.url:
                add_missing(conn, claim_url, [{"url_hash": url_hash(finding.url), "claim_id": claim_id}])
            _log(conn, claim_id, "系统", "checked", f"{finding.verdict.label}：" + "；".join(finding.reasons), now)

    def decide_claim(self, claim_id: int, verdict: Verdict, who: str, reason: str, now: datetime) -> None:
        with self.db.write() as conn:
            conn.execute(
                update(claim)
                .where(claim.c.id == claim_id)
                .values(
                    decision=verdict.value,
                    standing=verdict.value,
                    decided_by=plain(who),
                    decided_at=micros(now),
                    decision_reason=plain(reason),
                    retry_at=None,
                )
            )
            _log(conn, claim_id, who, "decided", f"{verdict.label}：{reason}", now)

    def withdraw_claim(self, claim_id: int, who: str, reason: str, now: datetime) -> None:
        with self.db.write() as conn:
            conn.execute(update(claim).where(claim.c.id == claim_id).values(withdrawn=True, retry_at=None))
            _log(conn, claim_id, who, "withdrawn", reason, now)

    def note_claim(self, claim_id: int, who: str, what: str, text: str, now: datetime) -> None:
        with self.db.write() as conn:
            _log(conn, claim_id, who, what, text, now)

    def due_claims(self, now: datetime, limit: int = 200) -> list[Claim]:
        rows = (
            select(claim)
            .where(_HELD, claim.c.standing == Verdict.PENDING.value, claim.c.retry_at <= micros(now))
            .order_by(claim.c.retry_at)
            .limit(limit)
        )
        with self.db.read() as conn:
            return [_claim(r) for r in conn.execute(rows)]

    def claims_undrawn(self, limit: int = 20) -> list[Claim]:
        drawn = select(evidence.c.claim_id).where(evidence.c.kind == "pdf")
        given_up = select(claim_event.c.claim_id).where(claim_event.c.what == "undrawn")
        rows = select(claim).where(_HELD, claim.c.article_id.is_not(None), claim.c.standing.in_([Verdict.VERIFIED.value, Verdict.DOUBTFUL.value]),
                                   claim.c.id.not_in(drawn), claim.c.id.not_in(given_up)).order_by(claim.c.id.desc()).limit(limit)
        with self.db.read() as conn:
            return [_claim(r) for r in conn.execute(rows)]

    def add_evidence(self, item: EvidenceItem, seal: Callable[[EvidenceItem], str]) -> EvidenceItem:
        item = replace(item, name=plain(item.name), url=plain(item.url), meta={plain(k): plain(v) for k, v in item.meta.items()})
        with self.db.write() as conn:
            same = conn.execute(
                select(evidence).where(
                    evidence.c.claim_id == item.claim_id,
                    evidence.c.kind == item.kind,
                    evidence.c.name == item.name,
                    evidence.c.sha256 == item.sha256,
                )
            ).first()
            if same:
                return _item(same)
            last = conn.execute(
                select(evidence.c.seq, evidence.c.hash).where(evidence.c.chain == item.chain).order_by(evidence.c.seq.desc()).limit(1)
            ).first()
            item = replace(item, seq=last.seq + 1 if last else 1, previous=last.hash if last else "")
            item = replace(item, hash=seal(item))
            fields = {name: getattr(item, name) for name in evidence.c.keys() if name not in ("id", "captured_at", "seen_at", "meta")}
            made = conn.execute(
                insert(evidence).values(
                    captured_at=micros(item.captured_at), seen_at=micros(item.seen_at), meta=dumps(dict(item.meta)), **fields
                )
            ).inserted_primary_key[0]
        return replace(item, id=made)

    def evidence_of(self, claim_id: int) -> list[EvidenceItem]:
        with self.db.read() as conn:
            return [_item(r) for r in conn.execute(select(evidence).where(evidence.c.claim_id == claim_id).order_by(evidence.c.seq))]

    def evidence_chain(self, chain: str) -> list[EvidenceItem]:
        with self.db.read() as conn:
            return [_item(r) for r in conn.execute(select(evidence).where(evidence.c.chain == chain).order_by(evidence.c.seq))]

    def claims_to_look_at(self, limit: int = 500) -> list[Claim]:
        looked = select(_recheck.c.claim_id, func.max(_recheck.c.at).label("at")).group_by(_recheck.c.claim_id).subquery()
        rows = select(claim).join(looked, looked.c.claim_id == claim.c.id, isouter=True).where(
            _HELD, claim.c.standing == Verdict.VERIFIED.value, claim.c.article_id.is_not(None)).order_by(
            func.coalesce(looked.c.at, 0), claim.c.id).limit(limit)
        with self.db.read() as conn:
            return [_claim(r) for r in conn.execute(rows)]

    def add_recheck(self, recheck: Recheck) -> None:
        with self.db.write() as conn:
            conn.execute(
                insert(_recheck).values(
                    claim_id=recheck.claim_id,
                    article_id=recheck.article_id,
                    url=plain(recheck.url),
                    at=micros(recheck.at),
                    state=recheck.state.value,
                    detail=plain(recheck.detail),
                )
            )

    def rechecks(self, states: Sequence[str] = (), unit_id: str = "", limit: int = 500) -> list[Recheck]:
        newest = select(func.max(_recheck.c.id)).group_by(_recheck.c.claim_id)
        rows = select(_recheck).where(_recheck.c.id.in_(newest)).order_by(_recheck.c.id.desc()).limit(limit)
        rows = rows.where(_recheck.c.state.in_(list(states))) if states else rows
        if unit_id:
            rows = rows.where(_recheck.c.claim_id.in_(select(claim.c.id).where(claim.c.unit_id == unit_id)))
        with self.db.read() as conn:
            return [Recheck(r.id, r.claim_id, r.article_id, r.url, moment(r.at), PageState(r.state), r.detail) for r in conn.execute(rows)]


_recheck = recheck


def _log(conn: Connection, claim_id: int, who: str, what: str, text: str, now: datetime) -> None:
    conn.execute(insert(claim_event).values(claim_id=claim_id, at=micros(now), who=plain(who), what=what, text=plain(text)[:2000]))


def _submissions(conn: Connection, rows: Select) -> list[Submission]:
    found = conn.execute(rows).all()
    counts: dict[int, dict[str, int]] = {}
    for lot in in_lots([r.id for r in found]):
        for r in conn.execute(select(claim.c.submission_id, claim.c.standing, func.count().label("n")).where(
                claim.c.submission_id.in_(lot), ~claim.c.withdrawn).group_by(claim.c.submission_id, claim.c.standing)):
            counts.setdefault(r.submission_id, {})[r.standing] = r.n
    return [
        Submission(r.id, r.unit_id, r.period, moment(r.at), r.who, r.file_name, r.sha256, r.rows, r.replaced_by, counts.get(r.id, {}))
        for r in found
    ]


def _claim(row: Any) -> Claim:
    return Claim(
        row.id, row.submission_id, row.unit_id, row.period, moment(row.handed_in), unpack(FormRow, loads(row.row)),
        unpack(Finding, loads(row.finding)) if row.finding else Finding(Verdict.NEW), moment_or_none(row.checked_at), row.tries,
        Verdict(row.decision) if row.decision else None, row.decided_by, moment_or_none(row.decided_at), row.decision_reason, row.withdrawn)


def _item(row: Any) -> EvidenceItem:
    return EvidenceItem(**row._asdict() | {"captured_at": moment(row.captured_at), "seen_at": moment(row.seen_at), "meta": loads(row.meta)})
