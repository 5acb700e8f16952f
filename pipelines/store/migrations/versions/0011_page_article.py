"""Pages found by their article: reconciliation asks which articles the crawl fetched by itself."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    held = sa.text("article_id IS NOT NULL")
    op.create_index("ix_page_article", "page", ["article_id"], sqlite_where=held, postgresql_where=held)
