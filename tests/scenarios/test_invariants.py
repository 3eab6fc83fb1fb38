"""The invariants of the flow, held while people do anything in any order (a stateful model).

Each step goes through a service.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
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
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from avvikelse.domain.actor import SYSTEM, Actor
from avvikelse.domain.errors import DomainError
from avvikelse.domain.vocabulary import (
    AnswerKind,
    GroupQuestionStatus,
    NotTakenUpReason,
    PartySide,
    Rating,
    Role,
    Status,
    StepOutcome,
    TransferKind,
)
from avvikelse.domain.workdays import local_date
from avvikelse.models.audit import AuditEvent
from avvikelse.models.avvikelse import Avvikelse, Party
from avvikelse.models.dialogue import Answer, Atgard
from avvikelse.models.group_work import GroupQuestion
from avvikelse.models.outbox import OutboxMail
from avvikelse.queries import recipients
from avvikelse.queries.case_page import case_page
from avvikelse.queries.standing_in import standing_list
from avvikelse.services import (
    accounts,
    answers,
    atgarder,
    audit,
    dialogue,
    group_decisions,
    group_questions,
    handling,
    joint,
    ladder_deeds,
    organisation,
    quality,
    reporting,
    succession,
    talks,
    triage,
    undoing,
)
from avvikelse.services.answers import AnswerText
from avvikelse.services.group_decisions import DecisionText
from avvikelse.services.ladder import climb
from tests.support import rooms
from tests.support.world import World

FULL = AnswerText(AnswerKind.FULL, orsak="a", atgard="b", konsekvens="c", uppfoljning="d", no_atgard_reason="e")
CLOSING = ("bup-behandling", "bup-mottagning", "soc-2380", "barnhab")
CHEFS = ("chef-bup-behandling", "chef-soc-2380", "chef-skola-2380", "chef-hc-ostersund")


class Killed(BaseException):
    """The process is gone: nothing in it catches this."""


@contextmanager
def killed_after(steps: int) -> Iterator[None]:
    """The ladder takes so many steps, is in the middle of the next one, and dies."""
    left = [steps]

    def do(doing: ladder_deeds.Doing) -> StepOutcome:
        found = whole(doing)
        left[0] -= 1
        if left[0] < 0:
            raise Killed
        return found

    whole, ladder_deeds.do = ladder_deeds.do, do
    try:
        yield
    finally:
        ladder_deeds.do = whole


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
        succession.settle_all(self.session, now=self.now)
        climb(self.session, self.now)
        self.session.refresh(self.case)

    @rule(days=st.integers(0, 12), steps=st.integers(0, 2), early=st.booleans())
    def a_job_is_killed_and_runs_again(self, days: int, steps: int, early: bool) -> None:
        """What was committed stays, what was not is gone; the next run does the rest, and the one after nothing."""
        self.now += timedelta(days=days)
        if not early:  # the job before it had come through
            succession.settle_all(self.session, now=self.now)
        inner = self.session.begin_nested()
        with killed_after(steps), suppress(Killed):
            succession.settle_all(self.session, now=self.now)
            climb(self.session, self.now)
        inner.rollback()
        self.session.expire_all()
        for _ in range(3):  # a step lets others fall due: the job comes every few minutes
            succession.settle_all(self.session, now=self.now)
            climb(self.session, self.now)
        said = self.mails()
        assert succession.settle_all(self.session, now=self.now) == 0
        assert climb(self.session, self.now) == 0
        assert self.mails() == said
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

    @rule(who=st.sampled_from(CHEFS))
    def take_back(self, who: str) -> None:
        self.attempt(lambda: undoing.undo(self.session, self.people[who], self.case.ref, now=self.now))

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
        decided = self.session.scalar(select(Atgard.id).where(Atgard.avvikelse_id == self.case.id).limit(1))
        text = FULL if decided is None else replace(FULL, no_atgard_reason=None)
        self.attempt(lambda: answers.answer(self.session, self.people[who], self.case.ref, text, now=self.now))

    @rule(who=st.sampled_from(CHEFS))
    def confirm_answer(self, who: str) -> None:
        self.attempt(lambda: answers.confirm_answer(self.session, self.people[who], self.case.ref, now=self.now))

    @rule(sends=st.booleans())
    def read_the_answer(self, sends: bool) -> None:
        sam, ref = self.people["samordnare"], self.case.ref
        self.attempt(lambda: quality.check(self.session, sam, ref, approves=sends, comment="Kortare.", now=self.now))

    @rule(who=st.sampled_from(CHEFS))
    def answer_in_the_room(self, who: str) -> None:
        self.attempt(lambda: joint.answer(self.session, self.people[who], self.case.ref, rooms.ANSWERS, now=self.now))

    @rule(who=st.sampled_from(CHEFS))
    def commit(self, who: str) -> None:
        self.attempt(lambda: rooms.commit(self.session, self.case.ref, self.people[who], now=self.now))

    @rule(who=st.sampled_from(CHEFS), yes=st.booleans())
    def agree_or_not(self, who: str, yes: bool) -> None:
        actor, ref = self.people[who], self.case.ref
        self.attempt(
            lambda: (
                joint.agree(self.session, actor, ref, now=self.now)
                if yes
                else joint.disagree(self.session, actor, ref, "Vi läser avtalet olika.", now=self.now)
            )
        )

    @rule(first=st.booleans())
    def unlock(self, first: bool) -> None:
        owners = [p for p in self.parties() if p.side is PartySide.OWNER]
        keeps, sam = owners[0 if first else -1].id, self.people["samordnare"]
        self.attempt(lambda: triage.unlock(self.session, sam, self.case.ref, keeps, "Skäl.", now=self.now))

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
            select(GroupQuestion).where(
                GroupQuestion.avvikelse_id == self.case.id, GroupQuestion.status == GroupQuestionStatus.OPEN
            )
        ).first()
        if question is None:
            return
        day = local_date(self.now)
        for name in ("samordnare", *CHEFS):
            who, ref = self.people[name], self.case.ref
            self.attempt(
                partial(group_questions.approve, self.session, who, ref, question.id, "Hur gör vi?", now=self.now)
            )
        for name in ("birger", "sspf", "jamtbus"):
            who = self.people[name]
            self.attempt(
                partial(
                    group_decisions.decide_question,
                    self.session,
                    who,
                    question.group_id or 0,
                    question.ref,
                    DecisionText("Så här.", "BUP", day),
                    now=self.now,
                )
            )

    @rule(who=st.sampled_from(CHEFS), days=st.integers(0, 20))
    def goes_away(self, who: str, days: int) -> None:
        today = local_date(self.now)
        self.attempt(
            lambda: organisation.add_absence(
                self.session, SYSTEM, self.world.position(who).id, from_on=today, to_on=today + timedelta(days=days),
                now=self.now,
            )
        )  # fmt: skip

    @rule(who=st.sampled_from(CHEFS))
    def leaves(self, who: str) -> None:
        self.attempt(lambda: accounts.disable(self.session, SYSTEM, self.people[who].user_id or 0, now=self.now))

    @precondition(lambda self: self.now > self.world.now + timedelta(days=5))
    @rule(unit=st.sampled_from(CLOSING), successor=st.sampled_from(CLOSING))
    def closes(self, unit: str, successor: str) -> None:
        row = self.world.unit(unit)
        if unit == successor or row.active_to is not None:
            return
        row.active_to, row.successor_id = local_date(self.now) - timedelta(days=1), self.world.unit(successor).id
        self.attempt(lambda: organisation.changed(self.session, self.world.pack.id, now=self.now))

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
        assert len({p.position_id for p in owners}) == len(owners)  # nobody solves it together with herself
        for party in owners:
            assert (party.position_id is None) != (party.funktion_id is None)
            assert party.open == (self.case.status is not Status.CLOSED)
            assert party.status is self.case.status

    @invariant()
    def somebody_answers_or_the_samordnare_knows(self) -> None:
        if self.case.status is Status.CLOSED:
            return
        today = local_date(self.now)
        for party in self.parties():
            if party.side is PartySide.OWNER and not recipients.of_party(self.session, party, today).user_ids:
                everybody = self.people["samordnare"].omrade_ids(Role.SAMORDNARE)
                assert party.omrade_id in everybody
                listed = standing_list(self.session, self.people["samordnare"], today).cases
                assert self.case.number in {one.number for one in listed}

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

    @invariant()
    def nobody_sends_another_ones_answer(self) -> None:
        """What has not been sent belongs to somebody who has the case, and only while she works on it."""
        unsent = self.session.scalars(
            select(Answer).where(Answer.avvikelse_id == self.case.id, Answer.sent_at.is_(None))
        ).all()
        assert len(unsent) <= 1
        owners = {p.omrade_id for p in self.parties() if p.side is PartySide.OWNER}
        for answer in unsent:
            assert self.case.status is Status.IN_PROGRESS
            assert answer.omrade_id in owners

    def mails(self) -> int:
        return self.session.scalar(select(func.count()).select_from(OutboxMail)) or 0

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
    world.huvudman("region-jh").answers_checked = True
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
