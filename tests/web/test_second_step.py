"""The second step of a log-in: who must take it, what it lets through, and that there is no way round (F 13.05)."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from avvikelse.domain.actor import SYSTEM
from avvikelse.domain.events import Event
from avvikelse.domain.notices import Notice
from avvikelse.domain.role_scope import Scope
from avvikelse.domain.vocabulary import Role
from avvikelse.models.audit import AuditEvent
from avvikelse.models.identity import RecoveryCode, RoleAssignment, SecondStep, User, UserSession
from avvikelse.models.outbox import OutboxMail
from avvikelse.services import invitations
from avvikelse.web.access import PUBLIC_ENDPOINTS, rule_of
from tests.support.client import CheckingClient
from tests.support.login import PASSWORD, form, log_in, password_hash
from tests.support.mailbox import Mailbox
from tests.support.second_step import (
    FIRST_PAGE,
    RECOVERY,
    SET_UP,
    Phone,
    password,
    recovery_codes_on,
    require,
    secret_on,
    set_up,
)
from tests.support.world import World

CHEF, TEACHER = "chef-skola-2380@example.org", "larare@example.org"
EXAMPLES = {
    "IdConverter": 7,
    "RefConverter": "abcdefgh",
    "MonthConverter": "2026-03",
    "YearConverter": 2026,
    "WordConverter": "a",
}
THE_STEP = {"second_step.show", "second_step.recover", "second_step.set_up", "login.leave"}


@pytest.fixture(autouse=True)
def required(app: Flask) -> Any:
    former = app.extensions["settings"]
    require(app)
    yield
    app.extensions["settings"] = former


@pytest.fixture
def house(session: Session, clock: Any) -> World:
    """A manager, a teacher and an administrator who can log in with PASSWORD."""
    world = World.of(session, clock.now)
    world.chef("chef-skola-2380")
    world.reporter("skola-2380", "larare")
    for key in ("chef-skola-2380", "larare"):
        world.user(key).password_hash = password_hash()
    session.flush()
    return world


@pytest.fixture
def phone(house: World, client: CheckingClient, clock: Any) -> Phone:
    """The manager's, who has set it up and is logged in."""
    password(client, CHEF)
    made = set_up(client, clock)
    clock.move(seconds=60)
    return made


def other(app: Flask) -> CheckingClient:
    client = app.test_client()
    assert isinstance(client, CheckingClient)
    return client


def is_in(client: CheckingClient) -> bool:
    return client.get("/konto").status_code == 200


def events(session: Session) -> list[str]:
    return list(session.scalars(select(AuditEvent.event).order_by(AuditEvent.seq)))


def mails(session: Session) -> list[str]:
    return list(session.scalars(select(OutboxMail.notice).order_by(OutboxMail.id)))


# --- who must ---------------------------------------------------------------------------------------------------------


def test_a_manager_sets_it_up_at_the_first_log_in(
    house: World, client: CheckingClient, session: Session, clock: Any
) -> None:
    page = password(client, CHEF)
    assert page.status_code == 200
    assert "Logga in i två steg" in page.get_data(as_text=True)
    assert not is_in(client)
    phone = set_up(client, clock)
    assert is_in(client)
    assert len(set(phone.recovery)) == 10
    assert mails(session)[-1] == Notice.SECOND_STEP_SET_UP
    assert [e for e in events(session) if "second" in e or "recovery" in e] == [
        Event.SECOND_STEP_SET_UP, Event.RECOVERY_CODES_MADE,
    ]  # fmt: skip
    assert "10 av 10 reservkoder" in client.get("/konto").get_data(as_text=True)


def test_a_rapportor_is_not_asked_and_may_all_the_same(
    house: World, client: CheckingClient, app: Flask, clock: Any
) -> None:
    assert password(client, TEACHER).location == "/"
    assert "Slå på inloggning i två steg" in client.get("/konto").get_data(as_text=True)
    phone = set_up(client, clock)
    again = other(app)
    password(again, TEACHER)
    assert not is_in(again)
    clock.move(seconds=60)
    again.submit(FIRST_PAGE, {"code": phone.code()}, button="Logga in")
    assert is_in(again)
    answer = again.submit("/konto/andra-steget", {"what": "sluta", "password": PASSWORD}, button="Fortsätt")
    assert answer.location == "/konto"
    assert password(other(app), TEACHER).location == "/"


