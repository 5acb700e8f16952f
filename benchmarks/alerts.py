"""From a fetched page to an alert: on an open browser page (server-sent events), and at a webhook, while the house is busy.

    python benchmarks/alerts.py [--backlog 2000] [--events 24] [--every 1.0] [--workers 2]          about two minutes

A bureau is made, with real work processes and a real serve process.  A backlog of pages waits in the queue; urgent pages (hint priority,
as sources that publish news have it) come one after the other while it is worked off.  Each is a happening of its own.  Measured
from the moment a page is in the archive and the queue.  Prints the median, p95 and the worst, how much of the backlog was left, and where
the time went: kept (page → clipping), judged (→ line of the record), then shown and sent.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import random
import re
import socket
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Mapping, Sequence
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

import httpx  # noqa: E402
from app.house import House  # noqa: E402
from config.init import make  # noqa: E402
from config.sample.press.load import read  # noqa: E402
from dashboards.accounts import hash_password  # noqa: E402
from model.page import Page  # noqa: E402
from model.user import Role, User  # noqa: E402

VISIBLE_S, WEBHOOK_S = 5.0, 10.0
MATTERS = ("多收费用", "延误救治", "丢失病历", "推诿患者", "错发药品", "泄露隐私", "拒绝接诊", "收受红包", "误诊漏诊", "服务态度恶劣")
PLACES = ("急诊科", "产房", "药房", "检验科", "儿科门诊", "骨科病区", "收费窗口", "住院部", "手术室", "影像科", "体检中心", "透析室")


class Times:
    """When each happening was put in the queue, seen on the open page, and told to the webhook."""

    def __init__(self) -> None:
        self.put: dict[str, float] = {}
        self.seen: dict[str, float] = {}
        self.told: dict[str, float] = {}

    def note(self, where: dict[str, float], text: str) -> None:
        for mark in re.findall(r"事件[0-9]{3}", text):
            where.setdefault(mark, time.time())


def receiver(times: Times) -> ThreadingHTTPServer:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            said = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            times.note(times.told, said["title"] + said["message"])
            self.send_response(200)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *args):
            pass

    made = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=made.serve_forever, daemon=True).start()
    return made


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def html(title: str, paragraphs: Sequence[str], when: str, source: str) -> bytes:
    body = "".join(f"<p>{p}</p>" for p in paragraphs)
    return (f"<html><head><meta charset=utf-8><title>{title}</title></head><body><h1>{title}</h1><div class=info>{when} 来源：{source}</div>"
            f"<div class=content>{body}</div></body></html>").encode()


def paragraphs() -> list[str]:
    """Paragraphs of the sample press that blame nobody."""
    texts = [s["text"] for name in ("stories", "other", "harmless") for s in read(name)["stories"] if s.get("text") and not s.get("opinion")]
    return [re.sub(r"\{[^}]*\}", "近日", line) for text in texts for line in text.splitlines() if len(line) > 60]


def backlog(house: House, number: int, rng: random.Random, pool: Sequence[str]) -> list[Page]:
    """Pages of all kinds; about a third name a unit."""
    now, outlets = house.clock.now(), [o for o in house.bureau().outlets if o.domains]
    units, pages = [u.name for u in house.bureau().units], []
    for n in range(number):
        chosen, outlet = rng.sample(pool, 5), rng.choice(outlets)
        if rng.random() < .33:
            chosen.insert(1, f"{rng.choice(units)}介绍，{rng.choice(pool)}")
        title = chosen[0][:22].rstrip("，。：“") + str(n)
        pages.append(Page(f"http://{outlet.domains[0]}/b/{n}.html", now, html(title, chosen, f"{now + timedelta(hours=8):%Y-%m-%d %H:%M}", outlet.name),
                          outlet_id=outlet.id))
    return pages


def urgent(house: House, number: int, rng: random.Random, pool: Sequence[str]) -> Page:
    """A happening of its own that blames a unit: its paragraphs are its own."""
    now = house.clock.now()
    outlet = rng.choice([o for o in house.bureau().outlets if o.domains and o.tier in ("central", "provincial", "municipal")])
    unit = house.bureau().units[1 + number % (len(house.bureau().units) - 1)]
    matter, place = MATTERS[number % len(MATTERS)], PLACES[(number * 5) % len(PLACES)]
    title = f"事件{number:03}：{unit.name}{place}被指{matter}"
    text = (f"患者家属质疑{unit.name}{place}{matter}，要求院方给出说法。截至发稿，{unit.name}没有回应。", *rng.sample(pool, 4))
    return Page(f"http://{outlet.domains[0]}/u/{number}.html", now, html(title, text, f"{now + timedelta(hours=8):%Y-%m-%d %H:%M}", outlet.name),
                outlet_id=outlet.id, hint={"priority": "1"})


def put(house: House, pages: Sequence[Page]) -> None:
    refs = [house.archive.append(p) for p in pages]
    house.archive.flush()
    house.store.enqueue(list(zip(pages, refs)), house.clock.now())


def watch(address: str, times: Times, ready: threading.Event) -> None:
    """An open browser: log in, then read the live stream, coming back from the last event when it ends."""
    with httpx.Client(base_url=address, follow_redirects=True, timeout=120, trust_env=False) as client:
        token = re.search(r'name="csrf" value="([^"]+)"', client.get("/login").text).group(1)
        client.post("/login", data={"name": "watcher", "password": "correct-horse-42", "csrf": token, "next": "/"})
        last = ""
        while True:
            with contextlib.suppress(httpx.HTTPError), client.stream("GET", "/live", headers={"last-event-id": last} if last else {}) as stream:
                if stream.status_code != 200:
                    raise RuntimeError(f"/live answered {stream.status_code}")
                ready.set()
                for line in stream.iter_lines():
                    if line.startswith("id: "):
                        last = line[4:]
                    times.note(times.seen, line.encode().decode("unicode_escape", "ignore") if "\\u" in line else line)


def start(folder: Path, workers: int, hook: int) -> list[subprocess.Popen]:
    env = {**os.environ, "JIANBAO_BENCH_HOOK": f"http://127.0.0.1:{hook}/", "OPENBLAS_NUM_THREADS": "1"}
    commands = [["serve"], *(["work", "--name", f"work-{n}"] for n in range(workers))]
    return [subprocess.Popen([sys.executable, "-m", "app.cli", command[0], str(folder), *command[1:]], cwd=ROOT, env=env,
                             stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) for command in commands]


def stages(house: House, times: Times) -> None:
    """Where the time went, from the record's own times: each happening's alert was asked for when its page was kept."""
    kept, judged = {}, {}
    for incident in house.store.incidents(limit=1000):
        for event in house.store.incident_events(incident.id):
            for mark in re.findall(r"事件[0-9]{3}", event.text if event.what == "joined" else f"{incident.title} {event.text}"):
                judged.setdefault(mark, event.at.timestamp())
    base = sqlite3.connect(f"file:{house.bureau().var / 'jianbao.db'}?mode=ro", uri=True)
    with contextlib.closing(base):
        for title, at in base.execute("SELECT a.title, t.created_at FROM task t JOIN article a ON t.key = 'alert:' || a.id"):
            for mark in re.findall(r"事件[0-9]{3}", title):
                kept[mark] = at / 1e6
    parts = (("kept", times.put, kept), ("judged", kept, judged), ("shown", judged, times.seen), ("sent", judged, times.told))
    for name, before, after in parts:
        waits = sorted(after[m] - before[m] for m in times.put if m in after and m in before)
        if waits:
            print(f"  {name}: median {statistics.median(waits):.2f} s, p95 {waits[int(.95 * (len(waits) - 1))]:.2f} s, worst {waits[-1]:.2f} s")


def shown(name: str, times: Mapping[str, float], put_at: Mapping[str, float], aim: float) -> bool:
    waits = sorted(times[m] - put_at[m] for m in put_at if m in times)
    if len(waits) < len(put_at):
        print(f"{name}: {len(put_at) - len(waits)} of {len(put_at)} never came")
    if not waits:
        return False
    p95 = waits[min(len(waits) - 1, int(.95 * len(waits)))]
    print(f"{name}: median {statistics.median(waits):.2f} s, p95 {p95:.2f} s, worst {waits[-1]:.2f} s (aim p95 ≤ {aim:.0f} s)")
    return p95 <= aim and len(waits) == len(put_at)


def run(folder: Path, pages: int, events: int, every: float, workers: int) -> bool:
    rng, times = random.Random(7), Times()
    make(folder, sample=True)
    hook, port = receiver(times), free_port()
    for name, old, new in (("settings.yaml", "port: 8420", f"port: {port}"),
                           ("rules.yaml", "channels: []", "channels:\n  - {id: hook, kind: webhook, url_env: JIANBAO_BENCH_HOOK}")):
        path = folder / name
        path.write_text(path.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")
    house = House(folder, "bench")
    house.store.save_user(User(0, "watcher", "观看", Role.DUTY), hash_password("correct-horse-42"))
    pool = paragraphs()
    print(f"making a backlog of {pages} pages", flush=True)
    waiting = backlog(house, pages, rng, pool)
    for n in range(0, len(waiting), 200):
        put(house, waiting[n:n + 200])
    print(f"starting serve and {workers} work processes", flush=True)
    crew = start(folder, workers, hook.server_address[1])
    try:
        address, ready = f"http://127.0.0.1:{port}", threading.Event()
        until = time.time() + 60
        while time.time() < until:
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.1)
        threading.Thread(target=watch, args=(address, times, ready), daemon=True).start()
        if not ready.wait(60):
            raise RuntimeError("no live stream")
        while house.store.page_counts()["queued"] > pages - 24 * workers:      # until the work processes are at it
            time.sleep(0.05)
        left = []
        print(f"{events} happenings, one every {every:g} s", flush=True)
        for number in range(events):
            page = urgent(house, number, rng, pool)
            put(house, [page])
            times.put[f"事件{number:03}"] = time.time()
            left.append(house.store.page_counts()["queued"])
            time.sleep(every)
        until = time.time() + 45
        while time.time() < until and (len(times.seen) < events or not own(house, times) <= set(times.told)):
            time.sleep(0.5)
    finally:
        for process in crew:
            process.kill()
            process.wait()
    print(f"{events} happenings, {workers} work processes, backlog {left[0]} pages at the first and {left[-1]} at the last; "
          f"{len(house.store.incidents(limit=1000))} incidents")
    rung = {mark: at for mark, at in times.put.items() if mark in own(house, times)}
    print(f"{len(rung)} of the happenings opened an incident of their own")
    good = shown("on an open page", times.seen, times.put, VISIBLE_S) & shown("at a webhook", times.told, rung, WEBHOOK_S)
    stages(house, times)
    house.close()
    return good


def own(house: House, times: Times) -> set[str]:
    """The happenings that opened an incident; the others fed one that was open and have no ring of their own."""
    titles = " ".join(i.title for i in house.store.incidents(limit=1000))
    return {mark for mark in times.put if mark in titles}


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--backlog", type=int, default=2000)
    asked.add_argument("--events", type=int, default=24)
    asked.add_argument("--every", type=float, default=1.0)
    asked.add_argument("--workers", type=int, default=2)
    given = asked.parse_args()
    with tempfile.TemporaryDirectory() as place:
        sys.exit(0 if run(Path(place) / "bureau", given.backlog, given.events, given.every, given.workers) else 1)


if __name__ == "__main__":
    main()
