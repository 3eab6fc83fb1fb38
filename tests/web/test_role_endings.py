"""Whoever loses a role is told by mail, and sees on her own page which one: taken back, run out, given again."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from avvikelse.domain.notices import Notice
from avvikelse.domain.role_scope import Scope
from avvikelse.domain.vocabulary import Role
from avvikelse.domain.workdays import local_date
from avvikelse.models.identity import RoleAssignment, User
from avvikelse.models.outbox import OutboxMail
from avvikelse.services import role_endings, roles
from tests.support.acting import Acting
from tests.support.client import CheckingClient
from tests.support.mailbox import Mailbox, text_of
from tests.support.world import World

SCHOOL = "skola-2380"
HANDLER = f"handlaggare-{SCHOOL}"


class Stage:
    def __init__(self, world: World, acting: Acting, clock: Any) -> None:
        self.world, self.acting, self.clock, self.session = world, acting, clock, world.session
        self.sam = world.samordnare("kommun-2380/utbildning")
        self.handler = world.handler(SCHOOL)
        self.row = self.session.scalars(
            select(RoleAssignment).where(RoleAssignment.user_id == self.handler.user_id)
        ).one()

    def notices(self) -> list[tuple[str, int | None]]:
        query = select(OutboxMail.notice, OutboxMail.recipient_user_id).order_by(OutboxMail.id)
        return [(notice, user_id) for notice, user_id in self.session.execute(query)]

    def taken(self) -> None:
        assert self.acting.sends(self.sam, f"/roller/{self.row.id}/ta-bort").status_code == 303

    def runs_out(self, *, days: int = 0) -> None:
        """The role's last day is today, and `days` more go by than the one that ends it."""
        self.row.valid_to = local_date(self.clock.now)
        self.session.flush()
        self.clock.move(days=days + 1)

    def given_again(self) -> None:
        scope = Scope(enhet_id=self.row.enhet_id)
        user_id = self.handler.user_id or 0
        roles.grant(self.session, self.sam, user_id=user_id, role=Role.HANDLAGGARE, scope=scope, now=self.clock.now)

    def tell(self) -> int:
        return role_endings.tell_ended(self.session, self.clock.now)


@pytest.fixture
def stage(session: Session, client: CheckingClient, clock: Any) -> Stage:
    world = World.of(session, clock.now)
    return Stage(world, Acting(client, world), clock)


def test_a_role_that_is_taken_back_is_told_at_once_and_named_on_the_own_page(stage: Stage, mailbox: Mailbox) -> None:
    assert "Roller som har upphört" not in stage.acting.reads(stage.handler, "/konto")
    stage.taken()
    mail = mailbox.send()[-1]
    assert (mail["To"], mail["Subject"]) == (stage.world.user(HANDLER).email, "En av dina roller har tagits bort")
    assert "/konto" in text_of(mail)
    assert stage.world.unit(SCHOOL).name not in text_of(mail)  # the mail itself says neither role nor place
    page = stage.acting.reads(stage.world.actor(HANDLER), "/konto")
    assert f"Handläggare på {stage.world.unit(SCHOOL).name}, togs bort" in page
    assert "Roller som har upphört" not in stage.acting.reads(stage.sam, "/konto")  # nobody else's


def test_taken_twice_it_is_told_once(stage: Stage) -> None:
    for _ in range(2):
        stage.taken()
    assert stage.notices() == [(Notice.ROLE_TAKEN, stage.handler.user_id)]
    stage.clock.move(days=1)
    assert stage.tell() == 0  # and not as run out too


def test_it_is_told_from_the_page_of_the_position_too(stage: Stage) -> None:
    chef = stage.world.chef(f"chef-{SCHOOL}")
    admin = stage.world.administrator("kommun-2380")
    held = stage.session.scalars(select(RoleAssignment).where(RoleAssignment.user_id == chef.user_id)).one()
    roles.revoke(stage.session, admin, held.id, now=stage.clock.now)
    assert stage.notices() == [(Notice.ROLE_TAKEN, chef.user_id)]


def test_who_takes_away_her_own_role_is_not_told(stage: Stage) -> None:
    own = stage.session.scalars(select(RoleAssignment).where(RoleAssignment.user_id == stage.sam.user_id)).one()
    roles.revoke(stage.session, stage.sam, own.id, now=stage.clock.now)
    assert stage.notices() == []


def test_given_again_before_the_mail_went_it_is_not_sent(stage: Stage, mailbox: Mailbox) -> None:
    stage.taken()
    stage.given_again()
    assert mailbox.send() == []
    assert "Roller som har upphört" not in stage.acting.reads(stage.world.actor(HANDLER), "/konto")


def test_a_role_that_runs_out_is_told_the_day_after_and_once(stage: Stage, mailbox: Mailbox) -> None:
    stage.row.valid_to = local_date(stage.clock.now)
    stage.session.flush()
    assert stage.tell() == 0  # it holds the whole last day
    stage.clock.move(days=1)
    assert [stage.tell(), stage.tell()] == [1, 0]
    mail = mailbox.send()[-1]
    assert (mail["To"], mail["Subject"]) == (stage.world.user(HANDLER).email, "En av dina roller har upphört")
    assert "gällde till och med" in stage.acting.reads(stage.world.actor(HANDLER), "/konto")


def test_a_role_that_was_prolonged_or_ran_out_long_ago_or_of_a_closed_account_is_not_told(stage: Stage) -> None:
    stage.runs_out()
    stage.given_again()
    assert stage.tell() == 0
    again = stage.session.scalars(select(RoleAssignment).order_by(RoleAssignment.id.desc())).first()
    assert again is not None
    again.valid_to = local_date(stage.clock.now)
    stage.session.flush()
    stage.clock.move(days=role_endings.TOLD_WITHIN.days + 1)
    assert stage.tell() == 0
    stage.clock.move(days=-1)
    stage.session.get_one(User, stage.handler.user_id).active = False
    stage.session.flush()
    assert stage.tell() == 0
    stage.session.get_one(User, stage.handler.user_id).active = True
    stage.session.flush()
    assert stage.tell() == 1  # the twin: still within the days


def test_what_ended_long_ago_no_longer_stands_on_the_own_page(stage: Stage) -> None:
    stage.runs_out(days=88)
    assert "Roller som har upphört" in stage.acting.reads(stage.world.actor(HANDLER), "/konto")
    stage.clock.move(days=2)
    assert "Roller som har upphört" not in stage.acting.reads(stage.world.actor(HANDLER), "/konto")
