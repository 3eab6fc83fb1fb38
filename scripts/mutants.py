"""Break the rules one place at a time, and see whether a test notices: `make mutants`, and a part of `make promises`.

A mutant is one small change in a file of RULES: a comparison turned, an `and` for an `or`, a member of a set or a row
of a table left out, True for False. Each runs in a copy of the project with the tests of that file, quickest first; the
first red test kills it. What survives is a hole in the tests, or a change that changes nothing.

    python scripts/mutants.py [--minutes 12] [--file policy/redaction.py] [--result FILE.md] [--list]
"""

from __future__ import annotations

import argparse
import ast
import copy
import importlib
import os
import random
import shutil
import signal
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, NoReturn

import pytest

ROOT = Path(__file__).resolve().parents[1]
AGREED = "tests/unit/test_rules_as_agreed.py"  # knows every table by heart, in a second
# The rules of flow and secrecy, and which tests know them, quickest first.
RULES: dict[str, tuple[str, ...]] = {
    "domain/workflow.py": (AGREED, "tests/scenarios/test_main_job.py"),
    "domain/relation.py": (AGREED, "tests/integration/test_visibility_parity.py"),
    "domain/sekretess.py": (AGREED, "tests/scenarios/test_canaries.py"),
    "policy/permission_map.py": (AGREED, "tests/integration/test_permissions.py"),
    "policy/role_granting.py": (AGREED, "tests/integration/test_roles.py"),
    "policy/role_reach.py": ("tests/web/test_role_list.py",),
    "policy/organisation.py": ("tests/web/test_organisation.py", "tests/web/test_contacts.py"),
    "policy/visibility.py": (
        "tests/unit/test_measure_and_log_rules.py",
        "tests/integration/test_visibility_parity.py",
        "tests/integration/test_search_visibility.py",
        "tests/web/test_log_review.py",
    ),
    "policy/redaction.py": ("tests/scenarios/test_canaries.py", "tests/scenarios/test_abuse.py"),
    "policy/group_reading.py": (
        "tests/unit/test_group_reading.py",
        "tests/web/test_groups.py",
        "tests/scenarios/test_group_desk.py",
    ),
    "policy/measures.py": (
        "tests/unit/test_measure_and_log_rules.py",
        "tests/scenarios/test_effects.py",
        "tests/scenarios/test_canaries_measures.py",
    ),
}
LONGEST = 300  # seconds for one mutant's tests
SEED = 5
COPIED = ("avvikelse", "migrations", "templates", "tests", "docs", "config.py", "wsgi.py", "pyproject.toml")
LINKED = ("static",)
LIBRARIES = (
    "alembic.autogenerate", "alembic.command", "apscheduler.schedulers.background", "argon2", "flask_babel",
    "flask_login", "flask_sqlalchemy", "holidays", "html5lib", "hypothesis", "numpy", "psycopg", "scipy.optimize",
    "scipy.stats", "sklearn.cluster", "sklearn.feature_extraction.text", "structlog", "time_machine", "wtforms",
    "xlsxwriter",
)  # fmt: skip
PYTEST = (
    "-x",
    "-W",
    "ignore::pytest.PytestAssertRewriteWarning",
    "-q",
    "-n",
    "0",
    "-p",
    "no:cacheprovider",
    "--dialect",
    "sqlite",
)


@dataclass(frozen=True, slots=True)
class Mutant:
    """One changed file. `what` says the change to a reader."""

    file: str
    line: int
    what: str
    source: str


# --- ways to break a line: (in words, what to do with the node) -------------------------------------------------------

Change = tuple[str, Callable[[Any], Any]]
TURNED: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Eq: ast.NotEq, ast.NotEq: ast.Eq, ast.Is: ast.IsNot, ast.IsNot: ast.Is, ast.In: ast.NotIn, ast.NotIn: ast.In,
    ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt,
}  # fmt: skip
OTHER: dict[type[ast.operator], type[ast.operator]] = {ast.BitOr: ast.BitAnd, ast.BitAnd: ast.BitOr, ast.Sub: ast.BitOr}
INSTEAD = {"any": "all", "all": "any", "or_": "and_", "and_": "or_", "true": "false", "false": "true"}


