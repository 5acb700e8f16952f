"""The newest marks of the record, asked of the store a few times a second at most, however many pages are open."""

from __future__ import annotations

import threading
import time

from model.ports import Store
from starlette.concurrency import run_in_threadpool

EVERY_S = 0.25


class Pulse:
    """One per app."""

    def __init__(self, store: Store):
        self.store = store
        self._lock = threading.Lock()
        self._at = float("-inf")
        self._held = (0, 0)

    async def marks(self) -> tuple[int, int]:
        """(id of the last line of any incident's record, mark of all that changes); at most `EVERY_S` old."""
        return self._held if self._fresh() else await run_in_threadpool(self._read)

    def _fresh(self) -> bool:
        return time.monotonic() - self._at < EVERY_S

    def _read(self) -> tuple[int, int]:
        with self._lock:
            if not self._fresh():
                held = self.store.last_event_id(), self.store.change_mark()
                self._held, self._at = held, time.monotonic()
            return self._held
