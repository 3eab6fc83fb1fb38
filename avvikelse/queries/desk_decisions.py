"""A samverkansgrupp's decisions and questions, as its desk shows them. Open also for what its month needs of them:

open_decisions(session, group_id, today)    what is not done: owner, days late, times carried
open_questions(session, group_id)           what waits for the group's decision
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from avvikelse.domain.carrying import days_late, must_choose
from avvikelse.domain.errors import NotFound
from avvikelse.domain.group_words import LIVING_DECISIONS, DecisionStatus, DecisionStep, GapOutcome
from avvikelse.domain.vocabulary import GroupQuestionKind, GroupQuestionStatus
from avvikelse.domain.workdays import local_date
from avvikelse.models.group_decisions import DecisionEvent, GroupDecision
from avvikelse.models.group_work import GroupQuestion
from avvikelse.models.groups import Samverkansgrupp
from avvikelse.models.themes import ProblemType
from avvikelse.queries.desk import DeskHead
from avvikelse.queries.joint_room import LiftedText, lifted_texts

SHOWN_ENDED = 30
SHOWN_SETTLED = 30


@dataclass(frozen=True, slots=True)
class DecisionRow:
    """A decision in a list. `must_choose` = it has been carried as often as it may."""

    ref: str
    text: str
    owner: str
    decided_on: date
    due_on: date
    days_late: int
    carried: int
    must_choose: bool
    status: DecisionStatus
    ended_on: date | None
    published_on: date | None
    publish_by: date
    theme: str | None
    gap: GapOutcome | None


@dataclass(frozen=True, slots=True)
class EventRow:
    at: datetime
    step: DecisionStep
    text: str | None
    owner: str | None
    due_on: date | None


@dataclass(frozen=True, slots=True)
class DecisionPage:
    """One decision. `internal_text` only for the group's own members; `may_lift` says whether lifting is a choice."""

    row: DecisionRow
    what_changes: str | None
    ask: str | None
    internal_text: str | None
    events: tuple[EventRow, ...]
    may_lift: bool
    version: int


@dataclass(frozen=True, slots=True)
class QuestionRow:
    """A question in a list. `answer` = the decision, the group's text, or its reasons.

    `may_propose`: it has no proposal, or one of the group's own.
    """

    ref: str
    kind: GroupQuestionKind
    text: str
    raised_on: date
    status: GroupQuestionStatus
    answer: str | None
    settled_on: date | None
    theme: str | None
    proposal: str = ""
    proposed_owner: str = ""
    may_propose: bool = True


@dataclass(frozen=True, slots=True)
class QuestionPage:
    """One question. `sent_back`: (group above, its reasons). `about`: the decision that it asks about.

    `texts`, `disagreement`: what two managers wrote in the joint room that the question comes from.
    """

    row: QuestionRow
    open: bool
    needs_decision: bool
    may_decline: bool
    may_lift: bool
    sent_back: tuple[str, str] | None
    about: str | None
    texts: tuple[LiftedText, ...] = ()
    disagreement: str | None = None


def open_decisions(session: Session, group_id: int, today: date) -> tuple[DecisionRow, ...]:
    """Not done yet: first what the group must choose about, then the latest due."""
    found = _decisions(session, today, GroupDecision.group_id == group_id, GroupDecision.status.in_(LIVING_DECISIONS))
    return tuple(sorted(found, key=lambda row: (not row.must_choose, row.due_on)))


def ended_decisions(session: Session, group_id: int, today: date) -> tuple[DecisionRow, ...]:
    """The latest that are done or closed."""
    where = (GroupDecision.group_id == group_id, GroupDecision.status.not_in(LIVING_DECISIONS))
    return _decisions(session, today, *where, newest=SHOWN_ENDED)


def decisions_of_meeting(session: Session, meeting_id: int, today: date) -> tuple[DecisionRow, ...]:
    return _decisions(session, today, GroupDecision.meeting_id == meeting_id)


def decision_page(session: Session, desk: DeskHead, ref: str) -> DecisionPage:
    """Raises NotFound for a decision of another group."""
    where = (GroupDecision.ref == ref, GroupDecision.group_id == desk.id)
    decision = session.scalar(select(GroupDecision).where(*where))
    if decision is None:
        raise NotFound
    (row,) = _decisions(session, desk.today, *where)
    events = session.scalars(
        select(DecisionEvent).where(DecisionEvent.decision_id == decision.id).order_by(DecisionEvent.id)
    )
    declined = select(GroupQuestion.id).where(
        GroupQuestion.about_decision_id == decision.id, GroupQuestion.status == GroupQuestionStatus.DECLINED
    )
    return DecisionPage(
        row, decision.what_changes, decision.ask, decision.internal_text if desk.own else None,
        tuple(EventRow(e.at, e.step, e.text, e.owner, e.due_on) for e in events),
        may_lift=desk.above is not None and session.scalar(declined.limit(1)) is None,
        version=decision.version_id,
    )  # fmt: skip


