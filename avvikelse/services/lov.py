"""Write down a *lov* of a huvudman's units, or take back one that has not begun. The clocks of its cases follow."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from avvikelse.domain.actor import Actor
from avvikelse.domain.errors import Conflict, Invalid, NotFound
from avvikelse.domain.events import Event
from avvikelse.domain.vocabulary import PartySide
from avvikelse.domain.workdays import local_date
from avvikelse.models.agreements import Lov
from avvikelse.models.avvikelse import Avvikelse, Party
from avvikelse.models.organisation import Enhet
from avvikelse.policy.organisation import require_administrator
from avvikelse.queries.lov import CACHE, kinds_of
from avvikelse.services import audit, clocks
from avvikelse.services.guarding import guard

LONGEST_NAME = 60
LONGEST_DAYS = 100  # a summer; something longer is no lov, and an answer would never come


def add(
    session: Session,
    actor: Actor,
    huvudman_id: int,
    name: str,
    kinds: Collection[str],
    first_on: date,
    last_on: date,
    *,
    now: datetime,
) -> Lov:
    """Days, first and last included, when nobody answers at units of these kinds. Raises Invalid at the field."""
    require_administrator(actor, huvudman_id)
    name = " ".join(name.split())
    guard(name=name)
    if not name or len(name) > LONGEST_NAME:
        raise Invalid(f"Skriv vad lovet heter, högst {LONGEST_NAME} tecken.", field="name")
    today = local_date(now)
    known = {code for code, _ in kinds_of(session, huvudman_id, today)}
    if not kinds or not set(kinds) <= known:
        raise Invalid("Välj vilka slags enheter som är stängda.", field="kinds")
    if last_on < first_on:
        raise Invalid("Sista dagen ligger före den första.", field="last_on")
    if first_on < today:
        raise Invalid("Dagen har redan varit. Tider som har gått kommer inte tillbaka.", field="first_on")
    if (last_on - first_on).days >= LONGEST_DAYS:
        raise Invalid(f"Ett lov kan vara högst {LONGEST_DAYS} dagar.", field="last_on")
    row = Lov(
        huvudman_id=huvudman_id, name=name, kinds=sorted(set(kinds)), first_on=first_on, last_on=last_on, added_at=now
    )
    session.add(row)
    _changed(session, actor, row, now, "added")
    return row


def remove(session: Session, actor: Actor, huvudman_id: int, lov_id: int, *, now: datetime) -> None:
    """Raises NotFound for another huvudman's, Conflict for one that has begun."""
    require_administrator(actor, huvudman_id)
    row = session.get(Lov, lov_id)
    if row is None or row.huvudman_id != huvudman_id:
        raise NotFound
    if row.first_on <= local_date(now):
        raise Conflict("Lovet har börjat. Då går det inte att ta bort.")
    session.delete(row)
    _changed(session, actor, row, now, "removed")


def _changed(session: Session, actor: Actor, row: Lov, now: datetime, what: str) -> None:
    """The ladder looks anew at every open case that such a unit has."""
    session.flush()
    session.info.pop(CACHE, None)
    units = select(Enhet.id).where(Enhet.huvudman_id == row.huvudman_id, Enhet.kind.in_(row.kinds))
    theirs = select(Party.avvikelse_id).where(Party.enhet_id.in_(units), Party.side == PartySide.OWNER, Party.open)
    session.execute(
        update(Avvikelse.__table__)  # type: ignore[arg-type]
        .where(Avvikelse.__table__.c.id.in_(theirs))
        .values(next_step_on=clocks.NOW)
    )
    detail = {
        "huvudman": row.huvudman_id,
        "what": what,
        "from": row.first_on.isoformat(),
        "to": row.last_on.isoformat(),
    }
    audit.record(session, actor, Event.LOV_CHANGED, now=now, detail=detail)
