"""A decision goes back: to every reporter behind it, with or without account, to the reporting units, and to the board.

Which cases lie behind is written down (DecisionCase) when the decision is taken, and brought up to date when it is
published. A case that leaves the theme later keeps the decision. Nobody in the group ever sees which they are.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session, selectinload

from avvikelse.domain.actor import Actor
from avvikelse.domain.errors import Conflict, NotFound
from avvikelse.domain.events import Event
from avvikelse.domain.group_words import DecisionStep
from avvikelse.domain.notices import Notice
from avvikelse.domain.vocabulary import WITHOUT_ACCOUNT
from avvikelse.domain.workflow import Audience
from avvikelse.models.avvikelse import Avvikelse
from avvikelse.models.group_decisions import DecisionCase, DecisionEvent, DecisionUnit, GroupDecision
from avvikelse.models.group_work import GroupQuestion
from avvikelse.models.themes import ProblemTypeCase
from avvikelse.services import audit, telling, voice_news
from avvikelse.services.group_access import GroupInHand, convened, role_of


def cases_of_type(session: Session, problem_type_id: int) -> frozenset[int]:
    """The confirmed cases of a theme."""
    return frozenset(
        session.scalars(select(ProblemTypeCase.avvikelse_id).where(ProblemTypeCase.problem_type_id == problem_type_id))
    )


def cases_of_question(session: Session, question: GroupQuestion) -> frozenset[int]:
    """The cases behind a question: its own, its theme's, and those of the decision that it is about."""
    found: set[int] = {question.avvikelse_id} if question.avvikelse_id is not None else set()
    if question.problem_type_id is not None:
        found |= cases_of_type(session, question.problem_type_id)
    if question.about_decision_id is not None:
        found |= cases_of_decision(session, question.about_decision_id)
    return frozenset(found)


def cases_of_decision(session: Session, decision_id: int) -> frozenset[int]:
    return frozenset(session.scalars(select(DecisionCase.avvikelse_id).where(DecisionCase.decision_id == decision_id)))


def publish(session: Session, actor: Actor, group_id: int, ref: str, *, now: datetime) -> GroupDecision:
    """Publish one decision between the meetings. Raises NotFound, Forbidden, and Conflict when it is published."""
    group = convened(session, actor, group_id)
    decision = session.scalar(
        select(GroupDecision).where(GroupDecision.ref == ref, GroupDecision.group_id == group_id).with_for_update()
    )
    if decision is None:
        raise NotFound
    publish_decision(session, group, decision, now=now)
    return decision


def publish_decision(session: Session, group: GroupInHand, decision: GroupDecision, *, now: datetime) -> None:
    """Publish, once. Reporters get one mail each, without content; so does the manager of each reporting unit."""
    if decision.published_at is not None:
        raise Conflict("Beslutet är redan publicerat.")
    decision.published_at = now
    session.add(DecisionEvent(decision_id=decision.id, at=now, step=DecisionStep.PUBLISHED))
    rows = _bring_up_to_date(session, decision)
    for row in rows:
        audit.record(
            session, group.actor, Event.DECISION_PUBLISHED, now=now, avvikelse_id=row.id, group_id=group.id,
            role=role_of(group.actor, group.id), detail={"decision": decision.id},
        )  # fmt: skip
    if not rows:
        _record_without_case(session, group.actor, group.id, decision, now)
    key = f"decision{decision.id}"
    for row in _latest_per(rows, "reporter_user_id"):
        telling.send(session, row, Notice.CASE_DECIDED, Audience.REPORTER, now=now, key=key)
    for row in rows:
        if row.voices:
            voice_news.tell(session, row, now=now, key=key)
    named = [row for row in rows if row.channel not in WITHOUT_ACCOUNT]  # the others' own unit is told nothing
    for row in _latest_per(named, "sender_enhet_id"):
        session.add(DecisionUnit(decision_id=decision.id, enhet_id=row.sender_enhet_id))
        telling.send(session, row, Notice.UNIT_DECIDED, Audience.SENDER_CHEF, now=now, key=key)
    session.flush()


def _bring_up_to_date(session: Session, decision: GroupDecision) -> list[Avvikelse]:
    """Those confirmed since it was taken, and those that have been merged into one of them, are behind it too."""
    known = cases_of_decision(session, decision.id)
    behind = known
    if decision.problem_type_id is not None:
        behind |= cases_of_type(session, decision.problem_type_id)
    rows = session.scalars(
        select(Avvikelse)
        .where(or_(Avvikelse.id.in_(behind), Avvikelse.main_id.in_(behind)))
        .options(selectinload(Avvikelse.parties))
        .order_by(Avvikelse.id)
    ).all()
    session.add_all(DecisionCase(decision_id=decision.id, avvikelse_id=r.id) for r in rows if r.id not in known)
    session.flush()
    return list(rows)


def _latest_per(rows: Iterable[Avvikelse], name: str) -> list[Avvikelse]:
    """One case per reporter or unit, the latest: whoever lies behind several is told once."""
    latest = {getattr(row, name): row for row in rows}
    return [row for key, row in latest.items() if key is not None]


def _record_without_case(session: Session, actor: Actor, group_id: int, decision: GroupDecision, now: datetime) -> None:
    audit.record(
        session, actor, Event.DECISION_PUBLISHED, now=now, group_id=group_id, role=role_of(actor, group_id),
        detail={"decision": decision.id},
    )  # fmt: skip
