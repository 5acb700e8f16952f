"""Accounts, sessions, the audit log, small named values, the backup."""

from dataclasses import replace

import pytest

from model.search import Query
from model.user import Role, User
from pipelines.store import StoreError, open_store
from store_samples import NOW, later, record, saved


ANNA = User(0, "wang", "王值班", Role.DUTY, "u1", True, True)


def test_a_user_is_saved_changed_and_found(store):
    user_id = store.save_user(ANNA, "hash1")
    assert store.user("wang") == (replace(ANNA, id=user_id), "hash1")
    store.save_user(replace(ANNA, id=user_id, display="王主任", must_change=False), None)
    assert store.user("wang") == (replace(ANNA, id=user_id, display="王主任", must_change=False), "hash1")
    assert store.user("nobody") is None
    assert [u.name for u in store.users()] == ["wang"]


def test_sessions_open_live_and_close(store):
    user_id = store.save_user(ANNA, "h")
    store.open_session("t1", user_id, NOW)
    store.touch_session("t1", later(minutes=5))
    assert store.session("t1") == (replace(ANNA, id=user_id), later(minutes=5))
    store.close_session("t1")
    assert store.session("t1") is None


def test_a_switched_off_user_is_logged_out(store):
    user_id = store.save_user(ANNA, "h")
    store.open_session("t1", user_id, NOW)
    store.save_user(replace(ANNA, id=user_id, active=False), None)
    assert store.session("t1") is None


def test_old_sessions_are_swept_away(store):
    user_id = store.save_user(ANNA, "h")
    store.open_session("t1", user_id, NOW)
    store.open_session("t2", user_id, later(days=31))
    assert store.session("t1") is None and store.session("t2") is not None


def test_failures_count_from_the_last_success_and_inside_the_window(store):
    for minute, result in enumerate(("failed", "failed", "ok", "failed", "locked", "failed")):
        store.audit("wang", "login", "", result, later(minutes=minute), "10.0.0.1")
    store.audit("wang", "password", "wang", "failed", later(minutes=9))
    store.audit("li", "login", "", "failed", later(minutes=9))
    assert store.failed_logins("wang", NOW) == 2
    assert store.failed_logins("wang", later(minutes=4)) == 1


def test_audit_rows_are_told_newest_first(store):
    store.audit("wang", "login", "", "ok", NOW, "10.0.0.1")
    store.audit("wang", "download_docx", "2026W47", "ok", later(minutes=1))
    assert store.audit_rows(limit=1) == [(later(minutes=1), "wang", "download_docx", "2026W47", "ok", "")]
    assert store.audit_rows()[1] == (NOW, "wang", "login", "", "ok", "10.0.0.1")


def test_named_values(store):
    assert store.get("mark", "none") == "none"
    store.put_value("mark", "1")
    store.put_value("mark", "")
    assert store.get("mark", "none") == ""


@pytest.fixture
def one_file(tmp_path):
    made = open_store(tmp_path / "a.db")
    yield made
    made.close()


def test_a_backup_is_a_whole_database(one_file, tmp_path):
    store = one_file
    saved(store, record())
    store.backup(str(tmp_path / "backup" / "b.db"))
    saved(store, record())
    copy = open_store(tmp_path / "backup" / "b.db")
    assert copy.search(Query("人民医院")).total == 1
    assert [p.name for p in (tmp_path / "backup").iterdir() if p.suffix == ".part"] == []


def test_a_backup_that_cannot_be_written_says_so(store, tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(StoreError, match="备份没有写成"):
        store.backup(str(tmp_path / "file" / "b.db"))


def test_a_full_disk_is_told_in_plain_words_and_loses_nothing(one_file):
    store = one_file
    ids = saved(store, record())
    with store.db.write() as conn:
        limit = conn.exec_driver_sql("PRAGMA page_count").scalar()
        conn.exec_driver_sql(f"PRAGMA max_page_count = {limit}")   # SQLite then answers as on a full disk
    with pytest.raises(StoreError, match="磁盘已满") as told:
        store.put_value("big", "字" * 5_000_000)
    assert told.value.remedy and str(store.db.path) in str(told.value)
    assert store.clipping(ids[0]) is not None


def test_a_time_without_zone_is_refused(store):
    with pytest.raises(ValueError, match="zone"):
        store.audit("wang", "login", "", "ok", NOW.replace(tzinfo=None))
