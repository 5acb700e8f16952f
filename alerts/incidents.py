"""Incidents: one event is one alert.  A judged clipping opens one, feeds one, or does nothing.

An incident rings when it opens and again only for a reason: its level rose, a new unit is named, its spread passed a
mark, a central outlet joined.  Levels rise by rule; only a person lowers or closes.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from alerts.levels import Facts, decide
from alerts.message import compose
from model.alert import Incident, IncidentState, Level, RingReason
from model.bureau import Bureau
from model.clipping import Clipping
from model.opinion import Judgement, Label
from model.outlet import Tier
from model.ports import Clock, Store, Writer

MARKS = (5, 20, 50)              # numbers of outlets at which a spreading event rings again
MEMORY = timedelta(days=14)      # how long after its last copy an event may gain a further story
SYSTEM = "系统"

SameEvent = Callable[[Clipping, Sequence[Clipping]], tuple[bool, str]]   # (is it the same happening, why)


def blame(clipping: Clipping) -> list[Judgement]:
    """The negative judgements about units named for certain."""
    return [j for j in clipping.judgements if j.unit_id and j.label is Label.NEGATIVE]


class Incidents:
    def __init__(self, store: Store, bureau: Callable[[], Bureau], same_event: SameEvent, clock: Clock, address: Callable[[], str]):
        self.store, self.bureau, self.same_event, self.clock, self.address = store, bureau, same_event, clock, address

    def consider(self, article_id: int) -> int | None:
        """Let a clipping open or feed an incident; returns its id.  Doing it twice changes nothing."""
        with self.store.write() as w:
            clipping = w.clipping(article_id)
            if clipping is None or clipping.story is None:
                return None
            incident = w.incident_of_story(clipping.story.id)
            if incident is None:
                if not blame(clipping):
                    return None
                incident = self._event_of(w, clipping) or self._open(w, clipping)
                w.link_story(incident.id, clipping.story.id)
            self._gather(w, incident, clipping)
            return incident.id

    def _event_of(self, w: Writer, clipping: Clipping) -> Incident | None:
        for incident in w.incidents_since(self.clock.now() - MEMORY):
            if incident.state in (IncidentState.CLOSED, IncidentState.FALSE_ALARM):
                continue
            same, why = self.same_event(clipping, w.story_clippings(incident.stories))
            if same:
                w.log(incident.id, SYSTEM, "joined", f"同一事件的另一篇报道《{clipping.article.title}》并入：{why}",
                      self.clock.now(), {"story": clipping.story.id})
                return incident
        return None

    def _open(self, w: Writer, clipping: Clipping) -> Incident:
        now = self.clock.now()
        incident = Incident(0, clipping.article.title, Level.IV, IncidentState.OPEN, now, clipping.first_seen, now, (), 0, 0, ())
        return replace(incident, id=w.new_incident(incident))

    def _gather(self, w: Writer, old: Incident, newest: Clipping) -> None:
        """Recompute the facts of an incident from all its copies, and ring where there is a reason."""
        stories = tuple(dict.fromkeys((*old.stories, newest.story.id)))
        copies = w.story_clippings(stories)
        blamed = [j for c in copies for j in blame(c)]
        worst = max(blamed, key=lambda j: (j.severity, j.score), default=None)
        topics = tuple(dict.fromkeys(j.topic for j in blamed if j.topic))
        outlets = {c.outlet_id or c.outlet_name for c in copies}
        top = max((Tier(c.tier) for c in copies), key=lambda t: t.rank)
        level, why = decide(self.bureau().levels, Facts(len(outlets), top.rank, worst.severity if worst else 0, topics, len(stories)))
        level, why = (level, why) if level <= old.level or not old.level_reason else (old.level, old.level_reason)
        now = self.clock.now()
        first_seen = min(c.first_seen for c in copies)
        new = replace(
            old, level=level, level_reason=why, updated_at=now, first_seen=first_seen, stories=stories,
            units=tuple(dict.fromkeys((*old.units, *(j.unit_id for j in blamed)))), outlets=len(outlets), articles=len(copies),
            topic=topics[0] if topics else old.topic, severity=max(old.severity, worst.severity if worst else 0), top_tier=top.value,
            reason=self._reason(worst) if worst else old.reason,
            due_at=first_seen + timedelta(minutes=self.bureau().settings.sign_minutes.get(int(level), 60)) if old.state is IncidentState.OPEN else old.due_at,
        )
        if replace(new, updated_at=old.updated_at) == old:
            return
        w.save_incident(new)
        if new.articles > old.articles and old.articles:
            w.log(new.id, SYSTEM, "joined", f"{newest.outlet_name}：《{newest.article.title}》", now, {"article": newest.id})
        if old.state in (IncidentState.OPEN, IncidentState.SIGNED):
            self._ring(w, old, new, copies, now)

    def _reason(self, judgement: Judgement) -> str:
        unit = self.bureau().unit(judgement.unit_id)
        name = unit.label if unit else judgement.unit_id
        return f"{name}：“{judgement.sentence}”（{'、'.join(judgement.words)}）"

    def _ring(self, w: Writer, old: Incident, new: Incident, copies: Sequence[Clipping], now: datetime) -> None:
        names = {u.id: u.label for u in self.bureau().units}
        said: list[tuple[RingReason, str]] = []
        if not old.articles:
            said.append((RingReason.OPENED, RingReason.OPENED.label))
        else:
            if new.level < old.level:
                said.append((RingReason.LEVEL, f"等级由{old.level.roman}升为{new.level.roman}"))
            if added := [u for u in new.units if u not in old.units]:
                said.append((RingReason.UNIT, "新涉" + "、".join(names.get(u, u) for u in added)))
            if passed := [m for m in MARKS if old.outlets < m <= new.outlets]:
                said.append((RingReason.SPREAD, f"传播达到{max(passed)}家媒体"))
            if Tier(new.top_tier) is Tier.CENTRAL and Tier(old.top_tier) is not Tier.CENTRAL:
                said.append((RingReason.CENTRAL, RingReason.CENTRAL.label))
        if not said:
            return
        text = "；".join(t for _, t in said)
        event = w.log(new.id, SYSTEM, "ring", text, now, {"reasons": [r.value for r, _ in said], "level": int(new.level), "why": new.level_reason})
        first = min(copies, key=lambda c: c.first_seen)
        key = f"incident:{new.id}:{event}"
        message = compose(new, text, names, first.outlet_name, f"{self.address()}/incidents/{new.id}", key)
        for channel in self.bureau().channels:
            if new.level <= channel.min_level and (not channel.units or set(channel.units) & set(new.units)):
                w.put("deliver", f"{key}:{channel.id}", {"channel": channel.id, "key": key, "title": message.title, "body": message.body,
                                                        "link": message.link, "level": int(new.level)}, now)

    # what people do

    def sign(self, incident_id: int, who: str) -> Incident:
        """签收.  Signing what is signed already changes nothing; a closed incident is refused (ValueError)."""
        return self._step(incident_id, who, "signed", "签收", {IncidentState.OPEN}, IncidentState.SIGNED)

    def close(self, incident_id: int, who: str, opinion: str) -> Incident:
        """办结, with the closing opinion (ValueError when empty)."""
        return self._step(incident_id, who, "closed", _said(opinion, "办结意见"), {IncidentState.OPEN, IncidentState.SIGNED}, IncidentState.CLOSED)

    def false_alarm(self, incident_id: int, who: str, reason: str) -> Incident:
        """误报, with the reason (ValueError when empty)."""
        return self._step(incident_id, who, "false_alarm", _said(reason, "误报原因"), {IncidentState.OPEN, IncidentState.SIGNED}, IncidentState.FALSE_ALARM)

    def note(self, incident_id: int, who: str, text: str) -> None:
        with self.store.write() as w:
            w.log(incident_id, who, "note", _said(text, "备注"), self.clock.now())

    def _step(self, incident_id: int, who: str, what: str, text: str, allowed: set[IncidentState], target: IncidentState) -> Incident:
        now = self.clock.now()
        with self.store.write() as w:
            incident = w.incident(incident_id)
            if incident is None:
                raise ValueError(f"没有编号为 {incident_id} 的舆情事件")
            if incident.state is target:
                return incident
            if incident.state not in allowed:
                raise ValueError(f"该事件{incident.state.label}，不能再{'签收' if what == 'signed' else '办结或标为误报'}")
            change = {"state": target, "updated_at": now, "due_at": None}
            if target is IncidentState.SIGNED or not incident.signed_by:
                change |= {"signed_by": who, "signed_at": now}
            if target is not IncidentState.SIGNED:
                change |= {"closed_at": now}
            incident = replace(incident, **change)
            w.save_incident(incident)
            w.log(incident_id, who, what, text, now)
            return incident


def _said(text: str, what: str) -> str:
    if not text.strip():
        raise ValueError(f"{what}不能为空")
    return text.strip()[:2000]
