"""How alembic meets the database: on the connection it is given, in that connection's transaction. No offline mode."""

from __future__ import annotations

from typing import Any, Literal

from alembic import context

from avvikelse.models.base import Base, UtcDateTime
from avvikelse.models.schema import load_models


def render_item(kind: str, item: Any, _context: Any) -> str | Literal[False]:
    """Revisions say what a column is in the database, not which class of ours reads it: that class may change."""
    return "sa.DateTime(timezone=True)" if kind == "type" and isinstance(item, UtcDateTime) else False


load_models()
context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
    render_as_batch=True,  # SQLite cannot alter a column: alembic rebuilds the table. It drops triggers; revisions must make them again.
    transactional_ddl=True,
    render_item=render_item,
    compare_type=True,
    compare_server_default=True,
)
with context.begin_transaction():
    context.run_migrations()
