"""A samverkansgrupp's decisions: taken, done, closed, given to somebody else, lifted. Publishing: publishing.py.

Every change is written down as a DecisionEvent, so that the group sees what became of it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from avvikelse.domain.actor import Actor
from avvikelse.domain.deadlines import ClockId
from avvikelse.domain.errors import Conflict, Invalid, NotFound
from avvikelse.domain.events import Event
from avvikelse.domain.group_words import DecisionStatus, DecisionStep, GapOutcome, MeetingStatus
from avvikelse.domain.notices import Notice
from avvikelse.domain.vocabulary import Action, GroupQuestionKind, GroupQuestionStatus, Status
from avvikelse.domain.workdays import local_date
from avvikelse.models.avvikelse import Avvikelse
from avvikelse.models.group_decisions import DecisionCase, DecisionEvent, GroupDecision
from avvikelse.models.group_work import GroupQuestion
from avvikelse.models.meetings import GroupMeeting
from avvikelse.models.themes import ProblemType
from avvikelse.policy.group_reading import next_above
from avvikelse.queries import group_units
from avvikelse.queries.limits import limits_of
from avvikelse.services import (
    audit,
    clocks,
    decision_notices,
    group_questions,
    publishing,
    question_chain,
    question_words,
    questions_at_desk,
)
from avvikelse.services.case_access import STALE, in_hand
from avvikelse.services.group_access import GroupInHand, convened, role_of, tell_convenors
from avvikelse.services.guarding import guard
from avvikelse.services.question_words import NO_PROPOSAL, Proposal
from avvikelse.services.refs import new_ref
from avvikelse.services.transitions import perform

MAX_DECISION = 1000
MAX_REASON = 500


@dataclass(frozen=True, slots=True)
class DecisionText:
    """What is written about a decision. `internal_text` never leaves the group.

    `owner_position_id`: the responsible is one of the parties' positions, and `owner` is written from it.
    `gap_outcome`: of an ansvarslucka. When no uppdrag exists, the text is what is done about that.
    """

    text: str
    owner: str
    due_on: date
    what_changes: str = ""
    ask: str = ""
    internal_text: str = ""
    owner_position_id: int | None = None
    gap_outcome: GapOutcome = GapOutcome.RESPONSIBLE


# --- taken ------------------------------------------------------------------------------------------------------------


def decide(
    session: Session,
    actor: Actor,
    group_id: int,
    words: DecisionText,
    *,
    problem_type_id: int | None = None,
    publish: bool = False,
    now: datetime,
) -> GroupDecision:
    """A decision that answers no question. With a problem type behind it, it reaches those who reported of it."""
    group = convened(session, actor, group_id)
    decision = _take(session, group, words, problem_type_id, now)
    cases = publishing.cases_of_type(session, problem_type_id) if problem_type_id is not None else ()
    return _with_cases(session, group, decision, cases, publish, now)


def decide_theme(
    session: Session,
    actor: Actor,
    group_id: int,
    ref: str,
    words: DecisionText,
    *,
    publish: bool = False,
    now: datetime,
) -> GroupDecision:
    """A decision about a theme: it goes back to everybody whose case has been confirmed there."""
    theme_id = session.scalar(select(ProblemType.id).where(ProblemType.ref == ref, ProblemType.group_id == group_id))
    if theme_id is None:
        raise NotFound
    return decide(session, actor, group_id, words, problem_type_id=theme_id, publish=publish, now=now)


def decide_question(
    session: Session,
    actor: Actor,
    group_id: int,
    ref: str,
    words: DecisionText,
    *,
    publish: bool = False,
    now: datetime,
) -> GroupDecision:
    """The group's decision on a question. A case that waited for it goes back to its owner, who answers.

    Raises NotFound for a question of another group, Conflict when it is settled, Invalid at the field.
    """
    group, question = questions_at_desk.at_desk(session, actor, group_id, ref)
    gap = words.gap_outcome if question.kind is GroupQuestionKind.GAP else None
    decision = _take(session, group, words, question.problem_type_id, now, gap)
    cases = publishing.cases_of_question(session, question)
    row = session.get(Avvikelse, question.avvikelse_id) if question.avvikelse_id is not None else None
    detail = {"question": question.id, "decision": decision.id}
    if row is not None and row.status is Status.WITH_GROUP and question.kind is GroupQuestionKind.LIFTED:
        perform(session, in_hand(session, actor, row), Action.DECIDE, now=now, detail=detail)
    elif question.kind is GroupQuestionKind.GAP:
        audit.record(
            session, actor, Event.GAP_DECIDED, now=now, avvikelse_id=question.avvikelse_id, group_id=group_id,
            role=role_of(actor, group_id), detail=detail,
        )  # fmt: skip
    question.status, question.decision_id = GroupQuestionStatus.DECIDED, decision.id
    session.flush()
    question_chain.settled(session, question, now=now)
    return _with_cases(session, group, decision, cases, publish, now)


def _take(
    session: Session,
    group: GroupInHand,
    words: DecisionText,
    problem_type_id: int | None,
    now: datetime,
    gap: GapOutcome | None = None,
) -> GroupDecision:
    guard(
        decision=words.text, owner=words.owner, what_changes=words.what_changes, ask=words.ask,
        internal_text=words.internal_text,
    )  # fmt: skip
    today = local_date(now)
    if not words.text.strip() or len(words.text) > MAX_DECISION:
        what = "vad ni gör åt att uppdraget saknas" if gap is GapOutcome.NO_MANDATE else "vad gruppen beslutade"
        raise Invalid(f"Skriv {what}, med högst {MAX_DECISION} tecken.", field="decision")
    owner = _owner(_position(session, group, words, today) or words.owner)
    if words.due_on < today:
        raise Invalid("Dagen har redan varit.", field="due_on")
    meeting_id = session.scalar(
        select(GroupMeeting.id).where(GroupMeeting.group_id == group.id, GroupMeeting.status == MeetingStatus.OPEN)
    )
    decision = GroupDecision(
        ref=new_ref(), group_id=group.id, meeting_id=meeting_id, problem_type_id=problem_type_id,
        text=words.text.strip(), what_changes=words.what_changes.strip() or None, ask=words.ask.strip()[:160] or None,
        internal_text=words.internal_text.strip() or None, owner=owner, due_on=words.due_on, decided_at=now,
        owner_position_id=words.owner_position_id, gap_outcome=gap,
        decided_by_user_id=group.actor.user_id, status=DecisionStatus.OPEN,
        publish_by=limits_of(session, group.facts.pack_id).of(ClockId.PUBLICERING).after(today),
    )  # fmt: skip
    session.add(decision)
    session.flush()
    note(session, decision, DecisionStep.TAKEN, now, owner=owner, due_on=words.due_on)
    return decision


def _position(session: Session, group: GroupInHand, words: DecisionText, today: date) -> str | None:
    """The chosen position in words. Raises Invalid for one that none of the group's parties has."""
    if words.owner_position_id is None:
        return None
    known = {one.id: one.name for one in group_units.positions(session, group.groups, group.facts, today)}
    if words.owner_position_id not in known:
        raise Invalid("Välj en befattning hos någon av gruppens parter.", field="owner_position")
    return known[words.owner_position_id]


