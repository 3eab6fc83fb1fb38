"""The documents say what the program does: docs/generated is fresh, and what the others name exists."""

from __future__ import annotations

import re
from pathlib import Path

import click
import pytest
from flask import Flask

from avvikelse import create_app
from avvikelse.cli import docs
from avvikelse.domain.actor import NOBODY
from avvikelse.web.access import LOGGED_IN, Rule, requires
from config import ROOT
from tests.support.settings import make_settings

PROSE = ("README.md", "ARCHITECTURE.md", "docs/DRIFT.md", "docs/ORDLISTA.md")
SETTING = re.compile(r"AVVIKELSE_[A-Z_]+[A-Z]")
COMMAND = re.compile(r"flask(?: --app wsgi)? ((?:[a-z][a-z-]+ ?)+)")
FILE = re.compile(r"`((?:[\w.-]+/)*[\w-]+\.(?:py|md|txt|toml|json|sh|html|css|png))`|\]\(([\w./-]+)\)")


@pytest.fixture
def unconnected(tmp_path: Path) -> Flask:
    """The app with a database that does not exist: writing the documents must not need one."""
    return create_app(make_settings(f"sqlite:///{tmp_path / 'missing.sqlite3'}", tmp_path))


@pytest.mark.parametrize("name", sorted(docs.PAGES))
def test_every_page_is_fresh(unconnected: Flask, name: str) -> None:
    path = docs.GENERATED / name
    fresh = path.is_file() and path.read_text("utf-8") == docs.PAGES[name](unconnected)
    assert fresh, f"docs/generated/{name} is not what the program says: run `make docs` and commit it"


def test_nothing_else_lies_there() -> None:
    assert {path.name for path in docs.GENERATED.iterdir()} == set(docs.PAGES)


def test_a_new_door_shows_at_once(unconnected: Flask) -> None:
    before = docs.doors_markdown(unconnected)
    unconnected.add_url_rule("/planterad", "planted", requires(LOGGED_IN)(lambda: ""))
    lines = set(docs.doors_markdown(unconnected).splitlines()) - set(before.splitlines())
    (line,) = lines
    assert line.startswith("| `/planterad` | GET | `planted` | inloggad | – | ja |")


def test_a_door_is_asked_for_each_persona(unconnected: Flask) -> None:
    nobody_only = Rule("bara ej inloggad", lambda actor: actor == NOBODY)
    unconnected.add_url_rule("/planterad", "planted", requires(nobody_only)(lambda: ""))
    line = next(line for line in docs.doors_markdown(unconnected).splitlines() if "planted" in line)
    assert line.count("| ja ") == 1
    assert line.count("| – ") == len(docs.PERSONAS) - 1


def test_drift_names_every_setting_and_no_other() -> None:
    named = SETTING.findall((ROOT / "docs/DRIFT.md").read_text("utf-8"))
    assert set(named) == set(SETTING.findall((ROOT / "config.py").read_text("utf-8")))


def test_a_word_is_explained_once() -> None:
    rows = re.findall(r"^\| ([^|]+) \|", (ROOT / "docs/ORDLISTA.md").read_text("utf-8"), re.MULTILINE)
    words = [word for row in rows if row != "Ord" for word in row.split(", ")]
    assert len(words) > 100
    assert sorted(word for word in set(words) if words.count(word) > 1) == []


@pytest.mark.parametrize("name", PROSE)
def test_every_command_that_is_named_exists(unconnected: Flask, name: str) -> None:
    missing = []
    for words in COMMAND.findall((ROOT / name).read_text("utf-8")):
        found: click.Command | None = unconnected.cli
        for word in words.split():
            if not isinstance(found, click.Group):
                break
            found = found.commands.get(word)
        if found is None:
            missing.append(words)
    assert missing == []


@pytest.mark.parametrize("name", PROSE)
def test_every_file_that_is_named_exists(name: str) -> None:
    source = ROOT / name
    places = (ROOT, source.parent, ROOT / "avvikelse")
    named = {quoted or linked for quoted, linked in FILE.findall(source.read_text("utf-8"))}
    assert sorted(file for file in named if not any((place / file).exists() for place in places)) == []
