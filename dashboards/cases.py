"""A case as pages and papers tell it: its copies in order, first publication, deciding sentences, chain and spread: values in and out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from model.alert import CaseClock, ClockState, Incident, IncidentEvent, IncidentState
from model.bureau import Bureau
from model.case import Case
from model.clipping import Clipping
from model.opinion import Label
from model.outlet import Tier
from model.ports import Store

from dashboards import show
from dashboards.marks import Run, cut
from dashboards.weeks import local

_TEXTS = 40                        # copies whose sentences are read
_BARS = 120
_STEPS = ((timedelta(hours=3), timedelta(minutes=10)), (timedelta(hours=48), timedelta(hours=1)), (timedelta.max, timedelta(days=1)))
_UNITS_OWN = ("handled", "feedback")
_SEEN_BY_UNITS = ("opened", "joined", "signed", "assigned", "handled", "answered", "feedback", "closed", "filed", "false_alarm", "merged")


@dataclass(frozen=True)
class Voice:
    """A sentence that decided: as printed, with its deciding words marked, and where it stands."""

    runs: tuple[Run, ...]
    sentence: str
    unit: str
    label: str
    topic: str
    words: tuple[str, ...]
    clipping: Clipping
    count: int = 1                 # copies that carry it


@dataclass(frozen=True)
class Link:
    """A copy in the chain: `depth` steps from the first publication; `parent` the copy it follows, `declared` when it names that outlet."""

    clipping: Clipping
    depth: int = 0
    parent: Clipping | None = None
    why: str = ""
    declared: bool = False


@dataclass(frozen=True)
class FirstTold:
    """First publication as the record knows it; `clipping` None where it is not held.  `words` says how sure that is."""

    outlet: str
    clipping: Clipping | None
    words: str


def when(clipping: Clipping) -> datetime:
    return clipping.article.published or clipping.first_seen


def copies_of(store: Store, incident: Incident) -> list[Clipping]:
    """All copies of the stories of a case, earliest first."""
    return sorted((c for story in incident.stories for c in store.story_copies(story)), key=lambda c: (when(c), c.id))


def names_of(bureau: Bureau, units: Iterable[str]) -> str:
    return "、".join(unit.label if (unit := bureau.unit(u)) else u for u in units)


def topic_of(bureau: Bureau, topic: str) -> str:
    return next((t.name for t in bureau.vocabulary.topics if t.id == topic), topic)


def first_of(copies: Sequence[Clipping]) -> FirstTold:
    """The first publication of the earliest story; first seen is not first published, so an unconfirmed one says so."""
    firsts = [c for c in copies if c.is_first and c.story]
    if firsts:
        return FirstTold(firsts[0].outlet_name, firsts[0], firsts[0].story.first.state.label)
    named = next((c for c in copies if c.story and c.story.first.outlet), None)
    if named:
        return FirstTold(named.story.first.outlet, None, f"{named.story.first.state.label}，原文未收录")
    return FirstTold(copies[0].outlet_name, copies[0], "首发未确认，所列为最早见到的一篇") if copies else FirstTold("", None, "")


def voices(store: Store, copies: Sequence[Clipping], bureau: Bureau, limit: int = 12) -> list[Voice]:
    """Deciding sentences of the case, each once with its number of copies; the gravest first."""
    found: dict[tuple[str, str], Voice] = {}
    grave: dict[tuple[str, str], tuple[int, float]] = {}
    for copy in copies[:_TEXTS]:
        whole = store.clipping(copy.id) or copy
        for j in whole.judgements:
            if j.label not in (Label.NEGATIVE, Label.RISK) or not j.sentence or not j.unit_id:
                continue
            key = (j.sentence, j.unit_id)
            if key in found:
                found[key] = replace(found[key], count=found[key].count + 1)
                continue
            places = [(at, at + len(word), "word", f"判定词：{word}") for word in j.words if (at := j.sentence.find(word)) >= 0]
            found[key] = Voice(tuple(cut(j.sentence, places)), j.sentence, names_of(bureau, [j.unit_id]), j.label.value,
                               topic_of(bureau, j.topic), j.words, copy)
            grave[key] = (j.severity, j.score)
    return [found[key] for key in sorted(found, key=lambda k: grave[k], reverse=True)][:limit]


def chain(copies: Sequence[Clipping]) -> list[Link]:
    """The copies story by story, each below the one it follows; a story's first publication (else its earliest copy) stands at the top.

    A copy follows the outlet that it names as its source; where it names none that is held, the copy that its text was found alike to.
    """
    stories: dict[int, list[Clipping]] = {}
    for copy in copies:
        stories.setdefault(copy.story.id if copy.story else -copy.id, []).append(copy)
    return [link for held in stories.values() for link in _story_chain(held)]


def _story_chain(copies: Sequence[Clipping]) -> list[Link]:
    root = next((c for c in copies if c.is_first), copies[0])
    held, alike = {c.id: c for c in copies}, _towards(root, copies)
    links = {root.id: Link(root)}
    for copy in copies:
        if copy.id == root.id:
            continue
        source = copy.article.source.strip()
        named = next((c for c in copies if c.id != copy.id and source and c.outlet_name == source and when(c) <= when(copy)), None)
        if named:
            links[copy.id] = Link(copy, 0, named, f"来源注明“{source}”", True)
        else:
            parent, why = alike.get(copy.id, (root.id, ""))
            links[copy.id] = Link(copy, 0, held[parent], why)
    below: dict[int, list[Link]] = {}
    for link in links.values():
        if link.parent:
            below.setdefault(link.parent.id, []).append(link)
    made, todo, placed = [], [links[root.id]], set()
    while todo:
        link = todo.pop()
        placed.add(link.clipping.id)
        made.append(link)
        todo += [replace(child, depth=link.depth + 1) for child in reversed(below.get(link.clipping.id,
                                                                                      [])) if child.clipping.id not in placed]
    return made + [replace(link, depth=1, parent=root) for number, link in links.items() if number not in placed]    # named each other


def _towards(root: Clipping, copies: Sequence[Clipping]) -> dict[int, tuple[int, str]]:
    """Of each copy the next one on the way of likenesses to the root, and what the likeness is."""
    ways: dict[int, list[tuple[int, str]]] = {}
    held = {c.id for c in copies}
    for copy in copies:
        if copy.edge and copy.edge.parent in held and copy.edge.parent != copy.id:
            ways.setdefault(copy.id, []).append((copy.edge.parent, copy.edge.reason))
            ways.setdefault(copy.edge.parent, []).append((copy.id, copy.edge.reason))
    found: dict[int, tuple[int, str]] = {}
    todo = [root.id]
    while todo:
        at = todo.pop(0)
        for other, why in ways.get(at, []):
            if other != root.id and other not in found:
                found[other] = (at, why)
                todo.append(other)
    return found


def tiers(copies: Sequence[Clipping]) -> list[tuple[str, int]]:
    """(tier, copies), the highest first; they add up to the number of copies."""
    counts = Counter(Tier(c.tier) for c in copies)
    return [(t.label, counts[t]) for t in sorted(counts, key=lambda t: -t.rank)]


def spread(copies: Sequence[Clipping]) -> dict[str, object] | None:
    """Copies by ten minutes (within three hours), hour (within two days) or day, and by tier, for the chart; None for one bar at most."""
    if not copies:
        return None
    span = when(copies[-1]) - when(copies[0])
    step = next(step for longest, step in _STEPS if span <= longest)

    def floor(at: datetime) -> datetime:
        here = local(at).replace(second=0, microsecond=0)
        if step < timedelta(hours=1):
            return here.replace(minute=here.minute // 10 * 10)
        return here.replace(minute=0) if step < timedelta(days=1) else here.replace(hour=0, minute=0)

    counts = Counter((floor(when(c)), Tier(c.tier)) for c in copies)
    at, end, axis = floor(when(copies[0])), floor(when(copies[-1])), []
    while at <= end and len(axis) < _BARS:
        axis.append(at)
        at += step
    if len(axis) < 2:
        return None
    name = "{0:%H:%M}" if step < timedelta(hours=1) else "{0.day}日{0.hour}时" if step < timedelta(days=1) else "{0.month}-{0.day:02d}"
    present = [t for t in Tier if any(tier is t for _, tier in counts)]
    return {"kind": "stack", "axis": [name.format(a) for a in axis],
            "series": [{"name": t.label, "data": [counts[a, t] for a in axis]} for t in present]}


def due_names(incidents: Iterable[Incident], clocks: Iterable[CaseClock]) -> dict[int, str]:
    """incident → what is due when its countdown ends; the time to sign has no clock of its own."""
    held = {(c.incident_id, c.due_at): c.name for c in clocks if c.state is ClockState.RUNNING}
    return {i.id: f"{held[i.id, i.due_at]}时限" for i in incidents if i.state is not IncidentState.OPEN and (i.id, i.due_at) in held}


def late_names(clocks: Iterable[CaseClock]) -> dict[int, list[str]]:
    """incident → what is past its time and still not done."""
    found: dict[int, list[str]] = {}
    for clock in clocks:
        if clock.state is ClockState.MISSED and clock.ended_at is None:
            found.setdefault(clock.incident_id, []).append(clock.name)
    return found


def of_unit(incident: Incident, clocks: Iterable[CaseClock], unit_id: str) -> Incident:
    """The case with the time limit of a unit alone, none where nothing is asked of it."""
    own = [c.due_at for c in clocks if c.incident_id == incident.id and c.ends == f"feedback:{unit_id}" and c.ended_at is None]
    return replace(incident, due_at=min(own, default=None))


def seen_by_unit(events: Sequence[IncidentEvent], case: Case, unit_id: str) -> tuple[list[IncidentEvent], Case]:
    """Of a case what the people of a unit see: its way, and of the assignments and reports their own."""
    shown = []
    for event in events:
        if event.what not in _SEEN_BY_UNITS or event.what in _UNITS_OWN and event.data.get("unit") != unit_id:
            continue
        if event.what == "assigned":
            if unit_id not in (*event.data.get("lead", ()), *event.data.get("assist", ())):
                continue
            demand, deadline = str(event.data.get("demand", "")), str(event.data.get("deadline", ""))
            until = f"时限：{show.minute(datetime.fromisoformat(deadline))}" if deadline else ""
            event = replace(event, text=f"要求：{show.ended(demand) if until else demand}{until}")
        shown.append(event)
    own = tuple(a for a in case.assignments if a.unit_id == unit_id)
    return shown, Case(assignments=own, answers=case.answers, closing=case.closing, false_alarm=case.false_alarm,
                       file_number=case.file_number,
                       filed=case.filed)
