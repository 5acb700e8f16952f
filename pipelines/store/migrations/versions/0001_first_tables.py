"""The first tables, the index of words, and the triggers that keep the records append-only."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import TSVECTOR

from pipelines.store.append_only import append_only

revision = "0001"
down_revision = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
APPEND_ONLY = ("ledger", "incident_event", "audit")


def upgrade() -> None:
    op.create_table(
        "account",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("display", sa.Text(), nullable=False),
        sa.Column("role", sa.String(length=20), nullable=False),
        sa.Column("unit_id", sa.Text(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("must_change", sa.Boolean(), nullable=False),
        sa.Column("password_hash", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_account")),
        sa.UniqueConstraint("name", name=op.f("uq_account_name")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "article",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("canonical_hash", sa.LargeBinary(length=16), nullable=False),
        sa.Column("canonical", sa.Text(), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("outlet_id", sa.Text(), nullable=False),
        sa.Column("outlet_name", sa.Text(), nullable=False),
        sa.Column("tier", sa.String(length=20), nullable=False),
        sa.Column("published", sa.BigInteger(), nullable=True),
        sa.Column("precision", sa.String(length=10), nullable=False),
        sa.Column("first_seen", sa.BigInteger(), nullable=False),
        sa.Column("sort_at", sa.BigInteger(), nullable=False),
        sa.Column("page_id", sa.BigInteger(), nullable=False),
        sa.Column("matched", sa.Boolean(), nullable=False),
        sa.Column("is_first", sa.Boolean(), nullable=False),
        sa.Column("unresolved", sa.Boolean(), nullable=False),
        sa.Column("has_text", sa.Boolean(), nullable=False),
        sa.Column("label", sa.String(length=2), nullable=False),
        sa.Column("content_sha", sa.Text(), nullable=False),
        sa.Column("length", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_article")),
        sa.UniqueConstraint("canonical_hash", name=op.f("uq_article_canonical_hash")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_article_kept", "article", ["first_seen"],
                    sqlite_where=sa.text("matched = 0 AND has_text = 1"), postgresql_where=sa.text("NOT matched AND has_text"))
    op.create_index("ix_article_matched", "article", ["id", "matched"],
                    sqlite_where=sa.text("matched = 1"), postgresql_where=sa.text("matched"))
    op.create_index("ix_article_outlet", "article", ["outlet_id", "sort_at", "id", "matched"],
                    sqlite_where=sa.text("matched = 1"), postgresql_where=sa.text("matched"))
    op.create_index("ix_article_sort", "article", ["sort_at", "id", "is_first", "label", "tier", "matched"],
                    sqlite_where=sa.text("matched = 1"), postgresql_where=sa.text("matched"))
    op.create_index("ix_article_unresolved", "article", ["id"],
                    sqlite_where=sa.text("unresolved = 1"), postgresql_where=sa.text("unresolved"))
    op.create_table(
        "audit",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("who", sa.String(length=100), nullable=False),
        sa.Column("what", sa.String(length=60), nullable=False),
        sa.Column("target", sa.Text(), nullable=False),
        sa.Column("result", sa.Text(), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_audit_who", "audit", ["who", "what", "at"])
    op.create_table(
        "incident",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("level", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("opened_at", sa.BigInteger(), nullable=False),
        sa.Column("first_seen", sa.BigInteger(), nullable=False),
        sa.Column("updated_at", sa.BigInteger(), nullable=False),
        sa.Column("units", sa.Text(), nullable=False),
        sa.Column("outlets", sa.Integer(), nullable=False),
        sa.Column("articles", sa.Integer(), nullable=False),
        sa.Column("topic", sa.Text(), nullable=False),
        sa.Column("severity", sa.Integer(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("level_reason", sa.Text(), nullable=False),
        sa.Column("top_tier", sa.String(length=20), nullable=False),
        sa.Column("signed_by", sa.Text(), nullable=False),
        sa.Column("signed_at", sa.BigInteger(), nullable=True),
        sa.Column("closed_at", sa.BigInteger(), nullable=True),
        sa.Column("due_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_incident")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_incident_opened", "incident", ["opened_at"])
    op.create_index("ix_incident_state", "incident", ["state", "updated_at"])
    op.create_table(
        "ledger",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("unit_id", sa.String(length=100), nullable=False),
        sa.Column("article_id", sa.BigInteger(), nullable=False),
        sa.Column("story_id", sa.BigInteger(), nullable=False),
        sa.Column("scheme", sa.Text(), nullable=False),
        sa.Column("class_id", sa.Text(), nullable=False),
        sa.Column("class_name", sa.Text(), nullable=False),
        sa.Column("cents", sa.Integer(), nullable=False),
        sa.Column("period", sa.String(length=20), nullable=False),
        sa.Column("arithmetic", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("origin", sa.Text(), nullable=False),
        sa.Column("person", sa.Text(), nullable=False),
        sa.Column("corrects", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ledger")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_ledger_at"), "ledger", ["at"])
    op.create_index("ix_ledger_period", "ledger", ["period"])
    op.create_index(op.f("ix_ledger_story_id"), "ledger", ["story_id"])
    op.create_index("ix_ledger_unit", "ledger", ["unit_id", "period"])
    op.create_table(
        "link",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("url_hash", sa.LargeBinary(length=16), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("host", sa.Text(), nullable=False),
        sa.Column("outlet_id", sa.Text(), nullable=False),
        sa.Column("source_id", sa.Text(), nullable=False),
        sa.Column("hint", sa.Text(), nullable=False),
        sa.Column("priority", sa.Integer(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("added_at", sa.BigInteger(), nullable=False),
        sa.Column("due_at", sa.BigInteger(), nullable=True),
        sa.Column("fail_kind", sa.Text(), nullable=False),
        sa.Column("fail_detail", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_link")),
        sa.UniqueConstraint("url_hash", name=op.f("uq_link_url_hash")),
    )
    op.create_index("ix_link_due", "link", [sa.literal_column("priority DESC"), "id"],
                    sqlite_where=sa.text("due_at IS NOT NULL"), postgresql_where=sa.text("due_at IS NOT NULL"))
    op.create_index(op.f("ix_link_state"), "link", ["state"])
    op.create_table(
        "named_value",
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("set_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_named_value")),
    )
    op.create_table(
        "page",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("fetched_at", sa.BigInteger(), nullable=False),
        sa.Column("http_status", sa.Integer(), nullable=False),
        sa.Column("headers", sa.Text(), nullable=False),
        sa.Column("outlet_id", sa.Text(), nullable=False),
        sa.Column("source_id", sa.Text(), nullable=False),
        sa.Column("hint", sa.Text(), nullable=False),
        sa.Column("file", sa.Text(), nullable=False),
        sa.Column("offset", sa.BigInteger(), nullable=False),
        sa.Column("length", sa.BigInteger(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("priority", sa.Integer(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("worker", sa.Text(), nullable=False),
        sa.Column("due_at", sa.BigInteger(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("changed_at", sa.BigInteger(), nullable=False),
        sa.Column("article_id", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_page")),
    )
    op.create_index("ix_page_due", "page", [sa.literal_column("priority DESC"), "id"],
                    sqlite_where=sa.text("due_at IS NOT NULL"), postgresql_where=sa.text("due_at IS NOT NULL"))
    op.create_index("ix_page_state", "page", ["state", "fetched_at"])
    op.create_table(
        "pin",
        sa.Column("a", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("b", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("who", sa.Text(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("a", "b", name=op.f("pk_pin")),
    )
    op.create_index("ix_pin_b", "pin", ["b"])
    op.create_table(
        "sent",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("ok", sa.Boolean(), nullable=False),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sent")),
    )
    op.create_index("ix_sent_key", "sent", ["channel", "key"])
    op.create_table(
        "source",
        sa.Column("id", sa.String(length=200), nullable=False),
        sa.Column("outlet_id", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("enabled", sa.Boolean(), nullable=False),
        sa.Column("health", sa.String(length=20), nullable=False),
        sa.Column("next_due", sa.BigInteger(), nullable=True),
        sa.Column("interval_s", sa.Integer(), nullable=False),
        sa.Column("etag", sa.Text(), nullable=False),
        sa.Column("last_modified", sa.Text(), nullable=False),
        sa.Column("last_poll", sa.BigInteger(), nullable=True),
        sa.Column("last_ok", sa.BigInteger(), nullable=True),
        sa.Column("last_new", sa.BigInteger(), nullable=True),
        sa.Column("usual_gap_s", sa.Float(), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("fail_kind", sa.Text(), nullable=False),
        sa.Column("fail_detail", sa.Text(), nullable=False),
        sa.Column("found", sa.Integer(), nullable=False),
        sa.Column("paused_until", sa.BigInteger(), nullable=True),
        sa.Column("leased_until", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_source")),
    )
    op.create_index("ix_source_next_due", "source", ["enabled", "next_due"])
    op.create_table(
        "story",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("first_article_id", sa.BigInteger(), nullable=True),
        sa.Column("first_state", sa.String(length=20), nullable=False),
        sa.Column("first_reason", sa.Text(), nullable=False),
        sa.Column("first_outlet", sa.Text(), nullable=False),
        sa.Column("highest_tier", sa.String(length=20), nullable=False),
        sa.Column("copies", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("updated_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_story")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "task",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("key", sa.String(length=400), nullable=False),
        sa.Column("payload", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("again", sa.Boolean(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("changed_at", sa.BigInteger(), nullable=False),
        sa.Column("due_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_task")),
        sa.UniqueConstraint("kind", "key", name=op.f("uq_task_kind_key")),
    )
    op.create_index("ix_task_due", "task", ["kind", "due_at", "id"],
                    sqlite_where=sa.text("due_at IS NOT NULL"), postgresql_where=sa.text("due_at IS NOT NULL"))
    op.create_index(op.f("ix_task_state"), "task", ["state"])
    op.create_table(
        "article_body",
        sa.Column("article_id", ID, autoincrement=False, nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("rest", sa.Text(), nullable=False),
        sa.Column("mentions", sa.Text(), nullable=False),
        sa.Column("judgements", sa.Text(), nullable=False),
        sa.Column("tokens", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(["article_id"], ["article.id"], name=op.f("fk_article_body_article_id_article"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("article_id", name=op.f("pk_article_body")),
    )
    op.create_table(
        "article_unit",
        sa.Column("article_id", ID, autoincrement=False, nullable=False),
        sa.Column("unit_id", sa.String(length=100), nullable=False),
        sa.Column("label", sa.String(length=2), nullable=False),
        sa.ForeignKeyConstraint(["article_id"], ["article.id"], name=op.f("fk_article_unit_article_id_article"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("article_id", "unit_id", name=op.f("pk_article_unit")),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_article_unit_unit", "article_unit", ["unit_id", "article_id"])
    op.create_table(
        "edge",
        sa.Column("child", ID, autoincrement=False, nullable=False),
        sa.Column("story_id", ID, nullable=False),
        sa.Column("parent", sa.BigInteger(), nullable=True),
        sa.Column("relation", sa.String(length=20), nullable=False),
        sa.Column("score", sa.Float(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("joined_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["child"], ["article.id"], name=op.f("fk_edge_child_article"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["story_id"], ["story.id"], name=op.f("fk_edge_story_id_story")),
        sa.PrimaryKeyConstraint("child", name=op.f("pk_edge")),
    )
    op.create_index(op.f("ix_edge_story_id"), "edge", ["story_id"])
    op.create_table(
        "incident_event",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("incident_id", ID, nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("who", sa.Text(), nullable=False),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("data", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["incident_id"], ["incident.id"], name=op.f("fk_incident_event_incident_id_incident")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_incident_event")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_incident_event_incident_id"), "incident_event", ["incident_id"])
    op.create_table(
        "incident_story",
        sa.Column("incident_id", ID, autoincrement=False, nullable=False),
        sa.Column("story_id", ID, autoincrement=False, nullable=False),
        sa.ForeignKeyConstraint(["incident_id"], ["incident.id"], name=op.f("fk_incident_story_incident_id_incident")),
        sa.ForeignKeyConstraint(["story_id"], ["story.id"], name=op.f("fk_incident_story_story_id_story")),
        sa.PrimaryKeyConstraint("incident_id", "story_id", name=op.f("pk_incident_story")),
    )
    op.create_index(op.f("ix_incident_story_story_id"), "incident_story", ["story_id"])
    op.create_table(
        "incident_unit",
        sa.Column("incident_id", ID, autoincrement=False, nullable=False),
        sa.Column("unit_id", sa.String(length=100), nullable=False),
        sa.ForeignKeyConstraint(["incident_id"], ["incident.id"], name=op.f("fk_incident_unit_incident_id_incident")),
        sa.PrimaryKeyConstraint("incident_id", "unit_id", name=op.f("pk_incident_unit")),
    )
    op.create_index(op.f("ix_incident_unit_unit_id"), "incident_unit", ["unit_id"])
    op.create_table(
        "session",
        sa.Column("token_hash", sa.String(length=128), nullable=False),
        sa.Column("user_id", ID, nullable=False),
        sa.Column("opened_at", sa.BigInteger(), nullable=False),
        sa.Column("seen_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["account.id"], name=op.f("fk_session_user_id_account")),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_session")),
    )
    op.create_index(op.f("ix_session_user_id"), "session", ["user_id"])
    op.create_table(
        "signature",
        sa.Column("article_id", ID, autoincrement=False, nullable=False),
        sa.Column("simhash", sa.BigInteger(), nullable=False),
        sa.Column("length", sa.Integer(), nullable=False),
        sa.Column("keys", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["article_id"], ["article.id"], name=op.f("fk_signature_article_id_article"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("article_id", name=op.f("pk_signature")),
    )
    if op.get_bind().dialect.name == "sqlite":
        op.execute("CREATE VIRTUAL TABLE article_words USING fts5(title, text, content='', tokenize='unicode61 remove_diacritics 0')")
    else:
        _words_of_postgresql()
    append_only(*APPEND_ONLY)


def _words_of_postgresql() -> None:
    op.create_table(
        "article_words",
        sa.Column("article_id", ID, autoincrement=False, nullable=False),
        sa.Column("words", TSVECTOR(), nullable=False),
        sa.Column("line", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["article_id"], ["article.id"], name=op.f("fk_article_words_article_id_article"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("article_id", name=op.f("pk_article_words")),
    )
    op.create_index("ix_article_words_words", "article_words", ["words"], postgresql_using="gin")
