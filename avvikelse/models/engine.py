"""How the two databases are opened: transactions, durability, limits.

Open when a lock, a time-out or a pragma is in doubt.

SQLite: every connection is in autocommit towards the driver and we say BEGIN ourselves, so that savepoints are real
and a writing request can take its lock at once (`IMMEDIATE`) instead of losing it half-way. The file is opened
`mode=rw`: a missing database is an error, never silently an empty one.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, Engine, event, make_url
from sqlalchemy.engine import URL

# session.connection(execution_options=WRITING) at the start of a transaction that will write
WRITING = {"avvikelse_writing": True}

SQLITE_PRAGMAS = (
    "PRAGMA journal_mode=WAL",
    "PRAGMA synchronous=FULL",  # an acknowledged report survives a power cut (docs/adr)
    "PRAGMA foreign_keys=ON",
    "PRAGMA busy_timeout=10000",
    "PRAGMA temp_store=MEMORY",
    "PRAGMA cache_size=-16000",
)
# jit: compiling a statement takes up to a second; ours read a few hundred rows through indexes.
POSTGRESQL_SETTINGS = (
    "-c jit=off"
    " -c statement_timeout=30000 -c lock_timeout=10000 -c idle_in_transaction_session_timeout=60000 -c timezone=UTC"
)


def engine_url(database_url: str) -> URL:
    """The URL as the engine wants it:

    SQLite files are opened only if they exist, PostgreSQL always through psycopg 3.
    """
    url = make_url(database_url)
    if url.get_backend_name() == "sqlite" and url.database and not url.database.startswith("file:"):
        return url.set(database=f"file:{url.database}").update_query_dict({"mode": "rw", "uri": "true"})
    if url.drivername in {"postgres", "postgresql"}:
        return url.set(drivername="postgresql+psycopg")
    return url


def engine_options(database_url: str) -> dict[str, Any]:
    """Keyword arguments for create_engine.

    Parameters never stand in error messages: they may be what somebody typed.
    """
    options: dict[str, Any] = {"hide_parameters": True}
    if engine_url(database_url).get_backend_name() == "postgresql":
        options |= {
            "isolation_level": "READ COMMITTED",
            "pool_pre_ping": True,
            "pool_size": 5,
            "max_overflow": 15,
            "connect_args": {"options": POSTGRESQL_SETTINGS, "connect_timeout": 5},
        }
    return options


def configure(engine: Engine) -> Engine:
    """Attach what each new SQLite connection and transaction needs. PostgreSQL needs nothing more than its options."""
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _open_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
    return engine


def _open_sqlite(connection: Any, _record: Any) -> None:
    connection.isolation_level = None
    for pragma in SQLITE_PRAGMAS:
        connection.execute(pragma)


def _begin_sqlite(connection: Connection) -> None:
    writing = connection.get_execution_options().get("avvikelse_writing")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writing else "BEGIN")
