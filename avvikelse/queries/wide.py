"""Wide publications: what everybody may read, and the counts that the next one would be made of."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Integer, cast, extract, func, select
from sqlalchemy.orm import Session

from avvikelse.analysis.month_wide import Made, Pair, WideTable, from_json
from avvikelse.analysis.publication_family import Counts, Family, FamilyTable
from avvikelse.domain import months
from avvikelse.domain.actor import Actor
from avvikelse.domain.broad_parties import broad_party
from avvikelse.domain.codes import category
from avvikelse.domain.errors import NotFound
from avvikelse.domain.workdays import local_date
from avvikelse.models.avvikelse import Avvikelse, GroupMembership
from avvikelse.models.group_work import WideSummary
from avvikelse.models.groups import Samverkansgrupp
from avvikelse.models.organisation import Pack
from avvikelse.policy.group_reading import reading
from avvikelse.queries.group_desk import groups_beside
from avvikelse.queries.month_reads import CATEGORY, COUNTS, FIRST_OF_EVENT, RECEIVER

CELL_ENDS = (CATEGORY.label("category"), RECEIVER.label("receiver"))


@dataclass(frozen=True, slots=True)
class WideLine:
    """One group's newest publication, for the list."""

    group_id: int
    group: str
    lan: str
    year: int
    months: int


@dataclass(frozen=True, slots=True)
class WidePage:
    """One publication. `others` are the years that the group has published."""

    group_id: int
    group: str
    table: WideTable
    published_on: date
    others: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class WideDesk:
    """Where the convenor publishes: the year, how far it is published, and the month up to which it can be."""

    group_id: int
    group: str
    year: int
    published: WideTable | None
    ready_months: int


def published_lines(session: Session) -> tuple[WideLine, ...]:
    """Every group's newest publication, by län and name."""
    stage = cast(WideSummary.year, Integer) * 100 + WideSummary.months  # as small integers it would not fit
    newest = select(WideSummary.group_id, func.max(stage).label("stage")).group_by(WideSummary.group_id).subquery()
    rows = session.execute(
        select(newest.c.group_id, newest.c.stage, Samverkansgrupp.name, Pack.name.label("lan"))
        .join(Samverkansgrupp, Samverkansgrupp.id == newest.c.group_id)
        .join(Pack, Pack.id == Samverkansgrupp.pack_id)
        .order_by(Pack.name, Samverkansgrupp.name)
    )
    return tuple(WideLine(row.group_id, row.name, row.lan, *divmod(row.stage, 100)) for row in rows)


def page(session: Session, group_id: int, year: int) -> WidePage:
    """The group's newest publication of the year. Raises NotFound."""
    rows = session.execute(
        select(WideSummary, Samverkansgrupp.name)
        .join(Samverkansgrupp, Samverkansgrupp.id == WideSummary.group_id)
        .where(WideSummary.group_id == group_id)
        .order_by(WideSummary.year.desc(), WideSummary.months.desc())
    ).all()
    found = next(((row, name) for row, name in rows if row.year == year), None)
    if found is None:
        raise NotFound
    row, name = found
    years = tuple(sorted({other.year for other, _ in rows} - {year}, reverse=True))
    return WidePage(group_id, name, from_json(row.content).table, local_date(row.published_at), years)


def desk(session: Session, actor: Actor, group_id: int, today: date) -> WideDesk:
    """For the group's convenor. Raises NotFound for anybody else."""
    read = reading(actor, groups_beside(session, group_id), group_id)
    if read is None or not read.may_decide:
        raise NotFound
    year, ready = _ready(today)
    made = earlier(session, group_id, year)
    return WideDesk(group_id, read.group.name, year, made[-1].table if made else None, ready)


def _ready(today: date) -> tuple[int, int]:
    """The year and its last month that is fixed; in January the year before."""
    month = months.shift(months.month_of(today), -1)
    if today < months.freezes_on(month):
        month = months.shift(month, -1)
    return int(month[:4]), int(month[5:])


def earlier(session: Session, group_id: int, year: int) -> tuple[Made, ...]:
    """What the group has published of the year, oldest first."""
    rows = session.scalars(
        select(WideSummary)
        .where(WideSummary.group_id == group_id, WideSummary.year == year)
        .order_by(WideSummary.months)
    )
    return tuple(from_json(row.content) for row in rows)


