"""The outbox against a real mail server in bad moods: 451, hanging, a line that is cut. Nothing lost, nothing twice
without its key, and what does not get through is seen.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from avvikelse.adapters import mail
from avvikelse.domain.notices import Notice
from avvikelse.jobs import tasks_mail
from avvikelse.jobs.house import House
from avvikelse.models.outbox import OutboxMail
from avvikelse.services import outbox
from tests.conftest import Clock
from tests.support.smtp import Postbox, smtp_server

CASE = {"number": "JH-2026-0001", "ref": "k3v9q2"}
MAILS = 12
Mood = Callable[[Postbox], Callable[[], None]]  # begins, and gives back what ends it


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[Postbox, int]]:
    monkeypatch.setattr(mail, "TIMEOUT", 0.5)
    monkeypatch.setattr(mail.SmtpMailer.__init__, "__defaults__", (0.5,))
    with smtp_server() as running:
        yield running


@pytest.fixture
def house(app: Flask, database, server: tuple[Postbox, int], tmp_path: Path) -> House:
    settings = replace(
        app.extensions["settings"], mail=f"smtp://127.0.0.1:{server[1]}", base_url="https://a.example.org"
    )
    return House(settings, database)


def put_many(session: Session, now: datetime) -> None:
    for number in range(MAILS):
        outbox.queue(
            session, Notice.NEW_CASE, to_mailbox=f"box{number}@example.org", dedup_key=f"k:{number}", params=CASE,
            now=now,
        )  # fmt: skip
    session.commit()


def hours_pass(house: House, session: Session, clock: Clock, minutes: int) -> None:
    """The job runs every minute (it does so every fifteen seconds)."""
    for _ in range(minutes):
        tasks_mail.send_outbox(house, clock.now)
        session.expire_all()
        clock.move(minutes=1)


def taken(postbox: Postbox) -> Counter[str]:
    """How often each message has come, by its key."""
    return Counter(message[mail.KEY_HEADER] for message in postbox.taken)


def says_451(postbox: Postbox) -> Callable[[], None]:
    postbox.answers = {f"box{number}@example.org": "451 try later" for number in range(0, MAILS, 2)}
    return postbox.answers.clear


def is_full(postbox: Postbox) -> Callable[[], None]:
    postbox.data = "452 full"
    return lambda: setattr(postbox, "data", "250 OK")


def cuts_the_line(postbox: Postbox) -> Callable[[], None]:
    postbox.cut = True
    return lambda: setattr(postbox, "cut", False)


def hangs(postbox: Postbox) -> Callable[[], None]:
    postbox.hanging = True

    def wake() -> None:
        postbox.hanging = False
        postbox.hang.set()

    return wake


@pytest.mark.parametrize("mood", [says_451, is_full, cuts_the_line, hangs])
def test_a_bad_mood_loses_nothing_and_doubles_nothing_without_its_key(
    house: House, session: Session, server: tuple[Postbox, int], clock: Clock, mood: Mood
) -> None:
    postbox, _ = server
    put_many(session, clock.now)
    better = mood(postbox)
    hours_pass(house, session, clock, 4)
    state = outbox.backlog(session)
    assert state.waiting == MAILS - len(taken(postbox)) if mood is says_451 else state.waiting == MAILS
    better()
    hours_pass(house, session, clock, 16)
    assert outbox.backlog(session) == outbox.Backlog(0, None, 0)
    came = taken(postbox)
    assert len(came) == MAILS
    # A server that took a message and hung before saying so gets it again: with the same key, so that it can be seen.
    assert mood is hangs or set(came.values()) == {1}
    assert {message["Message-ID"] for message in postbox.taken} == {f"<{key}@a.example.org>" for key in came}


def test_one_recipient_in_a_bad_mood_stops_nobody_else_and_is_seen_after_a_day(
    house: House, session: Session, server: tuple[Postbox, int], clock: Clock
) -> None:
    postbox, _ = server
    put_many(session, clock.now)
    postbox.answers["box3@example.org"] = "451 try later"
    hours_pass(house, session, clock, 2)
    assert len(postbox.taken) == MAILS - 1
    row = session.scalars(select(OutboxMail).where(OutboxMail.sent_at.is_(None))).one()
    assert (row.last_error, row.failed_at) == ("recipient 451", None)
    clock.move(hours=25)
    hours_pass(house, session, clock, 1)
    assert outbox.backlog(session).failed == 1
    postbox.answers.clear()
    clock.move(minutes=20)
    hours_pass(house, session, clock, 1)
    assert outbox.backlog(session) == outbox.Backlog(0, None, 0)
    assert row.created_at + timedelta(days=1) < clock.now
    assert set(taken(postbox).values()) == {1}
