"""The guarded fetcher: hostile addresses, names that lie, redirects inward, and answers that never end – against real servers."""

from __future__ import annotations

import gzip
import threading
import time
from contextlib import contextmanager
from datetime import datetime, timezone
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import httpcore
import pytest

from model.address import is_public, refusal
from model.bureau import CrawlSettings
from pipelines.fetcher import Fetcher, FetchFailed

HOSTILE = """
http://127.0.0.1/ http://127.0.0.1:80/ http://127.1/ http://127.0.1/ http://0/ http://0.0.0.0/ http://2130706433/ http://017700000001/
http://0x7f000001/ http://0x7f.0x0.0x0.0x1/ http://0177.0.0.1/ http://0177.0000.0000.0001/ http://127.0.0.1./ http://localhost/
http://LOCALHOST/ http://localhost./ http://foo.localhost/ http://localhost.localdomain/ http://10.0.0.1/ http://10.255.255.255/
http://172.16.0.1/ http://172.31.255.254/ http://192.168.0.1/ http://192.168.1.1:443/ http://169.254.169.254/latest/meta-data/
http://169.254.1.1/ http://100.64.0.1/ http://100.100.100.200/ http://192.0.0.1/ http://192.0.2.1/ http://198.18.0.1/
http://198.51.100.7/ http://203.0.113.9/ http://224.0.0.1/ http://240.0.0.1/ http://255.255.255.255/ http://192.88.99.1/ http://[::1]/
http://[::]/ http://[::ffff:127.0.0.1]/ http://[::ffff:7f00:1]/ http://[::ffff:10.0.0.1]/ http://[::127.0.0.1]/
http://[64:ff9b::7f00:1]/ http://[64:ff9b::10.0.0.1]/ http://[2002:7f00:1::]/ http://[2002:0a00:0001::1]/ http://[2001::1]/
http://[2001:db8::1]/ http://[fe80::1]/ http://[fc00::1]/ http://[fd00:ec2::254]/ http://[ff02::1]/ http://[2a00::5efe:7f00:1]/
http://127.0.0.1.nip.io/ http://10-0-0-1.sslip.io/ http://app.192.168.1.1.xip.io/ http://router/ http://intranet/ http://db.internal/
http://printer.local/ http://nas.lan/ http://host.docker.internal/ http://x.onion/ http://a.home.arpa/ http://user@127.0.0.1/
http://www.example.com@127.0.0.1/ http://user:pw@www.example.com/ http://www.example.com:22/ http://www.example.com:6379/
http://www.example.com:8080/ ftp://www.example.com/ file:///etc/passwd gopher://www.example.com/ javascript:alert(1) data:text/html,x
dict://www.example.com:11211/ ldap://www.example.com/ //www.example.com/ http:///etc http://１２７.０.０.１/ http://127。0。0。1/
http://ⓛocalhost/ http://www.example.com\\@127.0.0.1/ http://-bad-.example.com/ http://www..example.com/ http://%31%32%37.0.0.1/
""".split()


class Clock:
    def now(self) -> datetime:
        return datetime(2026, 11, 21, tzinfo=timezone.utc)


class Nowhere(httpcore.NetworkBackend):
    """Remembers what would have been connected to."""

    def __init__(self):
        self.asked: list[tuple[str, int]] = []

    def connect_tcp(self, host, port, timeout=None, local_address=None, socket_options=None):
        self.asked.append((host, port))
        raise httpcore.ConnectError("nowhere")


def settings(**fields) -> CrawlSettings:
    return CrawlSettings(**{"delay_s": 0, "timeout_s": 3, "max_bytes": 100_000, "obey_robots": False} | fields)


@pytest.mark.parametrize("url", HOSTILE)
@pytest.mark.parametrize("proxy", ["", "http://127.0.0.1:9"], ids=["direct", "by proxy"])
def test_a_hostile_address_is_refused_before_anything_is_asked(url, proxy):
    nowhere = Nowhere()
    fetcher = Fetcher(settings(proxy=proxy), Clock(), lookup=lambda host, port: ["93.184.216.34"], backend=nowhere)
    with pytest.raises(FetchFailed) as told:
        fetcher.get(url)
    assert told.value.kind == "refused" and told.value.reason and not nowhere.asked


