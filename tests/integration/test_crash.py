"""R1 and R2: an acknowledged report is stored once and whole, although the server is killed at random moments.

The processes of the program are killed, not the database server or the machine; the latter is what
`synchronous=FULL` and PostgreSQL's own settings are for.
"""

from __future__ import annotations

import random
import secrets
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from avvikelse.adapters import clock
from avvikelse.domain.actor import Actor
from avvikelse.domain.events import Event
from avvikelse.domain.notices import Notice
from avvikelse.domain.vocabulary import PartySide
from avvikelse.domain.workdays import local_date
from avvikelse.models.audit import AuditEvent
from avvikelse.models.avvikelse import Avvikelse, GroupMembership, NumberSeries, Party, RecordEntry, Transfer
from avvikelse.models.base import db
from avvikelse.models.outbox import OutboxMail
from avvikelse.models.search import SearchDocument
from avvikelse.services import audit
from avvikelse.web import csrf
from tests.integration.crash_server import RECEIPT, Crowd, Report, Sender, Server, free_port
from tests.support.login import log_in
from tests.support.world import TEXT, World

PAIRS = (("skola-2380", "bup-behandling"), ("bup-behandling", "skola-2380"))  # who reports about whom
SMALL, FULL = (2, 40), (20, 1000)  # kills, and reports for each
READY_AGAIN = 10.0  # seconds
OPENED = 50, 500  # so many receipts are opened (small size, full size); the rows of all reports are compared


@pytest.fixture
def senders(committed_app: Flask) -> list[Sender]:
    """Logged-in reporters on both sides."""
    with committed_app.app_context():
        world = World.of(db.session(), clock.now())
        made = [
            (world.reporter(own, f"rapportor-{own}-{n}"), world.unit(other).id)
            for own, other in PAIRS
            for n in range(4)
        ]
        found = [logged_in(committed_app, actor, counterpart) for actor, counterpart in made]
        db.session.commit()
    return found


def logged_in(app: Flask, actor: Actor, counterpart: int) -> Sender:
    assert actor.user_id is not None
    browser = app.test_client()
    token = log_in(browser, actor.user_id)
    cookie = browser.get_cookie("avvikelse")
    assert cookie is not None
    fields = {
        "csrf_token": csrf.signed(token),
        "sender_enhet_id": str(next(grant.enhet_id for grant in actor.grants if grant.enhet_id is not None)),
        "counterpart": str(counterpart),
        "occurred_on": local_date(clock.now()).isoformat(),
        "severity": "1",
    }
    return Sender(actor.user_id, f"avvikelse={cookie.value}", fields)


@pytest.fixture
def server(committed_app: Flask, tmp_path: Path) -> Iterator[Server]:
    made = Server(committed_app.extensions["settings"], free_port(), tmp_path / "server.log")
    try:
        yield made
    finally:
        made.kill()


def write_reports(senders: list[Sender], count: int) -> list[Report]:
    """Reports whose texts and keys are all different."""
    return [
        Report(senders[n % len(senders)], secrets.token_urlsafe(16), f"{TEXT} Det här var gång {n + 1} i år.")
        for n in range(count)
    ]


