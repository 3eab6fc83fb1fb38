"""perform(): the one door through which a status changes.

Find the row of the table, require the relation, ask the guards, move, set the clock, write the audit record, tell.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import BindParameter, bindparam, exists, select
from sqlalchemy.orm import Session

from avvikelse.domain import workflow
from avvikelse.domain.actor import SYSTEM
from avvikelse.domain.answering import asks_for_thanks
from avvikelse.domain.errors import Conflict, Forbidden, Invalid
from avvikelse.domain.events import Event
from avvikelse.domain.relation import Relation
from avvikelse.domain.running import comes_back
from avvikelse.domain.vocabulary import Action, Outcome, PartySide, Status
from avvikelse.domain.workflow import CaseFacts, Transition
from avvikelse.models.asking import ask
from avvikelse.models.avvikelse import NO_DAY, Avvikelse, GroupMembership
from avvikelse.models.dialogue import Question
from avvikelse.services import answer_checks, audit, clocks, support, telling, voice_news
from avvikelse.services.case_access import CaseInHand, in_hand

# Which event tells about which action (domain/events.py holds the words).
EVENTS: dict[Action, Event] = {
    Action.SUBMIT: Event.SUBMITTED,
    Action.ASSIGN: Event.ASSIGNED,
    Action.NOT_TAKEN_UP: Event.NOT_TAKEN_UP,
    Action.MERGE: Event.MERGED,
    Action.WITHDRAW: Event.WITHDRAWN,
    Action.ACCEPT: Event.ACCEPTED,
    Action.HAND_OVER: Event.HANDED_OVER,
    Action.LOCK: Event.LOCKED,
    Action.DECLINE: Event.DECLINED,
    Action.UNDO: Event.TAKEN_BACK,
    Action.AGREE: Event.AGREED,
    Action.UNLOCK: Event.UNLOCKED,
    Action.BECOME_ONE: Event.BECAME_ONE,
    Action.SOLVED_IN_TALK: Event.TALK_CONFIRMED,
    Action.LIFT: Event.LIFTED,
    Action.DECIDE: Event.DECIDED,
    Action.SEND_BACK: Event.QUESTION_DECLINED,
    Action.ANSWER: Event.ANSWERED,
    Action.FEEDBACK_HELPED: Event.FEEDBACK_GIVEN,
    Action.FEEDBACK_NO: Event.FEEDBACK_GIVEN,
    Action.CLOSE_SILENT: Event.CLOSED_SILENT,
}

# What those hear of it who have said *jag också*: that there is an answer, or that none will come.
NEWS_TO_VOICES = frozenset({Action.ANSWER, Action.SOLVED_IN_TALK, Action.NOT_TAKEN_UP, Action.WITHDRAW})

# A guard about something typed is the field's error; the others say that the state is wrong.
_FIELD_OF_GUARD = {workflow.needs_reason: "reason", workflow.needs_reporter_text: "to_reporter"}


def case_facts(session: Session, row: Avvikelse) -> CaseFacts:
    """What the guards may know, read from the database; callers add what the present input says."""
    found = ask(session, _BESIDE, case=row.id).one()
    return CaseFacts(
        status=row.status,
        vaxlingar=row.vaxlingar,
        locked=row.joint,
        nej_count=row.nej_count,
        open_question=found.open_question,
        accepted=row.accepted_at is not None,
        both_confirmed=not row.joint,
        has_group=found.has_group,
        has_reporter_text=bool(row.closing_text),
        good=asks_for_thanks(row.category, row.reported_category),
    )


_CASE: BindParameter[int] = bindparam("case")
_BESIDE = select(
    exists()
    .where(Question.avvikelse_id == _CASE, Question.answered_at.is_(None), Question.closed_at.is_(None))
    .label("open_question"),
    exists().where(GroupMembership.avvikelse_id == _CASE, GroupMembership.is_home).label("has_group"),
)


def choose(case: CaseInHand, action: Action, facts: CaseFacts, target: Status | None = None) -> Transition:
    """The row of the table that applies (the one to `target`, where the input settles it).

    Raises Conflict (wrong state, or a guard about the state), Forbidden (not for this relation), Invalid (text
    missing).
    """
    rows = [row for row in workflow.rows_for(action, facts.status) if target in (None, row.target)]
    if not rows:
        raise Conflict(f"Ärendet har statusen ”{facts.status.label}”. Då går det inte att välja ”{action.label}”.")
    allowed = [row for row in rows if case.relations & set(row.who)]
    if not allowed:
        raise Forbidden
    for row in allowed:
        if workflow.objection(row, facts) is None:
            return row
    for guard in allowed[0].guards:
        reason = guard(facts)
        if reason is not None:
            if guard in _FIELD_OF_GUARD:
                raise Invalid(reason, field=_FIELD_OF_GUARD[guard])
            raise Conflict(reason)
    raise AssertionError("a refused row has a guard that objects")


def perform(
    session: Session,
    case: CaseInHand,
    action: Action,
    *,
    now: datetime,
    source: Status | None = None,
    target: Status | None = None,
    outcome: Outcome | None = None,
    detail: dict[str, Any] | None = None,
    **known: Any,
) -> Transition:
    """Take one step.

    `known` are CaseFacts fields that the input settles (has_reason, both_confirmed, has_reporter_text …).

    `source` is given only when the case is born (from draft); else the row's status counts.

    Raises Conflict, Forbidden or Invalid and changes nothing. The caller has set the texts and owners it moves with.
    """
    row = case.row
    before = source or row.status
    chosen = choose(case, action, replace(case_facts(session, row), status=before, **known), target)
    move(session, row, chosen.target, now=now, outcome=outcome)
    acting_as = next((r for r in chosen.who if r in case.relations), Relation.SYSTEM)
    audit.record(
        session,
        case.actor,
        EVENTS[action],
        now=now,
        avvikelse_id=row.id,
        role=acting_as.value,
        from_status=before,
        to_status=row.status,
        detail=detail or {},
    )
    telling.tell(session, row, chosen, now=now, except_user_id=case.actor.user_id)
    if action in NEWS_TO_VOICES:
        voice_news.tell(session, row, now=now, key=f"v{row.version_id}")
    support.tell_if_severe(session, row, now=now)
    return chosen


def move(session: Session, row: Avvikelse, target: Status, *, now: datetime, outcome: Outcome | None = None) -> None:
    """Set status, dates, clock and the parties' copies. Only perform() and the loader of histories call it."""
    if row.status is Status.IN_PROGRESS and target is not Status.IN_PROGRESS:
        answer_checks.drop_unsent(session, row)
    if comes_back(row.status, target):
        row.again_since, row.again_paused_days = now, 0
    row.status, row.status_since, row.status_paused_days = target, now, 0
    if target is Status.CLOSED:
        row.outcome, row.closed_at = outcome or Outcome.ANSWERED, now
    if target is Status.ANSWERED:
        row.answered_at = now
        row.first_answer_at = row.first_answer_at or now
    clocks.start(session, row)
    follow(row)
    session.flush()


def follow(row: Avvikelse) -> None:
    """Bring the parties' copies of status, due day and openness up to date."""
    for party in row.parties:
        party.open = row.status is not Status.CLOSED and party.side is not PartySide.FORMER
        party.status, party.due_on = row.status, (row.due_on or NO_DAY) if party.open else NO_DAY


def perform_as_system(session: Session, row: Avvikelse, action: Action, *, now: datetime, **known: Any) -> Transition:
    """A step the system takes by itself."""
    return perform(session, in_hand(session, SYSTEM, row), action, now=now, **known)
