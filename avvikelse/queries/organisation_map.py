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
from collections.abc import Iterable, Iterator
from collections.abc import Mapping as MappingOf
from dataclasses import dataclass
from datetime import date, timedelta
from threading import Lock
from typing import Any

from sqlalchemy import BindParameter, Date, Select, and_, bindparam, case, func, select
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
    known = ask(session, _TURNING_DAYS, pack=pack_id, today=today).mappings().one()
    last_days: list[date] = [day + timedelta(days=1) for name in _LAST_DAYS if (day := known[name]) is not None]
    first_days: list[date] = [day for name in _FIRST_DAYS if (day := known[name]) is not None]
    return min((date.max, *last_days, *first_days))


def build(session: Session, pack_id: int, today: date) -> Mapping:
    """Read it all, in a fixed number of queries."""
    pack = ask(session, _PACK, pack=pack_id).one()
    rows = {kind: ask(session, query, pack=pack_id).all() for kind, query in _KINDS.items()}
    slugs: dict[str, dict[int, str]] = {kind: {row.id: row.slug for row in found} for kind, found in rows.items()}
    ids = {kind: {slug: id_ for id_, slug in known.items()} for kind, known in slugs.items()}
    organisation = OrganisationMap(
        pack=pack.slug,
        name=pack.name,
        kommuner=tuple(pack.kommuner),
        huvudman={row.slug: HuvudmanFacts(row.slug, row.name, row.kind, row.kommunkod) for row in rows["huvudman"]},
        units={unit.id: unit for unit in _units(session, pack_id, rows["enhet"], slugs)},
        posts={post.id: post for post in _posts(rows["position"], slugs, today)},
        offices={
            row.slug: Office(
                row.slug,
                row.name,
                slugs["huvudman"][row.huvudman_id],
                row.kind,
                slugs["omrade"].get(row.omrade_id or 0),
            )
            for row in rows["funktion"]
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
            for row in rows["group"]
        },
        matrix={
            (cell.tillstand, cell.niva): Cell(tuple(cell.receivers), cell.uncertain)
            for cell in ask(session, _MATRIX, pack=pack_id, version=pack.version)
        },
        overrides=frozenset(ask(session, _OVERRIDES, pack=pack_id).scalars()),
        parents={row.slug: slugs["organisation"].get(row.parent_id or 0) for row in rows["organisation"]},
        absent=frozenset(ask(session, _ABSENT, pack=pack_id, today=today).scalars()),
        unheld=_unheld(session, pack_id, today),
        manual_omraden=frozenset(row.slug for row in rows["omrade"] if not row.takes_cases_directly),
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


_Slugs = MappingOf[str, MappingOf[int, str]]


def _units(session: Session, pack_id: int, rows: Iterable[Any], slugs: _Slugs) -> Iterator[Unit]:
    kommuner: defaultdict[int, list[str]] = defaultdict(list)
    for enhet_id, kod in ask(session, _KOMMUNER, pack=pack_id):
        kommuner[enhet_id].append(kod)
    shared: defaultdict[int, list[str]] = defaultdict(list)
    for enhet_id, huvudman_id in ask(session, _SHARED_WITH, pack=pack_id):
        shared[enhet_id].append(slugs["huvudman"][huvudman_id])
    for row in rows:
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


def _posts(rows: Iterable[Any], slugs: _Slugs, today: date) -> Iterator[Post]:
    for row in rows:
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
    return frozenset(slug for slug, held in ask(session, _HELD, pack=pack_id, today=today) if not held)


def _over(last_day: date | None, today: date) -> bool:
    return last_day is not None and last_day < today


# --- the queries ------------------------------------------------------------------------------------------------------
# Put together once (docs/adr/0100): after every change of the organisation somebody waits for all of them.

_PACK_ID: BindParameter[Any] = bindparam("pack")
_TODAY = bindparam("today", type_=Date)


def _of_pack(model: Any, *columns: Any) -> Select[Any]:
    """Rows of the pack, in the pack's order, as (id, slug, …)."""
    return select(model.id, model.slug, *columns).where(model.pack_id == _PACK_ID).order_by(model.id)


def _absences(what: Any) -> Select[Any]:
    joined = select(what).join_from(PositionAbsence, Position, Position.id == PositionAbsence.position_id)
    return joined.where(Position.pack_id == _PACK_ID)


def _holders(what: Any) -> Select[Any]:
    joined = select(what).join_from(RoleAssignment, Position, Position.id == RoleAssignment.position_id)
    return joined.where(Position.pack_id == _PACK_ID, RoleAssignment.role == Role.CHEF)


_REVISION = select(Pack.revision).where(Pack.id == _PACK_ID)
_PACK = select(Pack.slug, Pack.name, Pack.kommuner, Pack.version).where(Pack.id == _PACK_ID)
_G = Samverkansgrupp
_KINDS: MappingOf[str, Select[Any]] = {
    "huvudman": _of_pack(Huvudman, Huvudman.name, Huvudman.kind, Huvudman.kommunkod),
    "omrade": _of_pack(Sekretessomrade, Sekretessomrade.takes_cases_directly),
    "organisation": _of_pack(Organisation, Organisation.parent_id),
    "enhet": _of_pack(
        Enhet, Enhet.name, Enhet.kind, Enhet.huvudman_id, Enhet.omrade_id, Enhet.organisation_id, Enhet.age_min,
        Enhet.age_max, Enhet.active_from, Enhet.active_to, Enhet.successor_id, Enhet.forsta_linje,
        Enhet.tar_emot_remiss,
    ),
    "position": _of_pack(
        Position, Position.title, Position.enhet_id, Position.organisation_id, Position.substitute_id, Position.vacant,
        Position.active_to,
    ),
    "funktion": _of_pack(
        Funktion, Funktion.name, Funktion.huvudman_id, Funktion.kind, Funktion.omrade_id, Funktion.active_to
    ),
    "group": _of_pack(
        _G, _G.name, _G.level, _G.sees_cases, _G.active, _G.parent_id, _G.kommuner, _G.verksamhetstyper
    ),
}  # fmt: skip
_KOMMUNER = (
    select(EnhetKommun.enhet_id, EnhetKommun.kommunkod)
    .join(Enhet, Enhet.id == EnhetKommun.enhet_id)
    .where(Enhet.pack_id == _PACK_ID)
    .order_by(EnhetKommun.kommunkod)
)
_SHARED_WITH = (
    select(EnhetSharedWith.enhet_id, EnhetSharedWith.huvudman_id)
    .join(Enhet, Enhet.id == EnhetSharedWith.enhet_id)
    .where(Enhet.pack_id == _PACK_ID)
)
_MATRIX = select(MatrixCell.tillstand, MatrixCell.niva, MatrixCell.receivers, MatrixCell.uncertain).where(
    MatrixCell.pack_id == _PACK_ID, MatrixCell.version == bindparam("version")
)
_OVERRIDES = select(RoutingOverride.rule).where(RoutingOverride.pack_id == _PACK_ID)
_ABSENT = _absences(Position.slug).where(PositionAbsence.from_on <= _TODAY, PositionAbsence.to_on >= _TODAY)
_HELD = (
    select(Position.slug, func.max(case((and_(User.active, valid_on(_TODAY)), 1), else_=0)))
    .join(RoleAssignment, RoleAssignment.position_id == Position.id)
    .join(User, User.id == RoleAssignment.user_id)
    .where(Position.pack_id == _PACK_ID, RoleAssignment.role == Role.CHEF, RoleAssignment.valid_from <= _TODAY)
    .group_by(Position.slug)
)
_LAST_DAYS: MappingOf[str, Select[Any]] = {  # something is over on the day after
    "position": select(func.min(Position.active_to)).where(Position.pack_id == _PACK_ID, Position.active_to >= _TODAY),
    "funktion": select(func.min(Funktion.active_to)).where(Funktion.pack_id == _PACK_ID, Funktion.active_to >= _TODAY),
    "away": _absences(func.min(PositionAbsence.to_on)).where(PositionAbsence.to_on >= _TODAY),
    "held": _holders(func.min(RoleAssignment.valid_to)).where(RoleAssignment.valid_to >= _TODAY),
}
_FIRST_DAYS: MappingOf[str, Select[Any]] = {  # something begins on the day
    "leaves": _absences(func.min(PositionAbsence.from_on)).where(PositionAbsence.from_on > _TODAY),
    "begins": _holders(func.min(RoleAssignment.valid_from)).where(RoleAssignment.valid_from > _TODAY),
}
_TURNING_DAYS = select(
    *(query.scalar_subquery().label(name) for name, query in (*_LAST_DAYS.items(), *_FIRST_DAYS.items()))
)
