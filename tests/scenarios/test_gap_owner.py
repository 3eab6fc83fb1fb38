"""MS2, after the decision: the holder of the position that is made responsible hears of it until it is done."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from avvikelse.domain.actor import Actor
from avvikelse.domain.errors import NotFound
from avvikelse.domain.events import Event
from avvikelse.domain.group_words import DecisionStatus
from avvikelse.domain.notices import Notice
from avvikelse.domain.vocabulary import GroupQuestionKind, Role
from avvikelse.domain.workdays import local_date
from avvikelse.models.audit import AuditEvent
from avvikelse.models.avvikelse import Avvikelse
from avvikelse.models.group_decisions import GroupDecision
from avvikelse.models.group_work import GroupQuestion
from avvikelse.models.identity import RoleAssignment
from avvikelse.models.outbox import OutboxMail
from avvikelse.queries import owned_decisions as queries
from avvikelse.queries.calendar_feed import due_days
from avvikelse.services import (
    calendar_feed,
    group_decisions,
    handling,
    ladder,
    mail_rules,
    outbox,
    owned_decisions,
    triage,
)
from avvikelse.services.group_decisions import DecisionText
from avvikelse.services.sessions import token_hash
from tests.conftest import Clock
from tests.support.acting import Acting
from tests.support.client import CheckingClient
from tests.support.world import World

BUP, SOC = "chef-bup-behandling", "chef-soc-2380"
LINE = "Gör det som en samverkansgrupp beslutade"
mail_rules.enter()


class Stage:
    """The group has decided that socialtjänsten's manager is responsible, until the first of May."""

    def __init__(self, client: CheckingClient, session: Session, clock: Clock) -> None:
        self.session, self.clock = session, clock
        self.world = World.of(session, clock.now)
        self.acting = Acting(client, self.world)
        self.bup, self.soc = self.world.chef(BUP), self.world.chef(SOC)
        self.sam = self.world.samordnare("kommun-2380/utbildning")
        self.convenor = self.world.convenor("birger")
        self.case: Avvikelse = self.world.report(self.world.reporter("skola-2380"), "bup-behandling", severity=2)
        for who, position in ((self.bup, SOC), (self.soc, BUP)):
            handling.decline(session, who, self.case.ref, "Inte vårt.", None, now=clock.now)
            triage.assign(session, self.sam, self.case.ref, self.world.receiver(position), now=clock.now)
        gap = session.scalars(select(GroupQuestion).where(GroupQuestion.kind == GroupQuestionKind.GAP)).one()
        words = DecisionText(
            "Socialtjänsten kallar till mötet.", "", date(2026, 5, 1), internal_text="Bara för oss.",
            owner_position_id=self.world.position(SOC).id,
        )  # fmt: skip
        self.group_id = gap.group_id or 0
        self.decision: GroupDecision = group_decisions.decide_question(
            session, self.convenor, self.group_id, gap.ref, words, now=clock.now
        )
        session.commit()
        self.page = f"/gruppbeslut/{self.decision.id}"

    def mails(self, notice: str) -> list[OutboxMail]:
        return list(self.session.scalars(select(OutboxMail).where(OutboxMail.notice == notice).order_by(OutboxMail.id)))

    def told(self, notice: str) -> list[int | None]:
        """Who would get it if it were sent now."""
        return [m.recipient_user_id for m in self.mails(notice) if self.still_true(m)]

    def still_true(self, mail: OutboxMail) -> bool:
        return outbox.RECHECK[Notice(mail.notice)](self.session, mail, self.clock.now)

    def climb(self, day: date) -> None:
        self.clock.move(self.clock.now + (day - local_date(self.clock.now)))
        ladder.climb(self.session, self.clock.now)
        self.session.commit()

    def successor(self) -> Actor:
        """Somebody else gets the position; the first one leaves it."""
        self.session.execute(
            update(RoleAssignment)
            .where(RoleAssignment.user_id == self.soc.user_id, RoleAssignment.role == Role.CHEF)
            .values(valid_to=local_date(self.clock.now) - timedelta(days=1))
        )
        found = self.world.grant("ny-chef", Role.CHEF, position_id=self.world.position(SOC).id)
        self.session.commit()
        return found


@pytest.fixture
def stage(client: CheckingClient, session: Session, clock: Clock) -> Stage:
    return Stage(client, session, clock)


