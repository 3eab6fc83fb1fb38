"""How alembic meets the database: on the connection it is given, in that connection's transaction. No offline mode."""

from __future__ import annotations

from alembic import context

from avvikelse.models.base import Base
from avvikelse.models.schema import include_object, load_models

load_models()
context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
    include_object=include_object,
    render_as_batch=True,  # SQLite cannot alter a column: alembic rebuilds the table. It drops triggers; revisions must make them again.
    transactional_ddl=True,
    compare_type=True,
    compare_server_default=True,
)
with context.begin_transaction():
    context.run_migrations()
