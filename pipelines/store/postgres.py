"""PostgreSQL seen from one process: any number of them, on any number of hosts, share one record.

Readers get a snapshot (REPEATABLE READ, read only).  Writers take turns by an advisory lock that falls with their transaction: articles
are saved and stories joined by one process at a time, so ids grow in the order in which they become visible and no two workers make two
stories of one.  Queues are taken without any turn, by SKIP LOCKED.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
from sqlalchemy import Connection, create_engine, text
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError

from pipelines.store.engine import FRONTIER, RECORD, Database
from pipelines.store.errors import StoreError

_HOUSE = 0x6A62                    # the first half of our advisory locks, so that others' in the same cluster do not meet them
_TURNS = {RECORD: 1, FRONTIER: 2}
# A host that is cut off in the middle of its turn must not keep the others waiting: both sides notice within half a minute.
_SETTINGS = ("-c timezone=UTC -c lock_timeout=120s -c idle_in_transaction_session_timeout=600s "
             "-c tcp_keepalives_idle=10 -c tcp_keepalives_interval=5 -c tcp_keepalives_count=3 -c tcp_user_timeout=25000")
_NOTICE = {"connect_timeout": 10, "keepalives_idle": 10, "keepalives_interval": 5, "keepalives_count": 3, "tcp_user_timeout": 25_000}
_TAKE = text("SELECT pg_advisory_xact_lock(:house, :turn)")


class PostgresDatabase(Database):
    """`Database` at a `postgresql://` address; parameters of libpq (host, sslmode, sslrootcert …) may follow its question mark."""

    driver_error = psycopg.Error

    def __init__(self, address: str):
        self.url = url = _url_of(address)
        # "format" placeholders: `Prepared` hands the driver its values by place
        engine = create_engine(url, paramstyle="format", pool_size=8, max_overflow=56, pool_timeout=30, pool_pre_ping=True,
                               connect_args=_NOTICE | {"application_name": "jianbao", "options": _SETTINGS})
        super().__init__(engine, engine.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True),
                         url.set(drivername="postgresql", query={}).render_as_string(hide_password=True))

    @contextmanager
    def _begin(self, turn: str | None) -> Iterator[Connection]:
        with self.engine.begin() as conn:
            _wait_for(conn, turn)
            yield conn

    def _again(self, conn: Connection, turn: str | None) -> None:
        _wait_for(conn, turn)

    def _copy(self, part: Path, target: Path) -> None:
        """A dump for `pg_restore`."""
        program = shutil.which("pg_dump")
        if program is None:
            raise StoreError("备份没有写成", str(target), "在这台机器上安装 postgresql-client，或由数据库管理员备份")
        url = self.url.set(drivername="postgresql", password=None)
        told = subprocess.run([program, "--format=custom", "--file", str(part), "--dbname", url.render_as_string(hide_password=False)],
                              env=os.environ | ({"PGPASSWORD": str(self.url.password)} if self.url.password else {}),
                              stdin=subprocess.DEVNULL, capture_output=True, text=True)
        if told.returncode:
            raise StoreError("备份没有写成", str(target), told.stderr.strip()[-300:] or "检查数据库是否可用")


def _wait_for(conn: Connection, turn: str | None) -> None:
    """Asked again for a turn that is held, it is given at once."""
    if turn is not None:
        conn.execute(_TAKE, {"house": _HOUSE, "turn": _TURNS[turn]})


def _url_of(address: str) -> URL:
    try:
        url = make_url(address)
    except ArgumentError as error:
        raise StoreError("数据库地址写法不对", address.split("@")[-1], "写成 postgresql://用户@主机/库名") from error
    if not url.database:
        raise StoreError("数据库地址没有写库名", url.render_as_string(hide_password=True), "写成 postgresql://用户@主机/库名")
    return url.set(drivername="postgresql+psycopg")
