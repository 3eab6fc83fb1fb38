"""What a settled question sets going: the question below it, the decision it was about, and who asked.

A question that was lifted higher waits for the one above: a decision or an answer travels all the way down, reasons
open the lower one again.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from avvikelse.domain.group_words import DecisionStatus, DecisionStep
from avvikelse.domain.notices import Notice
from avvikelse.domain.vocabulary import GroupQuestionKind, GroupQuestionStatus
from avvikelse.domain.workdays import local_date
from avvikelse.domain.workflow import Audience
from avvikelse.models.avvikelse import Avvikelse
from avvikelse.models.group_decisions import DecisionEvent, GroupDecision
from avvikelse.models.group_work import GroupQuestion
from avvikelse.models.groups import Samverkansgrupp
from avvikelse.services import outbox, telling
from avvikelse.services.group_access import tell_convenors


def settled(session: Session, question: GroupQuestion, *, now: datetime) -> None:
    """Pass on what has become of the question. Its status, and its answer or decision, stand already."""
    if question.about_decision_id is not None:
        _decision_below(session, question, now=now)
    if question.lifted_from_id is None:
        _tell_asker(session, question, now=now)
        return
    lower = session.get_one(GroupQuestion, question.lifted_from_id, with_for_update=True)
    if question.status is GroupQuestionStatus.DECLINED:
        lower.status = GroupQuestionStatus.OPEN
    else:
        lower.answer, lower.answered_at = question.answer, question.answered_at
        lower.decision_id, lower.status = question.decision_id, question.status
    session.flush()
    if lower.group_id is not None:
        tell_convenors(session, lower.group_id, Notice.QUESTION_RETURNED, f"q{question.id}", now=now)
    if lower.status is not GroupQuestionStatus.OPEN:
        settled(session, lower, now=now)


def sent_back_by(session: Session, question: GroupQuestion) -> GroupQuestion | None:
    """The one lifted from this question that the group above has sent back, the latest."""
    query = select(GroupQuestion).where(
        GroupQuestion.lifted_from_id == question.id, GroupQuestion.status == GroupQuestionStatus.DECLINED
    )
    return session.scalar(query.order_by(GroupQuestion.id.desc()).limit(1))


def _decision_below(session: Session, question: GroupQuestion, *, now: datetime) -> None:
    """A decision that the lower group could not carry out: replaced by the one above, or back with its reasons."""
    decision = session.get_one(GroupDecision, question.about_decision_id, with_for_update=True)
    above = session.scalar(select(Samverkansgrupp.name).where(Samverkansgrupp.id == question.group_id))
    if question.status is GroupQuestionStatus.DECIDED:
        decided = session.get_one(GroupDecision, question.decision_id)
        decision.status, decision.ended_on = DecisionStatus.CLOSED, local_date(now)
        step, text = DecisionStep.CLOSED, f"{above} har beslutat: {decided.text}"
    else:
        decision.status = DecisionStatus.OPEN
        step, text = DecisionStep.SENT_BACK, f"{above} svarar: {question.answer}"
    session.add(DecisionEvent(decision_id=decision.id, at=now, step=step, text=text))
    session.flush()
    tell_convenors(session, decision.group_id, Notice.QUESTION_RETURNED, f"q{question.id}", now=now)


def _tell_asker(session: Session, question: GroupQuestion, *, now: datetime) -> None:
    """Whoever put a question of her own hears of the answer. A reporter hears of a decision when it is published."""
    if question.kind is not GroupQuestionKind.PROPOSAL:
        return
    row = session.get(Avvikelse, question.avvikelse_id) if question.avvikelse_id is not None else None
    if row is not None:
        if question.status is not GroupQuestionStatus.DECIDED:
            telling.send(session, row, Notice.GROUP_ANSWERED, Audience.REPORTER, now=now, key=f"q{question.id}")
    elif question.raised_by_user_id is not None:
        outbox.queue(
            session, Notice.PROPOSAL_ANSWERED, to_user_id=question.raised_by_user_id,
            dedup_key=f"{Notice.PROPOSAL_ANSWERED.value}:q{question.id}", now=now,
        )  # fmt: skip