def monthly_counts(session: Session, group_id: int, year: int, last_month: int) -> tuple[Counter[Pair], ...]:
    """Per month from January on: cases per upper category and broad party."""
    last = months.last_day(f"{year:04d}-{last_month:02d}")
    month = extract("month", GroupMembership.reported_on)
    rows = session.execute(
        select(
            month.label("month"), CATEGORY.label("category"), RECEIVER.label("receiver"), func.count().label("number")
        )
        .join_from(GroupMembership, Avvikelse, Avvikelse.id == GroupMembership.avvikelse_id)
        .where(
            GroupMembership.group_id == group_id,
            GroupMembership.reported_on.between(date(year, 1, 1), last),
            COUNTS,
            FIRST_OF_EVENT,
        )
        .group_by(month, CATEGORY, RECEIVER)
    )
    found: tuple[Counter[Pair], ...] = tuple(Counter() for _ in range(last_month))
    for row in rows:
        found[int(row.month) - 1][category(row.category).group, broad_party(row.receiver)] += row.number
    return found


def family(session: Session, group_id: int, year: int) -> Family | None:
    """What the groups of the län have published of the year, and how many cases they share; None = nothing."""
    beside = select(Samverkansgrupp.pack_id).where(Samverkansgrupp.id == group_id).scalar_subquery()
    published = session.scalars(
        select(WideSummary)
        .join(Samverkansgrupp, Samverkansgrupp.id == WideSummary.group_id)
        .where(Samverkansgrupp.pack_id == beside, WideSummary.year == year)
        .order_by(WideSummary.months, WideSummary.group_id)
    ).all()
    tables = tuple(_family_table(row.group_id, from_json(row.content).table) for row in published)
    if all(table.group == group_id for table in tables):
        return None  # by itself a group's year is read in publication.py
    return Family(group_id, _shared_counts(session, {group_id, *(table.group for table in tables)}, year), tables)


def one_at_a_time(session: Session, group_id: int) -> None:
    """Two groups of a län never publish at once: each table is read beside the other."""
    beside = select(Samverkansgrupp.pack_id).where(Samverkansgrupp.id == group_id).scalar_subquery()
    session.execute(select(Pack.id).where(Pack.id == beside).with_for_update())


def published_since(session: Session, group_id: int, year: int, moment: datetime) -> bool:
    """Has a group of the län published numbers of the year after this moment?"""
    beside = select(Samverkansgrupp.pack_id).where(Samverkansgrupp.id == group_id).scalar_subquery()
    query = (
        select(WideSummary.id)
        .join(Samverkansgrupp, Samverkansgrupp.id == WideSummary.group_id)
        .where(Samverkansgrupp.pack_id == beside, WideSummary.year == year, WideSummary.published_at > moment)
    )
    return session.scalar(query.limit(1)) is not None


def _family_table(group_id: int, table: WideTable) -> FamilyTable:
    return FamilyTable(group_id, table.months, table.rows, table.columns, table.hidden)


def _shared_counts(session: Session, group_ids: set[int], year: int) -> tuple[Counts, ...]:
    """The year's cases by which of these groups they count in."""
    month = extract("month", GroupMembership.reported_on).label("month")
    rows = session.execute(
        select(GroupMembership.avvikelse_id, GroupMembership.group_id, month, *CELL_ENDS)
        .join_from(GroupMembership, Avvikelse, Avvikelse.id == GroupMembership.avvikelse_id)
        .where(
            GroupMembership.group_id.in_(group_ids),
            GroupMembership.reported_on.between(date(year, 1, 1), date(year, 12, 31)),
            COUNTS,
            FIRST_OF_EVENT,
        )
    ).all()
    groups: dict[int, set[int]] = {}
    for row in rows:
        groups.setdefault(row.avvikelse_id, set()).add(row.group_id)
    where = {
        row.avvikelse_id: (int(row.month), category(row.category).group, broad_party(row.receiver)) for row in rows
    }
    counted = Counter((frozenset(groups[case]), *where[case]) for case in groups)
    return tuple(
        Counts(*key, number)
        for key, number in sorted(counted.items(), key=lambda item: (sorted(item[0][0]), item[0][1:]))
    )
