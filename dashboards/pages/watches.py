"""监测: what is said after a policy was published, watch by watch, with its daily lines and, at the end, its report."""

from __future__ import annotations

from fastapi import APIRouter
from fastapi.responses import Response

from dashboards.render import page
from dashboards.visitor import NotFound, Reading
from dashboards.weeks import local

router = APIRouter()
_SHOWN = 100


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
    office = visitor.office
    watch = next((w for w in office.bureau().duty.watches if w.id == watch_id), None)
    if watch is None or office.watches is None:
        raise NotFound
    made = office.watches.report(watch, office.clock.now())
    days = made["days"]
    chart = {"kind": "stack", "axis": [f"{int(day[5:7])}-{day[8:]}" for day, *_ in days],
             "series": [{"name": "非负面", "data": [pieces - negative for _, pieces, negative in days]}, {"name": "负面", "data": [n for *_, n in days]}]} if days else None
    return page(visitor, "duty/watch.html", "/watches", watch=watch, made=made, chart_data=chart, clippings=made["clippings"][:_SHOWN],
                notes=list(reversed(office.store.watch_notes(watch.id))))