def _decisions(
    session: Session, today: date, *where: ColumnElement[bool], newest: int | None = None
) -> tuple[DecisionRow, ...]:
    query = (
        select(GroupDecision, ProblemType.name)
        .outerjoin(ProblemType, ProblemType.id == GroupDecision.problem_type_id)
        .where(*where)
    )
    if newest is not None:
        query = query.order_by(GroupDecision.ended_on.desc(), GroupDecision.id.desc()).limit(newest)
    else:
        query = query.order_by(GroupDecision.id)
    return tuple(
        DecisionRow(
            d.ref, d.text, d.owner, local_date(d.decided_at), d.due_on,
            days_late(d.due_on, today) if d.ended_on is None else 0, d.carried, must_choose(d.status, d.carried),
            d.status, d.ended_on, local_date(d.published_at) if d.published_at else None, d.publish_by, theme,
            d.gap_outcome,
        )
        for d, theme in session.execute(query)
    )  # fmt: skip


# --- questions --------------------------------------------------------------------------------------------------------


def open_questions(session: Session, group_id: int) -> tuple[QuestionRow, ...]:
    """Approved words that wait for the group, oldest first; responsibility gaps before the others."""
    found = _questions(session, group_id, GroupQuestion.status == GroupQuestionStatus.OPEN)
    return tuple(sorted(found, key=lambda row: (row.kind is not GroupQuestionKind.GAP, row.raised_on)))


def waiting_above(session: Session, group_id: int) -> tuple[QuestionRow, ...]:
    """What the group has lifted and waits for."""
    return _questions(session, group_id, GroupQuestion.status == GroupQuestionStatus.LIFTED)


def settled_questions(session: Session, group_id: int) -> tuple[QuestionRow, ...]:
    """The latest that have got an answer."""
    done = (GroupQuestionStatus.DECIDED, GroupQuestionStatus.ANSWERED, GroupQuestionStatus.DECLINED)
    return _questions(session, group_id, GroupQuestion.status.in_(done))[::-1][:SHOWN_SETTLED]


def question_page(session: Session, desk: DeskHead, ref: str) -> QuestionPage:
    """Raises NotFound for a question of another group, or one whose words are not approved."""
    found = _questions(session, desk.id, GroupQuestion.ref == ref)
    if not found:
        raise NotFound
    (row,) = found
    question = session.scalars(select(GroupQuestion).where(GroupQuestion.ref == ref)).one()
    back = session.execute(
        select(Samverkansgrupp.name, GroupQuestion.answer)
        .join(Samverkansgrupp, Samverkansgrupp.id == GroupQuestion.group_id)
        .where(GroupQuestion.lifted_from_id == question.id, GroupQuestion.status == GroupQuestionStatus.DECLINED)
        .order_by(GroupQuestion.id.desc())
    ).first()
    is_gap = row.kind is GroupQuestionKind.GAP
    texts, disagreement = lifted_texts(session, question.room_id) if desk.own else ((), None)
    return QuestionPage(
        row, open=row.status is GroupQuestionStatus.OPEN,
        needs_decision=is_gap or row.kind is GroupQuestionKind.LIFTED,
        may_decline=not is_gap or question.lifted_from_id is not None,
        may_lift=desk.above is not None and back is None,
        sent_back=(back[0], back[1] or "") if back is not None else None,
        about=session.scalar(select(GroupDecision.text).where(GroupDecision.id == question.about_decision_id)),
        texts=texts, disagreement=disagreement,
    )  # fmt: skip


def room_texts(session: Session, desk: DeskHead) -> dict[str, tuple[tuple[LiftedText, ...], str | None]]:
    """By question: what two managers wrote before the group was asked. Only for the group's own members."""
    if not desk.own:
        return {}
    rows = session.execute(
        select(GroupQuestion.ref, GroupQuestion.room_id).where(
            GroupQuestion.group_id == desk.id,
            GroupQuestion.status == GroupQuestionStatus.OPEN,
            GroupQuestion.approved_at.is_not(None),
            GroupQuestion.room_id.is_not(None),
        )
    )
    return {ref: lifted_texts(session, room_id) for ref, room_id in rows}


def _questions(session: Session, group_id: int, *where: ColumnElement[bool]) -> tuple[QuestionRow, ...]:
    query = (
        select(GroupQuestion, GroupDecision.text, GroupDecision.decided_at, ProblemType.name)
        .outerjoin(GroupDecision, GroupDecision.id == GroupQuestion.decision_id)
        .outerjoin(ProblemType, ProblemType.id == GroupQuestion.problem_type_id)
        .where(GroupQuestion.group_id == group_id, GroupQuestion.approved_at.is_not(None), *where)
        .order_by(GroupQuestion.raised_at, GroupQuestion.id)
    )
    return tuple(
        QuestionRow(
            q.ref, q.kind, q.text, local_date(q.raised_at), q.status, text or q.answer,
            _day(decided_at) or _day(q.answered_at), theme, q.proposal or "", q.proposed_owner or "",
            may_propose=not q.proposal or q.proposed_by_group,
        )
        for q, text, decided_at, theme in session.execute(query)
    )  # fmt: skip


def _day(at: datetime | None) -> date | None:
    return local_date(at) if at is not None else None
