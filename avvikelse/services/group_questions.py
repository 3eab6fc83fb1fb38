"""What is asked of a samverkansgrupp, and by whom. What the group does with it: questions_at_desk.py.

From a case: a lifted question, an ansvarslucka, the reporter's own question. Without a case: a member's proposal, and
what a theme or a decision asks. Each gets an answer: a decision, a text, or reasons.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from avvikelse.domain.actor import SYSTEM, Actor
from avvikelse.domain.codes import unit_type_label
from avvikelse.domain.errors import Conflict, NotFound
from avvikelse.domain.events import Event
from avvikelse.domain.joint_room import RoomOutcome
from avvikelse.domain.notices import Notice
from avvikelse.domain.vocabulary import Action, GroupQuestionKind, GroupQuestionStatus
from avvikelse.domain.workflow import Audience
from avvikelse.models.avvikelse import Avvikelse, GroupMembership
from avvikelse.models.group_work import GroupQuestion
from avvikelse.policy.group_reading import next_above
from avvikelse.policy.permission_map import Permission
from avvikelse.queries.group_desk import groups_beside
from avvikelse.services import audit, clocks, question_approvals, question_chain, telling
from avvikelse.services.case_access import find, require, unchanged
from avvikelse.services.group_access import joined, role_of, tell_convenors
from avvikelse.services.guarding import guard
from avvikelse.services.question_words import (
    MAX_QUESTION,
    NO_PROPOSAL,
    Proposal,
    as_seen,
    checked_proposal,
    checked_words,
    proposal_of,
    propose,
)
from avvikelse.services.refs import new_ref
from avvikelse.services.rooms import close_room
from avvikelse.services.transitions import perform, perform_as_system


def home_group(session: Session, row: Avvikelse) -> int | None:
    """The lowest group of the case: lifts go there. None = "ingen grupp"."""
    return session.scalar(
        select(GroupMembership.group_id).where(GroupMembership.avvikelse_id == row.id, GroupMembership.is_home)
    )


def has_home_group(session: Session, row: Avvikelse) -> bool:
    return home_group(session, row) is not None


# --- from a case ------------------------------------------------------------------------------------------------------


def lift(
    session: Session,
    actor: Actor,
    ref: str,
    text: str,
    *,
    proposal: Proposal = NO_PROPOSAL,
    version: int | None = None,
    now: datetime,
) -> GroupQuestion:
    """Lift a rewritten question to the home group, which reads it when both sides have approved the words."""
    case = find(session, actor, ref, version=version)
    text, proposal = checked_words(text), checked_proposal(proposal)
    question = open_question(session, case.row, GroupQuestionKind.LIFTED, text, actor.user_id, None, now)
    propose(question, proposal, by_group=False)
    room = close_room(session, case.row, RoomOutcome.LIFTED, now=now)
    question.room_id = room.id if room is not None else None
    perform(session, case, Action.LIFT, now=now, detail={"question": question.id})
    if question_approvals.give(session, question, case.row, actor, text, proposal, now=now):
        _arrives(session, question, case.row, now=now)
    return question


def ask(
    session: Session, actor: Actor, ref: str, text: str, *, version: int | None = None, now: datetime
) -> GroupQuestion:
    """The reporter asks the group something through the own case, which stays where it is.

    The own samordnare approves the words first. Raises Conflict when no group covers the case, or when one question
    waits already.
    """
    case = find(session, actor, ref, version=version)
    require(case, Permission.ASK_GROUP)
    text = checked_words(text)
    if not has_home_group(session, case.row):
        raise Conflict("Ingen samverkansgrupp är registrerad för det här ärendet. Kontakta samordnaren.")
    waiting = session.scalar(
        select(GroupQuestion.id).where(
            GroupQuestion.avvikelse_id == case.row.id,
            GroupQuestion.kind == GroupQuestionKind.PROPOSAL,
            GroupQuestion.status == GroupQuestionStatus.OPEN,
        )
    )
    if waiting is not None:
        raise Conflict("Du har redan en fråga hos gruppen. Vänta på svaret, så kan du ställa nästa.")
    question = open_question(session, case.row, GroupQuestionKind.PROPOSAL, text, actor.user_id, None, now)
    audit.record(
        session, actor, Event.GROUP_ASKED, now=now, avvikelse_id=case.row.id, role=case.role,
        detail={"question": question.id},
    )  # fmt: skip
    telling.send(session, case.row, Notice.LIFT_TO_APPROVE, Audience.SENDER_SAMORDNARE, now=now)
    if question_approvals.give(session, question, case.row, actor, text, NO_PROPOSAL, now=now):
        _arrives(session, question, case.row, now=now)
    return question


def approve(
    session: Session,
    actor: Actor,
    ref: str,
    question_id: int,
    text: str,
    *,
    proposal: Proposal | None = None,
    seen: str | None = None,
    now: datetime,
) -> GroupQuestion:
    """Approve the words for the own side, perhaps changed; the group reads them when nobody's yes is missing.

    `proposal` None = as it stands. `seen`: the words as the form was opened with them (`as_seen`).
    """
    case = find(session, actor, ref)
    require(case, Permission.APPROVE_QUESTION)
    guard(text=text)
    question = session.get(GroupQuestion, question_id)
    if question is None or question.avvikelse_id != case.row.id:
        raise NotFound
    if question.approved_at is not None:
        raise Conflict("Gruppen läser redan frågan.")
    there = proposal_of(question)
    proposal = there if proposal is None else checked_proposal(proposal)
    unchanged(as_seen(question.text, there), seen, as_seen(text, proposal))
    text = text.strip()[:MAX_QUESTION] or question.text
    changed = (text, proposal) != (question.text, there)
    arrived = question_approvals.give(session, question, case.row, actor, text, proposal, now=now)
    clocks.look_again(session, case.row)
    audit.record(
        session, actor, Event.QUESTION_APPROVED, now=now, avvikelse_id=case.row.id, role=case.role,
        detail={"question": question.id, "changed": changed},
    )  # fmt: skip
    if arrived:
        _arrives(session, question, case.row, now=now)
    elif changed:
        for audience in (Audience.SENDER_SAMORDNARE, Audience.OWNER):
            telling.send(
                session, case.row, Notice.LIFT_TO_APPROVE, audience, now=now, except_user_id=actor.user_id,
                key=f"q{question.id}v{len(text)}:{now:%Y%m%d%H%M}",
            )  # fmt: skip
    return question


def open_by_third_nej(session: Session, row: Avvikelse, *, now: datetime) -> GroupQuestion:
    """The reporter has said "Nej" three times: the group is asked, without any case text."""
    text = "Rapportören har tre gånger svarat att svaret inte löser frågan. Hur kommer parterna vidare?"
    return open_question(session, row, GroupQuestionKind.LIFTED, text, None, now, now)


def lift_by_clock(session: Session, row: Avvikelse, text: str, *, now: datetime) -> GroupQuestion:
    """The time has run out: the home group gets a question that the system words, without any case text."""
    question = open_question(session, row, GroupQuestionKind.LIFTED, text, None, now, now)
    perform_as_system(session, row, Action.LIFT, now=now, detail={"question": question.id})
    return question


def show_silence(session: Session, row: Avvikelse, kind: str, *, now: datetime) -> GroupQuestion:
    """An inbjuden part does not answer: the group sees it and may decide; the case stays where it is."""
    text = f"{unit_type_label(kind)} har inte svarat på en avvikelse i tid. Hur går gruppen vidare?"
    question = open_question(session, row, GroupQuestionKind.SILENCE, text, None, now, now)
    audit.record(session, SYSTEM, Event.SILENCE_SHOWN, now=now, avvikelse_id=row.id, detail={"question": question.id})
    return question


def end_silence(session: Session, row: Avvikelse, *, now: datetime) -> None:
    """The party has answered after all."""
    for question in session.scalars(
        select(GroupQuestion).where(
            GroupQuestion.avvikelse_id == row.id,
            GroupQuestion.kind == GroupQuestionKind.SILENCE,
            GroupQuestion.status == GroupQuestionStatus.OPEN,
        )
    ):
        question.answer, question.answered_at = "Parten har svarat.", now
        question.status = GroupQuestionStatus.ANSWERED


def lift_above(session: Session, row: Avvikelse, *, now: datetime) -> bool:
    """The group has not decided in time: the nearest group above that reads avvikelser is asked the same.

    False when there is no such group, or when it has sent the question back already.
    """
    question = session.scalar(
        select(GroupQuestion)
        .where(
            GroupQuestion.avvikelse_id == row.id,
            GroupQuestion.kind == GroupQuestionKind.LIFTED,
            GroupQuestion.status == GroupQuestionStatus.OPEN,
            GroupQuestion.approved_at.is_not(None),
        )
        .order_by(GroupQuestion.id.desc())
        .limit(1)
    )
    above = group_above(session, question.group_id) if question is not None else None
    if question is None or above is None or question_chain.sent_back_by(session, question) is not None:
        return False
    higher = asked_above(session, question, above, question.text, None, now)
    perform_as_system(session, row, Action.LIFT, now=now, detail={"question": higher.id, "group": above})
    return True


def group_above(session: Session, group_id: int | None) -> int | None:
    """The nearest active group above that reads avvikelser without asking for them."""
    if group_id is None:
        return None
    groups = groups_beside(session, group_id)
    above = next_above(groups, groups[group_id])
    return above.id if above is not None else None


def asked_above(
    session: Session,
    question: GroupQuestion,
    above_id: int,
    text: str,
    by: int | None,
    now: datetime,
    proposal: Proposal | None = None,
) -> GroupQuestion:
    """The question one level up; the lower one waits for it. `proposal` None = the lower one's goes along."""
    higher = new_question(above_id, question.kind, text, by, now)
    higher.avvikelse_id, higher.problem_type_id = question.avvikelse_id, question.problem_type_id
    higher.lifted_from_id, higher.room_id = question.id, question.room_id
    propose(higher, proposal or proposal_of(question), by_group=proposal is not None or question.proposed_by_group)
    session.add(higher)
    question.status = GroupQuestionStatus.LIFTED
    session.flush()
    return higher


