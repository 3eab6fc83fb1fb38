"""*Visa ansvar*: the matrix of responsibility to read, how often cases went elsewhere, and what it says of one case."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import bindparam, func, or_, select
from sqlalchemy.orm import Session

from avvikelse.domain import ansvar
from avvikelse.domain.codes import NIVAER, TILLSTAND, tillstand_label, unit_type_label
from avvikelse.domain.errors import NotFound
from avvikelse.domain.organisation import Cell
from avvikelse.domain.situation import MATRIX_GROUPS
from avvikelse.domain.small_numbers import told
from avvikelse.domain.workdays import start_of_day
from avvikelse.models.agreements import MatrixCell, MatrixVersion
from avvikelse.models.asking import ask
from avvikelse.models.avvikelse import Avvikelse
from avvikelse.models.organisation import Pack
from avvikelse.queries.month_reads import COUNTS

YEAR = timedelta(days=365)
Cells = dict[tuple[str, int], Cell]
_SORTED_BY = (
    Avvikelse.tillstand, Avvikelse.niva, Avvikelse.receiver_kind, Avvikelse.occurred_on, Avvikelse.matrix_version,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class CellView:
    """One level of a tillstånd. `departures`: how many cases of a year went elsewhere; None = fewer than five but some.

    `chosen`: the level of the case that the table is shown for.
    """

    level: int
    level_name: str
    receivers: tuple[str, ...]
    uncertain: bool
    departures: int | None = 0
    chosen: bool = False


@dataclass(frozen=True, slots=True)
class RowView:
    tillstand: str
    cells: tuple[CellView, ...]


@dataclass(frozen=True, slots=True)
class MatrixPage:
    pack: str
    pack_name: str
    version: str | None
    from_on: date | None
    in_force: bool
    versions: tuple[tuple[str, date | None], ...]  # newest first
    rows: tuple[RowView, ...]


@dataclass(frozen=True, slots=True)
class CaseResponsibility:
    """What the table says of one case, in the version of the day on which it happened. `outside` = sent elsewhere.

    `today`: the version in force now, where it is another one.
    """

    pack: str
    version: str
    row: RowView
    receiver: str | None
    outside: bool
    uncertain: bool
    today: str | None = None


def matrix_page(session: Session, pack_slug: str, version: str | None, today: date) -> MatrixPage:
    """The version of today, or the one that is asked for. Raises NotFound for an unknown län or version."""
    pack = session.scalar(select(Pack).where(Pack.slug == pack_slug))
    if pack is None:
        raise NotFound
    versions = versions_of(session, pack.id)
    known = dict(versions)
    now = ansvar.version_on(today, versions)
    shown = version or now
    if shown is None:
        return MatrixPage(pack.slug, pack.lan, None, None, in_force=True, versions=(), rows=())
    if shown not in known:
        raise NotFound
    cells = cells_of(session, pack.id, shown)
    gone = departures(session, pack.id, shown, versions, cells, today)
    rows = tuple(
        _row(one.code, cells, {level: gone[one.code, level] for level in ansvar.LEVELS})
        for one in TILLSTAND
        if any((one.code, level) in cells for level in ansvar.LEVELS)
    )
    newest = tuple(sorted(versions, key=lambda one: one[1] or date.min, reverse=True))
    return MatrixPage(pack.slug, pack.lan, shown, known[shown], in_force=shown == now, versions=newest, rows=rows)


def versions_of(session: Session, pack_id: int) -> list[tuple[str, date | None]]:
    return [(version, from_on) for version, from_on in ask(session, _VERSIONS, pack=pack_id)]


_VERSIONS = select(MatrixVersion.version, MatrixVersion.from_on).where(MatrixVersion.pack_id == bindparam("pack"))


def cells_of(session: Session, pack_id: int, version: str) -> Cells:
    rows = session.scalars(select(MatrixCell).where(MatrixCell.pack_id == pack_id, MatrixCell.version == version))
    return {(row.tillstand, row.niva): Cell(tuple(row.receivers), row.uncertain) for row in rows}


def departures(
    session: Session, pack_id: int, version: str, versions: list[tuple[str, date | None]], cells: Cells, today: date
) -> Counter[tuple[str, int]]:
    """Per cell, how many cases of a year were sent to somebody outside it. Only cases of the version's own days."""
    rows = session.execute(
        select(*_SORTED_BY, func.count())
        .where(
            Avvikelse.pack_id == pack_id,
            Avvikelse.submitted_at >= start_of_day(today - YEAR),  # what happened since cannot have come earlier
            Avvikelse.occurred_on > today - YEAR,
            Avvikelse.tillstand.is_not(None),
            Avvikelse.niva.is_not(None),
            or_(*(Avvikelse.category.startswith(group) for group in MATRIX_GROUPS)),
            COUNTS,
        )
        .group_by(*_SORTED_BY)
    )
    found: Counter[tuple[str, int]] = Counter()
    for tillstand, niva, kind, day, kept, number in rows:
        if tillstand is None or niva is None:
            continue
        if (kept or ansvar.version_on(day, versions)) == version and ansvar.is_outside(
            cells.get((tillstand, niva)), kind
        ):
            found[tillstand, niva] += number
    return found


def of_case(
    session: Session, pack_id: int, tillstand: str | None, niva: int | None, category: str | None, kind: str | None,
    occurred_on: date, kept: str | None = None,
) -> CaseResponsibility | None:  # fmt: skip
    """None when the case says nothing of a tillstånd, or the län has no table about it.

    `kept`: the version that the case has kept since it was reported.
    """
    if tillstand is None:
        return None
    versions = versions_of(session, pack_id)
    version = kept or ansvar.version_on(occurred_on, versions)
    cells = cells_of(session, pack_id, version) if version is not None else {}
    if version is None or not any((tillstand, level) in cells for level in ansvar.LEVELS):
        return None
    cell = cells.get((tillstand, niva or 0))
    return CaseResponsibility(
        session.get_one(Pack, pack_id).slug,
        version,
        _row(tillstand, cells, {}, chosen=niva),
        unit_type_label(kind) if kind else None,
        outside=ansvar.asks_table(category) and ansvar.is_outside(cell, kind),
        uncertain=cell is not None and cell.uncertain,
        today=newest if (newest := newest_of(versions)) != version else None,
    )


def newest_of(versions: list[tuple[str, date | None]]) -> str | None:
    """The version in force: a new one begins on the day on which it is read in."""
    return ansvar.version_on(date.max, versions)


def cells_on(session: Session, pack_id: int, day: date, known: str) -> Cells | None:
    """The cells of the day's version; None when that is `known`, which the caller has."""
    version = ansvar.version_on(day, versions_of(session, pack_id))
    return cells_of(session, pack_id, version) if version not in (None, known) else None


def points_elsewhere(session: Session, row: Avvikelse, kind: str | None) -> bool:
    """Would it be a departure from the table to give the case to a unit of this kind?"""
    found = of_case(
        session, row.pack_id, row.tillstand, row.niva, row.category, kind, row.occurred_on, row.matrix_version
    )
    return found is not None and found.outside


def _row(tillstand: str, cells: Cells, gone: dict[int, int], chosen: int | None = None) -> RowView:
    empty = Cell((), uncertain=True)  # a level that the table leaves out names nobody
    return RowView(
        tillstand_label(tillstand),
        tuple(
            CellView(
                level, name, tuple(unit_type_label(kind) for kind in cell.receivers), cell.uncertain,
                told(gone.get(level, 0)), level == chosen,
            )
            for level, name in NIVAER
            for cell in (cells.get((tillstand, level), empty),)
        ),
    )  # fmt: skip
