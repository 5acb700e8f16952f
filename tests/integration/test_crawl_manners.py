"""The crawl against real HTTP servers: one request at a time per host, robots.txt, refusals, limits, redirects, addresses."""

from __future__ import annotations

import gzip
import multiprocessing
import os
import signal
import socket
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from model.bureau import Bureau, CrawlSettings, Settings
from model.outlet import Outlet, Source, SourceKind, Tier
from model.region import Region
from model.source_state import Health
from pipelines.archive import WarcArchive
from pipelines.store import open_store


@dataclass(frozen=True)
class Reply:
    body: bytes = b""
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    wait_s: float = 0.0


class Press(ThreadingHTTPServer):
    """Answers `http://host/path` of `pages`, asked as a proxy or by Host header; counts what was asked at the same time."""

    daemon_threads = True

    def __init__(self, pages: dict[str, Reply]):
        self.pages, self.asked, self.conditions = pages, [], []
        self.busy, self.busiest, self.together = Counter(), Counter(), 0
        self.lock = threading.Lock()
        super().__init__(("127.0.0.1", 0), _Handler)
        self.thread = threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)

    @property
    def port(self) -> int:
        return self.server_address[1]

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, *exc):
        self.shutdown()
        self.server_close()

    def times(self, url: str) -> int:
        return self.asked.count(url)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Press

    def do_GET(self):
        url = self.path if self.path.startswith("http://") else f"http://{self.headers['Host']}{self.path}"
        host = urlsplit(url).hostname
        press = self.server
        with press.lock:
            press.asked.append(url)
            if condition := self.headers.get("If-None-Match"):
                press.conditions.append((url, condition))
            press.busy[host] += 1
            press.busiest[host] = max(press.busiest[host], press.busy[host])
            press.together = max(press.together, sum(press.busy.values()))
        reply = press.pages.get(url, Reply(b"not here", 404))
        time.sleep(reply.wait_s)
        tag = reply.headers.get("ETag")
        if tag and self.headers.get("If-None-Match") == tag:
            reply = Reply(status=304, headers={"ETag": tag})
        with press.lock:
            press.busy[host] -= 1
        try:
            self.send_response(reply.status)
            for name, value in ({"Content-Type": "text/html; charset=utf-8", "Content-Length": str(len(reply.body))} | reply.headers).items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(reply.body)
        except OSError:
            pass          # the client had enough

    def log_message(self, *args):
        pass


@dataclass(frozen=True)
class Later:
    """The present, moved on: what has to wait for hours is due at once."""

    by: timedelta = timedelta()

    def now(self) -> datetime:
        return datetime.now(UTC) + self.by


def crawl_here(bureau: Bureau, folder: str, later: timedelta, once: bool) -> None:
    """In a process of its own: Twisted's reactor cannot be started twice."""
    from crawlers.process import run
    store, archive = open_store(f"{folder}/press.db"), WarcArchive(f"{folder}/archive", "crawl")
    try:
        run(bureau, store, archive, clock=Later(later), once=once)
    finally:
        archive.close()
        store.close()


def start(bureau: Bureau, folder: Path, later: timedelta = timedelta(), once: bool = True):
    child = multiprocessing.get_context("spawn").Process(target=crawl_here, args=(bureau, str(folder), later, once))
    child.start()
    return child


def crawl(bureau: Bureau, folder: Path, later: timedelta = timedelta()):
    """Crawl once; returns the store, which the caller closes."""
    child = start(bureau, folder, later)
    child.join(60)
    assert child.exitcode == 0
    return open_store(str(folder / "press.db"))


def outlet(host: str, path: str = "/", kind: SourceKind = SourceKind.LISTING, domain: str = "") -> Outlet:
    source = Source(f"{host}-1", host, kind, f"http://{host}{path}", min_interval_s=60)
    return Outlet(host, host, Tier.MUNICIPAL, domains=(domain or host.split(":")[0],), sources=(source,))


def bureau_of(folder: Path, outlets, **settings) -> Bureau:
    return Bureau("test", "测试局", Region(), folder, outlets=tuple(outlets), settings=Settings(crawl=CrawlSettings(**settings)))


