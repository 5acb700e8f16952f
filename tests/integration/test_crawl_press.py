"""Crawls of whole presses: the bundled sample, and the saved pages behind their replaying proxy."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path
from urllib.parse import urlsplit

import psutil
import pytest
from crawl_press import bureau_of, crawl, outlet, states, taken
from warcio.archiveiterator import ArchiveIterator

from config.load import load_bureau
from config.sample.press import Press
from model.bureau import CrawlSettings, Settings
from model.outlet import SourceKind
from model.source_state import Health
from pipelines.archive import WarcArchive

ROOT = Path(__file__).resolve().parents[2]
SHARED = Path(os.environ.get("JIANBAO_SHARED") or ROOT / "../shared").resolve()


def test_every_article_of_the_sample_press_is_handed_off(tmp_path):
    bureau = load_bureau(ROOT / "config/sample/bureau")
    with Press() as press:
        press.publish_all()
        store = crawl(replace(bureau, settings=Settings(crawl=CrawlSettings(proxy=press.proxy, delay_s=0))), tmp_path)
        pages = taken(store)
        print(f"{len(pages)} pages of {len(press.urls())} articles handed off")
        assert {page.url for page in pages} == set(press.urls())
        assert len(pages) == len({page.url for page in pages})
        assert {state.health for state in store.source_states()} == {Health.OK}
        assert all(count == 1 for url, count in press.seen.items() if url in set(press.urls()))
        assert not [url for url in press.seen if "/click/" in url], "what robots.txt forbids is not asked for"
        store.close()


def test_an_epaper_tells_page_numbers_and_names(tmp_path):
    with Press() as press:
        press.publish_all()
        house = next(piece.house for piece in press.pieces if piece.house.family == "epaper")
        source = outlet(house.host, "/html/{yyyy}-{mm}/{dd}/node_1.htm", SourceKind.EPAPER)
        store = crawl(bureau_of(tmp_path, [source], proxy=press.proxy, delay_s=0), tmp_path)
        printed = {piece.url: (piece.page_no, piece.page_name) for piece in press.pieces}
        pages = taken(store)
        assert pages and states(store)[house.host].health is Health.OK
        assert {page.url: (page.hint["page_no"], page.hint["page_name"]) for page in pages} == {page.url: printed[page.url] for page in pages}
        assert all((page.hint.get("position") in ("头版头条", "报眼", "头版")) == (page.hint["page_no"] == "1") for page in pages)
        assert all(page.hint.get("position") in ("", "头版", None) or page.hint["position_why"] for page in pages)
        placed = {piece.url: piece.position for piece in press.pieces if piece.position}
        told = {page.url: page.hint["position"] for page in pages if page.url in placed}
        assert told and told == {url: placed[url] for url in told}, "头版头条 and 报眼 are read off the image map"
        store.close()


def saved(files: list[Path]) -> dict[str, bytes]:
    pages = {}
    for path in files:
        with open(path, "rb") as stream:
            for record in ArchiveIterator(stream):
                if record.rec_type == "response":
                    pages[record.rec_headers.get_header("WARC-Target-URI")] = record.content_stream().read()
    return pages


def test_every_saved_page_behind_the_replaying_proxy_is_handed_off(tmp_path):
    files = sorted((SHARED / "press").glob("*.warc.gz")) if (SHARED / "press/replay.py").exists() else []
    if not files:
        pytest.skip(f"the saved press pages are not at {SHARED}")
    pages = saved(files)
    server = subprocess.Popen([sys.executable, str(SHARED / "press/replay.py"), *map(str, files), "--port", "0"], stdout=subprocess.PIPE, text=True)
    try:
        port = port_of(server)
        hosts = sorted({urlsplit(url).netloc for url in pages})
        store = crawl(bureau_of(tmp_path, map(outlet, hosts), proxy=f"http://127.0.0.1:{port}", delay_s=0), tmp_path)
    finally:
        server.terminate()
        server.wait()
    found = taken(store)
    archive = WarcArchive(tmp_path / "archive", "reader")
    print(f"{len(hosts)} hosts, {len(pages)} saved pages, {len(found)} handed off")
    assert sorted(page.url for page in found) == sorted(pages)
    assert all(archive.read(page.ref) == pages[page.url] for page in found), "byte for byte"
    assert {state.health for state in store.source_states()} == {Health.OK}
    assert store.link_counts() == {"waiting": 0, "leased": 0, "done": len(pages), "failed": 0}
    store.close()


def port_of(server: subprocess.Popen) -> int:
    """The port of a server started with port 0, as the system tells it; the server says its line before it listens."""
    server.stdout.readline()
    for _ in range(200):
        listening = [c.laddr.port for c in psutil.Process(server.pid).net_connections("tcp") if c.status == psutil.CONN_LISTEN]
        if listening:
            return listening[0]
        time.sleep(0.05)
    raise AssertionError("the replaying proxy does not listen")