def test_she_gets_a_mail_a_line_and_a_page_and_says_that_it_is_done(stage: Stage) -> None:
    acting, soc = stage.acting, stage.soc
    assert stage.told("decision_yours") == [soc.user_id]
    (mail,) = stage.mails("decision_yours")
    assert mail.avvikelse_id is None  # she need not have the case: nothing leads there
    assert set(mail.params) == {"decision"}
    start = acting.reads(soc, "/")
    assert LINE in start
    assert "senast 1 maj 2026" in start
    page = acting.reads(soc, stage.page)
    assert "Socialtjänsten kallar till mötet." in page
    for secret in ("Bara för oss.", stage.case.number, stage.case.ref, "Inte vårt."):
        assert secret not in page
    refused = acting.sends(soc, stage.page, text="")
    assert refused.status_code == 422
    assert "Skriv vad som är gjort." in refused.get_data(as_text=True)
    guarded = acting.sends(soc, stage.page, text="Ring 070-123 45 67.")
    assert guarded.status_code == 422
    assert "070-123 45 67" in guarded.get_data(as_text=True)  # what was typed is kept
    acting.does(soc, stage.page, text="Rutinen är införd.")
    stage.session.expire_all()
    assert stage.decision.status is DecisionStatus.DONE
    group_page = acting.reads(stage.convenor, f"/grupper/{stage.group_id}/beslut/{stage.decision.ref}")
    assert f"Rutinen är införd. Skrivet av {stage.decision.owner}, som ansvarar." in group_page
    assert LINE not in acting.reads(soc, "/")
    assert "Rutinen är införd." in acting.reads(soc, stage.page)
    assert acting.sends(soc, stage.page, text="En gång till.").status_code == 409
    assert stage.told("decision_yours") == []  # a mail that still waits is not sent
    logged = stage.session.scalars(select(AuditEvent).where(AuditEvent.event == Event.DECISION_ENDED.value)).one()
    assert (logged.user_id, logged.role) == (soc.user_id, Role.CHEF.value)


def test_nobody_else_sees_it_or_ends_it(stage: Stage) -> None:
    acting = stage.acting
    teacher = stage.world.reporter("skola-2380")
    others = (stage.bup, stage.sam, stage.convenor, teacher, stage.world.chef("chef-soc-bou-2326"))
    for other in others:
        assert LINE not in acting.reads(other, "/")
        assert acting.get(other, stage.page).status_code in {403, 404}
        assert acting.sends(other, stage.page, text="Klart.").status_code in {403, 404}
        assert queries.waiting(stage.session, other) == ()
        with pytest.raises(NotFound):
            owned_decisions.mark_done(stage.session, other, stage.decision.id, "Klart.", now=stage.clock.now)
    assert acting.get(stage.bup, stage.page).status_code == 404  # a manager of another position: it is not there
    stage.session.expire_all()
    assert stage.decision.status is DecisionStatus.OPEN


def test_she_is_reminded_before_and_after_the_day_once_each(stage: Stage) -> None:
    stage.climb(date(2026, 4, 23))
    assert stage.mails("soon_gruppbeslut") == []
    for _ in range(2):
        stage.climb(date(2026, 4, 24))  # a week before the first of May
    assert stage.told("soon_gruppbeslut") == [stage.soc.user_id]
    for _ in range(2):
        stage.climb(date(2026, 5, 4))  # the day was a holiday on a Friday: the next working day after it
    assert stage.told("remind_gruppbeslut") == [stage.soc.user_id]
    assert stage.told("soon_gruppbeslut") == [stage.soc.user_id]
    for mail in (*stage.mails("soon_gruppbeslut"), *stage.mails("remind_gruppbeslut")):
        assert mail.params["decision"] == str(stage.decision.id)
    owned_decisions.mark_done(stage.session, stage.soc, stage.decision.id, "Klart.", now=stage.clock.now)
    assert stage.told("remind_gruppbeslut") == []


def test_what_is_done_in_time_reminds_nobody(stage: Stage) -> None:
    owned_decisions.mark_done(stage.session, stage.soc, stage.decision.id, "Klart.", now=stage.clock.now)
    stage.session.commit()
    stage.climb(date(2026, 4, 24))
    stage.climb(date(2026, 5, 4))
    assert stage.mails("soon_gruppbeslut") + stage.mails("remind_gruppbeslut") == []


def test_it_follows_the_position_when_she_leaves(stage: Stage) -> None:
    new = stage.successor()
    assert stage.told("decision_yours") == []  # not hers any more
    assert stage.acting.get(stage.soc, stage.page).status_code in {403, 404}
    assert LINE in stage.acting.reads(new, "/")
    stage.climb(date(2026, 4, 24))
    assert stage.told("soon_gruppbeslut") == [new.user_id]
    stage.acting.does(new, stage.page, text="Klart nu.")


def test_a_new_owner_in_words_takes_it_from_her(stage: Stage) -> None:
    group_decisions.new_owner(
        stage.session, stage.convenor, stage.group_id, stage.decision.ref, "Försäkringskassan", date(2026, 5, 1),
        now=stage.clock.now,
    )  # fmt: skip
    stage.session.commit()
    assert stage.told("decision_yours") == []
    assert LINE not in stage.acting.reads(stage.soc, "/")
    assert stage.acting.get(stage.soc, stage.page).status_code == 404
    stage.climb(date(2026, 4, 24))
    assert stage.mails("soon_gruppbeslut") == []


def test_the_day_stands_in_her_calendar_without_the_case(stage: Stage) -> None:
    token = calendar_feed.begin(stage.session, stage.soc, now=stage.clock.now)
    days = due_days(stage.session, token_hash(token), local_date(stage.clock.now)) or ()
    (day,) = [one for one in days if one.path == stage.page]
    assert day.on == date(2026, 5, 1)
    assert stage.case.number not in day.text
