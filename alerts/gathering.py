"""The facts of an incident, gathered from all its copies without their texts; its level by the rules; its rings, each with its reasons."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta

from alerts import clocks
from alerts.levels import Facts, decide
from alerts.room import SYSTEM, Room
from model.alert import CopyFact, Incident, IncidentState, Level, RingReason
from model.clipping import Clipping
from model.duty import Sensitive
from model.opinion import Judgement, Label
from model.outlet import Tier
from model.ports import Writer

Reasons = list[tuple[RingReason, str]]
_ANSWERED = (IncidentState.ANSWERED, IncidentState.REPORTED, IncidentState.CLOSED, IncidentState.FILED)
HOUR = timedelta(hours=1)


def blame(judgements: Iterable[Judgement], sensitive: Sensitive = Sensitive()) -> list[Judgement]:
    """The judgements about units named for certain that make an incident: negative ones, those of a rule or matter that rings by itself, and
    risks that are sensitive by the rules."""
    return [j for j in judgements if j.unit_id and (j.label is Label.NEGATIVE or bool(j.alarm) or j.label is Label.RISK and (
        bool(sensitive.severity) and j.severity >= sensitive.severity or j.topic in sensitive.topics))]


def speed(copies: Iterable[CopyFact]) -> int:
    """The most outlets that joined within one hour."""
    first: dict[str, datetime] = {}
    for copy in copies:
        first.setdefault(copy.outlet_id or copy.outlet_name, copy.first_seen)
    times, most, start = sorted(first.values()), 0, 0
    for end, at in enumerate(times):
        while at - times[start] > HOUR:
            start += 1
        most = max(most, end - start + 1)
    return most


class Gathering(Room):

    def gathered(self, w: Writer, old: Incident) -> Incident:
        """The incident with the facts of all copies of its stories; one without copies stays as it is."""
        copies = w.copy_facts(old.stories)
        if not copies:
            return old
        rules = self.bureau().duty
        blamed = [j for c in copies for j in blame(c.judgements, rules.sensitive)]
        worst = max(blamed, key=lambda j: (j.severity, j.score), default=None)
        topics = tuple(dict.fromkeys(j.topic for j in blamed if j.topic))
        top = max((Tier(c.tier) for c in copies), key=lambda t: t.rank)
        first_seen = min(old.first_seen, copies[0].first_seen) if old.articles else copies[0].first_seen
        new = replace(
            old, first_seen=first_seen, units=tuple(dict.fromkeys((*old.units, *(j.unit_id for j in blamed)))),
            outlets=len({c.outlet_id or c.outlet_name for c in copies}), articles=len(copies), topic=topics[0] if topics else old.topic,
            severity=max(old.severity, worst.severity if worst else 0), top_tier=top.value,
            reason=self._reason(worst) if worst else old.reason)
        return self._levelled(new, Facts(new.outlets, top.rank, worst.severity if worst else new.severity, topics, len(new.stories),
                                         speed(copies), self._unanswered(new)))

    def _unanswered(self, incident: Incident) -> int:
        return 0 if incident.state in _ANSWERED else int((self.clock.now() - incident.first_seen) // HOUR)

    def _levelled(self, incident: Incident, facts: Facts) -> Incident:
        """Raised where the rules come to more than they ever did; never lowered here, not even after a person has lowered it."""
        level, why = decide(self.bureau().levels, facts, {t.id: t.name for t in self.bureau().vocabulary.topics})
        ruled = min(incident.ruled or int(level), int(level))
        if not incident.level_reason:
            return replace(incident, level=level, level_reason=why, ruled=ruled)
        if level < incident.level and (not incident.ruled or level < incident.ruled):
            return replace(incident, level=level, level_reason=why, ruled=ruled)
        if level == incident.level and incident.ruled == level:
            return replace(incident, level_reason=why)
        return replace(incident, ruled=ruled)

    def _reason(self, judgement: Judgement) -> str:
        by_rule = judgement.reason.split("；")[0] if judgement.alarm and judgement.reason.startswith("本单位规则") else ""
        return f"{self.unit_name(judgement.unit_id)}：“{judgement.sentence}”（{by_rule or '、'.join(judgement.words)}）"

    def reasons(self, old: Incident, new: Incident) -> Reasons:
        """Why the incident rings again: what is so now and was not."""
        said: Reasons = []
        if new.level < old.level:
            said.append((RingReason.LEVEL, f"等级由{old.level.roman}升为{new.level.roman}"))
        if added := [u for u in new.units if u not in old.units]:
            said.append((RingReason.UNIT, "新涉" + "、".join(map(self.unit_name, added))))
        if passed := [m for m in self.bureau().duty.marks if old.outlets < m <= new.outlets]:
            said.append((RingReason.SPREAD, f"传播达到{max(passed)}家媒体"))
        if Tier(new.top_tier) is Tier.CENTRAL and Tier(old.top_tier) is not Tier.CENTRAL:
            said.append((RingReason.CENTRAL, RingReason.CENTRAL.label))
        return said

    def ring_if_due(self, w: Writer, incident: Incident) -> bool:
        """Ring for what has changed since the last ring; until `ring_gap_minutes` after it only for a rise to Ⅱ or Ⅰ, the rest waits."""
        last = w.last_ring(incident.id)
        if last is None or not incident.state.is_open:
            return False
        was = replace(incident, level=Level(int(last.data.get("level", incident.level))),
                      outlets=int(last.data.get("outlets", incident.outlets)),
                      units=tuple(last.data.get("units", incident.units)), top_tier=str(last.data.get("top_tier", incident.top_tier)))
        said = self.reasons(was, incident)
        grave = incident.level < was.level and incident.level <= Level.II
        if not said or not grave and self.clock.now() - last.at < timedelta(minutes=self.bureau().duty.ring_gap_minutes):
            return False
        self.rang(w, incident, said)
        return True

    def rang(self, w: Writer, incident: Incident, said: Reasons) -> None:
        """One ring with all its reasons: into the record with the facts as they were, and to the people concerned."""
        now, text = self.clock.now(), "；".join(t for _, t in said)
        event = w.log(incident.id, SYSTEM, "ring", text, now, {
            "reasons": [r.value for r, _ in said], "level": int(incident.level), "why": incident.level_reason, "outlets": incident.outlets,
            "units": list(incident.units), "top_tier": incident.top_tier})
        message = self.message(w, incident, text, event)
        self.tell(w, incident, message, now)

    def settled(self, w: Writer, old: Incident, new: Incident, newest: Clipping | None) -> Incident:
        """Save what has changed, start the clocks that now apply; returns the incident as saved."""
        if (new.level, new.kind, new.topic, new.first_seen) != (old.level, old.kind, old.topic, old.first_seen) or not old.articles:
            clocks.start(w, new, self.bureau().duty.clocks)
        new = replace(new, due_at=self.due(w, new))
        if replace(new, updated_at=old.updated_at) == old:
            return old
        new = replace(new, updated_at=self.clock.now())
        w.save_incident(new)
        if old.articles and new.level < old.level:
            w.log(new.id, SYSTEM, "level", f"由{old.level.roman}级升为{new.level.roman}级：{new.level_reason}", new.updated_at,
                  {"from": int(old.level), "to": int(new.level)})
        if newest is not None and new.articles > old.articles and old.articles:
            w.log(new.id, SYSTEM, "joined", f"{newest.outlet_name}：《{newest.article.title}》", new.updated_at, {"article": newest.id})
        return new
