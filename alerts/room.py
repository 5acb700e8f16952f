"""What the rules and the people of the duty desk stand on together: the store, the bureau as it is now, the clock, who is told."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from alerts.calendar import day_of
from alerts.clocks import next_due
from alerts.message import compose, masked
from alerts.routes import Occasion, targets
from alerts.telling import Telling
from alerts.times import local
from model.alert import Incident, Message
from model.bureau import Bureau
from model.ports import Clock, Store, Writer

SYSTEM = "系统"


class Room:
    def __init__(self, store: Store, bureau: Callable[[], Bureau], clock: Clock, address: Callable[[], str],
                 mask: Callable[[str], str] = masked):
        self.store, self.bureau, self.clock, self.address, self.mask = store, bureau, clock, address, mask

    def link(self, incident_id: int) -> str:
        return f"{self.address()}/incidents/{incident_id}"

    def unit_name(self, unit_id: str) -> str:
        unit = self.bureau().unit(unit_id)
        return unit.label if unit else unit_id

    def unit_names(self) -> dict[str, str]:
        return {u.id: u.label for u in self.bureau().units}

    def message(self, w: Writer, incident: Incident, text: str, event: int) -> Message:
        """What is sent for a line of the record; its key is the line's."""
        copies = w.copy_facts(incident.stories)
        first = copies[0].outlet_name if copies else "值班人员登记"
        return compose(incident, text, self.unit_names(), first, self.link(incident.id), f"incident:{incident.id}:{event}", self.mask)

    def due(self, w: Writer, incident: Incident) -> datetime | None:
        """The next clock of an incident: the time to sign, then the nearest running clock."""
        return next_due(incident, w.case_clocks(incident.id), self.bureau().settings.sign_minutes)

    def tell(self, w: Writer, incident: Incident, message: Message, now: datetime, to: tuple[str, ...] = (),
             unsigned: bool = False) -> None:
        """Put the message in the outbox for everybody concerned: the routes' people, or `to` where given.

        `unsigned`: it is a reminder, void once somebody has signed.
        """
        bureau = self.bureau()
        occasion = Occasion(incident.level, incident.units, incident.topic, local(now), day_of(local(now).date(), bureau.duty).kind.works,
                            self.store.shift_at(now))
        found = targets(bureau.duty, bureau.channels, occasion, to)
        Telling(bureau.duty).put(w, found, message, now, unsigned=incident.id if unsigned else 0)
