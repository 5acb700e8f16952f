"""What the secretariat and the units do about credits: the nod, awards, corrections, appeals, periods closed and opened."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Annotated

from fastapi import APIRouter, Form
from fastapi.responses import RedirectResponse, Response

from dashboards.pages.credits import chosen, desk_of, frame, names_of, need_score, shown, titles_of
from dashboards.render import page
from dashboards.visitor import Forbidden, NotFound, Posting, Reading, Visitor

router = APIRouter()
_POINTS = re.compile(r"-?\d{1,6}(\.\d{1,2})?")


def _cents(text: str) -> int:
    """Points as typed in hundredths.  Raises ValueError in Chinese."""
    text = text.strip()
    if not _POINTS.fullmatch(text) or not text.isascii():
        raise ValueError(f"分值“{text[:20]}”不对，请写数字，最多两位小数")
    sign, digits = (-1, text[1:]) if text.startswith("-") else (1, text)
    whole, _, part = digits.partition(".")
    return sign * (int(whole) * 100 + int((part + "00")[:2]))


def _did(visitor: Visitor, what: str, target: str) -> None:
    visitor.office.store.audit(visitor.user.name, what, target, "ok", visitor.office.clock.now())


def _who(visitor: Visitor) -> str:
    return visitor.user.display or visitor.user.name


def _done(visitor: Visitor, what: str, target: object, act: Callable[[], object], back: str, again: Callable[[str], Response]) -> Response:
    """Do it, write it in the audit log, go back; a refusal is shown where it was asked."""
    try:
        act()
    except ValueError as error:
        return again(str(error))
    _did(visitor, what, str(target))
    return RedirectResponse(back, 303)


# the nod
@router.get("/credits/nods")
def nods(visitor: Reading) -> Response:
    return _nods(visitor)


def _nods(visitor: Visitor, refusal: str = "", status: int = 200) -> Response:
    desk = need_score(visitor)
    waiting = desk.proposals()
    return page(visitor, "credits/nods.html", "/credits", status, waiting=waiting[:100], number=len(waiting), refusal=refusal,
                titles=titles_of(visitor.office.store, [p.row for p in waiting[:100]]), labels=names_of(visitor.office.bureau()), **frame(visitor, "nods"))


@router.post("/credits/nods/{number}")
def nod(visitor: Posting, number: int, act: Annotated[str, Form()] = "", reason: Annotated[str, Form()] = "") -> Response:
    desk = need_score(visitor)
    if act not in ("accept", "refuse"):
        raise NotFound
    return _done(visitor, f"credit_{act}", number,
                 lambda: desk.accept(number, _who(visitor)) if act == "accept" else desk.refuse(number, _who(visitor), reason[:500]),
                 "/credits/nods", lambda said: _nods(visitor, said, 409))


# awards and corrections
@router.get("/credits/awards")
def awards(visitor: Reading, period: str = "") -> Response:
    return _awards(visitor, period)


def _awards(visitor: Visitor, period: str = "", refusal: str = "", status: int = 200) -> Response:
    desk = need_score(visitor)
    period, periods = chosen(desk, period)
    rows = [r for r in visitor.office.store.ledger(period=period, limit=1_000_000) if r.kind in ("award", "veto")]
    return page(visitor, "credits/awards.html", "/credits", status, scheme=desk.scheme_of(period), period=period, periods=periods, rows=rows,
                labels=names_of(visitor.office.bureau()), refusal=refusal, **frame(visitor, "awards"))


@router.post("/credits/awards")
def award(visitor: Posting, unit: Annotated[str, Form()] = "", rule: Annotated[str, Form()] = "", period: Annotated[str, Form()] = "",
          reason: Annotated[str, Form()] = "", row: Annotated[str, Form()] = "") -> Response:
    desk = need_score(visitor)
    row = row.strip()
    number = int(row) if row.isascii() and row.isdigit() and len(row) < 12 else 0
    return _done(visitor, "credit_award", f"{unit} {rule} {period}", lambda: desk.award(unit, rule, period, _who(visitor), reason[:500], number),
                 f"/credits/awards?period={period}", lambda said: _awards(visitor, period, said, 400))


@router.post("/credits/rows/{number}/correct")
def correct(visitor: Posting, number: int, reason: Annotated[str, Form()] = "", cents: Annotated[str, Form()] = "") -> Response:
    desk = need_score(visitor)
    row = desk.row(number)
    if row is None:
        raise NotFound
    return _done(visitor, "credit_correct", number, lambda: desk.correct(number, _who(visitor), reason[:500], _cents(cents) if cents.strip() else None),
                 f"/credits/unit/{row.unit_id}?period={row.period}", lambda said: shown(visitor, row.unit_id, row.period, 409, said))


# appeals
@router.get("/credits/appeals")
def appeals(visitor: Reading) -> Response:
    return _appeals(visitor)


def _appeals(visitor: Visitor, refusal: str = "", status: int = 200) -> Response:
    desk = need_score(visitor)
    held = desk.appeals()
    rows = {a.row_id: desk.row(a.row_id) for a in held[:200] if a.row_id}
    return page(visitor, "credits/appeals.html", "/credits", status, appeals=held[:200], rows=rows, refusal=refusal,
                labels=names_of(visitor.office.bureau()), **frame(visitor, "appeals"))


@router.post("/credits/unit/{unit_id}/appeal")
def appeal(visitor: Posting, unit_id: str, text: Annotated[str, Form()] = "", row: Annotated[str, Form()] = "",
           period: Annotated[str, Form()] = "") -> Response:
    desk = desk_of(visitor)
    if visitor.only_unit != unit_id:
        raise Forbidden("只有本单位的联络员可以申诉。")
    row = row.strip().removeprefix("第").removesuffix("号")
    number = int(row) if row.isascii() and row.isdigit() and len(row) < 12 else None
    return _done(visitor, "credit_appeal", unit_id, lambda: desk.appeal(unit_id, number, period, _who(visitor), text[:2000]),
                 f"/credits/unit/{unit_id}?period={period}", lambda said: shown(visitor, unit_id, period, 400, said, text))


@router.post("/credits/appeals/{number}")
def answer(visitor: Posting, number: int, act: Annotated[str, Form()] = "", text: Annotated[str, Form()] = "") -> Response:
    desk = need_score(visitor)
    if act not in ("uphold", "reject"):
        raise NotFound
    return _done(visitor, f"appeal_{act}", number, lambda: desk.answer(number, act == "uphold", _who(visitor), text[:2000]),
                 "/credits/appeals", lambda said: _appeals(visitor, said, 409))


# periods
@router.get("/credits/periods")
def periods(visitor: Reading) -> Response:
    return _periods(visitor)


def _periods(visitor: Visitor, refusal: str = "", status: int = 200) -> Response:
    desk = need_score(visitor)
    held = desk.periods(12)
    return page(visitor, "credits/periods.html", "/credits", status, periods=held, history={p.id: desk.history(p.id) for p in held}, refusal=refusal,
                outstanding={p.id: desk.outstanding(p.id) for p in held[:4] if p.open}, labels=names_of(visitor.office.bureau()), **frame(visitor, "periods"))


@router.post("/credits/periods/{name}")
def turn(visitor: Posting, name: str, act: Annotated[str, Form()] = "", reason: Annotated[str, Form()] = "", anyway: Annotated[str, Form()] = "") -> Response:
    desk = need_score(visitor)
    acts = {"close": lambda: desk.close(name, _who(visitor), reason[:500], bool(anyway)), "reopen": lambda: desk.reopen(name, _who(visitor), reason[:500])}
    if act not in acts or name not in {p.id for p in desk.periods(12)}:
        raise NotFound
    return _done(visitor, f"period_{act}", name, acts[act], "/credits/periods", lambda said: _periods(visitor, said, 409))
