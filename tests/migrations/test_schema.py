"""Migrations: equal to the models, up and down with rows, on both databases (R10); a wrong one is refused (R7)."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from sqlalchemy import CheckConstraint, Connection, Engine, Enum, Table, func, inspect, select, text

from avvikelse import create_app
from avvikelse.models import schema
from avvikelse.models.base import Base
from tests.migrations.filler import fill
from tests.support.settings import make_settings


@pytest.fixture
def engine(bare_database: str) -> Iterator[Engine]:
    """On a database without tables."""
    engine = schema.make_engine(bare_database)
    yield engine
    engine.dispose()


@pytest.fixture
def head(committed_database: str) -> Iterator[Engine]:
    """On a database that the migrations have brought to the newest schema."""
    engine = schema.make_engine(committed_database)
    yield engine
    engine.dispose()


def revisions() -> list[str]:
    """All revisions, oldest first."""
    from alembic.script import ScriptDirectory

    script = ScriptDirectory.from_config(schema.alembic_config())
    return [revision.revision for revision in reversed(list(script.walk_revisions()))]


def test_revisions_are_numbered_in_order() -> None:
    assert revisions() == [f"{number:04d}" for number in range(1, len(revisions()) + 1)]


def test_head_equals_the_models(head: Engine) -> None:
    with head.connect() as connection:
        assert schema.differences(connection) == []


def test_head_has_the_checks_of_the_models(head: Engine) -> None:
    """Alembic compares no CHECKs; we do, by name."""
    inspector = inspect(head)
    for table in Base.metadata.sorted_tables:
        found = {check["name"] for check in inspector.get_check_constraints(table.name)}
        assert found == check_names(table), table.name


def test_closed_lists_hold_the_codes_of_the_vocabulary(head: Engine) -> None:
    """A list that grew in domain/vocabulary.py without a revision would refuse its new code at run time."""
    inspector = inspect(head)
    for table in Base.metadata.sorted_tables:
        checks = {check["name"]: check["sqltext"] for check in inspector.get_check_constraints(table.name)}
        for column in table.columns:
            if isinstance(column.type, Enum):
                written = re.findall(r"'(\w+)'", checks[f"ck_{table.name}_{column.type.name}"])
                assert set(written) == set(column.type.enums), f"{table.name}.{column.name}"


def check_names(table: Table) -> set[str]:
    return {f"{constraint.name}" for constraint in table.constraints if isinstance(constraint, CheckConstraint)}


def test_a_difference_is_found(head: Engine) -> None:
    with head.begin() as connection:
        connection.execute(text("ALTER TABLE search_document ADD COLUMN planted INTEGER"))
        assert schema.differences(connection)


def test_triggers_exist(head: Engine) -> None:
    with head.connect() as connection:
        assert expected_objects(connection) <= own_objects(connection)


def own_objects(connection: Connection) -> set[str]:
    """Names of triggers."""
    if connection.dialect.name == "sqlite":
        query = "SELECT name FROM sqlite_master WHERE type = 'trigger'"
    else:
        query = "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal"
    return set(connection.scalars(text(query)))


def expected_objects(connection: Connection) -> set[str]:
    """Everything that the DDL in models/ says it makes, read out of the statements themselves."""
    from avvikelse.models.audit import AUDIT_TRIGGERS

    name = connection.dialect.name
    words = [statement.split() for statement in AUDIT_TRIGGERS[name]]
    return {statement[2] for statement in words if statement[1] == "TRIGGER"}  # CREATE TRIGGER name


def test_the_audit_log_refuses_changes(head: Engine) -> None:
    with head.begin() as connection:
        fill(connection)
    for statement in ("UPDATE audit_event SET event = 'x'", "DELETE FROM audit_event"):
        with pytest.raises(Exception, match="append-only"), head.begin() as connection:
            connection.execute(text(statement))


def test_up_down_up_with_rows(engine: Engine) -> None:
    """Every step is taken down, up and down again with a row in every table; the way up makes what was there before.

    What no step drops must keep its row.
    """
    schema.load_models()
    schema.upgrade(engine)
    with engine.begin() as connection:
        filled = fill(connection)
        assert filled == {table.name for table in Base.metadata.sorted_tables}, (
            "a table got no row: the test would prove nothing"
        )
        before = counts(connection)
    steps = revisions()
    for upper, lower in zip(reversed(steps[1:]), reversed(steps[:-1]), strict=True):
        with engine.connect() as connection:
            there = shape(connection)
        schema.downgrade(engine, lower)
        schema.upgrade(engine, upper)
        with engine.connect() as connection:
            assert shape(connection) == there, f"{upper} makes something else the second time"
        schema.downgrade(engine, lower)
    schema.upgrade(engine)
    with engine.connect() as connection:
        after = counts(connection)
        assert schema.differences(connection) == []
        assert expected_objects(connection) <= own_objects(connection)
    kept = {name: count for name, count in before.items() if after[name] == count}
    assert kept, "no table survived the way down"
    schema.downgrade(engine, "base")
    with engine.connect() as connection:
        left = set(inspect(connection).get_table_names()) - {"alembic_version"}
    assert left == set()
    schema.upgrade(engine)
    with engine.begin() as connection:
        assert schema.differences(connection) == []
        fill(connection)


def shape(connection: Connection) -> dict[str, object]:
    """What the schema is made of, in an order of its own: columns, keys, indexes and checks per table, and triggers."""
    inspector = inspect(connection)
    columns, foreign, unique = (
        inspector.get_multi_columns(),
        inspector.get_multi_foreign_keys(),
        inspector.get_multi_unique_constraints(),
    )
    indexes, checks = inspector.get_multi_indexes(), inspector.get_multi_check_constraints()
    tables: dict[str, object] = {"": sorted(own_objects(connection))}
    for key in columns:
        tables[str(key[1])] = [
            sorted(map(str, columns[key])),
            sorted(map(str, foreign.get(key, []))),
            sorted(map(str, unique.get(key, []))),
            sorted(
                (index["name"] or "", tuple(index["column_names"]), str(_where(index)))
                for index in indexes.get(key, [])
            ),
            # A closed list is written again with its codes in another order.
            sorted(
                (check["name"] or "", sorted(re.findall(r"\w+", check["sqltext"]))) for check in checks.get(key, [])
            ),
        ]
    return tables


def _where(index: Any) -> object:
    options = index.get("dialect_options", {})
    return options.get("sqlite_where", options.get("postgresql_where"))


def counts(connection: Connection) -> dict[str, int]:
    return {
        t.name: connection.execute(select(func.count()).select_from(t)).scalar_one()
        for t in Base.metadata.sorted_tables
    }


def test_upgrading_twice_changes_nothing(engine: Engine) -> None:
    schema.upgrade(engine)
    schema.upgrade(engine)
    with engine.connect() as connection:
        assert schema.current(connection) == schema.head()


# --- a server refuses a database that it cannot use -------------------------------------------------------------------


def test_an_upgraded_database_has_no_problems(committed_database: str) -> None:
    assert schema.problems(committed_database) == ()


def test_an_empty_database_is_refused(bare_database: str) -> None:
    assert "tom" in schema.problems(bare_database)[0]


def test_another_version_is_refused(head: Engine, committed_database: str) -> None:
    with head.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    assert "version 9999" in schema.problems(committed_database)[0]


def test_a_missing_database_is_refused_and_not_created(tmp_path: Path) -> None:
    path = tmp_path / "finns-inte.sqlite3"
    assert "finns inte" in schema.problems(f"sqlite:///{path}")[0]
    assert not path.exists()
    assert "går inte att nå" in schema.problems(f"postgresql://nobody@/none?host={tmp_path}")[0]


def test_a_corrupt_database_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "skadad.sqlite3"
    path.write_bytes(b"det har ar ingen databas " * 400)
    assert "skadad" in schema.problems(f"sqlite:///{path}")[0]


def test_a_database_damaged_inside_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "halv.sqlite3"
    url = f"sqlite:///{path}"
    schema.create_sqlite_file(url)
    engine = schema.make_engine(url)
    schema.upgrade(engine)
    engine.dispose()
    with sqlite3.connect(path) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()
    whole = bytearray(path.read_bytes())
    whole[8192:16384] = b"\xff" * 8192
    path.write_bytes(whole)
    assert "skadad" in schema.problems(url)[0]


# --- the command ------------------------------------------------------------------------------------------------------


def run(url: str, instance: Path, *args: str, answer: str | None = None) -> Result:
    runner = create_app(make_settings(url, instance)).test_cli_runner()
    return runner.invoke(args=["database", *args], input=answer)


def test_the_command_makes_checks_and_takes_down(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'ny' / 'a.sqlite3'}"
    assert run(url, tmp_path, "check").exit_code == 1
    assert run(url, tmp_path, "upgrade").exit_code == 0
    assert (tmp_path / "ny" / "a.sqlite3").stat().st_mode & 0o077 == 0
    again = run(url, tmp_path, "upgrade")
    assert "Inget behövde göras" in again.output
    assert run(url, tmp_path, "check").exit_code == 0
    assert run(url, tmp_path, "downgrade", "base").exit_code == 0
    assert run(url, tmp_path, "check").exit_code == 1


def test_reset_asks_and_says_what_it_deletes(bare_database: str, tmp_path: Path) -> None:
    run(bare_database, tmp_path, "upgrade")
    engine = schema.make_engine(bare_database)
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE keepsake (id INTEGER)"))
    engine.dispose()
    refused = run(bare_database, tmp_path, "reset", answer="n\n")
    assert refused.exit_code == 1
    assert "Det här raderas" in refused.output
    assert tables(bare_database) >= {"keepsake", "avvikelse"}
    assert run(bare_database, tmp_path, "reset", answer="y\n").exit_code == 0
    assert "keepsake" not in tables(bare_database)
    assert schema.problems(bare_database) == ()


def tables(url: str) -> set[str]:
    engine = schema.make_engine(url)
    names = set(inspect(engine).get_table_names())
    engine.dispose()
    return names
