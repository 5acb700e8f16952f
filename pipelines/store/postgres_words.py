"""The words of clippings in PostgreSQL: the same hits as SQLite's FTS5 gives, from the same tokens.

A row an article: a `tsvector` made of the tokens themselves (its dictionaries and parser have no say) under a GIN index finds the
articles that hold all words; whether they stand side by side is then read off the line of tokens, because a tsvector forgets places
beyond 16,383 and more than 255 of one word.
"""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import BigInteger, Column, ColumnElement, Connection, MetaData, Select, Subquery, Table, Text, and_, cast, delete, func, literal, or_, select
from sqlalchemy.dialects.postgresql import ARRAY, REAL, TSQUERY, TSVECTOR, insert

from pipelines.store.tables import article
from pipelines.store.typed import Phrase, Typed

words = Table(
    "article_words", MetaData(),
    Column("article_id", BigInteger, primary_key=True), Column("words", TSVECTOR, nullable=False), Column("line", Text, nullable=False),
)
"""`line`: blank, tokens of the title, blank, newline, blank, tokens of the text, blank."""

_LONGEST = 255                                  # characters of a token that are looked at
_PLACES, _LAST_PLACE = 200, 16_383              # of one word in a vector
_MOST = 60_000                                  # different words of an article that are indexed; a vector holds one MB
_WEIGHTS = "{0.125, 0.125, 0.125, 1.0}"         # D C B A: a word in the title weighs eight in the text


class Changes:
    """What a transaction does to the index, kept for its end."""

    def __init__(self, conn: Connection):
        self._conn = conn
        self._rows: dict[int, dict[str, object]] = {}
        self._gone: set[int] = set()

    def add(self, article_id: int, title: str, text: str) -> None:
        self._rows[article_id] = row(article_id, title, text)

    def remove(self, article_id: int, tokens: bytes) -> None:
        self._rows.pop(article_id, None)
        self._gone.add(article_id)

    def write(self) -> None:
        if gone := self._gone - self._rows.keys():
            self._conn.execute(delete(words).where(words.c.article_id.in_(gone)))
        put_rows(self._conn, list(self._rows.values()))
        self._rows.clear()
        self._gone.clear()


def put_rows(conn: Connection, rows: list[dict[str, object]]) -> None:
    if rows:
        new = insert(words)
        conn.execute(new.on_conflict_do_update(index_elements=["article_id"], set_={"words": new.excluded.words, "line": new.excluded.line}), rows)


def row(article_id: int, title: str, text: str) -> dict[str, object]:
    """Of the table `words`, from tokens joined by blanks."""
    head, rest = _cut_long(title.split()), _cut_long(text.split())
    places: dict[str, list[str]] = {}
    for at, token in enumerate(head, 1):
        places.setdefault(token, []).append(f"{min(at, _LAST_PLACE)}A")
    for at, token in enumerate(rest, len(head) + 1):
        if len(held := places.setdefault(token, [])) < _PLACES:
            held.append(str(min(at, _LAST_PLACE)))
    vector = " ".join(f"{_quoted(token)}:{','.join(at)}" for token, at in list(places.items())[:_MOST])
    return {"article_id": article_id, "words": vector, "line": f" {' '.join(head)} \n {' '.join(rest)} "}


def matching(typed: Typed) -> list[ColumnElement[bool]]:
    """Conditions on `article`: the words wanted are there."""
    return [article.c.id.in_(_holding(and_(*map(_holds, typed.wanted))))] if typed.wanted else []


def without(typed: Typed) -> list[ColumnElement[bool]]:
    """Conditions on `article`: the words unwanted are not."""
    return [article.c.id.not_in(_holding(or_(*map(_holds, typed.unwanted))))] if typed.unwanted else []


def scored(typed: Typed) -> Subquery:
    """(id, score) of what holds the words wanted; the smaller the score the better."""
    any_of = cast(literal(" | ".join(_quoted(t) for phrase in typed.wanted for t in _cut_long(phrase))), TSQUERY)
    rank = func.ts_rank(cast(literal(_WEIGHTS), ARRAY(REAL)), words.c.words, any_of, 1)     # 1: by the logarithm of the length
    return select(words.c.article_id.label("id"), (-rank).label("score")).where(and_(*map(_holds, typed.wanted))).subquery()


def place(whole: ColumnElement[str] | Column[str], word: str) -> ColumnElement[int]:
    """Where `word` stands in a text, from 1; 0 where it does not."""
    return func.strpos(whole, word)


def newest(conn: Connection) -> int:
    """The highest article id in the index, 0 when it is empty."""
    return conn.execute(select(func.max(words.c.article_id))).scalar() or 0


def _holding(condition: ColumnElement[bool]) -> Select:
    return select(words.c.article_id).where(condition)


def _holds(phrase: Phrase) -> ColumnElement[bool]:
    tokens = _cut_long(phrase)
    query = cast(literal(" & ".join(map(_quoted, dict.fromkeys(tokens)))), TSQUERY)
    found = words.c.words.bool_op("@@")(query)
    return found if len(tokens) == 1 else and_(found, func.strpos(words.c.line, f" {' '.join(tokens)} ") > 0)


def _cut_long(tokens: Iterable[str]) -> list[str]:
    return [t[:_LONGEST] for t in tokens]


def _quoted(token: str) -> str:
    """As a lexeme in the text of a tsvector or tsquery."""
    return "'" + token.replace("\\", "\\\\").replace("'", "''") + "'"
