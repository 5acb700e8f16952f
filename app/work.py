"""A work process: takes fetched pages from the queue in batches through the flow, of one bureau or of several in turn, until told to stop."""

from __future__ import annotations

import gc
import logging
import os
import signal
import threading
import time
from collections import Counter
from collections.abc import Callable, Sequence

from app.house import House
from app.installation import Houses
from model.page import PageStatus, QueuedPage
from pipelines.archive_record import ArchiveAway
from pipelines.flow import Flow

log = logging.getLogger("jianbao.work")
BATCH = 24            # pages a transaction: large enough to be cheap, small enough to be seen within seconds
URGENT = 8            # pages taken at once in between
LOOK_S = 0.1          # how often the queue is looked at for more urgent pages while a batch is thought about,
LOOK_MOST_S = 10      # and how long: the batch's own lease must not end
LEASE_S = 30          # a batch takes a second or two; what a killed process held is given again after this
IDLE_S = (0.05, 0.5)  # first and longest pause while the queue is empty
REST_S = (2.0, 60.0)  # first and longest pause of a bureau whose archive or record is away


def stopping() -> threading.Event:
    """An event set by SIGTERM or SIGINT (main thread only)."""
    event = threading.Event()
    for sign in (signal.SIGTERM, signal.SIGINT):
        signal.signal(sign, lambda *_: event.set())
    return event


class Worker:
    """Takes one bureau's pages through its flow; a changed folder, and what the desk taught, is taken up between two batches."""

    def __init__(self, house: House):
        self.house, self.flow, self.name = house, None, f"{house.process}-{os.getpid()}"
        self._pause = self._until = 0.0

    def ready(self) -> None:
        """Compile the flow, so that the first page does not wait for it."""
        self.flow = self.house.flow(self.flow)

    def once(self) -> bool:
        """Do one batch; False when none is waiting.  Raises ArchiveAway with the batch given back, and what the store raises."""
        store, now = self.house.store, self.house.clock.now
        if self.house.commons:
            store.take_over(now())
        pages = store.take_pages(self.name, BATCH, now(), LEASE_S)
        if not pages:
            return False
        self.ready()
        try:
            for lot in urgent_first(pages):
                self.flow.run(lot, Haste(self.house, self.name, self.flow, 1 + max(p.urgency for p in lot)).look)
        except ArchiveAway:
            store.give_back(self.name)
            raise
        return True

    def rests(self) -> bool:
        return time.monotonic() < self._until

    def rest(self) -> float:
        """Longer each time, until a batch has gone well; returns for how many seconds."""
        self._pause = min(max(REST_S[0], self._pause * 2), REST_S[1])
        self._until = time.monotonic() + self._pause
        return self._pause

    def well(self) -> None:
        self._pause = 0.0


def run(house: House, stop: threading.Event) -> None:
    """Work for one bureau until `stop`.  Raises what its store raises."""
    worker = Worker(house)
    worker.ready()
    gc.freeze()           # words, units and fingerprints stay: they need not be looked through for garbage again and again
    log.info("work process %s ready", worker.name)
    _turns(lambda: [worker], stop, alone=True)


def run_all(houses: Houses, stop: threading.Event) -> None:
    """Work for every bureau in turn until `stop`; one that cannot be worked for rests, and the others go on."""
    held: dict[str, Worker] = {}

    def workers() -> list[Worker]:
        nonlocal held
        held = {name: held[name] if name in held and held[name].house is house else Worker(house) for name, house in houses.houses().items()}
        return list(held.values())

    log.info("work process %s-%d ready", houses.process, os.getpid())
    _turns(workers, stop, alone=False)


def _turns(workers: Callable[[], Sequence[Worker]], stop: threading.Event, alone: bool) -> None:
    idle = IDLE_S[0]
    while not stop.is_set():
        busy = False
        for worker in workers():
            if stop.is_set() or worker.rests():
                continue
            try:
                busy |= worker.once()
                worker.well()
            except Exception as error:
                if alone and not isinstance(error, ArchiveAway):
                    raise
                log.error("%s：暂时不能处理，%.0f 秒后再试：%s", worker.house.bureau().name, worker.rest(), error)
        if busy:
            idle = IDLE_S[0]
        else:
            stop.wait(idle)
            idle = min(idle * 2, IDLE_S[1])


class Haste:
    """While a batch is thought about, pages more urgent than any of it are done at once, in transactions of their own; the batch goes on after them."""

    def __init__(self, house: House, worker: str, flow: Flow, least: int):
        self.house, self.worker, self.flow, self.least = house, worker, flow, least
        self.looked = self.began = time.monotonic()

    def look(self) -> None:
        now = time.monotonic()
        if now - self.looked < LOOK_S or now - self.began > LOOK_MOST_S:
            return
        if pages := self.house.store.take_pages(self.worker, URGENT, self.house.clock.now(), LEASE_S, self.least):
            self.flow.run(pages)
        self.looked = time.monotonic()


def urgent_first(pages: Sequence[QueuedPage]) -> list[Sequence[QueuedPage]]:
    """What is urgent is kept in a transaction of its own: it does not wait until the rest of the batch has been thought about."""
    urgent = [p for p in pages if p.urgency]
    return [lot for lot in (urgent, [p for p in pages if p not in urgent]) if lot] if len(urgent) < len(pages) else [pages]


def drain(house: House, progress: Callable[[int], None] = lambda n: None) -> Counter[PageStatus]:
    """Work until the queue is empty, waiting for pages that another process holds; `progress` is told of each batch's size."""
    flow, counted = house.flow(), Counter()
    worker = f"{house.process}-{os.getpid()}"
    while True:
        pages = house.store.take_pages(worker, BATCH, house.clock.now(), LEASE_S)
        if pages:
            counted += flow.run(pages)
            progress(len(pages))
            continue
        counts = house.store.page_counts()
        if not counts.get("queued") and not counts.get("leased"):
            return counted
        time.sleep(0.2)
