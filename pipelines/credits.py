"""Credits: the ledger is made equal to what a story deserves now, by new rows and counter-entries, never by change.

What a person took back stays taken back; what the scheme lets pass only with a nod waits as a proposal; a closed period is not
touched: what changes later is booked in the open one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import datetime

from analysis.periods import after, day_of, label, period_of
from analysis.scoring import Draft, capped, earned, pieces_of, points
from model.claim import Claim, Outcome, Verdict, period
from model.clipping import Clipping
from model.credit import LedgerRow, Scheme
from model.ledger import standing_rows
from model.opinion import Label
from model.outlet import Outlet
from model.piece import Contributor, Piece
from model.ports import Store
from model.story import FirstState

BY_RULE, BY_CLAIM, SYSTEM = "按规则", "申报核实", "系统"
_OF_THE_PIECE = ("稿件性质", "内容倾向", "涉及单位")
MACHINE = ("crawl", "claim")
SchemeOn = Callable[[str], Scheme | None]
OutletOf = Callable[[str], Outlet | None]


def reconcile(store: Store, story_id: int, scheme_on: SchemeOn, now: datetime, outlet_of: OutletOf = lambda outlet_id: None) -> int:
    """Append what is missing and counter what no longer holds for one story; returns the number of rows added.

    Doing it twice adds nothing.  Rows made by a person are left alone.
    """
    held = store.claims_on((), [story_id])
    claims = [c for c in held if c.standing is Verdict.VERIFIED]
    no = denied(held)
    with store.write() as w:
        pieces, why = story_pieces(w.story_clippings([story_id]), claims, outlet_of)
        drafts = [d for d in earned(pieces, scheme_on, why) if (d.unit_id, d.article_id) not in no]
        return _match(w, w.ledger_of_story(story_id), drafts, story_id, scheme_on, now)


def denied(claims: Iterable[Claim]) -> set[tuple[str, int]]:
    """(unit, article) that a claim was refused on for what the piece is: paid space, bad news, somebody else's; by the checks or by a person.

    What was refused must not be credited from the crawl all the same.  A row refused as told twice, with a wrong day or as a repost denies nothing.
    """
    claims = [c for c in claims if c.finding.article_id]
    kept = {(c.unit_id, c.finding.article_id) for c in claims if c.standing is Verdict.VERIFIED}
    return {(c.unit_id, c.finding.article_id) for c in claims if c.standing is Verdict.REJECTED and _of_the_piece(c)} - kept


def _of_the_piece(claim: Claim) -> bool:
    open_ = [k for k in claim.finding.checks if k.outcome is not Outcome.PASS]
    if claim.decision is Verdict.REJECTED:       # a person: over checks that all passed, or on one that asked about the piece
        return not open_ or any(k.name in _OF_THE_PIECE for k in open_)
    return any(k.name in _OF_THE_PIECE and k.outcome is Outcome.FAIL for k in open_)


def reconcile_claim(store: Store, claim: Claim, outlet: Outlet | None, scheme_on: SchemeOn, now: datetime) -> int:
    """The same for a verified claim on which no article of ours stands (print, television)."""
    drafts = earned([claim_piece(claim, outlet)], scheme_on, "") if claim.standing is Verdict.VERIFIED and not claim.withdrawn else []
    with store.write() as w:
        return _match(w, [r for r in w.ledger_of_claims() if r.claim_id == claim.id and not r.story_id], drafts, 0, scheme_on, now)


def story_pieces(copies: list[Clipping], claims: Iterable[Claim], outlet_of: OutletOf) -> tuple[list[Piece], str]:
    """(pieces of a story with those who claim it, how sure the first publication is).  No pieces: nothing can be earned.

    Where the first publication is not known, a verified claim makes the claimed copy stand for it.
    """
    claims = list(claims)
    story = copies[0].story if copies else None
    if story is None:
        return [], ""
    pieces = pieces_of(copies, outlet_of)
    why = f"{story.first.state.label}：{story.first.reason}"
    if story.first.state is FirstState.UNKNOWN or not any(p.first for p in pieces):
        claimed = {c.finding.article_id for c in claims}
        chosen = next((p for p in pieces if p.id in claimed), None)
        if chosen is None:
            return [], ""
        pieces = [replace(p, first=p is chosen, original=p is chosen) for p in pieces]
        why = "首发未确认，按核实的申报计"
    bad = {j.unit_id for c in copies for j in c.judgements if j.label is Label.NEGATIVE}
    more = tuple(_claimant(c) for c in claims if c.unit_id not in bad)
    handed = min((day_of(c.handed_in) for c in claims), default="")
    return [replace(p, contributors=more + p.contributors, handed_in=handed) for p in pieces], why


def claim_piece(claim: Claim, outlet: Outlet | None) -> Piece:
    """A claimed publication that is held on paper or tape alone."""
    row = claim.row
    form = "video" if "视频" in row.kind or "电视" in row.kind else "audio" if "广播" in row.kind else "pictures" if "图" in row.kind else "text"
    return Piece(0, 0, row.day or day_of(claim.handed_in), outlet.id if outlet else "", outlet.tier.value if outlet else "unknown",
                 outlet.name if outlet else row.outlet, row.title, outlet.kind if outlet else "", form, position="头版" if row.page_no.strip("0") == "1" else "",
                 contributors=(_claimant(claim),), handed_in=day_of(claim.handed_in), claim_id=claim.id)


def _claimant(claim: Claim) -> Contributor:
    people = claim.finding.people or tuple(filter(None, claim.row.people.replace("，", "、").replace(" ", "、").split("、")))
    return Contributor(claim.unit_id, "claimed", f"申报第{claim.id}号已核实", people, claim_id=claim.id)


def _match(w, held: list[LedgerRow], drafts: list[Draft], story_id: int, scheme_on: SchemeOn, now: datetime) -> int:
    taken_back = {r.corrects for r in held if r.corrects is not None and r.origin == "person"}
    blocked = {(r.unit_id, r.article_id, r.claim_id) for r in held if r.id in taken_back}
    standing = {_key(r): r for r in standing_rows(held) if r.origin in MACHINE and r.kind == "piece"}
    wanted = {_draft_key(d): d for d in drafts if (d.unit_id, d.article_id, d.claim_id) not in blocked and (d.unit_id, d.article_id, 0) not in blocked}
    gone = [row for key, row in standing.items() if key not in wanted]
    new = [draft for key, draft in wanted.items() if key not in standing]
    proposals = w.proposals_of_story(story_id) if story_id else []
    refused = {p.row.unit_id for p in proposals if p.state == "refused"}
    waiting = {_key(p.row): p for p in proposals if p.state == "waiting"}
    accepted = {_key(p.row) for p in proposals if p.state == "accepted"}
    for key, proposal in waiting.items():
        if key not in wanted:
            w.settle_proposal(proposal.id, "withdrawn", SYSTEM, "首发或涉及单位的认定已变更", now)
    added, touched = 0, []
    for row in gone:
        w.add_ledger(counter(w, row, now, "首发、类别或涉及单位的认定已变更"))
        touched.append((row.scheme, row.unit_id, row.day))
        added += 1
    for draft in new:
        row, scheme = _row(draft, story_id, now), scheme_on(draft.day)
        if _needs_nod(scheme, draft) and _draft_key(draft) not in accepted:
            if draft.unit_id not in refused and _draft_key(draft) not in waiting:
                w.propose(row, now)
            continue
        w.add_ledger(booked(w, row, scheme, now))
        touched.append((row.scheme, row.unit_id, row.day))
        added += 1
    for scheme_key, unit_id, day in dict.fromkeys(touched):
        added += recap(w, scheme_on(day), unit_id, day, now)
    return added


def recap(w, scheme: Scheme | None, unit_id: str, day: str, now: datetime) -> int:
    """Make the unit's rows around `day` obey the caps of the scheme; returns the number of rows added."""
    if scheme is None or not scheme.caps or not day:
        return 0
    spans = [period(period_of(day, cap.per)) for cap in scheme.caps]
    rows = standing_rows(w.ledger_of_unit(unit_id, min(s.first for s in spans).isoformat(), max(s.last for s in spans).isoformat()))
    rows = [r for r in rows if r.scheme == scheme.key and r.origin in MACHINE]
    by_key = {(r.article_id, r.claim_id, r.class_id): r for r in rows}
    added = 0
    for draft in capped([_draft(r) for r in rows], scheme):
        row = by_key[draft.article_id, draft.claim_id, draft.class_id]
        if draft.cents != row.cents:
            w.add_ledger(counter(w, row, now, "封顶重算"))
            again = replace(row, id=0, at=now, cents=draft.cents, arithmetic=draft.arithmetic, rules="；".join(draft.rules), corrects=None, period=row.belongs, of_period="")
            w.add_ledger(booked(w, again, scheme, now))
            added += 2
    return added


