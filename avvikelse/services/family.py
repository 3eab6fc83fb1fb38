"""*Familjen bär samordningen*: any party may say so; to take it away again needs a reason that all parties read."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from avvikelse.domain.actor import Actor
from avvikelse.domain.errors import Conflict, Invalid
from avvikelse.domain.events import Event
from avvikelse.models.avvikelse import Avvikelse
from avvikelse.policy.permission_map import Permission
from avvikelse.services import audit, clocks
from avvikelse.services.case_access import find, require
from avvikelse.services.guarding import guard
from avvikelse.services.transitions import follow


def set_flag(
    session: Session, actor: Actor, ref: str, carries: bool, reason: str, *, version: int | None = None, now: datetime
) -> Avvikelse:
    """Set or clear it. The first answer is due sooner while it stands (domain/deadlines.py)."""
    case = find(session, actor, ref, version=version)
    require(case, Permission.FAMILY)
    guard(reason=reason)
    row = case.row
    if row.family_coordinates == carries:
        raise Conflict("Det står redan så i ärendet.")
    if not carries and not reason.strip():
        raise Invalid("Skriv varför det inte stämmer längre, så att alla parter kan läsa det.", field="reason")
    row.family_coordinates = carries
    row.family_cleared_reason = None if carries else reason.strip()
    clocks.start(session, row)
    follow(row)
    session.flush()
    event = Event.FAMILY_FLAGGED if carries else Event.FAMILY_CLEARED
    audit.record(session, actor, event, now=now, avvikelse_id=row.id, role=case.role)
    return row
