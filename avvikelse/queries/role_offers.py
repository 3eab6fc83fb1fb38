"""Which roles may this person give to others? The choices of the page *Bjud in*.

Everything that a role can be held for is put to policy/role_granting.py, so page and refusal follow one rule.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from avvikelse.domain.actor import Actor
from avvikelse.domain.role_scope import MAY_BE_EMPTY, SCOPE, Scope, label
from avvikelse.domain.swedish_order import swedish
from avvikelse.domain.vocabulary import Role
from avvikelse.models.groups import Samverkansgrupp
from avvikelse.models.organisation import Enhet, Huvudman, Organisation, Pack, Position, Sekretessomrade
from avvikelse.policy.role_granting import Target, may_grant
from avvikelse.queries.role_list import staffed


@dataclass(frozen=True, slots=True)
class Offer:
    """A role for one thing. `code` stands for it in a form; `text` is "Chef för BUP Karlskrona"."""

    code: str
    text: str


@dataclass(frozen=True, slots=True)
class _Thing:
    column: str
    id: int | None
    name: str | None
    target: Target


def offers_for(session: Session, actor: Actor, today: date) -> tuple[Offer, ...]:
    """All offers, ordered by role and name."""
    things = list(_things(session, today))
    found = [
        (
            list(Role).index(role),
            swedish(thing.name or ""),
            Offer(f"{role.value}:{thing.id or 0}", label(role, thing.name)),
        )
        for role, column in SCOPE.items()
        for thing in things
        if (thing.column == column or (thing.column == "" and role in MAY_BE_EMPTY))
        and may_grant(actor, role, thing.target)
    ]
    return tuple(offer for _, _, offer in sorted(found, key=lambda item: item[:2]))


def parse(code: str) -> tuple[Role, Scope]:
    """The role and thing of an offer's code. Raises ValueError for anything else."""
    name, _, number = code.partition(":")
    role = Role(name)
    if not (number.isascii() and number.isdigit()):
        raise ValueError(code)
    return role, Scope(**{SCOPE[role]: int(number)}) if int(number) else Scope()


def pack_choices(session: Session) -> list[tuple[int, str]]:
    """Every län, by name."""
    rows = session.execute(select(Pack.id, Pack.name).order_by(Pack.id))
    return sorted(((pack_id, name) for pack_id, name in rows), key=lambda pair: swedish(pair[1]))


def _things(session: Session, today: date) -> Iterator[_Thing]:
    yield _Thing("", None, None, Target())
    with_samordnare = staffed(session, None, today)
    open_units = select(Enhet.id, Enhet.name, Enhet.omrade_id, Enhet.huvudman_id).where(
        func.coalesce(Enhet.active_to, today) >= today
    )
    units = {row.id: row for row in session.execute(open_units)}
    for unit in units.values():
        yield _Thing("enhet_id", unit.id, unit.name, Target(unit.id, unit.omrade_id, unit.huvudman_id))
    open_positions = (
        select(Position.id, Position.enhet_id, Organisation.name, Organisation.huvudman_id)
        .outerjoin(Organisation, Organisation.id == Position.organisation_id)
        .where(Position.active_to.is_(None))
    )
    for position in session.execute(open_positions):
        if position.enhet_id is None:
            yield _Thing("position_id", position.id, position.name, Target(huvudman_id=position.huvudman_id))
        elif position.enhet_id in units:
            unit = units[position.enhet_id]
            target = Target(unit.id, unit.omrade_id, unit.huvudman_id)
            yield _Thing("position_id", position.id, unit.name, target)
    for omrade in session.execute(select(Sekretessomrade.id, Sekretessomrade.name, Sekretessomrade.huvudman_id)):
        above = Target(None, omrade.id, omrade.huvudman_id, omrade_has_samordnare=omrade.id in with_samordnare)
        yield _Thing("omrade_id", omrade.id, omrade.name, above)
    for huvudman in session.execute(select(Huvudman.id, Huvudman.name)):
        yield _Thing("huvudman_id", huvudman.id, huvudman.name, Target(huvudman_id=huvudman.id))
    for group in session.execute(select(Samverkansgrupp.id, Samverkansgrupp.name).where(Samverkansgrupp.active)):
        yield _Thing("group_id", group.id, group.name, Target(group_id=group.id))
    for pack in session.execute(select(Pack.id, Pack.name)):
        yield _Thing("pack_id", pack.id, pack.name, Target(pack_id=pack.id))
