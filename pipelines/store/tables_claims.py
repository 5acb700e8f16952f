"""Tables of claims: submissions, their rows, the record of each row, the chain of evidence, later looks at credited pages."""

from __future__ import annotations

from sqlalchemy import BigInteger, Boolean, Column, ForeignKey, Index, Integer, LargeBinary, String, Table, Text, UniqueConstraint

from pipelines.store.tables import Id, Time, metadata


def _id() -> Column:
    return Column("id", Id, primary_key=True, autoincrement=True)


def _text(name: str) -> Column:
    return Column(name, Text, nullable=False, default="")


submission = Table(
    "submission", metadata, _id(),
    Column("unit_id", String(100), nullable=False), Column("period", String(20), nullable=False), Column("at", Time, nullable=False),
    _text("who"), _text("file_name"), _text("sha256"), Column("rows", Integer, nullable=False), Column("replaced_by", BigInteger),
    Index("ix_submission_unit", "unit_id", "period"), Index("ix_submission_period", "period"),
    sqlite_autoincrement=True,
)

claim = Table(
    "claim", metadata, _id(),
    Column("submission_id", Id, ForeignKey("submission.id"), nullable=False, index=True),
    Column("unit_id", String(100), nullable=False), Column("period", String(20), nullable=False), Column("handed_in", Time, nullable=False),
    _text("row"),                                                 # FormRow as JSON
    Column("verdict", String(12), nullable=False, default="new"), Column("standing", String(12), nullable=False, default="new"),
    _text("finding"),                                             # Finding as JSON
    Column("article_id", BigInteger), Column("story_id", BigInteger),
    Column("checked_at", Time), Column("retry_at", Time), Column("tries", Integer, nullable=False, default=0),
    Column("decision", String(12), nullable=False, default=""), _text("decided_by"), Column("decided_at", Time), _text("decision_reason"),
    Column("withdrawn", Boolean, nullable=False, default=False),
    Index("ix_claim_unit", "unit_id", "period"), Index("ix_claim_period", "period", "standing"), Index("ix_claim_story", "story_id"),
    Index("ix_claim_retry", "retry_at"),
    sqlite_autoincrement=True,
)

claim_url = Table(
    "claim_url", metadata,
    Column("url_hash", LargeBinary(16), primary_key=True),
    Column("claim_id", Id, ForeignKey("claim.id"), primary_key=True, autoincrement=False, index=True),
    sqlite_with_rowid=False,
)

claim_event = Table(
    "claim_event", metadata, _id(),
    Column("claim_id", Id, ForeignKey("claim.id"), nullable=False, index=True),
    Column("at", Time, nullable=False), _text("who"), Column("what", String(20), nullable=False), _text("text"),
    sqlite_autoincrement=True,
)

evidence = Table(
    "evidence", metadata, _id(),
    Column("chain", String(140), nullable=False), Column("seq", Integer, nullable=False),
    Column("claim_id", Id, ForeignKey("claim.id"), nullable=False, index=True),
    Column("kind", String(20), nullable=False), _text("name"), _text("media_type"), Column("size", BigInteger, nullable=False),
    Column("sha256", String(64), nullable=False), Column("captured_at", Time, nullable=False), Column("seen_at", Time, nullable=False),
    _text("url"), _text("file"), _text("previous"), Column("hash", String(64), nullable=False), _text("meta"),
    UniqueConstraint("chain", "seq"),
    sqlite_autoincrement=True,
)

recheck = Table(
    "recheck", metadata, _id(),
    Column("claim_id", Id, ForeignKey("claim.id"), nullable=False, index=True), Column("article_id", BigInteger, nullable=False),
    _text("url"), Column("at", Time, nullable=False), Column("state", String(12), nullable=False), _text("detail"),
    sqlite_autoincrement=True,
)
