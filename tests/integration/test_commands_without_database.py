"""What an operator reads when the database or the settings cannot be used: one sentence and the agreed exit code."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import text

from avvikelse.models.base import db
from config import ROOT, Settings, SettingsError
from tests.conftest import build_app, dispose
from tests.support.settings import make_settings

NEEDING = (
    ("users", "list"),
    ("users", "create", "nina@example.org", "Nina Ny"),
    ("jobs", "run"),
    ("jobs", "list"),
    ("jobs", "run-once", "heartbeat"),
    ("audit", "verify"),
    ("audit", "anchor"),
    ("learning", "signals", "--group", "birger", "--month", "2026-10"),
    ("organisation", "import", "avvikelse/data/packs/blekinge.toml"),
    ("cases", "load", "tests/cases/earlier_cases.jsonl"),
    ("database", "check"),
)


@pytest.fixture
def app_on(tmp_path: Path) -> Iterator[Callable[..., Flask]]:
    """`app_on(url)` → an app whose database is there or not; its connections are closed afterwards."""
    made: list[Flask] = []

    def build(url: str, **settings: Any) -> Flask:
        made.append(build_app(replace(make_settings(url, tmp_path), **settings)))
        return made[-1]

    yield build
    for app in made:
        dispose(app)


def run(app: Flask, *args: str) -> Result:
    return app.test_cli_runner().invoke(args=[str(ROOT / arg) if "/" in arg else arg for arg in args])


@pytest.mark.parametrize("command", NEEDING, ids=" ".join)
def test_a_missing_database_is_told_in_a_sentence(
    app_on: Callable[..., Flask], tmp_path: Path, command: tuple[str, ...]
) -> None:
    file = tmp_path / "finns-inte.sqlite3"
    result = run(app_on(f"sqlite:///{file}"), *command)
    assert result.exit_code == 1
    assert "Databasen finns inte. Kör `flask --app wsgi database upgrade`" in result.output
    assert "Traceback" not in result.output
    assert not file.exists()


@pytest.mark.parametrize("command", NEEDING, ids=" ".join)
def test_an_empty_database_is_told_in_a_sentence(
    bare_database: str, app_on: Callable[..., Flask], command: tuple[str, ...]
) -> None:
    result = run(app_on(bare_database), *command)
    assert (result.exit_code, "Databasen är tom." in result.output) == (1, True)


def test_a_fault_of_the_program_is_not_called_a_fault_of_the_database(
    committed_app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(session: object) -> None:
        session.execute(text("SELECT nothing FROM nowhere"))  # type: ignore[attr-defined]

    monkeypatch.setattr("avvikelse.cli.users.identity.all_users", broken)
    result = run(committed_app, "users", "list")
    assert "nowhere" in str(result.exception)


def test_without_keys_nothing_is_recorded_and_it_is_said(
    committed_database: str, app_on: Callable[..., Flask], monkeypatch: pytest.MonkeyPatch
) -> None:
    app = app_on(committed_database, audit_key="")
    monkeypatch.setitem(db.session.session_factory.kw, "info", {})
    result = run(app, "users", "create", "nina@example.org", "Nina Ny")
    assert (result.exit_code, "AVVIKELSE_AUDIT_KEY saknas" in result.output) == (1, True)


def test_a_version_that_does_not_exist_is_bad_input(committed_app: Flask) -> None:
    result = run(committed_app, "database", "downgrade", "9999")
    assert (result.exit_code, "Det finns ingen version 9999" in result.output) == (2, True)


def test_a_file_that_is_not_there_is_said_before_the_database(app_on: Callable[..., Flask], tmp_path: Path) -> None:
    app = app_on(f"sqlite:///{tmp_path / 'finns-inte.sqlite3'}")
    result = app.test_cli_runner().invoke(args=["organisation", "import", str(tmp_path / "lan.toml")])
    assert (result.exit_code, "lan.toml: [–] –: Filen finns inte." in result.output) == (2, True)


def test_another_kind_of_database_is_refused_without_its_address() -> None:
    with pytest.raises(SettingsError, match="ska börja med postgresql:// eller sqlite:///") as refused:
        Settings.from_env({"AVVIKELSE_DATABASE_URL": "mysql://root:hemligt@db/x"})
    assert "hemligt" not in str(refused.value)


def test_a_setting_that_means_nothing_is_bad_input_to_a_command() -> None:
    answer = subprocess.run(
        [sys.executable, "-m", "flask", "--app", "wsgi", "users", "list"],
        cwd=ROOT,
        env={**os.environ, "AVVIKELSE_ENV": "skarp"},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert answer.returncode == 2
    assert "AVVIKELSE_ENV är 'skarp' men ska vara production, demo eller test." in answer.stderr
    assert "Traceback" not in answer.stderr
