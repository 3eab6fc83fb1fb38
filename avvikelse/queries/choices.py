"""Small lists for forms about a case."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Date, Integer, and_, bindparam, exists, or_, select
from sqlalchemy.orm import Session

from avvikelse.domain.vocabulary import Role
from avvikelse.models.agreements import Avtal, Avtalspunkt
from avvikelse.models.asking import ask
from avvikelse.models.avvikelse import Avvikelse, Party
from avvikelse.models.identity import RoleAssignment, User
from avvikelse.models.organisation import Enhet
from avvikelse.queries.identity import valid_on


def pack_of_case(session: Session, avvikelse_id: int) -> int:
    """The pack (län) of a case that the caller has already been let into."""
    return session.scalars(select(Avvikelse.pack_id).where(Avvikelse.id == avvikelse_id)).one()


def avtalspunkt_choices(session: Session, pack_id: int, today: date) -> list[tuple[int, str]]:
    """(id, "Avtal, punkt: text") of the län's numbered points that are in force."""
    rows = ask(session, _POINTS, pack=pack_id, today=today)
    return [(r[0], f"{r[1]}, punkt {r[2]}: {r[3]}"[:120]) for r in rows]


_TODAY = bindparam("today", type_=Date)
_POINTS = (
    select(Avtalspunkt.id, Avtal.name, Avtalspunkt.number, Avtalspunkt.text)
    .join(Avtal, Avtal.id == Avtalspunkt.avtal_id)
    .where(
        Avtalspunkt.pack_id == bindparam("pack"),
        *(or_(row.active_to.is_(None), row.active_to >= _TODAY) for row in (Avtal, Avtalspunkt)),
        or_(Avtalspunkt.active_from.is_(None), Avtalspunkt.active_from <= _TODAY),
    )
    .order_by(Avtal.name, Avtalspunkt.id)
)


def handlers_of_party(session: Session, party_id: int | None, today: date) -> list[tuple[int, str]]:
    """(id, name) of those who can be named in a party's unit today."""
    return [(r[0], r[1]) for r in ask(session, _HANDLERS, party=party_id, today=today)]


def handlaggare_in(enhet_id: Any) -> ColumnElement[bool]:
    """Role assignments, with their users, of a unit's handläggare on any day."""
    return and_(
        RoleAssignment.role == Role.HANDLAGGARE,
        RoleAssignment.enhet_id == enhet_id,
        RoleAssignment.user_id == User.id,
        User.active,
    )


_HANDLERS = (
    select(User.id, User.name)
    .join(Party, Party.id == bindparam("party", type_=Integer))
    .where(exists().where(handlaggare_in(Party.enhet_id), valid_on(_TODAY)).correlate(User, Party))
    .order_by(User.name, User.id)
)


def pack_of_unit(session: Session, enhet_id: int | None) -> int | None:
    """The län of a unit."""
    return session.scalar(select(Enhet.pack_id).where(Enhet.id == enhet_id)) if enhet_id is not None else None
