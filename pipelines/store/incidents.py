"""Incidents, the stories and units they hold, and their record of events, which is only ever appended to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import Connection, Select, delete, func, insert, or_, select, update

from model.alert import SHUT_STATES, CopyFact, Incident, IncidentEvent, IncidentState, Level
from model.clipping import Clipping
from model.opinion import Judgement
from pipelines.store.codec import dumps, loads, micros, micros_or_none, moment, moment_or_none, plain, unpack
from pipelines.store.part import StorePart, WriterPart, in_lots
from pipelines.store.rows import load
from pipelines.store.tables import article, body, edge, incident, incident_event, incident_story, incident_unit, ledger, story
from pipelines.store.upsert import add_missing

_SHUT = tuple(s.value for s in SHUT_STATES)
_TIMES = ("opened_at", "first_seen", "updated_at")
_MAYBE = ("signed_at", "closed_at", "due_at", "escalated_at")
_CALLS = ("opened", "ring", "escalated")
_PLAIN = ("outlets", "articles", "severity", "previous", "merged_into", "ruled", "escalated")


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

    def linked_incidents(self, incident_id: int) -> list[Incident]:
        """Oldest first: the case it came back from or was split off or merged into, and those that stand so to it."""
        up = select(incident.c.previous).where(incident.c.id == incident_id).union(
            select(incident.c.merged_into).where(incident.c.id == incident_id))
        with self.db.read() as conn:
            return _incidents(conn, select(incident).where(
                or_(incident.c.previous == incident_id, incident.c.merged_into == incident_id, incident.c.id.in_(up)),
                incident.c.id != incident_id).order_by(incident.c.id))

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

    def events_between(self, since: datetime, until: datetime, limit: int = 5000) -> list[IncidentEvent]:
        """Of all incidents, in [since, until), oldest first."""
        with self.db.read() as conn:
            return _events(conn, select(incident_event).where(incident_event.c.at >= micros(since), incident_event.c.at < micros(until))
                           .order_by(incident_event.c.id).limit(limit))

    def last_rings(self, incident_ids: Sequence[int]) -> dict[int, IncidentEvent]:
        """The last line of each by which somebody was called."""
        found: dict[int, IncidentEvent] = {}
        with self.db.read() as conn:
            for lot in in_lots(list(incident_ids)):
                last = select(func.max(incident_event.c.id)).where(incident_event.c.incident_id.in_(lot), incident_event.c.what.in_(_CALLS)) \
                    .group_by(incident_event.c.incident_id)
                found |= {e.incident_id: e for e in _events(conn, select(incident_event).where(incident_event.c.id.in_(last)))}
        return found

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

    def last_ring(self, incident_id: int) -> IncidentEvent | None:
        return next(iter(_events(self.conn, select(incident_event).where(incident_event.c.incident_id == incident_id, incident_event.c.what == "ring")
                                 .order_by(incident_event.c.id.desc()).limit(1))), None)

    def move_stories(self, story_ids: Sequence[int], source: int, target: int) -> None:
        """The links of the stories leave one incident for another."""
        ids = list(story_ids)
        self.conn.execute(delete(incident_story).where(incident_story.c.incident_id == source, incident_story.c.story_id.in_(ids)))
        add_missing(self.conn, incident_story, [{"incident_id": target, "story_id": s} for s in ids])

    def copy_facts(self, story_ids: Sequence[int]) -> list[CopyFact]:
        wanted = select(article.c.id, edge.c.story_id, article.c.title, article.c.outlet_id, article.c.outlet_name, article.c.tier,
                        article.c.first_seen, body.c.judgements).join(edge, edge.c.child == article.c.id) \
            .join(body, body.c.article_id == article.c.id)
        found: list[CopyFact] = []
        for lot in in_lots(list(dict.fromkeys(story_ids))):
            found += (CopyFact(r.id, r.story_id, r.title, r.outlet_id, r.outlet_name, r.tier, moment(r.first_seen), _judgements(r.judgements))
                      for r in self.conn.execute(wanted.where(edge.c.story_id.in_(lot))))
        return sorted(found, key=lambda c: (c.first_seen, c.article_id))

    def story_voices(self, story_ids: Sequence[int], limit: int = 60) -> list[Clipping]:
        ids = list(dict.fromkeys(story_ids))[-limit:]
        first = self.conn.execute(select(func.min(edge.c.child)).where(edge.c.story_id.in_(ids)).group_by(edge.c.story_id)).scalars().all()
        return sorted(load(self.conn, first, whole=True).values(), key=lambda c: (c.first_seen, c.id))

    def log(self, incident_id: int, who: str, what: str, text: str, now: datetime, data: Mapping[str, object] | None = None) -> int:
        return self.conn.execute(insert(incident_event).values(
            incident_id=incident_id, at=micros(now), who=plain(who), what=what, text=plain(text),
            data=dumps(dict(data or {})))).inserted_primary_key[0]


def _save(conn: Connection, given: Incident, incident_id: int | None) -> int:
    fields = {"title": plain(given.title), "level": int(given.level), "state": str(given.state), "units": dumps(given.units),
              "assigned": dumps(given.assigned), "topic": given.topic, "kind": given.kind, "top_tier": str(given.top_tier)}
    fields |= {name: plain(getattr(given, name)) for name in ("reason", "level_reason", "signed_by")}
    fields |= {name: getattr(given, name) for name in _PLAIN}
    fields |= {name: micros(getattr(given, name)) for name in _TIMES} | {name: micros_or_none(getattr(given, name)) for name in _MAYBE}
    if incident_id is None:
        incident_id = conn.execute(insert(incident).values(**fields)).inserted_primary_key[0]
    else:
        conn.execute(update(incident).where(incident.c.id == incident_id).values(**fields))
        conn.execute(delete(incident_unit).where(incident_unit.c.incident_id == incident_id))
    concerned = dict.fromkeys((*given.units, *given.assigned))
    add_missing(conn, incident_unit, [{"incident_id": incident_id, "unit_id": u} for u in concerned])
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
                                "assigned": tuple(loads(row.assigned)), "stories": stories})


@lru_cache(maxsize=4096)
def _judgements(text: str) -> tuple[Judgement, ...]:
    """Without hits: copies of a story are judged again and again while it spreads."""
    return tuple(unpack(Judgement, {k: v for k, v in packed.items() if k != "hits"}) for packed in loads(text))


def _events(conn: Connection, wanted: Select) -> list[IncidentEvent]:
    return [IncidentEvent(r.id, r.incident_id, moment(r.at), r.who, r.what, r.text, loads(r.data)) for r in conn.execute(wanted)]
