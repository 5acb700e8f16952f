"""Escalation: not signed for in time, the next in line is told, then the leader, then the leader is reminded.  Signing stops it.

Levels held in the quiet hours wait there too; their time runs from the morning.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from alerts.room import SYSTEM, Room
from alerts.telling import Telling
from alerts.times import span
from model.alert import Incident, IncidentState
from model.duty import Escalation


def steps_due(waited: timedelta, sign: timedelta, rules: Escalation) -> int:
    """How many reminders a wait has come to: one at the time to sign, one at twice that, then one every `remind_minutes`."""
    if waited < sign:
        return 0
    if waited < 2 * sign:
        return 1
    return min(2 + int((waited - 2 * sign) // timedelta(minutes=max(1, rules.remind_minutes))), rules.most)


class Escalating(Room):

    def escalate(self) -> int:
        """Remind where it is due; returns how many incidents."""
        done = 0
        for incident in self.store.incidents((IncidentState.OPEN.value,), 1000):
            now = self.clock.now()
            if steps_due(now - incident.opened_at, self._sign(incident), self.bureau().duty.escalation) > incident.escalated:
                done += self._remind(incident.id, now)
        return done

    def _sign(self, incident: Incident) -> timedelta:
        return timedelta(minutes=self.bureau().settings.sign_minutes.get(int(incident.level), 60))

    def _since(self, incident: Incident, telling: Telling) -> datetime:
        """When the wait began: when it was opened, or the morning after where people were only then told."""
        return telling.quiet_until(incident.level, incident.opened_at) or incident.opened_at

    def _remind(self, incident_id: int, now: datetime) -> bool:
        rules = self.bureau().duty
        telling = Telling(rules)
        with self.store.write() as w:
            incident = w.incident(incident_id)
            waited = now - self._since(incident, telling)
            step = steps_due(waited, self._sign(incident), rules.escalation)
            if incident.state is not IncidentState.OPEN or step <= incident.escalated or telling.quiet_until(incident.level, now):
                return False
            to = rules.escalation.next if step == 1 else rules.escalation.leader if step == 2 else (*rules.escalation.leader,
                                                                                                    *rules.escalation.next)
            whom = "下一值班员" if step == 1 else "带班领导" if step == 2 else f"带班领导（第 {step - 1} 次）"
            text = f"已过 {span(waited.total_seconds())}无人签收，提醒{whom}"
            event = w.log(incident_id, SYSTEM, "escalated", text, now, {"step": step, "to": list(to)})
            w.save_incident(replace(incident, escalated=step, escalated_at=now))
            self.tell(w, incident, self.message(w, incident, text, event), now, to, unsigned=True)
            return True
