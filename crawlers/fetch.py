"""One fetch: address and robots.txt judged on every hop, redirects bounded, never more than one request at a time per host."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urljoin, urlsplit, urlunsplit

from scrapy import Request
from scrapy.http import Response
from scrapy.http.request import NO_CALLBACK
from w3lib.http import basic_auth_header

from crawlers.addresses import GuardedResolver, host_of
from crawlers.failures import FetchFailure, explain, of_status
from crawlers.robots import Robots
from model.address import refused_host
from model.bureau import CrawlSettings

_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_HEADERS = {"Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", "Accept-Language": "zh-CN,zh;q=0.9"}
_NOT_KEPT = frozenset({"connection", "keep-alive", "set-cookie", "proxy-authenticate"})


@dataclass(frozen=True)
class Answer:
    """What came: `url` is the final address, `status` 200 (or 304 when a condition was sent), headers in lower case."""

    url: str
    status: int
    headers: Mapping[str, str]
    response: Response


class Fetcher:
    """`engine` is the running Scrapy engine; `delay_of` gives the configured seconds between two requests to a host."""

    def __init__(self, engine, settings: CrawlSettings, delay_of: Callable[[str], float], now: Callable[[], datetime]):
        self._engine = engine
        self._delay_of = delay_of
        self._now = now
        self._asked_delay: dict[str, float] = {}
        self._closed = False
        self.configure(settings)

    def configure(self, settings: CrawlSettings) -> None:
        """Take changed settings into use; what robots.txt files said is read anew."""
        self.settings = settings
        GuardedResolver.allow_private = settings.private_addresses or bool(settings.proxy)   # a proxy may stand on loopback
        self._robots = Robots(self._robots_page, settings.user_agent)
        self._headers = {**_HEADERS, "User-Agent": settings.user_agent}
        self._meta: dict[str, object] = {"download_timeout": settings.timeout_s, "download_maxsize": settings.max_bytes}
        if settings.proxy:
            parts = urlsplit(settings.proxy if "://" in settings.proxy else "http://" + settings.proxy)
            self._meta["proxy"] = urlunsplit((parts.scheme, parts.netloc.rpartition("@")[2], "", "", ""))
            if parts.username:
                self._headers["Proxy-Authorization"] = str(basic_auth_header(parts.username, parts.password or ""), "ascii")

    def close(self) -> None:
        """No request is begun any more; `get` raises FetchFailure of kind "stopped"."""
        self._closed = True

    async def get(self, url: str, conditions: Mapping[str, str] | None = None) -> Answer:
        """Fetch `url`.  Raises FetchFailure for everything that is neither a page (2xx) nor, with conditions, a 304."""
        for _ in range(self.settings.max_redirects + 1):
            self._judge(url)
            host = host_of(url)
            if self.settings.obey_robots:
                asked = await self._robots.check(url)
                if asked:
                    self._asked_delay[host] = asked
            response = await self._one(url, host, conditions)
            status = response.status
            if status in _REDIRECTS and (target := response.headers.get("Location")):
                url, conditions = _target(url, target), None
                continue
            if 200 <= status < 300 or (status == 304 and conditions):
                return Answer(url, status, _plain(response), response)
            raise of_status(status, str(response.headers.get("Retry-After") or b"", "latin-1"), self._now())
        raise FetchFailure("redirect", f"转址超过 {self.settings.max_redirects} 次")

    def _judge(self, url: str) -> None:
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https"):
            raise FetchFailure("scheme", "不是 http 或 https 地址")
        if not parts.hostname:
            raise FetchFailure("address", "地址里没有主机名")
        if not self.settings.private_addresses and refused_host(host_of(url)):
            raise FetchFailure("address", f"{parts.hostname} 是内部地址，不予访问")

    async def _one(self, url: str, host: str, conditions: Mapping[str, str] | None = None) -> Response:
        if self._closed:
            raise FetchFailure("stopped", "正在停止")
        self._slot(host)
        headers = {**self._headers, **conditions} if conditions else self._headers
        try:
            request = Request(url, headers=headers, meta={**self._meta, "download_slot": host}, callback=NO_CALLBACK)
            return await self._engine.download_async(request)
        except Exception as error:  # noqa: BLE001 - whatever the network did becomes a failure with its kind
            raise explain(error, url) from error

    def _slot(self, host: str) -> None:
        """Hold Scrapy's slot of the host to one request at a time and the delay in force."""
        delay = max(self._delay_of(host), self._asked_delay.get(host, 0.0))
        downloader = self._engine.downloader
        downloader.per_slot_settings[host] = {"concurrency": 1, "delay": delay}
        slot = downloader.slots.get(host)
        if slot is not None:
            slot.delay = delay

    async def _robots_page(self, url: str) -> tuple[int, bytes]:
        for _ in range(self.settings.max_redirects + 1):
            self._judge(url)
            response = await self._one(url, host_of(url))
            if response.status in _REDIRECTS and (target := response.headers.get("Location")):
                url = _target(url, target)
                continue
            return response.status, response.body
        raise FetchFailure("redirect", "robots.txt 转址过多")


def _target(url: str, location: bytes) -> str:
    try:
        return urljoin(url, str(location, "utf-8", "replace").strip()).partition("#")[0]
    except ValueError:
        raise FetchFailure("redirect", "转址地址无法读取") from None


def _plain(response: Response) -> dict[str, str]:
    """Headers as text, names in lower case; cookies and what concerns the connection alone are left out."""
    plain = {}
    for name, values in response.headers.items():
        lower = str(name, "latin-1").lower()
        if lower not in _NOT_KEPT and values:
            plain[lower] = str(values[-1], "latin-1")[:2000]
    return plain
