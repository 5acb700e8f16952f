"""The tables.  Times are whole microseconds since 1970 UTC; structures nobody filters by are JSON text.

`due_at` is null where nothing is left to do, so one partial index per queue holds only what waits or is leased.
"""

from __future__ import annotations

from sqlalchemy import (
    BigInteger, Boolean, Column, Float, ForeignKey, Index, Integer, LargeBinary, MetaData, String, Table, Text, UniqueConstraint,
    text,
)

metadata = MetaData(naming_convention={
    "ix": "ix_%(table_name)s_%(column_0_N_name)s", "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s", "pk": "pk_%(table_name)s",
})

Id = BigInteger().with_variant(Integer, "sqlite")   # SQLite numbers rows only in a column declared INTEGER
Time = BigInteger


def _id() -> Column:
    return Column("id", Id, primary_key=True, autoincrement=True)


def _text(name: str) -> Column:
    return Column(name, Text, nullable=False, default="")


def _number(name: str, default: int = 0) -> Column:
    return Column(name, Integer, nullable=False, default=default)


source = Table(
    "source", metadata,
    Column("id", String(200), primary_key=True),
    _text("outlet_id"), _text("kind"), _text("url"),
    Column("enabled", Boolean, nullable=False, default=True),
    Column("health", String(20), nullable=False, default="new"),
    Column("next_due", Time), _number("interval_s", 600),
    _text("etag"), _text("last_modified"),
    Column("last_poll", Time), Column("last_ok", Time), Column("last_new", Time),
    Column("usual_gap_s", Float, nullable=False, default=0.0),
    _number("failures"), _text("fail_kind"), _text("fail_detail"), _number("found"),
    Column("paused_until", Time), Column("leased_until", Time),
    Index("ix_source_next_due", "enabled", "next_due"),
)

link = Table(
    "link", metadata, _id(),
    Column("url_hash", LargeBinary(16), nullable=False, unique=True),
    _text("url"), _text("host"), _text("outlet_id"), _text("source_id"), _text("hint"),
    _number("priority"), _number("tries"),
    Column("state", String(10), nullable=False, index=True),      # waiting | leased | done | failed
    Column("added_at", Time, nullable=False),
    Column("due_at", Time),
    _text("fail_kind"), _text("fail_detail"),
)
Index("ix_link_due", link.c.priority.desc(), link.c.id, sqlite_where=link.c.due_at.isnot(None), postgresql_where=link.c.due_at.isnot(None))

page = Table(
    "page", metadata, _id(),
    _text("url"), Column("fetched_at", Time, nullable=False), _number("http_status", 200), _text("headers"),
    _text("outlet_id"), _text("source_id"), _text("hint"),
    _text("file"), Column("offset", BigInteger, nullable=False), Column("length", BigInteger, nullable=False), _text("sha256"),
    Column("state", String(20), nullable=False), _number("priority"), _number("tries"), _text("worker"),
    Column("due_at", Time),
    _text("reason"), Column("changed_at", Time, nullable=False), Column("article_id", BigInteger),
    Index("ix_page_state", "state", "fetched_at"),
)
Index("ix_page_article", page.c.article_id, sqlite_where=page.c.article_id.isnot(None), postgresql_where=page.c.article_id.isnot(None))
Index("ix_page_due", page.c.priority.desc(), page.c.id, sqlite_where=page.c.due_at.isnot(None), postgresql_where=page.c.due_at.isnot(None))

