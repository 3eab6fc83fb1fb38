"""The organisation as an administrator sees it: huvudmän, the tree of one, a unit. Open for those pages."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload, selectinload

from avvikelse.domain.actor import Actor
from avvikelse.domain.codes import unit_type_label
from avvikelse.domain.errors import NotFound
from avvikelse.domain.kommuner import kommun_name
from avvikelse.domain.swedish_order import swedish
from avvikelse.domain.unit_search import ages_text, fold
from avvikelse.domain.vocabulary import FunktionKind, HuvudmanKind
from avvikelse.models.identity import RoleAssignment
from avvikelse.models.organisation import ContactReport, Enhet, Funktion, Huvudman, Pack, Position
from avvikelse.policy.organisation import administered, administered_ids, require_administrator
from avvikelse.queries.positions import holders_of
from avvikelse.queries.standing_in import lacks_substitute, without_substitute


@dataclass(frozen=True, slots=True)
class HuvudmanRow:
    """One huvudman in the list. `flags` counts its living positions without a substitute."""

    pack: str
    pack_name: str
    slug: str
    name: str
    kind: HuvudmanKind
    units: int
    flags: int


@dataclass(frozen=True, slots=True)
class UnitRow:
    """One unit in the tree, with its first position."""

    pack: str
    slug: str
    name: str
    kind: str
    omrade: str
    organisation: str
    closed_on: date | None  # last day, also one to come
    is_closed: bool
    position_slug: str | None
    position_title: str | None
    vacant: bool
    lacks_substitute: bool


@dataclass(frozen=True, slots=True)
class Branch:
    """A sekretessområde with its units by organisation."""

    name: str
    organisations: tuple[tuple[str, tuple[UnitRow, ...]], ...]


@dataclass(frozen=True, slots=True)
class FunktionRow:
    pack: str
    slug: str
    name: str
    kind: FunktionKind
    mailbox: str | None


@dataclass(frozen=True, slots=True)
class HuvudmanTree:
    pack: str
    slug: str
    name: str
    kind: HuvudmanKind
    branches: tuple[Branch, ...]
    funktioner: tuple[FunktionRow, ...]
    id: int
    answers_checked: bool


@dataclass(frozen=True, slots=True)
class EarlierName:
    name: str
    from_on: date | None
    to_on: date


@dataclass(frozen=True, slots=True)
class PositionLine:
    """A position as a link with its state."""

    slug: str
    title: str
    holders: tuple[str, ...]
    substitute: str | None
    vacant: bool
    lacks_substitute: bool


@dataclass(frozen=True, slots=True)
class UnitPage:
    id: int
    pack: str
    slug: str
    name: str
    kind: str
    huvudman: str
    huvudman_slug: str
    omrade: str
    organisation: str | None
    kommuner: tuple[str, ...]
    ages: str
    active_from: date | None
    active_to: date | None
    successor: tuple[str, str] | None  # slug, name
    mailbox: str | None
    phone: str | None
    assignment: str | None
    names: tuple[EarlierName, ...]
    positions: tuple[PositionLine, ...]
    open_reports: int


def huvudman_list(session: Session, actor: Actor, today: date) -> tuple[HuvudmanRow, ...]:
    """The huvudmän that the actor administers: by län, then the region, the kommuner and the others, each by name."""
    units = dict(
        session.execute(
            select(Enhet.huvudman_id, func.count()).where(Enhet.active_to.is_(None)).group_by(Enhet.huvudman_id)
        ).all()
    )
    flags = Counter(one.huvudman_id for one in without_substitute(session, actor, today))
    rows = session.execute(select(Huvudman, Pack).join(Pack, Pack.id == Huvudman.pack_id).where(administered(actor)))
    kinds = list(HuvudmanKind)
    found = (HuvudmanRow(p.slug, p.lan, h.slug, h.name, h.kind, units.get(h.id, 0), flags[h.id]) for h, p in rows)
    return tuple(sorted(found, key=lambda row: (swedish(row.pack_name), kinds.index(row.kind), swedish(row.name))))


def find_units(session: Session, actor: Actor, text: str, today: date, *, limit: int = 50) -> tuple[UnitRow, ...]:
    """Units of the administered huvudmän whose name, type or organisation holds every word of `text`."""
    words = fold(text)
    if not words:
        return ()
    ids = administered_ids(actor)
    rows = [row for row in _unit_rows(session, actor, None, today) if ids is None or row[0] in ids]
    found = [
        row
        for _, row in rows
        if all(
            any(known.startswith(word) for known in fold(f"{row.name} {row.kind} {row.organisation}")) for word in words
        )
    ]
    return tuple(sorted(found, key=lambda row: (row.is_closed, swedish(row.name)))[:limit])


def _by_name(item: tuple[str, object]) -> str:
    return swedish(item[0])


def huvudman_tree(session: Session, actor: Actor, pack: str, slug: str, today: date) -> HuvudmanTree:
    """One huvudman with områden, organisations and units. Raises NotFound for another administrator's."""
    found = session.execute(
        select(Huvudman, Pack).join(Pack, Pack.id == Huvudman.pack_id).where(Pack.slug == pack, Huvudman.slug == slug)
    ).one_or_none()
    if found is None:
        raise NotFound
    huvudman, its_pack = found
    require_administrator(actor, huvudman.id)
    by_omrade: defaultdict[str, defaultdict[str, list[UnitRow]]] = defaultdict(lambda: defaultdict(list))
    for _, row in _unit_rows(session, actor, huvudman.id, today):
        by_omrade[row.omrade][row.organisation].append(row)
    funktioner = session.scalars(
        select(Funktion).where(Funktion.huvudman_id == huvudman.id, Funktion.active_to.is_(None)).order_by(Funktion.id)
    )
    return HuvudmanTree(
        its_pack.slug,
        huvudman.slug,
        huvudman.name,
        huvudman.kind,
        tuple(
            Branch(omrade, tuple((name, tuple(units)) for name, units in sorted(organisations.items(), key=_by_name)))
            for omrade, organisations in sorted(by_omrade.items(), key=_by_name)
        ),
        tuple(FunktionRow(its_pack.slug, f.slug, f.name, f.kind, f.mailbox) for f in funktioner),
        huvudman.id,
        huvudman.answers_checked,
    )


