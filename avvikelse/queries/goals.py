"""A group's goals for a year, with the definitions that were frozen with them. Open when a goal reads wrongly."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from avvikelse.domain.goals import GOAL_KINDS, PARAMS, GoalKind, Unit, goal_words, may_write
from avvikelse.domain.workdays import local_date
from avvikelse.models.followup import IndicatorYear


@dataclass(frozen=True, slots=True)
class GoalRow:
    """One mätetal of a year. `goal` None = the group has set none."""

    id: str
    name: str
    definition: str
    goal: int | None
    words: str


@dataclass(frozen=True, slots=True)
class GoalYear:
    """`version` 0 = nothing written. `late`: written after the year had begun. `open`: may be written today."""

    year: int
    rows: tuple[GoalRow, ...]
    params: Mapping[str, int] = field(default_factory=lambda: dict(PARAMS))
    version: int = 0
    written_on: date | None = None
    open: bool = False

    @property
    def late(self) -> bool:
        return self.written_on is not None and self.written_on.year >= self.year

    @property
    def words(self) -> dict[str, str]:
        """By id, of those that have a goal."""
        return {row.id: row.words for row in self.rows if row.goal is not None}

    @property
    def has_goals(self) -> bool:
        return bool(self.words)


def goal_year(session: Session, group_id: int, year: int, today: date) -> GoalYear:
    """The newest version of the year, or the mätetal as they are defined today without goals."""
    return goal_years(session, group_id, (year,), today)[0]


def goal_years(session: Session, group_id: int, years: tuple[int, ...], today: date) -> tuple[GoalYear, ...]:
    """One read, whatever the number of years."""
    newest = (
        select(IndicatorYear.year, func.max(IndicatorYear.version).label("version"))
        .where(IndicatorYear.group_id == group_id, IndicatorYear.year.in_(years))
        .group_by(IndicatorYear.year)
        .subquery()
    )
    rows = session.scalars(
        select(IndicatorYear)
        .join(newest, (newest.c.year == IndicatorYear.year) & (newest.c.version == IndicatorYear.version))
        .where(IndicatorYear.group_id == group_id)
    )
    found = {row.year: row for row in rows}
    return tuple(_year(year, found.get(year), today) for year in years)


def _year(year: int, row: IndicatorYear | None, today: date) -> GoalYear:
    open_now = may_write(year, today, written=row is not None)
    if row is None:
        return GoalYear(year, tuple(_row(id_, kind, None, PARAMS) for id_, kind in GOAL_KINDS.items()), open=open_now)
    return year_of_row(row, open_now=open_now)


def year_of_row(row: IndicatorYear, *, open_now: bool = False) -> GoalYear:
    """A version as it was written."""
    stored, params = row.content, row.content["params"]
    kinds = {
        id_: GoalKind(kind["name"], kind["definition"], kind["at_least"], Unit(kind["unit"]))
        for id_, kind in stored["kinds"].items()
    }
    rows = tuple(_row(id_, kind, stored["goals"].get(id_), params) for id_, kind in kinds.items())
    return GoalYear(row.year, rows, params, row.version, local_date(row.written_at), open_now)


def _row(id_: str, kind: GoalKind, goal: int | None, params: Mapping[str, int]) -> GoalRow:
    words = goal_words(kind, goal) if goal is not None else ""
    return GoalRow(id_, kind.name.format(**params), kind.definition.format(**params), goal, words)
