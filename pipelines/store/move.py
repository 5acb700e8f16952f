"""Carries a whole record from one database into another, of either engine: resumable, and believed only after counts and checksums.

Tables are copied in the order of their foreign keys, in lots by primary key, a transaction a lot.  A run that was cut off is taken up
where the target stands.  The source is only read; it must be at rest, or the checksums will say that it was not.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import BigInteger, Column, ColumnElement, Integer, String, Table, collate, func, select

from pipelines.store import words_of
from pipelines.store.errors import StoreError
from pipelines.store.numbering import go_on_after, last_given
from pipelines.store.store import SqlStore
from pipelines.store.tables import body, metadata, named_value
from pipelines.store.tokens import inflate
from pipelines.store.upsert import add_missing

LOT = 1000                         # rows a transaction
_MARK = "moved.from"               # a value of the target: what it is being filled from
_LAST = ("period_event",)          # a guard on the ledger reads it: the ledger goes first


@dataclass(frozen=True)
class Compared:
    """A table on both sides: rows, and whether every value of every row is the same."""

    table: str
    source: int
    target: int
    same: bool


def move(source: SqlStore, target: SqlStore, step: Callable[[str, int], None] = lambda table, rows: None) -> list[Compared]:
    """Copy what the target does not have yet, then compare all of it; `step` is told of every lot.

    Raises `StoreError` for a target that holds something else, and for two databases that differ in the end.
    """
    _claim(source, target)
    for table in tables():
        _copy(source, target, table, step)
    _index(target, step)
    _number_on(source, target)
    found = compare(source, target)
    if wrong := [c for c in found if not c.same]:
        told = "、".join(f"{c.table}（{c.source} 行 / {c.target} 行）" for c in wrong)
        raise StoreError(f"搬过去的与原来的不一致：{told}", target.db.where, "搬家期间请停掉所有剪报进程；清空目标库后重新搬")
    return found


def tables() -> list[Table]:
    """In an order in which each row finds what it refers to."""
    return sorted(metadata.sorted_tables, key=lambda t: t.name in _LAST)


def row_counts(store: SqlStore) -> Mapping[str, int]:
    with store.db.read() as conn:
        return {t.name: conn.execute(select(func.count()).select_from(t)).scalar_one() for t in tables()}


def compare(source: SqlStore, target: SqlStore) -> list[Compared]:
    """Every table of both, all its rows."""
    found = []
    for table in tables():
        (n, a), (m, b) = _sum(source, table), _sum(target, table)
        found.append(Compared(table.name, n, m, (n, a) == (m, b)))
    return found


def _claim(source: SqlStore, target: SqlStore) -> None:
    """The target is empty or was begun from this very source."""
    if source.db.where == target.db.where:
        raise StoreError("来源和目标是同一个数据库", target.db.where, "换一个目标")
    mark = target.get(_MARK)
    if not mark and any(n for name, n in row_counts(target).items()):
        raise StoreError("目标数据库不是空的", target.db.where, "换一个新建的空库")
    if mark and mark != source.db.where:
        raise StoreError(f"目标数据库正在从另一处搬入（{mark}）", target.db.where, "换一个新建的空库，或从原来那处接着搬")
    target.put_value(_MARK, source.db.where)


def _copy(source: SqlStore, target: SqlStore, table: Table, step: Callable[[str, int], None]) -> None:
    """From the highest first key that is there: rows of that key may be there in part, so those are offered again."""
    first = next(iter(table.primary_key))
    begin = None
    if isinstance(first.type, (BigInteger, Integer)):
        with target.db.read() as conn:
            begin = conn.execute(select(func.max(first))).scalar()
    for rows in _lots(source, table, [] if begin is None else [first >= begin]):
        with target.db.write() as conn:
            add_missing(conn, table, rows)
        step(table.name, len(rows))


def _lots(store: SqlStore, table: Table, where: Sequence[ColumnElement[bool]] = ()) -> Iterator[list[dict[str, Any]]]:
    order = [_by_bytes(c, store.db.engine.dialect.name) for c in table.primary_key]
    rows = select(table).where(*where).order_by(*order).execution_options(yield_per=LOT)
    if table is named_value:
        rows = rows.where(named_value.c.name != _MARK)
    with store.db.read() as conn:
        for lot in conn.execute(rows).mappings().partitions():
            yield [dict(row) for row in lot]


def _by_bytes(column: Column[Any], dialect: str) -> ColumnElement[Any]:
    """Text is ordered by its bytes, as SQLite does it, whatever the language of the other database."""
    return collate(column, "C") if dialect == "postgresql" and isinstance(column.type, String) else column


def _sum(store: SqlStore, table: Table) -> tuple[int, str]:
    """(rows, checksum of all values in the order of the key)"""
    total, digest = 0, hashlib.blake2b(digest_size=16)
    for rows in _lots(store, table):
        total += len(rows)
        for row in rows:
            digest.update(repr(tuple(row.values())).encode())
    return total, digest.hexdigest()


def _index(target: SqlStore, step: Callable[[str, int], None]) -> None:
    """The search index is made anew from the words kept beside each article; an article at a time is in it whole or not."""
    with target.db.read() as conn:
        start = words_of.engine(conn.dialect.name).newest(conn)
    while True:
        wanted = select(body.c.article_id, body.c.tokens).where(body.c.article_id > start, body.c.tokens.is_not(None)) \
            .order_by(body.c.article_id).limit(LOT)
        with target.db.write() as conn:
            rows = conn.execute(wanted).all()
            changes = words_of.changes(conn)
            for row in rows:
                changes.add(row.article_id, *inflate(row.tokens))
            changes.write()
        if not rows:
            return
        start = rows[-1].article_id
        step("article_words", len(rows))


def _number_on(source: SqlStore, target: SqlStore) -> None:
    """New rows go on after the moved ones, and never take a number that was once given and taken away."""
    with source.db.read() as old, target.db.write() as new:
        for table in tables():
            number = last_given(old, table)
            if number is not None:
                go_on_after(new, table, number)
