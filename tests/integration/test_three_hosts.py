"""Crawl, two work hosts and the servers in network namespaces: one is cut off in the middle of its turn, one is killed, the rest goes on."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import threading
import time
from http.server import ThreadingHTTPServer
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
import yaml

from app.house import House
from config.init import make
from config.sample.press import Press
from config.sample.truth import load as truth
from model.search import Query
from pipelines.store.store import SqlStore
from servers import elasticsearch, hosts, postgres, s3
from test_kill import Receiver, free_port, settled, whole, with_channel

ROOT = Path(__file__).resolve().parents[2]
HOLDER = """
import sys, time
from pipelines.store import open_store
store = open_store(sys.argv[1])
with store.write():
    print("holds", flush=True)
    time.sleep(600)
"""
pytestmark = pytest.mark.slow


@pytest.fixture
def ground(tmp_path):
    """(three hosts, PostgreSQL, S3 store, address of Elasticsearch where Java is), or skipped loudly.  Takes two minutes, so it is asked for by name."""
    if os.environ.get("JIANBAO_HOSTS") != "1" and os.environ.get("JIANBAO_REQUIRE_HOSTS") != "1":
        pytest.skip("three hosts NOT tried: JIANBAO_HOSTS=1 make test ARGS=tests/integration/test_three_hosts.py")
    for absent, needed in ((hosts.ABSENT, hosts.possible()), (postgres.ABSENT, postgres.programs() is not None), (s3.ABSENT, s3.possible())):
        if not needed:
            pytest.fail(absent) if os.environ.get("JIANBAO_REQUIRE_HOSTS") == "1" else pytest.skip(absent)
    with hosts.hosts("crawl", "work1", "work2") as three, postgres.running(hosts.SERVERS, hosts.NETWORK) as server, \
            TemporaryDirectory(prefix="jianbao-s3-") as kept:
        objects = s3.Store(Path(kept), hosts.SERVERS)
        objects.start()
        try:
            if elasticsearch.possible():
                with elasticsearch.running(host=hosts.SERVERS) as node:
                    yield three, server, objects, node.address
            else:
                print(elasticsearch.ABSENT)
                yield three, server, objects, ""
        finally:
            objects.stop()


def bureau(folder: Path, endpoint: str, search: str, proxy: str) -> Path:
    """A host's own copy of the bureau's folder: they share the servers alone."""
    make(folder, sample=True)
    path = folder / "settings.yaml"
    settings = yaml.safe_load(path.read_text(encoding="utf-8"))
    settings["crawl"] |= {"proxy": proxy, "delay_s": 0.1}
    settings["web"]["port"] = free_port()
    settings |= {"database_env": "JIANBAO_DATABASE",
                 "archive": {"place": f"s3://{s3.BUCKET}/yunchuan", "endpoint": endpoint, "region": "us-east-1", "timeout_s": 3,
                             "key_env": "JIANBAO_S3_KEY", "secret_env": "JIANBAO_S3_SECRET"}}
    if search:
        settings["search"] = {"hosts": [search], "index": "yunchuan"}
    path.write_text(yaml.safe_dump(settings, allow_unicode=True), encoding="utf-8")
    rules = folder / "rules.yaml"
    rules.write_text(with_channel(rules.read_text(encoding="utf-8")), encoding="utf-8")
    return folder


def ended(house: House) -> int:
    counts = house.store.page_counts()
    return sum(counts.values()) - counts["queued"] - counts["leased"]


def grows(house: House, by: int, seconds: float) -> None:
    begun, deadline = ended(house), time.monotonic() + seconds
    while ended(house) < begun + by:
        assert time.monotonic() < deadline, f"the rest stood still: {house.store.page_counts()}"
        time.sleep(0.3)


def test_one_is_cut_off_and_one_is_killed(ground, tmp_path, monkeypatch):
    (crawl, work1, work2), server, objects, search = ground
    receiver = ThreadingHTTPServer(("127.0.0.1", 0), Receiver)
    threading.Thread(target=receiver.serve_forever, daemon=True).start()
    for name, value in {"JIANBAO_DATABASE": server.fresh(), "JIANBAO_S3_KEY": s3.KEY, "JIANBAO_S3_SECRET": s3.SECRET,
                        "JIANBAO_TEST_HOOK": f"json://127.0.0.1:{receiver.server_address[1]}/"}.items():
        monkeypatch.setenv(name, value)
    press = crawl.call(lambda: Press())            # its sockets are those of the crawl's host, and nobody else reaches it
    log, crew = open(tmp_path / "log", "ab"), {}

    def start(name: str, host: hosts.Host | None, *command: str) -> subprocess.Popen:
        words = [*(host.within if host else ()), sys.executable, *command]
        crew[name] = subprocess.Popen([str(w) for w in words], cwd=ROOT, stdout=log, stderr=log)
        return crew[name]

    with press:
        press.publish_all()
        folders = {name: bureau(tmp_path / name, objects.endpoint, search, press.proxy) for name in ("crawl", "work1", "work2", "serve")}
        house = House(folders["serve"], "test")
        house.store.page_counts()
        if search:
            house.store.rebuild_search()          # as `jianbao reindex` does
        try:
            start("serve", None, "-m", "app.cli", "serve", folders["serve"])
            start("work-1", work1, "-m", "app.cli", "work", folders["work1"], "--name", "work-1")
            start("work-2", work2, "-m", "app.cli", "work", folders["work2"], "--name", "work-2")
            start("crawl", crawl, "-m", "app.cli", "crawl", folders["crawl"])
            grows(house, 40, 150)
            holder = subprocess.Popen([*work2.within, sys.executable, "-c", HOLDER, os.environ["JIANBAO_DATABASE"]], cwd=ROOT,
                                      stdout=subprocess.PIPE, stderr=log, text=True)
            crew["holder"] = holder
            assert holder.stdout.readline().strip() == "holds"
            work2.cut_off()                       # in the middle of a turn of the record, which everybody waits for
            grows(house, 20, 110)                 # the server takes the turn back, and the others go on
            work2.join()
            crew["work-1"].kill()                 # this host does not come back
            crew["work-1"].wait()
            if crew["work-2"].poll() is not None:  # its service manager starts it again
                start("work-2", work2, "-m", "app.cli", "work", folders["work2"], "--name", "work-2")
            wanted = {e.url for e in truth(press.now)}
            deadline = time.monotonic() + 200
            while not settled(house, wanted, 3):
                assert time.monotonic() < deadline, (house.store.page_counts(), house.store.link_counts(), house.store.task_counts(),
                                                     (tmp_path / "log").read_text(encoding="utf-8")[-2000:])
                if crew["work-2"].poll() is not None:
                    start("work-2", work2, "-m", "app.cli", "work", folders["work2"], "--name", "work-2")
            if search:                            # what it was not told while hosts fell, it has been told since, once
                while house.store.search_state().waiting:
                    assert time.monotonic() < deadline + 30, house.store.search_state()
                    time.sleep(0.5)
                house.store.index.refresh()
                for asked in (Query("医院", per_page=500), Query(per_page=500)):
                    assert house.store.search(asked) == SqlStore.search(house.store, asked)
        finally:
            for process in crew.values():
                process.terminate()
            for process in crew.values():
                try:
                    process.wait(20)
                except subprocess.TimeoutExpired:
                    process.kill()
            receiver.shutdown()
        whole(house, press, wanted)
        assert objects.objects() and not any((f / "var" / "archive").exists() for f in folders.values())
        house.close()
    shutil.rmtree(tmp_path, ignore_errors=True)
