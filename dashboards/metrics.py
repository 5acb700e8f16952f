"""`/metrics` for Prometheus: what to watch, in its text format; read from the store, nothing counted in this process.

Told to this very machine and to whoever brings the token named by JIANBAO_METRICS_TOKEN (`Authorization: Bearer …`), to nobody else.
"""

from __future__ import annotations

import hmac
import os
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime

from fastapi import APIRouter, Request
from fastapi.responses import PlainTextResponse, Response

from model.alert import IncidentState
from model.ports import Store

router = APIRouter()
_LOOPBACK = ("127.0.0.1", "::1")
_OPEN = tuple(s for s in IncidentState if s not in (IncidentState.CLOSED, IncidentState.FALSE_ALARM))
_MOST = 500                        # open incidents looked at

Sample = tuple[Mapping[str, str], float]


@router.get("/metrics")
def metrics(request: Request) -> Response:
    if not _may(request):
        return PlainTextResponse("not for you\n", 403)
    office = request.app.state.office
    return PlainTextResponse("".join(lines(office.store, office.clock.now(), len(office.troubles()))), media_type="text/plain; version=0.0.4; charset=utf-8")


def lines(store: Store, now: datetime, troubles: int = 0) -> Iterator[str]:
    yield from _one("jianbao_troubles", "What hinders the house now, as on its pages: a full disk, an archive that is away.", [({}, troubles)])
    yield from _one("jianbao_pages", "Pages by status; queued and leased are the queue of the work processes.",
                    (({"status": status}, n) for status, n in store.page_counts().items()))
    yield from _one("jianbao_links", "Links of the frontier by state.", (({"state": state}, n) for state, n in store.link_counts().items()))
    yield from _one("jianbao_outbox_tasks", "Tasks of the outbox by state.", (({"state": state}, n) for state, n in store.task_counts().items()))
    states = store.source_states()
    yield from _one("jianbao_source_lag_seconds", "Since the source was last read without fault.",
                    (({"outlet": s.outlet_id, "source": s.id}, (now - s.last_ok).total_seconds()) for s in states if s.last_ok))
    yield from _one("jianbao_source_quiet_seconds", "Since the source last had something new.",
                    (({"outlet": s.outlet_id, "source": s.id}, (now - s.last_new).total_seconds()) for s in states if s.last_new))
    yield from _one("jianbao_source_failures", "Failures of the source in a row.", (({"outlet": s.outlet_id, "source": s.id}, s.failures) for s in states))
    cases = store.incidents(_OPEN, limit=_MOST)
    yield from _one("jianbao_incidents", "Open incidents by level and state.", _counted((str(int(c.level)), str(c.state)) for c in cases))
    overdue = sum(1 for c in cases if c.due_at and not c.signed_at and c.due_at < now)
    yield from _one("jianbao_incidents_overdue", "Open incidents that nobody signed for in time.", [({}, overdue)])
    waits = [(now - c.opened_at).total_seconds() for c in cases if not c.signed_at]
    yield from _one("jianbao_incident_unsigned_seconds_max", "The longest that an open incident has waited to be signed for.", [({}, max(waits, default=0))])
    if state := getattr(store, "search_state", None):
        told = state()
        yield from _one("jianbao_search_up", "Whether the search server answers.", [({}, 0 if told.trouble else 1)])
        yield from _one("jianbao_search_waiting", "Articles the search server has not been told of yet.", [({}, told.waiting)])
        yield from _one("jianbao_search_refused", "Documents the search server would not take.", [({}, told.refused)])


def _may(request: Request) -> bool:
    token = os.environ.get("JIANBAO_METRICS_TOKEN", "")
    brought = request.headers.get("authorization", "").removeprefix("Bearer ")
    if token:
        return hmac.compare_digest(brought.encode(), token.encode())
    forwarded = any(name in request.headers for name in ("x-forwarded-for", "forwarded", "x-real-ip"))
    return not forwarded and request.client is not None and request.client.host in _LOOPBACK


def _counted(keys: Iterable[tuple[str, str]]) -> list[Sample]:
    found: dict[tuple[str, str], int] = {}
    for key in keys:
        found[key] = found.get(key, 0) + 1
    return [({"level": level, "state": state}, n) for (level, state), n in sorted(found.items())]


def _one(name: str, told: str, samples: Iterable[Sample]) -> Iterator[str]:
    yield f"# HELP {name} {told}\n# TYPE {name} gauge\n"
    for labels, value in samples:
        inside = ",".join(f'{k}="{_escaped(v)}"' for k, v in labels.items())
        yield f"{name}{{{inside}}} {value:g}\n" if inside else f"{name} {value:g}\n"


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
