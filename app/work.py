"""A work process: takes fetched pages from the queue in batches through the flow, until told to stop."""

from __future__ import annotations

import logging
import os
import signal
import threading
import time
from collections import Counter
from collections.abc import Callable, Sequence

from app.house import House
from model.page import PageStatus, QueuedPage

log = logging.getLogger("jianbao.work")
BATCH = 24            # pages a transaction: large enough to be cheap, small enough to be seen within seconds
LEASE_S = 30          # a batch takes a second or two; what a killed process held is given again after this
IDLE_S = (0.05, 0.5)  # first and longest pause while the queue is empty


def stopping() -> threading.Event:
    """An event set by SIGTERM or SIGINT (main thread only)."""
    event = threading.Event()
    for sign in (signal.SIGTERM, signal.SIGINT):
        signal.signal(sign, lambda *_: event.set())
    return event


def run(house: House, stop: threading.Event) -> None:
    """Work until `stop`; a changed bureau folder, and what the desk taught, is taken up between two batches."""
    worker, flow, idle = f"{house.process}-{os.getpid()}", house.flow(), IDLE_S[0]
    log.info("work process %s ready", worker)
    while not stop.is_set():
        flow = house.flow(flow)
        pages = house.store.take_pages(worker, BATCH, house.clock.now(), LEASE_S)
        if not pages:
            stop.wait(idle)
            idle = min(idle * 2, IDLE_S[1])
            continue
        idle = IDLE_S[0]
        for lot in urgent_first(pages):
            flow.run(lot)


def urgent_first(pages: Sequence[QueuedPage]) -> list[Sequence[QueuedPage]]:
    """What is urgent is kept in a transaction of its own: it does not wait until the rest of the batch has been thought about."""
    urgent = [p for p in pages if p.hint.get("priority", "0") not in ("", "0")]
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
