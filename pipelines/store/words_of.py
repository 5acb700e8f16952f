"""Which module keeps the words of clippings in a database of that dialect."""

from __future__ import annotations

from importlib import import_module
from types import ModuleType
from typing import Protocol

from sqlalchemy import Connection

_MODULES = {"sqlite": "pipelines.store.fts", "postgresql": "pipelines.store.postgres_words"}


class Changes(Protocol):
    """What a transaction does to the index of words, kept for its end."""

    def add(self, article_id: int, title: str, text: str) -> None:
        """Tokens joined by blanks."""

    def remove(self, article_id: int, tokens: bytes) -> None:
        """`tokens` as they were put in (`tokens.deflate`)."""

    def write(self) -> None: ...


def engine(dialect: str) -> ModuleType:
    """With `Changes`, `matching`, `without`, `scored`, `place` and `newest`."""
    return import_module(_MODULES[dialect])


def changes(conn: Connection) -> Changes:
    return engine(conn.dialect.name).Changes(conn)
