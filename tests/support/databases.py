"""Databases for tests: one template per kind and test run, from which a copy takes milliseconds."""

from __future__ import annotations

import os
import shutil
import sqlite3
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg

from avvikelse.models import schema
from tests.support import postgres

DIALECTS = ("sqlite", "postgresql")
TEMPLATE = "template_avvikelse"


@contextmanager
def fresh_database(dialect: str) -> Iterator[str]:
    """The URL of a new database with the newest schema and no rows; deleted afterwards."""
    with _copied(dialect, lambda: _template(dialect)) as url:
        yield url


@contextmanager
def empty_database(dialect: str) -> Iterator[str]:
    """The URL of a new database without tables, for tests of migrations."""
    with _copied(dialect, lambda: None) as url:
        yield url


@contextmanager
def _copied(dialect: str, template: Callable[[], str | None]) -> Iterator[str]:
    name = f"avvikelse_{uuid.uuid4().hex[:12]}"
    source = template()
    if dialect == "sqlite":
        path = Path(os.environ[postgres.RUN_DIR]) / f"{name}.sqlite3"
        if source is None:
            schema.create_sqlite_file(f"sqlite:///{path}")
        else:
            shutil.copyfile(source, path)
        yield f"sqlite:///{path}"
        for suffix in ("", "-wal", "-shm"):
            path.with_name(path.name + suffix).unlink(missing_ok=True)
    else:
        cluster = postgres.cluster()
        _admin(cluster, f"CREATE DATABASE {name} TEMPLATE {source or 'template0'} STRATEGY file_copy")
        yield cluster.url(name)
        _admin(cluster, f"DROP DATABASE {name} WITH (FORCE)")


def _template(dialect: str) -> str:
    """Path or name of the template, made by whoever comes first."""
    with postgres.locked(f"template-{dialect}") as run_dir:
        done = run_dir / f"template-{dialect}.done"
        path = run_dir / f"{TEMPLATE}.sqlite3"
        if dialect == "sqlite":
            url = f"sqlite:///{path}"
            if not done.exists():
                path.unlink(missing_ok=True)
                schema.create_sqlite_file(url)
                _make_schema(url)
                with sqlite3.connect(path) as connection:
                    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
                connection.close()
                done.touch()
            return str(path)
        if not done.exists():
            cluster = postgres.cluster()
            _admin(cluster, f"DROP DATABASE IF EXISTS {TEMPLATE}")
            _admin(cluster, f"CREATE DATABASE {TEMPLATE} TEMPLATE template0")
            _make_schema(cluster.url(TEMPLATE))
            done.touch()
        return TEMPLATE


def _make_schema(url: str) -> None:
    engine = schema.make_engine(url)
    schema.upgrade(engine)
    engine.dispose()


def _admin(cluster: postgres.Cluster, statement: str) -> None:
    with psycopg.connect(
        f"host={cluster.directory} user={postgres.UNPRIVILEGED} dbname=postgres", autocommit=True
    ) as connection:
        connection.execute(statement.encode())