def listing(host: str, *paths: str) -> Reply:
    rows = "".join(f'<li><a href="{path}">本市医疗卫生新闻的标题写在这里第{n}条</a></li>' for n, path in enumerate(paths))
    return Reply(f"<html><body><ul>{rows}</ul></body></html>".encode(), headers={"ETag": f'"{host}-{len(paths)}"'})


def article(n: int) -> Reply:
    return Reply(f"<html><body><h1>标题{n}</h1><p>正文{n}</p></body></html>".encode())


def states(store) -> dict:
    return {state.outlet_id: state for state in store.source_states()}


def taken(store) -> list:
    return store.take_pages("reader", 1000, datetime.now(UTC) + timedelta(days=30))


def test_many_hosts_at_once_but_each_one_request_at_a_time(tmp_path):
    pages = {}
    hosts = [f"p{n}.example" for n in range(6)]
    for host in hosts:
        pages[f"http://{host}/"] = listing(host, *(f"/2026/11/2{d}/{d}.html" for d in range(2)), "/n/1000.html", "/n/1001.html")
        for path in ("/2026/11/20/0.html", "/2026/11/21/1.html", "/n/1000.html", "/n/1001.html"):
            pages[f"http://{host}{path}"] = Reply(b"<html><body><p>x</p></body></html>", wait_s=0.05)
    with Press(pages) as press:
        store = crawl(bureau_of(tmp_path, map(outlet, hosts), proxy=f"http://127.0.0.1:{press.port}", delay_s=0, link_days=0), tmp_path)
    try:
        found = taken(store)
        assert sorted(p.url for p in found) == sorted(url for url in pages if not url.endswith("/"))
        assert set(press.busiest.values()) == {1} and press.together > 1
        assert {p.outlet_id for p in found} == set(hosts) and all(p.hint["title"].startswith("本市医疗") for p in found)
        archive = WarcArchive(tmp_path / "archive", "reader")
        assert {archive.read(p.ref) for p in found} == {b"<html><body><p>x</p></body></html>"}
        assert all(press.times(url) == 1 for url in pages)
    finally:
        store.close()


@pytest.fixture(scope="module")
def manners(tmp_path_factory):
    """One crawl of a press in which everything goes wrong that can go wrong, each on a host of its own."""
    folder = tmp_path_factory.mktemp("manners")
    bomb = gzip.compress(b"\0" * 30_000_000)
    lists = {
        "robots.example": ("/private/1001.html", "/open/1002.html"), "shut.example": ("/n/1001.html",),
        "gone.example": ("/n/1001.html", "/n/1002.html"), "busy.example": tuple(f"/n/100{n}.html" for n in range(5)),
        "refused.example": tuple(f"/n/100{n}.html" for n in range(9)), "large.example": ("/n/1001.html", "/n/1002.html"),
        "loop.example": ("/n/1001.html",), "moved.example": ("/n/1001.html", "/n/1002.html"), "old.example": ("/2019/01/01/1.html", "/n/1002.html"),
        "inside.example": ("/n/1001.html",),
    }
    pages = {f"http://{host}/": listing(host, *paths) for host, paths in lists.items()}
    pages |= {f"http://{host}{path}": article(n) for host, paths in lists.items() for n, path in enumerate(paths)}
    pages |= {
        "http://robots.example/robots.txt": Reply(b"User-agent: *\nDisallow: /private/\n", headers={"Content-Type": "text/plain"}),
        "http://shut.example/robots.txt": Reply(b"", 503),
        "http://gone.example/n/1001.html": Reply(b"", 404),
        **{f"http://busy.example/n/100{n}.html": Reply(b"", 429, {"Retry-After": "7200"}) for n in range(5)},
        **{f"http://refused.example/n/100{n}.html": Reply(b"", 403) for n in range(9)},
        "http://paused.example/": Reply(b"", 412),
        "http://large.example/n/1001.html": Reply(b"x" * 3_000_000),
        "http://large.example/n/1002.html": Reply(bomb, headers={"Content-Encoding": "gzip"}),
        "http://loop.example/n/1001.html": Reply(b"", 302, {"Location": "/n/1001.html"}),
        "http://moved.example/n/1001.html": Reply(b"", 301, {"Location": "http://elsewhere.example/a/77.html"}),
        "http://elsewhere.example/a/77.html": article(77),
        "http://moved.example/n/1002.html": Reply(b"", 302, {"Location": "file:///etc/passwd"}),
        "http://inside.example/n/1001.html": Reply(b"", 302, {"Location": "http://127.0.0.1:1/secret.html"}),
        "http://article.example/": Reply("<html><body><h1>一篇稿件</h1><p>这里没有任何列表。</p></body></html>".encode()),
        "http://picture.example/": Reply(b"\x89PNG\r\n\x1a\n\0\0\0", headers={"Content-Type": "image/png"}),
        "http://feed.example/rss": Reply(b"<html>no feed</html>"),
        "http://slow.example/": Reply(b"", wait_s=6),
    }
    outlets = [outlet(host) for host in (*lists, "paused.example", "article.example", "picture.example", "slow.example")]
    outlets.append(outlet("feed.example", "/rss", SourceKind.FEED))
    with Press(pages) as press:
        store = crawl(bureau_of(folder, outlets, proxy=f"http://127.0.0.1:{press.port}", delay_s=0, timeout_s=2, max_bytes=2_000_000), folder)
        yield press, states(store), {p.url: p for p in taken(store)}, store.link_counts()
        store.close()


