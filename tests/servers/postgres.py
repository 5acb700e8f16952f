"""A PostgreSQL of Debian's packages, started by the tests on its own port and folder, as a user that is not root.

Settings that guard against a power cut are off: nothing here outlives the run.
"""

from __future__ import annotations

import os
import pwd
import shutil
import socket
import subprocess
from collections.abc import Iterator
from contextlib import closing, contextmanager
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

ABSENT = "NO POSTGRESQL: the store was NOT tried on it. Install Debian's postgresql (its server programs are looked for in /usr/lib/postgresql)."
_SETTINGS = ("fsync=off", "synchronous_commit=off", "full_page_writes=off", "autovacuum=off", "shared_buffers=32MB", "max_connections=120",
             "unix_socket_directories=''", "wal_level=minimal", "max_wal_senders=0", "jit=off")
_PASSWORD = "only-for-tests"


def programs() -> Path | None:
    """The folder of initdb, newest version first; None where PostgreSQL is not installed."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda p: int(p.parts[-3]), reverse=True)
    on_path = shutil.which("initdb")
    return found[0].parent if found else Path(on_path).parent if on_path else None


def free_port() -> int:
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Server:
    """A running server; `fresh()` makes an empty database and tells its address, `back()` takes it again."""

    def __init__(self, port: int, host: str = "127.0.0.1"):
        self.port, self.host, self._numbers, self._model, self._idle = port, host, count(1), "", []

    def address(self, name: str) -> str:
        return f"postgresql://tester:{_PASSWORD}@{self.host}:{self.port}/{name}"

    def fresh(self) -> str:
        if self._idle:
            return self._idle.pop()
        name = f"jianbao_{next(self._numbers)}"
        self.say(f'CREATE DATABASE {name} {f"TEMPLATE {self._model}" if self._model else ""}')
        return self.address(name)

    def back(self, address: str) -> None:
        """Empty it for the next who asks: much quicker than making another."""
        name = address.rsplit("/", 1)[1]
        tables = self.say("SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace", name)
        self.say("SET session_replication_role = replica; "               # as a replica, past the guards of the records and foreign keys
                 + "; ".join(f"DELETE FROM {t}" for (t,) in tables if t != "alembic_version")
                 + "; SELECT setval(oid::regclass, 1, false) FROM pg_class WHERE relkind = 'S'", name)
        self._idle.append(address)

    def copy_from_now_on(self, address: str) -> None:
        """`fresh` databases are copies of this one, which nobody is connected to: quicker than making the tables each time."""
        self._model = address.rsplit("/", 1)[1]

    def say(self, statement: str, name: str = "postgres") -> list[tuple]:
        import psycopg

        with psycopg.connect(self.address(name), autocommit=True) as conn:
            told = conn.execute(statement)
            return told.fetchall() if told.description else []


@contextmanager
def running(host: str = "127.0.0.1", others: str = "") -> Iterator[Server]:
    """`others`: a network of other hosts that may log in.  Start in a folder of its own (pytest closes its folders to other users at any time), stop at the end."""
    bin_, port, who = programs(), free_port(), _not_root()
    with TemporaryDirectory(prefix="jianbao-postgresql-") as made:
        folder, data = Path(made), Path(made) / "data"
        (folder / "password").write_text(_PASSWORD)
        if who:
            for path in (folder, folder / "password"):
                os.chown(path, who["user"], who["group"])
        _run([bin_ / "initdb", "-D", data, "-U", "tester", "--pwfile", folder / "password", "-A", "scram-sha-256", "-E", "UTF8",
              "--locale=C.UTF-8", "--no-sync", "--no-instructions"], folder, who)
        with open(data / "postgresql.conf", "a") as conf:
            conf.write("\n" + "\n".join(_SETTINGS) + f"\nport={port}\nlisten_addresses='{host}'\n")
        if others:
            with open(data / "pg_hba.conf", "a") as rules:
                rules.write(f"host all all {others} scram-sha-256\n")
        _run([bin_ / "pg_ctl", "-D", data, "-l", folder / "log", "-w", "-t", "60", "start"], folder, who)
        try:
            yield Server(port, host)
        finally:
            _run([bin_ / "pg_ctl", "-D", data, "-m", "immediate", "stop"], folder, who)


def _not_root() -> dict[str, Any]:
    """How to run as somebody else where this is root, whom PostgreSQL refuses."""
    if os.geteuid() != 0:
        return {}
    names = {p.pw_name for p in pwd.getpwall()}
    user = pwd.getpwnam("postgres" if "postgres" in names else "nobody")
    return {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}


def _run(command: list, folder: Path, who: dict[str, Any]) -> None:
    """What it says goes to a file: a server started here would hold a pipe open."""
    with open(folder / "said", "w+") as said:
        done = subprocess.run([str(part) for part in command], stdin=subprocess.DEVNULL, stdout=said, stderr=said, cwd="/", timeout=120,
                              env={"PATH": os.environ.get("PATH", ""), "LC_ALL": "C.UTF-8"}, **who)
        if done.returncode:
            said.seek(0)
            raise RuntimeError(f"{command[0]}: {said.read()[-2000:]}")