def _with_cases(
    session: Session,
    group: GroupInHand,
    decision: GroupDecision,
    cases: tuple[int, ...] | frozenset[int],
    publish: bool,
    now: datetime,
) -> GroupDecision:
    session.add_all(DecisionCase(decision_id=decision.id, avvikelse_id=case_id) for case_id in sorted(cases))
    session.flush()
    record(session, group, Event.DECISION_TAKEN, decision, now)
    if decision.owner_position_id is not None:
        decision_notices.tell_owner(session, decision, now=now)
        for row in session.scalars(select(Avvikelse).where(Avvikelse.id.in_(cases))):
            clocks.look_again(session, row)  # its ladder reminds the responsible
    if publish:
        publishing.publish_decision(session, group, decision, now=now)
    return decision


# --- what becomes of it -----------------------------------------------------------------------------------------------


def in_group(
    session: Session, actor: Actor, group_id: int, ref: str, *, version: int | None = None
) -> tuple[GroupInHand, GroupDecision]:
    """A decision of a group that the actor convenes, locked.

    Raises NotFound, Forbidden, and Conflict when `version` is not the present one.
    """
    group = convened(session, actor, group_id)
    decision = session.scalar(
        select(GroupDecision).where(GroupDecision.ref == ref, GroupDecision.group_id == group_id).with_for_update()
    )
    if decision is None:
        raise NotFound
    if version is not None and version != decision.version_id:
        raise Conflict(STALE.replace("ärendet", "beslutet"))
    return group, decision


def mark_done(
    session: Session, actor: Actor, group_id: int, ref: str, text: str, *, version: int | None = None, now: datetime
) -> GroupDecision:
    """It has been carried out; the text says what was done."""
    return _end(session, actor, group_id, ref, DecisionStatus.DONE, text, "Skriv vad som är gjort.", version, now)


def close(
    session: Session, actor: Actor, group_id: int, ref: str, reason: str, *, version: int | None = None, now: datetime
) -> GroupDecision:
    """It will not be carried out; the reason stays with it."""
    sentence = "Skriv varför gruppen avslutar beslutet."
    return _end(session, actor, group_id, ref, DecisionStatus.CLOSED, reason, sentence, version, now)


