"""Each quarter's review of the roles: who is asked, what is confirmed and by whom, when a mail goes out."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from avvikelse.domain.actor import Actor
from avvikelse.domain.events import Event
from avvikelse.domain.quarters import first_day, quarter_of
from avvikelse.domain.role_scope import Scope
from avvikelse.domain.vocabulary import Role
from avvikelse.models.audit import AuditEvent
from avvikelse.models.identity import RoleAssignment, RoleCheck, User
from avvikelse.models.outbox import OutboxMail
from avvikelse.queries import role_list
from avvikelse.queries import samordnare_desk as desks
from avvikelse.queries.samordnare_desk import Pile
from avvikelse.services import role_reviews, roles
from tests.support.acting import Acting
from tests.support.client import CheckingClient
from tests.support.world import World

PAGE = "/roller/genomgang"
NEXT_QUARTER = datetime(2026, 4, 1, 8, 0, tzinfo=UTC)  # a Wednesday


class Stage:
    def __init__(self, world: World, client: CheckingClient, clock: Any) -> None:
        self.world, self.acting = world, Acting(client, world)
        self.sam = world.samordnare("kommun-2380/utbildning")
        self.chef, self.reporter = world.chef("chef-skola-2380"), world.reporter("skola-2380")
        self.stranger = world.samordnare("region-jh")
        world.chef("chef-bup-behandling")
        self.world.now = clock.move(NEXT_QUARTER)

    @property
    def session(self) -> Session:
        return self.world.session

    def role_of(self, who: Actor, role: Role) -> int:
        return self.session.scalars(
            select(RoleAssignment.id).where(RoleAssignment.user_id == who.user_id, RoleAssignment.role == role)
        ).one()

    def waiting(self, who: Actor) -> int:
        return role_reviews.waiting(self.session, who, self.world.now)

    def mails(self) -> set[int | None]:
        return set(
            self.session.scalars(select(OutboxMail.recipient_user_id).where(OutboxMail.notice == "roles_to_review"))
        )


@pytest.fixture
def stage(session: Session, client: CheckingClient, clock: Any) -> Stage:
    return Stage(World.of(session, clock.now), client, clock)


@pytest.mark.parametrize(
    ("day", "quarter", "begins"),
    [
        (date(2026, 1, 1), "2026-K1", date(2026, 1, 1)),
        (date(2026, 6, 30), "2026-K2", date(2026, 4, 1)),
        (date(2026, 12, 31), "2026-K4", date(2026, 10, 1)),
    ],
)
def test_quarters(day: date, quarter: str, begins: date) -> None:
    assert (quarter_of(day), first_day(quarter_of(day))) == (quarter, begins)


def test_a_role_is_confirmed_once_a_quarter_and_comes_back_in_the_next(stage: Stage, clock: Any) -> None:
    page = stage.acting.reads(stage.sam, PAGE)
    chef = stage.world.session.get_one(User, stage.chef.user_id)
    assert chef.name in page
    assert "Har inte loggat in än" in page or "Senast inloggad" in page
    assert "Rapportör på" not in page  # their own reports only
    assert "1 roll att gå igenom" in page  # not one's own
    role = stage.role_of(stage.chef, Role.CHEF)
    stage.acting.sends(stage.sam, PAGE, roll=role)
    assert "Alla roller är genomgångna" in stage.acting.reads(stage.sam, PAGE)
    check = stage.session.scalars(select(RoleCheck)).one()
    assert (check.assignment_id, check.quarter, check.by_user_id) == (role, "2026-K2", stage.sam.user_id)
    logged = stage.session.scalars(select(AuditEvent).where(AuditEvent.event == Event.ROLE_CONFIRMED)).one()
    assert logged.detail == {"assignment": role, "quarter": "2026-K2"}
    assert role_reviews.confirm(stage.session, stage.sam, [role], now=stage.world.now) == 0
    stage.world.now = clock.move(datetime(2026, 7, 1, 8, 0, tzinfo=UTC))
    assert stage.waiting(stage.sam) == 1


def test_a_role_given_this_quarter_or_taken_back_is_not_asked_about(stage: Stage) -> None:
    roles.grant(
        stage.session, stage.sam, user_id=stage.reporter.user_id or 0, role=Role.HANDLAGGARE,
        scope=Scope(enhet_id=stage.world.unit("skola-2380").id), now=stage.world.now,
    )  # fmt: skip
    assert stage.waiting(stage.sam) == 1
    roles.revoke(stage.session, stage.sam, stage.role_of(stage.chef, Role.CHEF), now=stage.world.now)
    assert stage.waiting(stage.sam) == 0


def test_what_is_out_of_reach_is_neither_shown_nor_confirmed(stage: Stage) -> None:
    """The denied twins: another område's role, one's own, and who has no such page."""
    foreign = stage.session.scalars(
        select(RoleAssignment.id).where(RoleAssignment.position_id == stage.world.position("chef-bup-behandling").id)
    ).one()
    bup = stage.session.get_one(RoleAssignment, foreign).user.name
    assert bup not in stage.acting.reads(stage.sam, PAGE)
    assert stage.acting.sends(stage.sam, PAGE, roll=foreign).status_code == 404
    assert stage.acting.sends(stage.sam, PAGE, roll=stage.role_of(stage.sam, Role.SAMORDNARE)).status_code == 403
    assert stage.acting.sends(stage.sam, PAGE, roll="x").status_code == 422
    assert stage.acting.sends(stage.sam, PAGE).status_code == 422
    for who in (stage.chef, stage.reporter):
        assert stage.acting.get(who, PAGE).status_code == 403
        assert stage.acting.sends(who, PAGE, roll=foreign).status_code == 403
    assert stage.session.scalars(select(RoleCheck)).all() == []


def test_the_administrator_goes_through_the_samordnares_own_role(stage: Stage) -> None:
    admin = stage.world.administrator("kommun-2380")
    own = stage.role_of(stage.sam, Role.SAMORDNARE)
    assert stage.session.get_one(User, stage.sam.user_id).name in stage.acting.reads(admin, PAGE)
    assert stage.acting.sends(admin, PAGE, roll=own).status_code == 303
    assert stage.session.scalars(select(RoleCheck.assignment_id)).all() == [own]


def test_it_lies_on_the_desk_and_the_list_leads_there(stage: Stage) -> None:
    today = stage.world.now.date()
    assert desks.counts(stage.session, desks.as_samordnare(stage.sam), today)[Pile.ROLES] == 1
    assert "Roller att gå igenom i kvartalet" in stage.acting.reads(stage.sam, "/samordnarens-bord")
    assert "Chef för" in stage.acting.reads(stage.sam, "/samordnarens-bord/roller")
    assert "Gå igenom kvartalets roller" in stage.acting.reads(stage.sam, "/roller")
    assert "Gå igenom kvartalets roller" not in stage.acting.reads(stage.chef, "/roller")


def test_mails_go_out_when_the_quarter_begins_and_once_more_to_administrators_too(stage: Stage, clock: Any) -> None:
    admin = stage.world.administrator("kommun-2380")
    assert role_reviews.remind(stage.session, stage.world.now) == 2
    assert role_reviews.remind(stage.session, stage.world.now) == 0  # run twice, mailed once
    assert stage.mails() == {stage.sam.user_id, stage.stranger.user_id}
    stage.world.now = clock.move(days=20)
    assert role_reviews.remind(stage.session, stage.world.now) == 0
    for who in (stage.sam, stage.stranger):
        stage.session.expire_all()
        ids = [row.id for row in role_list.role_list(
            stage.session, who, stage.world.now.date(), role_list.RoleFilters(to_review="2026-K2")
        ).rows]  # fmt: skip
        role_reviews.confirm(stage.session, who, ids, now=stage.world.now)
    stage.world.now = clock.move(days=10)
    assert role_reviews.remind(stage.session, stage.world.now) == 1  # the samordnare's own role is left
    assert admin.user_id in stage.mails()
    waiting = stage.session.scalars(select(OutboxMail).where(OutboxMail.recipient_user_id == stage.sam.user_id)).first()
    assert waiting is not None
    assert not role_reviews._something_waits(stage.session, waiting, stage.world.now)  # asked again at sending
