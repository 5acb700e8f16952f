"""/live: what happens to incidents, sent to open pages as it happens (server-sent events).

Every event carries the id of the incident's record line, so that a browser that was away asks for what it missed.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator

from fastapi import APIRouter, Request
from fastapi.responses import Response, StreamingResponse
from model.alert import IncidentEvent
from starlette.concurrency import run_in_threadpool

from dashboards import show
from dashboards.visitor import NeedsLogin, Visitor, find

router = APIRouter()
PAUSE_S = 1.0
LONGEST = 600                      # rounds; then the browser comes back by itself, and a stopping server is not held up for ever
_BEAT = 15                         # rounds between two signs of life, and between two looks at the session
_MOST = 200


@router.get("/live")
async def live(request: Request, after: str = "") -> Response:
    visitor = await run_in_threadpool(find, request)
    if visitor is None or visitor.user.must_change:
        raise NeedsLogin
    visitor.need("incidents")
    told = request.headers.get("last-event-id", "") or after
    known = told.isascii() and told.isdigit() and len(told) < 18
    start = int(told) if known else await run_in_threadpool(visitor.office.store.last_event_id)
    return StreamingResponse(_stream(request, visitor, start), media_type="text/event-stream",
                             headers={"cache-control": "no-store", "x-accel-buffering": "no"})


async def _stream(request: Request, visitor: Visitor, last: int) -> AsyncIterator[str]:
    store = visitor.office.store
    mark = await run_in_threadpool(store.change_mark)
    yield "retry: 2000\n\n" + _event("change", {"mark": mark})
    for tick in range(1, LONGEST + 1):
        events = await run_in_threadpool(store.events_after, last, _MOST)
        for event in events:
            last = max(last, event.id)
            yield _event("incident", await run_in_threadpool(_told, visitor, event), event.id)
        now_mark = await run_in_threadpool(store.change_mark)
        if events or now_mark != mark:
            mark = now_mark
            yield _event("change", {"mark": mark})
        if tick % _BEAT == 0:
            if await run_in_threadpool(find, request) is None:
                yield _event("bye", {})
                return
            yield ": beat\n\n"
        if await request.is_disconnected():
            return
        await asyncio.sleep(PAUSE_S)


def _told(visitor: Visitor, event: IncidentEvent) -> dict[str, object]:
    incident = visitor.office.store.incident(event.incident_id)
    told: dict[str, object] = {"what": event.what, "name": show.event(event.what), "text": event.text, "who": event.who,
                               "at": show.minute(event.at), "incident": event.incident_id}
    if incident:
        told |= {"title": incident.title, "level": int(incident.level), "roman": incident.level.roman,
                 "grave": show.grave(incident.level), "state": incident.state.value}
    return told


def _event(name: str, data: dict[str, object], number: int | None = None) -> str:
    head = f"id: {number}\n" if number is not None else ""
    return f"{head}event: {name}\ndata: {json.dumps(data, ensure_ascii=False)}\n\n"
