"""/live: what happens to incidents, sent to open pages as it happens (server-sent events).

Every event carries the id of the incident's record line, so that a browser that was away asks for what it missed.
"""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import AsyncIterator

from fastapi import APIRouter, Request
from fastapi.responses import Response, StreamingResponse
from model.alert import Incident, IncidentEvent, IncidentState
from model.case import Case, concerns
from starlette.concurrency import run_in_threadpool

from dashboards import cases, show
from dashboards.visitor import NeedsLogin, Visitor, find

router = APIRouter()
PAUSE_S = 0.25
LONGEST_S = 600                    # then the browser comes back by itself, and a stopping server is not held up for ever
BEAT_S = 15                        # between two signs of life, and between two looks at the session
_MOST = 200
_UNIT_RINGS = ("assigned",)        # what a unit's own people are called for


@router.get("/live")
async def live(request: Request, after: str = "") -> Response:
    visitor = await run_in_threadpool(find, request)
    if visitor is None or visitor.user.must_change:
        raise NeedsLogin
    visitor.need("cases")
    told = request.headers.get("last-event-id", "") or after
    known = told.isascii() and told.isdigit() and len(told) < 18
    start = int(told) if known else await run_in_threadpool(visitor.office.store.last_event_id)
    return StreamingResponse(_stream(request, visitor, start), media_type="text/event-stream",
                             headers={"cache-control": "no-store", "x-accel-buffering": "no"})


async def _stream(request: Request, visitor: Visitor, last: int) -> AsyncIterator[str]:
    store, pulse = visitor.office.store, request.app.state.pulse
    mark = (await pulse.marks())[1]
    yield "retry: 2000\n\n" + _event("change", {"mark": mark})
    ends, beat = time.monotonic() + LONGEST_S, time.monotonic() + BEAT_S
    while time.monotonic() < ends:
        newest, now_mark = await pulse.marks()
        events = await run_in_threadpool(store.events_after, last, _MOST) if newest > last else []
        shown = 0
        for event in events:
            last = max(last, event.id)
            if told := await run_in_threadpool(_told, visitor, event):
                shown += 1
                yield _event("incident", told, event.id)
        if shown or now_mark != mark and visitor.only_unit is None:
            mark = now_mark
            yield _event("change", {"mark": mark})
        if time.monotonic() > beat:
            beat = time.monotonic() + BEAT_S
            found = await run_in_threadpool(find, request)
            if found is None or found.user.must_change:
                yield _event("bye", {})
                return
            visitor = found            # their role or unit may be another by now
            yield ": beat\n\n"
        if await request.is_disconnected():
            return
        if len(events) < _MOST:
            await asyncio.sleep(PAUSE_S)


def _told(visitor: Visitor, event: IncidentEvent) -> dict[str, object]:
    """What the page is told of a line; empty where it is not for the visitor: of its own cases a unit hears what it may read there."""
    incident, unit = visitor.office.store.incident(event.incident_id), visitor.only_unit
    if unit is not None:
        seen = cases.seen_by_unit([event], Case(), unit)[0] if incident and unit and concerns(incident, unit) else []
        if not seen:
            return {}
        event = seen[0]
    told: dict[str, object] = {"what": event.what, "name": show.event(event.what), "text": event.text, "who": event.who,
                               "at": show.minute(event.at), "incident": event.incident_id}
    if incident:
        told |= {"title": incident.title, "level": int(incident.level), "roman": incident.level.roman, "grave": show.grave(incident.level),
                 "state": incident.state.value, "rings": _rings(event, incident, unit)}
    return told


def _rings(event: IncidentEvent, incident: Incident, unit: str | None) -> bool:
    """Is somebody called for it?  A ring calls while the case is open, whoever has signed; a reminder to sign until somebody has."""
    if unit is not None:
        return event.what in _UNIT_RINGS and incident.state.is_open
    return incident.state.is_open if event.what in ("opened",
                                                    "ring") else event.what == "escalated" and incident.state is IncidentState.OPEN


def _event(name: str, data: dict[str, object], number: int | None = None) -> str:
    head = f"id: {number}\n" if number is not None else ""
    return f"{head}event: {name}\ndata: {json.dumps(data, ensure_ascii=False)}\n\n"