def comparisons(node: ast.expr) -> Iterator[Change]:
    if isinstance(node, ast.Compare) and type(node.ops[0]) in TURNED:
        turned = TURNED[type(node.ops[0])]
        yield f"{type(node.ops[0]).__name__} → {turned.__name__}", lambda n: n.ops.__setitem__(0, turned())


def operators(node: ast.expr) -> Iterator[Change]:
    if isinstance(node, ast.BoolOp):
        other = ast.Or if isinstance(node.op, ast.And) else ast.And
        yield f"{type(node.op).__name__} → {other.__name__}", lambda n: setattr(n, "op", other())
    if isinstance(node, ast.BinOp) and type(node.op) in OTHER:
        instead = OTHER[type(node.op)]
        yield f"{type(node.op).__name__} → {instead.__name__}", lambda n: setattr(n, "op", instead())


def negations(node: ast.expr) -> Iterator[Change]:
    if isinstance(node, ast.Constant) and isinstance(node.value, bool):
        yield f"{node.value} → {not node.value}", lambda n: setattr(n, "value", not n.value)
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
        yield "not not", lambda n: setattr(n, "operand", ast.UnaryOp(ast.Not(), n.operand))
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Invert):
        yield "~~", lambda n: setattr(n, "operand", ast.UnaryOp(ast.Invert(), n.operand))


def names(node: ast.expr) -> Iterator[Change]:
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in INSTEAD:
        instead = INSTEAD[node.func.id]
        yield f"{node.func.id} → {instead}", lambda n: setattr(n.func, "id", instead)


def members(node: ast.expr) -> Iterator[Change]:
    if isinstance(node, ast.Tuple | ast.List) and not isinstance(node.ctx, ast.Load):
        return
    if isinstance(node, ast.Set | ast.Tuple | ast.List):
        for place, member in enumerate(node.elts):
            if not isinstance(member, ast.Constant):
                yield f"utan {ast.unparse(member)[:60]}", partial(_without, place=place)


def rows(node: ast.expr) -> Iterator[Change]:
    if isinstance(node, ast.Dict):
        for place, key in enumerate(node.keys):
            if key is not None and not isinstance(key, ast.Constant):
                yield f"utan raden {ast.unparse(key)[:60]}", partial(_without_row, place=place)


def _without(node: Any, *, place: int) -> None:
    node.elts.pop(place)


def _without_row(node: Any, *, place: int) -> None:
    node.keys.pop(place)
    node.values.pop(place)


WAYS = (comparisons, operators, negations, names, members, rows)


def mutants_of(file: str, source: str) -> Iterator[Mutant]:
    """Every mutant of a file that still is Python."""
    tree = ast.parse(source)
    typed = {id(inner) for annotation in _annotations(tree) for inner in ast.walk(annotation)}
    for number, node in enumerate(ast.walk(tree)):
        if not isinstance(node, ast.expr) or id(node) in typed:
            continue
        for what, change in (found for way in WAYS for found in way(node)):
            changed = copy.deepcopy(tree)
            change(next(twin for place, twin in enumerate(ast.walk(changed)) if place == number))
            yield Mutant(file, node.lineno, what, ast.unparse(ast.fix_missing_locations(changed)))


def _annotations(tree: ast.Module) -> Iterator[ast.expr]:
    """Types and decorators: changing one changes nothing that a test could see."""
    for node in ast.walk(tree):
        found = [getattr(node, "annotation", None), getattr(node, "returns", None)]
        found += getattr(node, "decorator_list", [])
        yield from (one for one in found if isinstance(one, ast.expr))


# --- trying them ------------------------------------------------------------------------------------------------------


