"""The themes (problemtyper) of a samverkansgrupp in numbers: confirmed cases, how they stand, decisions about them.

One read for cases, one for decisions and questions, whatever the number of themes. Cases that were merged or not taken
up, and cases that no longer belong to the group, do not count. Open also for a group's month.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Row, and_, case, exists, func, or_, select
from sqlalchemy.orm import Session

from avvikelse.domain import months
from avvikelse.domain.group_words import LIVING_DECISIONS, DecisionStatus, ProblemTypeStatus
from avvikelse.domain.lifting import ThemeFacts
from avvikelse.domain.vocabulary import GroupQuestionStatus, Outcome, Status
from avvikelse.models.avvikelse import Avvikelse, GroupMembership
from avvikelse.models.group_decisions import GroupDecision
from avvikelse.models.group_work import GroupQuestion
from avvikelse.models.themes import ProblemType, ProblemTypeCase
from avvikelse.queries.month_reads import FIRST_OF_EVENT_IN_THEME

NOT_COUNTED = (Outcome.MERGED, Outcome.NOT_TAKEN_UP)
RECENT_MONTHS = 3
_UNANSWERED = (Status.SUBMITTED, Status.ASSIGNED, Status.IN_PROGRESS, Status.DISPUTED, Status.WITH_GROUP)


@dataclass(frozen=True, slots=True)
class ThemeRow:
    """A theme and its numbers. `after_decision`: cases reported after the latest decision about it was carried out."""

    id: int
    ref: str
    name: str
    sentence: str
    owner: str
    status: ProblemTypeStatus
    cases: int
    recent: int
    after_decision: int
    facts: ThemeFacts

    @property
    def living(self) -> bool:
        return self.status is not ProblemTypeStatus.CLOSED

    @property
    def counted(self) -> str:
        """ "12 fall, 3 de senaste tre månaderna"."""
        if not self.cases:
            return "Inga bekräftade fall"
        return f"{self.cases} fall, {self.recent or 'inga'} de senaste tre månaderna"


def theme_rows(session: Session, group_id: int, today: date, *, theme_id: int | None = None) -> tuple[ThemeRow, ...]:
    """The group's themes: living ones first, those with most recent cases on top. `theme_id` reads one alone."""
    of_group = [ProblemType.group_id == group_id]
    if theme_id is not None:
        of_group.append(ProblemType.id == theme_id)
    themes = session.scalars(select(ProblemType).where(*of_group).order_by(ProblemType.name)).all()
    ids = [theme.id for theme in themes]
    counts = _counts(session, group_id, ids, today)
    decisions = _decisions(session, group_id, ids, today)
    lifted = _lifted(session, ids)
    rows = (_row(theme, counts.get(theme.id), decisions.get(theme.id), theme.id in lifted) for theme in themes)
    return tuple(sorted(rows, key=lambda row: (not row.living, -row.recent, -row.cases, row.name)))


def _row(theme: ProblemType, counts: Row[Any] | None, decisions: Row[Any] | None, lifted: bool) -> ThemeRow:
    facts = ThemeFacts(
        cases=counts.year if counts else 0,
        disputed=counts.disputed if counts else 0,
        overdue=counts.overdue if counts else 0,
        decisions_late=decisions.late if decisions else 0,
        decided=bool(decisions and decisions.living),
        lifted=lifted,
    )
    return ThemeRow(
        theme.id, theme.ref, theme.name, theme.sentence, theme.owner, theme.status,
        cases=counts.cases if counts else 0, recent=counts.recent if counts else 0,
        after_decision=counts.after_decision if counts else 0, facts=facts,
    )  # fmt: skip


def _counts(session: Session, group_id: int, ids: list[int], today: date) -> dict[int, Row[Any]]:
    if not ids:
        return {}
    recent = months.first_day(months.shift(months.month_of(today), 1 - RECENT_MONTHS))
    done_on = (
        select(func.max(GroupDecision.ended_on))
        .where(
            GroupDecision.problem_type_id == ProblemTypeCase.problem_type_id,
            GroupDecision.status == DecisionStatus.DONE,
        )
        .correlate(ProblemTypeCase)
        .scalar_subquery()
    )
    late = and_(Avvikelse.status.in_(_UNANSWERED), Avvikelse.due_on < today, Avvikelse.paused_since.is_(None))
    query = (
        select(
            ProblemTypeCase.problem_type_id,
            func.count().label("cases"),
            func.count(case((GroupMembership.reported_on >= recent, 1))).label("recent"),
            func.count(case((GroupMembership.reported_on >= today - timedelta(days=365), 1))).label("year"),
            func.count(case((Avvikelse.status == Status.DISPUTED, 1))).label("disputed"),
            func.count(case((late, 1))).label("overdue"),
            func.count(case((GroupMembership.reported_on > done_on, 1))).label("after_decision"),
        )
        .join(Avvikelse, Avvikelse.id == ProblemTypeCase.avvikelse_id)
        .join(
            GroupMembership,
            and_(GroupMembership.avvikelse_id == Avvikelse.id, GroupMembership.group_id == group_id),
        )
        .where(
            ProblemTypeCase.problem_type_id.in_(ids),
            or_(Avvikelse.outcome.is_(None), Avvikelse.outcome.not_in(NOT_COUNTED)),
            FIRST_OF_EVENT_IN_THEME,
        )
        .group_by(ProblemTypeCase.problem_type_id)
    )
    rows: Iterable[Row[Any]] = session.execute(query)
    return {row.problem_type_id: row for row in rows}


def _decisions(session: Session, group_id: int, ids: list[int], today: date) -> dict[int, Row[Any]]:
    if not ids:
        return {}
    living = GroupDecision.status.in_(LIVING_DECISIONS)
    late = and_(GroupDecision.status == DecisionStatus.OPEN, GroupDecision.due_on < today)
    query = (
        select(
            GroupDecision.problem_type_id,
            func.count(case((living, 1))).label("living"),
            func.count(case((late, 1))).label("late"),
        )
        .where(GroupDecision.group_id == group_id, GroupDecision.problem_type_id.in_(ids))
        .group_by(GroupDecision.problem_type_id)
    )
    rows: Iterable[Row[Any]] = session.execute(query)
    return {row.problem_type_id: row for row in rows}


def _lifted(session: Session, ids: list[int]) -> frozenset[int]:
    """Themes about which a question waits, here or above."""
    waiting = (GroupQuestionStatus.OPEN, GroupQuestionStatus.LIFTED)
    query = select(ProblemType.id).where(
        ProblemType.id.in_(ids),
        exists().where(GroupQuestion.problem_type_id == ProblemType.id, GroupQuestion.status.in_(waiting)),
    )
    return frozenset(session.scalars(query)) if ids else frozenset()
