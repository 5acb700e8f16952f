"""The serve process of an installation: every bureau on a port of its own, with people, sessions and timed jobs of its own.

A browser keeps pages of different ports apart as it keeps different hosts apart, which it does not do for paths of one address: a bureau
is an origin.  What breaks in one bureau ends its threads alone; they are begun again after a while.
"""

from __future__ import annotations

import logging
import threading
import time
from datetime import datetime, timedelta, timezone

import uvicorn

from app import serve
from app.house import House
from app.installation import Houses

log = logging.getLogger("jianbao.serve")
AGAIN_S = 20           # after this a bureau whose pages ended is tried again
LOOK_S = 1.0
_STOP_S = 15


class Serving:
    """One bureau's pages and timed jobs, in a thread that may end at any time."""

    def __init__(self, name: str, house: House):
        self.name, self.house, self.ended_at = name, house, 0.0
        self._server: uvicorn.Server | None = None
        self._stopping = False
        self._thread = threading.Thread(target=self._run, name=f"serve-{name}", daemon=True)
        self._thread.start()

    def _run(self) -> None:
        try:
            serve.run(self.house, self._made)
        except SystemExit:
            log.error("单位 %s 的网页没有启动：端口 %d 被占用或不能监听", self.name, self.house.bureau().settings.web.port)
        except Exception:
            log.exception("单位 %s 的网页停了，%d 秒后重启，其他单位照常", self.name, AGAIN_S)
        self.ended_at = time.monotonic()

    def _made(self, server: uvicorn.Server) -> None:
        self._server = server
        server.should_exit = self._stopping

    def ask_to_stop(self) -> None:
        self._stopping = True
        if self._server:
            self._server.should_exit = True

    def wait(self, seconds: float) -> None:
        self._thread.join(max(0.0, seconds))


def run(houses: Houses, stop: threading.Event) -> None:
    """Serve until `stop`; bureaus that are added, mended or taken away are followed."""
    serving: dict[str, Serving] = {}
    backed_up = ""
    try:
        while not stop.is_set():
            current = houses.houses()
            for name in [n for n, s in serving.items() if n not in current or (s.ended_at and time.monotonic() > s.ended_at + AGAIN_S)]:
                if name in current:
                    houses.forget(name)      # what the broken one had open is not used again
                serving.pop(name).ask_to_stop()
            for name, house in houses.houses().items():
                if name not in serving:
                    serving[name] = Serving(name, house)
            backed_up = _backup(houses, backed_up)
            stop.wait(LOOK_S)
    finally:
        for one in serving.values():
            one.ask_to_stop()
        until = time.monotonic() + _STOP_S
        for one in serving.values():
            one.wait(until - time.monotonic())


def _backup(houses: Houses, last: str) -> str:
    """The common record once a night, beside the bureaus' own; returns the day of the last."""
    now = datetime.now(timezone.utc) + timedelta(hours=8)
    day = f"{now:%Y%m%d}"
    if now.hour != 3 or day == last:
        return last
    installation = houses.installation()
    try:
        serve.backup(houses.commons.store, installation.var, installation.settings.database, day)
    except Exception:
        log.exception("backup of what is shared")
    return day