def copy_of_project(folder: Path) -> None:
    for name in COPIED:
        source, target = ROOT / name, folder / name
        if source.is_dir():
            shutil.copytree(source, target, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(source, target)
    for name in LINKED:
        (folder / name).symlink_to(ROOT / name)


def survives(folder: Path, mutant: Mutant) -> bool:
    """Are all tests of the file green in spite of the change?"""
    path = folder / "avvikelse" / mutant.file
    original = path.read_text(encoding="utf-8")
    _write(path, mutant.source)
    try:
        return all(passes(folder, test) for test in RULES[mutant.file])
    finally:
        _write(path, original)


def _write(path: Path, source: str) -> None:
    """Python takes a compiled file for current by second and size: two mutants may share both."""
    path.write_text(source, encoding="utf-8")
    for compiled in (path.parent / "__pycache__").glob(f"{path.stem}.*"):
        compiled.unlink()


def passes(folder: Path, *tests: str) -> bool:
    """Run tests in a twin of this process, which has the libraries loaded already: half a second instead of five."""
    twin = os.fork()
    if not twin:
        _be_the_twin(folder, tests)
    latest = time.monotonic() + LONGEST
    while time.monotonic() < latest:
        ended, status = os.waitpid(twin, os.WNOHANG)
        if ended:
            return os.waitstatus_to_exitcode(status) == 0
        time.sleep(0.05)
    os.killpg(twin, signal.SIGKILL)
    os.waitpid(twin, 0)
    return False


def _be_the_twin(folder: Path, tests: Sequence[str]) -> NoReturn:
    code = 1
    try:
        os.setsid()
        os.chdir(folder)
        silence = os.open(os.devnull, os.O_RDWR)
        for stream in (0, 1, 2):
            os.dup2(silence, stream)
        sys.path.insert(0, str(folder))
        code = pytest.main([*PYTEST, *tests])
    finally:
        os._exit(code)


def load_libraries() -> None:
    """What the project imports and is not the project."""
    for name in LIBRARIES:
        importlib.import_module(name)


def chosen(file: str | None) -> list[Mutant]:
    """The mutants in an order that gives each file its share when time runs out; the same every time."""
    found = [
        mutant
        for name in RULES
        if file in {None, name}
        for mutant in mutants_of(name, (ROOT / "avvikelse" / name).read_text(encoding="utf-8"))
    ]
    random.Random(SEED).shuffle(found)
    return found


def lines(tried: Counter[str], alive: list[Mutant], known: int) -> list[str]:
    """The result, for docs/promises."""
    count, survivors = tried.total(), Counter(mutant.file for mutant in alive)
    return [
        f"- Mutanter: {count} av {known} prövade, {count - len(alive)} upptäckta, {len(alive)} överlevde",
        *(f"  - {file}: {number} prövade, {survivors[file]} överlevde" for file, number in sorted(tried.items())),
        *(f"  - överlevde: {mutant.file} rad {mutant.line}, {mutant.what}" for mutant in alive),
    ]


def main() -> int:
    """0 = all that were tried are dead, 1 = some live, 2 = the tests are red without any mutant."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--minutes", type=float, default=12)
    parser.add_argument("--file", choices=RULES)
    parser.add_argument("--result", type=Path)
    parser.add_argument("--list", action="store_true", help="only count them")
    asked = parser.parse_args()
    mutants = chosen(asked.file)
    if asked.list:
        print(*sorted(Counter(mutant.file for mutant in mutants).items()), len(mutants), sep="\n")
        return 0
    load_libraries()
    tried, alive = Counter[str](), list[Mutant]()
    with tempfile.TemporaryDirectory(prefix="avvikelse-mutants-") as name:
        folder = Path(name)
        copy_of_project(folder)
        if not all(passes(folder, test) for test in dict.fromkeys(t for m in mutants for t in RULES[m.file])):
            print("Proven är röda redan utan mutant.", file=sys.stderr)
            return 2
        began = time.monotonic()
        for mutant in mutants:
            if time.monotonic() > began + asked.minutes * 60:
                break
            tried[mutant.file] += 1
            if survives(folder, mutant):
                alive.append(mutant)
                print(f"överlever: {mutant.file}:{mutant.line} {mutant.what}", flush=True)
    report = lines(tried, alive, len(mutants))
    print(*report, sep="\n")
    if asked.result:
        with asked.result.open("a", encoding="utf-8") as result:
            result.write("\n".join(report) + "\n")
    return 1 if alive else 0


if __name__ == "__main__":
    sys.exit(main())
