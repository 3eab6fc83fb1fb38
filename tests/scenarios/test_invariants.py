"""The invariants of the flow, held while people do anything in any order (a stateful model).

Each step goes through a service.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial

from hypothesis import strategies as st
from hypothesis.stateful import initialize, precondition, rule
from sqlalchemy import select
from sqlalchemy.orm import Session

from avvikelse.domain.actor import SYSTEM
from avvikelse.domain.vocabulary import AnswerKind, GroupQuestionStatus, NotTakenUpReason, Rating
from avvikelse.domain.workdays import local_date
from avvikelse.models.dialogue import Atgard
from avvikelse.models.group_work import GroupQuestion
from avvikelse.services import (
    accounts,
    answers,
    atgarder,
    dialogue,
    group_decisions,
    group_questions,
    handling,
    joint,
    organisation,
    quality,
    reporting,
    talks,
    triage,
    undoing,
)
from avvikelse.services.answers import AnswerText
from avvikelse.services.group_decisions import DecisionText
from tests.support import rooms
from tests.support.flow import CHEFS, HeldFlow, hold
from tests.support.world import World

FULL = AnswerText(AnswerKind.FULL, orsak="a", atgard="b", konsekvens="c", uppfoljning="d", no_atgard_reason="e")
CLOSING = ("bup-behandling", "bup-mottagning", "soc-2380", "barnhab")


class Flow(HeldFlow):
    """Everything that people do with a case, in any order."""

    @initialize(counterpart=st.sampled_from(["bup-behandling", "soc-2380", None]), severity=st.integers(0, 4))
    def report(self, counterpart: str | None, severity: int) -> None:
        self.case = self.world.report(self.people["reporter"], counterpart, severity=severity)
        self.reporter = self.people["reporter"]

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


def test_the_flow_keeps_its_invariants(session: Session, now: datetime) -> None:
    hold(Flow, World.of(session, now), examples=12, steps=25)
