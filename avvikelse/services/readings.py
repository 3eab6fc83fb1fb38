"""That a case was read is remembered: by whom, as what, and for which sekretessområde. Open to change what is kept."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from avvikelse.domain.actor import Actor
from avvikelse.domain.events import Event
from avvikelse.domain.relation import Relation
from avvikelse.queries.case_views import CaseView
from avvikelse.services import audit


def remember(
    session: Session, actor: Actor, view: CaseView, event: Event = Event.CASE_READ, *, now: datetime, **detail: str
) -> None:
    """Record that the actor reads `view`, her own picture of a case."""
    role = next(r.value for r in Relation if r in view.relations)
    audit.record(
        session, actor, event, now=now, avvikelse_id=view.id, role=role, omrade_id=view.read_for, detail=detail
    )
