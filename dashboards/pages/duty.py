"""值班: who sits when, swaps with consent, hand-overs signed by both, 零报告, the log."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Depends, Request
from fastapi.responses import RedirectResponse, Response
from model.ports_duty import RosterDesk
from starlette.datastructures import UploadFile

from dashboards.media import XLSX
from dashboards.pages.duty_steps import Fields, Typed
from dashboards.pages.wall import people
from dashboards.render import page
from dashboards.visitor import NotFound, Posting, Reading, Visitor
from dashboards.weeks import day_start, local

router = APIRouter()
_AHEAD, _BEHIND, _BLANK_DAYS, _LOG_DAYS = 28, 2, 31, 14
SECTIONS = (("", "值班表", "/duty"), ("handover", "交接班", "/duty/handover"), ("zero", "零报告", "/duty/zero"), ("log", "值班日志", "/duty/log"),
            ("channels", "通知渠道", "/duty/channels"))


def roster_of(visitor: Visitor) -> RosterDesk:
    visitor.need("duty")
    if visitor.office.roster is None:
        raise NotFound
    return visitor.office.roster


def person_of(visitor: Visitor) -> str:
    """The visitor as the roster knows them: the id of the person whose log-in it is, else their name."""
    known = visitor.office.bureau().duty.people
    shown = visitor.user.display or visitor.user.name
    return next((p.id for p in known if p.user == visitor.user.name), next((p.id for p in known if p.name == shown), shown))


def frame(visitor: Visitor, section: str, **more: object) -> dict[str, object]:
    return {"section": section, "sections": SECTIONS, "refusal": "", "done": "", "typed": {}, **more}


def _today(visitor: Visitor) -> date:
    return local(visitor.office.clock.now()).date()


def _table(visitor: Visitor, status: int = 200, **said: object) -> Response:
    roster, store, now = roster_of(visitor), visitor.office.store, visitor.office.clock.now()
    first = _today(visitor) - timedelta(days=_BEHIND)
    since, until = day_start(first), day_start(first + timedelta(days=_AHEAD + _BEHIND))
    shifts = store.shifts(since, until)
    by_day: dict[date, list] = {}
    for shift in shifts:
        by_day.setdefault(local(shift.starts_at).date(), []).append((shift, people(visitor, shift)))
    me = person_of(visitor)
    mine = [s for s in shifts if s.ends_at > now and any(_same(roster, p, me) for p in (s.leader, *s.officers))]
    others = [s for s in shifts if s.starts_at > now and s not in mine]
    named = {s.id: f"{local(s.starts_at):%m-%d %H:%M}　{roster.named(s.leader)}／{'、'.join(map(roster.named, s.officers))}" for s in shifts}
    swaps = [(w, roster.named(w.asker), roster.named(w.other), named.get(w.shift_id, "已过的班次"),
              named.get(w.other_shift_id, "")) for w in store.swaps(limit=30)]
    known = list(dict.fromkeys([*(p.name for p in visitor.office.bureau().duty.people),
                                *(roster.named(p) for s in shifts for p in (s.leader, *s.officers))]))
    current = store.shift_at(now)
    return page(visitor, "duty/roster.html", "/duty", status, **frame(visitor, "", **{
        "days": [(d, by_day.get(d.day, [])) for d in roster.calendar(first, _AHEAD + _BEHIND)], "today": _today(visitor), "mine": mine,
        "others": others,
        "named": named, "swaps": swaps, "me": me, "myself": roster.named(me), "known": known, "current": current,
        "people": people(visitor, current),
        "gaps": roster.gaps(now, day_start(_today(visitor) + timedelta(days=7))) if shifts else [], "problems": (),
        "answering": {w.id for w, *_ in swaps if w.state.value == "asked" and _same(roster, w.other, me)},
        "asking": {w.id for w, *_ in swaps if w.state.value == "asked" and _same(roster, w.asker, me)}, **said}))


def _same(roster: RosterDesk, one: str, other: str) -> bool:
    return one == other or roster.named(one) == roster.named(other)


@router.get("/duty")
def table(visitor: Reading) -> Response:
    return _table(visitor)


@router.get("/duty/blank")
def blank(visitor: Reading) -> Response:
    """A sheet to fill in, with the kind of each day."""
    roster, first = roster_of(visitor), _today(visitor)
    name = quote(f"值班表（{first.isoformat()}起）.xlsx")
    return Response(roster.blank_sheet(first, _BLANK_DAYS), media_type=XLSX,
                    headers={"content-disposition": f"attachment; filename=\"roster.xlsx\"; filename*=UTF-8''{name}"})


async def sheet_of(request: Request) -> tuple[bytes, str]:
    """(bytes, name) of the file sent in; the guard bounds its size."""
    file = (await request.form()).get("sheet")
    return (await file.read(), file.filename or "") if isinstance(file, UploadFile) else (b"", "")


def keeps(visitor: Visitor) -> RosterDesk:
    """The roster, for those who may change it."""
    roster = roster_of(visitor)
    visitor.need("act", "只有舆情值班人员可以办理值班事项。")
    return roster


def done(visitor: Visitor, what: str, do: Callable[[], object], back: str, refused: Callable[[str], Response],
         target: str = "") -> Response:
    """Do it, write it into the audit log, go back; a refusal is shown in its own words."""
    result, refusal = "ok", ""
    try:
        do()
    except ValueError as error:
        result, refusal = "refused", str(error)
    visitor.office.store.audit(visitor.user.name, what, target, result, visitor.office.clock.now())
    return refused(f"{refusal}。") if refusal else RedirectResponse(back, 303)


@router.post("/duty/sheet")
def sheet(visitor: Posting, given: Annotated[tuple[bytes, str], Depends(sheet_of)]) -> Response:
    roster = keeps(visitor)
    body, name = given
    if not body:
        return _table(visitor, 400, refusal="没有选文件。")
    shifts, problems = roster.read_sheet(body, name)
    if problems:
        return _table(visitor, 400, refusal="值班表有下面的问题，没有保存任何一班。", problems=problems)
    return done(visitor, "roster_sheet", lambda: roster.put(shifts, person_of(visitor)), "/duty",
                lambda why: _table(visitor, 409, refusal=why), name[:100])


@router.post("/duty/edit")
def edit(visitor: Posting, fields: Fields) -> Response:
    roster, typed = keeps(visitor), Typed(fields)
    officers = typed.text("officers").replace("，", "、").replace(",", "、").split("、")
    return done(visitor, "roster_edit", lambda: roster.edit(typed.number("shift"), person_of(visitor), typed.text("leader"), officers,
                                                            typed.text("note")), "/duty",
                lambda why: _table(visitor, 409, refusal=why), typed.text("shift"))


@router.post("/duty/swap")
def swap(visitor: Posting, fields: Fields) -> Response:
    roster, typed = keeps(visitor), Typed(fields)
    other = next((p.id for p in visitor.office.bureau().duty.people if p.name == typed.text("other")), typed.text("other"))
    return done(visitor, "swap_ask", lambda: roster.ask_swap(typed.number("shift"), person_of(visitor), other, typed.text("text"),
                                                             typed.number("other_shift")), "/duty",
                lambda why: _table(visitor, 409, refusal=why), typed.text("shift"))


@router.post("/duty/swap/answer")
def answer(visitor: Posting, fields: Fields) -> Response:
    roster, typed = roster_of(visitor), Typed(fields)
    return done(visitor, "swap_answer", lambda: roster.answer_swap(typed.number("swap"), person_of(visitor), typed.text("agreed") == "1",
                                                                   typed.text("text")), "/duty",
                lambda why: _table(visitor, 409, refusal=why), typed.text("swap"))


@router.post("/duty/swap/withdraw")
def withdraw(visitor: Posting, fields: Fields) -> Response:
    roster, typed = roster_of(visitor), Typed(fields)
    return done(visitor, "swap_withdraw", lambda: roster.withdraw_swap(typed.number("swap"), person_of(visitor)), "/duty",
                lambda why: _table(visitor, 409, refusal=why), typed.text("swap"))


# hand-over

def _handovers(visitor: Visitor, status: int = 200, **said: object) -> Response:
    roster = roster_of(visitor)
    notes = visitor.office.store.handovers(20)
    waiting = notes[0] if notes and not notes[0].taken_by else None
    return page(visitor, "duty/handover.html", "/duty", status,
                **frame(visitor, "handover", draft=None if waiting else roster.draft_handover(), waiting=waiting,
                notes=notes[1:] if waiting else notes, named=roster.named,
                own=bool(waiting) and _same(roster, waiting.given_by, person_of(visitor)), **said))


@router.get("/duty/handover")
def handovers(visitor: Reading) -> Response:
    return _handovers(visitor)


@router.post("/duty/handover/give")
def give(visitor: Posting, fields: Fields) -> Response:
    roster, typed = keeps(visitor), Typed(fields)
    return done(visitor, "handover_give", lambda: roster.give(person_of(visitor), typed.text("text")), "/duty/handover",
                lambda why: _handovers(visitor, 409, refusal=why, typed=typed.flat()))


@router.post("/duty/handover/take")
def take(visitor: Posting, fields: Fields) -> Response:
    roster, typed = keeps(visitor), Typed(fields)
    return done(visitor, "handover_take", lambda: roster.take(typed.number("handover"), person_of(visitor)), "/duty/handover",
                lambda why: _handovers(visitor, 409, refusal=why), typed.text("handover"))


# zero reports

def _zero(visitor: Visitor, status: int = 200, **said: object) -> Response:
    roster, store, today = roster_of(visitor), visitor.office.store, _today(visitor)
    since = (today - timedelta(days=60)).isoformat()
    told = list(reversed(store.zero_reports(since, today.isoformat())))
    return page(visitor, "duty/zero.html", "/duty", status, **frame(visitor, "zero",
        due=roster.zero_due((today - timedelta(days=14)).isoformat(), today.isoformat()),
                told=told, today=today.isoformat(), kinds={d.day.isoformat(): d for d in roster.calendar(today - timedelta(days=60), 61)},
                named=roster.named, **said))


@router.get("/duty/zero")
def zero(visitor: Reading) -> Response:
    return _zero(visitor)


@router.post("/duty/zero")
def report_zero(visitor: Posting, fields: Fields) -> Response:
    roster, typed = keeps(visitor), Typed(fields)
    return done(visitor, "zero_report", lambda: roster.zero_report(typed.text("day"), person_of(visitor), typed.text("text")), "/duty/zero",
                lambda why: _zero(visitor, 409, refusal=why, typed=typed.flat()), typed.text("day")[:10])


# the log

def _log(visitor: Visitor, status: int = 200, **said: object) -> Response:
    roster, now = roster_of(visitor), visitor.office.clock.now()
    events = visitor.office.store.duty_events(now - timedelta(days=_LOG_DAYS), datetime.max.replace(year=9000, tzinfo=UTC))
    return page(visitor, "duty/log.html", "/duty", status, **frame(visitor, "log", events=list(reversed(events)), named=roster.named,
                                                                   **said))


@router.get("/duty/log")
def log(visitor: Reading) -> Response:
    return _log(visitor)


@router.post("/duty/log")
def write_log(visitor: Posting, fields: Fields) -> Response:
    roster, typed = keeps(visitor), Typed(fields)
    return done(visitor, "duty_log", lambda: roster.log(person_of(visitor), typed.text("text")), "/duty/log",
                lambda why: _log(visitor, 409, refusal=why))
