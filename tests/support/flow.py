"""What must hold of a case whatever people do, and what happens to it by itself: time, absence, closing, crashes.

Open for tests that let people do anything in any order (stateful models): they inherit `HeldFlow` and add their steps.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from avvikelse.domain.actor import Actor
from avvikelse.domain.errors import DomainError
from avvikelse.domain.vocabulary import PartySide, Rating, Role, Status, StepOutcome, TransferKind
from avvikelse.domain.workdays import local_date
from avvikelse.models.audit import AuditEvent
from avvikelse.models.avvikelse import Avvikelse, Party
from avvikelse.models.dialogue import Answer
from avvikelse.models.group_work import GroupQuestion
from avvikelse.models.outbox import OutboxMail
from avvikelse.queries import recipients
from avvikelse.queries.case_page import case_page
from avvikelse.queries.standing_in import standing_list
from avvikelse.services import audit, ladder_deeds, succession, triage
from avvikelse.services.ladder import climb
from tests.support.world import World

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


class HeldFlow(RuleBasedStateMachine):
    """One case at a time in a real organisation. `world` and `people` are set by the test before the run."""

    world: World
    people: dict[str, Actor]
    case: Avvikelse
    reporter: Actor

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

    @rule(first=st.booleans())
    def unlock(self, first: bool) -> None:
        owners = [p for p in self.parties() if p.side is PartySide.OWNER]
        keeps, sam = owners[0 if first else -1].id, self.people["samordnare"]
        self.attempt(lambda: triage.unlock(self.session, sam, self.case.ref, keeps, "Skäl.", now=self.now))

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


def people_of(world: World) -> dict[str, Actor]:
    """Those who take part; BUP lets a samordnare read its answers first."""
    world.huvudman("region-jh").answers_checked = True
    return {
        "reporter": world.reporter("beh-2380"),
        "samordnare": world.samordnare("kommun-2380/utbildning", "region-jh", "kommun-2380/social"),
        "birger": world.convenor("birger"),
        "sspf": world.convenor("sspf"),
        "jamtbus": world.convenor("jamtbus-regionalt"),
        **{chef: world.chef(chef) for chef in CHEFS},
    }


def hold(machine: type[HeldFlow], world: World, *, examples: int, steps: int) -> None:
    """Run the model, the same every time; afterwards the log is whole."""
    machine.world, machine.people = world, people_of(world)
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=examples,
            stateful_step_count=steps,
            deadline=None,
            suppress_health_check=list(HealthCheck),
            derandomize=True,
            report_multiple_bugs=False,
        ),
    )
    assert audit.verify(world.session).ok
