"""INSERT … ON CONFLICT, the one statement both engines have and SQLAlchemy spells per dialect."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, Insert, Table
from sqlalchemy.dialects import postgresql, sqlite

_INSERT = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}


def or_nothing(table: Table) -> Callable[[str], Insert]:
    """For `Prepared`: INSERT of a row whose key is not there yet, in the dialect of that name."""
    return lambda dialect: _INSERT[dialect](table).on_conflict_do_nothing()


def add_missing(conn: Connection, table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert the rows whose key is not there yet."""
    if rows:
        conn.execute(_INSERT[conn.dialect.name](table).on_conflict_do_nothing(), rows)


def put(conn: Connection, table: Table, row: Mapping[str, Any]) -> None:
    """Insert the row, or replace the other columns of the one with its primary key."""
    keys = [c.name for c in table.primary_key]
    insert = _INSERT[conn.dialect.name](table)
    conn.execute(insert.on_conflict_do_update(index_elements=keys, set_={n: insert.excluded[n] for n in row if n not in keys}), row)


def count_up(conn: Connection, table: Table, rows: Sequence[Mapping[str, Any]], column: str) -> None:
    """Insert the rows, or add one to `column` of those whose key is there."""
    if rows:
        insert = _INSERT[conn.dialect.name](table)
        conn.execute(insert.on_conflict_do_update(index_elements=[c.name for c in table.primary_key], set_={column: table.c[column] + 1}), rows)
