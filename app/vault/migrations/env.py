"""Alembic's entry: it receives a live, keyed connection and never a URL."""

from __future__ import annotations

from alembic import context

from app.models.schema import is_mapped, metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    render_as_batch=True,
    compare_type=True,
    include_name=lambda name, kind, _parents: kind != "table" or is_mapped(name),
    transactional_ddl=True,
)
with context.begin_transaction():
    context.run_migrations()
