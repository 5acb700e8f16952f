"""`jianbao move`: carries a bureau's record into another database and says table by table that it is the same."""

from __future__ import annotations

import os
from collections.abc import Callable

from pipelines.store import open_store
from pipelines.store.move import Compared, move, row_counts


def address(given: str) -> str:
    """`env:NAME` stands for what that environment variable holds, so that no password is on a command line.  Raises ValueError."""
    if not given.startswith("env:"):
        return given
    name = given.removeprefix("env:")
    if not os.environ.get(name):
        raise ValueError(f"环境变量 {name} 没有设置")
    return os.environ[name]


def run(source: str, target: str, begin: Callable[[int], Callable[[str, int], None]]) -> list[Compared]:
    """`begin` is given the number of rows and gives what is told of every lot.  Raises `StoreError` and ValueError."""
    old = open_store(address(source))
    try:
        new = open_store(address(target))
        try:
            return move(old, new, begin(sum(row_counts(old).values())))
        finally:
            new.close()
    finally:
        old.close()
