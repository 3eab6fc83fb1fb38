"""A position and a funktion with who holds them, as an administrator sees them. Open for those pages."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, func, or_, select, true
from sqlalchemy.orm import Session, joinedload, selectinload

from avvikelse.domain.actor import Actor
from avvikelse.domain.errors import NotFound
from avvikelse.domain.vocabulary import FunktionKind, Role
from avvikelse.models.identity import RoleAssignment, User
from avvikelse.models.organisation import Enhet, Funktion, Huvudman, Organisation, Pack, Position, Sekretessomrade
from avvikelse.policy.organisation import require_administrator
from avvikelse.queries.standing_in import lacks_substitute


@dataclass(frozen=True, slots=True)
class Holder:
    """Somebody's time in a role. `living` = today."""

    assignment_id: int
    name: str
    email: str
    valid_from: date
    valid_to: date | None
    living: bool


@dataclass(frozen=True, slots=True)
class PositionPage:
    id: int
    pack: str
    slug: str
    title: str
    place: str
    unit_slug: str | None
    huvudman: str
    huvudman_slug: str
    substitute_id: int | None
    vacant: bool
    show_name: bool
    lacks_substitute: bool
    holders: tuple[Holder, ...]
    absences: tuple[tuple[int, date, date], ...]
    choices: tuple[tuple[int, str], ...]  # possible substitutes


@dataclass(frozen=True, slots=True)
class FunktionPage:
    id: int
    pack: str
    slug: str
    name: str
    kind: FunktionKind
    huvudman: str
    huvudman_slug: str
    omraden: tuple[tuple[int, str], ...]
    mailbox: str | None
    phone: str | None
    holders: tuple[Holder, ...]


def position_page(session: Session, actor: Actor, pack: str, slug: str, today: date) -> PositionPage:
    """Raises NotFound for an unknown position and for another huvudman's."""
    position = session.scalar(
        select(Position)
        .join(Pack, Pack.id == Position.pack_id)
        .where(Pack.slug == pack, Position.slug == slug)
        .options(joinedload(Position.enhet), joinedload(Position.organisation), selectinload(Position.absences))
    )
    if position is None:
        raise NotFound
    place = position.enhet or position.organisation
    if place is None:
        raise NotFound
    require_administrator(actor, place.huvudman_id)
    huvudman = session.get_one(Huvudman, place.huvudman_id)
    return PositionPage(
        id=position.id,
        pack=pack,
        slug=position.slug,
        title=position.title,
        place=place.name,
        unit_slug=position.enhet.slug if position.enhet else None,
        huvudman=huvudman.name,
        huvudman_slug=huvudman.slug,
        substitute_id=position.substitute_id,
        vacant=position.vacant,
        show_name=position.show_name,
        lacks_substitute=lacks_substitute(session, position.pack_id, position.slug, today),
        holders=tuple(holder for _, holder in holders_of(session, today, RoleAssignment.position_id == position.id)),
        absences=tuple((a.id, a.from_on, a.to_on) for a in position.absences if a.to_on >= today),
        choices=_possible_substitutes(session, position, huvudman.id),
    )


def funktion_page(session: Session, actor: Actor, pack: str, slug: str, today: date) -> FunktionPage:
    """Raises NotFound for an unknown funktion and for another huvudman's."""
    funktion = session.scalar(
        select(Funktion)
        .join(Pack, Pack.id == Funktion.pack_id)
        .where(Pack.slug == pack, Funktion.slug == slug)
        .options(joinedload(Funktion.huvudman))
    )
    if funktion is None:
        raise NotFound
    require_administrator(actor, funktion.huvudman_id)
    query = select(Sekretessomrade.id, Sekretessomrade.name).where(Sekretessomrade.huvudman_id == funktion.huvudman_id)
    if funktion.omrade_id is not None:
        query = query.where(Sekretessomrade.id == funktion.omrade_id)
    omraden = tuple((id_, name) for id_, name in session.execute(query.order_by(Sekretessomrade.id)))
    condition = (
        RoleAssignment.omrade_id.in_([omrade_id for omrade_id, _ in omraden]) & (RoleAssignment.role == Role.SAMORDNARE)
        if funktion.kind is FunktionKind.SAMORDNARE
        else (RoleAssignment.huvudman_id == funktion.huvudman_id) & (RoleAssignment.role == Role.SIP_SAMORDNARE)
    )
    return FunktionPage(
        id=funktion.id,
        pack=pack,
        slug=funktion.slug,
        name=funktion.name,
        kind=funktion.kind,
        huvudman=funktion.huvudman.name,
        huvudman_slug=funktion.huvudman.slug,
        omraden=omraden,
        mailbox=funktion.mailbox,
        phone=funktion.phone,
        holders=tuple(holder for _, holder in holders_of(session, today, condition)),
    )


def holders_of(session: Session, today: date, condition: ColumnElement[bool]) -> list[tuple[int | None, Holder]]:
    """(position id, holder) of the role assignments that fit, living first, then the latest.

    Those of closed accounts are over.
    """
    rows = session.execute(
        select(RoleAssignment, User)
        .join(User, User.id == RoleAssignment.user_id)
        .where(condition)
        .order_by(RoleAssignment.id.desc())
    )
    found = []
    for assignment, user in rows:
        last = assignment.valid_to
        living = user.active and assignment.valid_from <= today and (last is None or last >= today)
        holder = Holder(assignment.id, user.name, user.email, assignment.valid_from, last, living)
        found.append((assignment.position_id, holder))
    return sorted(found, key=lambda pair: not pair[1].living)


def _same_omrade(position: Position) -> ColumnElement[bool]:
    """A substitute reads the manager's cases: of the own sekretessområde, or above units."""
    if position.enhet is None:
        return true()
    return or_(Enhet.id.is_(None), Enhet.omrade_id == position.enhet.omrade_id)


def _possible_substitutes(session: Session, position: Position, huvudman_id: int) -> tuple[tuple[int, str], ...]:
    """Other living positions of the same huvudman, by title, with the place where the title does not say it."""
    place = func.coalesce(Enhet.name, Organisation.name)
    rows = session.execute(
        select(Position.id, Position.title, place)
        .outerjoin(Enhet, Enhet.id == Position.enhet_id)
        .outerjoin(Organisation, Organisation.id == Position.organisation_id)
        .where(
            or_(Enhet.huvudman_id == huvudman_id, Organisation.huvudman_id == huvudman_id),
            Position.id != position.id,
            Position.active_to.is_(None),
            _same_omrade(position),
        )
        .order_by(Position.title, Position.id)
    )
    return tuple((id_, title if name in title else f"{title} – {name}") for id_, title, name in rows)


def titles_of(session: Session, pack_slug: str) -> tuple[tuple[int, str], ...]:
    """(id, "Titel – plats") of every living position of a län, also those above units."""
    place = func.coalesce(Enhet.name, Organisation.name)
    rows = session.execute(
        select(Position.id, Position.title, place)
        .join(Pack, Pack.id == Position.pack_id)
        .outerjoin(Enhet, Enhet.id == Position.enhet_id)
        .outerjoin(Organisation, Organisation.id == Position.organisation_id)
        .where(Pack.slug == pack_slug, Position.active_to.is_(None))
        .order_by(Position.title, Position.id)
    )
    return tuple((id_, title if name in title else f"{title} – {name}") for id_, title, name in rows)
