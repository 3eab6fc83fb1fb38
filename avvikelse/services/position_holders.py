"""Who holds a position or a funktion, from which day to which. Open when an administrator names or releases somebody.

The role itself is given by services/roles.py, which knows who may give it; here the position follows: it is no longer
vacant when it gets a holder, and vacant when the last one leaves.
"""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from avvikelse.domain.actor import Actor
from avvikelse.domain.errors import Invalid, NotFound
from avvikelse.domain.events import Event
from avvikelse.domain.role_scope import Scope
from avvikelse.domain.vocabulary import FunktionKind, Role
from avvikelse.domain.workdays import local_date
from avvikelse.models.identity import RoleAssignment, User
from avvikelse.models.organisation import Funktion, Position, Sekretessomrade
from avvikelse.policy.organisation import require_administrator
from avvikelse.queries.identity import user_by_email
from avvikelse.queries.role_list import RoleRow, role_row
from avvikelse.services import audit, roles
from avvikelse.services.organisation import changed, find_position


def name_holder(
    session: Session,
    actor: Actor,
    position_id: int,
    *,
    email: str,
    valid_from: date,
    valid_to: date | None,
    now: datetime,
) -> RoleAssignment:
    """Make the person with that address holder of the position. The position is staffed from now on.

    Raises Invalid at `email` (no such account) or `valid_to`; Forbidden for oneself; NotFound for another huvudman's.
    """
    position = find_position(session, actor, position_id)
    user = _account(session, email)
    row = roles.grant(
        session,
        actor,
        user_id=user.id,
        role=Role.CHEF,
        scope=Scope(position_id=position.id),
        valid_from=valid_from,
        valid_to=valid_to,
        now=now,
    )
    if valid_from <= local_date(now):
        position.vacant = False
    changed(session, position.pack_id, now=now)
    audit.record(session, actor, Event.HOLDER_CHANGED, now=now, detail={"slug": position.slug, "user": user.id})
    return row


def release_holder(session: Session, actor: Actor, position_id: int, assignment_id: int, *, now: datetime) -> bool:
    """End somebody's time in the position today. True when nobody is left and the position has become vacant.

    Raises NotFound for an assignment of something else.
    """
    position = find_position(session, actor, position_id)
    _require_assignment(session, assignment_id, role=Role.CHEF, position_id=position.id)
    roles.revoke(session, actor, assignment_id, now=now)
    return _follow(session, actor, position, now=now)


def take_back(session: Session, actor: Actor, assignment_id: int, *, now: datetime) -> RoleRow:
    """Take any role back that is within the actor's reach, from this moment; a position follows its holder.

    Raises NotFound for a role out of reach, Forbidden for one that the actor sees and may not take.
    """
    held = role_row(session, actor, assignment_id, local_date(now))
    row = roles.revoke(session, actor, assignment_id, now=now)
    if row.position_id is not None:
        _follow(session, actor, session.get_one(Position, row.position_id), now=now)
    return held


def _follow(session: Session, actor: Actor, position: Position, *, now: datetime) -> bool:
    """After a holder has left: the position is vacant when nobody holds it, or is to. True when nobody is left."""
    left = session.scalar(
        select(RoleAssignment.id)
        .join(User, User.id == RoleAssignment.user_id)
        .where(
            User.active,
            RoleAssignment.role == Role.CHEF,
            RoleAssignment.position_id == position.id,
            or_(RoleAssignment.valid_to.is_(None), RoleAssignment.valid_to >= local_date(now)),
        )
        .limit(1)
    )
    position.vacant = position.vacant or left is None
    changed(session, position.pack_id, now=now)
    audit.record(session, actor, Event.HOLDER_CHANGED, now=now, detail={"slug": position.slug})
    return left is None


def name_funktion_holder(
    session: Session,
    actor: Actor,
    funktion_id: int,
    *,
    email: str,
    omrade_id: int | None,
    valid_from: date,
    valid_to: date | None,
    now: datetime,
) -> RoleAssignment:
    """Make somebody samordnare of one of the funktion's områden, or SIP-samordnare of its huvudman.

    Raises Invalid at `email` or `omrade`; Forbidden when the role is not the actor's to give (policy/role_granting.py).
    """
    funktion = _funktion(session, actor, funktion_id)
    user = _account(session, email)
    if funktion.kind is FunktionKind.SAMORDNARE:
        role, scope = Role.SAMORDNARE, Scope(omrade_id=_omrade_of(session, funktion, omrade_id))
    elif funktion.kind is FunktionKind.SIP_SAMORDNARE:
        role, scope = Role.SIP_SAMORDNARE, Scope(huvudman_id=funktion.huvudman_id)
    else:
        raise Invalid("Funktionen har ingen egen roll i systemet. Ange en funktionsbrevlåda i stället.", field="email")
    return roles.grant(
        session, actor, user_id=user.id, role=role, scope=scope, valid_from=valid_from, valid_to=valid_to, now=now
    )


def release_funktion_holder(
    session: Session, actor: Actor, funktion_id: int, assignment_id: int, *, now: datetime
) -> None:
    """Raises NotFound for an assignment of something else, Forbidden when the role is not the actor's to take."""
    funktion = _funktion(session, actor, funktion_id)
    row = session.get(RoleAssignment, assignment_id)
    belongs = row is not None and (
        (row.role is Role.SIP_SAMORDNARE and row.huvudman_id == funktion.huvudman_id)
        or (row.role is Role.SAMORDNARE and row.omrade_id in _omraden_of(session, funktion))
    )
    if not belongs:
        raise NotFound
    roles.revoke(session, actor, assignment_id, now=now)


def _account(session: Session, email: str) -> User:
    user = user_by_email(session, email)
    if user is None or not user.active:
        raise Invalid("Ingen har ett konto med den adressen. Bjud in personen först.", field="email")
    return user


def _require_assignment(session: Session, assignment_id: int, *, role: Role, position_id: int) -> None:
    row = session.get(RoleAssignment, assignment_id)
    if row is None or row.role is not role or row.position_id != position_id:
        raise NotFound


def _funktion(session: Session, actor: Actor, funktion_id: int) -> Funktion:
    funktion = session.get(Funktion, funktion_id)
    if funktion is None:
        raise NotFound
    require_administrator(actor, funktion.huvudman_id)
    return funktion


def _omraden_of(session: Session, funktion: Funktion) -> tuple[int, ...]:
    if funktion.omrade_id is not None:
        return (funktion.omrade_id,)
    query = select(Sekretessomrade.id).where(Sekretessomrade.huvudman_id == funktion.huvudman_id)
    return tuple(session.scalars(query.order_by(Sekretessomrade.id)))


def _omrade_of(session: Session, funktion: Funktion, omrade_id: int | None) -> int:
    omraden = _omraden_of(session, funktion)
    if omrade_id is None and len(omraden) == 1:
        return omraden[0]
    if omrade_id is None or omrade_id not in omraden:
        raise Invalid("Välj vilket sekretessområde det gäller.", field="omrade")
    return omrade_id
