"""What the parts of the store stand on: one database and, for a writer, one open transaction."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from typing import TypeVar

from sqlalchemy import Connection

from model.ports import Clock
from pipelines.store.engine import Database

T = TypeVar("T")
_MOST = 500                        # values in one IN (…)


class StorePart:
    """A part of the store: each call is its own transaction."""

    db: Database
    clock: Clock


class WriterPart:
    """A part of the writer: every call is inside the one transaction of `conn`."""

    conn: Connection
    clock: Clock


def url_hash(url: str) -> bytes:
    """16 bytes that stand for an address in unique indices."""
    return hashlib.blake2b(url.encode("utf-8", "replace"), digest_size=16).digest()


def in_lots(values: Sequence[T], most: int = _MOST) -> Iterator[Sequence[T]]:
    for start in range(0, len(values), most):
        yield values[start:start + most]
