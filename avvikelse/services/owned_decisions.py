"""What a samverkansgrupp has made a position responsible for is carried out, and its holder says so."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from avvikelse.domain.actor import Actor
from avvikelse.domain.errors import NotFound
from avvikelse.domain.events import Event
from avvikelse.domain.group_words import DecisionStatus
from avvikelse.domain.vocabulary import Role
from avvikelse.models.group_decisions import GroupDecision
from avvikelse.services import audit, group_decisions


def mark_done(session: Session, actor: Actor, decision_id: int, text: str, *, now: datetime) -> GroupDecision:
    """It has been carried out; the text says what was done, and the group reads it with the position's name.

    Raises NotFound when the actor does not answer for the position, Conflict when it has ended already.
    """
    decision = session.scalar(
        select(GroupDecision)
        .where(GroupDecision.id == decision_id, GroupDecision.owner_position_id.in_(actor.position_ids()))
        .with_for_update()
    )
    if decision is None:
        raise NotFound
    empty = "Skriv vad som är gjort."
    group_decisions.end(session, decision, DecisionStatus.DONE, text, empty, now, owner=decision.owner)
    audit.record(
        session, actor, Event.DECISION_ENDED, now=now, group_id=decision.group_id, role=Role.CHEF.value,
        detail={"decision": decision.id, "status": decision.status.value},
    )  # fmt: skip
    return decision
