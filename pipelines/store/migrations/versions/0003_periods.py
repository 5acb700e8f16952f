"""Tables of periods: what was opened and closed, credits that wait for a nod, appeals; more columns of the ledger."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from pipelines.store.append_only import append_only, no_row_in_a_closed_period

revision = "0003"
down_revision = "0002"

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.add_column("ledger", sa.Column("kind", sa.String(length=10), nullable=False, server_default="piece"))
    for name in ("day", "of_period", "passed_by", "rules", "caps", "outlet_id"):
        op.add_column("ledger", sa.Column(name, sa.Text(), nullable=False, server_default=""))
    op.add_column("ledger", sa.Column("full_cents", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("ledger", sa.Column("claim_id", sa.BigInteger(), nullable=False, server_default="0"))
    op.create_table(
        "period_event",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("period", sa.String(length=20), nullable=False),
        sa.Column("what", sa.String(length=10), nullable=False),
        sa.Column("who", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("last_row", sa.BigInteger(), nullable=False),
        sa.Column("sums", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_period_event")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_period_event_period"), "period_event", ["period"])
    op.create_table(
        "proposal",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("story_id", sa.BigInteger(), nullable=False),
        sa.Column("unit_id", sa.String(length=100), nullable=False),
        sa.Column("row", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("who", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("decided_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_proposal")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_proposal_story_id"), "proposal", ["story_id"])
    op.create_index(op.f("ix_proposal_state"), "proposal", ["state"])
    op.create_table(
        "appeal",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("unit_id", sa.String(length=100), nullable=False),
        sa.Column("row_id", sa.BigInteger(), nullable=True),
        sa.Column("period", sa.String(length=20), nullable=False),
        sa.Column("who", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("answered_by", sa.Text(), nullable=False),
        sa.Column("answered_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_appeal")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_appeal_unit_id"), "appeal", ["unit_id"])
    append_only("period_event")
    no_row_in_a_closed_period()
