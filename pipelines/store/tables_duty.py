"""Tables of the duty room: clocks of cases, channels, shifts and swaps, hand-overs, zero reports, its log, notes of watches."""

from __future__ import annotations

from sqlalchemy import BigInteger, Boolean, Column, ForeignKey, Index, String, Table, Text, UniqueConstraint

from pipelines.store.tables import Id, Time, metadata


def _id() -> Column:
    return Column("id", Id, primary_key=True, autoincrement=True)


def _text(name: str) -> Column:
    return Column(name, Text, nullable=False, default="")


case_clock = Table(
    "case_clock", metadata, _id(),
    Column("incident_id", Id, ForeignKey("incident.id"), nullable=False), Column("clock", String(140), nullable=False), _text("name"),
    Column("starts_at", Time, nullable=False), Column("due_at", Time, nullable=False), Column("ends", String(140), nullable=False),
    Column("state", String(10), nullable=False), Column("ended_at", Time),
    UniqueConstraint("incident_id", "clock"), Index("ix_case_clock_due", "state", "due_at"),
    sqlite_autoincrement=True,
)

channel_state = Table(
    "channel_state", metadata,
    Column("channel", String(100), primary_key=True), Column("dead", Boolean, nullable=False, default=False),
    Column("failures", BigInteger, nullable=False, default=0), Column("ok_at", Time), Column("failed_at", Time), _text("detail"),
)

shift = Table(
    "shift", metadata, _id(),
    Column("starts_at", Time, nullable=False, index=True), Column("ends_at", Time, nullable=False), _text("leader"), _text("officers"),
    _text("note"),
    sqlite_autoincrement=True,
)

swap = Table(
    "swap", metadata, _id(),
    Column("shift_id", Id, nullable=False), _text("asker"), _text("other"), Column("other_shift_id", BigInteger, nullable=False, default=0),
    _text("reason"), Column("asked_at", Time, nullable=False), Column("state", String(10), nullable=False), Column("answered_at", Time),
    _text("answer"),
    sqlite_autoincrement=True,
)

handover = Table(
    "handover", metadata, _id(),
    Column("shift_id", BigInteger, nullable=False, default=0), Column("since", Time, nullable=False), Column("until", Time, nullable=False),
    _text("text"), _text("open_incidents"), _text("added"), _text("given_by"), Column("given_at", Time), _text("taken_by"),
    Column("taken_at", Time),
    sqlite_autoincrement=True,
)

zero_report = Table(
    "zero_report", metadata,
    Column("day", String(10), primary_key=True), Column("at", Time, nullable=False), _text("who"),
    Column("incidents", BigInteger, nullable=False, default=0), _text("text"),
)

duty_event = Table(
    "duty_event", metadata, _id(),
    Column("at", Time, nullable=False, index=True), _text("who"), Column("what", String(20), nullable=False), _text("text"), _text("data"),
    sqlite_autoincrement=True,
)

watch_note = Table(
    "watch_note", metadata,
    Column("watch_id", String(100), primary_key=True), Column("kind", String(10), primary_key=True), Column("day", String(10), primary_key=True),
    Column("at", Time, nullable=False), _text("text"), _text("data"),
)
