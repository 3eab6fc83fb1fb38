"""One case of the demo and what people may do with it, by whoever answers for it at the moment.

Open to add a step that a way (ways.py) can take. Every step is one call of a service.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import select

from avvikelse.dev import room_stories, words
from avvikelse.dev.narratives import Narrative, gap_weeks
from avvikelse.dev.town import Town
from avvikelse.domain.actor import Actor
from avvikelse.domain.answering import asks_for_orosanmalan, asks_for_thanks, quick_answer_is_enough
from avvikelse.domain.receiver import Receiver
from avvikelse.domain.vocabulary import (
    Again,
    AnswerKind,
    ContactOutcome,
    Effect,
    Extent,
    NotTakenUpReason,
    OrosanmalanAnswer,
    PartySide,
    Rating,
    Role,
    Status,
)  # fmt: skip
from avvikelse.domain.workdays import local_date
from avvikelse.models.avvikelse import Avvikelse, GroupMembership, Party
from avvikelse.models.dialogue import Atgard, Talk
from avvikelse.models.group_work import GroupQuestion
from avvikelse.models.identity import RoleAssignment
from avvikelse.models.organisation import Enhet, Position
from avvikelse.queries.measures import effect_asked
from avvikelse.queries.receivers import receiver_of_position
from avvikelse.services import (
    answers,
    atgarder,
    dialogue,
    effect_answers,
    group_decisions,
    group_questions,
    handling,
    joint,
    reporting,
    talks,
    triage,
)  # fmt: skip
from avvikelse.services.answers import AnswerText
from avvikelse.services.group_decisions import DecisionText

OPEN_TO_MERGE = (Status.SUBMITTED, Status.ASSIGNED, Status.IN_PROGRESS)


class NobodyThere(Exception):
    """Nobody in the demo answers for the case now; it stays where it is."""


@dataclass(frozen=True, slots=True)
class Telling:
    """How a narrative is told this time. `contested` = the reporter says that the proposed receiver is wrong."""

    narrative: Narrative
    description: str
    severity: int
    extent: Extent | None
    contested: bool = False
    again: bool = False  # "det har hänt igen": linked to a closed one
    days_before: int = 1
    sender_enhet: str = ""  # the reporter's other unit, when it happened there


class Case:
    """A report and its way. `row` exists once it is filed, `colleague` when somebody else's is joined with it."""

    row: Avvikelse
    colleague: Avvikelse

    def __init__(self, town: Town, telling: Telling, number: int) -> None:
        self.town, self.telling, self.number = town, telling, number
        self.narrative = telling.narrative

    def __repr__(self) -> str:
        return f"<Case {self.number} {self.narrative.id}>"

    # --- who

    def reporter(self) -> Actor:
        return self.town.person(self.narrative.reporter_email)

    def owner(self, index: int = 0) -> Actor:
        parties = self.owners()
        found = parties[index].position_id if index < len(parties) else None
        actor = self.town.holder(found) if found is not None else None
        if actor is None:
            raise NobodyThere
        return actor

    def owners(self) -> list[Party]:
        return [party for party in self.row.parties if party.side is PartySide.OWNER]

    def samordnare(self) -> Actor:
        """The reporting side's; where there is none, the one of the område that has the case."""
        for side in (PartySide.SENDER, PartySide.OWNER):
            for party in self.row.parties:
                if party.side is side and (actor := self.town.samordnare(party.omrade_id)) is not None:
                    return actor
        raise NobodyThere

    def expected(self) -> Receiver:
        """The manager whom the narrative points at, or a colleague where it points at a group."""
        named = self.narrative.receiver_enhet or self.narrative.fallback_enhet
        unit: Enhet = self.town.find(Enhet, self.narrative.pack, named)
        while not unit.positions and unit.successor is not None:
            unit = unit.successor
        return self._receiver(unit.slug if unit.positions else self.narrative.fallback_enhet)

    def present(self) -> Receiver:
        """The manager who has it now."""
        position_id = self.owners()[0].position_id
        if position_id is None:
            raise NobodyThere
        return receiver_of_position(self.town.session, position_id)

    def another(self) -> Receiver:
        """A manager in another sekretessområde than the one that has the case."""
        mine = {party.omrade_id for party in self.owners()}
        for slug in self.narrative.other_enheter:
            found = self._receiver(slug)
            if found.omrade_id not in mine and found.enhet_id != self.row.sender_enhet_id:
                return found
        raise NobodyThere

    def _receiver(self, enhet: str) -> Receiver:
        unit = self.town.find(Enhet, self.narrative.pack, enhet)
        position_id = self.town.session.scalar(
            select(Position.id).where(Position.enhet_id == unit.id, Position.active_to.is_(None)).limit(1)
        )
        if position_id is None:
            raise NobodyThere
        return receiver_of_position(self.town.session, position_id)

    # --- what

    def file(self) -> None:
        """The reporter files it."""
        story, now = self.narrative, self.town.now
        find = self.town.find
        report = reporting.Report(
            sender_enhet_id=find(Enhet, story.pack, self.telling.sender_enhet or story.sender_enhet).id,
            counterpart_enhet_id=find(Enhet, story.pack, story.receiver_enhet).id if story.receiver_enhet else None,
            counterpart_unknown=story.receiver_enhet is None,
            occurred_on=local_date(now) - timedelta(days=self.telling.days_before),
            description=self.telling.description, proposal=story.proposal, severity=self.telling.severity,
            extent=self.telling.extent, category=story.category, age_band=story.age_band, kommunkod=story.kommunkod,
            avtalspunkt_id=self.town.points.get((story.pack, story.category)),
            gap_weeks=gap_weeks(story.category, self.number), routing_contested=self.telling.contested,
            earlier_ref=self._earlier_ref() if self.telling.again else None,
        )  # fmt: skip
        self.row = reporting.file(self.town.session, self.reporter(), report, now=now)
        self.town.cases.append(self)

    def joined_by(self, email: str, enhet: str) -> None:
        """A colleague of another unit reports the same; it is joined with this one."""
        town, row = self.town, self.row
        report = reporting.Report(
            sender_enhet_id=town.find(Enhet, self.narrative.pack, enhet).id,
            counterpart_enhet_id=row.counterpart_enhet_id, occurred_on=row.occurred_on, description=words.SAME_HERE,
            severity=row.severity, category=row.category, kommunkod=row.kommunkod,
        )  # fmt: skip
        self.colleague = reporting.file(town.session, town.person(email), report, now=town.now)
        triage.merge(town.session, self.samordnare(), self.colleague.ref, row.ref, now=town.now)

    def still_the_same(self) -> None:
        """Both reporters say that it is as before."""
        for actor, ref in ((self.reporter(), self.row.ref), (self._colleague(), self.colleague.ref)):
            effect_answers.answer_as_reporter(
                self.town.session, actor, ref, Again.AS_BEFORE, words.STILL, now=self.town.now
            )

    def _colleague(self) -> Actor:
        return self.town.actor(self.colleague.reporter_user_id or 0)

    def _earlier_ref(self) -> str | None:
        told = (case for case in reversed(self.town.cases) if case.narrative == self.narrative)
        return next((case.row.ref for case in told if case.row.status is Status.CLOSED), None)

    def write_gruppmening(self) -> None:
        sentence = words.GRUPPMENINGAR[self.narrative.id]
        triage.write_gruppmening(self.town.session, self.samordnare(), self.row.ref, sentence, now=self.town.now)

    def assign(self, to: Receiver | None = None) -> None:
        triage.assign(self.town.session, self._triage(), self.row.ref, to or self.expected(), now=self.town.now)

    def _triage(self) -> Actor:
        """The samordnare who has the case."""
        actor = self.town.samordnare(self.owners()[0].omrade_id)
        if actor is None:
            raise NobodyThere
        return actor

    def not_taken_up(self) -> None:
        triage.not_taken_up(
            self.town.session,
            self.samordnare(),
            self.row.ref,
            NotTakenUpReason.NOT_SAMVERKAN,
            words.NOT_TAKEN_UP,
            now=self.town.now,
        )

    def sibling(self) -> Case | None:
        """Another open report about the same."""
        told = self.town.cases
        found = (case for case in reversed(told) if case is not self and case.narrative == self.narrative)
        return next((case for case in found if case.row.status in OPEN_TO_MERGE), None)

    def merge_into(self, main: Case) -> None:
        triage.merge(self.town.session, self.samordnare(), self.row.ref, main.row.ref, now=self.town.now)

    def say_what_could_have_been(self) -> None:
        triage_severity = max(self.narrative.possible_severity, self.row.severity)
        handling.recode(
            self.town.session, self.samordnare(), self.row.ref, category=self.row.category, severity=self.row.severity,
            possible_severity=triage_severity, now=self.town.now,
        )  # fmt: skip

    def accept(self) -> None:
        handling.accept(self.town.session, self.owner(), self.row.ref, now=self.town.now)

    def hand_over(self, to: Receiver) -> None:
        reason = words.REASONS_TO_HAND_OVER[self.row.vaxlingar % 2]
        handling.hand_over(self.town.session, self.owner(), self.row.ref, to, reason, now=self.town.now)

    def decline(self, proposed: Receiver) -> None:
        handling.decline(
            self.town.session, self.owner(), self.row.ref, words.REASON_TO_DECLINE, proposed.enhet_id, now=self.town.now
        )

    def answer_in_room(self, index: int) -> None:
        """One of the two managers answers the prompts."""
        answers = words.ROOM_ANSWERS[index]
        joint.answer(self.town.session, self.owner(index), self.row.ref, answers, now=self.town.now)

    def commit_both(self, *, agreed: bool = True) -> None:
        session, now, ref = self.town.session, self.town.now, self.row.ref
        when = local_date(now) + timedelta(days=30)
        for index in range(2):
            self.answer_in_room(index)
        for index, text in enumerate(words.COMMITMENTS):
            joint.commit(session, self.owner(index), ref, "Enhetschefen", text, when, now=now)
        if not agreed:
            room_stories.share_a_cost(self)
            joint.disagree(session, self.owner(), ref, words.DISAGREEMENT, now=now)
            return
        for index in range(2):
            joint.agree(session, self.owner(index), ref, now=now)

    def look_into(self) -> None:
        """Causes, and a handläggare where the unit has one."""
        session, now, ref = self.town.session, self.town.now, self.row.ref
        if self.narrative.factors:
            handling.set_factors(session, self.owner(), ref, self.narrative.factors, now=now)
        handler = session.scalar(
            select(RoleAssignment.user_id).where(
                RoleAssignment.role == Role.HANDLAGGARE, RoleAssignment.enhet_id == self.owners()[0].enhet_id
            )
        )
        if handler is not None:
            handling.name_handler(session, self.owner(), ref, handler, now=now)

    def call_each_other(self) -> None:
        session, now = self.town.session, self.town.now
        handling.note_outside_contact(
            session, self.owner(), self.row.ref, local_date(now), ContactOutcome.CLARIFIED, now=now
        )
        handling.add_note(session, self.owner(), self.row.ref, words.NOTE, now=now)

    def ask(self) -> None:
        dialogue.ask(self.town.session, self.owner(), self.row.ref, self._question()[0], now=self.town.now)

    def reply_to_question(self) -> None:
        dialogue.answer_open_question(
            self.town.session, self.reporter(), self.row.ref, self._question()[1], now=self.town.now
        )

    def _question(self) -> tuple[str, str]:
        return words.QUESTIONS[self.number % len(words.QUESTIONS)]

    def plan(self, *, due_in: int = 45) -> Atgard:
        reply = self._words()
        due_on = local_date(self.town.now) + timedelta(days=due_in)
        return atgarder.add(
            self.town.session, self.owner(), self.row.ref, reply.kind, reply.atgard, due_on, now=self.town.now
        )

    def done(self, atgard: Atgard) -> None:
        """In place, with the sentence that goes to those who reported it."""
        town, changed = self.town, words.changed(self.row.category, self.number)
        atgarder.do(town.session, self.owner(), atgard.id, local_date(town.now), changed, now=town.now)

    def drop(self, atgard: Atgard) -> None:
        """It came to nothing, and why."""
        atgarder.drop(self.town.session, self.owner(), atgard.id, words.DROPPED, now=self.town.now)

    def say_if_it_happened_again(self) -> None:
        """The reporter's answer when she is asked; every fifth says nothing."""
        again = (Again.NO, Again.NO, Again.SOMETIMES, Again.AS_BEFORE, None)[self.number % 5]
        if again is not None and effect_asked(self.town.session, self.row.id):
            comment = words.STILL if again is Again.AS_BEFORE else ""
            effect_answers.answer_as_reporter(
                self.town.session, self.reporter(), self.row.ref, again, comment, now=self.town.now
            )

    def follow_up(self, atgard: Atgard) -> None:
        effect = (Effect.WORKS, Effect.PARTLY, Effect.WORKS, Effect.TOO_EARLY)[self.number % 4]
        effect_answers.follow_up(
            self.town.session, self.owner(), atgard.id, effect, words.EVIDENCE[self.number % 3], now=self.town.now
        )

    def answer(self) -> None:
        row = self.row
        if asks_for_orosanmalan(row.category):
            text = AnswerText(AnswerKind.OROSANMALAN, orosanmalan=OrosanmalanAnswer.GIVEN)
        elif asks_for_thanks(row.category, row.reported_category):
            text = AnswerText(AnswerKind.THANKS, to_reporter=words.THANKS)
        elif quick_answer_is_enough(row.severity, row.extent, row.nej_count, again=row.earlier_id is not None):
            text = self._words().quick()
        else:
            planned = self.town.session.scalar(select(Atgard.id).where(Atgard.avvikelse_id == row.id).limit(1))
            text = self._words().full(without_atgard=planned is None)
        answers.answer(self.town.session, self.owner(), row.ref, text, now=self.town.now)
        if row.status is Status.IN_PROGRESS:  # a joint answer waits for the other one's yes
            answers.confirm_answer(self.town.session, self.owner(1), row.ref, now=self.town.now)

    def verdict(self, rating: Rating) -> None:
        if self.row.status is Status.CLOSED:  # a good example: thanks are not judged
            return
        reason = words.NO_REASONS[self.row.nej_count % len(words.NO_REASONS)] if rating is Rating.NEJ else ""
        answers.feedback(self.town.session, self.reporter(), self.row.ref, rating, reason, now=self.town.now)

    def talk(self) -> None:
        """The receiving manager writes down what was said."""
        session, now = self.town.session, self.town.now
        talks.propose_talk(
            session, self.owner(), self.row.ref, local_date(now), words.TALK_AGREED, words.TALK_TO_REPORTER, now=now
        )

    def confirm_talk(self) -> None:
        """The reporting unit's manager confirms it."""
        session = self.town.session
        talk = session.scalars(
            select(Talk).where(Talk.avvikelse_id == self.row.id).order_by(Talk.id.desc()).limit(1)
        ).one()
        position_id = session.scalar(select(Position.id).where(Position.enhet_id == self.row.sender_enhet_id).limit(1))
        chef = self.town.holder(position_id) if position_id is not None else None
        if chef is None or chef.user_id == talk.proposed_by_user_id:
            raise NobodyThere
        talks.confirm_talk(session, chef, self.row.ref, agrees=True, now=self.town.now)

    def withdraw(self) -> None:
        reporting.withdraw(self.town.session, self.reporter(), self.row.ref, now=self.town.now)

    def lift(self) -> None:
        home = self.town.session.scalar(
            select(GroupMembership.group_id).where(GroupMembership.avvikelse_id == self.row.id, GroupMembership.is_home)
        )
        if home is None:
            raise NobodyThere
        now = self.town.now
        session, ref, proposal = self.town.session, self.row.ref, words.LIFTED_PROPOSAL
        question = group_questions.lift(session, self.samordnare(), ref, words.LIFTED, proposal=proposal, now=now)
        if question.approved_at is None:  # the side that has the case says yes to the words too
            group_questions.approve(session, self.owner(), ref, question.id, question.text, now=now)

    def decide(self) -> None:
        question = self.town.session.scalars(
            select(GroupQuestion)
            .where(GroupQuestion.avvikelse_id == self.row.id)
            .order_by(GroupQuestion.id.desc())
            .limit(1)
        ).one()
        convenor = self.town.convenor(question.group_id)
        if convenor is None or question.approved_at is None:
            raise NobodyThere
        due_on = local_date(self.town.now) + timedelta(days=60)
        what, changes = words.DECISIONS[self.number % len(words.DECISIONS)]
        decision = DecisionText(what, words.DECISION_OWNER, due_on, what_changes=changes)
        group_decisions.decide_question(
            self.town.session, convenor, question.group_id or 0, question.ref, decision, publish=True,
            now=self.town.now,
        )  # fmt: skip

    def _words(self) -> words.Reply:
        return words.REPLIES[(self.row.category or "A")[0]]
