"""Several processes on one database, one of them killed in the middle: nothing lost, nothing doubled, nothing torn."""

import json
import os
import signal
import subprocess
import sys
import threading
import time
from datetime import datetime, timezone

from model.article import Article
from model.clipping import Record, Signature
from model.credit import LedgerRow
from model.mention import Mention
from model.page import ArchiveRef, Page, PageStatus
from model.search import Query
from model.story import Edge, Relation
from pipelines.store import open_store

PAGES, BATCH, LEASE_S = 240, 8, 1


def now() -> datetime:
    return datetime.now(timezone.utc)


def work(path: str, name: str, start_at: str) -> None:
    """A worker: opens the database at the same instant as the others, takes pages, keeps them, until none is left.  Only w0 begins at once."""
    time.sleep(max(0.0, float(start_at) - time.time()))
    store = open_store(path)
    print("open", flush=True)
    while name != "w0" and not store.get("go"):
        time.sleep(0.02)
    while True:
        pages = store.take_pages(name, BATCH, now(), LEASE_S)
        if not pages:
            if store.page_counts()["clipped"] == PAGES:
                return
            time.sleep(0.05)
            continue
        with store.write() as w:
            for page in pages:
                number = int(page.url.rsplit("/", 1)[1])
                piece = Article(page.url, page.url, f"标题 {number}", "正文 医院", now(), "minute")
                held = w.held(piece.canonical)
                article_id = w.save_article(Record(page.id, "o", "报", "central", piece, (Mention("u1", "医院", 0, 2, "全称"),), (), True, "sha",
                                                   Signature(0, number, 5), f"标题 {number}", "正文 医院"), now())
                if held is None:
                    story = w.new_story(piece.title, now())
                    w.join(story, Edge(article_id, None, Relation.REPOST, 1.0, ""), now())
                    w.add_ledger(LedgerRow(0, now(), "u1", article_id, story, "s@1", "c", "类", 100, "2026Q4", "", ""))
                w.put("alert", f"alert:{article_id}", {"article": article_id}, now(), again=True)
                w.finish_page(page.id, PageStatus.CLIPPED, "", now(), article_id)
            print("inside", flush=True)
            time.sleep(0.03)           # long enough that a kill meets an open transaction


def started(path, name, start_at):
    return subprocess.Popen([sys.executable, __file__, str(path), name, str(start_at)], stdout=subprocess.PIPE, text=True,
                            env=os.environ | {"PYTHONPATH": os.pathsep.join(p for p in sys.path if p)})


def wait_for(worker, line, times):
    for told in worker.stdout:
        times -= told.strip() == line
        if not times:
            return
    raise AssertionError(f"the worker ended before it was {line}")


def test_three_processes_one_killed(place):
    path = place()
    start_at = time.time() + 1.5
    workers = [started(path, f"w{n}", start_at) for n in range(3)]
    for worker in workers:
        wait_for(worker, "open", 1)    # all three made or found the tables, whoever came first
    store = open_store(path)
    for n in range(0, PAGES, 40):
        store.enqueue([(Page(f"http://a.example/{i}", now(), b""), ArchiveRef("f", i, 1, "")) for i in range(n, n + 40)], now())
    wait_for(workers[0], "inside", 2)
    store.put_value("go", "1")
    wait_for(workers[0], "inside", 2)
    os.kill(workers[0].pid, signal.SIGKILL)
    assert [w.communicate(timeout=60) and w.returncode for w in workers] == [-signal.SIGKILL, 0, 0]

    counts = store.page_counts()
    assert counts["clipped"] == sum(counts.values()) == PAGES
    assert store.search(Query(per_page=500)).total == PAGES
    assert store.search(Query("医院")).total == PAGES
    assert len(store.ledger(limit=1000)) == PAGES == len({r.article_id for r in store.ledger(limit=1000)})
    assert store.task_counts()["pending"] == PAGES
    clippings = store.clippings(store.search(Query(per_page=500)).ids)
    assert {c.article.url for c in clippings} == {f"http://a.example/{n}" for n in range(PAGES)}
    assert all(c.story and c.story.copies == 1 for c in clippings)
    if store.db.engine.dialect.name == "sqlite":
        with store.db.write() as conn:
            assert conn.exec_driver_sql("PRAGMA integrity_check").scalar() == "ok"
            assert conn.exec_driver_sql("PRAGMA foreign_key_check").all() == []
            conn.exec_driver_sql("INSERT INTO article_words(article_words) VALUES ('integrity-check')")
    store.close()


def test_threads_share_one_store_and_none_waits_for_another_forever(store):
    errors: list[BaseException] = []

    def serve(n: int) -> None:
        try:
            for k in range(15):
                store.audit(f"user{n}", "look", str(k), "ok", now())
                store.put_value(f"value{n}", str(k))
                assert store.get(f"value{n}") == str(k)
                store.audit_rows(limit=5)
        except BaseException as error:   # noqa: BLE001 - told to the main thread
            errors.append(error)

    threads = [threading.Thread(target=serve, args=(n,)) for n in range(24)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert errors == [] and not any(t.is_alive() for t in threads)
    assert len(store.audit_rows(limit=1000)) == 24 * 15


def test_a_backup_made_while_others_write_is_whole(tmp_path):
    store = open_store(tmp_path / "a.db")
    stop = threading.Event()

    def write() -> None:
        n = 0
        while not stop.is_set():
            n += 1
            store.enqueue([(Page(f"http://a.example/{n}-{k}", now(), b""), ArchiveRef("f", 0, 1, "")) for k in range(10)], now())

    writer = threading.Thread(target=write)
    writer.start()
    try:
        for n in range(3):
            store.backup(str(tmp_path / f"b{n}.db"))
    finally:
        stop.set()
        writer.join(60)
    for n in range(3):
        copy = open_store(tmp_path / f"b{n}.db")
        assert copy.page_counts()["queued"] % 10 == 0          # each batch is there whole or not at all
        with copy.db.read() as conn:
            assert conn.exec_driver_sql("PRAGMA integrity_check").scalar() == "ok"


def test_what_was_committed_is_there_after_a_kill_of_its_writer(place):
    path = place()
    code = ("import sys, json, os; from datetime import datetime, timezone; from pipelines.store import open_store; s = open_store(sys.argv[1])\n"
            "for n in range(10**6):\n s.put_value('n', str(n)); print(json.dumps(n), flush=True)")
    writer = subprocess.Popen([sys.executable, "-c", code, str(path)], stdout=subprocess.PIPE, text=True,
                              env=os.environ | {"PYTHONPATH": os.pathsep.join(p for p in sys.path if p)})
    told = 0
    for line in writer.stdout:
        told = json.loads(line)
        if told >= 200:
            break
    os.kill(writer.pid, signal.SIGKILL)
    for line in writer.stdout:
        if line.endswith("\n"):
            told = json.loads(line)
    writer.wait()
    store = open_store(path)
    assert int(store.get("n")) in (told, told + 1)
    store.close()


if __name__ == "__main__":
    work(*sys.argv[1:])
