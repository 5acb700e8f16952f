"""What PostgreSQL alone promises: workers beside each other, turns, snapshots, its errors in plain words; and the whole flow on it."""

import subprocess
import sys
import threading
import time
from datetime import timedelta
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import select

from app.house import House
from app.outbox import Hands
from config.init import make
from config.sample.press import Press
from model.search import Query
from pipelines.store import StoreError, open_store
from pipelines.store.move import move
from pipelines.store.tables import metadata, page
from servers import postgres
from store_samples import NOW, article, fetched, later, record, saved

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def empty(postgresql):
    """An address of a database with the tables and nothing in them."""
    address = postgresql.fresh()
    yield address
    postgresql.back(address)


@pytest.fixture
def store(empty):
    made = open_store(empty)
    yield made
    made.close()


def test_the_tables_are_those_the_code_speaks_of(store):
    with store.db.read() as conn:
        context = MigrationContext.configure(conn, opts={"include_name": lambda name, kind, _: not (name or "").startswith("article_words"),
                                                         "compare_type": True})
        assert compare_metadata(context, metadata) == []


def test_several_that_start_at_once_make_the_tables_once(postgresql):
    name = "several"
    postgresql.say(f"CREATE DATABASE {name}")
    errors: list[BaseException] = []

    def start() -> None:
        try:
            open_store(postgresql.address(name)).close()
        except BaseException as error:   # noqa: BLE001 - told to the main thread
            errors.append(error)

    threads = [threading.Thread(target=start) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert errors == []
    postgresql.say("UPDATE alembic_version SET version_num = '9999'", name)
    with pytest.raises(StoreError, match="更新的版本"):
        open_store(postgresql.address(name))


def test_pages_that_another_is_just_taking_are_stepped_over(store):
    ids = store.enqueue([fetched(f"http://a.example/{n}") for n in range(6)], NOW)
    with store.db.write(None) as conn:         # another worker in the middle of taking
        conn.execute(select(page).where(page.c.id.in_(ids[:4])).with_for_update(skip_locked=True)).all()
        taken: list[int] = []
        other = threading.Thread(target=lambda: taken.extend(p.id for p in store.take_pages("w2", 10, NOW)))
        other.start()
        other.join(20)
        assert taken == ids[4:]
    assert [p.id for p in store.take_pages("w1", 10, NOW)] == ids[:4]


def test_a_writer_waits_for_its_turn_and_the_queues_do_not(store):
    store.enqueue([fetched("http://a.example/1")], NOW)
    order: list[str] = []

    def second() -> None:
        with store.write() as w:
            order.append("second")
            w.new_story("t", NOW)

    with store.write() as w:
        waiting = threading.Thread(target=second)
        waiting.start()
        assert len(store.take_pages("w", 5, NOW)) == 1         # on this very thread: inside its transaction
        beside = threading.Thread(target=lambda: (store.enqueue([fetched("http://a.example/2")], NOW), order.append("queue")))
        beside.start()
        beside.join(20)
        order.append("first")
        assert w.new_story("t", NOW) == 1
    waiting.join(20)
    assert order == ["queue", "first", "second"]


def test_what_is_read_together_fits_together(store):
    with store.db.read() as conn:
        before = conn.execute(select(page.c.id)).all()
        store.enqueue([fetched("http://a.example/1")], NOW)
        assert conn.execute(select(page.c.id)).all() == before == []
    assert store.page_counts()["queued"] == 1


def test_a_reader_cannot_write(store):
    with pytest.raises(StoreError, match="只读"), store.db.read() as conn:
        conn.exec_driver_sql("DELETE FROM page")


def test_a_task_asked_for_while_it_is_being_finished_is_done_once_more(store):
    """Whichever comes first, the asking is not lost."""
    for _ in range(20):
        with store.write() as w:
            w.put("credit", "story:1", {}, NOW, again=True)
        [task] = store.take_tasks(["credit"], 1, later(hours=1))
        done = threading.Thread(target=store.task_done, args=(task.id, NOW))
        with store.write() as w:
            done.start()
            w.put("credit", "story:1", {}, NOW, again=True)
        done.join(20)
        assert store.task_counts()["pending"] == 1


@pytest.mark.parametrize("change, told", [
    (lambda a: a.replace("only-for-tests", "wrong-word"), "用户或口令"), (lambda a: a.rsplit("/", 1)[0] + "/nowhere", "没有这个数据库"),
    (lambda a: a.replace(a.split(":")[3].split("/")[0], str(postgres.free_port())), "连不上"), (lambda a: a.rsplit("/", 1)[0], "库名"),
])
def test_what_is_wrong_is_told_without_the_password(empty, change, told):
    with pytest.raises(StoreError, match=told) as raised:
        open_store(change(empty))
    assert "only-for-tests" not in str(raised.value) and "wrong-word" not in str(raised.value)


def test_a_server_that_stops_and_starts_is_found_again(store, postgresql):
    store.put_value("n", "1")
    postgresql.say(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{store.db.url.database}'")
    assert store.get("n") == "1"


def test_a_backup_is_a_dump_that_can_be_restored(store, postgresql, tmp_path):
    ids = saved(store, record())
    store.backup(str(tmp_path / "backup" / "b.dump"))
    saved(store, record(article(2)))
    postgresql.say("CREATE DATABASE restored")
    subprocess.run([postgres.programs() / "pg_restore", "--no-owner", "-d", postgresql.address("restored"), tmp_path / "backup" / "b.dump"], check=True)
    copy = open_store(postgresql.address("restored"))
    assert copy.search(Query("人民医院")).ids == tuple(ids)
    copy.close()


def test_a_very_long_article_is_found_by_its_last_phrase(store):
    text = "的话 " * 20_000 + "医院里的人 " * 400 + "夜间门诊开了"
    [one] = saved(store, record(article(1, "长文", text)))
    assert store.search(Query('"夜间门诊"')).ids == store.search(Query('"的人 夜间"')).ids == (one,)
    assert store.search(Query('"门诊夜间"')).ids == ()


@pytest.fixture(scope="module")
def way(postgresql, tmp_path_factory):
    """The sample bureau on PostgreSQL after a crawl, worked through by two processes at once; and its record moved to SQLite."""
    address, folder = postgresql.fresh(), tmp_path_factory.mktemp("way") / "bureau"
    make(folder, sample=True)
    settings = folder / "settings.yaml"
    environ = {"PATH": "/usr/bin:/bin", "LANG": "C.UTF-8", "WAY_DATABASE": address}
    with Press() as press, pytest.MonkeyPatch.context() as patch:
        patch.setenv("WAY_DATABASE", address)
        press.publish_all()
        written = settings.read_text(encoding="utf-8")
        assert "http://127.0.0.1:8421" in written
        settings.write_text(written.replace("http://127.0.0.1:8421", press.proxy) + "\ndatabase_env: WAY_DATABASE\n", encoding="utf-8")
        crawled = subprocess.run([sys.executable, "-m", "app.cli", "crawl", str(folder), "--once"], cwd=ROOT, env=environ, capture_output=True,
                                 text=True, timeout=180)
        assert crawled.returncode == 0, crawled.stderr[-3000:]
        house = House(folder, "test")
        workers = [subprocess.Popen([sys.executable, "-m", "app.cli", "work", str(folder), "--name", f"w{n}"], cwd=ROOT, env=environ,
                                    stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) for n in range(2)]
        until = time.monotonic() + 180
        while (counts := house.store.page_counts())["queued"] + counts["leased"] and time.monotonic() < until:
            time.sleep(0.2)
        for worker in workers:
            worker.terminate()
        assert [worker.wait(30) for worker in workers] == [0, 0]
        Hands(house).drain()
        box = open_store(tmp_path_factory.mktemp("box") / "box.db")
        move(house.store, box)
        yield house, box
        box.close()
        house.close()


def test_every_page_ends_once_and_copies_find_their_story(way):
    house, box = way
    counts = house.store.page_counts()
    assert counts["clipped"] > 100 and not counts["quarantined"] and not counts["queued"] + counts["leased"]
    everything = house.store.clippings_between(NOW - timedelta(days=4000), NOW + timedelta(days=4000))
    assert everything == box.clippings_between(NOW - timedelta(days=4000), NOW + timedelta(days=4000))
    stories = {c.story.id: c.story.copies for c in everything}
    assert sum(stories.values()) == len(everything) and max(stories.values()) >= 4
    assert house.store.incidents() and house.store.ledger()


def test_a_hundred_searches_find_the_same_on_both_engines(way):
    house, box = way
    words: dict[str, None] = {}
    for c in box.clippings_between(NOW - timedelta(days=4000), NOW + timedelta(days=4000)):
        title = c.article.title
        words |= dict.fromkeys((title[:2], title[3:5], title[:6], f'"{title[2:8]}"', f"{title[:4]} -{title[5:7]}", f"{title[1:3]} {title[4:6]}"))
    asked = [Query(w, per_page=500) for w in list(words)[:300:3]]
    assert len(asked) == 100
    differ = [q.words for q in asked if house.store.search(q) != box.search(q)]
    assert differ == [] and sum(house.store.search(q).total > 0 for q in asked) > 40
    ranked = [(set(house.store.search(q).ids), set(box.search(q).ids)) for q in (Query(w, ranked=True, per_page=500) for w in list(words)[:60:6])]
    assert all(a == b for a, b in ranked)


