"""Clocks of a case: started when it was first seen, by level and kind; they never pause, and end met or missed (迟报)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta

from alerts.times import minute, span
from model.alert import CaseClock, ClockState, Incident, IncidentState
from model.duty import ClockRule
from model.ports import Writer

SYSTEM = "系统"


def applies(rule: ClockRule, incident: Incident) -> bool:
    return ((not rule.levels or incident.level in rule.levels) and (not rule.kinds or incident.kind in rule.kinds)
            and (not rule.topics or incident.topic in rule.topics))


def next_due(incident: Incident, clocks: Iterable[CaseClock], sign_minutes: Mapping[int, int]) -> datetime | None:
    """What the countdown of a list shows: the time to sign while nobody has, then the nearest clock that is not done with."""
    if incident.state is IncidentState.OPEN:
        return incident.first_seen + timedelta(minutes=sign_minutes.get(int(incident.level), 60))
    if not incident.state.is_open:
        return None
    return min((c.due_at for c in clocks if c.state is ClockState.RUNNING), default=None)


def start(w: Writer, incident: Incident, rules: Sequence[ClockRule]) -> None:
    """Start the clocks that now apply.  A clock once started runs on, also when the level is lowered; one that turns out to have
    begun earlier (an earlier copy, a merged case) is set to the earlier time while it runs."""
    held = {c.clock: c for c in w.case_clocks(incident.id)}
    for rule in rules:
        due = incident.first_seen + timedelta(minutes=rule.minutes)
        clock = CaseClock(0, incident.id, rule.id, rule.name, incident.first_seen, due, rule.ends)
        if rule.id not in held:
            if applies(rule, incident):
                w.start_clock(clock)
        elif held[rule.id].state is ClockState.RUNNING and due < held[rule.id].due_at:
            w.reset_clock(clock)


def end(w: Writer, incident_id: int, step: str, now: datetime) -> list[CaseClock]:
    """End the clocks that wait for `step`; the record tells each as met or late.  Returns those ended."""
    return [_ended(w, c, now) for c in w.case_clocks(incident_id) if c.ended_at is None and c.ends == step]


def finish(w: Writer, incident_id: int, now: datetime, void: str = "") -> None:
    """The case is over: what still runs ends now; with `void` (why it was none) it is struck."""
    for clock in w.case_clocks(incident_id):
        if clock.ended_at is not None:
            continue
        if void and clock.state is ClockState.RUNNING:
            w.end_clock(clock.id, ClockState.VOID, now)
            w.log(incident_id, SYSTEM, "clock", f"“{clock.name}”撤销：{void}", now, {"clock": clock.clock, "state": "void"})
        else:
            _ended(w, clock, now)


def _ended(w: Writer, clock: CaseClock, now: datetime) -> CaseClock:
    late = clock.state is ClockState.MISSED or now > clock.due_at
    state = ClockState.MISSED if late else ClockState.MET
    w.end_clock(clock.id, state, now)
    said = (f"迟报 {span((now - clock.due_at).total_seconds())}（时限 {minute(clock.due_at)}）" if late
            else f"按时，用时 {span((now - clock.starts_at).total_seconds())}（时限 {minute(clock.due_at)}）")
    w.log(clock.incident_id, SYSTEM, "clock", f"“{clock.name}”{said}", now, {"clock": clock.clock, "state": state.value})
    return clock


def missed(w: Writer, now: datetime) -> dict[int, list[CaseClock]]:
    """Mark the running clocks whose time is over, by incident; each is told once."""
    found: dict[int, list[CaseClock]] = {}
    for clock in w.overdue_clocks(now):
        w.end_clock(clock.id, ClockState.MISSED, None)
        w.log(clock.incident_id, SYSTEM, "clock", f"“{clock.name}”已过时限 {minute(clock.due_at)}，尚未完成，记为迟报", now,
              {"clock": clock.clock, "state": "missed"})
        found.setdefault(clock.incident_id, []).append(clock)
    return found
