"""The running press: its first start is remembered, so what was held back comes out in time and a restart goes on."""

from __future__ import annotations

import json
import threading
import time
from collections import Counter
from datetime import datetime, timezone
from pathlib import Path
from urllib.parse import urlsplit

from config.sample.press.load import houses, load
from config.sample.press.piece import Piece
from config.sample.press.server import PressServer
from config.sample.press.site import Answer, Site


class Press:
    """`with Press(now, port=0) as press:` serves on 127.0.0.1:`press.port` until the end of the block.

    now     aware time the articles are counted from; taken from `state` when that file exists, else the present
    speed   2.0 publishes what is held back twice as fast; `publish_all()` publishes it at once
    pause_s time taken over every answer, so that requests at one time are seen as such
    seen    number of requests by address; `busiest` the most requests at one time by host
    """

    def __init__(self, now: datetime | None = None, port: int = 0, speed: float = 1.0, state: Path | None = None,
                 pause_s: float = 0.0) -> None:
        self.started = time.time()
        self.now = now or datetime.now(timezone.utc)
        if state is not None and state.exists():
            kept = json.loads(state.read_text(encoding="utf-8"))
            self.now, self.started = datetime.fromisoformat(kept["now"]), float(kept["started"])
        elif state is not None:
            state.parent.mkdir(parents=True, exist_ok=True)
            fresh = state.with_suffix(".new")
            fresh.write_text(json.dumps({"now": self.now.isoformat(), "started": self.started}), encoding="utf-8")
            fresh.replace(state)
        self.speed = speed
        self.pieces: list[Piece] = load(self.now)
        self.site = Site(list(houses().values()), self.pieces, self.now)
        self.seen: Counter[str] = Counter()
        self.busiest: Counter[str] = Counter()
        self._busy: Counter[str] = Counter()
        self._lock = threading.Lock()
        self._all = False
        self._server = PressServer(port, self._ask, self._note, pause_s)
        self._thread: threading.Thread | None = None

    @property
    def port(self) -> int:
        return self._server.server_address[1]

    @property
    def proxy(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def elapsed(self) -> float:
        """Seconds at speed 1 since the first start."""
        return float("inf") if self._all else (time.time() - self.started) * self.speed

    def urls(self) -> list[str]:
        """Addresses of the articles that are out."""
        return [p.url for p in self.pieces if p.release <= self.elapsed]

    def publish_all(self) -> None:
        """Publish at once what is still held back."""
        self._all = True

    def serve_forever(self) -> None:
        self._server.serve_forever(poll_interval=0.1)

    def close(self) -> None:
        if self._thread is not None:
            self._server.shutdown()
            self._thread.join()
            self._thread = None
        self._server.server_close()

    def __enter__(self) -> "Press":
        self._thread = threading.Thread(target=self.serve_forever, name="press", daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *exc: object) -> None:
        self.close()

    def _ask(self, url: str) -> Answer | None:
        return self.site.answer(url, self.elapsed)

    def _note(self, url: str, step: int) -> None:
        host = urlsplit(url).hostname or ""
        with self._lock:
            self._busy[host] += step
            if step > 0:
                self.seen[url] += 1
                self.busiest[host] = max(self.busiest[host], self._busy[host])
