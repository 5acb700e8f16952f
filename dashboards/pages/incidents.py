"""舆情: the list and one case, as whoever asks may see it.  Every look at a case by name is written into the audit log."""

from __future__ import annotations

import hmac
from collections.abc import Callable, Mapping

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response
from model.alert import KINDS, OPEN_STATES, WAY, Incident, IncidentState
from model.case import case_of, concerns

from dashboards import cases, guard
from dashboards.pages.today import waiting
from dashboards.render import page, part
from dashboards.visitor import NotFound, Reading, Visitor

router = APIRouter()
_TABS = {"": OPEN_STATES, "open": (IncidentState.OPEN,), "handling": tuple(s for s in OPEN_STATES if s is not IncidentState.OPEN),
         "closed": (IncidentState.CLOSED, IncidentState.FILED), "false_alarm": (IncidentState.FALSE_ALARM, IncidentState.MERGED), "all": ()}
_NAMES = {"": "未办结", "open": "待签收", "handling": "处置中", "closed": "已办结", "false_alarm": "误报、并案", "all": "全部"}
_OF_UNITS = ("handle", "feedback")


def held(visitor: Visitor, incident_id: int) -> Incident:
    """The case, where the visitor may see it; a unit's people see only their own."""
    found = visitor.office.store.incident(incident_id)
    if found is not None and visitor.only_unit is not None and not (visitor.only_unit and concerns(found, visitor.only_unit)):
        looked(visitor, "incident_view", incident_id, "refused")
        found = None
    if found is None:
        raise NotFound
    return found


def looked(visitor: Visitor, what: str, incident_id: int, result: str = "ok") -> None:
    visitor.office.store.audit(visitor.user.name, what, str(incident_id), result, visitor.office.clock.now())


def _listed(visitor: Visitor, state: str, unit: str) -> dict[str, object]:
    state = state if state in _TABS else ""
    unit = unit if visitor.only_unit is None else visitor.only_unit
    found = visitor.office.store.incidents(_TABS[state], 200, unit) if visitor.only_unit != "" else []
    found = sorted(found, key=lambda i: i.updated_at, reverse=True)
    clocks = visitor.office.store.running_clocks(limit=2000)
    if visitor.only_unit is not None:
        found = [cases.of_unit(i, clocks, visitor.only_unit) for i in found]
    return {"incidents": found, "chosen": state, "unit": unit, "tabs": _NAMES, "due_names": cases.due_names(found, clocks),
            "late_names": {} if visitor.only_unit is not None else cases.late_names(clocks)}


@router.get("/incidents")
def index(visitor: Reading, state: str = "", unit: str = "") -> Response:
    visitor.need("cases")
    mark = visitor.office.store.last_event_id()
    return page(visitor, "incidents.html", "/incidents", live_after=mark, **_listed(visitor, state, unit))


@router.get("/incidents/rows")
def rows(visitor: Reading, state: str = "", unit: str = "") -> Response:
    visitor.need("cases")
    return part(visitor, "parts/incident_rows.html", **_listed(visitor, state, unit))


def detail(visitor: Visitor, incident: Incident) -> dict[str, object]:
    """What the case page shows."""
    office, unit = visitor.office, visitor.only_unit
    store, bureau = office.store, office.bureau()
    copies = cases.copies_of(store, incident)
    events = store.incident_events(incident.id)
    case, clocks, linked = case_of(events), store.case_clocks(incident.id), store.linked_incidents(incident.id)
    if unit is not None:
        events, case = cases.seen_by_unit(events, case, unit)
        clocks = [c for c in clocks if c.ends == f"feedback:{unit}"]
        linked = [i for i in linked if concerns(i, unit)]
        incident = cases.of_unit(incident, clocks, unit)
    return {"incident": incident, "due_names": cases.due_names([incident], clocks), "copies": copies, "events": events, "case": case,
            "clocks": clocks, "linked": linked, "kinds": KINDS,
            "topic": cases.topic_of(bureau, incident.topic), "voices": cases.voices(store, copies, bureau), "chain": cases.chain(copies),
            "spread": cases.spread(copies), "tiers": cases.tiers(copies), "first": cases.first_of(copies), "way": WAY,
            "reached": _reached(incident, [e.what for e in events])}


def _reached(incident: Incident, done: list[str]) -> dict[IncidentState, str]:
    """Step of the way → "done" | "now" | "" for the row of steps."""
    marks = {IncidentState.OPEN: "opened", IncidentState.SIGNED: "judged", IncidentState.ASSIGNED: "assigned",
             IncidentState.HANDLING: "handled",
             IncidentState.ANSWERED: "answered", IncidentState.REPORTED: "feedback", IncidentState.CLOSED: "closed",
             IncidentState.FILED: "filed"}
    made = {step: "done" if mark in done else "" for step, mark in marks.items()}
    if incident.state is IncidentState.OPEN:
        made[IncidentState.OPEN] = "now"
    elif incident.state in made and incident.state.is_open and not made[incident.state]:
        made[incident.state] = "now"
    return made


