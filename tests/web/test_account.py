"""Mitt konto, a forgotten password, and the rules for a new one (SECRECY A28, A41)."""

from __future__ import annotations

import re
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from avvikelse.domain.errors import Invalid
from avvikelse.domain.events import Event
from avvikelse.domain.notices import Notice
from avvikelse.models.audit import AuditEvent
from avvikelse.models.identity import PasswordReset, User, UserSession
from avvikelse.models.outbox import OutboxMail
from avvikelse.services import passwords
from tests.support.client import CheckingClient
from tests.support.login import PASSWORD, log_in, make_user
from tests.support.mailbox import Mailbox
from tests.support.world import World

NEW = "helt andra ord i en rad"


def events(session: Session) -> set[str]:
    return set(session.scalars(select(AuditEvent.event)))


# --- the page ---------------------------------------------------------------------------------------------------------


def test_the_page_says_openly_for_whom_i_act(client: CheckingClient, session: Session, clock: Any) -> None:
    world = World.of(session, clock.now)
    actor = world.samordnare(next(iter(omraden(world))))
    log_in(client, actor.user_id or 0)
    page = client.get("/konto").get_data(as_text=True)
    for grant in actor.grants:
        assert grant.label in page
    assert actor.name in page


def omraden(world: World) -> list[str]:
    from avvikelse.models.organisation import Sekretessomrade

    query = select(Sekretessomrade.slug).where(Sekretessomrade.pack_id == world.pack.id).order_by(Sekretessomrade.id)
    return list(world.session.scalars(query))


def test_without_roles_the_page_says_whom_to_ask(client: CheckingClient, session: Session) -> None:
    log_in(client, make_user(session))
    assert "inga roller ännu" in client.get("/konto").get_data(as_text=True)


def test_i_end_my_own_log_in_elsewhere(client: CheckingClient, session: Session, app: Flask) -> None:
    user = make_user(session)
    log_in(client, user)
    other = app.test_client()
    log_in(other, user)
    mine, others = session.scalars(select(UserSession.id).order_by(UserSession.id)).all()
    assert client.post(f"/konto/inloggningar/{others}/avsluta").status_code == 303
    assert other.get("/konto").status_code == 302
    assert client.get("/konto").status_code == 200
    assert client.post(f"/konto/inloggningar/{mine}/avsluta").location == "/logga-in"
    assert client.get("/konto").status_code == 302


def test_all_others_at_once(client: CheckingClient, session: Session, app: Flask) -> None:
    user = make_user(session)
    others = [app.test_client() for _ in range(2)]
    for other in others:
        log_in(other, user)
    log_in(client, user)
    assert client.post("/konto/inloggningar/avsluta-andra").status_code == 303
    assert [other.get("/konto").status_code for other in others] == [302, 302]
    assert client.get("/konto").status_code == 200


def test_somebody_elses_log_in_does_not_exist(client: CheckingClient, session: Session, app: Flask) -> None:
    other = app.test_client()
    log_in(other, make_user(session, "bo@example.org", "Bo Alm"))
    theirs = session.scalars(select(UserSession.id)).one()
    log_in(client, make_user(session))
    foreign = client.post(f"/konto/inloggningar/{theirs}/avsluta")
    missing = client.post("/konto/inloggningar/999999/avsluta")
    assert (foreign.status_code, foreign.data) == (missing.status_code, missing.data) == (404, missing.data)
    assert other.get("/konto").status_code == 200


# --- change of password -----------------------------------------------------------------------------------------------


def test_changing_the_password(client: CheckingClient, session: Session) -> None:
    user = make_user(session)
    log_in(client, user)
    assert (
        client.submit(
            "/konto", {"current_password": PASSWORD, "new_password": NEW}, action="/konto/losenord"
        ).status_code
        == 303
    )
    assert passwords.verify(session.get_one(User, user.id).password_hash, NEW)
    assert Event.PASSWORD_CHANGED in events(session)
    assert session.scalars(select(OutboxMail.notice)).one() == Notice.PASSWORD_CHANGED


@pytest.mark.parametrize(("current", "new"), [("fel lösenord här", NEW), (PASSWORD, "kort"), (PASSWORD, ""), ("", NEW)])
def test_a_refused_change_changes_nothing(client: CheckingClient, session: Session, current: str, new: str) -> None:
    user = make_user(session)
    log_in(client, user)
    answer = client.post("/konto/losenord", data={"current_password": current, "new_password": new})
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert "Rätta" in page
    assert not (current and current in page)
    assert passwords.verify(session.get_one(User, user.id).password_hash, PASSWORD)
    assert events(session) == set()


@pytest.mark.parametrize(
    "password",
    [
        "elvatecken1",
        "password1234",
        "Lösenord2026!",
        "lösenordlösenord",
        "123456789012",
        "abcabcabcabc",
        "aaaaaaaaaaaaaa",
        "qwertyuiopåa",
        "210987654321",
        "Sommaren-2026",
        "anna@example.org",
        "AnnaEk123456",
        "x" * 201,
    ],
)
def test_guessable_passwords_are_refused(password: str) -> None:
    with pytest.raises(Invalid) as refused:
        passwords.check_new(password, email="anna@example.org", name="Anna Ek")
    assert refused.value.field == "new_password"
    assert password not in refused.value.reason


