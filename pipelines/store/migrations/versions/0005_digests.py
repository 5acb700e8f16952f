"""Tables of digests; what editors do to one is only ever appended."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from pipelines.store.append_only import append_only

revision = "0005"
down_revision = "0004"

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "digest_edit",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("span", sa.String(length=40), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("who", sa.Text(), nullable=False),
        sa.Column("what", sa.String(length=12), nullable=False),
        sa.Column("target", sa.BigInteger(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_digest_edit")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_digest_edit_span"), "digest_edit", ["span"])
    op.create_table(
        "digest_issue",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("span", sa.String(length=40), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("who", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("recipients", sa.Text(), nullable=False),
        sa.Column("faults", sa.Text(), nullable=False),
        sa.Column("files", sa.Text(), nullable=False),
        sa.Column("summary", sa.Text(), nullable=False),
        sa.Column("decided_by", sa.Text(), nullable=False),
        sa.Column("decided_at", sa.BigInteger(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_digest_issue")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_digest_issue_span"), "digest_issue", ["span"])
    append_only("digest_edit")