def booked(w, row: LedgerRow, scheme: Scheme | None, now: datetime) -> LedgerRow:
    """The row in its own period, or in the open one when that is closed."""
    return row if w.period_is_open(row.period) else _late(w, row, row.period, scheme.period if scheme else "quarter", now)


def counter(w, row: LedgerRow, now: datetime, why: str, origin: str = "", who: str = SYSTEM) -> LedgerRow:
    """The entry that takes a row back: in the row's own period while it is open, else in the open one."""
    made = replace(row, id=0, at=now, cents=-row.cents, full_cents=-row.full_cents, corrects=row.id, arithmetic=f"冲销 {points(row.cents)}",
                   reason=f"冲销第{row.id}号：{why}", origin=origin or row.origin, passed_by=who)
    if w.period_is_open(row.period):
        return made
    return _late(w, made, row.belongs, "month" if "M" in row.period else "quarter" if "Q" in row.period else "year", now)


def _late(w, row: LedgerRow, of_period: str, per: str, now: datetime) -> LedgerRow:
    target = period_of(now, per)
    while not w.period_is_open(target):
        target = after(target)
    return replace(row, period=target, of_period=of_period, reason=f"{row.reason}（{label(of_period)}已结账，记入本期）")


def _needs_nod(scheme: Scheme | None, draft: Draft) -> bool:
    if scheme is None or scheme.auto == "pass" or draft.role == "claimed":
        return False
    return scheme.auto == "ask" or draft.role not in ("correspondent", "contributed")


