"""Brings the tables to the newest revision on start.

A revision is named by its number (`0001_….py` → "0001"), so the newest is known without loading Alembic, and a start
at the newest revision costs one SELECT.  Several processes may start at once: one migrates, the others wait and see it done.
"""

from __future__ import annotations

import fcntl
import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.resources import files
from pathlib import Path

from sqlalchemy import Connection, inspect, text

from pipelines.store.engine import Database, SqliteDatabase
from pipelines.store.errors import StoreError

_FOLDER = Path(str(files("pipelines.store.migrations")))


def head() -> str:
    """The newest revision this program knows."""
    return max(p.name.split("_")[0] for p in (_FOLDER / "versions").glob("[0-9]*_*.py"))


def migrate(db: Database) -> None:
    """Upgrade if needed, in one transaction; a database of a newer program is refused."""
    newest = head()
    if isinstance(db, SqliteDatabase):
        if _revision_of_file(db.path) == newest:
            return
        with _alone(db.path.with_name(db.path.name + ".lock")):
            _use_wal(db)
            _bring_to(newest, db)
        return
    with db.read() as conn:
        if _revision(conn) == newest:
            return
    _bring_to(newest, db)                  # whoever comes second waits for its turn to write and finds it done


def _bring_to(newest: str, db: Database) -> None:
    with db.write() as conn:
        held = _revision(conn)
        if held == newest:
            return
        if held is not None and held > newest:
            raise StoreError(f"数据库由更新的版本写成（{held}，本程序只认识到 {newest}）", db.where, "升级程序，或改用该版本写成的备份")
        _upgrade(conn)


def _upgrade(conn: Connection) -> None:
    from alembic import command            # loaded only when there is something to do: it costs a quarter of a second
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(_FOLDER).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = conn
    command.upgrade(config, "head")


def _revision(conn: Connection) -> str | None:
    if not inspect(conn).has_table("alembic_version"):
        return None
    return conn.execute(text("SELECT version_num FROM alembic_version")).scalar()


def _revision_of_file(path: Path) -> str | None:
    """The revision of a database that is there, is at rest and in WAL mode; None asks for the long way."""
    if not path.exists():
        return None
    try:
        with _closing(sqlite3.connect(path, timeout=5)) as conn:
            if conn.execute("PRAGMA journal_mode").fetchone()[0] != "wal":
                return None
            return conn.execute("SELECT version_num FROM alembic_version").fetchone()[0]
    except (sqlite3.Error, TypeError):
        return None


@contextmanager
def _closing(conn: sqlite3.Connection) -> Iterator[sqlite3.Connection]:
    try:
        yield conn
    finally:
        conn.close()


@contextmanager
def _alone(lock: Path) -> Iterator[None]:
    """One process at a time; the lock falls with the process that holds it."""
    try:
        held = open(lock, "a")
    except OSError as error:
        raise StoreError("数据库目录不能写", str(lock.parent), f"检查目录的属主和写权限（{error.strerror}）") from error
    with held:
        fcntl.flock(held, fcntl.LOCK_EX)
        yield


def _use_wal(db: SqliteDatabase) -> None:
    """WAL is kept in the file; changing to it needs the file alone for a moment, and SQLite does not wait for that by itself."""
    until = time.monotonic() + 30
    with db.explaining():
        while True:
            raw = db.engine.raw_connection()
            try:
                raw.driver_connection.execute("PRAGMA journal_mode=WAL")
                return
            except sqlite3.OperationalError:
                if time.monotonic() > until:
                    raise
                time.sleep(0.05)
            finally:
                raw.close()
