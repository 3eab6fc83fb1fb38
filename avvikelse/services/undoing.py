"""Take back what one has handed over or declined (policy/undoing.py says when). No växling, the same days."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from avvikelse.domain.actor import Actor
from avvikelse.domain.receiver import Receiver
from avvikelse.domain.vocabulary import Action, PartySide, TransferKind
from avvikelse.domain.workdays import local_date
from avvikelse.models.avvikelse import Avvikelse
from avvikelse.models.organisation import Enhet
from avvikelse.policy.undoing import last_let_go
from avvikelse.policy.visibility import CURRENT_SIDES
from avvikelse.services import gaps, ownership, succession
from avvikelse.services.case_access import find
from avvikelse.services.transitions import perform

WHY = "Den som lämnade ärendet har tagit tillbaka det."


def undo(session: Session, actor: Actor, ref: str, *, version: int | None = None, now: datetime) -> Avvikelse:
    """The case is the manager's again. Raises Conflict when somebody has gone on with it, or the days are over."""
    case = find(session, actor, ref, version=version, sides=(*CURRENT_SIDES, PartySide.FORMER))
    row = case.row
    step = last_let_go(actor, row, local_date(now))
    if step is not None and step.from_omrade_id is not None:
        unit = session.get(Enhet, step.from_enhet_id) if step.from_enhet_id is not None else None
        back = Receiver(
            step.from_omrade_id, step.from_enhet_id, position_id=step.from_position_id,
            enhet_kind=unit.kind if unit is not None else None,
        )  # fmt: skip
        ownership.give(session, row, back, TransferKind.TAKEN_BACK, now=now, by_user_id=actor.user_id, reason=WHY)
    perform(session, case, Action.UNDO, now=now, may_undo=step is not None)
    gaps.note_taken_back(session, row)
    succession.settle_case(session, row, now=now)
    return row
