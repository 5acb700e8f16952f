"""A record carried from one engine to the other: whole, taken up where it was cut off, and not believed when it differs."""

import subprocess
import sys
import time
from pathlib import Path

import pytest

from model.page import PageStatus
from model.search import Query
from model.story import First, FirstState
from model.user import Role, User
from pipelines.store import StoreError, open_store
from pipelines.store.move import compare, move, row_counts
from store_samples import NOW, article, credit, fetched, founder, full_article, incident, later, record, saved

ROOT = Path(__file__).resolve().parents[2]
NUMBER = 2300                      # more than two lots


def fill(store) -> None:
    """Something in every corner of the record, a closed period and a gap in the numbers among it."""
    store.sync_sources([], NOW)
    pages = store.enqueue([fetched(f"http://news.example/{n}.html") for n in range(NUMBER)], NOW)
    saved(store, record(full_article(), pages[0], units=("u1", "甲", "Ünit", "a"), simhash=2**63 + 5, unresolved=True))
    ids = saved(store, *(record(article(n, f"标题{n}"), pages[n], units=("u2", "u1"), simhash=n) for n in range(2, NUMBER)))
    saved(store, record(article(NUMBER + 1, "无关的稿件"), matched=False))
    with store.write() as w:
        story = w.new_story("门诊", NOW)
        gone = w.new_story("合并掉的", NOW)
        w.join(gone, founder(ids[0]), NOW)
        w.join(story, founder(ids[0]), NOW)
        w.set_first(story, First(ids[0], FirstState.PROBABLE, "时间最早"), "门诊", "central")
        w.pin(ids[0], ids[1], "split", "王", NOW)
        case = w.new_incident(incident(units=("u1", "u2"), stories=(story,)))
        w.log(case, "系统", "opened", "新舆情", NOW, {"level": 3})
        w.put("alert", "alert:1", {"article": 1}, NOW)
        w.add_ledger(credit("u1"))
        w.add_period_event("2026Q4", "closed", "李", "季度结账", {"u1": 600}, NOW)
        w.finish_page(pages[0], PageStatus.CLIPPED, "涉及：市人民医院", NOW, ids[0])
    store.save_user(User(0, "wang", "王值班", Role.DUTY), "hash")
    store.open_session("token", 1, NOW)
    store.audit("wang", "login", "", "ok", NOW)
    store.record_sent("desk", "k", True, "", NOW)
    store.put_value("名", "值\n")
    store.put_value("Z", "大写")
    store.put_value("a", "小写")


@pytest.fixture(scope="module")
def filled(tmp_path_factory):
    made = open_store(tmp_path_factory.mktemp("from") / "from.db")
    fill(made)
    yield made
    made.close()


def test_all_of_it_arrives_and_is_found(filled, store):
    told: list[tuple[str, int]] = []
    compared = move(filled, store, lambda table, rows: told.append((table, rows)))
    assert all(c.same and c.source == c.target for c in compared)
    assert sum(c.source for c in compared) == sum(row_counts(filled).values()) == sum(n for name, n in told if name != "article_words") > 4 * NUMBER
    for query in (Query(per_page=500), Query("人民医院", per_page=500), Query('"夜间门诊" -标题7', per_page=500), Query(units=("甲",)), Query("标题9", ranked=True)):
        assert store.search(query) == filled.search(query)
    assert store.clipping(1) == filled.clipping(1)


def test_numbers_go_on_and_guards_hold(filled, store):
    move(filled, store)
    with store.write() as w:
        assert w.new_story("新", NOW) == 3         # 2 was given once
        assert saved(store, record(article(NUMBER + 2), page_id=1)) == [NUMBER + 1]
    with pytest.raises(Exception, match="已结账|closed"):
        with store.write() as w:
            w.add_ledger(credit("u2"))
    with pytest.raises(StoreError, match="只能追加"), store.db.write() as conn:
        conn.exec_driver_sql("DELETE FROM period_event")


class Cut(Exception):
    pass


def test_what_was_cut_off_is_taken_up_without_doubling(filled, store):
    for after in (1, 4, 7):
        lots = 0

        def step(table: str, rows: int) -> None:
            nonlocal lots
            lots += 1
            if lots > after:
                raise Cut

        with pytest.raises(Cut):
            move(filled, store, step)
    assert not all(c.same for c in compare(filled, store))
    assert all(c.same for c in move(filled, store))
    assert store.search(Query("标题")).total == filled.search(Query("标题")).total


def test_killed_in_the_middle_it_goes_on(filled, place):
    """The process itself, by SIGKILL, three times at different moments; the fourth run ends with the same counts and checksums."""
    target = place()
    command = [sys.executable, "-m", "app.cli", "move", "--from", filled.db.where, "--to", "env:TARGET"]
    environ = {"PATH": "/usr/bin:/bin", "LANG": "C.UTF-8", "TARGET": target}
    seen = open_store(target)
    sizes = []
    for most in (1, NUMBER, 2 * NUMBER):
        mover = subprocess.Popen(command, cwd=ROOT, env=environ, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        while sum(row_counts(seen).values()) < most and mover.poll() is None:
            time.sleep(0.01)
        mover.kill()
        mover.wait()
        sizes.append(sum(row_counts(seen).values()))
    assert sizes == sorted(sizes) and 0 < sizes[0] < sum(row_counts(filled).values())
    done = subprocess.run(command, cwd=ROOT, env=environ, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    assert all(c.same for c in compare(filled, seen))
    assert seen.search(Query("人民医院", per_page=500)) == filled.search(Query("人民医院", per_page=500))
    seen.close()


def test_a_target_that_holds_something_else_is_refused(filled, store):
    store.put_value("n", "1")
    with pytest.raises(StoreError, match="不是空的"):
        move(filled, store)


def test_a_source_that_changed_meanwhile_is_told(tmp_path, store):
    source = open_store(tmp_path / "a.db")
    source.put_value("n", "1")
    assert all(c.same for c in move(source, store))
    source.put_value("n", "2")
    with pytest.raises(StoreError, match="named_value（1 行 / 1 行）"):
        move(source, store)
    source.close()


def test_the_way_back(filled, store, tmp_path):
    """What a server holds comes home to one file."""
    move(filled, store)
    with store.write() as w:
        w.put("alert", "alert:2", {"article": 2}, later(hours=1))
    home = open_store(tmp_path / "home.db")
    assert all(c.same for c in move(store, home))
    assert home.search(Query("夜间门诊", per_page=500)) == filled.search(Query("夜间门诊", per_page=500))
    home.close()


def test_the_command(tmp_path, place):
    source = open_store(tmp_path / "a.db")
    saved(source, record())
    source.close()

    def command(*more: str, **environ: str):
        return subprocess.run([sys.executable, "-m", "app.cli", "move", *more], cwd=ROOT, capture_output=True, text=True, timeout=60,
                              env={"PATH": "/usr/bin:/bin", "LANG": "C.UTF-8"} | environ)

    done = command("--from", f"sqlite:///{tmp_path}/a.db", "--to", "env:TARGET", TARGET=place())
    assert done.returncode == 0 and "一致" in done.stdout, done.stderr
    wrong = command("--from", str(tmp_path / "a.db"), "--to", "env:NOBODY_SET_THIS")
    assert wrong.returncode == 1 and "NOBODY_SET_THIS" in wrong.stderr
    same = command("--from", str(tmp_path / "a.db"), "--to", str(tmp_path / "a.db"))
    assert same.returncode == 1 and "同一个" in same.stderr
