"""A statement of the hot path: written in SQLAlchemy Core, compiled once per dialect, then run on the driver's own cursor.

SQLAlchemy's way from statement to cursor costs more than the database's work on it.  Values are bound and read back as the driver
has them, so only columns of numbers, text and bytes belong here; a Boolean read back is 0 or 1.
"""

from __future__ import annotations

from collections import namedtuple
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, Executable, Insert, Update

Row = Any                          # a named tuple of the statement's columns


class Prepared:
    """`statement`, or how to make it for a dialect of that name; `columns` are those an INSERT or UPDATE is given values for.

    An INSERT is given every column but a number it makes itself; there are no defaults.
    """

    def __init__(self, statement: Executable | Callable[[str], Executable], columns: Iterable[str] | None = None):
        self._statement, self._columns = statement, columns
        self._compiled: dict[str, tuple[str, tuple[str, ...], dict[str, Any]]] = {}
        self._row: Callable[[Iterable[Any]], Row] | None = None

    def run(self, conn: Connection, **values: Any) -> None:
        """`values` names every parameter and column."""
        self._execute(conn, values).close()

    def run_many(self, conn: Connection, rows: Sequence[Mapping[str, Any]]) -> None:
        if rows:
            text, names, fixed = self._compiled.get(conn.dialect.name) or self._compile(conn)
            cursor = conn.connection.cursor()
            cursor.executemany(text, [_bound(row, names, fixed) for row in rows])
            cursor.close()

    def value(self, conn: Connection, **values: Any) -> Any:
        """The first column of the first row, None when there is none."""
        cursor = self._execute(conn, values)
        found = cursor.fetchall()      # to the end: a RETURNING that is left half read keeps its statement open
        cursor.close()
        return found[0][0] if found else None

    def rows(self, conn: Connection, **values: Any) -> list[Row]:
        cursor = self._execute(conn, values)
        if self._row is None:
            self._row = namedtuple("Row", [column[0] for column in cursor.description])._make
        found = list(map(self._row, cursor.fetchall()))
        cursor.close()
        return found

    def one(self, conn: Connection, **values: Any) -> Row | None:
        return next(iter(self.rows(conn, **values)), None)

    def _execute(self, conn: Connection, values: Mapping[str, Any]) -> Any:
        text, names, fixed = self._compiled.get(conn.dialect.name) or self._compile(conn)
        cursor = conn.connection.cursor()
        cursor.execute(text, _bound(values, names, fixed))
        return cursor

    def _compile(self, conn: Connection) -> tuple[str, tuple[str, ...], dict[str, Any]]:
        statement = self._statement if isinstance(self._statement, Executable) else self._statement(conn.dialect.name)
        columns = self._columns
        if columns is None and isinstance(statement, Insert):
            columns = (c.name for c in statement.table.columns if c is not statement.table.autoincrement_column)
        keys = list(columns) if columns is not None else [] if isinstance(statement, Update) else None
        compiled = statement.compile(dialect=conn.dialect, column_keys=keys)
        names = tuple(compiled.positiontup or ())
        fixed = {n: compiled.binds[n].value for n in names if n not in (keys or ()) and not compiled.binds[n].required}
        self._compiled[conn.dialect.name] = found = (compiled.string, names, fixed)
        return found


def _bound(values: Mapping[str, Any], names: tuple[str, ...], fixed: Mapping[str, Any]) -> tuple[Any, ...]:
    return tuple([values[n] if n in values else fixed[n] for n in names])
