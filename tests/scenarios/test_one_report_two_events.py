"""A report that holds two events is split; a corrected category sends a case on. The reporter hears of both."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from avvikelse.domain.actor import Actor
from avvikelse.domain.events import Event
from avvikelse.domain.vocabulary import AnswerKind, PartySide, Rating, Status
from avvikelse.models.audit import AuditEvent
from avvikelse.models.avvikelse import Avvikelse, GroupMembership, RecordEntry
from avvikelse.models.outbox import OutboxMail
from avvikelse.services import answers, handling, reporting, splitting, triage
from avvikelse.services.answers import AnswerText
from avvikelse.services.splitting import MOST, SecondEvent
from tests.support.acting import Acting
from tests.support.browsing import words
from tests.support.client import CheckingClient
from tests.support.world import World

FEEDBACK_ON_OROSANMALAN = "E3"
BOTH = "Kallelsen kom för sent. Dessutom kom aldrig någon återkoppling från mottagningen."
SECOND = "Ingen återkoppling kom från mottagningen."
FIRST = "Kallelsen kom för sent."
QUICK = AnswerText(AnswerKind.QUICK, what_happened="Vi såg det för sent.", what_now="Vi kallar tidigare.")


class Stage:
    def __init__(self, world: World, client: CheckingClient, clock: Any) -> None:
        self.world, self.acting, self.clock = world, Acting(client, world), clock
        self.reporter, self.bup = world.reporter("skola-2380"), world.chef("chef-bup-behandling")
        self.sam, self.other_sam = world.samordnare("kommun-2380/utbildning"), world.samordnare("region-jh")

    @property
    def session(self) -> Session:
        return self.world.session

    def later(self, **delta: float) -> None:
        self.world.now = self.clock.move(**delta)

    def split(self, who: Actor, case: Avvikelse, *, status: int = 302, **fields: Any) -> str:
        day = f"{self.world.now:%Y-%m-%d}"
        given = {"description": SECOND, "occurred_on": day, "severity": "2", "category": "A2", "remaining": FIRST}
        answer = self.acting.sends(who, f"/avvikelser/{case.ref}/dela", **(given | fields))
        assert answer.status_code == status, words(answer)[:800]
        return words(answer)

    def newest(self) -> Avvikelse:
        self.session.expire_all()
        return self.session.scalars(select(Avvikelse).order_by(Avvikelse.id.desc()).limit(1)).one()

    def told(self, case: Avvikelse, notice: str) -> list[int | None]:
        query = select(OutboxMail.recipient_user_id).where(
            OutboxMail.notice == notice, OutboxMail.avvikelse_id == case.id
        )
        return list(self.session.scalars(query))


@pytest.fixture
def stage(session: Session, client: CheckingClient, clock: Any) -> Stage:
    return Stage(World.of(session, clock.now), client, clock)


def test_two_events_become_two_cases_with_the_same_first_day(stage: Stage) -> None:
    case = stage.world.report(stage.reporter, "bup-behandling", description=BOTH)
    stage.later(days=10)
    assert BOTH in stage.acting.reads(stage.sam, f"/avvikelser/{case.ref}/dela")
    stage.split(stage.sam, case)
    new = stage.newest()
    assert (new.split_from_id, new.status, new.description) == (case.id, Status.SUBMITTED, SECOND)
    assert new.number != case.number
    assert new.reporter_user_id == stage.reporter.user_id
    # the clocks that the reporter counts on
    assert (new.submitted_at, new.first_received_at) == (case.submitted_at, case.first_received_at)
    stage.acting.step(stage.sam, new, "fordela", receiver=stage.world.position("chef-bup-mottagning").id)
    stage.session.expire_all()
    owner = [party for party in new.parties if party.side is PartySide.OWNER and party.open]
    assert len(owner) == 1  # one living owner each
    assert len([party for party in case.parties if party.side is PartySide.OWNER and party.open]) == 1
    assert new.first_received_at == case.first_received_at
    # registers, groups, search
    assert stage.session.scalars(select(RecordEntry.id).where(RecordEntry.avvikelse_id == new.id)).all()
    assert stage.session.scalars(select(GroupMembership.group_id).where(GroupMembership.avvikelse_id == new.id)).all()
    assert new.number in stage.acting.reads(stage.sam, "/sok?q=återkoppling")


def test_both_know_of_each_other_and_the_reporter_is_told_and_answered_twice(stage: Stage) -> None:
    case = stage.world.report(stage.reporter, "bup-behandling", description=BOTH)
    stage.split(stage.sam, case, severity="1")
    new = stage.newest()
    assert stage.told(new, "report_split") == [stage.reporter.user_id]
    for one, other in ((case, new), (new, case)):
        for who in (stage.reporter, stage.sam):
            page = stage.acting.reads(who, f"/avvikelser/{one.ref}")
            assert f"Kom i samma rapport: {other.number}" in page
        assert "Rapporten delades" in stage.acting.reads(stage.reporter, f"/avvikelser/{one.ref}")
        events = stage.session.scalars(
            select(AuditEvent).where(AuditEvent.event == Event.SPLIT, AuditEvent.avvikelse_id == one.id)
        ).all()
        assert [event.detail["other"] for event in events] == [other.number]
    triage.assign(stage.session, stage.sam, new.ref, stage.world.receiver("chef-bup-mottagning"), now=stage.world.now)
    chef = stage.world.chef("chef-bup-mottagning")
    for chief, one in ((stage.bup, case), (chef, new)):
        handling.accept(stage.session, chief, one.ref, now=stage.world.now)
        answers.answer(stage.session, chief, one.ref, QUICK, now=stage.world.now)
        answers.feedback(stage.session, stage.reporter, one.ref, Rating.JA, "", now=stage.world.now)
        assert one.status is Status.CLOSED
        assert one.closing_text


def test_the_other_party_reads_only_what_is_its_own(stage: Stage) -> None:
    case = stage.world.report(stage.reporter, "bup-behandling", description=BOTH)
    stage.split(stage.sam, case)
    new = stage.newest()
    page = stage.acting.reads(stage.bup, f"/avvikelser/{case.ref}")
    assert FIRST in page
    assert "återkoppling" not in page
    assert new.number not in page
    assert stage.acting.get(stage.bup, f"/avvikelser/{new.ref}").status_code == 404
    assert case.description == BOTH
    assert BOTH in stage.acting.reads(stage.sam, f"/avvikelser/{case.ref}")


def test_who_may_not_split_and_what_cannot_be_split(stage: Stage) -> None:
    """The denied twins: another område's samordnare, the receiving one's, manager, reporter."""
    case = stage.world.report(stage.reporter, "bup-behandling", description=BOTH)
    stranger = stage.world.samordnare("kommun-2380/kultur-fritid")
    for who, status in ((stranger, 404), (stage.other_sam, 403), (stage.bup, 403), (stage.reporter, 403)):
        assert stage.acting.get(who, f"/avvikelser/{case.ref}/dela").status_code == status
        stage.split(who, case, status=status)
    assert "Ring 070" in stage.split(stage.sam, case, status=422, description="Ring 070-123 45 67.")
    stage.split(stage.sam, case, status=422, occurred_on="2027-01-01")
    stage.split(stage.sam, case, status=409, version="99")
    stage.acting.step(stage.bup, case, "fraga", text="Hur kom kallelsen?")
    assert "fråga att svara på" in stage.split(stage.sam, case, status=409)
    assert stage.session.scalars(select(Avvikelse)).all() == [case]
    stage.acting.step(stage.reporter, case, "svara-pa-fraga", text="Med post.")
    for n in range(MOST):
        splitting.split(
            stage.session, stage.sam, case.ref, SecondEvent(f"{SECOND} Gång {n}.", case.occurred_on, 1),
            now=stage.world.now,
        )  # fmt: skip
    assert "redan delad" in stage.split(stage.sam, case, status=409)
    reporting.withdraw(stage.session, stage.reporter, stage.newest().ref, now=stage.world.now)
    assert "Dela rapporten" not in stage.acting.reads(stage.sam, f"/avvikelser/{stage.newest().ref}")


# --- a corrected category ---------------------------------------------------------------------------------------------


def test_a_category_that_decides_the_receiver_sends_the_case_there_and_the_reporter_is_told(stage: Stage) -> None:
    case = stage.world.report(stage.reporter, None)
    assert case.status is Status.SUBMITTED
    stage.acting.step(stage.sam, case, "koda", category=FEEDBACK_ON_OROSANMALAN, severity="1", version=case.version_id)
    stage.session.expire_all()
    owner = next(party for party in case.parties if party.side is PartySide.OWNER)
    assert case.status is Status.ASSIGNED
    assert owner.omrade_id == stage.world.omrade("kommun-2380/social").id
    assert "orosanmälningar" in (case.routing_reason or "")
    assert stage.told(case, "case_assigned") == [stage.reporter.user_id]
    assert "Ärendet fördelades" in stage.acting.reads(stage.reporter, f"/avvikelser/{case.ref}")


def test_a_category_that_decides_nothing_or_a_receivers_own_correction_moves_nothing(stage: Stage) -> None:
    case = stage.world.report(stage.reporter, "bup-behandling")
    owner = next(party for party in case.parties if party.side is PartySide.OWNER)
    stage.acting.step(stage.sam, case, "koda", category="A1", severity="1", version=case.version_id)
    unknown = stage.world.report(stage.reporter, None, routing_contested=True)
    stage.acting.step(
        stage.sam, unknown, "koda", category=FEEDBACK_ON_OROSANMALAN, severity="1", version=unknown.version_id
    )
    chosen = stage.world.report(stage.reporter, None)
    triage.assign(
        stage.session, stage.sam, chosen.ref, stage.world.receiver("chef-bup-behandling"), now=stage.world.now
    )
    stage.acting.step(
        stage.sam, chosen, "koda", category=FEEDBACK_ON_OROSANMALAN, severity="1", version=chosen.version_id
    )
    stage.session.expire_all()
    assert owner.side is PartySide.OWNER
    assert unknown.status is Status.SUBMITTED  # the reporter has objected: a samordnare decides
    assert next(p for p in chosen.parties if p.side is PartySide.OWNER).position_id == owner.position_id


def test_a_samordnare_can_distribute_again_until_it_is_accepted(stage: Stage) -> None:
    case = stage.world.report(stage.reporter, "bup-behandling")
    received = case.first_received_at
    stage.later(days=1)
    soc = stage.world.position("chef-soc-2380").id
    stage.acting.step(stage.sam, case, "fordela", receiver=soc)
    stage.session.expire_all()
    assert case.status is Status.ASSIGNED
    assert next(p for p in case.parties if p.side is PartySide.OWNER).position_id == soc
    assert (case.vaxlingar, case.first_received_at) == (1, received)
    assert stage.told(case, "reassigned") == [stage.bup.user_id]
    assert len(stage.told(case, "case_assigned")) == 1
    handling.accept(stage.session, stage.world.chef("chef-soc-2380"), case.ref, now=stage.world.now)
    again = stage.acting.sends(stage.sam, f"/avvikelser/{case.ref}/fordela", receiver=soc)
    assert again.status_code == 409
