"""The outbox's hands: what is done for each kind of task.  Each may be done twice without harm."""

from __future__ import annotations

import logging
from datetime import timedelta

from alerts.channels import AppriseChannel
from alerts.delivery import Delivery
from app.house import House
from model.outbox import Task
from pipelines.credits import reconcile

log = logging.getLogger("jianbao.outbox")
TRIES = 6
LEASE_S = 20   # what a killed process held is taken up again after this


class Hands:
    def __init__(self, house: House):
        self.house = house
        self.delivery = Delivery(house.store, lambda: {c.id: AppriseChannel(c) for c in house.bureau().channels}, house.clock)

    def alert(self, task: Task) -> None:
        self.house.incidents.consider(int(task.payload["article"]))

    def credit(self, task: Task) -> None:
        bureau = self.house.bureau()
        reconcile(self.house.store, int(task.payload["story"]), bureau.scheme_on, self.house.clock.now(), bureau.outlet)

    def judge(self, limit: int = 100) -> int:
        """Do the waiting alert and credit tasks; returns how many."""
        tasks = self.house.store.take_tasks(("alert", "credit"), limit, self.house.clock.now(), LEASE_S)
        for task in tasks:
            try:
                getattr(self, task.kind)(task)
            except Exception as error:
                log.exception("task %s %s", task.kind, task.key)
                now = self.house.clock.now()
                later = now + timedelta(seconds=2 ** task.tries) if task.tries < TRIES else None
                self.house.store.task_failed(task.id, f"{type(error).__name__}: {error}"[:300], later, now)
            else:
                self.house.store.task_done(task.id, self.house.clock.now())
        return len(tasks)

    def deliver(self, limit: int = 20) -> int:
        """Send the waiting messages; returns how many were tried."""
        tasks = self.house.store.take_tasks(("deliver",), limit, self.house.clock.now(), lease_s=60)
        for task in tasks:
            self.delivery.handle(task)
        return len(tasks)

    def drain(self) -> None:
        """Do all alert and credit tasks that are due."""
        while self.judge():
            pass
