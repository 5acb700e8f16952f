"""申报: a unit hands in its form and follows each row; the secretariat decides what the checks left open, both sides next to each other."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO
from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Form, UploadFile
from fastapi.responses import RedirectResponse, Response
from model.claim import Claim, PageState, Period, Verdict, period as span_of, quarter_of
from model.ports_claims import ClaimsDesk
from model.user import Role

from dashboards.render import page
from dashboards.visitor import Forbidden, NotFound, Posting, Reading, Visitor
from dashboards.weeks import local

router = APIRouter()
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
TYPED_ROWS = 8                       # lines offered for filling in on the page
_OPEN = (Verdict.DOUBTFUL.value,)
_CHANGED = (PageState.EDITED.value, PageState.DELETED.value)
_JUDGES = (Role.ADMIN, Role.SECRETARIAT)


def desk_of(visitor: Visitor) -> ClaimsDesk:
    visitor.need("claims")
    if visitor.office.claims is None:
        raise NotFound
    return visitor.office.claims


def judging(visitor: Visitor) -> ClaimsDesk:
    """The desk, for those who decide."""
    if visitor.user.role not in _JUDGES:
        raise Forbidden("只有秘书处和管理员可以核定申报。")
    return desk_of(visitor)


def who(visitor: Visitor) -> str:
    return visitor.user.display or visitor.user.name


def periods(visitor: Visitor, count: int = 6) -> list[Period]:
    """This quarter and those before it, newest first."""
    found = [quarter_of(local(visitor.office.clock.now()).date())]
    while len(found) < count:
        found.append(quarter_of(found[-1].first.fromordinal(found[-1].first.toordinal() - 1)))
    return found


def chosen(visitor: Visitor, name: str) -> Period:
    offered = periods(visitor)
    return next((p for p in offered if p.id == name), offered[0])


def own(visitor: Visitor, unit_id: str) -> str:
    """The unit that is meant: a liaison's own, whatever was asked; NotFound when it does not exist."""
    unit_id = visitor.only_unit if visitor.only_unit is not None else unit_id
    if visitor.office.bureau().unit(unit_id) is None:
        raise NotFound
    return unit_id


def claim_of(visitor: Visitor, number: int) -> Claim:
    claim = visitor.office.store.claim(number)
    if claim is None or visitor.only_unit not in (None, claim.unit_id):
        raise NotFound
    return claim


def frame(visitor: Visitor, tab: str) -> dict[str, object]:
    tabs = [("", "申报和结果", "/claims")]
    if visitor.user.role in _JUDGES:
        waiting = len(visitor.office.store.claims(standing=_OPEN))
        changed = len(visitor.office.store.rechecks(_CHANGED))
        tabs += [("review", f"待核定 {waiting or ''}".strip(), "/claims/review"), ("changed", f"网页变化 {changed or ''}".strip(), "/claims/changed")]
    return {"tab": tab, "tabs": tabs, "judge": visitor.user.role in _JUDGES, "Verdict": Verdict,
            "labels": {u.id: u.label for u in visitor.office.bureau().units}}


def done(visitor: Visitor, what: str, target: object, act: Callable[[], object], back: str, again: Callable[[str], Response]) -> Response:
    """Do it, write it in the audit log, go back; a refusal is shown where it was asked."""
    try:
        act()
    except ValueError as error:
        return again(str(error))
    visitor.office.store.audit(visitor.user.name, what, str(target), "ok", visitor.office.clock.now())
    return RedirectResponse(back, 303)


@router.get("/claims")
def index(visitor: Reading, period: str = "", unit: str = "") -> Response:
    return _index(visitor, period, unit)


def _index(visitor: Visitor, period: str, unit: str, problems: tuple = (), refusal: str = "", status: int = 200) -> Response:
    desk_of(visitor)
    store, span = visitor.office.store, chosen(visitor, period)
    unit = visitor.only_unit if visitor.only_unit is not None else unit
    counts = store.claim_counts(span.id)
    return page(visitor, "claims/desk.html", "/claims", status, span=span, periods=periods(visitor), unit=unit, counts=counts,
                submissions=store.submissions(unit, span.id), problems=problems, refusal=refusal, typed_rows=TYPED_ROWS,
                units=[u for u in visitor.office.bureau().units if unit in ("", u.id)], **frame(visitor, ""))