@pytest.mark.promise
def test_an_acknowledged_report_is_stored_once_and_whole(
    committed_app: Flask,
    server: Server,
    senders: list[Sender],
    full_size: bool,
    promise_result: Callable[[str], None],
    dialect: str,
) -> None:
    """R1."""
    kills, batch = FULL if full_size else SMALL
    reports = write_reports(senders, kills * batch)
    crowd, chance = Crowd(server), random.Random(7)
    caught, unanswered, in_vain = 0, 0, 0
    server.start()
    for n in range(kills):
        part = reports[n * batch : (n + 1) * batch]
        on_the_way = crowd.send_and_kill(part, after=chance.randrange(1, batch // 3), pause=chance.uniform(0, 0.05))
        caught += on_the_way
        server.start()
        unanswered += stored_without_answer(committed_app, part)
        in_vain += crowd.send_all(part)
    assert caught > 0, "every kill came when nobody was sending"
    check_all(committed_app, reports)
    opened = reports[:: max(1, len(reports) // OPENED[full_size])]
    check_receipts(server, opened)
    ready = max(server.starts[1:])
    if full_size:  # otherwise other tests use the processors too
        assert ready <= READY_AGAIN
    promise_result(
        f"R1 {dialect}: {kills} kill -9 × {batch} rapporter, 32 i taget: {len(reports)} kvitterade och lagrade, "
        f"0 borta, 0 dubbla, 0 halva; {caught} var på väg när servern dog, {unanswered} hann lagras utan svar och "
        f"blev inte fler när de sändes om; {in_vain} omsändningar fick vänta på kvitto; {len(opened)} kvitton "
        f"öppnade; igång igen på högst {ready:.1f} s"
    )


@pytest.mark.promise
def test_a_report_sent_many_times_is_one_with_one_receipt(
    committed_app: Flask,
    server: Server,
    senders: list[Sender],
    full_size: bool,
    promise_result: Callable[[str], None],
    dialect: str,
) -> None:
    """R2: two to five times at once, and again after a kill."""
    reports = write_reports(senders, 200 if full_size else 12)
    server.start()
    receipts = [send_at_once(server, report, 2 + n % 4) for n, report in enumerate(reports)]
    server.kill()
    server.start()
    for n, report in enumerate(reports):
        receipts[n] += send_at_once(server, report, 2 + n % 4)
    assert [len(set(found)) for found in receipts] == [1] * len(reports), Counter(map(len, map(set, receipts)))
    for report, found in zip(reports, receipts, strict=True):
        report.ref = found[0]
        assert report.ref is not None, "sent several times, never acknowledged"
    check_all(committed_app, reports)
    promise_result(
        f"R2 {dialect}: {len(reports)} rapporter sända {sum(map(len, receipts))} gånger (2–5 samtidigt, och igen efter "
        f"kill -9): {len(reports)} lagrade, ett kvitto var"
    )


# --- what must hold ---------------------------------------------------------------------------------------------------


def send_at_once(server: Server, report: Report, times: int) -> list[str | None]:
    with ThreadPoolExecutor(times) as hands:
        return list(hands.map(server.send, [report] * times))


def stored_without_answer(app: Flask, reports: list[Report]) -> int:
    """How many are in the database although the sender never heard."""
    with app.app_context():
        stored = set(db.session.scalars(select(Avvikelse.idempotency_key)))
        db.session.rollback()
    return sum(report.ref is None and report.stored_key in stored for report in reports)


def check_all(app: Flask, reports: list[Report]) -> None:
    """Exactly the reports that were acknowledged, each once with all that belongs to it, and nothing else."""
    with app.app_context():
        session = db.session()
        rows = session.execute(select(Avvikelse.id, Avvikelse.ref, Avvikelse.idempotency_key, Avvikelse.description))
        stored = {row.idempotency_key: row for row in rows}
        assert {key: (row.ref, row.description) for key, row in stored.items()} == {
            report.stored_key: (report.ref, report.text) for report in reports
        }
        once = Counter(row.id for row in stored.values())
        assert once.total() == len(reports) == session.scalar(select(func.count()).select_from(Avvikelse))
        whole = {
            "submitted": select(AuditEvent.avvikelse_id).where(AuditEvent.event == Event.SUBMITTED),
            "receipt": select(OutboxMail.avvikelse_id).where(OutboxMail.notice == Notice.RECEIPT),
            "sender": select(Party.avvikelse_id).where(Party.side == PartySide.SENDER),
            "owner": select(Party.avvikelse_id).where(Party.side == PartySide.OWNER),
            "transfer": select(Transfer.avvikelse_id),
            "words": select(SearchDocument.avvikelse_id).where(SearchDocument.omrade_id.is_(None)),
        }
        for name, query in whole.items():
            assert Counter(session.scalars(query)) == once, name
        assert Counter(session.scalars(select(RecordEntry.avvikelse_id))) == once + once  # one for each side
        assert set(session.scalars(select(GroupMembership.avvikelse_id))) == set(once)
        check_numbers(session, len(reports))
        assert audit.verify(session).ok
        if session.get_bind().dialect.name == "sqlite":
            assert session.scalar(text("PRAGMA integrity_check")) == "ok"
            assert session.execute(text("PRAGMA foreign_key_check")).all() == []
        session.rollback()


def check_numbers(session: Session, count: int) -> None:
    """1, 2, 3 … without a gap: a killed filing takes no number."""
    numbers: Any = session.scalars(select(Avvikelse.number)).all()
    assert sorted(int(number.rpartition("-")[2]) for number in numbers) == list(range(1, count + 1))
    assert session.scalars(select(NumberSeries.last)).all() == [count]


def check_receipts(server: Server, reports: list[Report]) -> None:
    """Each opens for the one who has sent it, with her text."""
    for report in reports:
        status, page = server.get(f"{RECEIPT}{report.ref}", report.sender.cookie)
        assert status == 200
        assert report.ref is not None
        assert report.ref in page