article = Table(
    "article", metadata, _id(),
    Column("canonical_hash", LargeBinary(16), nullable=False, unique=True),
    _text("canonical"), _text("url"), _text("title"),
    _text("outlet_id"), _text("outlet_name"), Column("tier", String(20), nullable=False),
    Column("published", Time), Column("precision", String(10), nullable=False, default=""),
    Column("first_seen", Time, nullable=False),
    Column("sort_at", Time, nullable=False),                      # published, or first_seen where missing
    Column("page_id", BigInteger, nullable=False),
    Column("matched", Boolean, nullable=False),
    Column("is_first", Boolean, nullable=False, default=False),   # first publication of its story
    Column("unresolved", Boolean, nullable=False, default=False), # a mention is left for a person
    Column("has_text", Boolean, nullable=False, default=True),
    Column("label", String(2), nullable=False, default=""),       # of the judgement of the whole
    _text("content_sha"), _number("length"),
    sqlite_autoincrement=True,
)
# Most articles are not about us: they are in no index but that of addresses.  The conditions are spelt as each engine's WHERE says
# them, for only then is a partial index used; `matched` stands in them so that a count need not look at the rows.
_MATCHED = {"sqlite_where": text("matched = 1"), "postgresql_where": text("matched")}
Index("ix_article_matched", article.c.id, article.c.matched, **_MATCHED)
Index("ix_article_sort", article.c.sort_at, article.c.id, article.c.is_first, article.c.label, article.c.tier, article.c.matched,
      **_MATCHED)                  # all that lists filter by
Index("ix_article_outlet", article.c.outlet_id, article.c.sort_at, article.c.id, article.c.matched, **_MATCHED)
Index("ix_article_unresolved", article.c.id, sqlite_where=text("unresolved = 1"), postgresql_where=text("unresolved"))
Index("ix_article_kept", article.c.first_seen, sqlite_where=text("matched = 0 AND has_text = 1"),
      postgresql_where=text("NOT matched AND has_text"))

body = Table(
    "article_body", metadata,
    Column("article_id", Id, ForeignKey("article.id", ondelete="CASCADE"), primary_key=True, autoincrement=False),
    _text("text"), _text("rest"), _text("mentions"), _text("judgements"),
    Column("tokens", LargeBinary),                                # what the search index was given, deflated: needed to take it out again
)

article_unit = Table(
    "article_unit", metadata,
    Column("article_id", Id, ForeignKey("article.id", ondelete="CASCADE"), primary_key=True, autoincrement=False),
    Column("unit_id", String(100), primary_key=True),
    Column("label", String(2), nullable=False, default=""),       # of the judgement about this unit
    Index("ix_article_unit_unit", "unit_id", "article_id"),
    sqlite_with_rowid=False,
)

signature = Table(
    "signature", metadata,
    Column("article_id", Id, ForeignKey("article.id", ondelete="CASCADE"), primary_key=True, autoincrement=False),
    Column("simhash", BigInteger, nullable=False),                # unsigned 64 bits kept as signed
    _number("length"), _text("keys"),
)

story = Table(
    "story", metadata, _id(),
    _text("title"), Column("first_article_id", BigInteger), Column("first_state", String(20), nullable=False, default="unknown"),
    _text("first_reason"), _text("first_outlet"), Column("highest_tier", String(20), nullable=False, default="unknown"),
    _number("copies"), Column("created_at", Time, nullable=False), Column("updated_at", Time, nullable=False),
    sqlite_autoincrement=True,
)

edge = Table(
    "edge", metadata,
    Column("child", Id, ForeignKey("article.id", ondelete="CASCADE"), primary_key=True, autoincrement=False),
    Column("story_id", Id, ForeignKey("story.id"), nullable=False, index=True),
    Column("parent", BigInteger), Column("relation", String(20), nullable=False),
    Column("score", Float, nullable=False), _text("reason"), Column("joined_at", Time, nullable=False),
)

pin = Table(
    "pin", metadata,
    Column("a", BigInteger, primary_key=True, autoincrement=False),
    Column("b", BigInteger, primary_key=True, autoincrement=False),   # a < b
    Column("kind", String(10), nullable=False), _text("who"), Column("at", Time, nullable=False),
    Index("ix_pin_b", "b"),
)

task = Table(
    "task", metadata, _id(),
    Column("kind", String(40), nullable=False), Column("key", String(400), nullable=False), _text("payload"),
    Column("state", String(10), nullable=False, index=True),      # pending | leased | done | parked
    Column("again", Boolean, nullable=False, default=False),      # asked for anew while it was being done
    _number("tries"), _text("detail"), Column("created_at", Time, nullable=False), Column("changed_at", Time, nullable=False),
    Column("due_at", Time),
    UniqueConstraint("kind", "key"),
)
Index("ix_task_due", task.c.kind, task.c.due_at, task.c.id, sqlite_where=task.c.due_at.isnot(None),
      postgresql_where=task.c.due_at.isnot(None))