def test_whoever_must_cannot_stop(phone: Phone, client: CheckingClient, session: Session) -> None:
    page = client.get("/konto/andra-steget").get_data(as_text=True)
    assert "Logga in utan andra steget" not in page
    sent = form(client, what="sluta", password=PASSWORD)
    assert client.post("/konto/andra-steget", data=sent).status_code == 422
    assert session.scalars(select(SecondStep.user_id)).one()


def test_where_it_is_only_offered_the_password_is_enough(house: World, client: CheckingClient, app: Flask) -> None:
    app.extensions["settings"] = replace(app.extensions["settings"], second_step_required=False)
    assert password(client, CHEF).location == "/"
    assert is_in(client)


def test_a_role_of_today_asks_at_the_next_click(house: World, client: CheckingClient) -> None:
    password(client, TEACHER)
    assert is_in(client)
    house.grant("larare", Role.HANDLAGGARE, enhet_id=house.unit("skola-2380").id)
    assert client.get("/konto").location == f"{FIRST_PAGE}?next=/konto"
    assert client.get(FIRST_PAGE).location == SET_UP


# --- what a half log-in reaches ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("has_phone", [False, True])
def test_the_password_alone_reaches_nothing_else(
    house: World, client: CheckingClient, app: Flask, clock: Any, has_phone: bool
) -> None:
    """Every address of the program, asked with GET and POST."""
    if has_phone:
        password(client, CHEF)
        set_up(client, clock)
        client.post("/logga-ut", data=form(client))
    password(client, CHEF)
    asked = 0
    for rule in app.url_map.iter_rules():
        if rule.endpoint in PUBLIC_ENDPOINTS or rule.endpoint in THE_STEP:
            continue
        path = _an_address(rule)
        for method in sorted((rule.methods or set()) & {"GET", "POST"}):
            answer = client.get(path) if method == "GET" else client.post(path, data=form(client, x="ett ord till"))
            asked += 1
            refused = answer.status_code == 401 or (answer.location or "").startswith(FIRST_PAGE)
            assert refused, (rule.endpoint, method, answer.status_code, answer.location)
            assert client.get(path, headers={"Accept": "application/json"}).status_code in {401, 405}
    assert asked > 200
    assert {e for e in app.view_functions if (r := rule_of(app, e)) and r.half} == THE_STEP


def _an_address(rule: Any) -> str:
    """An address of the rule; what it points to need not exist, the door comes first."""
    values = {name: EXAMPLES[type(converter).__name__] for name, converter in rule._converters.items()}
    _domain, path = rule.build(values, append_unknown=False)
    return str(path)


def test_on_open_pages_a_half_log_in_is_nobody(house: World, client: CheckingClient) -> None:
    password(client, CHEF)
    page = client.get("/tillganglighet").get_data(as_text=True)
    assert house.user("chef-skola-2380").name not in page
    assert "Du agerar som" not in page


def test_a_half_log_in_can_leave(house: World, client: CheckingClient, session: Session) -> None:
    page = password(client, CHEF)
    assert client.submit(page, button="Avbryt och logga ut").location == "/logga-in"
    assert client.get(SET_UP).location.startswith("/logga-in?")
    assert session.scalars(select(UserSession)).one().revoked_at is not None


def test_what_was_written_travels_through_both_steps(
    phone: Phone, client: CheckingClient, session: Session, clock: Any
) -> None:
    token = client.csrf_token()
    clock.move(hours=13)
    asked = client.post("/konto/mejl", data={"csrf_token": token, "takt": "vecka", "text": "tre hela ord"})
    assert asked.status_code == 401
    step = client.submit(asked, {"email": CHEF, "password": PASSWORD}, button="Logga in")
    assert "Det du skrev finns kvar" in step.get_data(as_text=True)
    by_code = client.submit(step, button="Använd en reservkod")
    shown = client.submit(by_code, {"code": phone.recovery[0]}, button="Logga in")
    assert "tre hela ord" in shown.get_data(as_text=True)
    assert client.submit(shown, button="Skicka").location == "/konto"


