"""MS24: something severe has happened or a child waits. The managers on both sides look to its support the same day.

They do it in their own systems; here stands only that it was confirmed, by which role and when.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from avvikelse.domain.actor import Actor
from avvikelse.domain.errors import Conflict, Forbidden
from avvikelse.domain.events import Event
from avvikelse.domain.notices import Notice
from avvikelse.domain.severity import is_severe
from avvikelse.domain.vocabulary import PartySide, Status
from avvikelse.domain.workflow import Audience
from avvikelse.models.avvikelse import Avvikelse, Party
from avvikelse.models.dialogue import SupportConfirmation
from avvikelse.policy.permission_map import Permission
from avvikelse.queries.support import as_chef
from avvikelse.services import audit, clocks, telling
from avvikelse.services.case_access import CaseInHand, find, require


def tell_if_severe(session: Session, row: Avvikelse, *, now: datetime) -> None:
    """Tell each owner, and the reporting unit's manager, once. With the samordnare it is to be distributed today."""
    if row.status is Status.CLOSED or not is_severe(row.severity, child_waits=row.child_waits):
        return
    if row.severe_since is None:
        row.severe_since = now
        clocks.look_again(session, row)
    with_chef = any(p.side is PartySide.OWNER and p.position_id is not None for p in row.parties)
    telling.send(
        session, row, Notice.SEVERE if with_chef else Notice.SEVERE_TRIAGE, Audience.OWNER, now=now, key="severe"
    )
    telling.send(session, row, Notice.SEVERE_SENDER, Audience.SENDER_CHEF, now=now, key="severe")


def confirm(
    session: Session, actor: Actor, ref: str, *, version: int | None = None, now: datetime
) -> SupportConfirmation:
    """The manager has checked in the own system that the child has support. What she found is not stored."""
    case = find(session, actor, ref, version=version)
    require(case, Permission.CONFIRM_SUPPORT)
    if not is_severe(case.row.severity, child_waits=case.row.child_waits):
        raise Conflict("Ärendet är inte märkt som allvarligt. Det finns inget att bekräfta.")
    mine = as_chef(actor, case.row)
    if not mine:  # the owner has no manager yet
        raise Forbidden
    known = {c.party_id: c for c in session.scalars(_of_case(case.row.id))}
    for party in mine:  # one who answers for both sides has looked once
        if party.id not in known:
            known[party.id] = _confirmed(session, case, party, now)
    return known[mine[0].id]


def _confirmed(session: Session, case: CaseInHand, party: Party, now: datetime) -> SupportConfirmation:
    confirmed = SupportConfirmation(
        avvikelse_id=case.row.id, party_id=party.id, omrade_id=party.omrade_id, side=party.side, at=now
    )
    session.add(confirmed)
    session.flush()
    audit.record(
        session,
        case.actor,
        Event.SEVERE_CONFIRMED,
        now=now,
        avvikelse_id=case.row.id,
        role=case.role,
        omrade_id=party.omrade_id,
    )
    return confirmed


def _of_case(avvikelse_id: int) -> Select[SupportConfirmation]:
    return select(SupportConfirmation).where(SupportConfirmation.avvikelse_id == avvikelse_id)
