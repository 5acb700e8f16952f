"""Tables of periods, of credits that wait for a nod, and of appeals."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, String, Table

from pipelines.store.tables import Time, _id, _text, metadata

period_event = Table(
    "period_event", metadata, _id(),
    Column("at", Time, nullable=False), Column("period", String(20), nullable=False, index=True), Column("what", String(10), nullable=False),
    _text("who"), _text("reason"), Column("last_row", BigInteger, nullable=False, default=0), _text("sums"),
    sqlite_autoincrement=True,
)

proposal = Table(
    "proposal", metadata, _id(),
    Column("at", Time, nullable=False), Column("story_id", BigInteger, nullable=False, index=True), Column("unit_id", String(100), nullable=False),
    _text("row"), Column("state", String(10), nullable=False, index=True), _text("who"), _text("reason"), Column("decided_at", Time),
    sqlite_autoincrement=True,
)

appeal = Table(
    "appeal", metadata, _id(),
    Column("at", Time, nullable=False), Column("unit_id", String(100), nullable=False, index=True), Column("row_id", BigInteger),
    Column("period", String(20), nullable=False), _text("who"), _text("text"), Column("state", String(10), nullable=False),
    _text("answer"), _text("answered_by"), Column("answered_at", Time),
    sqlite_autoincrement=True,
)
