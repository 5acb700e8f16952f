"""The numbers that an engine gives to new rows: read off one database, gone on with in another."""

from __future__ import annotations

from sqlalchemy import Connection, Table, func, inspect, select, text


def last_given(conn: Connection, table: Table) -> int | None:
    """The highest number ever given in `table`, also to rows that are gone since; None where rows are not numbered."""
    column = table.autoincrement_column
    if column is None:
        return None
    highest = conn.execute(select(func.coalesce(func.max(column), 0))).scalar_one()
    if conn.dialect.name == "postgresql":
        told = conn.execute(text("SELECT coalesce(pg_sequence_last_value(pg_get_serial_sequence(:table, :column)::regclass), 0)"),
                            {"table": table.name, "column": column.name}).scalar_one()
    elif inspect(conn).has_table("sqlite_sequence"):
        told = conn.execute(text("SELECT seq FROM sqlite_sequence WHERE name = :table"), {"table": table.name}).scalar() or 0
    else:
        told = 0
    return max(highest, told)


def go_on_after(conn: Connection, table: Table, number: int) -> None:
    """The next row of `table` gets a number above `number`, which is not below any that is there."""
    if not number:
        return
    if conn.dialect.name == "postgresql":
        conn.execute(text("SELECT setval(pg_get_serial_sequence(:table, :column)::regclass, :number)"),
                     {"table": table.name, "column": table.autoincrement_column.name, "number": number})
    elif table.dialect_options["sqlite"]["autoincrement"]:       # the other tables number on from the highest row that is there
        changed = conn.execute(text("UPDATE sqlite_sequence SET seq = :number WHERE name = :table"), {"table": table.name, "number": number})
        if not changed.rowcount:
            conn.execute(text("INSERT INTO sqlite_sequence(name, seq) VALUES (:table, :number)"), {"table": table.name, "number": number})
