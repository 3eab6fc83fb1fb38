"""Fixtures for everybody. Open to see what a test can ask for.

database    runs the test once on SQLite and once on PostgreSQL (`pytest --dialect sqlite` for one of them)
app         the application on that database; all that the test does is rolled back afterwards
session     db.session inside an app context; `client` and `run_cli` see what it holds
client      test client that lints each page; `run_cli("database", "check")` runs a command
now, clock  a fixed time; `clock.move(days=3)` moves it for code that asks the clock too
world, acting    a real pack with people in it; the same people sending the pages' forms
teacher, bup    somebody who reports, and the chef of the other side
full_size, promise_result    for tests marked `promise`
committed_database, committed_app, live_server, page    real commits, several connections, a real server, a real browser
"""

from __future__ import annotations

import gc
import os
import shutil
import sqlite3
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, cast

import hypothesis
import psycopg
import pytest
import time_machine
from click.testing import Result
from flask import Flask
from jinja2 import FileSystemBytecodeCache
from psycopg._preparing import PrepareManager
from sqlalchemy import Connection, Engine, event
from sqlalchemy.orm import Session
from werkzeug.serving import make_server

from avvikelse import create_app
from avvikelse.domain.actor import Actor
from avvikelse.models import schema
from avvikelse.models.base import db
from config import Settings
from tests.support import imported, postgres
from tests.support.acting import Acting
from tests.support.client import CheckingClient, CheckingRunner
from tests.support.databases import DIALECTS, empty_database, fresh_database, settled_database
from tests.support.settings import NOW, make_settings
from tests.support.world import World

CHROMIUM_ARGS = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
)  # fmt: skip


# --- the run ----------------------------------------------------------------------------------------------------------


def pytest_xdist_auto_num_workers() -> int:
    """One more than there are cores: a test that waits for its database or its browser leaves a core unused."""
    return (os.cpu_count() or 1) + 1


# A busy machine is no failure, and no run is luckier than another: only `make promises` looks where nobody has looked.
hypothesis.settings.register_profile("house", deadline=None, derandomize=True)
hypothesis.settings.register_profile("promises", deadline=None)
hypothesis.settings.load_profile("promises" if os.environ.get("AVVIKELSE_PROMISES") == "full" else "house")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--dialect", choices=DIALECTS, help="only this database")


def pytest_configure(config: pytest.Config) -> None:
    if not hasattr(config, "workerinput"):
        config.stash[RUN] = postgres.create_run_dir()


def pytest_unconfigure(config: pytest.Config) -> None:
    if RUN in config.stash:
        postgres.remove_run_dir(config.stash[RUN])


RUN = pytest.StashKey[Path]()


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "dialect" in metafunc.fixturenames:
        only = metafunc.config.getoption("--dialect")
        same = metafunc.definition.get_closest_marker("one_database") is not None
        wanted = [dialect for dialect in DIALECTS[: 1 if same else None] if only in {None, dialect}]
        metafunc.parametrize("dialect", wanted, scope="session")


def pytest_collection_finish() -> None:
    """What was imported lives as long as the run: the collector need not look through it again and again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(100_000, 20, 50)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What is slow and needs no particular database would come last, and one worker would wait for the other."""

    def comes_later(item: pytest.Item) -> bool:
        return item.get_closest_marker("slow") is None or "dialect" in getattr(item, "fixturenames", ())

    items.sort(key=comes_later)


@event.listens_for(Engine, "connect")
def _no_row_order_by_luck(connection: Any, _record: Any) -> None:
    """Rows that nobody asked an order for come backwards: what leans on their order fails always, not at times."""
    if isinstance(connection, sqlite3.Connection):
        connection.execute("PRAGMA reverse_unordered_selects=ON")


# --- one database per worker, every test rolled back ------------------------------------------------------------------


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Settings of a test installation; the database is the fixture's that the app is made with."""
    return make_settings("sqlite://", tmp_path)


