"""The version of the schema: upgrade, downgrade, and what is wrong with a database before it is used.

Open when a migration misbehaves or a server refuses to start. Used by `flask database …`, by wsgi.py and by the tests.
"""

from __future__ import annotations

import importlib
import pkgutil
from pathlib import Path
from typing import Any

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy import Connection, Engine, create_engine, text
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

import avvikelse.models
from avvikelse.models.base import Base
from avvikelse.models.engine import WRITING, configure, engine_options, engine_url

MIGRATIONS = Path(__file__).resolve().parents[2] / "migrations"
UPGRADE_LOCK = 7_104_512  # PostgreSQL advisory lock: two processes that upgrade at once take turns


class UnknownRevisionError(Exception):
    """The program has no migration with that number."""


def load_models() -> None:
    """Import every file in models/, so that the metadata holds every table."""
    for module in pkgutil.iter_modules(avvikelse.models.__path__):
        importlib.import_module(f"avvikelse.models.{module.name}")


def alembic_config(connection: Connection | None = None) -> Config:
    config = Config(str(MIGRATIONS / "alembic.ini"))
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["connection"] = connection
    return config


def make_engine(database_url: str) -> Engine:
    """An engine as the program uses it, for work outside an app (migrations, checks, tests)."""
    return configure(create_engine(engine_url(database_url), **engine_options(database_url)))


def create_sqlite_file(database_url: str) -> bool:
    """Make the empty file of a new SQLite database. True if it was made. The only place that does."""
    url = engine_url(database_url)
    if url.get_backend_name() != "sqlite" or not url.database:
        return False
    path = Path(url.database.removeprefix("file:"))
    if path.exists():
        return False
    path.parent.mkdir(parents=True, exist_ok=True)
    path.touch(mode=0o600)
    return True


def upgrade(engine: Engine, revision: str = "head") -> None:
    _migrate(engine, command.upgrade, revision)


def downgrade(engine: Engine, revision: str) -> None:
    """Raises UnknownRevisionError before anything is done."""
    try:
        if revision != "base":
            ScriptDirectory.from_config(alembic_config()).get_revision(revision)
    except CommandError as error:
        raise UnknownRevisionError(revision) from error
    _migrate(engine, command.downgrade, revision)


def head() -> str | None:
    """The newest revision that the program knows."""
    return ScriptDirectory.from_config(alembic_config()).get_current_head()


def current(connection: Connection) -> str | None:
    """The revision that the database stands at, None for an empty one."""
    return MigrationContext.configure(connection).get_current_revision()


def differences(connection: Connection) -> list[Any]:
    """What separates the database from the models; [] = the same."""
    load_models()
    options = {"compare_type": True, "compare_server_default": True}
    return list(compare_metadata(MigrationContext.configure(connection, opts=options), Base.metadata))


def problems(database_url: str) -> tuple[str, ...]:
    """Why the database cannot be used, as Swedish sentences; empty = it can. Never creates anything."""
    engine = make_engine(database_url)
    try:
        with engine.connect() as connection:
            if connection.dialect.name == "sqlite":
                result = connection.execute(text("PRAGMA quick_check(1)")).scalar_one()
                if result != "ok":
                    return ("Databasen är skadad. Läs tillbaka den senaste säkerhetskopian (docs/DRIFT.md).",)
            found, wanted = current(connection), head()
    except (DBAPIError, SQLAlchemyError) as error:
        return (_cannot_open(error),)
    finally:
        engine.dispose()
    if found == wanted:
        return ()
    if found is None:
        return ("Databasen är tom. Skapa tabellerna med `flask --app wsgi database upgrade`.",)
    return (f"Databasen har version {found} men programmet behöver {wanted}. Kör `flask --app wsgi database upgrade`.",)


def _cannot_open(error: Exception) -> str:
    cause = str(getattr(error, "orig", "") or type(error).__name__)
    if "unable to open database file" in cause:
        return "Databasen finns inte. Kör `flask --app wsgi database upgrade`, eller rätta AVVIKELSE_DATABASE_URL."
    if "not a database" in cause or "malformed" in cause:
        return (
            "Databasen är skadad eller är inte en SQLite-fil. Läs tillbaka den senaste säkerhetskopian (docs/DRIFT.md)."
        )
    return "Databasen går inte att nå. Kontrollera att den är igång och att AVVIKELSE_DATABASE_URL stämmer."


def _migrate(engine: Engine, step: Any, revision: str) -> None:
    """Run one alembic command in one transaction; all of it or nothing."""
    with engine.connect().execution_options(**WRITING) as connection:
        sqlite = connection.dialect.name == "sqlite"
        driver: Any = connection.connection.driver_connection
        if sqlite:
            # A batch migration rebuilds tables, which foreign keys must survive. Has no effect inside a transaction.
            driver.execute("PRAGMA foreign_keys=OFF")
        try:
            with connection.begin():
                if not sqlite:
                    connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": UPGRADE_LOCK})
                    connection.execute(text("SET LOCAL statement_timeout = 0"))
                step(alembic_config(connection), revision)
                if sqlite and (broken := connection.execute(text("PRAGMA foreign_key_check")).fetchall()):
                    raise RuntimeError(
                        f"the migration leaves {len(broken)} broken foreign keys, first in {broken[0][0]}"
                    )
        finally:
            if sqlite:
                driver.execute("PRAGMA foreign_keys=ON")
