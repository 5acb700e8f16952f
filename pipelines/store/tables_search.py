"""The outbox of the search server: which articles it has to be told of, and how far it has been told."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Table, Text, Index

from pipelines.store.tables import Id, metadata

search_change = Table(
    "search_change", metadata,
    Column("article_id", Id, primary_key=True, autoincrement=False),
    Column("version", BigInteger, nullable=False),                # counts the changes of the article: the server keeps the highest
    Column("done", BigInteger, nullable=False),                   # the version the server has been told
    Column("detail", Text, nullable=False, default=""),           # why it refused the document
)
_WAITING = search_change.c.done < search_change.c.version
Index("ix_search_change_waiting", search_change.c.article_id, sqlite_where=_WAITING, postgresql_where=_WAITING)
