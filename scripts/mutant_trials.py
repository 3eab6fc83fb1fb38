"""Where a mutant meets tests: in twins (forks) of this process, which has loaded what takes time.

learn           once, without any mutant: which tests run which lines, how long each takes, what runs at import already
try_in_place    a function's body is changed in a process that has loaded the project and found all tests
try_imported    the changed file is imported anew, which is slower and always right
"""

from __future__ import annotations

import importlib
import itertools
import json
import os
import signal
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from types import CodeType, FunctionType
from typing import Any, NoReturn

import coverage
import pytest
from mutations import Mutant

AGREED = "tests/unit/test_rules_as_agreed.py"  # knows the tables by heart and needs no app: a third of a second
AT_IMPORT = "import"
QUICK = 10  # seconds of tests that a mutant meets before it is said to need all of them
PYTEST = (
    "-x", "-q", "-n", "0", "-p", "no:cacheprovider",
    "-W", "ignore::pytest.PytestAssertRewriteWarning", "-W", "ignore::coverage.exceptions.CoverageWarning",
)  # fmt: skip
ONE_DATABASE = ("--dialect", "sqlite")


class Outcome(Enum):
    DEAD = "upptäckt"  # a test was red, or the file could not be imported
    ALIVE = "överlevde"
    UNCLEAR = "oklar"  # not ready in time, or stopped by something that is not a test
    ELSEWHERE = "prövas på annat sätt"  # not a function's body, or run at import already


# What a twin answers. The first three are pytest's own: red, a test file or conftest that could not be imported.
ANSWERS = {0: Outcome.ALIVE, 1: Outcome.DEAD, 2: Outcome.DEAD, 4: Outcome.DEAD, 77: Outcome.ELSEWHERE}
ELSEWHERE, BROKEN = 77, 70


@dataclass(frozen=True, slots=True)
class Learnt:
    """`tests[file][line]` are those that run it, AT_IMPORT among them; `seconds` is what each test took."""

    tests: dict[str, dict[int, list[str]]]
    seconds: dict[str, float]

    def quick(self, mutant: Mutant) -> list[str]:
        """The quickest of the tests that run the changed statement."""
        running = self._running(mutant)
        taken = itertools.accumulate(self.seconds[test] for test in running)
        return [test for test, seconds in zip(running, taken, strict=True) if seconds < QUICK]

    def thorough(self, mutant: Mutant, files: Sequence[str], met: Sequence[str] = ()) -> list[str]:
        """All tests that run it, quickest first; and all other tests of `files`, in case; not those `met` before."""
        running = [test for test in self._running(mutant) if test not in met]
        others = (t for t in self.seconds if t.partition("::")[0] in files and t not in {*running, *met})
        return running + sorted(others, key=self._order)

    def _running(self, mutant: Mutant) -> list[str]:
        found = {test for line in mutant.lines for test in self.tests[mutant.file].get(line, ()) if test != AT_IMPORT}
        return sorted(found, key=self._order)

    def can_be_put_in_place(self, mutant: Mutant) -> bool:
        """Not when a table may have been made with it: the table would still be the old one."""
        known = self.tests[mutant.file]
        return mutant.function is not None and not any(AT_IMPORT in known.get(line, ()) for line in mutant.lines)

    def limit(self, tests: Iterable[str]) -> float:
        """Seconds after which nobody waits any longer."""
        return 60 + 10 * sum(self.seconds[test] for test in tests)

    def _order(self, test: str) -> tuple[float, str]:
        return self.seconds[test], test


# --- learning ---------------------------------------------------------------------------------------------------------


class _Learner:
    def __init__(self, measured: coverage.Coverage) -> None:
        self.measured = measured
        self.seconds = Counter[str]()

    def pytest_runtest_logstart(self, nodeid: str) -> None:
        self.measured.switch_context(nodeid)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        self.seconds[report.nodeid] += report.duration  # type: ignore[assignment]


def learn(folder: Path, files: Iterable[str], tests: Sequence[str]) -> Learnt | None:
    """None when the tests are red without any mutant."""
    result = folder / "learnt.json"
    paths = {file: str(folder / "avvikelse" / file) for file in files}

    def measure() -> int:
        measured = coverage.Coverage(data_file=None, config_file=False, include=list(paths.values()))
        measured.start()
        measured.switch_context(AT_IMPORT)
        learner = _Learner(measured)
        code = pytest.main([*PYTEST, *ONE_DATABASE, *tests], plugins=[learner])
        measured.stop()
        data = measured.get_data()
        found = {file: data.contexts_by_lineno(path) for file, path in paths.items()}
        result.write_text(json.dumps([found, learner.seconds]), encoding="utf-8")
        return code

    if _answer(_twin(folder, measure), 3600) is not Outcome.ALIVE:
        return None
    found, seconds = json.loads(result.read_text(encoding="utf-8"))
    return Learnt({file: {int(line): who for line, who in known.items()} for file, known in found.items()}, seconds)


# --- in place ---------------------------------------------------------------------------------------------------------


