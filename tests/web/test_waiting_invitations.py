"""The list of invitations that wait: who sees which, and taking one back before it is accepted."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from avvikelse.domain.actor import SYSTEM, Actor
from avvikelse.domain.events import Event
from avvikelse.domain.role_scope import Scope
from avvikelse.domain.vocabulary import Role
from avvikelse.models.audit import AuditEvent
from avvikelse.models.identity import Invitation
from avvikelse.models.organisation import Sekretessomrade
from avvikelse.policy.role_reach import may_read
from avvikelse.queries.role_list import PAGE_SIZE
from avvikelse.queries.waiting_invitations import waiting_invitations
from avvikelse.services import invitations, roles
from avvikelse.services.invitations import LIFETIME
from tests.support.acting import Acting
from tests.support.browsing import words
from tests.support.client import CheckingClient
from tests.support.login import make_user
from tests.support.mailbox import Mailbox
from tests.support.queries import counted
from tests.support.world import World

PAGE = "/roller/inbjudna"
SCHOOL, BUP = "skola-2380", "bup-mottagning"


class Stage:
    def __init__(self, world: World, acting: Acting, clock: Any) -> None:
        self.world, self.acting, self.clock, self.session = world, acting, clock, world.session
        self.sam = world.samordnare("kommun-2380/utbildning")
        self.stranger = world.samordnare(world.session.get_one(Sekretessomrade, world.unit(BUP).omrade_id).slug)
        self.admin = world.administrator("kommun-2380")

    def invited(self, email: str, role: Role = Role.HANDLAGGARE, scope: Scope | None = None, by: Actor = SYSTEM) -> int:
        """The id of a new invitation; to the school, if nothing else is said."""
        scope = scope or Scope(enhet_id=self.world.unit(SCHOOL).id)
        invitations.invite(
            self.session, by, email=email, name="Eva Berg", role=role, scope=scope, now=self.clock.now
        )  # fmt: skip
        return self.session.scalars(select(Invitation.id).where(Invitation.email == email)).one()

    def takes_back(self, who: Actor, invitation_id: int) -> int:
        return self.acting.sends(who, f"{PAGE}/{invitation_id}/ta-tillbaka").status_code

    def hears(self) -> str:
        """What the page says to whoever pressed just now, in the same log-in."""
        return words(self.acting.client.get(PAGE))

    def records(self) -> list[AuditEvent]:
        return list(self.session.scalars(select(AuditEvent).where(AuditEvent.event == Event.INVITATION_TAKEN_BACK)))


@pytest.fixture
def stage(session: Session, client: CheckingClient, clock: Any) -> Stage:
    world = World.of(session, clock.now)
    return Stage(world, Acting(client, world), clock)


def test_it_says_to_whom_for_what_by_whom_and_until_when(stage: Stage) -> None:
    assert "Ingen inbjudan väntar" in stage.acting.reads(stage.sam, PAGE)
    stage.invited("eva@example.org", by=stage.sam)
    page = stage.acting.reads(stage.sam, PAGE)
    for said in (f"Handläggare på {stage.world.unit(SCHOOL).name}", "Eva Berg", "eva@example.org", stage.sam.name):
        assert said in page
    assert "Länken gäller till" in page
    assert "Inbjudna 1" in stage.acting.reads(stage.sam, "/roller")
    assert "Inbjudningar som väntar" in stage.acting.reads(stage.sam, "/bjud-in")


def test_what_is_used_expired_or_has_an_account_by_now_does_not_wait(stage: Stage) -> None:
    used = stage.invited("used@example.org")
    stage.session.get_one(Invitation, used).used_at = stage.clock.now
    stage.invited("account@example.org")
    make_user(stage.session, "account@example.org")
    assert "Ingen inbjudan väntar" in stage.acting.reads(stage.sam, PAGE)
    stage.invited("old@example.org")
    assert "old@example.org" in stage.acting.reads(stage.sam, PAGE)
    stage.clock.move(seconds=LIFETIME.total_seconds())
    assert "Ingen inbjudan väntar" in stage.acting.reads(stage.sam, PAGE)


def test_the_list_and_the_rule_agree(stage: Stage) -> None:
    """Each role's invitation is listed for exactly those who may read the role itself."""
    world = stage.world
    school, bup = world.unit(SCHOOL), world.unit(BUP)
    chef = world.chef(f"chef-{SCHOOL}")
    convenor, other_group = world.convenor("barnarenan"), world.convenor("svom")
    system = world.grant("system", Role.ADMINISTRATOR)
    offers: list[tuple[Role, Scope]] = [
        (Role.HANDLAGGARE, Scope(enhet_id=school.id)),
        (Role.RAPPORTOR, Scope(enhet_id=bup.id)),
        (Role.CHEF, Scope(position_id=world.position(f"chef-{BUP}").id)),
        (Role.SAMORDNARE, Scope(omrade_id=school.omrade_id)),
        (Role.SIP_SAMORDNARE, Scope(huvudman_id=bup.huvudman_id)),
        (Role.MEDLEM, Scope(group_id=min(convenor.group_ids(Role.SAMMANKALLANDE)))),
        (Role.ADMINISTRATOR, Scope()),
    ]
    sent = {stage.invited(f"p{nr}@example.org", role, scope): scope for nr, (role, scope) in enumerate(offers)}
    people = [stage.sam, stage.stranger, stage.admin, chef, convenor, other_group, system, world.reporter(SCHOOL)]
    for who in people:
        listed = {row.id for row in waiting_invitations(stage.session, who, stage.clock.now).rows}
        allowed = {
            key
            for key, scope in sent.items()
            if may_read(who, roles.target_of(stage.session, scope, now=stage.clock.now))
        }
        assert listed == allowed, who.name
    assert len(waiting_invitations(stage.session, system, stage.clock.now).rows) == len(offers)