def next_step(incident: Incident, may: tuple[str, ...], values: Mapping[str, object]) -> str:
    """The step that is offered first."""
    case = values["case"]
    wanted = {"open": ("sign",), "signed": ("judge",) if not case.judgements else ("assign", "answer"), "assigned": ("handle",),
              "handling": ("answer",), "answered": ("feedback", "close"), "reported": ("close",), "untrue": ("correction",),
              "closed": ("file",)}
    return next((s for s in wanted.get(incident.state.value, ()) if s in may), "")


def shown(visitor: Visitor, incident_id: int, status: int = 200, refusal: str = "", step: str = "",
          typed: Mapping[str, str] | None = None) -> Response:
    """The whole page; after a refusal with what was typed into the form of `step`."""
    incident, store = held(visitor, incident_id), visitor.office.store
    mark = store.last_event_id()
    values = detail(visitor, incident)
    whole = case_of(store.incident_events(incident.id))
    may = visitor.office.desk.may(incident, whole)
    if visitor.only_unit is not None:
        own = any(a.unit_id == visitor.only_unit for a in whole.assignments)
        may = tuple(s for s in may if s in _OF_UNITS) if own else ()
    elif not visitor.may("act"):
        may = tuple(s for s in may if s == "instruct" and visitor.may("instruct"))
    ahead = step or ("instruct" if may == ("instruct",) else _unit_step(values) if visitor.only_unit is not None and may
                     else next_step(incident, may, values))
    others = [i for i in store.incidents([s.value for s in OPEN_STATES], 200) if i.id != incident.id] if "merge" in may else []
    before, after = _neighbours(visitor, incident)
    looked(visitor, "incident_view", incident_id)
    return page(visitor, "incident.html", "/incidents", status, live_after=mark, refusal=refusal, step=step, typed=typed or {}, may=may,
                ahead=ahead,
                others=others, before=before, after=after, seen=_seen(visitor, incident_id), draft=_demand(values), **values)


def _unit_step(values: Mapping[str, object]) -> str:
    own = values["case"].assignments
    return "handle" if any(not a.findings for a in own) else "feedback" if any(a.reported_at is None for a in own) else ""


def _demand(values: Mapping[str, object]) -> str:
    """A first wording of what is asked of the units, from the record alone."""
    first = values["first"]
    source = f"{first.outlet}《{first.clipping.article.title}》" if first.clipping else f"《{values['incident'].title}》"
    return f"请核实{source}反映的情况，反馈核查情况、处置措施和回应建议。"


def _neighbours(visitor: Visitor, incident: Incident) -> tuple[int, int]:
    """The case before and the one after in the order of the desk (0: none)."""
    ids = [i.id for i in waiting(visitor) if visitor.only_unit is None or visitor.only_unit and concerns(i, visitor.only_unit)]
    if incident.id not in ids:
        return 0, ids[0] if ids else 0
    at = ids.index(incident.id)
    return (ids[at - 1] if at else 0), (ids[at + 1] if at + 1 < len(ids) else 0)


def _seen(visitor: Visitor, incident_id: int) -> str:
    """Given with the page whose look was written down; the page's own refreshes show it and are not written down again."""
    return guard.form_token(visitor.office.secret, f"{visitor.cookie}/incident/{incident_id}")


@router.get("/incidents/{incident_id:int}")
def one(visitor: Reading, incident_id: int) -> Response:
    visitor.need("cases")
    return shown(visitor, incident_id)


@router.get("/incidents/{incident_id:int}/record")
def record(visitor: Reading, incident_id: int, seen: str = "") -> Response:
    visitor.need("cases")
    incident = held(visitor, incident_id)
    if not hmac.compare_digest(seen.encode(), _seen(visitor, incident_id).encode()):
        looked(visitor, "incident_view", incident_id)
    return part(visitor, "parts/incident_record.html", fresh=True, **detail(visitor, incident))


def act(visitor: Visitor, incident_id: int, what: str, do: Callable[[], object], typed: Mapping[str, str] | None = None,
        step: str = "") -> Response:
    """Do it and write it down; somebody else may have been quicker: then say so and show how things stand."""
    result, refusal, made = "ok", "", None
    try:
        made = do()
    except ValueError as error:                 # the desk's own words, written for the screen
        result, refusal = "refused", str(error)
    looked(visitor, f"incident_{what}", incident_id, result)
    if refusal:
        return shown(visitor, incident_id, 409, f"{refusal}。页面已更新。", step, typed)
    target = made.id if isinstance(made, Incident) and what in ("merge", "split", "reopen") else incident_id
    return RedirectResponse(f"/incidents/{target}", 303)


def who(visitor: Visitor) -> str:
    return visitor.user.display or visitor.user.name


async def form_of(request: Request) -> Mapping[str, list[str]]:
    """Every text field of a form with all its values."""
    form = await request.form()
    return {name: [v for v in form.getlist(name) if isinstance(v, str)] for name in form}