def test_robots_txt_is_obeyed(manners):
    press, known, pages, _ = manners
    assert not press.times("http://robots.example/private/1001.html") and "http://robots.example/open/1002.html" in pages
    assert press.times("http://robots.example/robots.txt") == 1
    assert (known["shut.example"].health, known["shut.example"].fail_kind) == (Health.FAILING, "robots_unreachable")
    assert not press.times("http://shut.example/")


def test_an_overloaded_host_is_left_alone(manners):
    press, _, pages, _ = manners
    assert sum(url.startswith("http://busy.example/n/") for url in press.asked) == 1
    assert not any("busy.example" in url for url in pages)


def test_a_refusing_host_is_left_alone(manners):
    press, known, *_ = manners
    assert sum(url.startswith("http://refused.example/n/") for url in press.asked) == 1
    paused = known["paused.example"]
    assert (paused.health, paused.fail_kind) == (Health.PAUSED, "http_412") and paused.paused_until == paused.next_due
    assert press.times("http://paused.example/") == 1


def test_limits_of_size_time_and_redirects(manners):
    press, known, pages, _ = manners
    assert not any("large.example" in url or "loop.example" in url for url in pages)
    assert press.times("http://loop.example/n/1001.html") == 6
    assert known["slow.example"].fail_kind == "timeout"


def test_a_redirect_to_another_host_is_kept_with_its_final_address(manners):
    _, _, pages, _ = manners
    page = pages["http://elsewhere.example/a/77.html"]
    assert page.hint["asked"] == "http://moved.example/n/1001.html" and page.outlet_id == ""


def test_nothing_inside_is_fetched(manners):
    _, _, pages, _ = manners
    assert not any(urlsplit(url).hostname == "127.0.0.1" or url.startswith("file") for url in pages)


def test_old_links_are_left(manners):
    press, _, pages, _ = manners
    assert "http://old.example/n/1002.html" in pages and not press.times("http://old.example/2019/01/01/1.html")


def test_a_source_that_is_something_else_fails_with_its_reason(manners):
    _, known, pages, _ = manners
    assert {host: known[host].fail_kind for host in ("article.example", "picture.example", "feed.example")} == dict.fromkeys(
        ("article.example", "picture.example", "feed.example"), "parse")
    assert "没有找到稿件链接" in known["article.example"].fail_detail
    assert not any("article.example" in url or "picture.example" in url for url in pages), "what is polled is no article"


def test_every_link_ends_somewhere(manners):
    _, _, pages, counts = manners
    assert counts["leased"] == 0 and counts["done"] == len(pages)
    assert counts["failed"] == 7     # robots, 404, two too large, loop, file:, inside
    assert counts["waiting"] == 14   # four tries left or not yet tried: busy 5, refused 9


