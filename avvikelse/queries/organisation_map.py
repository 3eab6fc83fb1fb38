"""The organisation of a pack as the domain wants it, from the database, and from the pack's ids to the database's.

Open when routing or groups see an old organisation. Kept per process by pack and revision, for the days on which it is
the same. Every write to the organisation gives the pack a new revision (services/organisation.bump), so nothing needs
to be emptied.

A position is vacant when its flag says so; services/position_holders.py sets and clears the flag. One whose last
holder has left is `unheld`: whoever changes a holder or closes an account bumps the pack. A position that nobody has
been named to yet is neither: the pack says that it is staffed, and cases wait there until somebody is invited.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from collections.abc import Mapping as MappingOf
from dataclasses import dataclass
from datetime import date, timedelta
from threading import Lock
from typing import Any, TypeVar

from sqlalchemy import Select, and_, bindparam, case, func, select
from sqlalchemy.orm import Session

from avvikelse.domain.organisation import Cell, Group, HuvudmanFacts, Office, OrganisationMap, Post, Unit
from avvikelse.domain.vocabulary import Role
from avvikelse.models.agreements import MatrixCell, RoutingOverride
from avvikelse.models.asking import ask
from avvikelse.models.groups import Samverkansgrupp
from avvikelse.models.identity import RoleAssignment, User
from avvikelse.models.organisation import (
    Enhet,
    EnhetKommun,
    EnhetSharedWith,
    Funktion,
    Huvudman,
    Organisation,
    Pack,
    Position,
    PositionAbsence,
    Sekretessomrade,
)
from avvikelse.queries.identity import valid_on

Model = TypeVar("Model")
KEPT = 16  # maps in memory at a time; each a few hundred kilobytes at most


@dataclass(frozen=True, slots=True)
class Mapping:
    """An organisation and, for each kind of thing, the pack's id → the database's.

    Shared between threads: never change it.
    """

    pack_id: int
    day: date
    organisation: OrganisationMap
    huvudman_ids: MappingOf[str, int]
    omrade_ids: MappingOf[str, int]
    enhet_ids: MappingOf[str, int]
    position_ids: MappingOf[str, int]
    funktion_ids: MappingOf[str, int]
    group_ids: MappingOf[str, int]
    slugs: MappingOf[str, MappingOf[int, str]]  # kind ("enhet", "position" …) → database id → the pack's

    def enhet_slug(self, enhet_id: int | None) -> str | None:
        return self.slugs["enhet"].get(enhet_id) if enhet_id is not None else None

    def huvudman_slug(self, huvudman_id: int | None) -> str | None:
        return self.slugs["huvudman"].get(huvudman_id) if huvudman_id is not None else None

    def position_slug(self, position_id: int | None) -> str | None:
        return self.slugs["position"].get(position_id) if position_id is not None else None

    def is_closed(self, slug: str) -> bool:
        """Has the position ended, alone or with its unit?"""
        post = self.organisation.posts.get(slug)
        unit = self.organisation.units.get(post.unit or "") if post is not None else None
        return post is None or (unit is not None and unit.closed_on(self.day))


_kept: dict[tuple[int, str], tuple[date, date, Mapping]] = {}  # the days from the first until before the second
_lock = Lock()


_REVISION = select(Pack.revision).where(Pack.id == bindparam("pack"))


def mapping_of(session: Session, pack_id: int, today: date) -> Mapping:
    """The pack's organisation on a day: one query when it is known already.

    Raises NoResultFound for an unknown pack.
    """
    key = (pack_id, ask(session, _REVISION, pack=pack_id).scalar_one())
    kept = _kept.get(key)
    if kept is not None and kept[0] <= today < kept[1]:
        return kept[2]
    found = build(session, pack_id, today)
    until = _same_until(session, pack_id, today)
    with _lock:
        while len(_kept) >= KEPT:
            _kept.pop(next(iter(_kept)))
        _kept[key] = (today, until, found)
    return found


def _same_until(session: Session, pack_id: int, today: date) -> date:
    """The next day on which build() would give something else although nobody has changed anything."""
    away, held = PositionAbsence, RoleAssignment
    last_days = (
        select(func.min(Position.active_to)).where(Position.pack_id == pack_id, Position.active_to >= today),
        select(func.min(Funktion.active_to)).where(Funktion.pack_id == pack_id, Funktion.active_to >= today),
        _absences(pack_id, func.min(away.to_on)).where(away.to_on >= today),
        _holders(pack_id, func.min(held.valid_to)).where(held.valid_to >= today),
    )
    first_days = (
        _absences(pack_id, func.min(away.from_on)).where(away.from_on > today),
        _holders(pack_id, func.min(held.valid_from)).where(held.valid_from > today),
    )
    after: list[date] = [day + timedelta(days=1) for day in map(session.scalar, last_days) if day is not None]
    from_then: list[date] = [day for day in map(session.scalar, first_days) if day is not None]
    return min((date.max, *after, *from_then))


def _absences(pack_id: int, what: Any) -> Select[Any]:
    joined = select(what).join_from(PositionAbsence, Position, Position.id == PositionAbsence.position_id)
    return joined.where(Position.pack_id == pack_id)


def _holders(pack_id: int, what: Any) -> Select[Any]:
    joined = select(what).join_from(RoleAssignment, Position, Position.id == RoleAssignment.position_id)
    return joined.where(Position.pack_id == pack_id, RoleAssignment.role == Role.CHEF)


def build(session: Session, pack_id: int, today: date) -> Mapping:
    """Read it all, in a fixed number of queries."""
    pack = session.get_one(Pack, pack_id)
    slugs: dict[str, dict[int, str]] = {
        kind: dict(
            session.execute(select(model.id, model.slug).where(model.pack_id == pack_id).order_by(model.id)).all()
        )
        for kind, model in _KINDS.items()
    }
    ids = {kind: {slug: id_ for id_, slug in known.items()} for kind, known in slugs.items()}
    organisation = OrganisationMap(
        pack=pack.slug,
        name=pack.name,
        kommuner=tuple(pack.kommuner),
        huvudman={
            row.slug: HuvudmanFacts(row.slug, row.name, row.kind, row.kommunkod)
            for row in session.scalars(_all(Huvudman, pack_id))
        },
        units={unit.id: unit for unit in _units(session, pack_id, slugs)},
        posts={post.id: post for post in _posts(session, pack_id, slugs, today)},
        offices={
            row.slug: Office(
                row.slug,
                row.name,
                slugs["huvudman"][row.huvudman_id],
                row.kind,
                slugs["omrade"].get(row.omrade_id or 0),
            )
            for row in session.scalars(_all(Funktion, pack_id))
            if not _over(row.active_to, today)
        },
        groups={
            row.slug: Group(
                row.slug,
                row.name,
                row.level,
                row.sees_cases,
                row.active,
                slugs["group"].get(row.parent_id or 0),
                tuple(row.kommuner),
                None if row.verksamhetstyper is None else tuple(row.verksamhetstyper),
            )
            for row in session.scalars(_all(Samverkansgrupp, pack_id))
        },
        matrix={
            (cell.tillstand, cell.niva): Cell(tuple(cell.receivers), cell.uncertain)
            for cell in session.scalars(
                select(MatrixCell).where(MatrixCell.pack_id == pack_id, MatrixCell.version == pack.version)
            )
        },
        overrides=frozenset(session.scalars(select(RoutingOverride.rule).where(RoutingOverride.pack_id == pack_id))),
        parents={
            slug: slugs["organisation"].get(parent_id or 0)
            for slug, parent_id in session.execute(
                select(Organisation.slug, Organisation.parent_id).where(Organisation.pack_id == pack_id)
            )
        },
        absent=frozenset(
            session.scalars(
                _absences(pack_id, Position.slug).where(
                    PositionAbsence.from_on <= today, PositionAbsence.to_on >= today
                )
            )
        ),
        unheld=_unheld(session, pack_id, today),
        manual_omraden=frozenset(
            session.scalars(
                select(Sekretessomrade.slug).where(
                    Sekretessomrade.pack_id == pack_id, Sekretessomrade.takes_cases_directly.is_(False)
                )
            )
        ),
    )
    return Mapping(
        pack_id,
        today,
        organisation,
        ids["huvudman"],
        ids["omrade"],
        ids["enhet"],
        ids["position"],
        ids["funktion"],
        ids["group"],
        slugs,
    )


_KINDS: MappingOf[str, Any] = {
    "huvudman": Huvudman,
    "omrade": Sekretessomrade,
    "organisation": Organisation,
    "enhet": Enhet,
    "position": Position,
    "funktion": Funktion,
    "group": Samverkansgrupp,
}
_Slugs = MappingOf[str, MappingOf[int, str]]


def _all(model: type[Model], pack_id: int) -> Select[Model]:
    """Every row of the pack, in the pack's order."""
    table: Any = model
    return select(model).where(table.pack_id == pack_id).order_by(table.id)


