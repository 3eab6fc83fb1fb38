"""R5, R9, R11: a full disk, a locked database, a restored backup, fifty people who save the same case.

What the program promises then: to say that nothing was received, to give the text back, to keep no half rows, and to
go on by itself afterwards.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine, event, make_url, select, text
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from avvikelse.adapters import clock
from avvikelse.domain.actor import Actor
from avvikelse.domain.events import Event
from avvikelse.domain.notices import Notice
from avvikelse.domain.vocabulary import PartySide
from avvikelse.domain.workdays import local_date
from avvikelse.models import engine as engines
from avvikelse.models.audit import AuditEvent
from avvikelse.models.avvikelse import Avvikelse, Party
from avvikelse.models.base import Base, db
from avvikelse.models.outbox import OutboxMail
from avvikelse.models.schema import make_engine
from avvikelse.services import audit
from tests.conftest import build_app, dispose
from tests.support import postgres
from tests.support.client import CheckingClient
from tests.support.login import form, log_in
from tests.support.settings import make_settings
from tests.support.world import World

TYPED = "Kallelsen kom tre dagar före mötet och rätt person hann inte komma dit."
LONG = TYPED + " Det har hänt flera gånger den här terminen." * 40
MANY = 100  # reports; the pages that a file already has hold fewer
SAVERS = 50


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody in a test waits ten seconds for a lock."""
    short = tuple(p.replace("busy_timeout=10000", "busy_timeout=200") for p in engines.SQLITE_PRAGMAS)
    monkeypatch.setattr(engines, "SQLITE_PRAGMAS", short)
    settings = engines.POSTGRESQL_SETTINGS.replace("lock_timeout=10000", "lock_timeout=200")
    monkeypatch.setattr(engines, "POSTGRESQL_SETTINGS", settings)


@pytest.fixture
def house(impatient: None, committed_database: str, tmp_path: Path) -> Iterator[Flask]:
    app = build_app(make_settings(committed_database, tmp_path))
    yield app
    dispose(app)


def reporter_in(app: Flask) -> tuple[CheckingClient, dict[str, str]]:
    """Somebody logged in, and what her form holds."""
    client = app.test_client()
    assert isinstance(client, CheckingClient)
    with app.app_context():
        world = World.of(db.session(), clock.now())
        actor = world.reporter("skola-2380")
        db.session.commit()
        log_in(client, actor.user_id or 0)
        db.session.commit()
        fields = {
            "sender_enhet_id": str(actor.own_enhet_id),
            "counterpart": str(world.unit("bup-mottagning").id),
            "occurred_on": local_date(clock.now()).isoformat(),
            "severity": "1",
            "description": LONG,
        }
    return client, fields


def reports(app: Flask) -> int:
    """How many are stored; each must be there with its parties, its record and its receipt."""
    with app.app_context():
        stored = sorted(db.session.scalars(select(Avvikelse.id)))
        whole = {
            "sender": select(Party.avvikelse_id).where(Party.side == PartySide.SENDER),
            "owner": select(Party.avvikelse_id).where(Party.side == PartySide.OWNER),
            "record": select(AuditEvent.avvikelse_id).where(AuditEvent.event == Event.SUBMITTED),
            "receipt": select(OutboxMail.avvikelse_id).where(OutboxMail.notice == Notice.RECEIPT),
        }
        for name, query in whole.items():
            assert sorted(filter(None, db.session.scalars(query))) == stored, name
        db.session.rollback()
    return len(stored)


def first_refused(client: CheckingClient, fields: dict[str, str]) -> tuple[dict[str, str], int]:
    """Report until one cannot be stored; that one, and how many were received before it."""
    for received in range(MANY):
        tried = fields | {"key": f"en-nyckel-for-provet-{received}"}
        answer = client.post("/rapportera/skicka", data=form(client, **tried))
        if answer.status_code != 302:
            says_that_nothing_was_received(answer)
            return tried, received
    raise AssertionError(f"{MANY} reports found room")