def _key(row: LedgerRow) -> tuple:
    return (row.unit_id, row.article_id, row.scheme, row.class_id, row.full_cents or row.cents, row.belongs, row.claim_id if not row.article_id else 0)


def _draft_key(d: Draft) -> tuple:
    return (d.unit_id, d.article_id, d.scheme, d.class_id, d.full_cents, d.period, d.claim_id if not d.article_id else 0)


def _row(d: Draft, story_id: int, now: datetime) -> LedgerRow:
    claimed = d.role == "claimed"
    return LedgerRow(0, now, d.unit_id, d.article_id, story_id, d.scheme, d.class_id, d.class_name, d.cents, d.period, d.arithmetic, d.reason,
                     "claim" if claimed else "crawl", d.person, day=d.day, full_cents=d.full_cents, passed_by=BY_CLAIM if claimed else BY_RULE,
                     rules="；".join(d.rules), outlet_id=d.outlet_id, claim_id=d.claim_id, caps="；".join(d.caps))


def _draft(row: LedgerRow) -> Draft:
    full, words = row.full_cents or row.cents, row.arithmetic.split("；")[0]
    rules = tuple(r for r in row.rules.split("；") if r and "封顶" not in r)
    return Draft(row.unit_id, row.article_id, row.scheme, row.class_id, row.class_name, full, row.belongs, words, row.reason, row.person, row.day, full,
                 words, row.outlet_id, rules, claim_id=row.claim_id, caps=tuple(filter(None, row.caps.split("；"))))
