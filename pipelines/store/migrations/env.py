"""Run by Alembic: the migrations go over the connection they are given, inside its transaction."""

from __future__ import annotations

from alembic import context

from pipelines.store.tables import metadata

connection = context.config.attributes["connection"]
context.configure(connection=connection, target_metadata=metadata, transactional_ddl=True,
                  render_as_batch=connection.dialect.name == "sqlite")
with context.begin_transaction():
    context.run_migrations()
