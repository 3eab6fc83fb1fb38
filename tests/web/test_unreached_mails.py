"""Mails that are about no case and reach nobody: who learns of them, and who does not."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from avvikelse.domain.actor import SYSTEM, Actor
from avvikelse.domain.notices import Notice
from avvikelse.domain.role_scope import Scope
from avvikelse.domain.vocabulary import Role
from avvikelse.models.outbox import OutboxMail
from avvikelse.queries.unreached import unreached
from avvikelse.services import invitations, outbox
from tests.support.acting import Acting
from tests.support.client import CheckingClient
from tests.support.world import World

PAGE, DESK = "/roller/mejl", "/samordnarens-bord/mejl"


class Stage:
    """An administrator and a samordnare of Östersund; the same of another authority."""

    def __init__(self, world: World, client: CheckingClient, clock: Any) -> None:
        self.world, self.session, self.clock = world, world.session, clock
        self.acting = Acting(client, world)
        self.admin, self.sam = world.administrator("kommun-2380"), world.samordnare("kommun-2380/utbildning")
        self.others = (world.administrator("region-jh"), world.samordnare("region-jh"))
        self.chef = world.chef("chef-skola-2380")

    def fails(self, *, refused: bool = True) -> None:
        """All that waits in the outbox has failed."""
        for mail in self.session.scalars(select(OutboxMail)):
            mail.failed_at = self.clock.now
            mail.next_try_at = None if refused else self.clock.now + timedelta(minutes=15)
        self.session.flush()

    def to_chef(self) -> None:
        outbox.queue(
            self.session, Notice.PASSWORD_CHANGED, to_user_id=self.chef.user_id, dedup_key="k1", now=self.clock.now
        )

    def seen_by(self, actor: Actor) -> list[str]:
        return [one.to for one in unreached(self.session, actor, self.clock.now.date())]

    def reads(self, actor: Actor, page: str) -> str:
        return str(self.acting.get(actor, page).get_data(as_text=True))


@pytest.fixture
def stage(world: World, client: CheckingClient, clock: Any) -> Stage:
    return Stage(world, client, clock)


def test_a_person_in_reach_is_named_once_with_the_page_of_her_address(stage: Stage) -> None:
    stage.to_chef()
    outbox.queue(stage.session, Notice.ROLE_TAKEN, to_user_id=stage.chef.user_id, dedup_key="k2", now=stage.clock.now)
    assert stage.seen_by(stage.admin) == []  # nothing has failed yet
    stage.fails()
    for actor, page in ((stage.admin, PAGE), (stage.sam, DESK)):
        shown = stage.reads(actor, page)
        assert shown.count(f"<strong>{stage.chef.name}</strong>") == 1
        assert "Adressen går inte att nå" in shown
        assert "@" not in shown.split("<main")[1].split("</main>")[0]
    for other in stage.others:
        assert stage.seen_by(other) == []
    assert "når inte fram" in stage.reads(stage.admin, "/")
    assert "når inte fram" not in stage.reads(stage.others[0], "/")


def test_an_invitation_that_never_came_is_shown_to_who_may_read_it(stage: Stage) -> None:
    scope = Scope(enhet_id=stage.world.unit("skola-2380").id)
    invitations.invite(
        stage.session, SYSTEM, email="fel@example.org", name="Eva Berg", role=Role.HANDLAGGARE, scope=scope,
        now=stage.clock.now,
    )  # fmt: skip
    stage.fails()
    for actor in (stage.admin, stage.sam):
        (to,) = stage.seen_by(actor)
        assert to.startswith("Inbjudan: Eva Berg, Handläggare")
    assert "/roller/inbjudna" in stage.reads(stage.admin, PAGE)
    assert all(stage.seen_by(other) == [] for other in stage.others)
    stage.clock.move(days=9)
    assert stage.seen_by(stage.admin) == []  # it can no longer be accepted


def test_a_mailbox_of_a_unit_is_shown_with_the_unit(stage: Stage) -> None:
    unit = stage.world.unit("skola-2380")
    unit.function_mailbox = "skolan@ostersund.example"
    outbox.queue(
        stage.session, Notice.SAFETY_WARNING, to_mailbox=unit.function_mailbox, dedup_key="k3", now=stage.clock.now
    )
    stage.fails(refused=False)
    assert stage.seen_by(stage.admin) == [unit.name]
    shown = stage.reads(stage.sam, DESK)
    assert "Mejlservern har inte svarat på ett dygn" in shown
    assert f'href="/kontaktvagar/jamtland-harjedalen/{unit.slug}"' in shown
    assert all(stage.seen_by(other) == [] for other in stage.others)


def test_mails_about_cases_stay_where_they_were(stage: Stage) -> None:
    stage.world.report(stage.world.reporter("skola-2380"), "bup-behandling")
    stage.fails()
    assert stage.seen_by(stage.admin) == []


def test_whoever_gives_no_roles_has_no_such_page(stage: Stage) -> None:
    teacher = stage.world.reporter("skola-2380")
    assert stage.acting.get(teacher, PAGE).status_code == 403
    assert stage.seen_by(teacher) == []


def test_what_was_sent_or_dropped_later_is_gone(stage: Stage, session: Session) -> None:
    stage.to_chef()
    stage.fails()
    mail = session.scalars(select(OutboxMail)).one()
    mail.sent_at = stage.clock.now
    session.flush()
    assert stage.seen_by(stage.admin) == []
