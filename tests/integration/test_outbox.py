"""The outbox: queued with the change, sent once, tried again, seen when it fails, asked again before it goes."""

from __future__ import annotations

import mailbox
from dataclasses import replace
from datetime import datetime, timedelta
from email.message import Message
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from avvikelse.domain.notices import Notice
from avvikelse.jobs import tasks_mail
from avvikelse.jobs.house import House
from avvikelse.models.base import db
from avvikelse.models.identity import User
from avvikelse.models.outbox import OutboxMail
from avvikelse.services import handling, ladder, outbox
from tests.conftest import Clock
from tests.support.mailbox import text_of
from tests.support.smtp import free_port, smtp_server
from tests.support.world import World

CASE = {"number": "JH-2026-0001", "ref": "k3v9q2"}
BOX = "bup@example.org"


def put(session: Session, now: datetime, key: str = "new_case:1", to: str = BOX) -> bool:
    return outbox.queue(session, Notice.NEW_CASE, to_mailbox=to, dedup_key=key, params=CASE, now=now)


def put_to(session: Session, now: datetime, *, active: bool) -> int:
    person = User(email="chef@example.org", name="Chef", active=active, created_at=now)
    session.add(person)
    session.flush()
    outbox.queue(session, Notice.NEW_CASE, to_user_id=person.id, dedup_key="u", params=CASE, now=now)
    return person.id


def only(session: Session) -> OutboxMail:
    return session.scalars(select(OutboxMail).execution_options(populate_existing=True)).one()


# --- queueing and claiming


def test_the_same_key_is_queued_once(session: Session, now: datetime) -> None:
    assert put(session, now)
    assert not put(session, now + timedelta(days=1))
    assert put(session, now, "new_case:2")
    assert outbox.backlog(session) == outbox.Backlog(2, now, 0)


def test_a_mail_goes_with_its_transaction(session: Session, now: datetime) -> None:
    point = session.begin_nested()
    put(session, now)
    point.rollback()
    assert outbox.backlog(session) == outbox.Backlog(0, None, 0)


def test_words_are_not_stored(session: Session, now: datetime) -> None:
    with pytest.raises(ValueError, match="code"):
        outbox.queue(session, Notice.NEW_CASE, to_mailbox=BOX, dedup_key="x", params={"text": "Två ord"}, now=now)
    for user_id, address in ((None, None), (1, BOX)):
        with pytest.raises(ValueError, match="exactly one"):
            outbox.queue(session, Notice.NEW_CASE, dedup_key="x", now=now, to_user_id=user_id, to_mailbox=address)


def test_what_one_has_claimed_nobody_else_gets_until_the_claim_runs_out(session: Session, now: datetime) -> None:
    for number in range(3):
        put(session, now + timedelta(seconds=number), f"k:{number}")
    now += timedelta(minutes=1)
    first = outbox.claim(session, "a", 2, now)
    assert len(first) == 2
    rest = outbox.claim(session, "b", 9, now)
    assert set(first).isdisjoint(rest)
    assert len(rest) == 1
    assert outbox.claim(session, "c", 9, now) == []
    later = now + outbox.CLAIM
    assert sorted(outbox.claim(session, "c", 9, later)) == sorted(first + rest)
    assert outbox.prepare(session, first[0], "a", later) is None  # no longer a's
    outbox.mark_failed(session, first, "a", "x", later)
    assert {mail.attempts for mail in session.scalars(select(OutboxMail))} == {0}
    assert outbox.prepare(session, first[0], "c", later) is not None


def test_two_connections_claim_different_mails(committed_app: Flask, now: datetime) -> None:
    house = House.of(committed_app)
    with house.transaction() as session:
        for number in range(4):
            put(session, now, f"k:{number}")
    with committed_app.app_context():
        dialect = db.engine.dialect.name
    with house.transaction() as one:
        first = outbox.claim(one, "a", 2, now)
        if dialect == "postgresql":  # SKIP LOCKED: does not wait. On SQLite only one writes at a time.
            with house.transaction() as other:
                assert set(outbox.claim(other, "b", 9, now)).isdisjoint(first)
        assert len(first) == 2


# --- sending


@pytest.fixture
def house(app: Flask, database, tmp_path: Path) -> House:
    settings = app.extensions["settings"]
    return House(replace(settings, mail=f"maildir:{tmp_path / 'post'}", base_url="https://a.example.org"), database)


@pytest.fixture
def post(tmp_path: Path) -> list[Message]:
    """Reads the maildir anew at each look."""

    class Look(list):
        def __iter__(self):
            return iter(list(mailbox.Maildir(tmp_path / "post", create=True)))

        def __len__(self):
            return len(mailbox.Maildir(tmp_path / "post", create=True))

    return Look()