def test_taken_back_the_link_is_dead_and_it_is_remembered(stage: Stage, mailbox: Mailbox) -> None:
    scope = Scope(enhet_id=stage.world.unit(SCHOOL).id)
    key = stage.invited("eva@example.org", scope=scope)
    link = mailbox.link("/inbjudan")
    assert stage.acting.client.get(link).status_code == 200
    assert stage.takes_back(stage.sam, key) == 303
    assert "Inbjudan är tillbakatagen" in stage.hears()
    stage.acting.client.post("/logga-ut")
    assert stage.acting.client.get(link).status_code == 404
    assert stage.takes_back(stage.sam, key) == 303  # pressed twice: said, and recorded once
    assert "Inbjudan väntar inte längre" in stage.hears()
    (record,) = stage.records()
    ids = {name: value for name, value in asdict(scope).items() if value is not None}
    assert (record.user_id, record.detail) == (stage.sam.user_id, {"invitation": key, "role": "handlaggare", **ids})


def test_taken_back_before_the_mail_went_nothing_is_sent(stage: Stage, mailbox: Mailbox) -> None:
    key = stage.invited("eva@example.org")
    assert stage.takes_back(stage.sam, key) == 303
    assert mailbox.send() == []


def test_one_that_was_accepted_is_not_taken_back(stage: Stage, mailbox: Mailbox) -> None:
    key = stage.invited("eva@example.org")
    answer = stage.acting.client.submit(mailbox.link("/inbjudan"), {"new_password": "helt andra ord i en rad"})
    assert answer.status_code == 303
    assert stage.takes_back(stage.sam, key) == 303
    assert "Har personen tagit emot den" in stage.hears()
    assert stage.records() == []


def test_out_of_reach_it_is_absent_and_404_in_reach_without_the_right_403(stage: Stage) -> None:
    key = stage.invited("eva@example.org")
    assert "eva@example.org" not in stage.acting.reads(stage.stranger, PAGE)
    assert stage.takes_back(stage.stranger, key) == 404
    assert stage.takes_back(stage.stranger, 999_999) == 404
    samordnare = stage.invited("sam@example.org", Role.SAMORDNARE, Scope(omrade_id=stage.world.unit(SCHOOL).omrade_id))
    page = stage.acting.reads(stage.admin, PAGE)
    assert "Områdets samordnare kan ta tillbaka" in page  # an administrator sees the samordnare and does not choose her
    assert stage.takes_back(stage.admin, samordnare) == 403
    reporter = stage.world.reporter(SCHOOL)
    assert stage.acting.get(reporter, PAGE).status_code == 403
    assert stage.takes_back(reporter, key) == 403
    assert stage.records() == []
    assert stage.takes_back(stage.sam, samordnare) == 303


def test_the_list_costs_the_same_however_many_wait(stage: Stage) -> None:
    stage.invited("first@example.org")
    with counted(stage.session) as few:
        waiting_invitations(stage.session, stage.sam, stage.clock.now)
    for number in range(PAGE_SIZE):
        stage.invited(f"p{number}@example.org")
    with counted(stage.session) as many:
        page = waiting_invitations(stage.session, stage.sam, stage.clock.now)
    assert (len(many), len(page.rows), page.total) == (len(few), PAGE_SIZE, PAGE_SIZE + 1)
    assert len(waiting_invitations(stage.session, stage.sam, stage.clock.now, 2).rows) == 1