def test_a_form_sent_when_a_role_has_come_is_kept(house: World, client: CheckingClient, clock: Any) -> None:
    password(client, TEACHER)
    typed = form(client, takt="vecka", text="tre hela ord")
    house.grant("larare", Role.MEDLEM, group_id=house.group("birger").id)
    asked = client.post("/konto/mejl", data=typed)
    assert asked.status_code == 401
    picture = client.submit(asked, button="Fortsätt")
    phone = Phone(clock, secret_on(picture.get_data(as_text=True)), [])
    done = client.submit(picture, {"code": phone.code()}, button="Bekräfta telefonen")
    assert "tre hela ord" in done.get_data(as_text=True)
    assert client.submit(done, button="Jag har sparat koderna, skicka det jag skrev").location == "/konto"


# --- the code ---------------------------------------------------------------------------------------------------------


def test_the_code_opens_once(phone: Phone, app: Flask, session: Session) -> None:
    first, second = other(app), other(app)
    password(first, CHEF)
    password(second, CHEF)
    assert first.submit(FIRST_PAGE, {"code": phone.code()}, button="Logga in").location == "/"
    assert is_in(first)
    again = second.submit(FIRST_PAGE, {"code": phone.code()}, button="Logga in")
    assert again.status_code == 422
    assert "redan använd" in again.get_data(as_text=True)
    older = second.submit(FIRST_PAGE, {"code": phone.code(away=-1)}, button="Logga in")
    assert older.status_code == 422
    assert not is_in(second)
    assert Event.SECOND_STEP_PASSED in events(session)
    assert Event.SECOND_STEP_FAILED in events(session)


def test_the_code_that_set_up_the_phone_does_not_log_in(
    house: World, client: CheckingClient, app: Flask, clock: Any
) -> None:
    password(client, CHEF)
    phone = set_up(client, clock)
    again = other(app)
    password(again, CHEF)
    assert again.submit(FIRST_PAGE, {"code": phone.code()}, button="Logga in").status_code == 422


def test_a_wrong_code_says_so_and_is_not_shown_again(phone: Phone, app: Flask) -> None:
    client = other(app)
    password(client, CHEF)
    for typed in (phone.wrong(), "ja", "1" * 19, ""):
        page = client.submit(FIRST_PAGE, {"code": typed}, button="Logga in")
        assert page.status_code == 422
        assert not typed or f'value="{typed}"' not in page.get_data(as_text=True)
    assert not is_in(client)


def test_guessing_is_braked_and_the_owner_is_told(phone: Phone, app: Flask, session: Session, clock: Any) -> None:
    client = other(app)
    password(client, CHEF)
    for _ in range(6):
        assert client.submit(FIRST_PAGE, {"code": phone.wrong()}, button="Logga in").status_code == 422
    for _ in range(3):
        assert client.submit(FIRST_PAGE, {"code": phone.code()}, button="Logga in").status_code == 429
        assert client.submit(RECOVERY, {"code": phone.recovery[0]}, button="Logga in").status_code == 429
    assert mails(session).count(Notice.SECOND_STEP_GUESSED) == 1
    clock.move(minutes=16)
    assert client.submit(FIRST_PAGE, {"code": phone.code()}, button="Logga in").location == "/"


def test_wrong_codes_do_not_set_up_a_phone(house: World, client: CheckingClient, session: Session, clock: Any) -> None:
    password(client, CHEF)
    picture = client.submit(SET_UP, button="Fortsätt")
    phone = Phone(clock, secret_on(picture.get_data(as_text=True)), [])
    page = client.submit(picture, {"code": phone.wrong()}, button="Bekräfta telefonen")
    assert page.status_code == 422
    assert secret_on(page.get_data(as_text=True)) == phone.secret  # the picture need not be read again
    assert session.scalars(select(SecondStep)).all() == []
    assert not is_in(client)