class _InPlace:
    """Takes the place of pytest's loop over the tests it has collected: a twin for each mutant instead."""

    def __init__(self, trials: Sequence[tuple[Mutant, list[str], float]], tell: Callable[[int, Outcome], None]) -> None:
        self.trials, self.tell = trials, tell
        self.red = False

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        items = {item.nodeid: item for item in session.items}
        for number, (mutant, tests, limit) in enumerate(self.trials):
            chosen = [items[test] for test in tests]
            twin = _twin(Path.cwd(), lambda mutant=mutant, chosen=chosen: self.meet(mutant, chosen))  # type: ignore[misc]
            self.tell(number, _answer(twin, limit))
        return True

    def meet(self, mutant: Mutant, tests: list[pytest.Item]) -> int:
        if not put_in_place(mutant):
            return ELSEWHERE
        for item, following in itertools.zip_longest(tests, tests[1:]):
            item.config.hook.pytest_runtest_protocol(item=item, nextitem=following)
            if self.red:
                break
        return int(self.red)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        self.red = self.red or report.failed


def put_in_place(mutant: Mutant) -> bool:
    """Give the function its changed body, for all who hold the function already. False when it cannot be found."""
    module = importlib.import_module("avvikelse." + mutant.file.removesuffix(".py").replace("/", "."))
    changed = compile(mutant.source, mutant.file, "exec", dont_inherit=True)
    codes = [code for code in _codes(changed) if code.co_qualname == mutant.function]
    held: Any = module
    for name in (mutant.function or "").split("."):
        held = vars(held).get(name)
    for inner in ("fget", "__func__", "__wrapped__"):  # property, classmethod, cached
        held = getattr(held, inner, None) or held
    if len(codes) != 1 or not isinstance(held, FunctionType) or held.__module__ != module.__name__:
        return False
    held.__code__ = codes[0]
    return True


def _codes(code: CodeType) -> Iterator[CodeType]:
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield constant
            yield from _codes(constant)


def try_in_place(
    folder: Path, files: Sequence[str], trials: Sequence[tuple[Mutant, list[str]]], learnt: Learnt
) -> Iterator[tuple[Mutant, Outcome]]:
    """How each mutant fares among its tests, as it becomes known. `files` are all test files."""
    if not trials:
        return
    limited = [(mutant, tests, learnt.limit(tests)) for mutant, tests in trials]
    reading, writing = os.pipe()

    def serve() -> int:
        os.close(reading)
        told = _InPlace(limited, lambda number, outcome: _say(writing, f"{number} {outcome.name}\n"))
        return pytest.main([*PYTEST, *ONE_DATABASE, *files], plugins=[told])

    server = _twin(folder, serve)
    os.close(writing)
    try:
        with os.fdopen(reading, encoding="utf-8") as answers:
            for answer in answers:
                number, outcome = answer.split()
                yield limited[int(number)][0], Outcome[outcome]
    finally:
        _answer(server, 20)


def _say(to: int, line: str) -> None:
    os.write(to, line.encode())


# --- imported ---------------------------------------------------------------------------------------------------------


def try_imported(folder: Path, mutant: Mutant, tests: Sequence[str], limit: float) -> Outcome:
    """How it fares among the tests."""
    path = folder / "avvikelse" / mutant.file
    original = path.read_text(encoding="utf-8")
    _write(path, mutant.source)
    plain = list(tests) == [AGREED]
    options = [*PYTEST, "--noconftest"] if plain else [*PYTEST, *ONE_DATABASE]
    try:
        return _answer(_twin(folder, lambda: pytest.main([*options, *tests])), limit)
    finally:
        _write(path, original)


def _write(path: Path, source: str) -> None:
    """Python takes a compiled file for current by second and size: two mutants may share both."""
    path.write_text(source, encoding="utf-8")
    for compiled in (path.parent / "__pycache__").glob(f"{path.stem}.*"):
        compiled.unlink()


# --- twins ------------------------------------------------------------------------------------------------------------


def _twin(folder: Path, task: Callable[[], int]) -> int:
    """The process id of a twin that does the task, silently, among its own processes, and answers with a code."""
    twin = os.fork()
    return twin or _be_the_twin(folder, task)


def _be_the_twin(folder: Path, task: Callable[[], int]) -> NoReturn:
    code = BROKEN
    try:
        os.setsid()
        os.chdir(folder)
        silence = os.open(os.devnull, os.O_RDWR)
        for stream in (0, 1, 2):
            os.dup2(silence, stream)
        sys.path.insert(0, str(folder))
        code = task()
    finally:
        os._exit(code)


def _answer(twin: int, limit: float) -> Outcome:
    """Waits for the twin, at most `limit` seconds."""
    latest = time.monotonic() + limit
    while time.monotonic() < latest:
        ended, status = os.waitpid(twin, os.WNOHANG)
        if ended:
            return ANSWERS.get(os.waitstatus_to_exitcode(status), Outcome.UNCLEAR)
        time.sleep(0.01)
    os.killpg(twin, signal.SIGKILL)
    os.waitpid(twin, 0)
    return Outcome.UNCLEAR
