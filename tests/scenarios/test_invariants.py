"""The invariants of the flow, held while people do anything in any order (a stateful model).

Each step goes through a service.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import select
from sqlalchemy.orm import Session

from avvikelse.domain.actor import Actor
from avvikelse.domain.errors import DomainError
from avvikelse.domain.vocabulary import AnswerKind, NotTakenUpReason, PartySide, Rating, Status, TransferKind
from avvikelse.domain.workdays import local_date
from avvikelse.models.audit import AuditEvent
from avvikelse.models.avvikelse import Avvikelse, Party
from avvikelse.models.dialogue import Answer
from avvikelse.models.group_work import GroupQuestion
from avvikelse.queries.case_page import case_page
from avvikelse.services import (
    answers,
    atgarder,
    audit,
    dialogue,
    group_questions,
    handling,
    joint,
    reporting,
    talks,
    triage,
)
from avvikelse.services.answers import AnswerText
from avvikelse.services.reminders import remind
from tests.support.world import World

FULL = AnswerText(AnswerKind.FULL, orsak="a", atgard="b", konsekvens="c", uppfoljning="d", no_atgard_reason="e")
CHEFS = ("chef-bup-behandling", "chef-soc-2380", "chef-skola-2380", "chef-hc-ostersund")


class Flow(RuleBasedStateMachine):
    """One case at a time in a real organisation. `world` and `people` are set by the test before the run."""

    world: World
    people: dict[str, Actor]

    def __init__(self) -> None:
        super().__init__()
        self.savepoint = self.world.session.begin_nested()
        self.now = self.world.now
        self.highest_vaxlingar = 0
        self.first_received: datetime | None = None

    def teardown(self) -> None:
        self.savepoint.rollback()
        self.world.session.expire_all()

    @property
    def session(self) -> Session:
        return self.world.session

    def attempt(self, call: Callable[[], Any]) -> None:
        """A step that the domain refuses must change nothing; one that it takes must keep the invariants."""
        inner = self.session.begin_nested()
        try:
            call()
        except DomainError:
            inner.rollback()
        else:
            inner.commit()
        self.session.refresh(self.case)

    @initialize(counterpart=st.sampled_from(["bup-behandling", "soc-2380", None]), severity=st.integers(0, 4))
    def report(self, counterpart: str | None, severity: int) -> None:
        self.case: Avvikelse = self.world.report(self.people["reporter"], counterpart, severity=severity)
        self.reporter = self.people["reporter"]

    @rule(days=st.integers(0, 12))
    def time_passes(self, days: int) -> None:
        self.now += timedelta(days=days)
        remind(self.session, self.now)
        self.session.refresh(self.case)

    @rule(who=st.sampled_from(CHEFS))
    def accept(self, who: str) -> None:
        self.attempt(lambda: handling.accept(self.session, self.people[who], self.case.ref, now=self.now))

    @rule(who=st.sampled_from(CHEFS), to=st.sampled_from(CHEFS))
    def hand_over(self, who: str, to: str) -> None:
        receiver = self.world.receiver(to)
        self.attempt(
            lambda: handling.hand_over(self.session, self.people[who], self.case.ref, receiver, "Skäl.", now=self.now)
        )

    @rule(who=st.sampled_from(CHEFS))
    def decline(self, who: str) -> None:
        self.attempt(
            lambda: handling.decline(self.session, self.people[who], self.case.ref, "Skäl.", None, now=self.now)
        )

    @rule(to=st.sampled_from(CHEFS))
    def assign(self, to: str) -> None:
        receiver = self.world.receiver(to)
        self.attempt(
            lambda: triage.assign(self.session, self.people["samordnare"], self.case.ref, receiver, now=self.now)
        )

    @rule(who=st.sampled_from(CHEFS))
    def ask(self, who: str) -> None:
        self.attempt(
            lambda: dialogue.ask(self.session, self.people[who], self.case.ref, "Hur gick det till?", now=self.now)
        )

    @rule()
    def answer_question(self) -> None:
        self.attempt(
            lambda: dialogue.answer_open_question(self.session, self.reporter, self.case.ref, "Så här.", now=self.now)
        )

    @rule(who=st.sampled_from(CHEFS))
    def measure(self, who: str) -> None:
        due = local_date(self.now) + timedelta(days=30)
        self.attempt(
            lambda: atgarder.add(self.session, self.people[who], self.case.ref, "M01", "Ny rutin.", due, now=self.now)
        )

    @rule(who=st.sampled_from(CHEFS))
    def answer(self, who: str) -> None:
        self.attempt(lambda: answers.answer(self.session, self.people[who], self.case.ref, FULL, now=self.now))

    @rule(who=st.sampled_from(CHEFS))
    def confirm_answer(self, who: str) -> None:
        self.attempt(lambda: answers.confirm_answer(self.session, self.people[who], self.case.ref, now=self.now))

    @rule(who=st.sampled_from(CHEFS), agreed=st.booleans())
    def commit(self, who: str, agreed: bool) -> None:
        when = local_date(self.now)
        self.attempt(
            lambda: joint.commit(
                self.session, self.people[who], self.case.ref, "Chef", "Vi gör det.", when, agreed=agreed, now=self.now
            )
        )

    @rule(who=st.sampled_from(CHEFS))
    def talk(self, who: str) -> None:
        day = local_date(self.now)
        self.attempt(
            lambda: talks.propose_talk(
                self.session, self.people[who], self.case.ref, day, "Vi pratade.", "Det är löst.", now=self.now
            )
        )

    @rule(who=st.sampled_from(CHEFS), agrees=st.booleans())
    def confirm_talk(self, who: str, agrees: bool) -> None:
        self.attempt(
            lambda: talks.confirm_talk(self.session, self.people[who], self.case.ref, agrees=agrees, now=self.now)
        )

    @rule(who=st.sampled_from(CHEFS))
    def lift(self, who: str) -> None:
        self.attempt(
            lambda: group_questions.lift(self.session, self.people[who], self.case.ref, "Hur gör vi?", now=self.now)
        )

    @rule()
    def approve_and_decide(self) -> None:
        question = self.session.scalars(
            select(GroupQuestion).where(GroupQuestion.avvikelse_id == self.case.id, GroupQuestion.decided_at.is_(None))
        ).first()
        if question is None:
            return
        sam, day = self.people["samordnare"], local_date(self.now)
        if question.approved_at is None:
            self.attempt(
                lambda: group_questions.approve(
                    self.session, sam, self.case.ref, question.id, "Hur gör vi?", now=self.now
                )
            )
        for name in ("birger", "sspf", "jamtbus"):
            who = self.people[name]
            self.attempt(
                partial(group_questions.decide, self.session, who, question.ref, "Så här.", "BUP", day, now=self.now)
            )

    @rule(rating=st.sampled_from(list(Rating)))
    def feedback(self, rating: Rating) -> None:
        self.attempt(
            lambda: answers.feedback(self.session, self.reporter, self.case.ref, rating, "Därför.", now=self.now)
        )

    @rule()
    def withdraw(self) -> None:
        self.attempt(lambda: reporting.withdraw(self.session, self.reporter, self.case.ref, now=self.now))

    @precondition(lambda self: self.now > self.world.now + timedelta(days=5))
    @rule()
    def not_taken_up(self) -> None:
        sam, why = self.people["samordnare"], NotTakenUpReason.NOT_SAMVERKAN
        self.attempt(lambda: triage.not_taken_up(self.session, sam, self.case.ref, why, "Tack, men nej.", now=self.now))

    # --- what must hold after every step

    @invariant()
    def an_open_case_has_its_owners(self) -> None:
        owners = [p for p in self.parties() if p.side is PartySide.OWNER]
        assert len(owners) == (2 if self.case.joint else 1)
        for party in owners:
            assert (party.position_id is None) != (party.funktion_id is None)
            assert party.open == (self.case.status is not Status.CLOSED)
            assert party.status is self.case.status

    @invariant()
    def nothing_closes_without_a_text_for_the_reporter(self) -> None:
        if self.case.status is not Status.CLOSED:
            return
        page = case_page(self.session, self.reporter, self.case.ref)
        assert page.answers or page.closing_text
        assert self.case.outcome is not None

    @invariant()
    def vaxlingar_never_fall_and_receipt_never_resets(self) -> None:
        assert self.case.vaxlingar >= self.highest_vaxlingar
        assert self.case.vaxlingar == sum(t.crosses for t in self.case.transfers)
        self.highest_vaxlingar = self.case.vaxlingar
        if self.first_received is not None:
            assert self.case.first_received_at == self.first_received
        self.first_received = self.case.first_received_at

    @invariant()
    def only_an_open_question_stops_the_clock(self) -> None:
        if self.case.status is not Status.CLOSED:
            assert (self.case.due_on is None) == (self.case.paused_since is not None)

    @invariant()
    def every_step_is_logged_with_role_and_reason(self) -> None:
        steps = self.session.scalars(
            select(AuditEvent)
            .where(AuditEvent.avvikelse_id == self.case.id, AuditEvent.to_status.is_not(None))
            .order_by(AuditEvent.seq)
        ).all()
        assert steps[0].from_status == Status.DRAFT
        assert steps[-1].to_status == self.case.status
        for earlier, later in pairwise(steps):
            assert later.from_status == earlier.to_status
        assert all(step.role for step in steps)
        for transfer in self.case.transfers:
            assert transfer.kind is TransferKind.ASSIGNED or transfer.reason

    @invariant()
    def a_third_no_is_with_the_group_or_nobody_covers_it(self) -> None:
        noes = self.session.scalars(
            select(Answer).where(Answer.avvikelse_id == self.case.id, Answer.rating == Rating.NEJ)
        ).all()
        if len(noes) >= 3:
            lifted = self.session.scalars(select(GroupQuestion).where(GroupQuestion.avvikelse_id == self.case.id)).all()
            assert lifted

    def parties(self) -> list[Party]:
        return list(self.session.scalars(select(Party).where(Party.avvikelse_id == self.case.id)))


@pytest.mark.parametrize("steps", [25])
def test_the_flow_keeps_its_invariants(session: Session, now: datetime, steps: int) -> None:
    world = World.of(session, now)
    Flow.world = world
    Flow.people = {
        "reporter": world.reporter("beh-2380"),
        "samordnare": world.samordnare("kommun-2380/utbildning", "region-jh", "kommun-2380/social"),
        "birger": world.convenor("birger"),
        "sspf": world.convenor("sspf"),
        "jamtbus": world.convenor("jamtbus-regionalt"),
        **{chef: world.chef(chef) for chef in CHEFS},
    }
    run_state_machine_as_test(
        Flow,
        settings=settings(
            max_examples=15,
            stateful_step_count=steps,
            deadline=None,
            suppress_health_check=list(HealthCheck),
            derandomize=True,
        ),
    )
    assert audit.verify(session).ok