# --- recovery codes ---------------------------------------------------------------------------------------------------


def test_a_recovery_code_opens_once_and_its_owner_is_told(phone: Phone, app: Flask, session: Session) -> None:
    client = other(app)
    password(client, CHEF)
    typed = phone.recovery[3].upper().replace("-", " ")
    assert client.submit(RECOVERY, {"code": typed}, button="Logga in").location == "/"
    assert "9 av 10 reservkoder" in client.get("/konto").get_data(as_text=True)
    assert mails(session)[-1] == Notice.RECOVERY_CODE_USED
    assert Event.RECOVERY_CODE_USED in events(session)
    again = other(app)
    password(again, CHEF)
    assert again.submit(RECOVERY, {"code": phone.recovery[3]}, button="Logga in").status_code == 422
    assert not is_in(again)


def test_new_codes_end_the_former(phone: Phone, client: CheckingClient, app: Flask) -> None:
    page = client.submit("/konto/andra-steget", {"what": "koder", "password": PASSWORD}, button="Fortsätt")
    made = recovery_codes_on(page.get_data(as_text=True))
    assert len(made) == 10
    assert not set(made) & set(phone.recovery)
    assert not any(code in client.get("/konto/andra-steget").get_data(as_text=True) for code in made)
    again = other(app)
    password(again, CHEF)
    assert again.submit(RECOVERY, {"code": phone.recovery[0]}, button="Logga in").status_code == 422
    assert again.submit(RECOVERY, {"code": made[0]}, button="Logga in").location == "/"


def test_somebody_elses_code_opens_nothing(phone: Phone, house: World, app: Flask, clock: Any) -> None:
    house.chef("chef-bup-behandling")
    house.user("chef-bup-behandling").password_hash = password_hash()
    theirs = other(app)
    password(theirs, "chef-bup-behandling@example.org")
    set_up(theirs, clock)
    again = other(app)
    password(again, "chef-bup-behandling@example.org")
    assert again.submit(RECOVERY, {"code": phone.recovery[0]}, button="Logga in").status_code == 422
    assert again.submit(FIRST_PAGE, {"code": phone.code()}, button="Logga in").status_code == 422


# --- another phone ----------------------------------------------------------------------------------------------------


def test_another_phone_needs_the_password_and_a_right_code(
    phone: Phone, client: CheckingClient, app: Flask, session: Session, clock: Any
) -> None:
    wrong = client.submit("/konto/andra-steget", {"what": "telefon", "password": "fel ord i rad"}, button="Fortsätt")
    assert wrong.status_code == 422
    elsewhere = other(app)
    password(elsewhere, CHEF)
    elsewhere.submit(FIRST_PAGE, {"code": phone.code()}, button="Logga in")
    step = client.submit("/konto/andra-steget", {"what": "telefon", "password": PASSWORD}, button="Fortsätt")
    assert step.location == SET_UP
    picture = client.get(SET_UP)
    new = Phone(clock, secret_on(picture.get_data(as_text=True)), [])
    assert new.secret != phone.secret
    clock.move(seconds=60)
    still = other(app)
    password(still, CHEF)
    assert still.submit(FIRST_PAGE, {"code": phone.code()}, button="Logga in").location == "/"
    clock.move(seconds=60)
    assert client.submit(picture, {"code": phone.code()}, button="Bekräfta telefonen").status_code == 422
    assert client.submit(picture, {"code": new.code()}, button="Bekräfta telefonen").status_code == 200
    assert is_in(client)
    assert not is_in(elsewhere)
    assert not is_in(still)
    clock.move(seconds=60)
    last = other(app)
    password(last, CHEF)
    assert last.submit(FIRST_PAGE, {"code": phone.code()}, button="Logga in").status_code == 422
    assert last.submit(FIRST_PAGE, {"code": new.code()}, button="Logga in").location == "/"


