"""The words of clippings in SQLite's FTS5: what goes in, what comes out, and how typed words become a query.

The index holds no text of its own (contentless), only words cut beforehand; taking a row out needs the very words that were put
in, so these are kept deflated beside the article.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from sqlalchemy import Connection

from pipelines.store.codec import plain

RANK = "bm25(article_words, 8.0, 1.0)"          # a word in the title weighs eight in the text
_INSERT = "INSERT INTO article_words(rowid, title, text) VALUES (?, ?, ?)"
_DELETE = "INSERT INTO article_words(article_words, rowid, title, text) VALUES ('delete', ?, ?, ?)"
_MAX_TYPED, _MAX_TERMS = 200, 24                # characters and terms of a query that are looked at
_TERM = re.compile(r"([-－]?)(?:\"([^\"]*)\"|“([^”]*)”|(\S+))")


def deflate(title: str, text: str) -> bytes:
    return zlib.compress(f"{title}\n{text}".encode("utf-8", "replace"), 1)


def _inflate(tokens: bytes) -> tuple[str, str]:
    title, _, text = zlib.decompress(tokens).decode("utf-8").partition("\n")
    return title, text


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
        self._waiting.append((_DELETE, (article_id, *_inflate(tokens))))

    def write(self) -> None:
        """In the order they were asked for."""
        cursor = self._conn.connection.cursor()
        for statement, values in self._waiting:
            cursor.execute(statement, values)
        self._waiting.clear()


@dataclass(frozen=True)
class Typed:
    """What a person typed: `match` and `exclude` are FTS5 expressions ("" = none); `plain_words` as typed, for texts outside the index."""

    match: str
    exclude: str
    plain_words: tuple[str, ...]
    plain_excluded: tuple[str, ...]
    empty: bool                    # nothing typed at all


def typed(words: str, cut: Callable[[str], str]) -> Typed:
    """Blank-separated words must all be there; a phrase in quotation marks word for word; `-word` not.  Nothing typed can raise."""
    wanted: list[str] = []
    unwanted: list[str] = []
    plain_words: list[str] = []
    plain_excluded: list[str] = []
    words = plain(words[:_MAX_TYPED]).strip()
    for sign, straight, curly, bare in list(_terms(words))[:_MAX_TERMS]:
        phrase = straight or curly
        tokens = cut(phrase or bare.strip("\"“”")).split()
        if not tokens:
            continue
        quoted = [_quote((token,)) for token in dict.fromkeys(tokens)]
        if sign:
            unwanted.append(_quote(tokens))
            plain_excluded.append(phrase or bare)
        else:
            wanted += [_quote(tokens)] if phrase else quoted
            plain_words.append(phrase or bare)
    return Typed(" AND ".join(wanted), " OR ".join(unwanted), tuple(plain_words), tuple(plain_excluded), not words)


def _terms(words: str) -> Iterable[tuple[str, str, str, str]]:
    return (m.groups(default="") for m in _TERM.finditer(words))


def _quote(tokens: Iterable[str]) -> str:
    """An FTS5 string: its tokens stand one after another."""
    return '"' + " ".join(t.replace('"', '""') for t in tokens) + '"'