def unit_page(session: Session, actor: Actor, pack: str, slug: str, today: date) -> UnitPage:
    """Raises NotFound for an unknown unit and for another huvudman's."""
    unit = session.scalar(
        select(Enhet)
        .join(Pack, Pack.id == Enhet.pack_id)
        .where(Pack.slug == pack, Enhet.slug == slug)
        .options(
            joinedload(Enhet.huvudman),
            joinedload(Enhet.omrade),
            joinedload(Enhet.organisation),
            joinedload(Enhet.successor),
            selectinload(Enhet.kommuner),
            selectinload(Enhet.earlier_names),
            selectinload(Enhet.positions).joinedload(Position.substitute),
        )
    )
    if unit is None:
        raise NotFound
    require_administrator(actor, unit.huvudman_id)
    living = [position for position in unit.positions if position.active_to is None]
    holders = holders_of(session, today, RoleAssignment.position_id.in_([position.id for position in living]))
    reports = session.scalar(
        select(func.count())
        .select_from(ContactReport)
        .where(ContactReport.enhet_id == unit.id, ContactReport.done_at.is_(None))
    )
    return UnitPage(
        id=unit.id,
        pack=pack,
        slug=unit.slug,
        name=unit.name,
        kind=unit_type_label(unit.kind),
        huvudman=unit.huvudman.name,
        huvudman_slug=unit.huvudman.slug,
        omrade=unit.omrade.name,
        organisation=unit.organisation.name if unit.organisation else None,
        kommuner=tuple(kommun_name(row.kommunkod) for row in unit.kommuner),
        ages=ages_text(unit.age_min, unit.age_max),
        active_from=unit.active_from,
        active_to=unit.active_to,
        successor=(unit.successor.slug, unit.successor.name) if unit.successor else None,
        mailbox=unit.function_mailbox,
        phone=unit.phone,
        assignment=unit.assignment,
        names=tuple(EarlierName(n.name, n.from_on, n.to_on) for n in unit.earlier_names),
        positions=tuple(
            PositionLine(
                position.slug,
                position.title,
                tuple(holder.name for key, holder in holders if key == position.id and holder.living),
                position.substitute.title if position.substitute else None,
                position.vacant,
                lacks_substitute(session, unit.pack_id, position.slug, today),
            )
            for position in living
        ),
        open_reports=reports or 0,
    )


def _unit_rows(session: Session, actor: Actor, huvudman_id: int | None, today: date) -> list[tuple[int, UnitRow]]:
    """(huvudman id, row) of every unit, or of one huvudman's, by name."""
    query = (
        select(Enhet, Pack.slug)
        .join(Pack, Pack.id == Enhet.pack_id)
        .options(joinedload(Enhet.omrade), joinedload(Enhet.organisation), selectinload(Enhet.positions))
        .order_by(Enhet.name)
    )
    if huvudman_id is not None:
        query = query.where(Enhet.huvudman_id == huvudman_id)
    found = []
    alone = _alone(session, actor, today)
    for unit, pack in session.execute(query):
        first = next((position for position in unit.positions if position.active_to is None), None)
        row = UnitRow(
            pack=pack,
            slug=unit.slug,
            name=unit.name,
            kind=unit_type_label(unit.kind),
            omrade=unit.omrade.name,
            organisation=unit.organisation.name if unit.organisation else "Utan förvaltning",
            closed_on=unit.active_to,
            is_closed=unit.active_to is not None and unit.active_to < today,
            position_slug=first.slug if first else None,
            position_title=first.title if first else None,
            vacant=first.vacant if first else False,
            lacks_substitute=first is not None and first.id in alone,
        )
        found.append((unit.huvudman_id, row))
    return found


def _alone(session: Session, actor: Actor, today: date) -> frozenset[int]:
    """The positions that nobody can stand in for as their substitute (domain/presence.py)."""
    return frozenset(one.id for one in without_substitute(session, actor, today))
