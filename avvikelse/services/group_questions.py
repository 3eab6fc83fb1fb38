"""What is lifted to a samverkansgrupp, and its decisions. Also the responsibility gaps that only a decision closes."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from avvikelse.domain.actor import SYSTEM, Actor
from avvikelse.domain.codes import unit_type_label
from avvikelse.domain.errors import Conflict, Forbidden, Invalid, NotFound
from avvikelse.domain.events import Event
from avvikelse.domain.relation import Relation
from avvikelse.domain.vocabulary import Action, GroupQuestionKind, GroupQuestionStatus, Role, Status, TransferKind
from avvikelse.domain.workdays import local_date
from avvikelse.models.avvikelse import Avvikelse, GroupMembership
from avvikelse.models.group_work import GroupQuestion
from avvikelse.models.organisation import Enhet
from avvikelse.policy.permission_map import Permission
from avvikelse.services import audit
from avvikelse.services.case_access import find, in_hand, require
from avvikelse.services.guarding import guard
from avvikelse.services.refs import new_ref
from avvikelse.services.transitions import perform

MAX_QUESTION = 500


def home_group(session: Session, row: Avvikelse) -> int | None:
    """The lowest group of the case: lifts go there. None = "ingen grupp"."""
    return session.scalar(
        select(GroupMembership.group_id).where(GroupMembership.avvikelse_id == row.id, GroupMembership.is_home)
    )


def has_home_group(session: Session, row: Avvikelse) -> bool:
    return home_group(session, row) is not None


def lift(
    session: Session, actor: Actor, ref: str, text: str, *, version: int | None = None, now: datetime
) -> GroupQuestion:
    """Lift a rewritten question to the home group.

    The group reads it when the sender's samordnare has approved the words.
    """
    case = find(session, actor, ref, version=version)
    guard(text=text)
    if not text.strip() or len(text) > MAX_QUESTION:
        raise Invalid(
            f"Skriv frågan till gruppen med högst {MAX_QUESTION} tecken, utan uppgifter om barnet.", field="text"
        )
    approved = now if Relation.SENDER_SAMORDNARE in case.relations else None
    question = open_question(session, case.row, GroupQuestionKind.LIFTED, text.strip(), actor.user_id, approved, now)
    perform(session, case, Action.LIFT, now=now, detail={"question": question.id})
    return question


def open_gap(session: Session, row: Avvikelse, *, now: datetime) -> GroupQuestion:
    """*Ansvarslucka*: two områden have each said that it is not theirs.

    Written from unit types only, so it needs no approval.
    """
    units = session.scalars(
        select(Enhet.kind).where(
            Enhet.id.in_(
                [t.from_enhet_id for t in row.transfers if t.kind is TransferKind.DECLINED and t.from_enhet_id]
            )
        )
    )
    names = " och ".join(sorted({unit_type_label(kind) for kind in units}))
    text = f"{names} har var för sig svarat att frågan inte är deras ansvar. Vem ansvarar?"
    question = open_question(session, row, GroupQuestionKind.GAP, text, None, now, now)
    audit.record(session, SYSTEM, Event.GAP_OPENED, now=now, avvikelse_id=row.id, detail={"question": question.id})
    return question


def open_by_third_nej(session: Session, row: Avvikelse, *, now: datetime) -> GroupQuestion:
    """The reporter has said "Nej" three times: the group is asked, without any case text."""
    text = "Rapportören har tre gånger svarat att svaret inte löser frågan. Hur kommer parterna vidare?"
    return open_question(session, row, GroupQuestionKind.LIFTED, text, None, now, now)


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
    session.flush()
    return question


def approve(session: Session, actor: Actor, ref: str, question_id: int, text: str, *, now: datetime) -> GroupQuestion:
    """The sender's samordnare approves the words (and may change them) before the group reads them."""
    case = find(session, actor, ref)
    require(case, Permission.APPROVE_GRUPPMENING)
    guard(text=text)
    question = session.get(GroupQuestion, question_id)
    if question is None or question.avvikelse_id != case.row.id:
        raise NotFound
    question.text, question.approved_at = text.strip()[:MAX_QUESTION] or question.text, now
    audit.record(
        session,
        actor,
        Event.QUESTION_APPROVED,
        now=now,
        avvikelse_id=case.row.id,
        role=case.role,
        detail={"question": question.id},
    )
    return question


def decide(
    session: Session, actor: Actor, question_ref: str, decision: str, owner: str, due_on: date, *, now: datetime
) -> GroupQuestion:
    """The group's decision on a question. A lifted case goes back to its owner, who answers; a gap is closed.

    Raises NotFound for a question of another group, Invalid at the field.
    """
    question = session.scalar(select(GroupQuestion).where(GroupQuestion.ref == question_ref).with_for_update())
    mine = actor.group_ids(Role.SAMMANKALLANDE, Role.MEDLEM)
    if question is None or question.group_id not in mine or question.approved_at is None:
        raise NotFound
    if question.group_id not in actor.group_ids(Role.SAMMANKALLANDE):
        raise Forbidden("Den som är sammankallande skriver gruppens beslut.")
    if question.status is not GroupQuestionStatus.OPEN:
        raise Conflict("Frågan är redan beslutad.")
    guard(decision=decision, owner=owner)
    for field, text in (("decision", decision), ("owner", owner)):
        if not text.strip():
            raise Invalid(
                "Skriv vad gruppen beslutade."
                if field == "decision"
                else "Skriv vilken roll eller verksamhet som ansvarar.",
                field=field,
            )
    if due_on < local_date(now):
        raise Invalid("Dagen har redan varit.", field="due_on")
    row = session.get_one(Avvikelse, question.avvikelse_id)
    if row.status is Status.WITH_GROUP and question.kind is GroupQuestionKind.LIFTED:
        perform(session, in_hand(session, actor, row), Action.DECIDE, now=now, detail={"question": question.id})
    else:
        audit.record(
            session,
            actor,
            Event.GAP_DECIDED,
            now=now,
            avvikelse_id=row.id,
            group_id=question.group_id,
            detail={"question": question.id},
        )
    question.status, question.decided_at = GroupQuestionStatus.DECIDED, now
    question.decision, question.decision_owner, question.decision_due_on = decision.strip(), owner.strip()[:120], due_on
    return question