def open_question(
    session: Session,
    row: Avvikelse,
    kind: GroupQuestionKind,
    text: str,
    by: int | None,
    approved: datetime | None,
    now: datetime,
) -> GroupQuestion:
    question = GroupQuestion(
        ref=new_ref(),
        avvikelse_id=row.id,
        group_id=home_group(session, row),
        kind=kind,
        text=text,
        raised_at=now,
        raised_by_user_id=by,
        approved_at=approved,
        status=GroupQuestionStatus.OPEN,
    )
    session.add(question)
    clocks.look_again(session, row)
    return question


def _arrives(session: Session, question: GroupQuestion, row: Avvikelse, *, now: datetime) -> None:
    """The words are approved: the group is told."""
    telling.send(session, row, Notice.GROUP_QUESTION, Audience.CONVENOR, now=now, key=f"q{question.id}")


# --- without a case ---------------------------------------------------------------------------------------------------


def put(
    session: Session, actor: Actor, group_id: int, text: str, *, proposal: Proposal = NO_PROPOSAL, now: datetime
) -> GroupQuestion:
    """Any member puts a question to her group. It stands on the next agenda and gets an answer."""
    group = joined(session, actor, group_id)
    question = new_question(group.id, GroupQuestionKind.PROPOSAL, checked_words(text), actor.user_id, now)
    propose(question, checked_proposal(proposal), by_group=True)
    session.add(question)
    session.flush()
    audit.record(
        session, actor, Event.GROUP_ASKED, now=now, group_id=group.id, role=role_of(actor, group.id),
        detail={"question": question.id},
    )  # fmt: skip
    tell_convenors(session, group.id, Notice.GROUP_QUESTION, f"q{question.id}", now=now, except_user_id=actor.user_id)
    return question


def new_question(group_id: int, kind: GroupQuestionKind, text: str, by: int | None, now: datetime) -> GroupQuestion:
    """A question in the group's own words, which nobody else needs to approve."""
    return GroupQuestion(
        ref=new_ref(), group_id=group_id, kind=kind, text=text, raised_at=now, raised_by_user_id=by, approved_at=now,
        status=GroupQuestionStatus.OPEN,
    )  # fmt: skip
