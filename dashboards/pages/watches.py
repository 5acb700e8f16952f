"""监测: what is said after a policy was published, watch by watch, its daily lines and its report; set up, changed, ended."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import timedelta

from fastapi import APIRouter
from fastapi.responses import RedirectResponse, Response
from model.duty import Watch
from model.ports_duty import RulesDesk

from dashboards.pages.duty_steps import Fields, Typed
from dashboards.render import page
from dashboards.visitor import NotFound, Posting, Reading, Visitor
from dashboards.weeks import local

router = APIRouter()
_SHOWN = 100


def _keeps(visitor: Visitor) -> RulesDesk:
    visitor.need("act", "只有舆情值班人员可以设置监测。")
    if visitor.office.rules is None:
        raise NotFound
    return visitor.office.rules


def _watch(visitor: Visitor, watch_id: str) -> Watch:
    found = next((w for w in visitor.office.bureau().duty.watches if w.id == watch_id), None)
    if found is None:
        raise NotFound
    return found


def _form(visitor: Visitor, watch_id: str, typed: Mapping[str, str], units: Sequence[str], status: int = 200,
          refusal: str = "") -> Response:
    return page(visitor, "duty/watch_form.html", "/watches", status, watch_id=watch_id, typed=typed, chosen=units, refusal=refusal)


@router.get("/watches/new")
def blank(visitor: Reading) -> Response:
    _keeps(visitor)
    today = local(visitor.office.clock.now()).date()
    return _form(visitor, "", {"since": today.isoformat(), "until": (today + timedelta(days=30)).isoformat()}, ())


@router.get("/watches/{watch_id}/edit")
def edit(visitor: Reading, watch_id: str) -> Response:
    _keeps(visitor)
    held = _watch(visitor, watch_id)
    return _form(visitor, watch_id, {"name": held.name, "words": "、".join(held.words), "since": held.since, "until": held.until},
                 held.units)


@router.post("/watches/new")
def add(visitor: Posting, fields: Fields) -> Response:
    return _save(visitor, "", Typed(fields))


@router.post("/watches/{watch_id}/edit")
def change(visitor: Posting, watch_id: str, fields: Fields) -> Response:
    _keeps(visitor)
    _watch(visitor, watch_id)
    return _save(visitor, watch_id, Typed(fields))


def _save(visitor: Visitor, watch_id: str, typed: Typed) -> Response:
    desk, office = _keeps(visitor), visitor.office
    words = [w for w in re.split(r"[、，,；;\s]+", typed.text("words")) if w]
    made = Watch(watch_id, typed.text("name"), tuple(dict.fromkeys(words)), typed.text("since"), typed.text("until"),
                 tuple(typed.many("unit")))
    try:
        saved = desk.save_watch(visitor.user.display or visitor.user.name, made)
    except ValueError as error:
        office.store.audit(visitor.user.name, "watch_save", watch_id, "refused", office.clock.now())
        return _form(visitor, watch_id, typed.flat(), typed.many("unit"), 409, f"{error}。")
    office.store.audit(visitor.user.name, "watch_save", saved, "ok", office.clock.now())
    return RedirectResponse(f"/watches/{saved}", 303)


@router.post("/watches/{watch_id}/stop")
def stop(visitor: Posting, watch_id: str) -> Response:
    desk, office = _keeps(visitor), visitor.office
    held = _watch(visitor, watch_id)
    try:
        desk.stop_watch(visitor.user.display or visitor.user.name, watch_id)
    except ValueError as error:
        office.store.audit(visitor.user.name, "watch_stop", watch_id, "refused", office.clock.now())
        return _one(visitor, held, 409, f"{error}。")
    office.store.audit(visitor.user.name, "watch_stop", watch_id, "ok", office.clock.now())
    return RedirectResponse("/watches", 303)


@router.get("/watches")
def index(visitor: Reading) -> Response:
    visitor.need("watches")
    office = visitor.office
    today = local(office.clock.now()).date().isoformat()
    listed = [(w, [n for n in office.store.watch_notes(w.id)]) for w in office.bureau().duty.watches]
    stands = {w.id: "ended" if w.until < today else "ahead" if w.since > today else "runs" for w, _ in listed}
    listed.sort(key=lambda one: ({"runs": 0, "ahead": 1, "ended": 2}[stands[one[0].id]], one[0].until))
    return page(visitor, "duty/watches.html", "/watches", listed=listed, stands=stands)


@router.get("/watches/{watch_id}")
def one(visitor: Reading, watch_id: str) -> Response:
    visitor.need("watches")
    return _one(visitor, _watch(visitor, watch_id))


def _one(visitor: Visitor, watch: Watch, status: int = 200, refusal: str = "") -> Response:
    office = visitor.office
    if office.watches is None:
        raise NotFound
    made = office.watches.report(watch, office.clock.now())
    days = made["days"]
    chart = {"kind": "stack", "axis": [f"{int(day[5:7])}-{day[8:]}" for day, *_ in days], "series": [
        {"name": "非负面", "data": [pieces - negative for _, pieces, negative in days]},
        {"name": "负面", "data": [n for *_, n in days], "colour": "#b3261e"}]} if days else None
    return page(visitor, "duty/watch.html", "/watches", status, watch=watch, made=made, chart_data=chart,
                clippings=made["clippings"][:_SHOWN],
                notes=list(reversed(office.store.watch_notes(watch.id))), refusal=refusal)
