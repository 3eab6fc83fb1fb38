"""Where may a case go: the proposed receiver, the samordnare who distributes, the positions to choose from."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import Protocol

from sqlalchemy import ColumnElement, Select, func, or_, select
from sqlalchemy.orm import Session

from avvikelse.domain import ansvar
from avvikelse.domain.codes import unit_type_label
from avvikelse.domain.errors import Invalid
from avvikelse.domain.kommuner import kommun_name
from avvikelse.domain.organisation import Office, OrganisationMap
from avvikelse.domain.receiver import Receiver
from avvikelse.domain.routing import Reason, Route, Situation, route
from avvikelse.domain.routing_rules import ASKS_MATRIX
from avvikelse.domain.swedish_order import swedish
from avvikelse.domain.vocabulary import WITHOUT_ACCOUNT, PartySide, RoutingMode
from avvikelse.models.avvikelse import Avvikelse
from avvikelse.models.organisation import Enhet, EnhetKommun, Huvudman, Pack, Position, Sekretessomrade
from avvikelse.queries import responsibility
from avvikelse.queries.organisation_map import Mapping, mapping_of

NOBODY_DISTRIBUTES = (
    "Ingen samordnare är registrerad för länet. Kontakta administratören, så att rapporten kan tas emot."
)


class Reported(Protocol):
    """The parts of a report that decide its way (services/reporting.Report)."""

    @property
    def occurred_on(self) -> date: ...
    @property
    def counterpart_enhet_id(self) -> int | None: ...
    @property
    def counterpart_kind(self) -> str | None: ...
    @property
    def counterpart_huvudman_id(self) -> int | None: ...
    @property
    def kommunkod(self) -> str | None: ...
    @property
    def category(self) -> str | None: ...
    @property
    def age_band(self) -> str | None: ...
    @property
    def tillstand(self) -> str | None: ...
    @property
    def niva(self) -> int | None: ...


@dataclass(frozen=True, slots=True)
class Proposal:
    """To whom a report would go.

    `receiver` is the position, or the samordnare when people distribute; `triage` always a samordnare.

    `reason` is a clause after "därför att"; `to` the receiver's title as the reporter reads it.
    """

    receiver: Receiver
    triage: Receiver
    to: str
    reason: str
    rules: tuple[str, ...]
    mode: RoutingMode
    kommunkod: str | None
    counterpart_enhet_id: int | None
    counterpart_kind: str | None
    counterpart_huvudman_id: int | None
    inside_huvudman: bool


def propose(session: Session, unit: Enhet, report: Reported, *, today: date) -> Proposal:
    """Route a report from `unit`.

    Raises Invalid when the counterpart is unknown in the län or nobody at all can distribute.
    """
    mapping = mapping_of(session, unit.pack_id, today)
    named = mapping.enhet_slug(report.counterpart_enhet_id)
    if report.counterpart_enhet_id is not None and named is None:
        raise Invalid("Välj en enhet ur listan.", field="counterpart")
    kommun = kommun_of(session, unit.id, report)
    found = route(
        Situation(
            sender_unit=mapping.enhet_slug(unit.id),
            sender_huvudman=mapping.huvudman_slug(unit.huvudman_id),
            occurred_on=report.occurred_on,
            counterpart_unit=named,
            counterpart_kind=report.counterpart_kind if named is None else None,
            counterpart_huvudman=mapping.huvudman_slug(report.counterpart_huvudman_id),
            kommunkod=kommun,
            category=report.category,
            age_band=report.age_band,
            tillstand=report.tillstand,
            niva=report.niva,
        ),
        _with_table_of_the_day(session, unit.pack_id, mapping.organisation, report),
        today,
    )
    office = found.office or _triage_office(mapping, unit, found, kommun)
    if office is None:
        raise Invalid(NOBODY_DISTRIBUTES)
    triage = office_receiver(session, mapping, office)
    target = found.unit or mapping.organisation.units.get(named or "")
    receiver = _post_receiver(mapping, found) or triage
    return Proposal(
        receiver=receiver,
        triage=triage,
        to=found.post.title if found.post else office.name,
        reason=" och ".join(
            reason.text + _version_asked(session, unit.pack_id, reason, report) for reason in found.reasons
        ),
        rules=tuple(reason.rule for reason in found.reasons),
        mode=found.mode,
        kommunkod=kommun,
        counterpart_enhet_id=mapping.enhet_ids[target.id] if target else None,
        counterpart_kind=target.kind if target else report.counterpart_kind,
        counterpart_huvudman_id=mapping.huvudman_ids[target.huvudman] if target else report.counterpart_huvudman_id,
        inside_huvudman=target is not None and mapping.huvudman_ids[target.huvudman] == unit.huvudman_id,
    )


def _with_table_of_the_day(session: Session, pack_id: int, org: OrganisationMap, report: Reported) -> OrganisationMap:
    """The ansvarstabell that was in force when it happened decides, as the case's page says it afterwards."""
    if report.tillstand is None:
        return org
    cells = responsibility.cells_on(session, pack_id, report.occurred_on, session.get_one(Pack, pack_id).version)
    return replace(org, matrix=cells) if cells is not None else org


