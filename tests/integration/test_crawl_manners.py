"""The crawl against real HTTP servers: one request at a time per host, robots.txt, refusals, limits, redirects, addresses."""

from __future__ import annotations

import gzip
import os
import signal
import socket
import time
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

import pytest
from crawl_press import Moved, Press, Reply, article, bureau_of, crawl, listing, outlet, start, states, taken

from model.outlet import SourceKind
from model.source_state import Health
from pipelines.archive import WarcArchive
from pipelines.store import open_store


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
    recent = f"/{datetime.now(UTC) - timedelta(days=2):%Y/%m/%d}/3.html"
    bomb = gzip.compress(b"\0" * 30_000_000)
    lists = {
        "robots.example": ("/private/1001.html", "/open/1002.html"), "shut.example": ("/n/1001.html",),
        "gone.example": ("/n/1001.html", "/n/1002.html"), "busy.example": tuple(f"/n/100{n}.html" for n in range(5)),
        "refused.example": tuple(f"/n/100{n}.html" for n in range(9)), "large.example": ("/n/1001.html", "/n/1002.html"),
        "loop.example": ("/n/1001.html",), "moved.example": ("/n/1001.html", "/n/1002.html"), "old.example": ("/2019/01/01/1.html", "/n/1002.html", recent),
        "quiet.example": ("/2019/01/01/1.html", "/2019/01/02/2.html"),
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
    assert sum(url.startswith("http://old.example/") for url in pages) == 2
    assert sum(url.startswith("http://quiet.example/") for url in pages) == 2, "a list that shows nothing younger is taken once"


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
        hosts = [f"127.0.0.1:{press.port}", "no-such-host.example", f"127.0.0.2:{shut}", f"{own_name}:{press.port}"]
        store = crawl(bureau_of(tmp_path, map(outlet, hosts), delay_s=0, timeout_s=5), tmp_path)
        known = {host: state.fail_kind for host, state in states(store).items()}
        store.close()
        assert known[hosts[0]] == known[hosts[2]] == "address" and known["no-such-host.example"] == "dns"
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


def test_always_on_news_a_changed_bureau_and_a_refusing_host(tmp_path):
    """The clock runs 600 times as fast: minutes of waiting are tenths of a second."""
    pages = {"http://a.example/": listing("a", "/n/1001.html"), "http://b.example/": listing("b", "/n/1001.html"),
             "http://shut.example/": listing("shut", *(f"/n/{n}.html" for n in range(1001, 1009)))}
    pages |= {f"http://{host}.example/n/100{n}.html": article(n) for host in "ab" for n in (1, 2)}
    pages |= {f"http://shut.example/n/{n}.html": Reply(b"", 403) for n in range(1001, 1009)}
    with Press(pages) as press:
        proxy = f"http://127.0.0.1:{press.port}"
        before = bureau_of(tmp_path, [outlet("a.example"), outlet("shut.example")], proxy=proxy, delay_s=0)
        after = bureau_of(tmp_path, [outlet("a.example"), outlet("b.example")], proxy=proxy, delay_s=0)
        child = start(before, tmp_path, Moved(pace=600), once=False, next_bureau=after)
        try:
            eventually(lambda: "http://a.example/n/1001.html" in press.asked)
            pages["http://a.example/"] = listing("a", "/n/1002.html", "/n/1001.html")
            eventually(lambda: "http://a.example/n/1002.html" in press.asked)
            store = open_store(str(tmp_path / "press.db"))
            eventually(lambda: states(store)["shut.example"].health is Health.PAUSED)
            paused = states(store)["shut.example"]
            assert paused.fail_kind == "http_403" and paused.paused_until > paused.last_poll
            assert sum("shut.example/n/" in url for url in press.asked) == 3, "three refusals, each with a longer rest, pause the source"
            assert "http://b.example/" not in press.asked
            (tmp_path / "next").touch()
            eventually(lambda: "http://b.example/n/1001.html" in press.asked)
            assert set(states(store)) == {"a.example", "b.example"}
        finally:
            os.kill(child.pid, signal.SIGINT)
            child.join(20)
        assert child.exitcode == 0
        assert press.times("http://a.example/n/1001.html") == 1 and store.page_counts()["queued"] == 3
        assert press.times("http://a.example/") > 2 and any(url == "http://a.example/" for url, _ in press.conditions)
        store.close()


def eventually(holds, seconds: float = 30.0) -> None:
    deadline = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.05)
