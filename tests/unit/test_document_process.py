"""Files from a process of its own are the same files; it gets nothing but facts, and nobody waits for it in vain."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from datetime import UTC, date, datetime
from functools import partial
from pathlib import Path
from unittest import mock

import openpyxl
import pytest
from structlog.testing import capture_logs

from avvikelse.adapters.document_process import AT_ONCE, MANY, NOT_MADE, DocumentFailedError, DocumentProcess
from avvikelse.domain.errors import NotNow, TooMany
from avvikelse.reports import making, pdf
from avvikelse.reports.poster import poster
from avvikelse.reports.tables import Table, to_xlsx
from avvikelse.web.downloads import PRESS
from config import ROOT

NOW = datetime(2026, 3, 11, 9, 30, tzinfo=UTC)
BUSY = 600.0  # seconds: on a machine that others use too there may be little left for the lowest priority
BAD = "tests.support.bad_press"
TABLE = Table("k", "Län/år", ("Namn", "Antal", "Dag"), (("=1+1 Åsa", 4, date(2026, 1, 2)), (None, 0.5, None)), "Så.")
PLACES = [f"Fritidsgård nummer {number}" for number in range(3)]


@pytest.fixture(scope="module")
def press() -> Iterator[DocumentProcess]:
    process = DocumentProcess(PRESS, patience=BUSY)
    yield process
    process.stop()


@pytest.fixture
def bad() -> Iterator[DocumentProcess]:
    process = DocumentProcess(BAD, patience=BUSY, megabytes=512)
    yield process
    process.stop()


def apart(process: DocumentProcess, make: partial[bytes]) -> bytes:
    """Make it as a request does: its heavy part in the process."""

    def run() -> bytes:
        making.by(process.make)
        return make()

    return copy_context().run(run)


def about(pid: int | None, what: str) -> str:
    return Path(f"/proc/{pid}/{what}").read_text("utf-8")


def is_gone(pid: int, seconds: float = BUSY) -> bool:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        try:
            if about(pid, "stat").rpartition(")")[2].split()[0] == "Z":  # ended, and its parent has not been told yet
                return True
        except (FileNotFoundError, ProcessLookupError):
            return True
        time.sleep(0.02)
    return False


# --- the same files ---------------------------------------------------------------------------------------------------


def test_a_pdf_is_the_same_to_the_byte(press: DocumentProcess) -> None:
    make = partial(poster, PLACES[0], "https://avvikelse.example.se/utan-konto", made_at=NOW)
    with mock.patch.object(making, "here", side_effect=AssertionError("made in the server's own process")):
        made = apart(press, make)
    assert made == make()


def test_a_workbook_has_the_same_cells(press: DocumentProcess, tmp_path: Path) -> None:
    make = partial(to_xlsx, "Månad", ["Fastställd", "För gruppen"], [TABLE, TABLE])
    read = []
    for number, content in enumerate((apart(press, make), make())):
        path = tmp_path / f"{number}.xlsx"
        path.write_bytes(content)
        book = openpyxl.load_workbook(path)
        read.append({sheet.title: [[(cell.value, cell.data_type) for cell in row] for row in sheet] for sheet in book})
    assert read[0] == read[1]
    assert list(read[0]) == ["Om", "Län år", "Län år 2"]


def test_two_at_once_do_not_get_each_others(press: DocumentProcess) -> None:
    makes = [partial(poster, place, "https://avvikelse.example.se/a", made_at=NOW) for place in PLACES]
    with ThreadPoolExecutor(len(makes)) as threads:
        for _ in range(3):
            assert list(threads.map(partial(apart, press), makes)) == [make() for make in makes]


# --- what it gets -----------------------------------------------------------------------------------------------------


def test_it_has_the_lowest_priority_and_no_keys(press: DocumentProcess, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AVVIKELSE_DATABASE_URL", "postgresql://someone:secret@host/database")
    press.stop()
    apart(press, partial(poster, "A", "https://a/b", made_at=NOW))
    assert press.pid is not None
    assert os.getpriority(os.PRIO_PROCESS, press.pid) == 19
    assert {line.partition("=")[0] for line in about(press.pid, "environ").split("\0")} - {"LC_CTYPE"} == {
        "PYTHONPATH", "RAYON_NUM_THREADS", "",
    }  # fmt: skip


def test_it_loads_nothing_that_could_ask_the_database() -> None:
    program = (
        "import sys, avvikelse.reports.press, avvikelse.reports.typesetting, avvikelse.reports.workbook;"
        "print([name for name in sys.modules if name.split('.')[0] in {'sqlalchemy', 'flask', 'psycopg', 'sqlite3'}"
        " or name.startswith(('avvikelse.models', 'avvikelse.queries', 'avvikelse.services'))])"
    )
    run = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "[]"


# --- when it goes wrong -----------------------------------------------------------------------------------------------


def test_a_document_that_will_not_do_is_said_without_its_words_and_the_next_is_made(press: DocumentProcess) -> None:
    make = partial(pdf.compiled, b"#panic(sys.inputs.data)", {"text": "Anna Svensson"}, made_at=NOW)
    with capture_logs() as logs, pytest.raises(DocumentFailedError) as failed:
        apart(press, make)
    before = press.pid
    assert [(one["event"], one["error"]) for one in logs if one["log_level"] == "error"] == [
        ("document_failed", "TypstError")
    ]
    assert "Svensson" not in f"{logs} {failed.value!r}"
    assert apart(press, partial(poster, "A", "https://a/b", made_at=NOW)).startswith(b"%PDF")
    assert press.pid == before


def test_one_that_was_killed_is_replaced_and_nobody_notices(press: DocumentProcess) -> None:
    make = partial(poster, PLACES[1], "https://a/b", made_at=NOW)
    apart(press, make)
    assert press.pid is not None
    os.kill(before := press.pid, signal.SIGKILL)
    assert apart(press, make) == make()
    assert press.pid != before


def test_a_file_that_it_dies_of_is_tried_once_more(bad: DocumentProcess, tmp_path: Path) -> None:
    assert int(bad.make("dies once", str(tmp_path / "mark"))) == bad.pid


def test_a_file_that_it_always_dies_of_is_refused_in_plain_words(bad: DocumentProcess) -> None:
    with capture_logs() as logs, pytest.raises(NotNow, match=NOT_MADE.replace(".", r"\.")):
        bad.make("dies")
    assert [one["event"] for one in logs].count("document_process_died") == 2
    assert bad.make("well")


def test_one_that_needs_too_much_memory_is_stopped_by_its_limit(bad: DocumentProcess) -> None:
    with pytest.raises(NotNow):
        bad.make("large")
    assert bad.make("well")


def test_one_that_is_too_slow_is_ended_and_not_tried_again() -> None:
    process = DocumentProcess(BAD, patience=0.5, megabytes=512)
    started: list[int] = []
    begin = process._start

    def start() -> object:
        running = begin()
        started.append(running[0].pid)
        return running

    with mock.patch.object(process, "_start", start), pytest.raises(NotNow):
        process.make("slow")
    assert len(started) == 1
    assert is_gone(started[0])
    assert process.pid is None


def test_some_wait_their_turn_and_one_more_is_refused_at_once() -> None:
    """So that a thread is left for the pages, however many files are asked for."""
    process = DocumentProcess(BAD, patience=1, megabytes=512)
    refusals: list[BaseException] = []

    def wait() -> None:
        try:
            process.make("slow")
        except (NotNow, TooMany) as error:
            refusals.append(error)

    threads = [threading.Thread(target=wait) for _ in range(AT_ONCE + 1)]
    begin = time.monotonic()
    for thread in threads:
        thread.start()
    while not refusals and time.monotonic() < begin + 2:
        time.sleep(0.01)
    assert [(type(one), str(one)) for one in refusals] == [(TooMany, MANY)]
    for thread in threads:
        thread.join()
    assert [type(one) for one in refusals[1:]] == [NotNow] * AT_ONCE
    process.stop()


# --- with the server --------------------------------------------------------------------------------------------------

SERVER = f"""
import os, sys, time
from avvikelse.adapters.document_process import DocumentProcess
process = DocumentProcess({BAD!r}, megabytes=512)
first = int(process.make("well"))
if sys.argv[1] == "forks" and os.fork() == 0:
    print("pids", first, process.pid and int(process.make("well")), int(process.make("well")), flush=True)
    process.stop()
    os._exit(0)
if sys.argv[1] == "forks":
    os.wait()
    assert int(process.make("well")) == first
    sys.exit()
print("pid", first, flush=True)
time.sleep(60)
"""


@pytest.mark.parametrize("end", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT])
def test_it_ends_with_the_server_however_that_ends(end: signal.Signals) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", SERVER, "stays"], cwd=ROOT, text=True, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    ) as server:
        assert server.stdout is not None
        pid = next(int(line.split()[1]) for line in server.stdout if line.startswith("pid "))
        server.send_signal(end)
        server.wait()
    assert is_gone(pid)


def test_a_forked_worker_starts_one_of_its_own() -> None:
    run = subprocess.run(
        [sys.executable, "-c", SERVER, "forks"], cwd=ROOT, capture_output=True, text=True, check=True, timeout=60
    )
    [line] = [line for line in run.stdout.splitlines() if line.startswith("pids ")]
    parents, own, again = map(int, line.split()[1:])
    assert own == again != parents
