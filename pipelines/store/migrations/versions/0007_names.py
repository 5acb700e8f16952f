"""What people decided about unit names; only ever appended to."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from pipelines.store.append_only import append_only

revision = "0007"
down_revision = "0006"

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "resolution",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("canonical_hash", sa.LargeBinary(length=16), nullable=False),
        sa.Column("canonical", sa.Text(), nullable=False),
        sa.Column("surface", sa.Text(), nullable=False),
        sa.Column("unit_id", sa.Text(), nullable=False),
        sa.Column("who", sa.Text(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("every", sa.Boolean(), nullable=False),
        sa.Column("candidates", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_resolution")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_resolution_article", "resolution", ["canonical_hash", "id"])
    append_only("resolution")
