"""The outbox's hands: what is done for each kind of task.  Each may be done twice without harm."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import timedelta

from alerts.channels import ChannelBook
from alerts.delivery import Delivery
from alerts.telling import DELIVER, send_bundles
from app.house import House
from model.outbox import Task
from pipelines.credits import reconcile

log = logging.getLogger("jianbao.outbox")
TRIES = 6
LEASE_S = 20
LANES = 8         # channels that are sent to at once: one that hangs holds up nobody else
SENDING_S = 25
LOT = 12          # alerts in one turn of the write lock: the work processes wait for it
CREDITS = 4       # of credits fewer: an alert may be waiting
JUDGE_S, DELIVER_S = 0.1, 0.5     # pauses while nothing is due; what has been judged is delivered at once
YIELD_S = 0.02                    # between two lots those who deliver get their turn of the lock
CREDITS_EVERY_S = 2.0             # while alerts keep coming, credits have a turn as seldom as this


class Hands:
    """`lease_s`, `sending_s`: after this what a killed process was at is taken up again; longer than the work on one task takes."""

    def __init__(self, house: House, lease_s: int = LEASE_S, sending_s: int = SENDING_S):
        self.house, self.lease_s, self.sending_s = house, lease_s, sending_s
        self.delivery = Delivery(house.store, ChannelBook(house.store, house.bureau, house.clock).all, house.clock)
        self.lanes: dict[str, Future] = {}
        self.pool = ThreadPoolExecutor(LANES, thread_name_prefix="lane")
        self.threads: list[threading.Thread] = []
        self.stopping, self.told, self.credited = threading.Event(), threading.Event(), 0.0

    def alert(self, task: Task) -> None:
        self.house.incidents.consider(int(task.payload["article"]))

    def credit(self, task: Task) -> None:
        reconcile(self.house.store, int(task.payload["story"]), self.house.bureau().scheme_on, self.house.clock.now())

    def judge(self, limit: int = LOT) -> int:
        """Do the waiting alerts, then a few credits; returns how many."""
        return self._together("alert", limit) or self._together("credit", CREDITS)

    def _together(self, kind: str, limit: int) -> int:
        """A lot of tasks in one turn of the write lock, which the work processes want too; where one breaks, each alone."""
        store = self.house.store
        if not store.due_kinds(kind, self.house.clock.now()):
            return 0
        try:
            with store.write():
                tasks = store.take_tasks((kind,), limit, self.house.clock.now(), self.lease_s)
                for task in tasks:
                    getattr(self, kind)(task)
                for task in tasks:
                    store.task_done(task.id, self.house.clock.now())
            return len(tasks)
        except Exception:
            log.exception("a lot of tasks (%s) broke: each is done alone", kind)
            return self._do(kind, limit)

    def _do(self, kind: str, limit: int) -> int:
        tasks = self.house.store.take_tasks((kind,), limit, self.house.clock.now(), self.lease_s)
        for task in tasks:
            try:
                getattr(self, kind)(task)
            except Exception as error:
                log.exception("task %s %s", task.kind, task.key)
                now = self.house.clock.now()
                later = now + timedelta(seconds=2 ** task.tries) if task.tries < TRIES else None
                self.house.store.task_failed(task.id, f"{type(error).__name__}: {error}"[:300], later, now)
            else:
                self.house.store.task_done(task.id, self.house.clock.now())
        return len(tasks)

    def start(self) -> None:
        """Judge and deliver from now on, each in a thread of its own, until closed."""
        for turn in (self._judge_turn, self._deliver_turn):
            thread = threading.Thread(target=self._forever, args=(turn,), name=turn.__name__.strip("_"), daemon=True)
            thread.start()
            self.threads.append(thread)

    def _forever(self, turn: Callable[[], None]) -> None:
        while not self.stopping.is_set():
            try:
                turn()
            except Exception:      # a database that is away for a while: the next turn tries again
                log.exception("outbox")
                self.stopping.wait(1.0)

    def _judge_turn(self) -> None:
        """Alerts first: each turn of the write lock is one that they would have to wait for."""
        if self._together("alert", LOT):
            self.told.set()
            if time.monotonic() - self.credited < CREDITS_EVERY_S:
                self.stopping.wait(YIELD_S)
                return
        done = self._together("credit", CREDITS)
        self.credited = time.monotonic()
        if not done:
            self.stopping.wait(JUDGE_S)

    def _deliver_turn(self) -> None:
        self.deliver()
        self.told.wait(DELIVER_S)
        self.told.clear()

    def drain(self) -> None:
        """Do all alert and credit tasks that are due."""
        while not self.stopping.is_set() and self.judge():
            pass

    def deliver(self) -> None:
        """Send what is due: each channel in a lane of its own, one message after the other."""
        for kind in self.house.store.due_kinds(DELIVER, self.house.clock.now()):
            if kind not in self.lanes or self.lanes[kind].done():
                self.lanes[kind] = self.pool.submit(self._lane, kind)

    def _lane(self, kind: str) -> None:
        while not self.stopping.is_set():
            tasks = self.house.store.take_tasks((kind,), 1, self.house.clock.now(), self.sending_s)
            for task in tasks:
                try:
                    self.delivery.handle(task)
                except Exception as error:      # only its kind: whatever broke may hold an address
                    log.error("delivery of %s: %s", task.key, type(error).__name__)
                    now = self.house.clock.now()
                    self.house.store.task_failed(task.id, f"发送时出错：{type(error).__name__}", now + timedelta(minutes=1), now)
            if not tasks:
                return

    def tick(self) -> None:
        """What time alone brings: clocks that ran out, reminders to sign, the morning's bundles."""
        self.house.incidents.tick()
        self.house.incidents.escalate()
        send_bundles(self.house.store, self.house.clock.now())

    def review(self) -> None:
        self.house.incidents.review()

    def check(self) -> None:
        self.delivery.check()

    def close(self) -> None:
        """Finish what is being done, begin nothing new."""
        self.stopping.set()
        self.told.set()
        for thread in self.threads:
            thread.join()
        self.pool.shutdown(wait=True)
