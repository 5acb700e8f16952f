"""The one guarded fetcher for addresses that people give: what is written, every redirect and every resolved IP is judged.

The name is resolved here, each of its IPs must be public, and the connection is made to the very IP that was judged (no second
look-up, so a name that changes its answer between check and connect gains nothing).  Time, size, redirects and type are bounded;
nothing of a page is run.  Polite: robots.txt, one request at a time per host with its delay, our own name as user agent.

With a configured proxy (`crawl.proxy`) the connection is made to the proxy, which resolves names itself; addresses that are
literally private are refused all the same.
"""

from __future__ import annotations

import re
import socket
import ssl
import threading
import time
import zlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from urllib.parse import urljoin, urlsplit

import certifi
import httpcore
from protego import Protego

from model.address import is_public, refusal, tidy_host
from model.bureau import CrawlSettings
from model.page import Page
from model.ports import Clock

_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_TEXT_TYPES = ("text/html", "application/xhtml+xml", "text/plain", "application/xml", "text/xml", "")
_ACCEPT = b"text/html,application/xhtml+xml,text/plain;q=0.8"
_NOT_KEPT = frozenset({"connection", "keep-alive", "set-cookie", "proxy-authenticate", "transfer-encoding", "content-encoding"})
_ROBOTS_BYTES, _ROBOTS_KEPT_S, _MOST_SITES = 500_000, 3600, 2000
_FRONT = re.compile(r"/?|/(?:index|default|home|404|error|err|notfound|404page|nofound)(?:\.\w{2,5})?/?", re.I)
_PIECE = re.compile(r"\d{3,}|[0-9a-f]{8,}|[?&]\w{1,12}=\w")
Resolve = Callable[[str, int], Iterable[str]]


class FetchFailed(Exception):
    """`kind`: refused (never to be asked for) | robots | gone | blocked | dns | connect | tls | timeout | too_large | type | redirect |
    protocol.

    `later`: it may be had another time.
    """

    def __init__(self, kind: str, reason: str, later: bool = False):
        super().__init__(reason)
        self.kind, self.reason, self.later = kind, reason, later


def resolve(host: str, port: int) -> list[str]:
    """IP literals of a name, as the system resolves it."""
    return list(dict.fromkeys(str(info[4][0]) for info in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)))


@dataclass
class _Deadline:
    at: float

    def left(self, timeout: float | None) -> float:
        rest = self.at - time.monotonic()
        if rest <= 0:
            raise httpcore.ReadTimeout("deadline")
        return min(rest, timeout) if timeout else rest