def is_whole(app: Flask) -> bool:
    with app.app_context():
        found = audit.verify(db.session()).ok
        db.session.rollback()
    return found


def says_that_nothing_was_received(answer: TestResponse) -> None:
    assert answer.status_code == 503
    assert answer.headers["Retry-After"]
    assert "Inget har tagits emot" in answer.text
    assert TYPED in answer.text  # the text comes back


# --- R5 ---------------------------------------------------------------------------------------------------------------


@contextmanager
def held_lock(url: str) -> Iterator[None]:
    """Another connection writes and does not finish."""
    other = make_engine(url)
    with other.connect().execution_options(**engines.WRITING) as connection, connection.begin() as transaction:
        connection.execute(text("UPDATE audit_head SET hash = hash"))
        yield
        transaction.rollback()
    other.dispose()


@contextmanager
def full_disk(app: Flask) -> Iterator[None]:
    """No page more on SQLite; on PostgreSQL the server's own refusal, where the report is written."""
    with app.app_context():
        engine = db.engine
    if engine.dialect.name == "sqlite":
        with limited_pages(engine):
            yield
        return
    with engine.begin() as connection:
        connection.exec_driver_sql(
            "CREATE FUNCTION full_disk() RETURNS trigger LANGUAGE plpgsql AS"
            " $$ BEGIN RAISE EXCEPTION 'could not extend file' USING ERRCODE = 'disk_full'; END $$"
        )
        connection.exec_driver_sql(
            "CREATE TRIGGER full_disk BEFORE INSERT ON search_document FOR EACH ROW EXECUTE FUNCTION full_disk()"
        )
    yield
    with engine.begin() as connection:
        connection.exec_driver_sql("DROP TRIGGER full_disk ON search_document")
        connection.exec_driver_sql("DROP FUNCTION full_disk()")


@contextmanager
def limited_pages(engine: Engine) -> Iterator[None]:
    def limit(connection: object, _record: object, _proxy: object) -> None:
        pages = connection.execute("PRAGMA page_count").fetchone()[0]  # type: ignore[attr-defined]
        connection.execute(f"PRAGMA max_page_count={pages}")  # type: ignore[attr-defined]

    event.listen(engine, "checkout", limit)
    yield
    event.remove(engine, "checkout", limit)
    engine.dispose()


@pytest.mark.parametrize("trouble", ["locked", "full"])
def test_r5_what_cannot_be_stored_is_said_and_kept_and_nothing_is_half(
    house: Flask, committed_database: str, trouble: str
) -> None:
    client, fields = reporter_in(house)
    with held_lock(committed_database) if trouble == "locked" else full_disk(house):
        refused, received = first_refused(client, fields)
    assert reports(house) == received
    assert is_whole(house)
    again = client.post("/rapportera/skicka", data=form(client, **refused))  # works again by itself
    assert again.status_code == 302
    assert reports(house) == received + 1
    assert is_whole(house)


# --- R9 ---------------------------------------------------------------------------------------------------------------


def counts_and_sums(url: str) -> dict[str, tuple[int, int]]:
    """For each table how many rows, and a number made of all that stands in them."""
    engine, found = make_engine(url), {}
    with engine.connect() as connection:
        for table in Base.metadata.sorted_tables:
            lines = sorted(repr(tuple(row)) for row in connection.execute(select(table)))
            found[table.name] = (len(lines), hash("\n".join(lines)))
    engine.dispose()
    return found


def backed_up_and_restored(url: str, empty_url: str, folder: Path) -> None:
    """As DRIFT.md says it, while the program runs."""
    if make_url(url).get_backend_name() == "sqlite":
        copy = folder / "backup.sqlite3"
        engine = make_engine(url)
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.connection.driver_connection.execute(f"VACUUM INTO '{copy}'")  # type: ignore[union-attr]
        engine.dispose()
        shutil.copyfile(copy, make_url(empty_url).database or "")
        return
    dump = folder / "backup.dump"
    for command in (
        ["pg_dump", "--format=custom", f"--file={dump}", plain(url)],
        ["pg_restore", f"--dbname={plain(empty_url)}", "--exit-on-error", str(dump)],
    ):
        subprocess.run([postgres.binaries() / command[0], *command[1:]], check=True, timeout=120, env=dict(os.environ))