def _version_asked(session: Session, pack_id: int, reason: Reason, report: Reported) -> str:
    """Which ansvarstabell was asked: the case keeps it with its reason, also when its day is moved afterwards."""
    if reason.rule != ASKS_MATRIX:
        return ""
    return f" (version {ansvar.version_on(report.occurred_on, responsibility.versions_of(session, pack_id))})"


def receiver_by_rules(session: Session, row: Avvikelse, *, today: date) -> Proposal | None:
    """Where a case would go by the rules as it is coded now; None when they do not say (or it came without account)."""
    unit = session.get(Enhet, row.sender_enhet_id) if row.sender_enhet_id is not None else None
    if unit is None or row.channel in WITHOUT_ACCOUNT:
        return None
    try:
        return propose(session, unit, row, today=today)
    except Invalid:
        return None


def kommun_of(session: Session, own_enhet_id: int | None, report: Reported) -> str | None:
    """The case's kommun: as reported, else the one that the own unit or the counterpart serves alone."""
    if report.kommunkod:
        return report.kommunkod
    for enhet_id in (own_enhet_id, report.counterpart_enhet_id):
        if enhet_id is None:
            continue
        served = session.scalars(select(EnhetKommun.kommunkod).where(EnhetKommun.enhet_id == enhet_id).limit(2)).all()
        if len(served) == 1:
            return served[0]
    return None


def _triage_office(mapping: Mapping, unit: Enhet, found: Route, kommun: str | None) -> Office | None:
    """Who distributes if the manager or the reporter says that the proposal is wrong: the own side first."""
    org = mapping.organisation
    own = org.units[mapping.slugs["enhet"][unit.id]]
    return (
        org.samordnare(own.huvudman, own.omrade)
        or (org.samordnare(found.unit.huvudman, found.unit.omrade) if found.unit else None)
        or org.samordnare_of_kommun(kommun)
        or org.samordnare_of_region()
    )


def _post_receiver(mapping: Mapping, found: Route) -> Receiver | None:
    """The position's own unit and område answer, also when it stands in for another unit."""
    if found.post is None:
        return None
    unit = mapping.organisation.units.get(found.post.unit or "") or found.unit
    if unit is None:
        return None
    return Receiver(
        omrade_id=mapping.omrade_ids[unit.omrade],
        enhet_id=mapping.enhet_ids[unit.id],
        position_id=mapping.position_ids[found.post.id],
        enhet_kind=unit.kind,
    )


def office_receiver(session: Session, mapping: Mapping, office: Office) -> Receiver:
    """A samordnare's funktion, in its område; one for the whole huvudman sits in the huvudman's first område."""
    if office.omrade is not None:
        omrade_id = mapping.omrade_ids[office.omrade]
    else:
        omrade_id = first_omrade(session, mapping.huvudman_ids[office.huvudman])
    return Receiver(omrade_id, funktion_id=mapping.funktion_ids[office.id])


