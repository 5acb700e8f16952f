"""A press that answers as it is told, and a crawl of it in a process of its own: what the crawl tests stand on."""

from __future__ import annotations

import multiprocessing
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import urlsplit

from model.bureau import Bureau, CrawlSettings, Settings
from model.outlet import Outlet, Source, SourceKind, Tier
from model.region import Region
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

    def handle_error(self, request, client_address):
        pass          # a client that hangs up is part of the test

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
class Moved:
    """The present moved on by `later`, and `pace` times as fast: what has to wait for hours is due at once."""

    later: timedelta = timedelta()
    pace: float = 1.0
    start: datetime = field(default_factory=lambda: datetime.now(UTC))

    def now(self) -> datetime:
        return self.start + self.later + (datetime.now(UTC) - self.start) * self.pace


def crawl_here(bureau: Bureau, folder: str, clock: Moved, once: bool, next_bureau: Bureau | None) -> None:
    """In a process of its own: Twisted's reactor cannot be started twice.  `next_bureau` is in force once a file "next" is there."""
    from crawlers.process import run
    store, archive = open_store(f"{folder}/press.db"), WarcArchive(f"{folder}/archive", "crawl")
    try:
        run(lambda: next_bureau if next_bureau and Path(f"{folder}/next").exists() else bureau, store, archive, clock=clock, once=once)
    finally:
        archive.close()
        store.close()


def start(bureau: Bureau, folder: Path, clock: Moved = Moved(), once: bool = True, next_bureau: Bureau | None = None):
    child = multiprocessing.get_context("spawn").Process(target=crawl_here, args=(bureau, str(folder), clock, once, next_bureau))
    child.start()
    return child


def crawl(bureau: Bureau, folder: Path, later: timedelta = timedelta()):
    """Crawl once; returns the store, which the caller closes."""
    child = start(bureau, folder, Moved(later))
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