def new_owner(
    session: Session,
    actor: Actor,
    group_id: int,
    ref: str,
    owner: str,
    due_on: date,
    *,
    version: int | None = None,
    now: datetime,
) -> GroupDecision:
    """Somebody else, or a later day: the group has chosen, and it counts from the beginning how often it is carried."""
    group, decision = in_group(session, actor, group_id, ref, version=version)
    _require_open(decision)
    guard(owner=owner)
    if due_on < local_date(now):
        raise Invalid("Dagen har redan varit.", field="due_on")
    decision.owner, decision.due_on, decision.carried = _owner(owner), due_on, 0
    decision.owner_position_id = None
    note(session, decision, DecisionStep.NEW_OWNER, now, owner=decision.owner, due_on=due_on)
    record(session, group, Event.DECISION_CHANGED, decision, now)
    return decision


def lift(
    session: Session,
    actor: Actor,
    group_id: int,
    ref: str,
    text: str,
    *,
    proposal: Proposal = NO_PROPOSAL,
    version: int | None = None,
    now: datetime,
) -> GroupQuestion:
    """The group cannot carry it out: the one above is asked, in words that stand by themselves.

    Raises Conflict when there is none above, or when it has sent this decision back already.
    """
    group, decision = in_group(session, actor, group_id, ref, version=version)
    _require_open(decision)
    above = next_above(group.groups, group.facts)
    if above is None:
        raise Conflict("Det finns ingen grupp ovanför som tar emot frågor. Välj något av det andra.")
    if may_not_lift_again(session, decision.id):
        raise Conflict(f"{above.name} har redan sänt tillbaka frågan med skäl. Välj något av det andra.")
    question = group_questions.new_question(
        above.id, GroupQuestionKind.REMAINS, question_words.checked_words(text), actor.user_id, now
    )
    question_words.propose(question, question_words.checked_proposal(proposal), by_group=True)
    question.about_decision_id, question.problem_type_id = decision.id, decision.problem_type_id
    session.add(question)
    decision.status = DecisionStatus.LIFTED
    session.flush()
    note(session, decision, DecisionStep.LIFTED, now, text=f"Till {above.name}")
    record(session, group, Event.DECISION_CHANGED, decision, now)
    tell_convenors(session, above.id, Notice.GROUP_QUESTION, f"q{question.id}", now=now, except_user_id=actor.user_id)
    return question


def may_not_lift_again(session: Session, decision_id: int) -> bool:
    """Has the group above sent it back?"""
    query = select(GroupQuestion.id).where(
        GroupQuestion.about_decision_id == decision_id, GroupQuestion.status == GroupQuestionStatus.DECLINED
    )
    return session.scalar(query.limit(1)) is not None


def note(
    session: Session,
    decision: GroupDecision,
    step: DecisionStep,
    now: datetime,
    *,
    text: str | None = None,
    owner: str | None = None,
    due_on: date | None = None,
    meeting_id: int | None = None,
) -> None:
    """Write down what happened to the decision."""
    session.add(
        DecisionEvent(
            decision_id=decision.id, at=now, step=step, text=text, owner=owner, due_on=due_on, meeting_id=meeting_id
        )
    )
    session.flush()


def record(session: Session, group: GroupInHand, event: Event, decision: GroupDecision, now: datetime) -> None:
    audit.record(
        session, group.actor, event, now=now, group_id=group.id, role=role_of(group.actor, group.id),
        detail={"decision": decision.id, "status": decision.status.value},
    )  # fmt: skip


def _end(
    session: Session,
    actor: Actor,
    group_id: int,
    ref: str,
    status: DecisionStatus,
    text: str,
    empty: str,
    version: int | None,
    now: datetime,
) -> GroupDecision:
    group, decision = in_group(session, actor, group_id, ref, version=version)
    end(session, decision, status, text, empty, now)
    record(session, group, Event.DECISION_ENDED, decision, now)
    return decision


def end(
    session: Session,
    decision: GroupDecision,
    status: DecisionStatus,
    text: str,
    empty: str,
    now: datetime,
    *,
    owner: str | None = None,
) -> None:
    """No more is done with it. `owner`: who says so, when not the group. Raises Conflict, and Invalid at `text`."""
    _require_open(decision)
    guard(text=text)
    if not text.strip() or len(text) > MAX_REASON:
        raise Invalid(empty if not text.strip() else f"Skriv högst {MAX_REASON} tecken.", field="text")
    decision.status, decision.ended_on = status, local_date(now)
    step = DecisionStep.DONE if status is DecisionStatus.DONE else DecisionStep.CLOSED
    note(session, decision, step, now, text=text.strip(), owner=owner)


def _require_open(decision: GroupDecision) -> None:
    if decision.status is not DecisionStatus.OPEN:
        raise Conflict(f"Beslutet kan inte ändras nu: {decision.status.label.lower()}.")


def _owner(owner: str) -> str:
    if not owner.strip():
        raise Invalid("Skriv vilken roll eller verksamhet som ansvarar.", field="owner")
    return owner.strip()[:120]
