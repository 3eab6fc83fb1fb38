"""Whose yes the words of a question need before a samverkansgrupp reads them. Open when a question does not arrive.

A lifted question tells of both sides, so both approve it: the reporting område's samordnare and everybody who owns the
case. A reporter's own question tells of the reporting side only. Who approves and changes the words asks the others
anew.
"""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from avvikelse.domain.actor import Actor
from avvikelse.domain.vocabulary import GroupQuestionKind, GroupQuestionStatus, PartySide
from avvikelse.domain.workdays import local_date
from avvikelse.models.avvikelse import Avvikelse, Party
from avvikelse.models.group_work import GroupQuestion, QuestionApproval
from avvikelse.policy.visibility import approves_for
from avvikelse.queries import recipients
from avvikelse.services.question_words import Proposal, proposal_of, propose

Yes = tuple[PartySide, int]  # a side of the case, and the område that answers for it


def required(session: Session, row: Avvikelse, kind: GroupQuestionKind, today: date) -> frozenset[Yes]:
    """Whose yes is needed. An område in which nobody could give it is left out, or no question would ever arrive."""
    senders = _of(row, PartySide.SENDER)
    needed = {(PartySide.SENDER, p.omrade_id) for p in senders if recipients.samordnare_of(session, p.omrade_id, today)}
    if kind is GroupQuestionKind.LIFTED or not needed:
        owners = _of(row, PartySide.OWNER)
        needed |= {(PartySide.OWNER, p.omrade_id) for p in owners if _somebody(session, p, today)}
    return frozenset(needed)


def missing(session: Session, row: Avvikelse, party: Party) -> bool:
    """Does a question from the case wait for this party's yes?"""
    waiting = session.scalars(
        select(GroupQuestion.id).where(
            GroupQuestion.avvikelse_id == row.id,
            GroupQuestion.status == GroupQuestionStatus.OPEN,
            GroupQuestion.approved_at.is_(None),
        )
    )
    return any((party.side, party.omrade_id) not in given(session, question_id) for question_id in waiting)


def groups_asked(session: Session, avvikelse_id: int) -> tuple[int, ...]:
    """The groups that can read an open question from the case now."""
    found = session.scalars(
        select(GroupQuestion.group_id).where(
            GroupQuestion.avvikelse_id == avvikelse_id,
            GroupQuestion.status == GroupQuestionStatus.OPEN,
            GroupQuestion.approved_at.is_not(None),
            GroupQuestion.group_id.is_not(None),
        )
    )
    return tuple(group_id for group_id in found if group_id is not None)


def given(session: Session, question_id: int) -> frozenset[Yes]:
    """Who has approved."""
    rows = session.execute(
        select(QuestionApproval.side, QuestionApproval.omrade_id).where(QuestionApproval.question_id == question_id)
    )
    return frozenset((side, omrade_id) for side, omrade_id in rows)


def give(
    session: Session,
    question: GroupQuestion,
    row: Avvikelse,
    actor: Actor,
    text: str,
    proposal: Proposal,
    *,
    now: datetime,
) -> bool:
    """Approve the words for the actor's side. True when nobody's yes is missing any more."""
    if (text, proposal) != (question.text, proposal_of(question)):
        question.text = text
        propose(question, proposal, by_group=False)
        session.execute(delete(QuestionApproval).where(QuestionApproval.question_id == question.id))
    have, own = given(session, question.id), approves_for(actor, row)
    session.add_all(
        QuestionApproval(question_id=question.id, side=side, omrade_id=omrade_id, at=now, by_user_id=actor.user_id)
        for side, omrade_id in sorted(own - have)
    )
    session.flush()
    if required(session, row, question.kind, local_date(now)) <= have | own:
        question.approved_at = question.approved_at or now
    return question.approved_at is not None


def _of(row: Avvikelse, side: PartySide) -> list[Party]:
    return [party for party in row.parties if party.side is side]


def _somebody(session: Session, party: Party, today: date) -> bool:
    has_chef = party.position_id is not None and recipients.for_position(session, party, party.position_id, today)
    return bool(has_chef or recipients.samordnare_of(session, party.omrade_id, today))
