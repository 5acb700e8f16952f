"""A case as its record tells it: folded from the append-only events, so that nothing is kept twice or edited away."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from model.alert import Incident, IncidentEvent


@dataclass(frozen=True)
class Assignment:
    """交办 to one unit.  `role`: lead (主办) | assist (协办)."""

    unit_id: str
    role: str
    demand: str
    deadline: datetime | None
    at: datetime
    who: str
    findings: str = ""             # 核查情况, from 处置
    measures: str = ""             # 处置措施
    feedback: str = ""
    reported_at: datetime | None = None
    reported_by: str = ""


@dataclass(frozen=True)
class Answer:
    """回应: what was said, where (channel), how (way), and the link of the published answer."""

    at: datetime
    who: str
    content: str
    channel: str
    way: str
    link: str = ""
    article_id: int = 0            # the held clipping that carries the answer


@dataclass(frozen=True)
class Correction:
    """A step of 不实报道.  `what`: contacted | asked | obtained."""

    at: datetime
    who: str
    what: str
    outlet: str
    text: str
    link: str = ""

    @property
    def label(self) -> str:
        return {"contacted": "已联系媒体", "asked": "已要求更正", "obtained": "已更正"}[self.what]


@dataclass(frozen=True)
class Said:
    """A judgement, instruction, report or opinion with its author."""

    at: datetime
    who: str
    text: str


@dataclass(frozen=True)
class Case:
    """Everything people put down about an incident, each list oldest first."""

    judgements: tuple[Said, ...] = ()
    assignments: tuple[Assignment, ...] = ()
    answers: tuple[Answer, ...] = ()
    corrections: tuple[Correction, ...] = ()
    instructions: tuple[Said, ...] = ()
    reports: tuple[Said, ...] = ()         # reports to leaders
    conferences: tuple[Said, ...] = ()
    closing: Said | None = None
    false_alarm: Said | None = None
    file_number: str = ""
    filed: Said | None = None

    @property
    def waiting(self) -> tuple[str, ...]:
        """Units that have not reported back."""
        return tuple(a.unit_id for a in self.assignments if a.reported_at is None)


_LISTS = {"judged": "judgements", "instruction": "instructions", "report": "reports", "conference": "conferences"}


def case_of(events: Iterable[IncidentEvent]) -> Case:
    """The case that the events (oldest first) make."""
    case = Case()
    for event in events:
        case = _after(case, event)
    return case


def _after(case: Case, event: IncidentEvent) -> Case:
    said, data = Said(event.at, event.who, event.text), event.data
    if name := _LISTS.get(event.what):
        return replace(case, **{name: (*getattr(case, name), said)})
    if event.what == "assigned":
        return replace(case, assignments=_assigned(case.assignments, event))
    if event.what == "handled":
        return replace(case, assignments=_changed(case.assignments, str(data.get("unit", "")), findings=str(data.get("findings", "")),
                                                  measures=str(data.get("measures", ""))))
    if event.what == "feedback":
        return replace(case, assignments=_changed(case.assignments, str(data.get("unit", "")), feedback=str(data.get("feedback", "")),
                                                  reported_at=event.at, reported_by=event.who))
    if event.what == "answered":
        return replace(case, answers=(*case.answers, Answer(
            event.at, event.who, *(str(data.get(k, "")) for k in ("content", "channel", "way", "link")), int(data.get("article", 0)))))
    if event.what == "correction":
        return replace(case, corrections=(*case.corrections, Correction(
            event.at, event.who, *(str(data.get(k, "")) for k in ("step", "outlet", "text", "link")))))
    if event.what == "closed":
        return replace(case, closing=said)
    if event.what == "false_alarm":
        return replace(case, false_alarm=said)
    if event.what == "filed":
        return replace(case, filed=said, file_number=str(data.get("number", "")))
    return case


def _assigned(held: Sequence[Assignment], event: IncidentEvent) -> tuple[Assignment, ...]:
    """Each unit stands once: a unit that is given the case anew has to report anew."""
    data = event.data
    deadline = datetime.fromisoformat(str(data["deadline"])) if data.get("deadline") else None
    new = [Assignment(unit, role, str(data.get("demand", "")), deadline, event.at, event.who)
           for role in ("lead", "assist") for unit in data.get(role, ())]
    units = {a.unit_id for a in new}
    return (*(a for a in held if a.unit_id not in units), *new)


def _changed(held: Sequence[Assignment], unit_id: str, **fields: object) -> tuple[Assignment, ...]:
    return tuple(replace(a, **fields) if a.unit_id == unit_id else a for a in held)


def concerns(incident: Incident, unit_id: str) -> bool:
    """May the unit's own people see the case?"""
    return unit_id in incident.units or unit_id in incident.assigned
