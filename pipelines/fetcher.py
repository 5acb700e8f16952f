"""The one guarded fetcher for addresses that people give: what is written, every redirect and every resolved IP is judged.

The name is resolved here, each of its IPs must be public, and the connection is made to the very IP that was judged (no second
look-up, so a name that changes its answer between check and connect gains nothing).  Time, size, redirects and type are bounded;
nothing of a page is run.  Polite: robots.txt, one request at a time per host with its delay, our own name as user agent.

With a configured proxy (`crawl.proxy`) the connection is made to the proxy, which resolves names itself; addresses that are
literally private are refused all the same.
"""

from __future__ import annotations

import re
import ssl
import threading
import time
from dataclasses import dataclass, field
from urllib.parse import urljoin, urlsplit

import certifi
import httpcore
from protego import Protego

from model.address import refusal, tidy_host
from model.bureau import CrawlSettings
from model.page import Page
from model.ports import Clock
from pipelines import answers
from pipelines.pinned import Deadline, FetchFailed, PinnedBackend, Resolve, resolve

__all__ = ["FetchFailed", "Fetcher"]

_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_TEXT_TYPES = ("text/html", "application/xhtml+xml", "text/plain", "application/xml", "text/xml", "")
_ACCEPT = b"text/html,application/xhtml+xml,text/plain;q=0.8"
_NOT_KEPT = frozenset({"connection", "keep-alive", "set-cookie", "proxy-authenticate", "transfer-encoding", "content-encoding"})
_ROBOTS_BYTES, _ROBOTS_KEPT_S, _MOST_SITES = 500_000, 3600, 2000
_FRONT = re.compile(r"/?|/(?:index|default|home|404|error|err|notfound|404page|nofound)(?:\.\w{2,5})?/?", re.I)
_PIECE = re.compile(r"\d{3,}|[0-9a-f]{8,}|[?&]\w{1,12}=\w")


@dataclass
class _Site:
    """Manners towards one host: one request at a time, not before `next_at`."""

    lock: threading.Lock = field(default_factory=threading.Lock)
    next_at: float = 0.0


