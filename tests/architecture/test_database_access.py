"""Starting an app, and computing commands, touch no database; and the engine is set up as docs/adr promises."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from sqlalchemy import Connection, text

from avvikelse import create_app
from avvikelse.models import schema
from tests.support.settings import make_settings


def test_starting_makes_no_database(tmp_path: Path) -> None:
    create_app(make_settings(f"sqlite:///{tmp_path / 'a.sqlite3'}", tmp_path))
    assert list(tmp_path.iterdir()) == []


def test_a_missing_sqlite_file_is_not_made_by_connecting(tmp_path: Path) -> None:
    assert schema.problems(f"sqlite:///{tmp_path / 'a.sqlite3'}")
    assert list(tmp_path.iterdir()) == []


def test_the_engine_is_safe(database: Connection, dialect: str) -> None:
    wanted_of: dict[str, dict[str, Any]] = {
        "sqlite": {
            "PRAGMA journal_mode": "wal",
            "PRAGMA synchronous": 2,
            "PRAGMA foreign_keys": 1,
            "PRAGMA busy_timeout": 10000,
        },
        "postgresql": {
            "SHOW transaction_isolation": "read committed",
            "SHOW statement_timeout": "30s",
            "SHOW lock_timeout": "10s",
            "SHOW timezone": "UTC",
        },
    }
    wanted = wanted_of[dialect]
    assert {query: database.execute(text(query)).scalar_one() for query in wanted} == wanted
