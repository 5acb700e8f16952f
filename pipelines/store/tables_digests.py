"""Tables of digests: what editors did to one, and each issue that was made to be sent."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, String, Table

from pipelines.store.tables import Time, _id, _text, metadata

digest_edit = Table(
    "digest_edit", metadata, _id(),
    Column("span", String(40), nullable=False, index=True), Column("at", Time, nullable=False), _text("who"),
    Column("what", String(12), nullable=False), Column("target", BigInteger, nullable=False, default=0), _text("value"),
    sqlite_autoincrement=True,
)

digest_issue = Table(
    "digest_issue", metadata, _id(),
    Column("span", String(40), nullable=False, index=True), _text("number"), Column("at", Time, nullable=False), _text("who"),
    Column("state", String(12), nullable=False), _text("recipients"), _text("faults"), _text("files"), _text("summary"),
    _text("decided_by"), Column("decided_at", Time), _text("reason"),
    sqlite_autoincrement=True,
)
