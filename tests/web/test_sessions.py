"""When a log-in ends, and what becomes of what somebody was writing (SECRECY A28, A29, R12)."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from avvikelse import create_app
from avvikelse.domain.actor import SYSTEM
from avvikelse.models.identity import SessionEnd, User, UserSession
from avvikelse.services import accounts
from config import Environment
from tests.support.client import CheckingClient
from tests.support.login import PASSWORD, form, hidden, log_in, make_user
from tests.support.settings import make_settings

NEW = "helt andra ord i en rad"


def other_client(app: Flask) -> CheckingClient:
    client = app.test_client()
    assert isinstance(client, CheckingClient)
    return client


def opens(client: CheckingClient) -> bool:
    answer = client.get("/konto")
    assert answer.status_code in {200, 302}
    return answer.status_code == 200


def stolen(client: CheckingClient, thief: CheckingClient) -> None:
    """The thief has a copy of the cookie."""
    with client.session_transaction() as mine, thief.session_transaction() as theirs:
        theirs.update(mine)


def test_a_copied_cookie_is_dead_after_logging_out(client: CheckingClient, session: Session, app: Flask) -> None:
    """A29."""
    log_in(client, make_user(session))
    thief = other_client(app)
    stolen(client, thief)
    assert opens(thief)
    assert client.post("/logga-ut", data=form(client)).location == "/logga-in"
    assert not opens(thief)
    assert not opens(client)
    assert session.scalars(select(UserSession)).one().revoked_reason is SessionEnd.LOGGED_OUT


def test_logging_out_is_a_form(client: CheckingClient, session: Session) -> None:
    log_in(client, make_user(session))
    assert client.get("/logga-ut").status_code == 405
    assert opens(client)


def test_a_new_password_ends_the_other_log_ins(client: CheckingClient, session: Session, app: Flask) -> None:
    user = make_user(session)
    log_in(client, user)
    other = other_client(app)
    log_in(other, user)
    answer = client.post("/konto/losenord", data=form(client, current_password=PASSWORD, new_password=NEW))
    assert answer.status_code == 303
    assert opens(client)
    assert not opens(other)


def test_a_closed_account_is_out_at_the_next_click(client: CheckingClient, session: Session, now: Any) -> None:
    user = make_user(session)
    log_in(client, user)
    assert opens(client)
    accounts.disable(session, SYSTEM, user.id, now=now)
    assert not opens(client)


def test_the_account_row_alone_decides(client: CheckingClient, session: Session) -> None:
    """Closed by whatever way: the session itself need not have been ended."""
    user = make_user(session)
    log_in(client, user)
    user.active = False
    assert not opens(client)


def test_twelve_hours_is_the_end(client: CheckingClient, session: Session, clock: Any) -> None:
    log_in(client, make_user(session))
    for _ in range(23):
        clock.move(minutes=31)
        assert opens(client)
    clock.move(minutes=8)
    assert not opens(client)


def test_an_hour_without_a_click_is_the_end(client: CheckingClient, session: Session, clock: Any) -> None:
    log_in(client, make_user(session))
    clock.move(minutes=59)
    assert opens(client)
    clock.move(minutes=59)
    assert opens(client)
    clock.move(minutes=60)
    assert not opens(client)


def test_reading_pages_seldom_writes(client: CheckingClient, session: Session, clock: Any) -> None:
    log_in(client, make_user(session))
    started = clock.now
    clock.move(seconds=100)
    opens(client)
    assert session.scalars(select(UserSession.last_seen_at)).one() == started
    clock.move(seconds=100)
    opens(client)
    assert session.scalars(select(UserSession.last_seen_at)).one() == clock.now


def test_an_invented_token_opens_nothing(client: CheckingClient, session: Session) -> None:
    log_in(client, make_user(session))
    for token in ("", "x", "0" * 43, "\x00", "å" * 43):
        with client.session_transaction() as cookie:
            cookie["_user_id"] = token
        assert not opens(client)


# --- R12: no lost text ------------------------------------------------------------------------------------------------


def test_a_form_that_was_open_for_eight_hours_can_be_sent(client: CheckingClient, session: Session, clock: Any) -> None:
    """The log-in has run out meanwhile: log in, look, send. Nothing is written before that."""
    user = make_user(session)
    log_in(client, user)
    typed = form(client, current_password=PASSWORD, new_password=NEW, minnen="Mötet blev inte av.\nIngen ringde.")
    clock.move(hours=8)
    page = client.post("/konto/losenord", data=typed)
    assert page.status_code == 401
    text = page.get_data(as_text=True)
    assert "Det du skrev finns kvar" in text
    kept = {name: hidden(text, name) for name in ("kept", "kept_for", "csrf_token")}
    assert "Mötet blev inte av." in kept["kept"]
    assert PASSWORD not in kept["kept"]
    again = client.post("/logga-in", data={"email": user.email, "password": PASSWORD, **kept})
    resumed = again.get_data(as_text=True)
    assert again.status_code == 200
    assert 'action="/konto/losenord"' in resumed
    assert hidden(resumed, "minnen") == "Mötet blev inte av.\nIngen ringde."
    sent = client.post(
        "/konto/losenord", data={"csrf_token": hidden(resumed, "csrf_token"), "minnen": hidden(resumed, "minnen")}
    )
    assert (
        sent.status_code == 422
    )  # past the log-in and the token: what is missing is the passwords, which are never kept


def test_a_form_open_for_eight_hours_in_use_is_simply_sent(
    client: CheckingClient, session: Session, clock: Any
) -> None:
    log_in(client, make_user(session))
    typed = form(client, current_password=PASSWORD, new_password=NEW)
    for _ in range(16):
        clock.move(minutes=30)
        assert opens(client)
    assert client.post("/konto/losenord", data=typed).status_code == 303


def test_words_from_another_site_are_not_kept(client: CheckingClient, session: Session, clock: Any) -> None:
    log_in(client, make_user(session))
    clock.move(hours=8)
    answer = client.post("/konto/losenord", data={"csrf_token": "0" * 64, "minnen": "Ord från någon annan."})
    assert answer.status_code in {401, 400}
    assert "kept_for" not in answer.get_data(as_text=True)


def test_a_text_is_given_back_also_when_the_browser_has_lost_its_cookie(
    client: CheckingClient, session: Session
) -> None:
    log_in(client, make_user(session))
    typed = form(client, minnen="Mötet blev inte av, och ingen ringde.")
    client.delete_cookie("avvikelse")
    page = client.post("/konto/losenord", data=typed)
    assert page.status_code == 401
    text = page.get_data(as_text=True)
    assert "Mötet blev inte av, och ingen ringde." in text
    assert "kept_for" not in text  # to be copied, not sent on
    form_here = client.post("/rapportera", data={"csrf_token": typed["csrf_token"], "description": "Ingen kom dit."})
    ways = [re.findall(r'href="([^"]*)">Logga in', page.text) for page in (page, form_here)]
    assert ways == [["/logga-in"], ["/logga-in?next=/rapportera"]]  # the first address shows no page
    empty = client.post("/konto/losenord", data={"csrf_token": typed["csrf_token"]})
    assert empty.status_code == 302


@pytest.mark.parametrize("path", ["//evil.example/x", "https://evil.example", "/\\evil", "", "/"])
def test_kept_words_go_nowhere_else(client: CheckingClient, session: Session, path: str) -> None:
    make_user(session)
    data = form(client, email="anna@example.org", password=PASSWORD, kept='[["a", "b c"]]', kept_for=path)
    assert client.post("/logga-in", data=data).status_code == 303


@pytest.mark.parametrize("kept", ["{", "[1]", '[["a"]]', '{"a": 1}', "null"])
def test_broken_kept_words_do_no_harm(client: CheckingClient, session: Session, kept: str) -> None:
    make_user(session)
    data = form(client, email="anna@example.org", password=PASSWORD, kept=kept, kept_for="/konto")
    assert client.post("/logga-in", data=data).status_code == 303


# --- production -------------------------------------------------------------------------------------------------------


@pytest.fixture
def production(tmp_path: Path) -> Flask:
    """The app as in production; its log-in page needs no database."""
    settings = make_settings(f"sqlite:///{tmp_path / 'missing.sqlite3'}", tmp_path)
    return create_app(replace(settings, environment=Environment.PRODUCTION, base_url="https://avvikelse.example"))


def test_in_production_the_cookie_is_tied_to_this_host(production: Flask) -> None:
    answer = production.test_client().get("/logga-in", base_url="https://avvikelse.example")
    assert answer.status_code == 200
    cookie = answer.headers["Set-Cookie"]
    assert cookie.startswith("__Host-avvikelse=")
    assert "Secure" in cookie
    assert "Path=/" in cookie
    assert "Domain" not in cookie


@pytest.mark.parametrize("host", ["evil.example", "avvikelse.example.evil.example", "127.0.0.1"])
def test_a_forged_host_is_refused(production: Flask, host: str) -> None:
    """A28."""
    assert production.test_client().get("/glomt-losenord", base_url=f"https://{host}").status_code == 400


def test_old_sessions_are_purged(session: Session, clock: Any, client: CheckingClient) -> None:
    from avvikelse.services import sessions

    user: User = make_user(session)
    log_in(client, user)
    assert sessions.purge(session, now=clock.now + timedelta(days=30)) == 0
    assert sessions.purge(session, now=clock.now + timedelta(days=31)) == 1
