"""Files of the app as in a server: made in a process of its own. What fails there is said on a page in plain words."""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import date
from typing import Any

import openpyxl
import pytest
from flask import Flask
from flask.testing import FlaskClient
from structlog.contextvars import merge_contextvars
from structlog.testing import capture_logs

from avvikelse.adapters.document_process import NOT_MADE, DocumentProcess
from avvikelse.reports import making, pdf
from avvikelse.web.downloads import PRESS, PROCESS
from tests.support.browsing import Visitor, words
from tests.support.group_cases import case
from tests.support.world import World
from tests.unit.test_document_process import BUSY

pytestmark = pytest.mark.usefixtures("clock")
GROUP = "birger"
FILES = ("manad.pdf", "manad.xlsx")


@pytest.fixture
def visit(world: World, client: FlaskClient) -> Any:
    case(world, GROUP, date(2026, 2, 3))
    return lambda actor: Visitor.of(client, world.session, actor, world.now)


@pytest.fixture
def press(app: Flask) -> Iterator[DocumentProcess]:
    yield from in_place(app, DocumentProcess(PRESS, patience=BUSY))


@pytest.fixture
def broken(app: Flask) -> Iterator[DocumentProcess]:
    yield from in_place(app, DocumentProcess("tests.support.no_such_press"))


def in_place(app: Flask, process: DocumentProcess) -> Iterator[DocumentProcess]:
    app.extensions[PROCESS] = process
    yield process
    app.extensions[PROCESS] = None
    process.stop()


def address(world: World, file: str) -> str:
    return f"/grupper/{world.group(GROUP).id}/2026-02/{file}"


def cells(content: bytes) -> list[list[object]]:
    book = openpyxl.load_workbook(io.BytesIO(content))
    return [[sheet.title, *(cell.value for line in sheet.iter_rows() for cell in line)] for sheet in book]


def test_the_files_are_the_same_wherever_they_are_made(
    app: Flask, world: World, visit: Any, press: DocumentProcess, monkeypatch: pytest.MonkeyPatch
) -> None:
    member = visit(world.member(GROUP))
    with monkeypatch.context() as patched:
        patched.setattr(making, "_MAKERS", {})  # what would make them in this process
        as_pdf, as_xlsx = (member.get(address(world, file)).get_data() for file in FILES)
    app.extensions[PROCESS] = None
    assert member.get(address(world, "manad.pdf")).get_data() == as_pdf
    assert cells(member.get(address(world, "manad.xlsx")).get_data()) == cells(as_xlsx)


def test_who_is_denied_never_gets_as_far_as_the_process(world: World, visit: Any, press: DocumentProcess) -> None:
    for actor, status in ((world.member("jamtbus-regionalt"), 404), (world.chef("chef-skola-2380"), 403)):
        for file in FILES:
            assert visit(actor).get(address(world, file)).status_code == status
    assert press.pid is None


def test_what_is_light_starts_none(world: World, visit: Any, press: DocumentProcess) -> None:
    visit(world.member(GROUP)).get(address(world, "manad.csv"))
    assert press.pid is None


@pytest.mark.usefixtures("broken")
def test_what_cannot_be_made_is_said_in_plain_words(
    world: World, visit: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    member = visit(world.member(GROUP))
    with capture_logs(processors=[merge_contextvars]) as logs:
        refused = member.get(address(world, "manad.pdf"))
    assert refused.status_code == 503
    assert int(refused.headers["Retry-After"]) > 0
    assert "Content-Disposition" not in refused.headers
    said = words(refused)
    assert "Det gick inte just nu" in said
    assert NOT_MADE in said
    assert "Inget har tagits emot" not in said
    assert "Traceback" not in refused.get_data(as_text=True)
    died = [line for line in logs if line["event"] == "document_process_died"]
    assert len(died) == 2
    assert len({line["request_id"] for line in died}) == 1
    assert member.get(address(world, "manad.csv")).status_code == 200  # and she is not held to have one in making


def test_a_document_that_will_not_do_is_our_fault_and_says_so(
    app: Flask, world: World, visit: Any, press: DocumentProcess, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(app.config, "PROPAGATE_EXCEPTIONS", False)
    monkeypatch.setattr(
        "avvikelse.reports.parts.pdf.render", lambda *_args, made_at: pdf.compiled(b"#panic()", {}, made_at=made_at)
    )
    refused = visit(world.member(GROUP)).get(address(world, "manad.pdf"))
    assert refused.status_code == 500
    assert "Felet ligger hos oss" in words(refused)
    assert press.pid is not None
