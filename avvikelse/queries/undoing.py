"""May the reader take a case back that she has let go? Asked by the case page."""

from __future__ import annotations

from datetime import date

from sqlalchemy.orm import Session, selectinload

from avvikelse.domain.actor import Actor
from avvikelse.models.avvikelse import Avvikelse
from avvikelse.policy.undoing import last_let_go


def may_undo(session: Session, actor: Actor, avvikelse_id: int, today: date) -> bool:
    whole = (selectinload(Avvikelse.parties), selectinload(Avvikelse.transfers))
    return last_let_go(actor, session.get_one(Avvikelse, avvikelse_id, options=whole), today) is not None