def send(house: House, session: Session, now: datetime) -> str:
    session.commit()
    try:
        return tasks_mail.send_outbox(house, now)
    finally:
        session.expire_all()


def test_a_mail_is_sent_once(house: House, session: Session, post: list[Message], clock: Clock) -> None:
    put(session, clock.now)
    assert send(house, session, clock.now) == "1 skickade, 0 misslyckade"
    assert send(house, session, clock.move(minutes=30)) == "0 skickade, 0 misslyckade"
    (message,) = post
    assert message["To"] == BOX
    assert "https://a.example.org/avvikelser/k3v9q2" in text_of(message)
    row = only(session)
    assert (row.sent_at is not None, row.next_try_at, row.claimed_by) == (True, None, None)


def test_a_person_gets_it_at_the_address_of_now(house: House, session: Session, post: list, clock: Clock) -> None:
    person = put_to(session, clock.now, active=True)
    session.execute(update(User).where(User.id == person).values(email="ny@example.org"))
    send(house, session, clock.now)
    assert [message["To"] for message in post] == ["ny@example.org"]


def test_a_closed_account_gets_nothing(house: House, session: Session, post: list, clock: Clock) -> None:
    put_to(session, clock.now, active=False)
    send(house, session, clock.now)
    assert len(post) == 0
    assert only(session).dropped_at == clock.now


