"""Logging in, out, and what must not get in: through the pages (SECRECY A18, A24, A29, A30, A41, A42)."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from avvikelse.domain.events import Event
from avvikelse.models.audit import AuditEvent
from avvikelse.models.identity import Throttle, User, UserSession
from avvikelse.services import passwords, throttle
from avvikelse.services.login import WRONG
from tests.support.client import CheckingClient
from tests.support.login import PASSWORD, form, hidden, log_in, make_user

ANDROID = (
    "Mozilla/5.0 (Linux; Android 14; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Mobile Safari/537.36"
)


def attempt(client: CheckingClient, password: str = PASSWORD, email: str = "anna@example.org", **more: Any) -> Any:
    """Post the log-in form; keywords beginning with `field_` are further fields, the rest goes to the client."""
    fields = {name.removeprefix("field_"): more.pop(name) for name in list(more) if name.startswith("field_")}
    return client.post("/logga-in", data=form(client, email=email, password=password, **fields), **more)


def is_logged_in(client: CheckingClient) -> bool:
    return client.get("/konto").status_code == 200


def events(session: Session) -> list[str]:
    return list(session.scalars(select(AuditEvent.event).order_by(AuditEvent.seq)))


def test_the_right_password_opens_the_door(client: CheckingClient, session: Session, clock: Any) -> None:
    user = make_user(session)
    answer = attempt(client, email=" Anna@Example.org ", headers={"User-Agent": ANDROID})
    assert (answer.status_code, answer.location) == (303, "/")
    page = client.get("/konto").get_data(as_text=True)
    assert "Anna Ek" in page
    assert "Chrome på Android" in page
    row = session.scalars(select(UserSession)).one()
    assert (row.user_id, row.expires_at - row.created_at) == (user.id, timedelta(hours=12))
    assert session.get_one(User, user.id).last_login_at == clock.now
    assert events(session) == [Event.LOGGED_IN]


def test_the_cookie_is_out_of_reach_of_scripts_and_other_sites(client: CheckingClient, session: Session) -> None:
    make_user(session)
    cookie = attempt(client).headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert "Domain" not in cookie


def test_only_a_hash_of_the_token_is_stored(client: CheckingClient, session: Session) -> None:
    token = log_in(client, make_user(session))
    assert is_logged_in(client)
    assert token not in session.scalars(select(UserSession)).one().token_hash


@pytest.mark.parametrize(
    ("email", "password", "values"),
    [
        ("anna@example.org", "fel lösenord här", {}),
        ("ingen@example.org", PASSWORD, {}),
        ("anna@example.org", PASSWORD, {"active": False}),
        ("anna@example.org", PASSWORD, {"password_hash": None}),
    ],
    ids=["wrong password", "unknown address", "closed account", "no password yet"],
)
def test_every_failure_looks_the_same(
    client: CheckingClient,
    session: Session,
    monkeypatch: pytest.MonkeyPatch,
    email: str,
    password: str,
    values: dict[str, Any],
) -> None:
    """A41. Same page and same work: one hash is computed whatever is wrong."""
    make_user(session, **values)
    hashed = []
    real = passwords._hasher.verify

    class Counting:
        def verify(self, *args: Any) -> bool:
            hashed.append(args)
            return real(*args)

    monkeypatch.setattr(passwords, "_hasher", Counting())
    answer = attempt(client, password, email)
    page = answer.get_data(as_text=True)
    page = re.sub(r'value="[^"]*"', "", page)
    reference = attempt(client, "något helt annat", "annan@example.org").get_data(as_text=True)
    assert answer.status_code == 422
    assert WRONG in page
    assert page == re.sub(r'value="[^"]*"', "", reference)
    assert len(hashed) == 2
    assert not is_logged_in(client)
    assert set(events(session)) == {Event.LOGIN_FAILED}


@pytest.mark.parametrize(
    "target",
    [
        "//evil.example",
        "/\\evil.example",
        "javascript:alert(1)",
        "https://evil.example/",
        "/a\r\nSet-Cookie: x=1",
        "\t//evil.example",
        "evil",
    ],
)
def test_next_never_leaves_the_site(client: CheckingClient, session: Session, target: str) -> None:
    """A30."""
    make_user(session)
    answer = attempt(client, field_next=target)
    assert (answer.status_code, answer.location) == (303, "/")


def test_next_inside_the_site_is_followed(client: CheckingClient, session: Session) -> None:
    make_user(session)
    asked = client.get("/konto")
    assert (asked.status_code, asked.location) == (302, "/logga-in?next=/konto")
    page = client.get(asked.location).get_data(as_text=True)
    assert attempt(client, field_next=hidden(page, "next")).location == "/konto"


def test_a_new_log_in_has_a_new_token(client: CheckingClient, session: Session) -> None:
    """Session fixation: what was in the browser before is worth nothing after."""
    make_user(session)
    client.get("/logga-in")
    planted = log_in(client, make_user(session, "bo@example.org", "Bo Alm"))
    with client.session_transaction() as cookie:
        cookie["smuggled"] = "1"
    attempt(client)
    with client.session_transaction() as cookie:
        assert cookie["_user_id"] != planted
        assert "smuggled" not in cookie
    assert "Anna Ek" in client.get("/konto").get_data(as_text=True)


def test_nobody_becomes_somebody_else_by_asking(client: CheckingClient, session: Session) -> None:
    """A18."""
    other = make_user(session, "bo@example.org", "Bo Alm")
    for headers in ({"X-User": str(other.id)}, {"X-Forwarded-User": other.email}, {"Remote-User": other.email}):
        assert client.get(f"/konto?user_id={other.id}", headers=headers).status_code == 302
    log_in(client, make_user(session))
    assert "Bo Alm" not in client.get(f"/konto?user_id={other.id}", headers={"X-User": str(other.id)}).get_data(
        as_text=True
    )
    assert client.get("/login-as").status_code == 404


def test_json_is_answered_with_401(client: CheckingClient) -> None:
    assert client.get("/konto", headers={"Accept": "application/json"}).status_code == 401


@pytest.mark.parametrize("token", [None, "", "0" * 64, "åäö"])
def test_a_form_without_our_token_is_refused_and_the_text_given_back(
    client: CheckingClient, session: Session, token: str | None
) -> None:
    """A24."""
    log_in(client, make_user(session))
    client.csrf = False
    data = {"current_password": "x", "minnen": "Två ord och fler."} | ({} if token is None else {"csrf_token": token})
    answer = client.post("/konto/losenord", data=data)
    assert answer.status_code == 400
    assert "Två ord och fler." in answer.get_data(as_text=True)
    assert events(session) == [Event.REFUSED]


def test_a_token_belongs_to_one_log_in(client: CheckingClient, session: Session, app: Any) -> None:
    user = make_user(session)
    log_in(client, user)
    mine = form(client)
    log_in(client, user)
    assert client.post("/logga-ut", data=mine).status_code == 400
    assert client.post("/logga-ut", data=form(client)).status_code == 303


# --- brakes -----------------------------------------------------------------------------------------------------------


def fail(client: CheckingClient, times: int, email: str = "anna@example.org", address: str = "192.0.2.1") -> list[int]:
    environ = {"REMOTE_ADDR": address}
    return [attempt(client, "fel lösenord här", email, environ_base=environ).status_code for _ in range(times)]


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Password hashes that cost nothing."""
    monkeypatch.setattr(passwords, "verify", lambda stored, given: stored is not None and given == PASSWORD)


