"""robots.txt (RFC 9309): read once a day per host, obeyed for every address; a robots.txt that cannot be had stops the host."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from urllib.parse import urlsplit

from protego import Protego

from crawlers.failures import FetchFailure

_KEPT_S = 24 * 3600
_RETRY_S = 600
_MAX_BYTES = 512_000
_MAX_CRAWL_DELAY = 60.0
_MOST_SITES = 5000


class Robots:
    """`get` fetches an address and returns (status, body) after redirects, or raises FetchFailure."""

    def __init__(self, get: Callable[[str], Awaitable[tuple[int, bytes]]], agent: str):
        self._get = get
        self._agent = agent.split("/")[0].split()[0] if agent.strip() else "jianbao"
        self._rules: dict[str, tuple[float, Protego | FetchFailure | None]] = {}
        self._locks: dict[str, asyncio.Lock] = {}

    async def check(self, url: str) -> float:
        """Seconds of Crawl-delay (0 when none is asked).  Raises FetchFailure when the address is not to be fetched."""
        parts = urlsplit(url)
        site = f"{parts.scheme}://{parts.netloc}"
        found = self._rules.get(site)
        if found is None or found[0] < time.monotonic():
            async with self._locks.setdefault(site, asyncio.Lock()):
                found = self._rules.get(site)
                if found is None or found[0] < time.monotonic():
                    if len(self._rules) > _MOST_SITES:
                        self._rules.clear()
                    found = self._rules[site] = await self._read(site)
            self._locks.pop(site, None)
        rules = found[1]
        if rules is None:
            return 0.0
        if isinstance(rules, FetchFailure):
            raise rules
        if not rules.can_fetch(url, self._agent):
            raise FetchFailure("robots", "robots.txt 不允许采集")
        return min(float(rules.crawl_delay(self._agent) or 0.0), _MAX_CRAWL_DELAY)

    async def _read(self, site: str) -> tuple[float, Protego | FetchFailure | None]:
        now = time.monotonic()
        try:
            status, body = await self._get(site + "/robots.txt")
        except FetchFailure as failure:
            if failure.kind in ("redirect", "too_large"):   # as good as none: RFC 9309 2.3.1.2, 2.3.1.3
                return now + _KEPT_S, None
            return now + 30, failure                        # the host itself is not to be had; ask again soon
        if status == 429 or status >= 500:
            failure = FetchFailure("robots_unreachable", f"robots.txt 暂时取不到（{status}）", _RETRY_S)
            return now + _RETRY_S, failure
        if status != 200 or not body.strip():
            return now + _KEPT_S, None
        try:
            return now + _KEPT_S, Protego.parse(str(body[:_MAX_BYTES], "utf-8", "replace"))
        except Exception:  # noqa: BLE001 - text of any kind may stand there; what cannot be parsed forbids nothing
            return now + _KEPT_S, None