def test_what_is_no_longer_true_is_dropped(
    house: House, session: Session, post: list, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    truths = {"new_case:1": False, "new_case:2": True}
    monkeypatch.setitem(outbox.RECHECK, Notice.NEW_CASE, lambda _session, mail, _now: truths[mail.dedup_key])
    put(session, clock.now)
    put(session, clock.now, "new_case:2")
    assert send(house, session, clock.now) == "1 skickade, 0 misslyckade"
    assert len(post) == 1
    dropped = session.scalars(select(OutboxMail).where(OutboxMail.dropped_at.is_not(None))).one()
    assert (dropped.dedup_key, dropped.sent_at) == ("new_case:1", None)


def test_a_token_is_made_when_the_mail_is_sent_and_stored_nowhere(
    house: House, session: Session, post: list, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(outbox.RECHECK, Notice.INVITATION, lambda *_: True)
    monkeypatch.setitem(outbox.MADE_AT_SENDING, Notice.INVITATION, lambda *_: {"token": "hemlig-token"})
    outbox.queue(session, Notice.INVITATION, to_mailbox=BOX, dedup_key="i:1", params={"invitation": 1}, now=clock.now)
    send(house, session, clock.now)
    (message,) = post
    assert "https://a.example.org/inbjudan/hemlig-token" in text_of(message)
    assert only(session).params == {"invitation": 1}


def test_when_a_case_moves_the_former_manager_gets_nothing_more(
    house: House, session: Session, post: list, clock: Clock
) -> None:
    """A39, with the real rule: the mail waits, the case is handed over, then the mail is to be sent."""
    world = World.of(session, clock.now)
    reporter, rektor = world.reporter("bup-behandling"), world.chef("chef-skola-2380")
    other = world.chef("chef-soc-2380")
    case = world.report(reporter, "skola-2380")
    handling.hand_over(
        session, rektor, case.ref, world.receiver("chef-soc-2380"), "Det gäller stöd i hemmet.", now=clock.now
    )
    send(house, session, clock.now)
    rows = session.scalars(select(OutboxMail).where(OutboxMail.avvikelse_id == case.id)).all()
    reached = {(mail.notice, mail.recipient_user_id) for mail in rows if mail.sent_at}
    dropped = {(mail.notice, mail.recipient_user_id) for mail in rows if mail.dropped_at}
    assert dropped == {("new_case", rektor.user_id)}
    assert ("handed_over", other.user_id) in reached
    assert ("receipt", reporter.user_id) in reached
    assert len(post) == len(reached)


def test_a_reminder_whose_clock_has_stopped_is_dropped(
    house: House, session: Session, post: list, clock: Clock
) -> None:
    world = World.of(session, clock.now)
    reporter, rektor = world.reporter("bup-behandling"), world.chef("chef-skola-2380")
    case = world.report(reporter, "skola-2380")
    send(house, session, clock.now)
    sent_before = len(post)
    assert ladder.climb(session, clock.move(days=6)) == 1
    assert ladder.climb(session, clock.move(days=2)) == 1
    handling.accept(session, rektor, case.ref, now=clock.now)
    send(house, session, clock.now)
    notices = [mail.notice for mail in session.scalars(select(OutboxMail).where(OutboxMail.dropped_at.is_not(None)))]
    assert set(notices) == {"soon_mottagen", "remind_mottagen"}
    assert len(post) == sent_before + 1  # case_accepted, to the reporter


def test_who_has_been_let_go_gets_nothing_about_stepping_in(
    house: House, session: Session, post: list, clock: Clock
) -> None:
    """A39 for the ladder: the substitute is asked, the manager acts herself, then the mail is to be sent."""
    world = World.of(session, clock.now)
    chef, deputy = world.chef("chef-bup-behandling"), world.chef("chef-bup-mottagning")
    case = world.report(world.reporter("skola-2380"), "bup-behandling")
    ladder.climb(session, clock.move(days=8))
    waiting = select(OutboxMail.recipient_user_id).where(OutboxMail.notice == "step_in_substitute")
    assert session.scalars(waiting).all() == [deputy.user_id]
    handling.accept(session, chef, case.ref, now=clock.now)
    send(house, session, clock.now)
    assert session.scalars(waiting.where(OutboxMail.dropped_at.is_not(None))).all() == [deputy.user_id]


# --- when the server is difficult


def test_a_server_that_is_away_loses_nothing_and_all_is_sent_within_15_minutes_of_its_return(
    house: House, session: Session, clock: Clock
) -> None:
    """R4."""
    port = free_port()
    house = replace(house, settings=replace(house.settings, mail=f"smtp://127.0.0.1:{port}"))
    queued = 0
    for minute in range(60):
        if minute % 3 == 0:
            put(session, clock.now, f"k:{queued}")
            queued += 1
        send(house, session, clock.now)
        clock.move(minutes=1)
    assert outbox.backlog(session).waiting == queued == 20
    with smtp_server(port) as (postbox, _):
        for _ in range(16):
            send(house, session, clock.now)
            clock.move(minutes=1)
        assert len(postbox.taken) == queued
        assert len({message["Message-ID"] for message in postbox.taken}) == queued
    assert outbox.backlog(session) == outbox.Backlog(0, None, 0)


def test_the_pauses_grow_to_a_quarter_of_an_hour(house: House, session: Session, clock: Clock) -> None:
    house = replace(house, settings=replace(house.settings, mail=f"smtp://127.0.0.1:{free_port()}"))
    put(session, clock.now)
    pauses = []
    for _ in range(7):
        send(house, session, clock.now)
        row = only(session)
        assert row.next_try_at is not None
        pauses.append(int((row.next_try_at - clock.now).total_seconds() // 60))
        clock.move(row.next_try_at)
    assert pauses == [1, 2, 5, 10, 15, 15, 15]
    assert row.last_error == "ConnectionRefusedError"


def test_a_failure_is_seen_after_a_day_and_still_tried(house: House, session: Session, clock: Clock) -> None:
    away = replace(house, settings=replace(house.settings, mail=f"smtp://127.0.0.1:{free_port()}"))
    put(session, clock.now)
    send(away, session, clock.now)
    send(away, session, clock.move(hours=23, minutes=59))
    assert outbox.backlog(session).failed == 0
    send(away, session, clock.move(minutes=16))
    assert outbox.backlog(session).failed == 1
    assert send(house, session, clock.move(hours=1)) == "1 skickade, 0 misslyckade"
    assert outbox.backlog(session) == outbox.Backlog(0, None, 0)


def test_a_refused_address_is_seen_at_once_and_left_until_somebody_has_mended_it(
    house: House, session: Session, clock: Clock
) -> None:
    with smtp_server() as (postbox, port):
        house = replace(house, settings=replace(house.settings, mail=f"smtp://127.0.0.1:{port}"))
        postbox.answers["borta@example.org"] = "550 no such user borta@example.org"
        put(session, clock.now, to="borta@example.org")
        put(session, clock.now, "new_case:2")
        assert send(house, session, clock.now) == "1 skickade, 1 misslyckade"
        assert outbox.backlog(session) == outbox.Backlog(0, None, 1)
        assert session.scalar(select(OutboxMail.last_error).where(OutboxMail.sent_at.is_(None))) == "recipient 550"
        assert send(house, session, clock.move(hours=2)) == "0 skickade, 0 misslyckade"
        postbox.answers.clear()
        assert outbox.retry_failed(session, now=clock.now) == 1
        assert send(house, session, clock.now) == "1 skickade, 0 misslyckade"


def test_a_mail_that_was_deleted_meanwhile_is_no_accident(house: House, session: Session, clock: Clock) -> None:
    put(session, clock.now)
    (mail_id,) = outbox.claim(session, "a", 9, clock.now)
    session.execute(delete(OutboxMail))
    assert outbox.prepare(session, mail_id, "a", clock.now) is None
