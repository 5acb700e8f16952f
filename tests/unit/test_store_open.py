"""Opening: tables are made, upgraded, recognised; what cannot be opened says what to do."""

import sqlite3

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

from pipelines.store import StoreError, migrate, open_store
from pipelines.store.tables import metadata
from store_samples import record, saved


@pytest.fixture
def path(tmp_path):
    return tmp_path / "var" / "jianbao.db"


def test_a_new_database_has_the_tables_the_code_speaks_of(path):
    store = open_store(path)
    with store.db.read() as conn:
        context = MigrationContext.configure(conn, opts={"include_name": lambda name, kind, _: not (name or "").startswith("article_words"),
                                                         "compare_type": True})
        assert compare_metadata(context, metadata) == []
        assert conn.exec_driver_sql("PRAGMA journal_mode").scalar() == "wal"
        assert conn.exec_driver_sql("PRAGMA foreign_keys").scalar() == 1


def test_the_newest_revision_by_name_is_the_newest_by_alembic():
    config = Config()
    config.set_main_option("script_location", str(migrate._FOLDER))
    assert ScriptDirectory.from_config(config).get_current_head() == migrate.head()


def test_what_was_stored_is_there_after_opening_again(path):
    first = open_store(path)
    ids = saved(first, record())
    first.close()
    assert open_store(f"sqlite:///{path}").clipping(ids[0]).article.title == "市人民医院开设夜间门诊"


def test_a_database_of_a_newer_program_is_refused(path):
    open_store(path).close()
    with sqlite3.connect(path) as raw:
        raw.execute("UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(StoreError, match="更新的版本"):
        open_store(path)


def test_a_file_that_is_no_database_is_refused(path):
    path.parent.mkdir()
    path.write_bytes(b"not a database at all, but long enough to look at" * 100)
    with pytest.raises(StoreError, match="不是数据库"):
        open_store(path)


@pytest.mark.parametrize("address", ["mysql://root:secret@db/jianbao", "sqlite://", "sqlite:///:memory:"])
def test_an_address_that_is_not_supported_is_refused_without_its_password(address):
    with pytest.raises(StoreError, match="不支持的数据库") as told:
        open_store(address)
    assert "secret" not in str(told.value)


def test_a_folder_that_cannot_be_made_is_named(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(StoreError, match="目录"):
        open_store(tmp_path / "file" / "jianbao.db")