class _Stream(httpcore.NetworkStream):
    """A stream whose every step ends at the deadline: a server that drips a byte a second does not hold us."""

    def __init__(self, inner: httpcore.NetworkStream, deadline: _Deadline):
        self._inner, self._deadline = inner, deadline

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._inner.read(max_bytes, self._deadline.left(timeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._inner.write(buffer, self._deadline.left(timeout))

    def close(self) -> None:
        self._inner.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        return _Stream(self._inner.start_tls(ssl_context, server_hostname, self._deadline.left(timeout)), self._deadline)

    def get_extra_info(self, info: str) -> object:
        return self._inner.get_extra_info(info)


class PinnedBackend(httpcore.NetworkBackend):
    """Connects to an IP that was judged public, whatever the name answers next; `trusted` is the configured proxy's (host, port)."""

    def __init__(self, inner: httpcore.NetworkBackend, lookup: Resolve, deadline: _Deadline, trusted: tuple[str, int] | None = None):
        self._inner, self._lookup, self._deadline, self._trusted = inner, lookup, deadline, trusted

    def connect_tcp(self, host: str, port: int, timeout: float | None = None, local_address: str | None = None,
                    socket_options: Iterable[object] | None = None) -> httpcore.NetworkStream:
        if self._trusted == (host, port):
            return self._connect(host, port, timeout, socket_options)
        try:
            found = list(self._lookup(host, port))
        except OSError as error:
            raise FetchFailed("dns", f"域名 {host} 查不到，网站可能已关闭或地址有误", later=True) from error
        inside = [ip for ip in found if not is_public(ip)]
        if inside or not found:
            raise FetchFailed("refused", f"{host} 指向内部网络地址（{'、'.join(inside[:3]) or '无'}），不予访问")
        failed: Exception | None = None
        for ip in found[:4]:
            try:
                return self._connect(ip, port, timeout, socket_options)
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                failed = error
        raise failed or httpcore.ConnectError(host)

    def _connect(self, ip: str, port: int, timeout: float | None, socket_options: Iterable[object] | None) -> httpcore.NetworkStream:
        return _Stream(self._inner.connect_tcp(ip, port, self._deadline.left(timeout), None, socket_options), self._deadline)

    def connect_unix_socket(
        self, path: str, timeout: float | None = None, socket_options: Iterable[object] | None = None
    ) -> httpcore.NetworkStream:
        raise FetchFailed("refused", "不访问本机套接字")

    def sleep(self, seconds: float) -> None:
        self._inner.sleep(seconds)


@dataclass
class _Site:
    """Manners towards one host: one request at a time, not before `next_at`."""

    lock: threading.Lock = field(default_factory=threading.Lock)
    next_at: float = 0.0


class Fetcher:
    """`get` may be called from many threads.  `ports` besides 80 and 443 are allowed by whoever wires the house, never by who gives the
    address.
    """

    def __init__(self, settings: CrawlSettings, clock: Clock, ports: Sequence[int] = (80, 443), lookup: Resolve = resolve,
                 backend: httpcore.NetworkBackend | None = None):
        self.settings, self.clock, self.ports = settings, clock, tuple(ports)
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
            _check_status(status)
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
        deadline = _Deadline(time.monotonic() + self.settings.timeout_s)
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
                got = _headers(answer.headers)
                if int(got.get("content-length") or 0) > most:
                    raise FetchFailed("too_large", f"页面过大（超过 {most // 1_000_000 or 1} MB）")
                return answer.status, got, _body(answer.iter_stream(), got.get("content-encoding", ""), most, deadline)
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

    def _pool(self, deadline: _Deadline) -> httpcore.ConnectionPool:
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


def _check_status(status: int) -> None:
    if status in (404, 410, 451):
        raise FetchFailed("gone", f"网页已不存在（网站答复 {status}）", later=True)
    if status in (401, 402):
        raise FetchFailed("blocked", f"网页需要登录才能看（网站答复 {status}）")
    if status in (403, 405, 412, 418, 429) or status >= 500:
        raise FetchFailed("blocked", f"网站暂时不让读取（答复 {status}）", later=True)
    if not 200 <= status < 300 or status in (204, 205):
        raise FetchFailed("protocol", f"网站没有给出网页（答复 {status}）", later=True)


def _headers(raw: Sequence[tuple[bytes, bytes]]) -> dict[str, str]:
    return {str(k, "latin-1").lower(): str(v, "latin-1")[:2000] for k, v in raw[:200]}


def _body(chunks: Iterable[bytes], encoding: str, most: int, deadline: _Deadline) -> bytes:
    """The decoded body, never more than `most` bytes of it in memory at any step."""
    encoding = encoding.strip().lower()
    if encoding not in ("", "identity", "gzip", "x-gzip", "deflate"):
        raise FetchFailed("type", f"网页的压缩方式“{encoding[:20]}”不认识")
    inflater = None if encoding in ("", "identity") else zlib.decompressobj(47)
    parts: list[bytes] = []
    size = 0
    for chunk in chunks:
        deadline.left(None)
        try:
            piece = inflater.decompress(chunk, most - size + 1) if inflater else chunk
        except zlib.error as error:
            if encoding == "deflate" and not size:
                inflater = zlib.decompressobj(-15)
                piece = inflater.decompress(chunk, most - size + 1)
            else:
                raise FetchFailed("protocol", "网页的压缩数据已损坏", later=True) from error
        size += len(piece)
        if size > most:
            raise FetchFailed("too_large", f"页面过大（超过 {most // 1_000_000 or 1} MB）")
        parts.append(piece)
    return b"".join(parts)


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
