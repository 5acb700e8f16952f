"""舆情: the list, one incident, and what the desk does to it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated

from fastapi import APIRouter, Form
from fastapi.responses import RedirectResponse, Response
from model.alert import OPEN_STATES, Incident, IncidentState

from dashboards.render import page, part
from dashboards.visitor import NotFound, Posting, Reading, Visitor

router = APIRouter()
_TABS = {"": OPEN_STATES, "open": (IncidentState.OPEN,), "handling": tuple(s for s in OPEN_STATES if s is not IncidentState.OPEN),
         "closed": (IncidentState.CLOSED, IncidentState.FILED), "false_alarm": (IncidentState.FALSE_ALARM, IncidentState.MERGED), "all": ()}
_NAMES = {"": "未办结", "open": "待签收", "handling": "处置中", "closed": "已办结", "false_alarm": "误报、并案", "all": "全部"}
MAX_WORDS = 2000


def _held(visitor: Visitor, incident_id: int) -> Incident:
    found = visitor.office.store.incident(incident_id)
    if found is None:
        raise NotFound
    return found


def _listed(visitor: Visitor, state: str, unit: str) -> dict[str, object]:
    state = state if state in _TABS else ""
    found = visitor.office.store.incidents(_TABS[state], 200, unit)
    found = sorted(found, key=lambda i: i.updated_at, reverse=True)
    return {"incidents": found, "chosen": state, "unit": unit, "tabs": _NAMES}


@router.get("/incidents")
def index(visitor: Reading, state: str = "", unit: str = "") -> Response:
    visitor.need("incidents")
    mark = visitor.office.store.last_event_id()
    return page(visitor, "incidents.html", "/incidents", live_after=mark, **_listed(visitor, state, unit))


@router.get("/incidents/rows")
def rows(visitor: Reading, state: str = "", unit: str = "") -> Response:
    visitor.need("incidents")
    return part(visitor, "parts/incident_rows.html", **_listed(visitor, state, unit))


def _detail(visitor: Visitor, incident: Incident) -> dict[str, object]:
    store = visitor.office.store
    copies = [c for story in incident.stories for c in store.story_copies(story)]
    copies.sort(key=lambda c: c.article.published or c.first_seen)
    topic = next((t.name for t in visitor.office.bureau().vocabulary.topics if t.id == incident.topic), incident.topic)
    return {"incident": incident, "copies": copies, "events": store.incident_events(incident.id), "topic": topic,
            "done": not incident.state.is_open}


def _shown(visitor: Visitor, incident_id: int, status: int = 200, refusal: str = "", typed: str = "") -> Response:
    mark = visitor.office.store.last_event_id()
    detail = _detail(visitor, _held(visitor, incident_id))
    return page(visitor, "incident.html", "/incidents", status, live_after=mark, refusal=refusal, typed=typed, **detail)


@router.get("/incidents/{incident_id:int}")
def one(visitor: Reading, incident_id: int) -> Response:
    visitor.need("incidents")
    return _shown(visitor, incident_id)


@router.get("/incidents/{incident_id:int}/record")
def record(visitor: Reading, incident_id: int) -> Response:
    visitor.need("incidents")
    return part(visitor, "parts/incident_record.html", **_detail(visitor, _held(visitor, incident_id)))


def _act(visitor: Visitor, incident_id: int, what: str, act: Callable[[], object], typed: str = "") -> Response:
    """Do it and write it down; somebody else may have been quicker: then say so and show how things stand."""
    result, refusal = "ok", ""
    try:
        act()
    except ValueError as error:                 # the desk's own words, written for the screen
        result, refusal = "refused", str(error)
    visitor.office.store.audit(visitor.user.name, f"incident_{what}", str(incident_id), result, visitor.office.clock.now())
    if refusal:
        return _shown(visitor, incident_id, 409, f"{refusal}。页面已更新。", typed)
    return RedirectResponse(f"/incidents/{incident_id}", 303)


def _who(visitor: Visitor) -> str:
    return visitor.user.display or visitor.user.name


@router.post("/incidents/{incident_id:int}/sign")
def sign(visitor: Posting, incident_id: int) -> Response:
    visitor.need("act", "只有舆情值班人员可以签收。")
    if _held(visitor, incident_id).state is not IncidentState.OPEN:
        return _shown(visitor, incident_id, 409, "这条舆情已由他人处理，页面已更新。")
    return _act(visitor, incident_id, "sign", lambda: visitor.office.desk.sign(incident_id, _who(visitor)))


@router.post("/incidents/{incident_id:int}/close")
def close(visitor: Posting, incident_id: int, text: Annotated[str, Form()] = "") -> Response:
    visitor.need("act", "只有舆情值班人员可以办结。")
    return _finish(visitor, incident_id, "close", text, "办结须填写办结意见。", visitor.office.desk.close)


@router.post("/incidents/{incident_id:int}/false-alarm")
def false_alarm(visitor: Posting, incident_id: int, text: Annotated[str, Form()] = "") -> Response:
    visitor.need("act", "只有舆情值班人员可以判为误报。")
    return _finish(visitor, incident_id, "false_alarm", text, "判为误报须写明理由。", visitor.office.desk.false_alarm)


def _finish(visitor: Visitor, incident_id: int, what: str, text: str, missing: str,
            act: Callable[[int, str, str], Incident]) -> Response:
    if not _held(visitor, incident_id).state.is_open:
        return _shown(visitor, incident_id, 409, "这条舆情已经办结，页面已更新。", text)
    if not text.strip():
        return _shown(visitor, incident_id, 400, missing)
    return _act(visitor, incident_id, what, lambda: act(incident_id, _who(visitor), text.strip()[:MAX_WORDS]), text)


@router.post("/incidents/{incident_id:int}/note")
def note(visitor: Posting, incident_id: int, text: Annotated[str, Form()] = "") -> Response:
    visitor.need("note", "您的角色不能写备注。")
    _held(visitor, incident_id)
    if not text.strip():
        return _shown(visitor, incident_id, 400, "备注不能为空。")
    return _act(visitor, incident_id, "note", lambda: visitor.office.desk.note(incident_id, _who(visitor), text.strip()[:MAX_WORDS]))