def first_omrade(session: Session, huvudman_id: int) -> int:
    return session.scalars(
        select(Sekretessomrade.id)
        .where(Sekretessomrade.huvudman_id == huvudman_id)
        .order_by(Sekretessomrade.id)
        .limit(1)
    ).one()


def triage_receiver(session: Session, row: Avvikelse, today: date) -> Receiver:
    """The samordnare a declined case goes back to: the reporting side's; without account the one who got it first."""
    if row.channel in WITHOUT_ACCOUNT:
        first = next(party for party in row.parties if party.side is not PartySide.SENDER)
        return Receiver(first.omrade_id, funktion_id=first.funktion_id)
    mapping = mapping_of(session, row.pack_id, today)
    unit = session.get_one(Enhet, row.sender_enhet_id)
    nothing = Route(None, None, None, None, RoutingMode.MANUAL, (Reason("R20", ""),))
    office = _triage_office(mapping, unit, nothing, row.kommunkod)
    if office is None:
        raise Invalid(NOBODY_DISTRIBUTES)
    receiver = office_receiver(session, mapping, office)
    if office.omrade is None and mapping.huvudman_ids[office.huvudman] == unit.huvudman_id:
        return Receiver(unit.omrade_id, funktion_id=receiver.funktion_id)
    return receiver


def receiver_of_position(session: Session, position_id: int) -> Receiver:
    """A chosen position as a receiver. Raises Invalid for one that no longer answers for a unit."""
    found = session.execute(
        select(Position.id, Enhet.id, Enhet.omrade_id, Enhet.kind)
        .join(Enhet, Enhet.id == Position.enhet_id)
        .where(Position.id == position_id, Position.active_to.is_(None))
    ).first()
    if found is None:
        raise Invalid("Välj vem som ska få ärendet.", field="receiver")
    return Receiver(omrade_id=found[2], enhet_id=found[1], position_id=found[0], enhet_kind=found[3])


@dataclass(frozen=True, slots=True)
class PlacedUnit:
    """A unit to choose from: under its place, with its type in words, so that both can be found without scripts.

    `id` is the unit's, or that of the position that answers for it.
    """

    id: int
    name: str
    kind: str
    place: str


def placed_units(session: Session, pack_id: int, today: date) -> list[PlacedUnit]:
    """All living units in the län, by place: the kommun that a unit serves alone, else its huvudman. Kommuner first."""
    return _placed(session, select(Enhet.id), pack_id, today)


def placed_positions(session: Session, pack_id: int, today: date) -> list[PlacedUnit]:
    """The positions that answer for these units, under the same places."""
    answering = select(Position.id).join(Enhet, Enhet.id == Position.enhet_id).where(Position.active_to.is_(None))
    return _placed(session, answering, pack_id, today)


def _placed(session: Session, wanted: Select[int], pack_id: int, today: date) -> list[PlacedUnit]:
    """One read for any number of units."""
    served = (
        select(
            EnhetKommun.enhet_id,
            func.min(EnhetKommun.kommunkod).label("kommunkod"),
            func.count().label("kommuner"),
        )
        .group_by(EnhetKommun.enhet_id)
        .subquery()
    )
    rows = session.execute(
        wanted.add_columns(Enhet.name, Enhet.kind, Huvudman.name, served.c.kommunkod, served.c.kommuner)
        .join(Huvudman, Huvudman.id == Enhet.huvudman_id)
        .outerjoin(served, served.c.enhet_id == Enhet.id)
        .where(Enhet.pack_id == pack_id, _living(today))
        .order_by(wanted.selected_columns[0])
    )
    found = []
    for id_, name, kind, huvudman, kommunkod, kommuner in rows:
        alone = kommuner == 1
        place = kommun_name(kommunkod) if alone else huvudman
        found.append((not alone, PlacedUnit(id_, f"{name}, {huvudman}", unit_type_label(kind), place)))
    return [unit for _, unit in sorted(found, key=lambda one: (one[0], swedish(one[1].place), swedish(one[1].name)))]


def _living(today: date) -> ColumnElement[bool]:
    return or_(Enhet.active_to.is_(None), Enhet.active_to >= today)
