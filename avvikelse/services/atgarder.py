"""Åtgärder: add one with type, owner and date; mark it done."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy.orm import Session

from avvikelse.domain.actor import Actor
from avvikelse.domain.codes import known_atgard_kind
from avvikelse.domain.errors import Invalid, NotFound
from avvikelse.domain.events import Event
from avvikelse.domain.vocabulary import AtgardStatus, PartySide
from avvikelse.domain.workdays import local_date
from avvikelse.models.dialogue import Atgard
from avvikelse.policy.permission_map import Permission
from avvikelse.services import audit
from avvikelse.services.case_access import find, require
from avvikelse.services.guarding import guard
from avvikelse.services.handling import begin

NO_ATGARD = "M13"


def add(
    session: Session, actor: Actor, ref: str, kind: str, text: str, due_on: date | None, *, now: datetime
) -> Atgard:
    """A new åtgärd, owned by the position that has the case. Raises Invalid at the field."""
    case = begin(session, actor, ref, now=now)
    require(case, Permission.ATGARD)
    guard(text=text)
    if not known_atgard_kind(kind):
        raise Invalid("Välj ett slag av åtgärd.", field="kind")
    if not text.strip():
        raise Invalid(
            "Skriv vad ni ska göra." if kind != NO_ATGARD else "Skriv varför ingen åtgärd behövs.", field="text"
        )
    if kind != NO_ATGARD and due_on is None:
        raise Invalid("Ange när åtgärden ska vara införd.", field="due_on")
    party = case.my_party(PartySide.OWNER)
    atgard = Atgard(
        avvikelse_id=case.row.id,
        kind=kind,
        text=text.strip(),
        omrade_id=party.omrade_id,
        position_id=party.position_id,
        due_on=due_on if kind != NO_ATGARD else None,
        status=AtgardStatus.DECIDED,
        created_at=now,
    )
    session.add(atgard)
    case.row.first_answer_at = case.row.first_answer_at or now  # a plan counts as the first answer
    session.flush()
    audit.record(
        session,
        actor,
        Event.ATGARD_ADDED,
        now=now,
        avvikelse_id=case.row.id,
        role=case.role,
        detail={"kind": kind, "atgard": atgard.id},
    )
    return atgard


def mark_done(session: Session, actor: Actor, ref: str, atgard_id: int, done_on: date, *, now: datetime) -> Atgard:
    """The åtgärd is in place since `done_on`."""
    case = find(session, actor, ref)
    require(case, Permission.ATGARD)
    atgard = session.get(Atgard, atgard_id)
    if (
        atgard is None
        or atgard.avvikelse_id != case.row.id
        or atgard.omrade_id not in {p.omrade_id for p in case.owners}
    ):
        raise NotFound
    if done_on > local_date(now):
        raise Invalid("Dagen ligger i framtiden.", field="done_on")
    atgard.status, atgard.done_on = AtgardStatus.DONE, done_on
    audit.record(
        session,
        actor,
        Event.ATGARD_DONE,
        now=now,
        avvikelse_id=case.row.id,
        role=case.role,
        detail={"atgard": atgard.id},
    )
    return atgard
