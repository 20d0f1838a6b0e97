"""Runs one migration command over the connection that ``bot.db.migrate`` opened."""

from __future__ import annotations

from alembic import context

from bot.db.models.every import METADATA

connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=METADATA,
    render_as_batch=connection.dialect.name == "sqlite",
    compare_type=True,
    # Our SQLite transactions are real ones (see bot.db.engine), so a migration happens wholly or not at all.
    transactional_ddl=True,
)
with context.begin_transaction():
    context.run_migrations()