@pytest.mark.parametrize(
    "password", ["fyra vanliga ord tillsammans", "Trehjulingsäventyr", "k7!mQ2pX9#vL", "x" * 11 + "åy2qz"]
)
def test_other_passwords_need_no_signs_or_figures(password: str) -> None:
    passwords.check_new(password, email="anna@example.org", name="Anna Ek")


def test_a_hash_of_another_cost_is_renewed_at_log_in(client: CheckingClient, session: Session) -> None:
    from argon2 import PasswordHasher

    weaker = PasswordHasher(time_cost=1, memory_cost=8 * 1024, parallelism=1).hash(PASSWORD)
    user = make_user(session, password_hash=weaker)
    assert client.post("/logga-in", data={"email": user.email, "password": PASSWORD}).status_code == 303
    renewed = session.get_one(User, user.id).password_hash or ""
    assert renewed.startswith("$argon2id$v=19$m=19456,t=2,p=1$")


# --- forgotten password -----------------------------------------------------------------------------------------------


def test_a_forgotten_password(client: CheckingClient, session: Session, app: Flask, mailbox: Mailbox) -> None:
    user = make_user(session)
    log_in(client, user)
    stranger = app.test_client()
    assert isinstance(stranger, CheckingClient)
    assert stranger.submit("/glomt-losenord", {"email": "ANNA@example.org"}).location == "/logga-in"
    link = mailbox.link("/nytt-losenord")
    assert link.rsplit("/", 1)[1] not in repr(
        [*session.scalars(select(OutboxMail.params)), *session.scalars(select(PasswordReset.token_hash))]
    )
    assert stranger.submit(link, {"new_password": NEW}).location == "/logga-in"
    assert passwords.verify(session.get_one(User, user.id).password_hash, NEW)
    assert client.get("/konto").status_code == 302  # log-ins from before the reset are over
    again = stranger.get(link)
    assert again.status_code == 404
    assert stranger.post(link, data={"new_password": "ännu flera andra ord"}).status_code == 404


def test_a_weak_new_password_does_not_use_up_the_link(
    client: CheckingClient, session: Session, mailbox: Mailbox
) -> None:
    make_user(session)
    client.submit("/glomt-losenord", {"email": "anna@example.org"})
    link = mailbox.link("/nytt-losenord")
    assert client.submit(link, {"new_password": "lösenord1234"}).status_code == 422
    assert client.submit(link, {"new_password": NEW}).status_code == 303


def test_nobody_learns_who_has_an_account(client: CheckingClient, session: Session, mailbox: Mailbox) -> None:
    """A41: same answer; the mail tells the rest."""
    make_user(session)
    make_user(session, "bo@example.org", "Bo Alm", active=False)
    pages = []
    for email in ("anna@example.org", "ingen@example.org", "bo@example.org"):
        answer = client.submit("/glomt-losenord", {"email": email})
        pages.append(
            (
                answer.status_code,
                answer.location,
                re.sub(r'value="[^"]*"', "", client.get("/logga-in").get_data(as_text=True)),
            )
        )
    assert pages[0] == pages[1] == pages[2]
    assert len(mailbox.send()) == 1


def test_links_that_do_not_work_look_the_same(client: CheckingClient, session: Session, mailbox: Mailbox) -> None:
    make_user(session)
    client.submit("/glomt-losenord", {"email": "anna@example.org"})
    link = mailbox.link("/nytt-losenord")
    assert client.get(link).status_code == 200
    mailbox.clock.move(hours=1)
    expired, unknown = client.get(link), client.get("/nytt-losenord/" + "x" * 43)
    assert (expired.status_code, expired.data) == (unknown.status_code, unknown.data) == (404, unknown.data)


def test_asking_again_and_again_is_braked(client: CheckingClient, session: Session, clock: Any) -> None:
    make_user(session)
    answers = [client.post("/glomt-losenord", data={"email": "anna@example.org"}).status_code for _ in range(5)]
    assert answers == [303] * 3 + [429] * 2
    assert session.scalar(select(func.count()).select_from(PasswordReset)) == 3


def test_a_reset_link_ignores_a_forged_host(client: CheckingClient, session: Session, mailbox: Mailbox) -> None:
    """A28."""
    make_user(session)
    forged = {"Host": "evil.example", "X-Forwarded-Host": "evil.example"}
    assert client.post("/glomt-losenord", data={"email": "anna@example.org"}, headers=forged).status_code == 400
    client.post("/glomt-losenord", data={"email": "anna@example.org"}, headers={"X-Forwarded-Host": "evil.example"})
    assert all("evil" not in mail for mail in mailbox.send())
