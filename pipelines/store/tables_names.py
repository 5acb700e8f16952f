"""Table of what people decided about unit names: only ever appended to, the newest row of a name stands."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, Index, LargeBinary, Table

from pipelines.store.tables import Time, _id, _text, metadata

resolution = Table(
    "resolution", metadata, _id(),
    Column("canonical_hash", LargeBinary(16), nullable=False), _text("canonical"), _text("surface"), _text("unit_id"), _text("who"),
    Column("at", Time, nullable=False), Column("every", Boolean, nullable=False, default=True), _text("candidates"),
    Index("ix_resolution_article", "canonical_hash", "id"),
    sqlite_autoincrement=True,
)
