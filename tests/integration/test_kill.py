"""Any process may be killed at any moment: nothing is lost, nothing is doubled."""

from __future__ import annotations

import json
import os
import random
import signal
import socket
import subprocess
import sys
import threading
import time
from collections import Counter
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from app.house import House
from config.init import make
from config.sample.press import Press
from config.sample.truth import load as truth
from pipelines.urls import canonical

ROOT = Path(__file__).resolve().parents[2]
KILLS = 20


class Receiver(BaseHTTPRequestHandler):
    """A webhook that keeps what it is told."""

    told: list[dict] = []

    def do_POST(self):
        self.told.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
        self.send_response(200)
        self.end_headers()

    def log_message(self, *args):
        pass


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def settled(house: House, wanted: set[str], seconds: float) -> bool:
    """Wait until every wanted address has been fetched and nothing is on the way any more."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        pages, links, tasks = house.store.page_counts(), house.store.link_counts(), house.store.task_counts()
        done = sum(pages.values()) - pages["queued"] - pages["leased"]
        if done >= len(wanted) and not pages["queued"] + pages["leased"] + links["leased"] + tasks["pending"] + tasks["leased"]:
            return True
        time.sleep(0.3)
    return False


@pytest.mark.slow
def test_twenty_kills_lose_nothing_and_double_nothing(tmp_path):
    folder, rng = tmp_path / "bureau", random.Random(20261121)
    make(folder, sample=True)
    receiver = ThreadingHTTPServer(("127.0.0.1", 0), Receiver)
    threading.Thread(target=receiver.serve_forever, daemon=True).start()
    with Press() as press:
        press.publish_all()
        settings = folder / "settings.yaml"
        settings.write_text(settings.read_text(encoding="utf-8").replace("http://127.0.0.1:8421", press.proxy)
                            .replace("port: 8420", f"port: {free_port()}").replace("delay_s: 0 ", "delay_s: 0.4 "), encoding="utf-8")
        rules = folder / "rules.yaml"
        rules.write_text(with_channel(rules.read_text(encoding="utf-8")), encoding="utf-8")
        house = House(folder, "test")
        wanted = {e.url for e in truth(press.now)}
        commands = {"crawl": ["crawl"], "work-1": ["work", "--name", "work-1"], "work-2": ["work", "--name", "work-2"], "serve": ["serve"]}
        env = {**os.environ, "JIANBAO_TEST_HOOK": f"json://127.0.0.1:{receiver.server_address[1]}/"}
        log = open(tmp_path / "log", "wb")

        def start(name: str) -> subprocess.Popen:
            return subprocess.Popen([sys.executable, "-m", "app.cli", *commands[name], str(folder)], cwd=ROOT, env=env, stdout=log, stderr=log)

        crew = {name: start(name) for name in commands}
        killed = Counter()
        try:
            for n in range(KILLS):
                time.sleep(rng.uniform(0.3, 1.6))
                name = rng.choice(list(commands))
                assert crew[name].poll() is None, f"{name} died by itself: {(tmp_path / 'log').read_text(encoding='utf-8')[-3000:]}"
                crew[name].send_signal(signal.SIGKILL)
                crew[name].wait()
                killed[name] += 1
                crew[name] = start(name)
            assert settled(house, wanted, 150), (house.store.page_counts(), house.store.link_counts(), house.store.task_counts())
        finally:
            for process in crew.values():
                process.terminate()
            for process in crew.values():
                process.wait(20)
            receiver.shutdown()
        assert sum(killed.values()) == KILLS and len(killed) == len(commands)
        whole(house, press, wanted)
        house.close()


def with_channel(text: str) -> str:
    """rules.yaml with a webhook beside whatever it has."""
    line = "  - {id: hook, kind: webhook, url_env: JIANBAO_TEST_HOOK}\n"
    if "\nchannels:" not in text:
        return text + "\nchannels:\n" + line
    head, tail = text.split("\nchannels:", 1)
    return head + "\nchannels:\n" + line + (tail.split("\n", 1)[1] if not tail.startswith(" []") else tail[3:])


def whole(house: House, press: Press, wanted: set[str]) -> None:
    """Nothing lost: every address fetched and clipped as the truth has it.  Nothing doubled: articles, incidents, credits, rings."""
    store, now = house.store, house.clock.now()
    assert not [url for url in wanted if not press.seen[url]]
    brief = store.clippings_between(now - timedelta(days=400), now + timedelta(days=2))
    addresses = [c.article.canonical for c in brief]
    assert len(addresses) == len(set(addresses))
    expected = {canonical(e.url) for e in truth(press.now) if e.status == "clipped"}
    assert len(expected - set(addresses)) <= 0.03 * len(expected)
    stories = Counter(s for i in store.incidents(limit=1000) for s in i.stories)
    assert stories and max(stories.values()) == 1
    negative = {c.story.id for c in brief if any(j.unit_id and j.label == "N" for j in c.judgements)}
    assert negative <= set(stories)
    rows = store.ledger(limit=10_000)
    countered = {r.corrects for r in rows if r.corrects}
    standing = Counter((r.unit_id, r.story_id) for r in rows if not r.corrects and r.id not in countered)
    assert standing and max(standing.values()) == 1
    for ref in {c.id: c.ref for c in (store.clipping(b.id) for b in brief[:40])}.values():
        assert house.archive.read(ref)
    rings = [e for i in store.incidents(limit=1000) for e in store.incident_events(i.id) if e.what == "ring"]
    delivered = {s.key for s in store.sent(10_000) if s.ok}
    assert {f"incident:{e.incident_id}:{e.id}" for e in rings} <= delivered and len(Receiver.told) >= len(rings)