class Fetcher:
    """`get` may be called from many threads.  Ports besides 80 and 443 are allowed by the bureau's settings, never by who gives the address."""

    def __init__(self, settings: CrawlSettings, clock: Clock, lookup: Resolve = resolve, backend: httpcore.NetworkBackend | None = None):
        self.settings, self.clock, self.ports = settings, clock, (80, 443, *settings.ports)
        self._lookup, self._backend = lookup, backend or httpcore.SyncBackend()
        self._tls = ssl.create_default_context(cafile=certifi.where())
        self._sites: dict[str, _Site] = {}
        self._robots: dict[str, tuple[float, Protego | FetchFailed | None]] = {}
        self._guard = threading.Lock()

    def get(self, url: str) -> Page:
        """The page of an address, after redirects; `hint["asked"]` holds the address asked for when another answered.  Raises FetchFailed.
        """
        asked, url = url, _without_fragment(url)
        for _ in range(self.settings.max_redirects + 1):
            self._judge(url)
            if self.settings.obey_robots:
                self._obey(url)
            status, headers, body = self._politely(url, self.settings.max_bytes)
            if status in _REDIRECTS and headers.get("location"):
                url = _without_fragment(_joined(url, headers["location"]))
                continue
            answers.check_status(status)
            kind = headers.get("content-type", "").split(";")[0].strip().lower()
            if kind not in _TEXT_TYPES:
                raise FetchFailed("type", f"链接打开的不是网页（{kind[:60]}）")
            if _lost(asked, url):
                raise FetchFailed("gone", "网页已不存在（网站把它跳转到了首页或出错页）", later=True)
            hint = {"asked": asked} if asked != url else {}
            return Page(url, self.clock.now(), body, status, {k: v for k, v in headers.items() if k not in _NOT_KEPT}, hint=hint)
        raise FetchFailed("redirect", f"跳转超过 {self.settings.max_redirects} 次")

    def _judge(self, url: str) -> None:
        why = refusal(url, self.ports)
        if why:
            raise FetchFailed("refused", why)

    def _obey(self, url: str) -> None:
        parts = urlsplit(url)
        site = f"{parts.scheme}://{parts.netloc}"
        held = self._robots.get(site)
        if held is None or held[0] < time.monotonic():
            if len(self._robots) > _MOST_SITES:
                self._robots.clear()
            held = self._robots[site] = (time.monotonic() + _ROBOTS_KEPT_S, self._rules(site))
        if isinstance(held[1], FetchFailed):
            raise held[1]
        if held[1] is not None and not held[1].can_fetch(url, self.settings.user_agent.split("/")[0]):
            raise FetchFailed("robots", "网站的 robots.txt 不允许程序读取该页，需人工打开核对")

    def _rules(self, site: str) -> Protego | FetchFailed | None:
        """RFC 9309: none where there is none; a server that fails forbids for now."""
        url = site + "/robots.txt"
        try:
            for _ in range(4):
                self._judge(url)
                status, headers, body = self._politely(url, _ROBOTS_BYTES)
                if status in _REDIRECTS and headers.get("location"):
                    url = _joined(url, headers["location"])
                    continue
                if status == 429 or status >= 500:
                    return FetchFailed("blocked", f"网站暂时不答复（robots.txt {status}）", later=True)
                return Protego.parse(str(body, "utf-8", "replace")) if status == 200 and body.strip() else None
        except FetchFailed as error:
            return None if error.kind in ("too_large", "redirect", "protocol") else error
        except (ValueError, RecursionError):
            return None
        return None

    def _politely(self, url: str, most: int) -> tuple[int, dict[str, str], bytes]:
        with self._guard:
            if len(self._sites) > _MOST_SITES:
                self._sites = {h: s for h, s in self._sites.items() if s.lock.locked()}
            site = self._sites.setdefault(urlsplit(url).hostname or "", _Site())
        with site.lock:
            wait = site.next_at - time.monotonic()
            if wait > 0:
                time.sleep(wait)
            try:
                return self._ask(url, most)
            finally:
                site.next_at = time.monotonic() + self.settings.delay_s

    def _ask(self, url: str, most: int) -> tuple[int, dict[str, str], bytes]:
        deadline = Deadline(time.monotonic() + self.settings.timeout_s)
        headers = [
            (b"User-Agent", self.settings.user_agent.encode("ascii", "replace")),
            (b"Accept", _ACCEPT),
            (b"Accept-Encoding", b"gzip, deflate"),
            (b"Accept-Language", b"zh-CN,zh;q=0.9"),
            (b"Connection", b"close"),
        ]
        try:
            with self._pool(deadline) as pool, pool.stream("GET", _ascii(url), headers=headers, extensions={"timeout": dict.fromkeys(
                    ("connect", "read", "write", "pool"), self.settings.timeout_s)}) as answer:
                got = answers.headers(answer.headers)
                if int(got.get("content-length") or 0) > most:
                    raise FetchFailed("too_large", f"页面过大（超过 {most // 1_000_000 or 1} MB）")
                return answer.status, got, answers.body(answer.iter_stream(), got.get("content-encoding", ""), most, deadline)
        except FetchFailed:
            raise
        except (httpcore.TimeoutException, TimeoutError) as error:
            raise FetchFailed("timeout", f"网站 {self.settings.timeout_s:g} 秒内没有答复完", later=True) from error
        except (httpcore.ConnectError, httpcore.ProxyError) as error:
            tls = isinstance(error.__cause__, ssl.SSLError) or "SSL" in str(error) or "certificate" in str(error)
            raise FetchFailed("tls" if tls else "connect", "网站证书有误，连接不安全" if tls else "连不上网站", later=True) from error
        except (httpcore.NetworkError, ConnectionError, OSError) as error:
            raise FetchFailed("connect", "连接中断", later=True) from error
        except (httpcore.ProtocolError, httpcore.UnsupportedProtocol, ValueError, UnicodeError) as error:
            raise FetchFailed("protocol", "网站的答复不合 HTTP 规范", later=True) from error

    def _pool(self, deadline: Deadline) -> httpcore.ConnectionPool:
        """One request, one connection: what was judged for one address is never used for another."""
        proxy = urlsplit(
            self.settings.proxy if "://" in self.settings.proxy or not self.settings.proxy else "http://" + self.settings.proxy
        )
        trusted = (proxy.hostname, proxy.port or (443 if proxy.scheme == "https" else 80)) if proxy.hostname else None
        backend = PinnedBackend(self._backend, self._lookup, deadline, trusted)
        if trusted is None:
            return httpcore.ConnectionPool(ssl_context=self._tls, max_connections=1, network_backend=backend)
        auth = (proxy.username, proxy.password or "") if proxy.username else None
        return httpcore.HTTPProxy(
            f"{proxy.scheme}://{trusted[0]}:{trusted[1]}",
            proxy_auth=auth,
            ssl_context=self._tls,
            max_connections=1,
            network_backend=backend,
        )


def _joined(url: str, location: str) -> str:
    try:
        return urljoin(url, location.strip()[:2000])
    except ValueError:
        raise FetchFailed("redirect", "跳转的地址写法不对") from None


def _lost(asked: str, url: str) -> bool:
    """A piece's address that was sent on to the front or error page: how many sites say that it is gone."""
    before, after = urlsplit(asked), urlsplit(url)
    return bool(_FRONT.fullmatch(after.path)) and not after.query and bool(_PIECE.search(before.path + "?" + before.query))


def _without_fragment(url: str) -> str:
    return url.strip().split("#", 1)[0]


def _ascii(url: str) -> str:
    """The address as it goes over the wire: host in IDNA, everything else percent-encoded."""
    parts = urlsplit(url)
    host = tidy_host(parts.hostname or "")
    host = f"[{host}]" if ":" in host else host
    path = "".join(
        c if " " < c <= "~" else "".join(f"%{b:02X}" for b in c.encode("utf-8", "replace"))
        for c in (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    )
    return f"{parts.scheme}://{host}{f':{parts.port}' if parts.port else ''}{path}"
