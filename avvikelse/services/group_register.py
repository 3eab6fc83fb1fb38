"""Who sits in a samverkansgrupp, for how long, and what the group is for. Roles and verksamheter, never persons."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from avvikelse.domain.actor import Actor
from avvikelse.domain.codes import known_unit_type
from avvikelse.domain.errors import Invalid, NotFound
from avvikelse.domain.events import Event
from avvikelse.domain.group_words import SeatKind
from avvikelse.domain.workdays import local_date
from avvikelse.models.groups import Samverkansgrupp
from avvikelse.models.meetings import GroupMandate, GroupSeat
from avvikelse.services import audit
from avvikelse.services.group_access import GroupInHand, convened, role_of
from avvikelse.services.guarding import guard

MAX_MANDATE = 1500


@dataclass(frozen=True, slots=True)
class SeatWords:
    """A place as it is written. `unit_kind` is a code of the unit types or empty."""

    name: str
    kind: SeatKind = SeatKind.MEMBER
    unit_kind: str = ""
    convenes: bool = False
    vacant: bool = False
    term_from: date | None = None
    term_to: date | None = None


def seats_from_pack(session: Session, pack_id: int) -> int:
    """Make a place for each member that the pack names and the register has not had yet. Returns how many."""
    groups = session.scalars(select(Samverkansgrupp).where(Samverkansgrupp.pack_id == pack_id)).all()
    ids = [group.id for group in groups]
    query = select(GroupSeat.group_id, GroupSeat.imported_as).where(GroupSeat.group_id.in_(ids))
    known = {(group_id, name) for group_id, name in session.execute(query)}
    made = 0
    for group in groups:
        named = [*([group.convenor] if group.convenor else []), *group.members]
        for name in dict.fromkeys(text[:160] for text in named):
            if (group.id, name) not in known:
                session.add(
                    GroupSeat(
                        group_id=group.id, name=name, kind=SeatKind.MEMBER, convenes=name == group.convenor,
                        vacant=False, imported_as=name,
                    )
                )  # fmt: skip
                made += 1
    session.flush()
    return made


def add_seat(session: Session, actor: Actor, group_id: int, words: SeatWords, *, now: datetime) -> GroupSeat:
    """A new place in the group."""
    group = convened(session, actor, group_id)
    seat = GroupSeat(group_id=group.id)
    _fill(seat, words)
    session.add(seat)
    session.flush()
    _record(session, group, Event.SEATS_CHANGED, now, seat=seat.id)
    return seat


def change_seat(
    session: Session, actor: Actor, group_id: int, seat_id: int, words: SeatWords, *, now: datetime
) -> GroupSeat:
    """New words, a new term, a vacancy. Raises NotFound for a place of another group."""
    group, seat = _seat(session, actor, group_id, seat_id)
    _fill(seat, words)
    session.flush()
    _record(session, group, Event.SEATS_CHANGED, now, seat=seat.id)
    return seat


def end_seat(session: Session, actor: Actor, group_id: int, seat_id: int, *, now: datetime) -> GroupSeat:
    """The group no longer has the place; in older minutes it stays."""
    group, seat = _seat(session, actor, group_id, seat_id)
    seat.ended_on, seat.convenes = local_date(now), False
    session.flush()
    _record(session, group, Event.SEATS_CHANGED, now, seat=seat.id)
    return seat


def write_mandate(
    session: Session,
    actor: Actor,
    group_id: int,
    text: str,
    decided_by: str,
    decided_on: date,
    valid_to: date | None,
    *,
    now: datetime,
) -> GroupMandate:
    """*Uppdrag*: what the group is for. Earlier ones stay."""
    group = convened(session, actor, group_id)
    guard(text=text, decided_by=decided_by)
    if not text.strip() or len(text) > MAX_MANDATE:
        raise Invalid(f"Skriv gruppens uppdrag, med högst {MAX_MANDATE} tecken.", field="text")
    if not decided_by.strip():
        raise Invalid("Skriv vem som har beslutat uppdraget.", field="decided_by")
    if valid_to is not None and valid_to < decided_on:
        raise Invalid("Sista dagen ligger före beslutet.", field="valid_to")
    row = GroupMandate(
        group_id=group.id, text=text.strip(), decided_by=decided_by.strip()[:120], decided_on=decided_on,
        valid_to=valid_to, written_at=now,
    )  # fmt: skip
    session.add(row)
    session.flush()
    _record(session, group, Event.MANDATE_WRITTEN, now, mandate=row.id)
    return row


def _seat(session: Session, actor: Actor, group_id: int, seat_id: int) -> tuple[GroupInHand, GroupSeat]:
    group = convened(session, actor, group_id)
    seat = session.get(GroupSeat, seat_id)
    if seat is None or seat.group_id != group.id or seat.ended_on is not None:
        raise NotFound
    return group, seat


def _fill(seat: GroupSeat, words: SeatWords) -> None:
    guard(name=words.name)
    name = " ".join(words.name.split())
    if not name:
        raise Invalid("Skriv vilken roll eller verksamhet som har platsen.", field="name")
    if words.unit_kind and not known_unit_type(words.unit_kind):
        raise Invalid("Välj en verksamhet ur listan.", field="unit_kind")
    if words.term_from and words.term_to and words.term_to < words.term_from:
        raise Invalid("Mandatets sista dag ligger före den första.", field="term_to")
    seat.name, seat.kind, seat.unit_kind = name[:160], words.kind, words.unit_kind or None
    seat.convenes, seat.vacant = words.convenes, words.vacant
    seat.term_from, seat.term_to = words.term_from, words.term_to


def _record(session: Session, group: GroupInHand, event: Event, now: datetime, **detail: int) -> None:
    audit.record(
        session, group.actor, event, now=now, group_id=group.id, role=role_of(group.actor, group.id), detail=detail
    )