def test_the_table_is_as_long_as_it_should_be():
    assert len(HOSTILE) >= 60


def test_another_port_is_asked_only_where_the_settings_allow_it():
    for ports, kind in (((), "refused"), ((8080,), "connect")):
        nowhere = Nowhere()
        with pytest.raises(FetchFailed) as told:
            Fetcher(settings(ports=ports), Clock(), lookup=lambda host, port: ["93.184.216.34"], backend=nowhere).get("http://www.example.com:8080/1.html")
        assert told.value.kind == kind and nowhere.asked == ([("93.184.216.34", 8080)] if ports else [])


@pytest.mark.parametrize(
    "url",
    [
        "http://www.example.com/a?b=c",
        "https://epaper.example.com:443/1.htm",
        "http://xn--fiqs8s.example.com/",
        "http://中国.example.com/",
        "http://8.8.8.8/",
        "http://[2606:4700::1111]/",
        "http://1.2.3.4.example.com/",
    ],
)
def test_an_ordinary_address_may_be_tried(url):
    assert refusal(url) == ""


@pytest.mark.parametrize(
    "answers",
    [
        ["127.0.0.1"],
        ["10.1.2.3"],
        ["93.184.216.34", "192.168.0.1"],
        ["::1"],
        ["::ffff:10.0.0.1"],
        ["169.254.169.254"],
        ["fe80::1%eth0"],
        [],
    ],
)
def test_a_name_that_resolves_inward_is_refused(answers):
    nowhere = Nowhere()
    with pytest.raises(FetchFailed) as told:
        Fetcher(settings(), Clock(), lookup=lambda host, port: answers, backend=nowhere).get("http://news.example.com/")
    assert told.value.kind == "refused" and not nowhere.asked


def test_the_connection_goes_to_the_very_ip_that_was_judged():
    """A name that answers public first and private next is asked once a connection, and only the judged answer is used."""
    nowhere, answers = Nowhere(), iter([["93.184.216.34"], ["127.0.0.1"]])
    fetcher = Fetcher(settings(), Clock(), lookup=lambda host, port: next(answers), backend=nowhere)
    with pytest.raises(FetchFailed):
        fetcher.get("http://rebind.example.com/")
    assert nowhere.asked == [("93.184.216.34", 80)]
    with pytest.raises(FetchFailed) as told:
        fetcher.get("http://rebind.example.com/")
    assert told.value.kind == "refused" and len(nowhere.asked) == 1


def test_is_public_knows_no_names():
    assert not is_public("www.example.com") and not is_public("") and is_public("8.8.8.8")


