"""Incidents, the stories and units they hold, and their record of events, which is only ever appended to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Select, delete, func, insert, or_, select, update

from model.alert import Incident, IncidentEvent, IncidentState, Level
from pipelines.store.codec import dumps, loads, micros, micros_or_none, moment, moment_or_none, plain
from pipelines.store.part import StorePart, WriterPart, in_lots
from pipelines.store.tables import article, incident, incident_event, incident_story, incident_unit, ledger, story
from pipelines.store.upsert import add_missing

_SHUT = (IncidentState.CLOSED.value, IncidentState.FALSE_ALARM.value)
_TIMES = ("opened_at", "first_seen", "updated_at")
_MAYBE = ("signed_at", "closed_at", "due_at")


class IncidentPart(StorePart):

    def incidents(self, states: Sequence[str] = (), limit: int = 100, unit_id: str = "") -> list[Incident]:
        """Newest first."""
        wanted = select(incident).order_by(incident.c.opened_at.desc(), incident.c.id.desc()).limit(limit)
        if states:
            wanted = wanted.where(incident.c.state.in_([str(s) for s in states]))
        if unit_id:
            wanted = wanted.where(incident.c.id.in_(select(incident_unit.c.incident_id).where(incident_unit.c.unit_id == unit_id)))
        with self.db.read() as conn:
            return _incidents(conn, wanted)

    def incidents_between(self, since: datetime, until: datetime) -> list[Incident]:
        """Opened in [since, until), newest first."""
        with self.db.read() as conn:
            return _incidents(conn, select(incident).where(incident.c.opened_at >= micros(since), incident.c.opened_at < micros(until))
                              .order_by(incident.c.opened_at.desc(), incident.c.id.desc()))

    def incident(self, incident_id: int) -> Incident | None:
        with self.db.read() as conn:
            return _one(conn, select(incident).where(incident.c.id == incident_id))

    def incident_events(self, incident_id: int) -> list[IncidentEvent]:
        """Oldest first."""
        with self.db.read() as conn:
            return _events(conn, select(incident_event).where(incident_event.c.incident_id == incident_id).order_by(incident_event.c.id))

    def events_after(self, event_id: int, limit: int = 200) -> list[IncidentEvent]:
        with self.db.read() as conn:
            return _events(conn, select(incident_event).where(incident_event.c.id > event_id).order_by(incident_event.c.id).limit(limit))

    def last_event_id(self) -> int:
        with self.db.read() as conn:
            return conn.execute(select(func.max(incident_event.c.id))).scalar() or 0

    def change_mark(self) -> int:
        """The newest ids of clippings, incident events and ledger rows, added up: each only grows."""
        newest = [select(c.id).order_by(c.id.desc()).limit(1) for c in (incident.c, incident_event.c, ledger.c)]
        newest.append(select(article.c.id).where(article.c.matched).order_by(article.c.id.desc()).limit(1))
        with self.db.read() as conn:
            return sum(conn.execute(one).scalar() or 0 for one in newest)


class IncidentWriter(WriterPart):

    def incident_of_story(self, story_id: int) -> Incident | None:
        """The newest of the incidents the story is linked to."""
        return _one(self.conn, select(incident).join(incident_story, incident_story.c.incident_id == incident.c.id)
                    .where(incident_story.c.story_id == story_id).order_by(incident.c.id.desc()).limit(1))

    def incident(self, incident_id: int) -> Incident | None:
        return _one(self.conn, select(incident).where(incident.c.id == incident_id))

    def incidents_since(self, since: datetime) -> list[Incident]:
        return _incidents(self.conn, select(incident).where(or_(incident.c.state.not_in(_SHUT), incident.c.updated_at >= micros(since)))
                          .order_by(incident.c.updated_at.desc(), incident.c.id.desc()))

    def new_incident(self, incident: Incident) -> int:
        return _save(self.conn, incident, None)

    def save_incident(self, incident: Incident) -> None:
        """Every field but `stories`, to which those given are added: a story leaves an incident only by ceasing to be."""
        _save(self.conn, incident, incident.id)

    def link_story(self, incident_id: int, story_id: int) -> None:
        add_missing(self.conn, incident_story, [{"incident_id": incident_id, "story_id": story_id}])

    def log(self, incident_id: int, who: str, what: str, text: str, now: datetime, data: Mapping[str, object] | None = None) -> int:
        return self.conn.execute(insert(incident_event).values(
            incident_id=incident_id, at=micros(now), who=plain(who), what=what, text=plain(text),
            data=dumps(dict(data or {})))).inserted_primary_key[0]


def _save(conn: Connection, given: Incident, incident_id: int | None) -> int:
    fields = {"title": plain(given.title), "level": int(given.level), "state": str(given.state), "units": dumps(given.units),
              "outlets": given.outlets, "articles": given.articles, "topic": given.topic, "severity": given.severity,
              "reason": plain(given.reason), "level_reason": plain(given.level_reason), "top_tier": str(given.top_tier),
              "signed_by": plain(given.signed_by)}
    fields |= {name: micros(getattr(given, name)) for name in _TIMES} | {name: micros_or_none(getattr(given, name)) for name in _MAYBE}
    if incident_id is None:
        incident_id = conn.execute(insert(incident).values(**fields)).inserted_primary_key[0]
    else:
        conn.execute(update(incident).where(incident.c.id == incident_id).values(**fields))
        conn.execute(delete(incident_unit).where(incident_unit.c.incident_id == incident_id))
    add_missing(conn, incident_unit, [{"incident_id": incident_id, "unit_id": u} for u in given.units])
    if given.stories:
        known = conn.execute(select(story.c.id).where(story.c.id.in_(given.stories))).scalars()
        add_missing(conn, incident_story, [{"incident_id": incident_id, "story_id": s} for s in known])
    return incident_id


def _one(conn: Connection, wanted: Select) -> Incident | None:
    return next(iter(_incidents(conn, wanted)), None)


def _incidents(conn: Connection, wanted: Select) -> list[Incident]:
    rows = conn.execute(wanted).all()
    stories: dict[int, list[int]] = {r.id: [] for r in rows}
    for lot in in_lots(list(stories)):
        for linked in conn.execute(select(incident_story).where(incident_story.c.incident_id.in_(lot)).order_by(incident_story.c.story_id)):
            stories[linked.incident_id].append(linked.story_id)
    return [_incident(r, tuple(stories[r.id])) for r in rows]


def _incident(row: Any, stories: tuple[int, ...]) -> Incident:
    fields = row._asdict()
    fields |= {name: moment(fields[name]) for name in _TIMES} | {name: moment_or_none(fields[name]) for name in _MAYBE}
    return Incident(**fields | {"level": Level(row.level), "state": IncidentState(row.state), "units": tuple(loads(row.units)),
                                "stories": stories})


def _events(conn: Connection, wanted: Select) -> list[IncidentEvent]:
    return [IncidentEvent(r.id, r.incident_id, moment(r.at), r.who, r.what, r.text, loads(r.data)) for r in conn.execute(wanted)]
