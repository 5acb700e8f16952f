"""Where the stores of the tests stand: every test that asks for `place` runs on SQLite and on a real PostgreSQL.

Where PostgreSQL is not installed its half is skipped loudly, or fails if JIANBAO_REQUIRE_POSTGRES=1.
"""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Callable
from itertools import count
from pathlib import Path

import pytest

sys.path[:0] = [str(Path(__file__).resolve().parent), str(Path(__file__).resolve().parent / "unit")]

from servers import postgres  # noqa: E402  (the path has to be known first)


def pytest_collection_modifyitems(items):
    """Browser tests come last: the driver of the browser keeps an event loop in this thread, beside which no other can run."""
    items.sort(key=lambda item: "browser" in item.path.parts)


@pytest.fixture(scope="session")
def postgresql():
    """A running PostgreSQL whose fresh databases have the tables already."""
    if postgres.programs() is None:
        pytest.fail(postgres.ABSENT) if os.environ.get("JIANBAO_REQUIRE_POSTGRES") == "1" else pytest.skip(postgres.ABSENT)
    from pipelines.store import open_store

    with postgres.running() as server:
        model = server.fresh()
        open_store(model).close()
        server.copy_from_now_on(model)
        yield server


@pytest.fixture(scope="session", params=["sqlite", "postgresql"])
def places(request, tmp_path_factory) -> tuple[Callable[[], str], Callable[[str], None]]:
    """(makes an empty place for a store and tells its address, takes it back); one engine after the other."""
    if request.param == "postgresql":
        server = request.getfixturevalue("postgresql")
        return server.fresh, server.back
    from pipelines.store import open_store

    folder, numbers = tmp_path_factory.mktemp("sqlite"), count(1)
    open_store(folder / "model.db").close()        # copied: quicker than making the tables each time
    return lambda: str(shutil.copy(folder / "model.db", folder / f"{next(numbers)}.db")), lambda address: None


@pytest.fixture
def place(places) -> Callable[[], str]:
    """Makes an empty place for a store and tells its address: a file, or a database of the server."""
    fresh, back = places
    given: list[str] = []

    def one() -> str:
        given.append(fresh())
        return given[-1]

    yield one
    for address in given:
        back(address)


@pytest.fixture
def store(place):
    """An empty store, on each engine."""
    from pipelines.store import open_store

    made = open_store(place())
    yield made
    made.close()
