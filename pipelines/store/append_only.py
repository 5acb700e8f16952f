"""Triggers that keep a record append-only, whoever writes: for migrations, in the words of either engine."""

from __future__ import annotations

from alembic import op

_REFUSE = """
CREATE OR REPLACE FUNCTION jianbao_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME; END $$
"""
_REFUSE_CLOSED = """
CREATE OR REPLACE FUNCTION jianbao_no_closed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF (SELECT what FROM period_event WHERE period = NEW.period ORDER BY id DESC LIMIT 1) = 'closed' THEN
    RAISE EXCEPTION 'the period is closed';
  END IF;
  RETURN NEW;
END $$
"""


def append_only(*tables: str) -> None:
    """No row of these tables is changed or taken out."""
    if _sqlite():
        for table in tables:
            for change in ("UPDATE", "DELETE"):
                op.execute(f"CREATE TRIGGER {table}_no_{change.lower()} BEFORE {change} ON {table} "
                           f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END")
        return
    op.execute(_REFUSE)
    for table in tables:
        op.execute(f"CREATE TRIGGER {table}_no_change BEFORE UPDATE OR DELETE ON {table} "
                   f"FOR EACH ROW EXECUTE FUNCTION jianbao_append_only()")
        op.execute(f"CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} "
                   f"FOR EACH STATEMENT EXECUTE FUNCTION jianbao_append_only()")


def fixed(table: str, done: str = "") -> None:
    """No row is taken out; one for which `done` holds (a condition on OLD) is not changed either."""
    changes = [("DELETE", ""), *([("UPDATE", f"WHEN ({done})")] if done else [])]
    for change, when in changes:
        name = f"{table}_fixed_{change.lower()}"
        if _sqlite():
            op.execute(f"CREATE TRIGGER {name} BEFORE {change} ON {table} {when} BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END")
        else:
            op.execute(_REFUSE)
            op.execute(f"CREATE TRIGGER {name} BEFORE {change} ON {table} FOR EACH ROW {when} EXECUTE FUNCTION jianbao_append_only()")
    if not _sqlite():
        op.execute(f"CREATE TRIGGER {table}_fixed_truncate BEFORE TRUNCATE ON {table} FOR EACH STATEMENT EXECUTE FUNCTION jianbao_append_only()")


def no_row_in_a_closed_period() -> None:
    """No row enters the ledger of a period whose last event closed it."""
    if _sqlite():
        op.execute("CREATE TRIGGER ledger_no_closed BEFORE INSERT ON ledger WHEN "
                   "(SELECT what FROM period_event WHERE period = NEW.period ORDER BY id DESC LIMIT 1) = 'closed' "
                   "BEGIN SELECT RAISE(ABORT, 'the period is closed'); END")
        return
    op.execute(_REFUSE_CLOSED)
    op.execute("CREATE TRIGGER ledger_no_closed BEFORE INSERT ON ledger FOR EACH ROW EXECUTE FUNCTION jianbao_no_closed()")


def _sqlite() -> bool:
    return op.get_bind().dialect.name == "sqlite"
