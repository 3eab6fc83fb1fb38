"""Inviting somebody, accepting, and links that do not work (SECRECY A16, A41), through pages and mails."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from avvikelse.domain.actor import SYSTEM, Actor
from avvikelse.domain.events import Event
from avvikelse.domain.role_scope import Scope
from avvikelse.domain.vocabulary import Role
from avvikelse.models.audit import AuditEvent
from avvikelse.models.identity import Invitation, RoleAssignment, User
from avvikelse.models.organisation import Enhet, Position
from avvikelse.models.outbox import OutboxMail
from avvikelse.queries.identity import user_by_email
from avvikelse.services import invitations, roles
from tests.support.client import CheckingClient
from tests.support.login import log_in, make_user
from tests.support.mailbox import Mailbox
from tests.support.world import World

pytestmark = pytest.mark.usefixtures("clock")

PASSWORD = "helt andra ord i en rad"
EVA = "eva@example.org"


@pytest.fixture
def unit(world: World) -> Enhet:
    query = (
        select(Enhet)
        .join(Position, Position.enhet_id == Enhet.id)
        .where(Enhet.pack_id == world.pack.id)
        .order_by(Enhet.id)
    )
    return world.session.scalars(query).unique().first() or pytest.fail("the pack has no units")


@pytest.fixture
def samordnare(world: World, unit: Enhet) -> Actor:
    return world.grant("sam", Role.SAMORDNARE, omrade_id=unit.omrade_id)


def post(client: CheckingClient, role: Role, row_id: int, email: str = EVA, **more: str) -> Any:
    return client.post(
        "/bjud-in", data={"email": email, "name": "Eva  Berg", "offer": f"{role.value}:{row_id}", **more}
    )


def test_an_invitation_from_mail_to_log_in(
    client: CheckingClient, session: Session, unit: Enhet, samordnare: Actor, mailbox: Mailbox
) -> None:
    log_in(client, samordnare.user_id or 0)
    assert post(client, Role.HANDLAGGARE, unit.id, email="Eva@Example.org").status_code == 303
    link = mailbox.link("/inbjudan")
    assert mailbox.send()[-1]["To"] == EVA
    stored = [*session.scalars(select(OutboxMail.params)), *session.scalars(select(Invitation.token_hash))]
    assert link.rsplit("/", 1)[1] not in repr(stored)
    client.post("/logga-ut")
    page = client.get(link)
    assert "Eva Berg" in page.get_data(as_text=True)
    assert client.submit(page, {"new_password": PASSWORD}).location == "/logga-in"
    assert client.post("/logga-in", data={"email": EVA, "password": PASSWORD}).status_code == 303
    assert f"Handläggare på {unit.name}" in client.get("/konto").get_data(as_text=True)
    row = session.scalars(select(RoleAssignment).where(RoleAssignment.role == Role.HANDLAGGARE)).one()
    assert row.granted_by_user_id == samordnare.user_id
    recorded = set(session.scalars(select(AuditEvent.event)))
    assert {Event.INVITED, Event.ROLE_GRANTED, Event.INVITATION_ACCEPTED} <= recorded


def test_links_that_do_not_work_look_the_same(
    client: CheckingClient, session: Session, unit: Enhet, mailbox: Mailbox
) -> None:
    """A41: wrong, used and expired."""
    links = []
    for email in (EVA, "bo@example.org"):
        scope = Scope(enhet_id=unit.id)
        invitations.invite(
            session, SYSTEM, email=email, name="Eva Berg", role=Role.RAPPORTOR, scope=scope, now=mailbox.clock.now
        )
        links.append(mailbox.link("/inbjudan"))
    assert client.submit(links[0], {"new_password": PASSWORD}).status_code == 303
    mailbox.clock.move(days=6, hours=23)
    assert client.get(links[1]).status_code == 200
    mailbox.clock.move(hours=1)
    answers = [client.get(link) for link in (*links, "/inbjudan/" + "x" * 43)]
    assert [a.status_code for a in answers] == [404] * 3
    assert len({a.data for a in answers}) == 1
    refused = client.post(links[1], data={"name": "Eva Berg", "new_password": PASSWORD})
    assert refused.status_code == 404
    assert user_by_email(session, "bo@example.org") is None


def test_a_weak_password_does_not_use_up_the_link(
    client: CheckingClient, session: Session, unit: Enhet, mailbox: Mailbox
) -> None:
    invitations.invite(
        session,
        SYSTEM,
        email=EVA,
        name="Eva Berg",
        role=Role.RAPPORTOR,
        scope=Scope(enhet_id=unit.id),
        now=mailbox.clock.now,
    )
    link = mailbox.link("/inbjudan")
    for fields in (
        {"new_password": "kort"},
        {"new_password": PASSWORD, "name": ""},
        {"new_password": "EvaBerg2026!", "name": "Eva Berg"},
    ):
        assert client.submit(link, fields).status_code == 422
    assert session.scalar(select(func.count()).select_from(User)) == 0
    assert client.submit(link, {"new_password": PASSWORD}).status_code == 303


def test_the_address_cannot_be_changed_on_the_way(
    client: CheckingClient, session: Session, unit: Enhet, mailbox: Mailbox
) -> None:
    invitations.invite(
        session,
        SYSTEM,
        email=EVA,
        name="Eva Berg",
        role=Role.RAPPORTOR,
        scope=Scope(enhet_id=unit.id),
        now=mailbox.clock.now,
    )
    more = {"email": "mallory@example.org", "role": "administrator", "huvudman_id": "1"}
    client.post(mailbox.link("/inbjudan"), data={"name": "Eva Berg", "new_password": PASSWORD, **more})
    user = session.scalars(select(User)).one()
    assert user.email == EVA
    assert [a.role for a in user.roles] == [Role.RAPPORTOR]


def test_several_invitations_become_one_account(
    client: CheckingClient, session: Session, unit: Enhet, mailbox: Mailbox
) -> None:
    for role, scope in ((Role.RAPPORTOR, Scope(enhet_id=unit.id)), (Role.SAMORDNARE, Scope(omrade_id=unit.omrade_id))):
        invitations.invite(session, SYSTEM, email=EVA, name="Eva Berg", role=role, scope=scope, now=mailbox.clock.now)
    client.submit(mailbox.link("/inbjudan"), {"new_password": PASSWORD})
    assert {a.role for a in session.scalars(select(User)).one().roles} == {Role.RAPPORTOR, Role.SAMORDNARE}


def test_the_inviter_is_not_told_who_has_an_account(
    client: CheckingClient, session: Session, world: World, unit: Enhet, samordnare: Actor, mailbox: Mailbox
) -> None:
    known = make_user(session, "bo@example.org", "Bo Alm")
    log_in(client, samordnare.user_id or 0)
    pages = []
    for email in (EVA, known.email):
        answer = post(client, Role.HANDLAGGARE, unit.id, email=email)
        pages.append((answer.status_code, re.sub(r'value="[^"]*"', "", client.get("/bjud-in").get_data(as_text=True))))
    assert pages[0] == pages[1]
    assert len(mailbox.send()) == 1
    assert [a.role for a in session.get_one(User, known.id).roles] == [Role.HANDLAGGARE]
    assert session.get_one(User, known.id).name == "Bo Alm"


def test_an_inviter_who_has_lost_the_right_gives_nothing(
    client: CheckingClient, session: Session, world: World, unit: Enhet, samordnare: Actor, mailbox: Mailbox
) -> None:
    log_in(client, samordnare.user_id or 0)
    post(client, Role.HANDLAGGARE, unit.id)
    link = mailbox.link("/inbjudan")
    held = session.scalars(select(RoleAssignment)).one()
    roles.revoke(session, SYSTEM, held.id, now=mailbox.clock.now)
    client.post("/logga-ut")
    assert client.submit(link, {"new_password": PASSWORD}).status_code == 303
    eva = user_by_email(session, EVA)
    assert eva is not None
    assert eva.roles == []
    assert Event.REFUSED in set(session.scalars(select(AuditEvent.event)))


# --- A16: who may offer what ------------------------------------------------------------------------------------------

Chooser = Callable[[World, Enhet], Actor]


def system_admin(world: World, _unit: Enhet) -> Actor:
    return world.grant("admin", Role.ADMINISTRATOR)


def huvudman_admin(world: World, unit: Enhet) -> Actor:
    return world.grant("admin", Role.ADMINISTRATOR, huvudman_id=unit.huvudman_id)


@pytest.mark.parametrize("chooser", [system_admin, huvudman_admin])
def test_an_administrator_offers_nobody_a_case_role_past_the_samordnare(
    client: CheckingClient,
    session: Session,
    world: World,
    unit: Enhet,
    samordnare: Actor,
    mailbox: Mailbox,
    chooser: Chooser,
) -> None:
    admin = chooser(world, unit)
    log_in(client, admin.user_id or 0)
    before = session.scalar(select(func.count()).select_from(RoleAssignment))
    for role, row_id in ((Role.HANDLAGGARE, unit.id), (Role.SAMORDNARE, unit.omrade_id)):
        assert post(client, role, row_id).status_code == 422  # not among the choices
    assert session.scalar(select(func.count()).select_from(Invitation)) == 0
    assert session.scalar(select(func.count()).select_from(RoleAssignment)) == before
    assert mailbox.send() == []


@pytest.mark.parametrize("chooser", [system_admin, huvudman_admin])
def test_an_administrator_gives_oneself_nothing(
    client: CheckingClient, session: Session, world: World, unit: Enhet, mailbox: Mailbox, chooser: Chooser
) -> None:
    admin = chooser(world, unit)
    position = session.scalars(select(Position).where(Position.enhet_id == unit.id)).first()
    assert position is not None
    own = session.get_one(User, admin.user_id).email
    log_in(client, admin.user_id or 0)
    assert post(client, Role.CHEF, position.id, email=own).status_code == 403
    assert post(client, Role.SAMORDNARE, unit.omrade_id, email=own.upper()).status_code == 403
    assert world.actor("admin").grants == admin.grants
    assert mailbox.send() == []
    assert post(client, Role.CHEF, position.id).status_code == 303  # to another it may


def test_somebody_without_such_a_role_has_no_such_page(
    client: CheckingClient, session: Session, world: World, unit: Enhet
) -> None:
    log_in(client, world.reporter(unit.slug).user_id or 0)
    assert client.get("/bjud-in").status_code == 403
    assert post(client, Role.RAPPORTOR, unit.id).status_code == 403
    assert session.scalar(select(func.count()).select_from(Invitation)) == 0


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("email", ""),
        ("email", "inte en adress"),
        ("email", "a@b\r\nBcc: x@example.org"),
        ("name", ""),
        ("name", "x" * 121),
        ("name", "a\x00b"),
        ("offer", "chef:x"),
        ("offer", "x"),
        ("valid_to", "i morgon"),
        ("valid_to", "2020-01-01"),
    ],
)
def test_bad_input_sends_nothing(
    client: CheckingClient, session: Session, unit: Enhet, samordnare: Actor, mailbox: Mailbox, field: str, value: str
) -> None:
    log_in(client, samordnare.user_id or 0)
    data = {"email": EVA, "name": "Eva Berg", "offer": f"handlaggare:{unit.id}", "valid_to": ""} | {field: value}
    assert client.post("/bjud-in", data=data).status_code == 422
    assert session.scalar(select(func.count()).select_from(Invitation)) == 0
    assert mailbox.send() == []


# --- operators --------------------------------------------------------------------------------------------------------


def test_an_operator_invites_the_first_administrator(
    run_cli: Any, client: CheckingClient, session: Session, mailbox: Mailbox
) -> None:
    assert run_cli("users", "create", EVA, "Eva Berg").exit_code == 0
    client.submit(mailbox.link("/inbjudan"), {"new_password": PASSWORD})
    listed = run_cli("users", "list")
    assert "Administratör för hela systemet" in listed.output
    assert run_cli("users", "disable", EVA).exit_code == 0
    assert client.post("/logga-in", data={"email": EVA, "password": PASSWORD}).status_code == 422
    assert run_cli("users", "enable", EVA).exit_code == 0
    assert client.post("/logga-in", data={"email": EVA, "password": PASSWORD}).status_code == 303


def test_an_operator_is_told_what_is_wrong(run_cli: Any, session: Session) -> None:
    assert run_cli("users", "create", "inte en adress", "Eva").exit_code == 2
    assert run_cli("users", "create", EVA, "Eva", "--huvudman", "999999").exit_code == 2
    assert run_cli("users", "disable", "ingen@example.org").exit_code == 2
