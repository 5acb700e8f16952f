"""Tables of duty; more columns of the incident.  The duty log, zero reports and notes of watches are append-only."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from pipelines.store.append_only import append_only

revision = "0004"
down_revision = "0003"

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
APPEND_ONLY = ("duty_event", "zero_report", "watch_note")


def _text(name: str) -> sa.Column:
    return sa.Column(name, sa.Text(), nullable=False)


def _time(name: str, needed: bool = True) -> sa.Column:
    return sa.Column(name, sa.BigInteger(), nullable=not needed)


def _number(name: str) -> sa.Column:
    return sa.Column(name, sa.BigInteger(), nullable=False)


def _id() -> sa.Column:
    return sa.Column("id", ID, autoincrement=True, nullable=False)


def upgrade() -> None:
    op.add_column("incident", sa.Column("kind", sa.String(length=20), nullable=False, server_default="opinion"))
    op.add_column("incident", sa.Column("assigned", sa.Text(), nullable=False, server_default="[]"))
    for name in ("previous", "merged_into"):
        op.add_column("incident", sa.Column(name, sa.BigInteger(), nullable=False, server_default="0"))
    for name in ("ruled", "escalated"):
        op.add_column("incident", sa.Column(name, sa.Integer(), nullable=False, server_default="0"))
    op.add_column("incident", sa.Column("escalated_at", sa.BigInteger(), nullable=True))
    op.create_table(
        "case_clock", _id(),
        sa.Column("incident_id", ID, nullable=False), sa.Column("clock", sa.String(length=140), nullable=False), _text("name"),
        _time("starts_at"), _time("due_at"), sa.Column("ends", sa.String(length=140), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False), _time("ended_at", False),
        sa.ForeignKeyConstraint(["incident_id"], ["incident.id"], name=op.f("fk_case_clock_incident_id_incident")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_clock")),
        sa.UniqueConstraint("incident_id", "clock", name=op.f("uq_case_clock_incident_id_clock")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_case_clock_due", "case_clock", ["state", "due_at"])
    op.create_table(
        "channel_state",
        sa.Column("channel", sa.String(length=100), nullable=False), sa.Column("dead", sa.Boolean(), nullable=False), _number("failures"),
        _time("ok_at", False), _time("failed_at", False), _text("detail"),
        sa.PrimaryKeyConstraint("channel", name=op.f("pk_channel_state")),
    )
    op.create_table(
        "shift", _id(), _time("starts_at"), _time("ends_at"), _text("leader"), _text("officers"), _text("note"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_shift")), sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_shift_starts_at"), "shift", ["starts_at"])
    op.create_table(
        "swap", _id(), sa.Column("shift_id", ID, nullable=False), _text("asker"), _text("other"), _number("other_shift_id"), _text("reason"),
        _time("asked_at"), sa.Column("state", sa.String(length=10), nullable=False), _time("answered_at", False), _text("answer"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_swap")), sqlite_autoincrement=True,
    )
    op.create_table(
        "handover", _id(), _number("shift_id"), _time("since"), _time("until"), _text("text"), _text("open_incidents"), _text("added"),
        _text("given_by"), _time("given_at", False), _text("taken_by"), _time("taken_at", False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_handover")), sqlite_autoincrement=True,
    )
    op.create_table(
        "zero_report", sa.Column("day", sa.String(length=10), nullable=False), _time("at"), _text("who"), _number("incidents"), _text("text"),
        sa.PrimaryKeyConstraint("day", name=op.f("pk_zero_report")),
    )
    op.create_table(
        "duty_event", _id(), _time("at"), _text("who"), sa.Column("what", sa.String(length=20), nullable=False), _text("text"), _text("data"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_duty_event")), sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_duty_event_at"), "duty_event", ["at"])
    op.create_table(
        "watch_note",
        sa.Column("watch_id", sa.String(length=100), nullable=False), sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("day", sa.String(length=10), nullable=False), _time("at"), _text("text"), _text("data"),
        sa.PrimaryKeyConstraint("watch_id", "kind", "day", name=op.f("pk_watch_note")),
    )
    append_only(*APPEND_ONLY)
