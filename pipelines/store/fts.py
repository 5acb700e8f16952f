"""The words of clippings in SQLite's FTS5: what goes in, what comes out, how a query asks.

The index holds no text of its own (contentless), only words cut beforehand; taking a row out needs the very words that were put
in, so these are kept deflated beside the article.
"""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import Column, ColumnElement, Connection, Subquery, func, select, text
from sqlalchemy.sql import column, literal_column

from pipelines.store.tables import article
from pipelines.store.tokens import inflate
from pipelines.store.typed import Phrase, Typed

_RANK = "bm25(article_words, 8.0, 1.0)"         # a word in the title weighs eight in the text
_INSERT = "INSERT INTO article_words(rowid, title, text) VALUES (?, ?, ?)"
_DELETE = "INSERT INTO article_words(article_words, rowid, title, text) VALUES ('delete', ?, ?, ?)"


class Changes:
    """What a transaction does to the index, kept for its end.

    FTS5 writes out what it has gathered whenever another statement opens a savepoint of its own; an article at a time that costs
    three times the work and leaves an index of crumbs.
    """

    def __init__(self, conn: Connection):
        self._conn = conn
        self._waiting: list[tuple[str, tuple[int, str, str]]] = []

    def add(self, article_id: int, title: str, text: str) -> None:
        self._waiting.append((_INSERT, (article_id, title, text)))

    def remove(self, article_id: int, tokens: bytes) -> None:
        self._waiting.append((_DELETE, (article_id, *inflate(tokens))))

    def write(self) -> None:
        """In the order they were asked for."""
        cursor = self._conn.connection.cursor()
        for statement, values in self._waiting:
            cursor.execute(statement, values)
        self._waiting.clear()


def matching(typed: Typed) -> list[ColumnElement[bool]]:
    """Conditions on `article`: the words wanted are there."""
    return [article.c.id.in_(_found(" AND ".join(map(_quote, typed.wanted)), "wanted"))] if typed.wanted else []


def without(typed: Typed) -> list[ColumnElement[bool]]:
    """Conditions on `article`: the words unwanted are not."""
    return [article.c.id.not_in(_found(" OR ".join(map(_quote, typed.unwanted)), "unwanted"))] if typed.unwanted else []


def scored(typed: Typed) -> Subquery:
    """(id, score) of what holds the words wanted; the smaller the score the better."""
    match = text("article_words MATCH :match").bindparams(match=" AND ".join(map(_quote, typed.wanted)))
    return select(column("rowid").label("id"), literal_column(_RANK).label("score")).select_from(text("article_words")).where(match).subquery()


def place(whole: ColumnElement[str] | Column[str], word: str) -> ColumnElement[int]:
    """Where `word` stands in a text, from 1; 0 where it does not."""
    return func.instr(whole, word)


def newest(conn: Connection) -> int:
    """The highest article id in the index, 0 when it is empty."""
    return conn.execute(text("SELECT rowid FROM article_words ORDER BY rowid DESC LIMIT 1")).scalar() or 0


def _found(expression: str, name: str):
    match = text(f"article_words MATCH :{name}").bindparams(**{name: expression})
    return select(column("rowid")).select_from(text("article_words")).where(match)


def _quote(tokens: Iterable[str] | Phrase) -> str:
    """An FTS5 string: its tokens stand one after another."""
    return '"' + " ".join(t.replace('"', '""') for t in tokens) + '"'
