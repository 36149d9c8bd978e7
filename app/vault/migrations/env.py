"""Alembic's entry: it receives a live, keyed connection and never a URL."""

from __future__ import annotations

from alembic import context

from app.models.schema import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    render_as_batch=True,
    compare_type=True,
    transactional_ddl=True,
)
with context.begin_transaction():
    context.run_migrations()
