"""One database seen from one process: connections, transactions, the turn of writers.

`open_database` is the one place that looks at the address.  What is SQLite's alone (pragmas, BEGIN IMMEDIATE, online backup) is in this
file, what is PostgreSQL's in `postgres.py`.  On SQLite writers of one process queue on a lock; those of several processes on SQLite's
own, asked for every few milliseconds up to `_BUSY_S`: SQLite's own way of waiting sleeps ever longer, and a busy pair of processes keeps
a third out for seconds.
"""

from __future__ import annotations

import os
import random
import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from pathlib import Path

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, SQLAlchemyError

from pipelines.store.errors import StoreError, explained

_BUSY_S = 30.0
_ASK_EVERY_S = 0.003
_PATIENT, _IMPATIENT = f"PRAGMA busy_timeout={_BUSY_S * 1000:.0f}", "PRAGMA busy_timeout=0"
_PRAGMAS = (_PATIENT, "PRAGMA synchronous=NORMAL", "PRAGMA foreign_keys=ON",
            "PRAGMA temp_store=MEMORY", "PRAGMA cache_size=-32000")


RECORD, FRONTIER = "record", "frontier"
"""The turns of `Database.write`: one writer at a time in each.  Who needs both asks for RECORD first."""


class Database:
    """`read()` and `write()` give a connection inside a transaction; `where` is its place for the screen, without a password.

    An engine says how a turn is taken (`_begin`, `_again`), which errors are its driver's, and how a copy is made (`_copy`).
    """

    driver_error: type[Exception]

    def __init__(self, engine: Engine, reading: Engine, where: str):
        self.engine, self.where, self._reading = engine, where, reading
        self._mine = threading.local()

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """A snapshot: what is read inside fits together, whatever is written meanwhile."""
        with self.explaining(), self._reading.connect() as conn:
            yield conn

    @contextmanager
    def write(self, turn: str | None = RECORD) -> Iterator[Connection]:
        """A transaction that waits for its turn; an exception undoes everything.  Begun inside another on the same thread it joins it.

        `turn` None: only rows of its own are touched, so others may write beside it where the engine can (on SQLite none can).
        """
        joined = getattr(self._mine, "conn", None)
        if joined is not None:
            self._again(joined, turn)
            yield joined
            return
        with self.explaining(), self._begin(turn) as conn:
            self._mine.conn = conn
            try:
                yield conn
            finally:
                self._mine.conn = None

    @contextmanager
    def explaining(self) -> Iterator[None]:
        """The engine's errors that a person can mend come out as `StoreError`."""
        try:
            yield
        except (SQLAlchemyError, self.driver_error) as error:
            told = explained(error, self.where)
            if told is None:
                raise
            raise told from error

    def backup(self, target: Path) -> None:
        """A whole copy of one moment while others write; `target` appears only when complete."""
        part = target.with_name(target.name + ".part")
        try:
            target.parent.mkdir(parents=True, exist_ok=True)
            part.unlink(missing_ok=True)
            self._copy(part, target)
            with open(part, "rb") as done:
                os.fsync(done.fileno())
            os.replace(part, target)
        except OSError as error:
            raise StoreError("备份没有写成", str(target), f"检查磁盘空间和目录权限（{error.strerror}）") from error
        finally:
            with suppress(OSError):
                part.unlink(missing_ok=True)

    def close(self) -> None:
        self.engine.dispose()

    def _begin(self, turn: str | None) -> AbstractContextManager[Connection]:
        raise NotImplementedError

    def _again(self, conn: Connection, turn: str | None) -> None:
        """The turn asked for inside a transaction that runs."""

    def _copy(self, part: Path, target: Path) -> None:
        """Write the copy to `part`; `target` is for words."""
        raise NotImplementedError


def open_database(url_or_path: str | os.PathLike[str]) -> Database:
    """Of a path, `sqlite:////path` or `postgresql://user@host/name`.  Raises `StoreError`."""
    given = os.fspath(url_or_path)
    if given.split("://")[0].split("+")[0] in ("postgresql", "postgres"):
        from pipelines.store.postgres import PostgresDatabase     # loads its driver: one box does without

        return PostgresDatabase(given)
    return SqliteDatabase(_file_of(given))


class SqliteDatabase(Database):
    """`Database` over the file at `path`; the one write lock is held from the start of a transaction, whatever the turn."""

    driver_error = sqlite3.Error

    def __init__(self, path: Path):
        self.path = path
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise StoreError("数据库目录建不了", str(path), f"检查目录权限（{error.strerror}）") from error
        engine = _engine(path)
        super().__init__(engine, engine, str(path))
        self._writing = engine.execution_options(immediate=True)
        self._turn = threading.Lock()

    @contextmanager
    def _begin(self, turn: str | None) -> Iterator[Connection]:
        with self._turn, self._writing.begin() as conn:
            yield conn

    def _copy(self, part: Path, target: Path) -> None:
        with self.explaining():
            origin, copy = sqlite3.connect(self.path), sqlite3.connect(part)
            try:
                origin.backup(copy)
            finally:
                copy.close()
                origin.close()


def _file_of(url_or_path: str) -> Path:
    if "://" not in url_or_path:
        return Path(url_or_path).absolute()
    try:
        url = make_url(url_or_path)
    except ArgumentError as error:
        raise StoreError("数据库地址写法不对", url_or_path.split("@")[-1], "写成文件路径、sqlite:////绝对路径，或 postgresql://用户@主机/库名") from error
    if url.get_backend_name() != "sqlite" or not url.database or url.database == ":memory:":
        raise StoreError("不支持的数据库", url.render_as_string(hide_password=True), "写成文件路径、sqlite:////绝对路径，或 postgresql://用户@主机/库名")
    return Path(url.database).absolute()


def _engine(path: Path) -> Engine:
    # ?timeout is the driver's own busy handler: it also covers the statements run before the pragmas.
    engine = create_engine(f"sqlite:///{path}", pool_size=8, max_overflow=56, pool_timeout=30,
                           connect_args={"timeout": _BUSY_S, "check_same_thread": False})

    @event.listens_for(engine, "connect")
    def prepare(raw: sqlite3.Connection, _record: object) -> None:
        raw.isolation_level = None             # transactions are begun below, never by the driver
        for pragma in _PRAGMAS:
            raw.execute(pragma)

    @event.listens_for(engine, "begin")
    def begin(conn: Connection) -> None:
        raw = conn.connection.driver_connection
        if conn.get_execution_options().get("immediate"):
            _begin_immediate(raw)
        else:
            raw.execute("BEGIN")

    return engine


def _begin_immediate(raw: sqlite3.Connection) -> None:
    until = time.monotonic() + _BUSY_S
    raw.execute(_IMPATIENT)
    try:
        while True:
            try:
                raw.execute("BEGIN IMMEDIATE")
                return
            except sqlite3.OperationalError as error:
                if "locked" not in str(error) or time.monotonic() > until:
                    raise
            time.sleep(_ASK_EVERY_S * (0.5 + random.random()))   # uneven, so that two who ask do not keep step
    finally:
        raw.execute(_PATIENT)