def test_whoever_has_only_the_password_cannot_set_up_another_phone(phone: Phone, app: Flask, session: Session) -> None:
    thief = other(app)
    password(thief, CHEF)
    assert thief.get(SET_UP).location == FIRST_PAGE
    assert thief.post(SET_UP, data=form(thief)).location == FIRST_PAGE
    assert thief.post(SET_UP, data=form(thief, code=phone.code())).location == FIRST_PAGE
    answer = thief.post("/konto/andra-steget", data=form(thief, what="telefon", password=PASSWORD))
    assert answer.status_code == 401
    offered = select(UserSession.offered_secret).where(UserSession.offered_secret.is_not(None))
    assert session.scalars(offered).all() == []


# --- no way round -----------------------------------------------------------------------------------------------------


def test_a_link_for_a_new_password_is_no_way_round(phone: Phone, app: Flask, mailbox: Mailbox) -> None:
    thief = other(app)
    thief.submit("/glomt-losenord", {"email": CHEF}, button="Skicka")
    link = mailbox.link("/nytt-losenord")
    new = "helt andra ord i en rad"
    assert thief.submit(link, {"new_password": new}, button="Spara lösenordet").location == "/logga-in"
    password(thief, CHEF, new)
    assert not is_in(thief)
    assert thief.get("/").location.startswith(FIRST_PAGE)


def test_somebody_invited_sets_it_up_before_anything_else(
    house: World, client: CheckingClient, app: Flask, mailbox: Mailbox, clock: Any
) -> None:
    invitations.invite(
        house.session,
        SYSTEM,
        email="ny@example.org",
        name="Nils Ny",
        role=Role.ADMINISTRATOR,
        scope=Scope(),
        now=clock.now,
    )
    link = mailbox.link("/inbjudan")
    client.submit(link, {"name": "Nils Ny", "new_password": "helt andra ord i en rad"})
    password(client, "ny@example.org", "helt andra ord i en rad")
    assert not is_in(client)
    set_up(client, clock)
    assert is_in(client)


def test_using_the_log_in_does_not_make_it_whole(
    house: World, client: CheckingClient, session: Session, clock: Any
) -> None:
    password(client, CHEF)
    for _ in range(4):
        clock.move(minutes=20)
        assert client.get(SET_UP).status_code == 200
        assert not is_in(client)
    assert session.scalars(select(UserSession)).one().second_step_at is None


def test_log_ins_from_before_it_was_required_are_asked(house: World, client: CheckingClient) -> None:
    log_in(client, house.user("chef-skola-2380"))
    assert client.get("/konto").location.startswith(FIRST_PAGE)


# --- lost phones ------------------------------------------------------------------------------------------------------


def held(session: Session, world: World, key: str) -> int:
    return session.scalars(select(RoleAssignment.id).where(RoleAssignment.user_id == world.user(key).id)).one()


def whole(client: CheckingClient, user_id: int, session: Session, clock: Any) -> None:
    """Logged in with the second step taken."""
    log_in(client, user_id)
    session.scalars(select(UserSession).order_by(UserSession.id.desc())).first().second_step_at = clock.now  # type: ignore[union-attr]
    session.flush()


def test_the_own_administrator_resets_it(
    phone: Phone, house: World, client: CheckingClient, app: Flask, session: Session, clock: Any
) -> None:
    admin = house.administrator("kommun-2380")
    desk = other(app)
    whole(desk, admin.user_id or 0, session, clock)
    page = f"/roller/{held(session, house, 'chef-skola-2380')}"
    assert desk.submit(page, button="Nollställ").status_code == 303
    assert not is_in(client)
    assert session.scalars(select(SecondStep)).all() == []
    assert session.scalars(select(RecoveryCode)).all() == []
    assert mails(session)[-1] == Notice.SECOND_STEP_RESET
    assert events(session)[-1] == Event.SECOND_STEP_RESET
    assert "Nollställ" not in desk.get(page).get_data(as_text=True)
    again = other(app)
    assert "Logga in i två steg" in password(again, CHEF).get_data(as_text=True)
    assert not is_in(again)


