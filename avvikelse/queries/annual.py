"""A group's annual reports: its years, one version for the group, and what those outside read of an approved one.

Open for `/grupper/…/arsrapport` and `/arsrapporter`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import Session, aliased

from avvikelse.analysis.sections import Section, from_json
from avvikelse.domain.errors import NotFound
from avvikelse.domain.workdays import local_date
from avvikelse.models.annual import AnnualReport
from avvikelse.models.avvikelse import GroupMembership
from avvikelse.models.groups import Samverkansgrupp
from avvikelse.models.organisation import Pack

SHOWN = 12


@dataclass(frozen=True, slots=True)
class ReportView:
    """One version. `sections` for the group, or for those outside it."""

    group_id: int
    group: str
    year: int
    version: int
    sections: tuple[Section, ...]
    comments: dict[str, str]
    made_at: datetime
    approved_on: date | None
    version_id: int
    newest: int  # the newest version's number


@dataclass(frozen=True, slots=True)
class ReportLine:
    """A year of a group in a list: its newest version."""

    group_id: int
    group: str
    year: int
    version: int
    approved_on: date | None


def newest(session: Session, group_id: int, year: int) -> AnnualReport | None:
    return session.scalar(
        select(AnnualReport)
        .where(AnnualReport.group_id == group_id, AnnualReport.year == year)
        .order_by(AnnualReport.version.desc())
        .limit(1)
    )


def own_report(session: Session, group_id: int, year: int, version: int | None = None) -> ReportView:
    """For the group. The newest version, or the one asked for. Raises NotFound."""
    return _view(session, group_id, year, "own", AnnualReport.version == version if version else None)


def preview(session: Session, group_id: int, year: int) -> ReportView:
    """What those outside will read of the newest version, approved or not: for its convenor. Raises NotFound."""
    return _view(session, group_id, year, "outward", None)


def outward_report(session: Session, group_id: int, year: int) -> ReportView:
    """For everybody who works there: the newest approved version, without small numbers. Raises NotFound."""
    return _view(session, group_id, year, "outward", AnnualReport.approved_at.is_not(None))


def _view(session: Session, group_id: int, year: int, key: str, where: ColumnElement[bool] | None) -> ReportView:
    query = (
        select(AnnualReport, Samverkansgrupp.name)
        .join(Samverkansgrupp, Samverkansgrupp.id == AnnualReport.group_id)
        .where(AnnualReport.group_id == group_id, AnnualReport.year == year)
        .order_by(AnnualReport.version.desc())
    )
    latest = session.scalar(
        select(func.max(AnnualReport.version)).where(AnnualReport.group_id == group_id, AnnualReport.year == year)
    )
    found = session.execute((query if where is None else query.where(where)).limit(1)).first()
    if found is None:
        raise NotFound
    row, name = found
    return ReportView(
        group_id, name, year, row.version, from_json(row.content[key]), dict(row.comments), row.made_at,
        local_date(row.approved_at) if row.approved_at else None, row.version_id, latest or row.version,
    )  # fmt: skip


def told_beside(session: Session, group_id: int, year: int) -> bool:
    """Has a group that shares cases with this one told its lists outside? Two such lists could be subtracted; lists of
    groups that share none cannot. Cases of earlier years too: their åtgärder are followed up in this one."""
    others = [
        row.group_id
        for row in session.execute(_approved_beside(group_id, year, AnnualReport.group_id, AnnualReport.content))
        if row.content.get("lists_told", True)
    ]
    theirs = aliased(GroupMembership)
    shared = (
        select(GroupMembership.avvikelse_id)
        .join(theirs, theirs.avvikelse_id == GroupMembership.avvikelse_id)
        .where(
            GroupMembership.group_id == group_id,
            GroupMembership.reported_on <= date(year, 12, 31),
            theirs.group_id.in_(others),
        )
        .limit(1)
    )
    return bool(others) and session.scalar(shared) is not None


def approved_beside_since(session: Session, group_id: int, year: int, moment: datetime) -> bool:
    """Has another group of the län had a report of the year approved after this moment?"""
    query = _approved_beside(group_id, year, AnnualReport.id).where(AnnualReport.approved_at > moment)
    return session.scalar(query.limit(1)) is not None


def _approved_beside(group_id: int, year: int, *columns: Any) -> Select[*tuple[Any, ...]]:
    beside = select(Samverkansgrupp.pack_id).where(Samverkansgrupp.id == group_id).scalar_subquery()
    return (
        select(*columns)
        .join(Samverkansgrupp, Samverkansgrupp.id == AnnualReport.group_id)
        .where(
            Samverkansgrupp.pack_id == beside, AnnualReport.group_id != group_id, AnnualReport.year == year,
            AnnualReport.approved_at.is_not(None),
        )
    )  # fmt: skip


def told_before(session: Session, group_id: int, year: int) -> tuple[tuple[int, tuple[Section, ...]], ...]:
    """What the group's approved versions of the year have told outside, with their numbers, the oldest first."""
    rows = session.execute(
        select(AnnualReport.version, AnnualReport.content)
        .where(AnnualReport.group_id == group_id, AnnualReport.year == year, AnnualReport.approved_at.is_not(None))
        .order_by(AnnualReport.version)
    )
    return tuple((version, from_json(content["outward"])) for version, content in rows)


def years(session: Session, group_id: int) -> tuple[ReportLine, ...]:
    """The group's years, the newest first."""
    rows = session.execute(
        select(AnnualReport.year, AnnualReport.version, AnnualReport.approved_at, Samverkansgrupp.name)
        .join(Samverkansgrupp, Samverkansgrupp.id == AnnualReport.group_id)
        .where(AnnualReport.group_id == group_id)
        .order_by(AnnualReport.year.desc(), AnnualReport.version.desc())
    )
    found: dict[int, ReportLine] = {}
    for year, version, approved_at, name in rows:
        found.setdefault(
            year, ReportLine(group_id, name, year, version, local_date(approved_at) if approved_at else None)
        )
    return tuple(found.values())


def approved(session: Session, pack_slug: str, count: int = SHOWN) -> tuple[ReportLine, ...]:
    """The latest approved reports of a län's groups."""
    rows = session.execute(
        select(
            AnnualReport.group_id, Samverkansgrupp.name, AnnualReport.year,
            func.max(AnnualReport.version).label("version"), func.max(AnnualReport.approved_at).label("at"),
        )
        .join(Samverkansgrupp, Samverkansgrupp.id == AnnualReport.group_id)
        .join(Pack, Pack.id == Samverkansgrupp.pack_id)
        .where(Pack.slug == pack_slug, AnnualReport.approved_at.is_not(None))
        .group_by(AnnualReport.group_id, Samverkansgrupp.name, AnnualReport.year)
        .order_by(AnnualReport.year.desc(), Samverkansgrupp.name)
        .limit(count)
    )  # fmt: skip
    return tuple(ReportLine(row.group_id, row.name, row.year, row.version, local_date(row.at)) for row in rows)
