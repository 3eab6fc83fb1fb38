"""The layers, sizes, names and habits of ARCHITECTURE.md, so that they hold without anybody remembering them."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from enum import StrEnum
from pathlib import Path

import pytest
from sqlalchemy import CheckConstraint, Enum, Table

from avvikelse.models import schema
from avvikelse.models.base import Base
from config import ROOT

PACKAGE = ROOT / "avvikelse"
TESTS = ROOT / "tests"
MAX_LINES, MAX_TEST_LINES = 400, 600
VAGUE_NAMES = {"utils", "util", "helpers", "helper", "common", "misc"}
HEAVY = {"flask", "sqlalchemy", "werkzeug"}
EDGES = {"web", "jobs", "cli", "dev", "adapters"}  # may look at the clock


def sources(*folders: Path) -> Iterator[Path]:
    for folder in folders:
        yield from sorted(folder.rglob("*.py"))


def layer(path: Path) -> str:
    return path.relative_to(PACKAGE).parts[0]


def below_the_edges() -> list[Path]:
    return [path for path in sources(PACKAGE) if layer(path) not in EDGES]


def test_import_contracts_hold() -> None:
    """The contracts in pyproject.toml; `lint-imports` tells which import breaks which."""
    program = Path(sys.executable).with_name("lint-imports")
    result = subprocess.run([program, "--no-cache"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stdout + result.stderr


def test_the_domain_runs_without_flask_and_sqlalchemy() -> None:
    """Not only by its imports: loading it must not bring them in."""
    modules = [
        ".".join(p.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
        for p in sources(PACKAGE / "domain", PACKAGE / "analysis")
    ]
    program = f"import sys; [__import__(m) for m in {modules!r}]; print({HEAVY!r} & set(sys.modules))"
    result = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True)
    assert result.stdout.strip() == "set()"


@pytest.mark.parametrize(("folder", "limit"), [(PACKAGE, MAX_LINES), (TESTS, MAX_TEST_LINES)])
def test_files_stay_short(folder: Path, limit: int) -> None:
    lengths = {str(path.relative_to(ROOT)): len(path.read_text("utf-8").splitlines()) for path in sources(folder)}
    assert {path: length for path, length in lengths.items() if length > limit} == {}


def test_no_file_has_a_name_that_says_nothing() -> None:
    assert [str(path) for path in sources(PACKAGE, TESTS) if path.stem in VAGUE_NAMES] == []


def test_every_module_says_when_to_open_it() -> None:
    silent = [
        path
        for path in sources(PACKAGE)
        if path.stat().st_size and not ast.get_docstring(ast.parse(path.read_text("utf-8")))
    ]
    assert [str(path.relative_to(ROOT)) for path in silent] == []


def clock_calls(source: str) -> list[int]:
    """Lines that ask what time it is."""
    names = {("datetime", "now"), ("datetime", "utcnow"), ("datetime", "today"), ("date", "today"), ("time", "time")}
    return [
        node.lineno
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and (getattr(node.func.value, "id", getattr(node.func.value, "attr", "")), node.func.attr) in names
    ]


def test_nobody_below_the_edges_looks_at_the_clock() -> None:
    lookers = {
        str(p.relative_to(ROOT)): lines for p in below_the_edges() if (lines := clock_calls(p.read_text("utf-8")))
    }
    assert lookers == {}


def test_the_search_for_clocks_finds_them() -> None:
    assert clock_calls("x = datetime.now(UTC)\ny = datetime.date.today()\nz = now()") == [1, 2]


def test_services_never_commit() -> None:
    committing = re.compile(r"\.(commit|rollback)\(")
    below = [
        path for path in below_the_edges() if layer(path) in {"services", "queries", "policy", "models", "reports"}
    ]
    assert [str(p.relative_to(ROOT)) for p in below if committing.search(p.read_text("utf-8"))] == []


def test_apscheduler_is_imported_in_one_place() -> None:
    users = [
        str(p.relative_to(PACKAGE))
        for p in sources(PACKAGE)
        if re.search(r"^\s*(from|import) apscheduler", p.read_text("utf-8"), re.MULTILINE)
    ]
    assert set(users) <= {"jobs/scheduler.py"}


def test_nothing_names_the_forbidden_session() -> None:
    """`db.session` belongs to the edges; below them a session is an argument."""
    below = [path for path in below_the_edges() if path.name != "__init__.py"]
    assert [str(p.relative_to(ROOT)) for p in below if "db.session" in p.read_text("utf-8")] == []


# --- closed lists -----------------------------------------------------------------------------------------------------


def closed_columns() -> list[tuple[str, Enum]]:
    schema.load_models()
    return [
        (f"{table.name}.{column.name}", column.type)
        for table in Base.metadata.tables.values()
        for column in table.columns
        if isinstance(column.type, Enum)
    ]


def test_every_closed_list_is_checked_by_the_database_with_the_codes_of_the_code() -> None:
    columns = closed_columns()
    assert columns
    for name, kind in columns:
        assert kind.enum_class is not None, name
        assert issubclass(kind.enum_class, StrEnum), name
        assert kind.create_constraint, name
        assert kind.enums == [member.value for member in kind.enum_class], name


def test_every_check_has_a_name_of_its_own() -> None:
    """Unnamed constraints cannot be dropped by a later migration on SQLite."""
    schema.load_models()
    for table in Base.metadata.tables.values():
        names = [str(check.name) for check in checks(table)]
        assert None not in [check.name for check in checks(table)], table.name
        assert len(names) == len(set(names)), (table.name, names)


def checks(table: Table) -> list[CheckConstraint]:
    return [constraint for constraint in table.constraints if isinstance(constraint, CheckConstraint)]
