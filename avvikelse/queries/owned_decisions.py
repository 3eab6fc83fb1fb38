"""What a samverkansgrupp has made a position responsible for, as whoever answers for the position sees it.

Of the group's work she reads the decision, its day and who decided; nothing of the case behind, nothing of what the
group keeps to itself.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from avvikelse.domain.actor import Actor
from avvikelse.domain.errors import NotFound
from avvikelse.domain.group_words import DecisionStatus, DecisionStep
from avvikelse.domain.workdays import local_date
from avvikelse.models.group_decisions import DecisionEvent, GroupDecision
from avvikelse.models.groups import Samverkansgrupp

MOST = 20


@dataclass(frozen=True, slots=True)
class OwnedDecision:
    """One that waits."""

    id: int
    group: str
    due_on: date


@dataclass(frozen=True, slots=True)
class OwnedDecisionPage:
    """One as a page. `done`: what was written when it was carried out."""

    id: int
    group: str
    text: str
    what_changes: str | None
    owner: str
    decided_on: date
    due_on: date
    status: DecisionStatus
    ended_on: date | None
    done: str | None


def waiting(session: Session, actor: Actor) -> tuple[OwnedDecision, ...]:
    """What is to be done, the nearest day first; nobody without a position is asked for."""
    mine = actor.position_ids()
    if not mine:
        return ()
    rows = session.execute(
        select(GroupDecision.id, Samverkansgrupp.name, GroupDecision.due_on)
        .join(Samverkansgrupp, Samverkansgrupp.id == GroupDecision.group_id)
        .where(GroupDecision.owner_position_id.in_(mine), GroupDecision.status == DecisionStatus.OPEN)
        .order_by(GroupDecision.due_on, GroupDecision.id)
        .limit(MOST)
    )
    return tuple(OwnedDecision(*row) for row in rows)


def page(session: Session, actor: Actor, decision_id: int) -> OwnedDecisionPage:
    """Raises NotFound for a decision that is not the actor's to carry out."""
    found = session.execute(
        select(GroupDecision, Samverkansgrupp.name)
        .join(Samverkansgrupp, Samverkansgrupp.id == GroupDecision.group_id)
        .where(GroupDecision.id == decision_id, GroupDecision.owner_position_id.in_(actor.position_ids()))
    ).first()
    if found is None:
        raise NotFound
    row, group = found
    done = session.scalar(
        select(DecisionEvent.text)
        .where(DecisionEvent.decision_id == row.id, DecisionEvent.step.in_((DecisionStep.DONE, DecisionStep.CLOSED)))
        .order_by(DecisionEvent.id.desc())
        .limit(1)
    )
    return OwnedDecisionPage(
        row.id, group, row.text, row.what_changes, row.owner, local_date(row.decided_at), row.due_on, row.status,
        row.ended_on, done,
    )  # fmt: skip
