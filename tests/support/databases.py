"""Databases for tests: one template per kind and test run, from which a copy takes milliseconds."""

from __future__ import annotations

import hashlib
import os
import shutil
import sqlite3
import tempfile
import uuid
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path

import psycopg
from flask import Flask
from sqlalchemy import make_url
from sqlalchemy.orm import Session

from avvikelse import create_app, models
from avvikelse.dev import seeding
from avvikelse.domain.actor import SYSTEM
from avvikelse.models import schema
from avvikelse.models.base import db
from avvikelse.services.organisation_import import import_pack
from tests.support import imported, postgres
from tests.support.settings import NOW, make_settings

DIALECTS = ("sqlite", "postgresql")
TEMPLATE = "template_avvikelse"


def judges_pages(app: Flask) -> bool:
    """Pages are the same on every database: their HTML is judged on the first one, which saves minutes."""
    return str(app.extensions["settings"].database_url).startswith(DIALECTS[0])


@contextmanager
def fresh_database(dialect: str) -> Iterator[str]:
    """The URL of a new database with the newest schema and no rows; deleted afterwards."""
    with _copied(dialect, lambda: _template(dialect)) as url:
        yield url


@contextmanager
def demo_database(dialect: str) -> Iterator[str]:
    """The URL of a new database that holds the demo as `make run` makes it today; deleted afterwards."""
    with _copied(dialect, lambda: _demo(dialect)) as url:
        yield url


@contextmanager
def settled_database(dialect: str) -> Iterator[str]:
    """The URL of a new database that holds the pack that most tests want, imported at NOW; deleted afterwards."""
    with _copied(dialect, lambda: _settled(dialect)) as url:
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
    """Path or name of the template with the newest schema."""
    return _made_once(dialect, TEMPLATE, None, _make_schema)


def _demo(dialect: str) -> str:
    return _made_once(dialect, f"{TEMPLATE}_demo", _template(dialect), _make_demo)


def _settled(dialect: str) -> str:
    return _made_once(dialect, f"{TEMPLATE}_settled", _template(dialect), _settle)


def _made_once(dialect: str, name: str, source: str | None, make: Callable[[str], None]) -> str:
    """Path or name of a database to copy, made from `source` by whoever comes first."""
    with postgres.locked(f"{name}-{dialect}") as run_dir:
        done = run_dir / f"{name}-{dialect}.done"
        path = run_dir / f"{name}.sqlite3"
        if dialect == "sqlite":
            url = f"sqlite:///{path}"
            if not done.exists():
                path.unlink(missing_ok=True)
                if source is None:
                    schema.create_sqlite_file(url)
                else:
                    shutil.copyfile(source, path)
                make(url)
                with sqlite3.connect(path) as connection:
                    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
                connection.close()
                done.touch()
            return str(path)
        if not done.exists():
            cluster = postgres.cluster()
            _admin(cluster, f"DROP DATABASE IF EXISTS {name}")
            _admin(cluster, f"CREATE DATABASE {name} TEMPLATE {source or 'template0'} STRATEGY file_copy")
            make(cluster.url(name))
            done.touch()
        return name


def _make_demo(url: str) -> None:
    _fill(url, lambda session: seeding.seed(session, now=datetime.now(UTC)))


def _settle(url: str) -> None:
    _fill(url, lambda session: import_pack(session, SYSTEM, imported.pack_tables(imported.USUAL), now=NOW))


def _fill(url: str, fill: Callable[[Session], object]) -> None:
    """With the keys that tests use, so that the log can be verified."""
    with tempfile.TemporaryDirectory() as instance:
        app = create_app(make_settings(url, Path(instance)))
        with app.app_context():
            fill(db.session())
            db.session.commit()
            db.engine.dispose()


def _make_schema(url: str) -> None:
    """By the migrations, which takes seconds on SQLite: a run whose migrations are those of the last takes its file."""
    path, kept = Path(make_url(url).database or ""), _kept_schema()
    if url.startswith("sqlite") and kept.exists():
        shutil.copyfile(kept, path)
        return
    engine = schema.make_engine(url)
    schema.upgrade(engine)
    engine.dispose()
    if url.startswith("sqlite"):
        kept.parent.mkdir(mode=0o700, exist_ok=True)
        half = kept.with_suffix(f".{os.getpid()}")
        with closing(sqlite3.connect(path)) as source, closing(sqlite3.connect(half)) as target:
            source.backup(target)
        half.replace(kept)


def _kept_schema() -> Path:
    """Where the schema of just these migrations lies, or will lie."""
    said = hashlib.sha256()
    for folder in (schema.MIGRATIONS, Path(models.__path__[0])):
        for file in sorted(folder.rglob("*.py")):
            said.update(file.read_bytes())
    return Path(tempfile.gettempdir()) / f"avvikelse-schema-{os.getuid()}" / f"{said.hexdigest()[:24]}.sqlite3"


def _admin(cluster: postgres.Cluster, statement: str) -> None:
    with psycopg.connect(
        f"host={cluster.directory} user={postgres.UNPRIVILEGED} dbname=postgres", autocommit=True
    ) as connection:
        connection.execute(statement.encode())