@pytest.mark.usefixtures("quick")
def test_guessing_is_braked_and_lets_go_by_itself(client: CheckingClient, session: Session, clock: Any) -> None:
    """A42: a delay, never a lock."""
    make_user(session)
    assert fail(client, 8) == [422] * 6 + [429] * 2
    answer = attempt(client, environ_base={"REMOTE_ADDR": "192.0.2.1"})
    assert answer.status_code == 429
    assert 0 < int(answer.headers["Retry-After"]) <= 15 * 60 + 1
    assert not is_logged_in(client)
    clock.move(seconds=int(answer.headers["Retry-After"]))
    assert attempt(client, environ_base={"REMOTE_ADDR": "192.0.2.1"}).status_code == 303
    assert events(session).count(Event.REFUSED) == 1


@pytest.mark.usefixtures("quick", "clock")
def test_an_unknown_address_is_braked_alike(client: CheckingClient, session: Session) -> None:
    make_user(session)
    assert fail(client, 8, "ingen@example.org") == fail(client, 8, "anna@example.org")


@pytest.mark.usefixtures("quick", "clock")
def test_a_stranger_does_not_lock_anybody_out(client: CheckingClient, session: Session) -> None:
    make_user(session)
    fail(client, 12, address="203.0.113.9")
    assert attempt(client, environ_base={"REMOTE_ADDR": "192.0.2.1"}).status_code == 303


@pytest.mark.usefixtures("quick", "clock")
def test_an_account_is_braked_over_many_networks(client: CheckingClient, session: Session) -> None:
    make_user(session)
    answers = [fail(client, 4, address=f"203.0.113.{n}") for n in range(9)]
    assert answers[0] == [422] * 4
    assert answers[-1] == [429] * 4


@pytest.mark.usefixtures("quick", "clock")
def test_spraying_from_one_network_is_braked(client: CheckingClient, session: Session) -> None:
    make_user(session)
    answers = [fail(client, 1, f"person{n}@example.org")[0] for n in range(103)]
    assert answers == [422] * 100 + [429] * 3
    assert fail(client, 1, "annan@example.org", "203.0.113.9") == [422]


@pytest.mark.usefixtures("quick", "clock")
def test_under_an_attack_from_everywhere_the_brakes_tighten(
    client: CheckingClient, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_user(session)
    monkeypatch.setattr(throttle, "GLOBAL_LIMIT", 10)
    for n in range(11):
        fail(client, 1, f"person{n}@example.org", f"203.0.113.{n}")
    assert fail(client, 2) == [422, 429]


@pytest.mark.usefixtures("quick", "clock")
def test_success_is_not_counted_as_guessing(client: CheckingClient, session: Session) -> None:
    make_user(session)
    for _ in range(4):
        fail(client, 5)
        assert attempt(client, environ_base={"REMOTE_ADDR": "192.0.2.1"}).status_code == 303


@pytest.mark.usefixtures("quick")
def test_the_brake_remembers_no_address_and_forgets_within_a_day(
    client: CheckingClient, session: Session, clock: Any
) -> None:
    make_user(session)
    fail(client, 2)
    rows = session.scalars(select(Throttle)).all()
    assert all(re.fullmatch("[0-9a-f]{64}", row.key_hash) for row in rows)
    before = {row.key_hash for row in rows}
    clock.move(hours=24, minutes=1)
    fail(client, 1)
    after = set(
        session.scalars(select(Throttle.key_hash).where(Throttle.window_start > clock.now - timedelta(hours=1)))
    )
    assert not before & after
    throttle.purge(session, now=clock.now + timedelta(minutes=15))
    assert session.scalar(select(func.count()).select_from(Throttle)) == len(after)
