"""What a person does to the ledger: nods, awards, corrections, periods closed and opened, appeals.  Every step is a row with its reason."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, time, timedelta

from analysis.periods import SHANGHAI, day_of, label, period_of
from analysis.scoring import Preview, award_cents, award_room, points, preview
from analysis.scoring.assess import Award
from model.bureau import Bureau
from model.circular import Annual, Circular, Letter, Reconciliation, Statement
from model.claim import Claim, Verdict
from model.claim import period as span_of
from model.credit import Appeal, LedgerRow, PeriodEvent, PeriodState, Proposal, Scheme
from model.ledger import replay, standing_rows
from model.outlet import Outlet
from model.ports import Clock, Store
from pipelines import circulars, reconcile
from pipelines.credits import booked, counter, recap, reconcile as match_story, reconcile_claim, story_pieces

_MARK = "credits.claims"


class CreditDesk:
    """`model.ports_credits.CreditsDesk`.  `shipped()` gives the schemes that come with the software, for previews."""

    def __init__(self, store: Store, bureau: Callable[[], Bureau], clock: Clock, shipped: Callable[[], Mapping[str, Scheme]] = dict):
        self.store, self.bureau, self.clock, self._shipped = store, bureau, clock, shipped

    # papers
    def circular(self, period: str, letter: Letter = Letter()) -> Circular:
        return circulars.circular(self.store, self.bureau(), period, self.clock.now(), letter)

    def statement(self, unit_id: str, period: str) -> Statement:
        return circulars.statement(self.store, self.bureau(), unit_id, period, self.clock.now())

    def annual(self, year: str) -> Annual:
        return circulars.annual(self.store, self.bureau(), year, self.clock.now())

    def reconciliation(self, period: str) -> Reconciliation:
        return reconcile.reconciliation(self.store, period)

    def outstanding(self, period: str) -> list[circulars.Settled]:
        return circulars.outstanding(self.store, self.bureau(), period)

    # schemes
    def scheme_of(self, period: str) -> Scheme | None:
        return circulars.scheme_for(self.bureau(), period)

    def shipped(self) -> dict[str, Scheme]:
        return {s.key: s for s in self.bureau().schemes} | {key: s for key, s in self._shipped().items()}

    def preview(self, period: str, then: Scheme) -> Preview:
        """The period's stories, claims and awards under the scheme in force and under `then`."""
        span, now = span_of(period), self.scheme_of(period)
        bureau = self.bureau()
        since, until = (datetime.combine(day, time(), SHANGHAI) for day in (span.first, span.last + timedelta(days=1)))
        claims: dict[int, list[Claim]] = {}
        for claim in circulars.handed_in(self.store, span):
            if claim.standing is Verdict.VERIFIED and claim.finding.story_id:
                claims.setdefault(claim.finding.story_id, []).append(claim)
        numbers = [c.story.id for c in self.store.clippings_between(since, until) if c.story]
        stories = [story_pieces(copies, claims.get(number, ()), bureau.outlet)[0] for number, copies in self.store.whole_stories(numbers).items()]
        rows = standing_rows(self.store.ledger(period=period, limit=1_000_000))
        awards = [Award(r.unit_id, r.class_id, r.full_cents, r.day) for r in rows if r.kind in ("award", "veto")]
        handed = {(unit, month): n for (unit, month, what), n in circulars.counts(self.store, now, span).items() if what == "submitted"}
        groups = circulars.groups_of(bureau, rows)
        return preview(now or replace(then, classes=()), then, span, [s for s in stories if s], groups, awards, handed,
                       day_of(self.clock.now()))

    # periods
    def period_now(self) -> str:
        now = self.clock.now()
        scheme = self.bureau().scheme_on(day_of(now))
        return period_of(now, scheme.period if scheme else "quarter")

    def periods(self, count: int = 8) -> list[PeriodState]:
        found, name = [], self.period_now()
        for _ in range(count):
            found.append(self.store.period_state(name))
            per = "quarter" if "Q" in name else "month" if "M" in name else "year"
            name = period_of((span_of(name).first - timedelta(days=1)).isoformat(), per)
        return found

    def history(self, period: str) -> list[PeriodEvent]:
        return self.store.period_events(period)

    def close(self, period: str, who: str, reason: str, anyway: bool = False) -> None:
        span, state = span_of(period), self.store.period_state(period)
        if not state.open:
            raise ValueError(f"{label(period)}已经结账")
        if span.last >= self.clock.now().astimezone(SHANGHAI).date() and not anyway:
            raise ValueError(f"{label(period)}还没有结束（到{span.last.isoformat()}）；确要提前结账，请注明")
        if not anyway:
            self._nothing_left(period)
        self.book_claims()
        end = circulars.outstanding(self.store, self.bureau(), period)
        scheme, now = self.scheme_of(period), self.clock.now()
        with self.store.write() as w:
            for s in end:
                w.add_ledger(LedgerRow(0, now, s.unit_id, 0, 0, scheme.key, s.kind, s.name, s.cents, period, s.arithmetic, s.reason, "rule", kind=s.kind,
                                       passed_by=who))
            sums = {unit: b.cents for unit, b in replay(w.ledger_of_period(period)).items()}
            w.add_period_event(period, "closed", who, reason.strip(), sums, now)

    def _nothing_left(self, name: str) -> None:
        waiting = [p for p in self.store.proposals(limit=10_000) if p.row.period == name]
        appeals = [a for a in self.store.appeals(state="open", limit=10_000) if a.period == name]
        left = [words for number, words in ((len(waiting), f"{len(waiting)}条记分等待点头"), (len(appeals), f"{len(appeals)}件申诉没有答复")) if number]
        if left:
            raise ValueError(f"{label(name)}还有{'、'.join(left)}；先处理，或注明仍要结账")

    def check(self) -> list[str]:
        """Closed periods replayed: what differs from the points at their closing, in Chinese; nothing should."""
        wrong, last = [], {e.period: e for e in self.store.period_events()}
        for name, event in last.items():
            if event.what == "closed":
                now = {unit: b.cents for unit, b in replay(self.store.ledger(period=name, limit=1_000_000)).items()}
                for unit in sorted(now.keys() | event.sums.keys()):
                    if now.get(unit, 0) != event.sums.get(unit, 0):
                        wrong.append(f"{label(name)} {unit}：结账时 {points(event.sums.get(unit, 0))}，现在 {points(now.get(unit, 0))}")
        return wrong

    def open(self, period: str, who: str, reason: str = "") -> None:
        """Say that a period is open (one of which nothing was said is open anyway); a closed one is reopened instead."""
        if not self.store.period_state(period).open:
            raise ValueError(f"{label(period)}已经结账，请用重新开账并写明理由")
        with self.store.write() as w:
            w.add_period_event(span_of(period).id, "opened", who, reason.strip(), {}, self.clock.now())

    def reopen(self, period: str, who: str, reason: str) -> None:
        """What its end had made is taken back; closing again makes it anew."""
        if self.store.period_state(period).open:
            raise ValueError(f"{label(period)}没有结账")
        if len(reason.strip()) < 2:
            raise ValueError("重新开账须写明理由")
        now = self.clock.now()
        with self.store.write() as w:
            w.add_period_event(period, "reopened", who, reason.strip(), {}, now)
            for row in standing_rows(w.ledger_of_period(period)):
                if row.origin == "rule":
                    w.add_ledger(counter(w, row, now, "重新开账", who=who))

    # the nod
    def proposals(self) -> list[Proposal]:
        return self.store.proposals()

    def accept(self, proposal_id: int, who: str) -> int:
        held, now = self._waiting(proposal_id), self.clock.now()
        bureau = self.bureau()
        scheme = bureau.scheme_on(held.row.day or day_of(held.row.at))
        with self.store.write() as w:
            if not w.settle_proposal(proposal_id, "accepted", who, "", now):
                raise ValueError("这一条已经处理过了")
            number = w.add_ledger(booked(w, replace(held.row, at=now, passed_by=who), scheme, now))
            recap(w, scheme, held.row.unit_id, held.row.day, now)
        return number

    def refuse(self, proposal_id: int, who: str, reason: str) -> None:
        self._waiting(proposal_id)
        if not reason.strip():
            raise ValueError("不予记分须写明理由")
        with self.store.write() as w:
            if not w.settle_proposal(proposal_id, "refused", who, reason.strip(), self.clock.now()):
                raise ValueError("这一条已经处理过了")

    def _waiting(self, proposal_id: int) -> Proposal:
        held = self.store.proposal(proposal_id)
        if held is None:
            raise ValueError("没有这一条")
        if held.state != "waiting":
            raise ValueError("这一条已经处理过了")
        return held

    # rows by hand
    def award(self, unit_id: str, rule_id: str, period: str, who: str, reason: str, row_id: int = 0) -> int:
        """A reward or penalty of the scheme; a multiplying one needs the row whose points it multiplies."""
        scheme, now = self.scheme_of(period), self.clock.now()
        rule = next((r for r in scheme.awards if r.id == rule_id), None) if scheme else None
        if rule is None:
            raise ValueError("现行办法里没有这一项奖惩")
        if self.bureau().unit(unit_id) is None:
            raise ValueError("没有这个单位")
        if not reason.strip():
            raise ValueError("请写明依据（批示人、日期、文号等）")
        of = self.store.ledger_row(row_id) if row_id else None
        if rule.times is not None and (of is None or of.unit_id != unit_id or of.kind != "piece" or of not in self._standing(of)):
            raise ValueError(f"“{rule.name}”按稿件得分翻倍，请写明本单位有效的记账行号")
        span = span_of(period)
        day = min(max(day_of(now), span.first.isoformat()), span.last.isoformat())
        rows = standing_rows(self.store.ledger(unit_id=unit_id, limit=1_000_000))
        given = [(r.class_id, r.day, r.cents) for r in rows if r.kind in ("award", "veto")]
        cents, words = award_room(scheme, rule_id, day, given, *award_cents(rule, of.cents if of else 0))
        with self.store.write() as w:
            row = LedgerRow(0, now, unit_id, of.article_id if of else 0, 0, scheme.key, rule.id, rule.name, cents, period, words,
                            reason.strip() + (f"（第{of.id}号）" if of else ""), "person", kind="veto" if rule.veto else "award", day=day,
                            full_cents=of.cents if of else 0, passed_by=who, rules=rule.name)
            return w.add_ledger(row)

    def correct(self, row_id: int, who: str, reason: str, cents: int | None = None) -> int:
        row = self.store.ledger_row(row_id)
        if row is None:
            raise ValueError(f"没有第{row_id}号记账")
        if row.corrects is not None or row not in self._standing(row):
            raise ValueError(f"第{row_id}号已经冲销，或本身就是冲销")
        if not reason.strip():
            raise ValueError("更正须写明理由")
        now = self.clock.now()
        with self.store.write() as w:
            number = w.add_ledger(counter(w, row, now, reason.strip(), "person", who))
            if cents is not None:
                again = replace(row, id=0, at=now, cents=cents, full_cents=cents, origin="person", passed_by=who, period=row.belongs, of_period="",
                                arithmetic=f"更正 {points(row.cents)} → {points(cents)}", reason=f"更正第{row.id}号：{reason.strip()}")
                number = w.add_ledger(booked(w, again, self.scheme_of(row.belongs), now))
        return number

    def _standing(self, row: LedgerRow) -> Sequence[LedgerRow]:
        """The unit's rows that stand; a counter-entry may lie in a later period."""
        return standing_rows(self.store.ledger(unit_id=row.unit_id, limit=1_000_000))

    def row(self, row_id: int) -> LedgerRow | None:
        return self.store.ledger_row(row_id)

    # appeals
    def appeal(self, unit_id: str, row_id: int | None, period: str, who: str, text: str) -> int:
        if len(text.strip()) < 4:
            raise ValueError("请写明申诉的理由")
        row = self.store.ledger_row(row_id) if row_id else None
        if row_id and (row is None or row.unit_id != unit_id):
            raise ValueError("没有本单位的这一条记账")
        with self.store.write() as w:
            return w.add_appeal(unit_id, row_id or None, row.period if row else span_of(period).id, who, text.strip(), self.clock.now())

    def answer(self, appeal_id: int, upheld: bool, who: str, text: str) -> None:
        if not text.strip():
            raise ValueError("请写明答复")
        with self.store.write() as w:
            if not w.answer_appeal(appeal_id, "upheld" if upheld else "rejected", who, text.strip(), self.clock.now()):
                raise ValueError("这件申诉不存在或已经答复")

    def appeals(self, unit_id: str = "", state: str = "") -> list[Appeal]:
        return self.store.appeals(unit_id, state)

    # claims
    def book_claims(self) -> int:
        """Bring the ledger in line with the claims verified, refused, decided anew or withdrawn since the last time; returns the rows added."""
        bureau, now = self.bureau(), self.clock.now()
        verified = {c.id: c for c in self.store.claims(standing=(Verdict.VERIFIED.value,), limit=1_000_000)}
        refused = [c for c in self.store.claims(standing=(Verdict.REJECTED.value,), limit=1_000_000) if c.finding.story_id]
        mark = self.store.get(_MARK)
        with self.store.write() as w:
            rows = standing_rows(w.ledger_of_claims())
        loose = [r for r in rows if not r.story_id]
        lost = {r.story_id for r in rows if r.story_id and r.claim_id not in verified}
        fresh = {c.finding.story_id for c in (*verified.values(), *refused) if c.finding.story_id and _changed(c) >= mark}
        added = sum(match_story(self.store, story, bureau.scheme_on, now, bureau.outlet) for story in sorted(lost | fresh))
        booked_ids = {r.claim_id for r in loose}
        for claim in verified.values():
            if not claim.finding.story_id and claim.id not in booked_ids:
                added += reconcile_claim(self.store, claim, outlet_named(bureau, claim.row.outlet), bureau.scheme_on, now)
        for row in loose:
            if row.claim_id not in verified:
                gone = self.store.claim(row.claim_id)
                added += reconcile_claim(self.store, replace(gone, withdrawn=True), None, bureau.scheme_on, now) if gone else 0
        self.store.put_value(_MARK, max([mark, *(_changed(c) for c in (*verified.values(), *refused))]))
        return added


def _changed(claim: Claim) -> str:
    """When the claim was last judged, as text that sorts by time."""
    return max((t.isoformat() for t in (claim.checked_at, claim.decided_at) if t), default="")


def outlet_named(bureau: Bureau, name: str) -> Outlet | None:
    """The outlet of that name or alias; 《》 are the same name."""
    name = name.strip("《》 　")
    return next((o for o in bureau.outlets if name == o.name or name in o.aliases), None)