sent = Table(
    "sent", metadata, _id(),
    Column("at", Time, nullable=False), _text("channel"), _text("key"), Column("ok", Boolean, nullable=False), _text("detail"),
    Index("ix_sent_key", "channel", "key"),
)

incident = Table(
    "incident", metadata, _id(),
    _text("title"), _number("level", 4), Column("state", String(20), nullable=False),
    Column("opened_at", Time, nullable=False), Column("first_seen", Time, nullable=False), Column("updated_at", Time, nullable=False),
    _text("units"), _number("outlets"), _number("articles"), _text("topic"), _number("severity"), _text("reason"), _text("level_reason"),
    Column("top_tier", String(20), nullable=False, default="unknown"),
    _text("signed_by"), Column("signed_at", Time), Column("closed_at", Time), Column("due_at", Time),
    Column("kind", String(20), nullable=False, default="opinion"), _text("assigned"), Column("previous", BigInteger, nullable=False, default=0),
    Column("merged_into", BigInteger, nullable=False, default=0), _number("ruled"), _number("escalated"), Column("escalated_at", Time),
    Index("ix_incident_state", "state", "updated_at"), Index("ix_incident_opened", "opened_at"),
    sqlite_autoincrement=True,
)

incident_unit = Table(
    "incident_unit", metadata,
    Column("incident_id", Id, ForeignKey("incident.id"), primary_key=True, autoincrement=False),
    Column("unit_id", String(100), primary_key=True, index=True),
)

incident_story = Table(
    "incident_story", metadata,
    Column("incident_id", Id, ForeignKey("incident.id"), primary_key=True, autoincrement=False),
    Column("story_id", Id, ForeignKey("story.id"), primary_key=True, autoincrement=False, index=True),
)

incident_event = Table(
    "incident_event", metadata, _id(),
    Column("incident_id", Id, ForeignKey("incident.id"), nullable=False, index=True),
    Column("at", Time, nullable=False), _text("who"), _text("what"), _text("text"), _text("data"),
    sqlite_autoincrement=True,
)

ledger = Table(
    "ledger", metadata, _id(),
    Column("at", Time, nullable=False, index=True), Column("unit_id", String(100), nullable=False),
    Column("article_id", BigInteger, nullable=False), Column("story_id", BigInteger, nullable=False, index=True),
    _text("scheme"), _text("class_id"), _text("class_name"), _number("cents"), Column("period", String(20), nullable=False),
    _text("arithmetic"), _text("reason"), _text("origin"), _text("person"), Column("corrects", BigInteger),
    Column("kind", String(10), nullable=False, default="piece"), _text("day"), _number("full_cents"), _text("of_period"), _text("passed_by"),
    _text("rules"), _text("caps"), _text("outlet_id"), Column("claim_id", BigInteger, nullable=False, default=0),
    Index("ix_ledger_unit", "unit_id", "period"), Index("ix_ledger_period", "period"),
    sqlite_autoincrement=True,
)

account = Table(
    "account", metadata, _id(),
    Column("name", String(100), nullable=False, unique=True), _text("display"), Column("role", String(20), nullable=False),
    _text("unit_id"), Column("active", Boolean, nullable=False, default=True),
    Column("must_change", Boolean, nullable=False, default=False),
    _text("password_hash"),
    sqlite_autoincrement=True,
)

session = Table(
    "session", metadata,
    Column("token_hash", String(128), primary_key=True),
    Column("user_id", Id, ForeignKey("account.id"), nullable=False, index=True),
    Column("opened_at", Time, nullable=False), Column("seen_at", Time, nullable=False),
)

audit = Table(
    "audit", metadata, _id(),
    Column("at", Time, nullable=False), Column("who", String(100), nullable=False), Column("what", String(60), nullable=False),
    _text("target"), _text("result"), _text("address"),
    Index("ix_audit_who", "who", "what", "at"),
    sqlite_autoincrement=True,
)

named_value = Table(
    "named_value", metadata,
    Column("name", String(200), primary_key=True), _text("value"), Column("set_at", Time, nullable=False),
)