@router.get("/claims/form")
def form(visitor: Reading, period: str = "", unit: str = "", filled: bool = False) -> Response:
    desk, unit, span = desk_of(visitor), own(visitor, unit), chosen(visitor, period)
    data = desk.filled_form(unit, span.id) if filled else desk.blank_form(unit, span.id)
    name = f"季报表-{visitor.office.bureau().unit(unit).label}-{span.label}{'-已预填' if filled else ''}.xlsx"
    return Response(data, media_type=XLSX, headers={"content-disposition": f"attachment; filename*=UTF-8''{quote(name)}"})


@router.post("/claims/hand-in")
def hand_in(visitor: Posting, file: UploadFile, period: Annotated[str, Form()] = "", unit: Annotated[str, Form()] = "",
            materials: UploadFile | None = None, replaces: Annotated[int, Form()] = 0) -> Response:
    desk, unit, span = desk_of(visitor), own(visitor, unit), chosen(visitor, period)
    made = desk.read_form(file.file.read(), (file.filename or "")[-200:], span.id)
    return _taken(visitor, desk, unit, span, made, replaces, materials)


@router.post("/claims/type-in")
def type_in(visitor: Posting, title: Annotated[list[str], Form()], day: Annotated[list[str], Form()], outlet: Annotated[list[str], Form()],
            link: Annotated[list[str], Form()], people: Annotated[list[str], Form()], period: Annotated[str, Form()] = "",
            unit: Annotated[str, Form()] = "") -> Response:
    desk, unit, span = desk_of(visitor), own(visitor, unit), chosen(visitor, period)
    columns = zip(title[:200], day, outlet, link, people)
    rows = [dict(zip(("title", "day", "outlet", "link", "people"), cells)) for cells in columns if any(c.strip() for c in cells)]
    return _taken(visitor, desk, unit, span, desk.read_typed([{"number": str(n), **row} for n, row in enumerate(rows, 1)], span.id), 0, None)


def _taken(visitor: Visitor, desk: ClaimsDesk, unit: str, span: Period, made, replaces: int, materials: UploadFile | None) -> Response:
    """Take a form whole or not at all; its problems are shown cell by cell."""
    if made.problems or not made.rows:
        return _index(visitor, span.id, unit, made.problems, "没有受理：" + ("请按下面的提示修改后重新提交。" if made.problems else "表里没有填报内容。"), 422)
    held = visitor.office.store.submission(replaces) if replaces else None
    if replaces and (held is None or held.unit_id != unit or held.period != span.id):
        raise NotFound
    number = desk.hand_in(unit, span.id, made, who(visitor), replaces or None)
    visitor.office.store.audit(visitor.user.name, "claims_hand_in", f"{unit} {span.id} 第{number}号", "ok", visitor.office.clock.now())
    faults = desk.attach(number, materials.file.read(), who(visitor)) if materials is not None and materials.filename else []
    if faults:
        return _submission(visitor, number, faults, "表格已受理；佐证材料没有收下，请按提示改好压缩包后单独提交。", 422)
    return RedirectResponse(f"/claims/submissions/{number}", 303)


@router.get("/claims/submissions/{number}")
def submission(visitor: Reading, number: int) -> Response:
    return _submission(visitor, number)


def _submission(visitor: Visitor, number: int, problems: list | tuple = (), refusal: str = "", status: int = 200) -> Response:
    desk_of(visitor)
    held = visitor.office.store.submission(number)
    if held is None or visitor.only_unit not in (None, held.unit_id):
        raise NotFound
    claims = visitor.office.store.claims(submission_id=number)
    return page(visitor, "claims/submission.html", "/claims", status, held=held, span=span_of(held.period), claims=claims, problems=problems, refusal=refusal,
                waiting=any(c.standing is Verdict.NEW for c in claims), **frame(visitor, ""))


@router.post("/claims/submissions/{number}/materials")
def materials(visitor: Posting, number: int, file: UploadFile) -> Response:
    desk = desk_of(visitor)
    held = visitor.office.store.submission(number)
    if held is None or visitor.only_unit not in (None, held.unit_id):
        raise NotFound
    faults = desk.attach(number, file.file.read(), who(visitor))
    if faults:
        return _submission(visitor, number, faults, "佐证材料没有收下。", 422)
    visitor.office.store.audit(visitor.user.name, "claims_materials", str(number), "ok", visitor.office.clock.now())
    return RedirectResponse(f"/claims/submissions/{number}", 303)


