"""The desk of one samverkansgrupp in the demo, and what its convenor does there. Every step is one call of a service.

Which group does what when stands in group_stories.py; its words in group_words.py.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import select

from avvikelse.dev.group_words import DECISION_DONE, NOTES, PLACE, Decision, Place, Theme
from avvikelse.dev.town import Town
from avvikelse.dev.words import DECISIONS
from avvikelse.domain.actor import Actor
from avvikelse.domain.group_words import CandidateStatus, DecisionStatus, MeetingKind, Presence
from avvikelse.domain.months import month_of, shift
from avvikelse.domain.workdays import add_workdays, local_date
from avvikelse.models.group_decisions import GroupDecision
from avvikelse.models.group_work import GroupQuestion
from avvikelse.models.groups import Samverkansgrupp
from avvikelse.models.meetings import AgendaItem, GroupMeeting, GroupSeat
from avvikelse.models.themes import ProblemType, ThemeCandidate, ThemeCandidateCase
from avvikelse.services import (
    agenda,
    group_decisions,
    group_meetings,
    group_questions,
    group_register,
    meeting_papers,
    minutes,
    month_notes,
    questions_at_desk,
    themes,
)  # fmt: skip
from avvikelse.services.group_decisions import DecisionText
from avvikelse.services.group_meetings import Plan
from avvikelse.services.group_register import SeatWords
from avvikelse.services.question_words import NO_PROPOSAL, Proposal
from avvikelse.services.themes import ThemeWords

PAPERS_BEFORE = 10  # working days
MINUTES_AFTER = 4


@dataclass(slots=True)
class Desk:
    """A group, its convenor, and what has come of it so far."""

    town: Town
    group_id: int
    convenor: Actor

    @classmethod
    def of(cls, town: Town, pack: str, slug: str) -> Desk:
        """Raises LookupError for a group that nobody in the demo convenes."""
        group = town.find(Samverkansgrupp, pack, slug)
        convenor = town.convenor(group.id)
        if convenor is None:
            raise LookupError(slug)
        return cls(town, group.id, convenor)

    @property
    def today(self) -> date:
        return local_date(self.town.now)

    # --- who sits there

    def settle(self, places: tuple[Place, ...], mandate: str, decided_by: str, until: datetime) -> None:
        """The places in words of its own instead of the pack's, and what the group is for."""
        session, now = self.town.session, self.town.now
        for seat_id in session.scalars(select(GroupSeat.id).where(GroupSeat.group_id == self.group_id)).all():
            group_register.end_seat(session, self.convenor, self.group_id, seat_id, now=now)
        for place in places:
            ends = local_date(until) + timedelta(days=place.term_left) if place.term_left else None
            words = SeatWords(
                place.name, place.kind, place.unit_kind, convenes=place.convenes, vacant=place.vacant,
                term_from=self.today if ends else None, term_to=ends,
            )  # fmt: skip
            group_register.add_seat(session, self.convenor, self.group_id, words, now=now)
        group_register.write_mandate(
            session, self.convenor, self.group_id, mandate, decided_by, self.today, None, now=now
        )

    # --- meetings

    def meeting(self, meets_on: date, decisions: tuple[Decision, ...], *, absent: str, invited: str) -> Iterator[float]:
        """Planned three weeks before, prepared, held, written up and published."""
        ref = self.plan(meets_on, invited=invited)
        while add_workdays(self.today, PAPERS_BEFORE) < meets_on:
            yield 1
        self.prepare(ref)
        yield (meets_on - self.today).days
        session, now = self.town.session, self.town.now
        group_meetings.open_meeting(session, self.convenor, self.group_id, ref, now=now)
        self.write_notes(ref)
        self.end_what_was_lifted()
        for decision in decisions:
            self.decide(decision)
        self.attend(ref, absent)
        group_meetings.close(session, self.convenor, self.group_id, ref, now=now)
        yield MINUTES_AFTER
        minutes.publish(session, self.convenor, self.group_id, ref, now=self.town.now)

    def plan(self, meets_on: date, *, invited: str = "") -> str:
        kind = MeetingKind.FOLLOW_UP if invited else MeetingKind.ORDINARY
        wanted = Plan(meets_on, kind, "13.00", PLACE, invited)
        return group_meetings.plan(self.town.session, self.convenor, self.group_id, wanted, now=self.town.now).ref

    def cancel(self, ref: str, reason: str) -> None:
        group_meetings.cancel(self.town.session, self.convenor, self.group_id, ref, reason, now=self.town.now)

    def prepare(self, ref: str) -> None:
        """The papers; a group that gets no cases has none."""
        meeting_id = self.town.session.scalars(select(GroupMeeting.id).where(GroupMeeting.ref == ref)).one()
        meeting_papers.make_papers(self.town.session, meeting_id, now=self.town.now)

    def write_notes(self, ref: str) -> None:
        session = self.town.session
        keys = session.scalars(
            select(AgendaItem.key)
            .join(GroupMeeting, GroupMeeting.id == AgendaItem.meeting_id)
            .where(GroupMeeting.ref == ref)
            .order_by(AgendaItem.place.desc())
            .limit(len(NOTES))
        ).all()
        for key, note in zip(keys, NOTES, strict=False):
            agenda.write(session, self.convenor, self.group_id, ref, key, note, "", now=self.town.now)

    def attend(self, ref: str, absent: str) -> None:
        """Everybody was there but `absent`; what is vacant nobody marks."""
        seats = self.town.session.execute(
            select(GroupSeat.id, GroupSeat.name).where(
                GroupSeat.group_id == self.group_id, GroupSeat.ended_on.is_(None), GroupSeat.vacant.is_(False)
            )
        )
        seen = {seat_id: Presence.MISSING if name == absent else Presence.PRESENT for seat_id, name in seats}
        group_meetings.note_attendance(self.town.session, self.convenor, self.group_id, ref, seen, now=self.town.now)

    # --- decisions and questions

    def decide(self, decision: Decision) -> None:
        """About the theme that it names, else by itself."""
        words = DecisionText(
            decision.text, decision.owner, self.today + timedelta(days=decision.days), what_changes=decision.changes,
            internal_text=decision.internal,
        )  # fmt: skip
        session, now = self.town.session, self.town.now
        theme = session.scalar(
            select(ProblemType.id).where(ProblemType.group_id == self.group_id, ProblemType.name == decision.theme)
        )
        group_decisions.decide(session, self.convenor, self.group_id, words, problem_type_id=theme, now=now)

    def _ref(self, text: str) -> str:
        """Of the decision with these words."""
        query = select(GroupDecision.ref).where(GroupDecision.group_id == self.group_id, GroupDecision.text == text)
        return self.town.session.scalars(query).one()

    def done(self, decision: Decision, outcome: str) -> None:
        group_decisions.mark_done(
            self.town.session, self.convenor, self.group_id, self._ref(decision.text), outcome, now=self.town.now
        )

    def end_what_was_lifted(self) -> None:
        """Decisions on questions from cases are carried out when the group has met again."""
        session = self.town.session
        query = select(GroupDecision.ref).where(
            GroupDecision.group_id == self.group_id, GroupDecision.carried >= 1,
            GroupDecision.text.in_([text for text, _ in DECISIONS]), GroupDecision.status == DecisionStatus.OPEN,
        )  # fmt: skip
        for ref in session.scalars(query).all():
            group_decisions.mark_done(session, self.convenor, self.group_id, ref, DECISION_DONE, now=self.town.now)

    def lift(self, decision: Decision, question: str, proposal: Proposal) -> None:
        ref = self._ref(decision.text)
        group_decisions.lift(
            self.town.session, self.convenor, self.group_id, ref, question, proposal=proposal, now=self.town.now
        )

    def ask(self, member: Actor, question: str, proposal: Proposal = NO_PROPOSAL) -> None:
        group_questions.put(self.town.session, member, self.group_id, question, proposal=proposal, now=self.town.now)

    def answer(self, question: str, text: str) -> None:
        ref = self.town.session.scalars(
            select(GroupQuestion.ref).where(GroupQuestion.group_id == self.group_id, GroupQuestion.text == question)
        ).one()
        questions_at_desk.answer(self.town.session, self.convenor, self.group_id, ref, text, now=self.town.now)

    # --- themes, and the month

    def look(self) -> None:
        """What the job does every night."""
        themes.look_for_patterns(self.town.session, self.group_id, now=self.town.now)

    def confirm(self, theme: Theme) -> None:
        """The pattern of the theme's category becomes a theme, if it is seen by now."""
        session = self.town.session
        found = session.execute(
            select(ThemeCandidate.id, ThemeCandidate.ref).where(
                ThemeCandidate.group_id == self.group_id, ThemeCandidate.status == CandidateStatus.WAITING,
                ThemeCandidate.category == theme.category,
            ).limit(1)
        ).first()  # fmt: skip
        words = ThemeWords(theme.name, theme.sentence, theme.owner, theme.watched, theme.contribute, theme.monday)
        if found is None:
            themes.add(session, self.convenor, self.group_id, words, now=self.town.now)
            return
        places = session.scalars(
            select(ThemeCandidateCase.place).where(ThemeCandidateCase.candidate_id == found.id)
        ).all()
        made = themes.confirm(session, self.convenor, self.group_id, found.ref, places, None, words, now=self.town.now)
        themes.change(session, self.convenor, self.group_id, made.ref, words, now=self.town.now)

    def gather(self, theme: Theme) -> None:
        """What has come since to a theme that the group knows is confirmed too, if anything has."""
        session = self.town.session
        found = session.execute(
            select(ThemeCandidate.id, ThemeCandidate.ref, ProblemType.ref.label("theme"))
            .join(ProblemType, ProblemType.id == ThemeCandidate.problem_type_id)
            .where(
                ThemeCandidate.group_id == self.group_id, ThemeCandidate.status == CandidateStatus.WAITING,
                ProblemType.name == theme.name,
            )
            .limit(1)
        ).first()  # fmt: skip
        if found is not None:
            places = session.scalars(
                select(ThemeCandidateCase.place).where(ThemeCandidateCase.candidate_id == found.id)
            ).all()
            themes.confirm(
                session, self.convenor, self.group_id, found.ref, places, found.theme, None, now=self.town.now
            )

    def comment(self, text: str) -> None:
        """On the month before this one."""
        month = shift(month_of(self.today), -1)
        month_notes.comment(
            self.town.session, self.convenor, self.group_id, month, text, seen_version=0, now=self.town.now
        )