def test_second_poll_is_conditional_and_a_failed_source_proves_itself(tmp_path):
    pages = {"http://a.example/": listing("a", "/n/1001.html"), "http://a.example/n/1001.html": article(1),
             "http://b.example/": Reply(b"", 500, {"ETag": '"b"'})}
    outlets = [outlet("a.example"), outlet("b.example")]
    with Press(pages) as press:
        bureau = bureau_of(tmp_path, outlets, proxy=f"http://127.0.0.1:{press.port}", delay_s=0)
        crawl(bureau, tmp_path).close()
        pages["http://b.example/"] = listing("b", "/n/1001.html")
        pages["http://b.example/n/1001.html"] = article(2)
        store = crawl(bureau, tmp_path, later=timedelta(hours=1))
    try:
        known = states(store)
        assert press.conditions == [("http://a.example/", '"a-1"')]
        assert known["a.example"].health is Health.OK and known["b.example"].health is Health.OK
        assert known["a.example"].last_poll == known["a.example"].last_ok > datetime.now(UTC)
        assert store.page_counts()["queued"] == 2 and press.times("http://a.example/n/1001.html") == 1
    finally:
        store.close()


def test_dead_hosts_and_private_addresses_without_a_proxy(tmp_path):
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        shut = closed.getsockname()[1]
    own_name = socket.gethostname()
    with Press({}) as press:
        press.pages |= {f"http://127.0.0.1:{press.port}/": listing("x", "/n/1001.html"), f"http://127.0.0.1:{press.port}/n/1001.html": article(1)}
        hosts = [f"127.0.0.1:{press.port}", "no-such-host.invalid", f"127.0.0.2:{shut}", f"{own_name}:{press.port}"]
        store = crawl(bureau_of(tmp_path, map(outlet, hosts), delay_s=0, timeout_s=5), tmp_path)
        known = {host: state.fail_kind for host, state in states(store).items()}
        store.close()
        assert known[hosts[0]] == known[hosts[2]] == "address" and known["no-such-host.invalid"] == "dns"
        assert known[hosts[3]] in ("address", "dns"), "a name is judged by what it resolves to"
        assert press.asked == []
        (tmp_path / "second").mkdir()
        store = crawl(bureau_of(tmp_path / "second", map(outlet, hosts[:3]), delay_s=0, timeout_s=5, private_addresses=True), tmp_path / "second")
        known = states(store)
        assert known[hosts[0]].health is Health.OK and known[hosts[2]].fail_kind == "refused"
        assert store.page_counts()["queued"] == 1
        store.close()


@pytest.mark.parametrize("sign", [signal.SIGTERM, signal.SIGKILL])
def test_stopped_in_the_middle_nothing_is_lost(tmp_path, sign):
    hosts = [f"s{n}.example" for n in range(4)]
    pages = {f"http://{host}/": listing(host, *(f"/n/{n}.html" for n in range(1000, 1020))) for host in hosts}
    pages |= {f"http://{host}/n/{n}.html": Reply(b"<p>page</p>", wait_s=0.05) for host in hosts for n in range(1000, 1020)}
    with Press(pages) as press:
        bureau = bureau_of(tmp_path, map(outlet, hosts), proxy=f"http://127.0.0.1:{press.port}", delay_s=0)
        child = start(bureau, tmp_path, once=False)
        deadline = time.monotonic() + 30
        while len(press.asked) < 30 and time.monotonic() < deadline:
            time.sleep(0.02)
        os.kill(child.pid, sign)
        child.join(20)
        assert child.exitcode == (0 if sign == signal.SIGTERM else -sign)
        between = open_store(str(tmp_path / "press.db"))
        queued = between.page_counts()["queued"]
        fetched = sum("/n/" in url for url in press.asked)
        if sign == signal.SIGTERM:
            assert queued == fetched, "what was under way has ended and was handed off"
        assert queued <= fetched < 80
        between.close()
        store = crawl(bureau, tmp_path, later=timedelta(minutes=2))
    try:
        assert store.link_counts() == {"waiting": 0, "leased": 0, "done": 80, "failed": 0}
        assert {p.url for p in taken(store)} == {url for url in pages if "/n/" in url}
    finally:
        store.close()