def _units(session: Session, pack_id: int, slugs: _Slugs) -> Iterator[Unit]:
    kommuner: defaultdict[int, list[str]] = defaultdict(list)
    query = select(EnhetKommun.enhet_id, EnhetKommun.kommunkod).join(Enhet, Enhet.id == EnhetKommun.enhet_id)
    for enhet_id, kod in session.execute(query.where(Enhet.pack_id == pack_id).order_by(EnhetKommun.kommunkod)):
        kommuner[enhet_id].append(kod)
    shared: defaultdict[int, list[str]] = defaultdict(list)
    also = select(EnhetSharedWith.enhet_id, EnhetSharedWith.huvudman_id)
    for enhet_id, huvudman_id in session.execute(
        also.join(Enhet, Enhet.id == EnhetSharedWith.enhet_id).where(Enhet.pack_id == pack_id)
    ):
        shared[enhet_id].append(slugs["huvudman"][huvudman_id])
    for row in session.scalars(_all(Enhet, pack_id)):
        yield Unit(
            id=row.slug,
            name=row.name,
            kind=row.kind,
            huvudman=slugs["huvudman"][row.huvudman_id],
            omrade=slugs["omrade"][row.omrade_id],
            organisation=slugs["organisation"].get(row.organisation_id or 0),
            kommuner=tuple(kommuner[row.id]),
            ages=(row.age_min, row.age_max),
            active_from=row.active_from,
            active_to=row.active_to,
            successor=slugs["enhet"].get(row.successor_id or 0),
            forsta_linje=row.forsta_linje,
            takes_referrals=row.tar_emot_remiss,
            shared_with=tuple(sorted(shared[row.id])),
        )


def _posts(session: Session, pack_id: int, slugs: _Slugs, today: date) -> Iterator[Post]:
    for row in session.scalars(_all(Position, pack_id)):
        if not _over(row.active_to, today):
            yield Post(
                id=row.slug,
                title=row.title,
                unit=slugs["enhet"].get(row.enhet_id or 0),
                organisation=slugs["organisation"].get(row.organisation_id or 0),
                substitute=slugs["position"].get(row.substitute_id or 0),
                vacant=row.vacant,
            )


def _unheld(session: Session, pack_id: int, today: date) -> frozenset[str]:
    """Positions that somebody has held, and nobody holds today."""
    living = and_(User.active, valid_on(today))
    rows = session.execute(
        select(Position.slug, func.max(case((living, 1), else_=0)))
        .join(RoleAssignment, RoleAssignment.position_id == Position.id)
        .join(User, User.id == RoleAssignment.user_id)
        .where(Position.pack_id == pack_id, RoleAssignment.role == Role.CHEF, RoleAssignment.valid_from <= today)
        .group_by(Position.slug)
    )
    return frozenset(slug for slug, held in rows if not held)


def _over(last_day: date | None, today: date) -> bool:
    return last_day is not None and last_day < today
