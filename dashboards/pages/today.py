"""今日: what needs me now, then this week in numbers."""

from __future__ import annotations

from datetime import date, timedelta

from fastapi import APIRouter
from fastapi.responses import RedirectResponse, Response
from model.alert import OPEN_STATES, Incident, IncidentState
from model.opinion import Label
from model.outlet import Tier
from model.page import PageStatus
from model.search import Query
from model.source_state import Health

from dashboards import show
from dashboards.render import page, part
from dashboards.visitor import Reading, Visitor
from dashboards.weeks import day_label, day_start, local, week_of

router = APIRouter()
OPEN = tuple(s.value for s in OPEN_STATES)
_BRIEF = {Tier.PORTAL: "门户", Tier.OWN: "自有", Tier.UNKNOWN: "未登记"}      # eight columns have to stand beside the chart
_URGENCY = {Health.FAILING: 0, Health.PAUSED: 1, Health.SILENT: 2}


def waiting(visitor: Visitor) -> list[Incident]:
    """Incidents that are not done with: to be signed for first, graver first, the older first."""
    found = visitor.office.store.incidents(OPEN, 200)
    return sorted(found, key=lambda i: (i.state is not IncidentState.OPEN, i.level, i.due_at or i.opened_at))


def worries(visitor: Visitor) -> list[tuple[str, object]]:
    """(outlet name, source state) of every source that fails, is paused or silent."""
    bureau = visitor.office.bureau()
    bad = [s for s in visitor.office.store.source_states() if s.health in _URGENCY]
    bad.sort(key=lambda s: (_URGENCY[s.health], s.outlet_id, s.id))
    return [((outlet.name if (outlet := bureau.outlet(s.outlet_id)) else s.outlet_id), s) for s in bad]


def trend(visitor: Visitor, days: int = 14) -> dict[str, object]:
    """Clippings by day and tier of the last `days` days, as the chart and the table beside it show them."""
    end = local(visitor.office.clock.now()).date() + timedelta(days=1)
    axis = [end - timedelta(days=back) for back in range(days, 0, -1)]
    counts: dict[tuple[str, str], int] = {}
    for day, tier, number in visitor.office.store.day_counts(day_start(axis[0]), day_start(end)):
        counts[day, tier] = counts.get((day, tier), 0) + number
    present = [t for t in Tier if any(tier == t for _, tier in counts)]
    rows = [(_short(day), [counts.get((day.isoformat(), t.value), 0) for t in present]) for day in axis]
    names = {t: _BRIEF.get(t, t.label) for t in present}
    return {"tiers": list(names.values()), "rows": rows,
            "chart": {"kind": "stack", "axis": [name for name, _ in rows],
                      "series": [{"name": names[t], "data": [numbers[i] for _, numbers in rows]} for i, t in enumerate(present)]}}


def _short(day: date) -> str:
    return f"{day.month}-{day.day:02d}"


def newest(visitor: Visitor, count: int = 8) -> list:
    store = visitor.office.store
    return store.clippings(store.search(Query(per_page=count)).ids)


def week_numbers(visitor: Visitor) -> list[tuple[str, int, str]]:
    """(name, number, what it means) of this ISO week."""
    store, (since, until) = visitor.office.store, week_of(visitor.office.clock.now())
    total = store.search(Query(since=since, until=until, per_page=1)).total
    firsts = store.search(Query(since=since, until=until, firsts_only=True, per_page=1)).total
    negative = store.search(Query(since=since, until=until, labels=(Label.NEGATIVE.value,), per_page=1)).total
    return [("剪报", total, "提到本系统，含自有平台"), ("首发", firsts, "所在稿件组的首发"), ("转载", total - firsts, "剪报减去首发"),
            ("负面", negative, "含负面研判"), ("舆情事件", len(store.incidents_between(since, until)), "本周发现")]


def _needs(visitor: Visitor) -> dict[str, object]:
    store = visitor.office.store
    return {"worries": worries(visitor), "unresolved": store.unresolved(100), "quarantined": store.quarantined(100),
            "parked": store.parked(100), "papers": [i for i in store.issues("", 20) if i.state == "waiting"] if visitor.may("note") else [],
            "quarantine_total": store.page_counts().get(PageStatus.QUARANTINED.value, 0)}


@router.get("/")
def today(visitor: Reading) -> Response:
    if not visitor.may("overview"):
        return RedirectResponse("/clippings", 303)
    mark = visitor.office.store.last_event_id()
    return page(visitor, "today.html", "/", live_after=mark, heading=day_label(visitor.office.clock.now()), incidents=waiting(visitor),
                newest=newest(visitor), numbers=week_numbers(visitor), trend=trend(visitor), show=show, **_needs(visitor))


@router.get("/today/incidents")
def incidents_part(visitor: Reading) -> Response:
    visitor.need("overview")
    return part(visitor, "parts/waiting.html", incidents=waiting(visitor))


@router.get("/today/newest")
def newest_part(visitor: Reading) -> Response:
    visitor.need("overview")
    return part(visitor, "parts/newest.html", newest=newest(visitor))


@router.get("/today/needs")
def needs_part(visitor: Reading) -> Response:
    visitor.need("overview")
    return part(visitor, "parts/needs.html", **_needs(visitor))


@router.get("/today/numbers")
def numbers_part(visitor: Reading) -> Response:
    visitor.need("overview")
    return part(visitor, "parts/numbers.html", numbers=week_numbers(visitor), trend=trend(visitor))
