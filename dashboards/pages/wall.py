"""大屏: the wall of the duty room.  What is open in large type, levels by colour and sign, countdowns, who sits, what is silent or dead."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

from fastapi import APIRouter
from fastapi.responses import Response
from model.alert import Level
from model.duty import Shift

from dashboards import cases
from dashboards.pages.today import waiting, worries
from dashboards.render import page, part
from dashboards.visitor import Reading, Visitor
from dashboards.weeks import day_label, day_start, local

router = APIRouter()
CARDS = 7


def people(visitor: Visitor, shift: Shift | None) -> tuple[str, str]:
    """(leading cadre, officers) of a shift by name."""
    roster = visitor.office.roster
    if shift is None or roster is None:
        return "", ""
    return roster.named(shift.leader), "、".join(map(roster.named, shift.officers))


def _board(visitor: Visitor) -> dict[str, object]:
    office = visitor.office
    store, now = office.store, office.clock.now()
    found = sorted(waiting(visitor), key=lambda i: i.level)          # the gravest is never among those that have no room
    cards = found[:CARDS]
    today = day_start(local(now).date())
    counts = Counter(i.level for i in found)
    clocks = store.running_clocks()
    closed = len({e.incident_id for e in store.events_between(today, now + timedelta(seconds=1)) if e.what == "closed"})
    return {"cards": cards, "others": found[CARDS:], "rings": store.last_rings([i.id for i in found]),
            "levels": [(level, counts[level]) for level in Level],
            "fresh": len(store.incidents_between(today, today + timedelta(days=1))), "closed": closed,
            "due_names": cases.due_names(cards, clocks), "late_names": cases.late_names(clocks),
            "late": [c for c in clocks if c.due_at < now], "worries": worries(visitor),
            "dead": [s for s in store.channel_states().values() if s.dead],
            "parked": store.task_counts().get("parked", 0), "people": people(visitor, store.shift_at(now)),
            "unsigned": sum(i.state.value == "open" for i in found)}


@router.get("/wall")
def wall(visitor: Reading) -> Response:
    visitor.need("duty")
    mark = visitor.office.store.last_event_id()
    return page(visitor, "duty/wall.html", "/wall", live_after=mark, heading=day_label(visitor.office.clock.now()), **_board(visitor))


@router.get("/wall/board")
def board(visitor: Reading) -> Response:
    visitor.need("duty")
    return part(visitor, "duty/board.html", **_board(visitor))