@router.get("/claims/review")
def review(visitor: Reading, after: int = 0) -> Response:
    """The doubtful row next in line; `after` is the one just left, so that a row can be passed over."""
    judging(visitor)
    waiting = visitor.office.store.claims(standing=_OPEN)
    found = next((c for c in waiting if c.id > after), waiting[0] if waiting else None)
    if found is None:
        return page(visitor, "claims/claim.html", "/claims", claim=None, **frame(visitor, "review"))
    return _claim(visitor, found, "review", waiting=len(waiting))


@router.get("/claims/changed")
def changed(visitor: Reading) -> Response:
    """Credited pages that were edited or deleted since, by the newest look at each; and how many were looked at."""
    judging(visitor)
    store = visitor.office.store
    looks = store.rechecks(_CHANGED)
    return page(visitor, "claims/changed.html", "/claims", looks=looks, claims={r.claim_id: store.claim(r.claim_id) for r in looks},
                looked=len(store.rechecks(limit=100_000)), unreached=store.rechecks((PageState.UNREACHED.value,), limit=100), **frame(visitor, "changed"))


@router.get("/claims/{number:int}")
def one(visitor: Reading, number: int) -> Response:
    desk_of(visitor)
    return _claim(visitor, claim_of(visitor, number), "")


def _claim(visitor: Visitor, claim: Claim, tab: str, refusal: str = "", status: int = 200, waiting: int = 0) -> Response:
    store = visitor.office.store
    piece = store.clipping(claim.finding.article_id) if claim.finding.article_id else None
    rivals = [c for c in store.claims_on([claim.finding.url] if claim.finding.url else [], [claim.finding.story_id] if claim.finding.story_id else [])
              if c.id != claim.id]
    if visitor.only_unit is not None:
        rivals = []
    return page(visitor, "claims/claim.html", "/claims", status, claim=claim, span=span_of(claim.period), piece=piece, rivals=rivals, refusal=refusal,
                waiting=waiting, events=store.claim_events(claim.id), items=store.evidence_of(claim.id), draws=desk_of(visitor).draws, **frame(visitor, tab))


@router.post("/claims/{number:int}/decide")
def decide(visitor: Posting, number: int, verdict: Annotated[str, Form()] = "", reason: Annotated[str, Form()] = "", tab: Annotated[str, Form()] = "") -> Response:
    desk, claim = judging(visitor), claim_of(visitor, number)
    if verdict not in (Verdict.VERIFIED.value, Verdict.REJECTED.value, Verdict.DOUBTFUL.value):
        raise NotFound
    back = f"/claims/review?after={number}" if tab == "review" else f"/claims/{number}"
    return done(visitor, f"claim_{verdict}", number, lambda: desk.decide(number, Verdict(verdict), who(visitor), reason[:1000]), back,
                lambda said: _claim(visitor, claim, tab, said, 409))


@router.post("/claims/{number:int}/answer")
def answer(visitor: Posting, number: int, text: Annotated[str, Form()] = "") -> Response:
    desk, claim = desk_of(visitor), claim_of(visitor, number)
    return done(visitor, "claim_answer", number, lambda: desk.answer(number, who(visitor), text[:2000]), f"/claims/{number}",
                lambda said: _claim(visitor, claim, "", said, 409))


@router.post("/claims/{number:int}/withdraw")
def withdraw(visitor: Posting, number: int, reason: Annotated[str, Form()] = "") -> Response:
    desk, claim = desk_of(visitor), claim_of(visitor, number)
    return done(visitor, "claim_withdraw", number, lambda: desk.withdraw(number, who(visitor), reason[:500]), f"/claims/{number}",
                lambda said: _claim(visitor, claim, "", said, 409))


@router.get("/claims/{number:int}/evidence/{seq:int}")
def evidence(visitor: Reading, number: int, seq: int) -> Response:
    """One item of evidence as a file; never shown inside our own pages."""
    desk, claim = desk_of(visitor), claim_of(visitor, number)
    held = BytesIO()
    try:
        item = desk.copy_evidence(claim.id, seq, held)
    except ValueError:
        raise NotFound from None
    name = quote(item.name.rsplit("/", 1)[-1])
    return Response(held.getvalue(), media_type="application/octet-stream",
                    headers={"content-disposition": f"attachment; filename*=UTF-8''{name}", "content-security-policy": "sandbox"})