def test_nobody_else_resets_it(phone: Phone, house: World, app: Flask, session: Session, clock: Any) -> None:
    role = held(session, house, "chef-skola-2380")
    omrade = house.unit("skola-2380").omrade_id
    samordnare = house.grant("samordnare", Role.SAMORDNARE, omrade_id=omrade)
    foreign = house.administrator("region-jh")
    teacher = house.actor("larare")
    for actor, status in ((samordnare, 403), (foreign, 404), (teacher, 403)):
        desk = other(app)
        whole(desk, actor.user_id or 0, session, clock)
        answer = desk.post(f"/roller/{role}/andra-steget/nollstall", data=form(desk))
        assert answer.status_code == status, actor.name
    assert "Nollställ" not in _page_of(app, samordnare.user_id or 0, f"/roller/{role}", session, clock)
    assert session.scalars(select(SecondStep.user_id)).one()


def _page_of(app: Flask, user_id: int, path: str, session: Session, clock: Any) -> str:
    client = other(app)
    whole(client, user_id, session, clock)
    return client.get(path).get_data(as_text=True)


def test_nobody_resets_her_own(house: World, app: Flask, session: Session, clock: Any) -> None:
    admin = house.administrator("kommun-2380")
    session.add(SecondStep(user_id=admin.user_id, sealed_secret="x", set_up_at=clock.now, last_step=1))
    session.flush()
    desk = other(app)
    whole(desk, admin.user_id or 0, session, clock)
    role = held(session, house, "admin-kommun-2380")
    assert desk.post(f"/roller/{role}/andra-steget/nollstall", data=form(desk)).status_code == 403


def test_a_role_that_has_ended_gives_no_right(
    phone: Phone, house: World, app: Flask, session: Session, clock: Any
) -> None:
    role = held(session, house, "chef-skola-2380")
    session.get_one(RoleAssignment, role).valid_to = (clock.now - timedelta(days=3)).date()
    desk = other(app)
    whole(desk, house.administrator("kommun-2380").user_id or 0, session, clock)
    assert desk.post(f"/roller/{role}/andra-steget/nollstall", data=form(desk)).status_code == 403


def test_the_operator_resets_it(phone: Phone, client: CheckingClient, run_cli: Any, session: Session) -> None:
    assert run_cli("users", "reset-second-step", CHEF).exit_code == 0
    assert run_cli("users", "reset-second-step", CHEF).exit_code == 1
    assert run_cli("users", "reset-second-step", "ingen@example.org").exit_code == 2
    assert not is_in(client)


# --- what is stored ---------------------------------------------------------------------------------------------------


def test_the_database_holds_neither_secret_nor_codes(phone: Phone, session: Session) -> None:
    stored = ""
    for table in ("second_step", "recovery_code", "user_session", "audit_event", "outbox"):
        stored += repr(session.execute(text(f"SELECT * FROM {table}")).all())
    assert phone.secret not in stored
    assert phone.secret.lower() not in stored.lower()
    for code in phone.recovery:
        assert code not in stored
        assert code.replace("-", "") not in stored


def test_with_another_secret_key_recovery_codes_still_open(
    phone: Phone, app: Flask, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The operator has changed the key: phones must be set up anew, and nobody gets in without one of the two."""
    monkeypatch.setattr(app, "secret_key", "x" * 40)
    client = other(app)
    password(client, CHEF)
    assert client.submit(FIRST_PAGE, {"code": phone.code()}, button="Logga in").status_code == 422
    assert client.submit(RECOVERY, {"code": phone.recovery[0]}, button="Logga in").location == "/"
    step = client.submit("/konto/andra-steget", {"what": "telefon", "password": PASSWORD}, button="Fortsätt")
    assert step.location == SET_UP


def test_the_picture_and_the_text_say_the_same(house: World, client: CheckingClient, session: Session) -> None:
    password(client, CHEF)
    page = client.submit(SET_UP, button="Fortsätt").get_data(as_text=True)
    assert page.count("<svg") >= 2  # the sprite and the picture
    assert 'autocomplete="one-time-code"' in page
    assert 'inputmode="numeric"' in page
    assert CHEF in page
    assert session.scalars(select(User.email).where(User.email == CHEF)).one()
