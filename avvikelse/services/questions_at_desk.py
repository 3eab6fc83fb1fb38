"""What a samverkansgrupp does with a question at its desk: proposes, answers, sends back, lifts higher.

Deciding stands in group_decisions.py.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from avvikelse.domain.actor import Actor
from avvikelse.domain.errors import Conflict, Invalid, NotFound
from avvikelse.domain.events import Event
from avvikelse.domain.notices import Notice
from avvikelse.domain.vocabulary import Action, GroupQuestionKind, GroupQuestionStatus, Status
from avvikelse.models.avvikelse import Avvikelse
from avvikelse.models.group_work import GroupQuestion
from avvikelse.policy.group_reading import next_above
from avvikelse.services import audit, question_chain
from avvikelse.services.case_access import in_hand
from avvikelse.services.group_access import GroupInHand, convened, role_of, tell_convenors
from avvikelse.services.group_questions import asked_above
from avvikelse.services.guarding import guard
from avvikelse.services.question_words import Proposal, checked_proposal, checked_words, propose
from avvikelse.services.transitions import perform

MAX_ANSWER = 1000
NEEDS_DECISION = frozenset({GroupQuestionKind.LIFTED, GroupQuestionKind.GAP})  # a text alone would leave them open


def at_desk(session: Session, actor: Actor, group_id: int, ref: str) -> tuple[GroupInHand, GroupQuestion]:
    """An open question and the group that the actor convenes.

    Raises NotFound for a question of another group, Forbidden for a member, Conflict when it has been settled.
    """
    group = convened(session, actor, group_id)
    question = session.scalar(
        select(GroupQuestion)
        .where(GroupQuestion.ref == ref, GroupQuestion.group_id == group_id, GroupQuestion.approved_at.is_not(None))
        .with_for_update()
    )
    if question is None:
        raise NotFound
    if question.status is not GroupQuestionStatus.OPEN:
        raise Conflict(f"Frågan är redan klar: {question.status.label.lower()}.")
    return group, question


def answer(session: Session, actor: Actor, group_id: int, ref: str, text: str, *, now: datetime) -> GroupQuestion:
    """Answer without a decision. Raises Conflict for a question that only a decision closes."""
    group, question = at_desk(session, actor, group_id, ref)
    if question.kind in NEEDS_DECISION:
        raise Conflict("Den här frågan avslutas med ett beslut, eller sänds tillbaka med skäl.")
    text = _reply(text, "Skriv gruppens svar.")
    _record(session, group, Event.QUESTION_ANSWERED_BY_GROUP, question, now)
    return _settle(session, question, GroupQuestionStatus.ANSWERED, text, now)


def decline(session: Session, actor: Actor, group_id: int, ref: str, reason: str, *, now: datetime) -> GroupQuestion:
    """Send the question back with reasons: to the group below, to the case's owner, or to who asked.

    Raises Conflict for an ansvarslucka: only a decision closes it, or the group above.
    """
    group, question = at_desk(session, actor, group_id, ref)
    if question.kind is GroupQuestionKind.GAP and question.lifted_from_id is None:
        raise Conflict("En ansvarslucka avslutas bara genom ett beslut. Lyft den om gruppen inte kan besluta.")
    reason = _reply(reason, "Skriv varför gruppen inte tar upp frågan, så att de som frågade förstår.")
    if question.lifted_from_id is None and (row := _waiting_case(session, question)) is not None:
        perform(session, in_hand(session, actor, row), Action.SEND_BACK, now=now, detail={"question": question.id})
    else:
        _record(session, group, Event.QUESTION_DECLINED, question, now)
    return _settle(session, question, GroupQuestionStatus.DECLINED, reason, now)


def lift_on(
    session: Session,
    actor: Actor,
    group_id: int,
    ref: str,
    text: str,
    *,
    proposal: Proposal | None = None,
    now: datetime,
) -> GroupQuestion:
    """Lift an open question to the group above, in the group's own words. It waits for the answer from there.

    `proposal` None = the one that stands goes along.

    Raises Conflict when there is no group above that takes questions, or when it has sent this one back already.
    """
    group, question = at_desk(session, actor, group_id, ref)
    text, proposal = checked_words(text), checked_proposal(proposal) if proposal is not None else None
    above = next_above(group.groups, group.facts)
    if above is None:
        raise Conflict("Det finns ingen grupp ovanför som tar emot frågor. Besluta, eller sänd tillbaka med skäl.")
    if question_chain.sent_back_by(session, question) is not None:
        raise Conflict(f"{above.name} har redan sänt tillbaka frågan med skäl. Nu behöver gruppen besluta själv.")
    waiting = _waiting_case(session, question)
    case = in_hand(session, actor, waiting) if waiting is not None else None  # while the question is still the group's
    higher = asked_above(session, question, above.id, text, actor.user_id, now, proposal)
    if case is not None:
        perform(session, case, Action.LIFT, now=now, detail={"question": higher.id})
    else:
        _record(session, group, Event.QUESTION_LIFTED_ON, question, now)
    tell_convenors(session, above.id, Notice.GROUP_QUESTION, f"q{higher.id}", now=now, except_user_id=actor.user_id)
    return higher


def write_proposal(
    session: Session, actor: Actor, group_id: int, ref: str, proposal: Proposal, *, now: datetime
) -> GroupQuestion:
    """Before the meeting: what the group is proposed to decide, and who would see to it.

    Raises Conflict for a proposal that both sides of a case have approved: what the group thinks of it is its decision.
    """
    group, question = at_desk(session, actor, group_id, ref)
    if question.proposal and not question.proposed_by_group:
        raise Conflict("Förslaget kom med frågan och är godkänt av båda sidor. Skriv gruppens eget i beslutet.")
    proposal = checked_proposal(proposal)
    for field, text, empty in (
        ("proposal", proposal.text, "Skriv vad gruppen föreslås besluta."),
        ("proposed_owner", proposal.owner, "Skriv vilken roll eller verksamhet som föreslås ansvara."),
    ):
        if not text:
            raise Invalid(empty, field=field)
    propose(question, proposal, by_group=True)
    session.flush()
    _record(session, group, Event.QUESTION_PROPOSED, question, now)
    return question


def _waiting_case(session: Session, question: GroupQuestion) -> Avvikelse | None:
    """The case that stands still until this question is settled."""
    if question.kind is not GroupQuestionKind.LIFTED or question.avvikelse_id is None:
        return None
    row = session.get_one(Avvikelse, question.avvikelse_id)
    return row if row.status is Status.WITH_GROUP else None


def _settle(
    session: Session, question: GroupQuestion, status: GroupQuestionStatus, text: str, now: datetime
) -> GroupQuestion:
    question.answer, question.answered_at, question.status = text, now, status
    session.flush()
    question_chain.settled(session, question, now=now)
    return question


def _reply(text: str, empty: str) -> str:
    guard(text=text)
    if not text.strip():
        raise Invalid(empty, field="text")
    if len(text) > MAX_ANSWER:
        raise Invalid(f"Skriv högst {MAX_ANSWER} tecken.", field="text")
    return text.strip()


def _record(session: Session, group: GroupInHand, event: Event, question: GroupQuestion, now: datetime) -> None:
    audit.record(
        session, group.actor, event, now=now, avvikelse_id=question.avvikelse_id, group_id=group.id,
        role=role_of(group.actor, group.id), detail={"question": question.id},
    )  # fmt: skip