class Server(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        path = "/" + self.path.split("//", 1)[-1].split("/", 1)[-1] if "//" in self.path else self.path
        self.server.seen.append(self.path)
        getattr(self, "page_" + path.strip("/").split("/")[0].split("?")[0].split(".")[0], self.page_none)()

    def say(self, status: int, body: bytes = b"", **headers: str) -> None:
        self.send_response(status)
        for name, value in (
            {"Content-Type": "text/html; charset=utf-8", "Content-Length": str(len(body))}
            | {k.replace("_", "-"): v for k, v in headers.items()}
        ).items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def page_none(self): self.say(404)
    def page_good(self): self.say(200, "<h1>好</h1>".encode(), Set_Cookie="a=b", ETag='"1"')
    def page_robots(self): self.say(200, b"User-agent: *\nDisallow: /secret\n", Content_Type="text/plain")
    def page_secret(self): self.say(200, b"x")
    def page_inward(self): self.say(302, Location="http://127.0.0.1/admin")
    def page_file(self): self.say(302, Location="file:///etc/passwd")
    def page_port(self): self.say(302, Location="http://www.example.com:6379/")
    def page_on(self): self.say(301, Location="/good/1.html")
    def page_lost2026(self): self.say(302, Location="/")
    def page_(self): self.say(200, b"<h1>front page</h1>")
    def page_round(self): self.say(302, Location="/round")
    def page_big(self): self.say(200, b"x" * 200_000)
    def page_bomb(self): self.say(200, gzip.compress(b"\0" * 50_000_000), Content_Encoding="gzip")
    def page_zipped(self): self.say(200, gzip.compress("<h1>压</h1>".encode()), Content_Encoding="gzip")
    def page_brotli(self): self.say(200, b"x", Content_Encoding="br")
    def page_pdf(self): self.say(200, b"%PDF", Content_Type="application/pdf")
    def page_forbidden(self): self.say(403)
    def page_busy(self): self.say(503)
    def page_login(self): self.say(401)
    def page_gone(self): self.say(410)

    def page_endless(self):
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.end_headers()
        try:
            while not self.server.stopping:
                self.wfile.write(b"x")
                self.wfile.flush()
                time.sleep(0.05)
        except OSError:
            pass

    def log_message(self, *args): pass


@contextmanager
def serving():
    server = ThreadingHTTPServer(("127.0.0.1", 0), Server)
    server.seen, server.stopping, server.daemon_threads = [], False, True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield server
    finally:
        server.stopping = True
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.fixture(scope="module")
def server():
    with serving() as running:
        yield running


def by_proxy(server, **fields) -> Fetcher:
    """Through a configured proxy on loopback, as the sample press is read."""
    return Fetcher(settings(proxy=f"http://127.0.0.1:{server.server_address[1]}", **fields), Clock())


HOST = "http://news.example.com"


def test_a_page_is_fetched_with_its_headers_and_without_its_cookies(server):
    page = by_proxy(server).get(HOST + "/good/1.html#part")
    assert (
        page.url == HOST + "/good/1.html"
        and page.body.decode() == "<h1>好</h1>"
        and page.headers["etag"] == '"1"'
        and "set-cookie" not in page.headers
    )
    assert by_proxy(server).get(HOST + "/zipped").body.decode() == "<h1>压</h1>"


def test_a_redirect_is_followed_and_remembered(server):
    page = by_proxy(server).get(HOST + "/on")
    assert page.url == HOST + "/good/1.html" and page.hint["asked"] == HOST + "/on"


@pytest.mark.parametrize(
    "path, kind, later",
    [
        ("/inward", "refused", False),
        ("/file", "refused", False),
        ("/port", "refused", False),
        ("/round", "redirect", False),
        ("/big", "too_large", False),
        ("/bomb", "too_large", False),
        ("/brotli", "type", False),
        ("/pdf", "type", False),
        ("/forbidden", "blocked", True),
        ("/busy", "blocked", True),
        ("/login", "blocked", False),
        ("/gone", "gone", True),
        ("/lost2026/c_123.html", "gone", True),
        ("/none", "gone", True),
    ],
)
def test_what_is_no_page_is_told_by_its_kind(server, path, kind, later):
    with pytest.raises(FetchFailed) as told:
        by_proxy(server).get(HOST + path)
    assert (told.value.kind, told.value.later) == (kind, later) and told.value.reason


def test_a_redirect_inward_is_never_asked_for(server):
    before = len(server.seen)
    with pytest.raises(FetchFailed):
        by_proxy(server).get(HOST + "/inward")
    assert not any("admin" in path for path in server.seen[before:])


def test_a_server_that_drips_is_left_at_the_deadline(server):
    with pytest.raises(FetchFailed) as told:
        by_proxy(server, timeout_s=1).get(HOST + "/endless")
    assert told.value.kind == "timeout" and told.value.later


def test_robots_txt_is_obeyed(server):
    polite = by_proxy(server, obey_robots=True)
    assert polite.get(HOST + "/good/2.html").status == 200
    before = len(server.seen)
    with pytest.raises(FetchFailed) as told:
        polite.get(HOST + "/secret/1.html")
    assert told.value.kind == "robots" and not any("secret" in path for path in server.seen[before:])


def test_nothing_listening_is_a_failure_that_may_pass():
    with pytest.raises(FetchFailed) as told:
        Fetcher(settings(proxy="http://127.0.0.1:9"), Clock()).get(HOST + "/good")
    assert told.value.kind == "connect" and told.value.later