@pytest.fixture(scope="session")
def worker_app(dialect: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """One app on one database per worker and kind. Tests use `app`."""
    with fresh_database(dialect) as url:
        app = build_app(make_settings(url, tmp_path_factory.mktemp("instance")))
        with app.app_context():
            event.listen(db.engine, "connect", _keep_plans)
        yield app
        dispose(app)


@pytest.fixture(scope="session")
def settled_engine(dialect: str) -> Iterator[Engine]:
    """A database with the usual pack in it, for the tests that ask for `world`: no test writes those rows again."""
    with settled_database(dialect) as url:
        engine = schema.make_engine(url)
        event.listen(engine, "connect", _keep_plans)
        yield engine
        engine.dispose()


def _keep_plans(connection: Any, _record: Any) -> None:
    """Every request of a test is rolled back, after which psycopg would forget what it has prepared, and the server
    plan it again (docs/adr/0303). Nobody changes tables here.
    """
    if isinstance(connection, psycopg.Connection):
        connection.prepared_max = 2_000
        connection._prepared.clear = lambda: False  # type: ignore[method-assign]


def _forget_plans(connection: Any) -> None:
    """Before each test: what was planned for another's rows may be a bad plan for this one's."""
    if isinstance(connection, psycopg.Connection):
        PrepareManager.clear(connection._prepared)


@pytest.fixture
def database(worker_app: Flask, request: pytest.FixtureRequest) -> Iterator[Connection]:
    """A connection in a transaction that is rolled back after the test. Everything the app does goes through it."""
    with worker_app.app_context():
        engines = cast("dict[str | None, Engine | Connection]", db.engines)
    own = engine = engines[None]
    assert isinstance(engine, Engine)
    settled = "world" in request.fixturenames
    if settled:
        engine = request.getfixturevalue("settled_engine")
    with engine.connect() as connection:
        connection.info.pop(imported.SETTLED, None)
        if settled:
            connection.info[imported.SETTLED] = (imported.pack_tables(imported.USUAL)["paket"]["id"], NOW)
        _forget_plans(connection.connection.driver_connection)
        outer = connection.begin()
        # With a savepoint open, sessions make savepoints of their own: their commit and rollback stay inside `outer`.
        connection.begin_nested()
        engines[None] = connection
        try:
            yield connection
        finally:
            engines[None] = own
            outer.rollback()


@pytest.fixture
def app(worker_app: Flask, database: Connection) -> Flask:
    return worker_app


@pytest.fixture
def session(app: Flask) -> Iterator[Session]:
    """The session of the test. Requests have their own, on the same connection."""
    with app.app_context():
        yield db.session()


@pytest.fixture
def client(app: Flask) -> CheckingClient:
    client = app.test_client()
    assert isinstance(client, CheckingClient)
    return client


@pytest.fixture
def run_cli(app: Flask) -> Callable[..., Result]:
    """`run_cli("database", "check")` → click's Result."""
    runner = app.test_cli_runner()
    return lambda *args, **kwargs: runner.invoke(args=[str(arg) for arg in args], **kwargs)


def build_app(settings: Settings) -> Flask:
    app = create_app(settings)
    # All templates take three seconds to compile, and a run has a hundred apps: the first one does it for all workers.
    app.jinja_env.bytecode_cache = FileSystemBytecodeCache(os.environ[postgres.RUN_DIR])
    app.test_client_class = CheckingClient
    app.test_cli_runner_class = CheckingRunner
    return app


def dispose(app: Flask) -> None:
    with app.app_context():
        db.engine.dispose()


# --- people -----------------------------------------------------------------------------------------------------------


@pytest.fixture
def world(session: Session, now: datetime) -> World:
    return World.of(session, now)


@pytest.fixture
def acting(client: CheckingClient, world: World) -> Acting:
    return Acting(client, world)


@pytest.fixture
def teacher(world: World) -> Actor:
    return world.reporter("skola-2380")


@pytest.fixture
def bup(world: World) -> Actor:
    return world.chef("chef-bup-behandling")


# --- real commits -----------------------------------------------------------------------------------------------------


@pytest.fixture
def committed_database(dialect: str) -> Iterator[str]:
    """URL of a database of the test's own, with schema and no rows: for several connections, processes, kill -9."""
    with fresh_database(dialect) as url:
        yield url


@pytest.fixture
def bare_database(dialect: str) -> Iterator[str]:
    """URL of a database without tables: for migrations."""
    with empty_database(dialect) as url:
        yield url


@pytest.fixture
def committed_app(committed_database: str, tmp_path: Path) -> Iterator[Flask]:
    """An app whose commits are real."""
    app = build_app(make_settings(committed_database, tmp_path))
    yield app
    dispose(app)


@dataclass(frozen=True, slots=True)
class LiveServer:
    url: str
    app: Flask


@pytest.fixture
def live_server(committed_database: str, tmp_path: Path) -> Iterator[LiveServer]:
    """A threaded server on the loopback address; a failing request answers 500 instead of stopping the test."""
    probe = make_server("127.0.0.1", 0, lambda *_: [], threaded=True)
    port = probe.server_port
    probe.server_close()
    settings = replace(make_settings(committed_database, tmp_path), base_url=f"http://127.0.0.1:{port}")
    app = build_app(settings)
    app.config["PROPAGATE_EXCEPTIONS"] = False
    server = make_server("127.0.0.1", port, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield LiveServer(settings.base_url, app)
    server.shutdown()
    thread.join(10)
    server.server_close()
    dispose(app)


# --- browser ----------------------------------------------------------------------------------------------------------


def chromium_path() -> str | None:
    """The machine's own Chromium; None lets Playwright use the one it brought."""
    known = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")  # as in scripts/tools.sh
    return next(filter(None, map(shutil.which, known)), None)


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    """A Chromium for the worker (Playwright's Browser)."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium_path(), args=list(CHROMIUM_ARGS))
        yield browser
        browser.close()


@pytest.fixture
def page(browser: Any) -> Iterator[Any]:
    """A page in a context of its own, in Swedish, 1280 px wide. Console errors fail the test."""
    context = browser.new_context(
        locale="sv-SE", timezone_id="Europe/Stockholm", viewport={"width": 1280, "height": 900}
    )
    page = context.new_page()
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    yield page
    context.close()
    assert not errors, errors


# --- promises ---------------------------------------------------------------------------------------------------------


@pytest.fixture
def full_size() -> bool:
    """True under `make promises`: the promise is to be tried in its full size."""
    return os.environ.get("AVVIKELSE_PROMISES") == "full"


@pytest.fixture
def promise_result(full_size: bool) -> Callable[[str], None]:
    """`promise_result("R1: 20 × 1 000 rapporter, 0 borta")`: a line for docs/promises, under `make promises`."""

    def write(line: str) -> None:
        if full_size:
            with Path(os.environ["AVVIKELSE_PROMISES_RESULT"]).open("a", encoding="utf-8") as file:
                file.write(f"- {line}\n")

    return write


# --- time -------------------------------------------------------------------------------------------------------------


@dataclass(slots=True)
class Clock:
    """The test's time. `now` is passed to services; `move` changes what the edges see as well."""

    traveller: Any
    now: datetime

    def move(self, to: datetime | None = None, **delta: float) -> datetime:
        self.now = (to or self.now) + timedelta(**delta)
        self.traveller.move_to(self.now)
        return self.now


@pytest.fixture
def now() -> datetime:
    """A fixed time, for services that take `now`."""
    return NOW


@pytest.fixture
def clock() -> Iterator[Clock]:
    """Stops the clock at NOW for everything in this process."""
    with time_machine.travel(NOW, tick=False) as traveller:
        yield Clock(traveller, NOW)