def plain(url: str) -> str:
    return url.replace("postgresql+psycopg://", "postgresql://")


def test_r9_a_backup_on_an_empty_machine_is_the_same_and_opens_the_old_receipt(
    committed_app: Flask, committed_database: str, bare_database: str, tmp_path: Path
) -> None:
    client, fields = reporter_in(committed_app)
    receipt = client.post("/rapportera/skicka", data=form(client, **fields)).location or ""
    anchored = head(committed_app)
    backed_up_and_restored(committed_database, bare_database, tmp_path)
    assert counts_and_sums(bare_database) == counts_and_sums(committed_database)
    restored = build_app(make_settings(bare_database, tmp_path / "elsewhere"))
    try:
        with restored.app_context():
            assert audit.verify(db.session(), [anchored]).ok
            number = db.session.scalars(select(Avvikelse.number)).one()
            db.session.rollback()
        elsewhere = restored.test_client()
        cookie = client.get_cookie("avvikelse")
        assert cookie is not None
        elsewhere.set_cookie("avvikelse", cookie.value)
        opened = elsewhere.get(receipt)
        assert (opened.status_code, number in opened.text) == (200, True)
    finally:
        dispose(restored)


def head(app: Flask) -> audit.Link:
    with app.app_context():
        found = audit.head(db.session())
        db.session.rollback()
    return found


# --- R11 --------------------------------------------------------------------------------------------------------------


def samordnare_with_a_case(app: Flask) -> tuple[Actor, str, int]:
    with app.app_context():
        session: Session = db.session()
        world = World.of(session, clock.now())
        case = world.report(world.reporter("skola-2380"), "bup-mottagning")
        actor = world.samordnare("region-jh")
        session.commit()
        session.refresh(case)
        found = actor, case.ref, case.version_id
        session.rollback()
    return found


@pytest.mark.promise
def test_r11_of_fifty_who_save_one_version_wins_and_the_others_keep_their_text(
    committed_app: Flask, promise_result: Callable[[str], None], dialect: str
) -> None:
    actor, ref, version = samordnare_with_a_case(committed_app)
    savers = [saver(committed_app, actor, number) for number in range(SAVERS)]

    def save(one: tuple[FlaskClient, dict[str, str]]) -> tuple[int, str, str]:
        client, fields = one
        data = fields | {"version": str(version)}
        answer = client.post(f"/avvikelser/{ref}/gruppmening", data=data)
        return answer.status_code, answer.get_data(as_text=True), fields["gruppmening"]

    with ThreadPoolExecutor(SAVERS) as hands:
        answers = list(hands.map(save, savers))
    statuses = Counter(status for status, _, _ in answers)
    assert statuses == {302: 1, 409: SAVERS - 1}
    assert all(typed in page for status, page, typed in answers if status == 409)
    winner = next(typed for status, _, typed in answers if status == 302)
    with committed_app.app_context():
        row = db.session.scalars(select(Avvikelse).where(Avvikelse.ref == ref)).one()
        assert row.gruppmening == winner
        db.session.rollback()
    assert is_whole(committed_app)
    promise_result(
        f"R11 {dialect}: {SAVERS} sparar samma ärende på en gång: 1 vann, {SAVERS - 1} fick 409 med sin text"
    )


def saver(app: Flask, actor: Actor, number: int) -> tuple[FlaskClient, dict[str, str]]:
    """A browser of its own, with a text of its own."""
    client = app.test_client()
    assert isinstance(client, CheckingClient)
    client.lint = False  # forty-nine equal pages
    with app.app_context():
        log_in(client, actor.user_id or 0)
        db.session.commit()
        fields = form(client, gruppmening=f"Kallelsen till mötet kom för sent, version {number} av meningen.")
    return client, fields
