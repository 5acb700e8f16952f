"""Incidents: one event is one alert.  A judged clipping opens one, feeds one, or does nothing.

An incident rings when it opens and again only for a reason: its level rose, a new unit is named, its spread passed a mark, a central
outlet joined, a time is over, or it came back after its case was closed.  Levels rise by rule; only a person lowers or closes.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import timedelta

from alerts import clocks
from alerts.gathering import blame
from alerts.escalation import Escalating
from alerts.linking import Linking
from alerts.message import masked
from alerts.room import SYSTEM
from model.alert import OPEN_STATES, Incident, IncidentState, Level, RingReason
from model.bureau import Bureau
from model.clipping import Clipping
from model.opinion import Label
from model.ports import Clock, Store, Writer

SameEvent = Callable[[Clipping, Sequence[Clipping]], tuple[float, str]]  # (how like it is, 0: another happening; why)
_DONE = (IncidentState.CLOSED, IncidentState.FILED)
_AGAIN = (RingReason.LEVEL, RingReason.SPREAD, RingReason.CENTRAL)       # a closed case that grows so has come back


class Incidents(Linking, Escalating):
    """The rules of incidents and, inherited, all that people do to them (`model.ports.Desk`)."""

    def __init__(self, store: Store, bureau: Callable[[], Bureau], same_event: SameEvent, clock: Clock, address: Callable[[], str],
                 mask: Callable[[str], str] = masked):
        super().__init__(store, bureau, clock, address, mask)
        self.same_event = same_event

    def consider(self, article_id: int) -> int | None:
        """Let a clipping open or feed an incident; returns its id.  Doing it twice changes nothing."""
        with self.store.write() as w:
            clipping = w.clipping(article_id)
            if clipping is None or clipping.story is None:
                return None
            incident = w.incident_of_story(clipping.story.id)
            if incident is None:
                if not blame(clipping.judgements, self.bureau().duty.sensitive) and not _defaced(clipping):
                    return None
                incident = self._event_of(w, clipping) or self._open(w, clipping)
                w.link_story(incident.id, clipping.story.id)
                incident = replace(incident, stories=tuple(dict.fromkeys((*incident.stories, clipping.story.id))))
            return self._feed(w, incident, clipping).id

    def _event_of(self, w: Writer, clipping: Clipping) -> Incident | None:
        """The open incident of the same happening, or a new one where a closed case of it comes back."""
        now = self.clock.now()
        known = w.incidents_since(now - timedelta(days=self.bureau().duty.memory_days))
        for wanted in (lambda i: i.state.is_open, lambda i: i.state in _DONE):
            alike = [(incident, *self.same_event(clipping, w.story_voices(incident.stories))) for incident in filter(wanted, known)]
            incident, likeness, why = max(alike, key=lambda one: one[1], default=(None, 0.0, ""))     # of equals the newest
            if incident is None or not likeness:
                continue
            if not incident.state.is_open:
                return self.came_back(w, incident, SYSTEM, f"新报道《{clipping.article.title}》（{why}）", (clipping.story.id,), now)
            w.log(incident.id, SYSTEM, "joined", f"同一事件的另一篇报道《{clipping.article.title}》并入：{why}", now, {"story": clipping.story.id})
            return incident
        return None

    def _open(self, w: Writer, clipping: Clipping) -> Incident:
        now, title, kind, units, reason = self.clock.now(), clipping.article.title, "opinion", (), ""
        rang = blame(clipping.judgements, self.bureau().duty.sensitive)
        kind = next((j.alarm for j in rang if j.alarm), kind)
        if not rang:                                                          # then it is a page that was tampered with
            shown = clipping.article.injected
            title, kind, units = f"网页被篡改：{title}", "defaced", clipping.unit_ids
            reason = f"{clipping.outlet_name}的网页里混入了与稿件无关的链接 {len(shown)} 处：{clipping.article.url}"
        made = Incident(0, title, Level.IV, IncidentState.OPEN, now, clipping.first_seen, now, units, 0, 0, (), kind=kind, reason=reason)
        return self.new_case(w, SYSTEM, made, f"由{clipping.outlet_name}《{clipping.article.title}》立案")

    def _feed(self, w: Writer, old: Incident, newest: Clipping) -> Incident:
        new = self.gathered(w, old)
        said = self.reasons(old, new)
        if old.state in _DONE and new.articles > old.articles and any(reason in _AGAIN for reason, _ in said):
            why = "；".join(text for reason, text in said if reason in _AGAIN)
            returned = self.came_back(w, old, SYSTEM, why, (newest.story.id,), self.clock.now())
            return self._feed(w, returned, newest)
        saved = self.settled(w, old, new, newest)
        if w.last_ring(saved.id) is not None:
            self.ring_if_due(w, saved)
        else:
            back = (RingReason.BACK, f"二次舆情，前一事件 {old.previous}") if old.previous else (RingReason.OPENED, RingReason.OPENED.label)
            self.rang(w, saved, [back])
        return saved

    def tick(self) -> None:
        """What time alone brings: clocks that ran out ring, rings that waited come."""
        with self.store.write() as w:
            for incident_id, late in clocks.missed(w, self.clock.now()).items():
                incident = w.incident(incident_id)
                incident = replace(incident, due_at=self.due(w, incident), updated_at=self.clock.now())
                w.save_incident(incident)
                if incident.state.is_open:
                    self.rang(w, incident, [(RingReason.OVERDUE, "已过时限：" + "、".join(c.name for c in late))])
            for incident in self._all_open():
                self.ring_if_due(w, incident)

    def review(self) -> None:
        """Levels whose rules count hours without an answer rise; the facts of all open incidents are gathered anew."""
        for held in self._all_open():
            with self.store.write() as w:
                incident = w.incident(held.id)
                self.settled(w, incident, self.gathered(w, incident), None)

    def _all_open(self) -> list[Incident]:
        return self.store.incidents([s.value for s in OPEN_STATES], 1000)


def _defaced(clipping: Clipping) -> bool:
    """A unit's own page with links put into it by strangers."""
    return bool(clipping.article.injected) and clipping.tier == "own" and not any(j.label is Label.NEGATIVE for j in clipping.judgements)
