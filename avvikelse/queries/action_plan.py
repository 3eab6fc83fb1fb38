"""A group's *handlingsplan*: the plan of a year with its activities, one activity's history, and the rows of I15.

Open for `/grupper/…/handlingsplan`. The desk's head (queries/desk.py) is the proof that the reader may.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from avvikelse.analysis.indicators.rows import Activity
from avvikelse.domain.action_plan import LIVING, YEARS, ActivityStatus, ActivityStep, plan_name
from avvikelse.domain.errors import NotFound
from avvikelse.domain.group_words import LIVING_DECISIONS, ProblemTypeStatus
from avvikelse.models.action_plan import ActionPlan, PlanActivity, PlanActivityEvent
from avvikelse.models.group_decisions import GroupDecision
from avvikelse.models.themes import ProblemType


@dataclass(frozen=True, slots=True)
class PlanView:
    ref: str
    first_year: int
    aim: str
    decided_on: date

    @property
    def name(self) -> str:
        return plan_name(self.first_year)


@dataclass(frozen=True, slots=True)
class ActivityRow:
    """One activity. `theme` and `decision` are (ref, words) of what it comes from; `said`: the latest follow-up."""

    ref: str
    text: str
    owner: str
    planned_on: date
    due_on: date
    status: ActivityStatus
    ended_on: date | None
    late: bool
    theme: tuple[str, str] | None
    decision: tuple[str, str] | None
    said: str = ""

    @property
    def living(self) -> bool:
        return self.status in LIVING

    @property
    def moved(self) -> bool:
        return self.due_on != self.planned_on


@dataclass(frozen=True, slots=True)
class ActivityEvent:
    at: datetime
    step: ActivityStep
    text: str | None
    owner: str | None
    due_on: date | None


@dataclass(frozen=True, slots=True)
class ActivityPage:
    row: ActivityRow
    plan: PlanView
    events: tuple[ActivityEvent, ...]


def plans(session: Session, group_id: int) -> tuple[PlanView, ...]:
    """The newest first."""
    query = select(ActionPlan).where(ActionPlan.group_id == group_id).order_by(ActionPlan.first_year.desc())
    return tuple(_plan(row) for row in session.scalars(query))


def plan_by_ref(session: Session, group_id: int, ref: str) -> PlanView:
    """Raises NotFound for another group's."""
    row = session.scalar(select(ActionPlan).where(ActionPlan.ref == ref, ActionPlan.group_id == group_id))
    if row is None:
        raise NotFound
    return _plan(row)


def current(found: Sequence[PlanView], year: int) -> PlanView | None:
    """The plan that holds in the year."""
    return next((plan for plan in found if plan.first_year <= year < plan.first_year + YEARS), None)


def activities(session: Session, plan_ref: str, today: date) -> tuple[ActivityRow, ...]:
    """In the order of their days, with what was said last. Two reads."""
    return _activities(session, today, ActionPlan.ref == plan_ref)


def activities_of_year(session: Session, group_id: int, year: int, today: date) -> tuple[ActivityRow, ...]:
    """Every activity of the group that should have been, or was, done in the year."""
    inside = (date(year, 1, 1), date(year, 12, 31))
    return _activities(
        session, today, ActionPlan.group_id == group_id,
        PlanActivity.planned_on.between(*inside)
        | PlanActivity.due_on.between(*inside)
        | PlanActivity.ended_on.between(*inside),
    )  # fmt: skip


def activity_page(session: Session, group_id: int, ref: str, today: date) -> ActivityPage:
    """Raises NotFound for another group's."""
    found = _activities(session, today, ActionPlan.group_id == group_id, PlanActivity.ref == ref)
    if not found:
        raise NotFound
    plan, activity_id = session.execute(
        select(ActionPlan, PlanActivity.id)
        .join(PlanActivity, PlanActivity.plan_id == ActionPlan.id)
        .where(PlanActivity.ref == ref)
    ).one()
    events = session.scalars(
        select(PlanActivityEvent)
        .where(PlanActivityEvent.activity_id == activity_id)
        .order_by(PlanActivityEvent.id.desc())
    )
    return ActivityPage(
        found[0], _plan(plan), tuple(ActivityEvent(row.at, row.step, row.text, row.owner, row.due_on) for row in events)
    )


def indicator_rows(session: Session, group_id: int, first: date, last: date) -> tuple[Activity, ...]:
    """The activities that were planned to be done from `first` to `last`, for I15."""
    rows = session.scalars(
        select(PlanActivity)
        .join(ActionPlan, ActionPlan.id == PlanActivity.plan_id)
        .where(ActionPlan.group_id == group_id, PlanActivity.planned_on.between(first, last))
    )
    return tuple(
        Activity(
            row.ref, row.planned_on,
            done_on=row.ended_on if row.status is ActivityStatus.DONE else None,
            cancelled_on=row.ended_on if row.status is ActivityStatus.CANCELLED else None,
        )
        for row in rows
    )  # fmt: skip


def theme_choices(session: Session, group_id: int) -> list[tuple[str, str]]:
    query = select(ProblemType.ref, ProblemType.name).where(
        ProblemType.group_id == group_id, ProblemType.status != ProblemTypeStatus.CLOSED
    )
    return [(ref, name) for ref, name in session.execute(query.order_by(ProblemType.name))]


def decision_choices(session: Session, group_id: int) -> list[tuple[str, str]]:
    query = select(GroupDecision.ref, GroupDecision.text).where(
        GroupDecision.group_id == group_id, GroupDecision.status.in_(LIVING_DECISIONS)
    )
    return [(ref, _short(text)) for ref, text in session.execute(query.order_by(GroupDecision.id.desc()))]


def _activities(session: Session, today: date, *where: ColumnElement[bool]) -> tuple[ActivityRow, ...]:
    rows = session.execute(
        select(PlanActivity, ProblemType.ref, ProblemType.name, GroupDecision.ref, GroupDecision.text)
        .join(ActionPlan, ActionPlan.id == PlanActivity.plan_id)
        .outerjoin(ProblemType, ProblemType.id == PlanActivity.problem_type_id)
        .outerjoin(GroupDecision, GroupDecision.id == PlanActivity.decision_id)
        .where(*where)
        .order_by(PlanActivity.due_on, PlanActivity.id)
    ).all()
    said = _said(session, [row[0].id for row in rows])
    return tuple(
        ActivityRow(
            row.ref, row.text, row.owner, row.planned_on, row.due_on, row.status, row.ended_on,
            row.status in LIVING and row.due_on < today,
            (theme_ref, theme) if theme_ref else None, (decision_ref, decision) if decision_ref else None,
            said.get(row.id, ""),
        )
        for row, theme_ref, theme, decision_ref, decision in rows
    )  # fmt: skip


def _said(session: Session, ids: Sequence[int]) -> dict[int, str]:
    """The latest words about each activity."""
    if not ids:
        return {}
    rows = session.execute(
        select(PlanActivityEvent.activity_id, PlanActivityEvent.text)
        .where(PlanActivityEvent.activity_id.in_(ids), PlanActivityEvent.text.is_not(None))
        .order_by(PlanActivityEvent.id)
    )
    return {activity_id: text or "" for activity_id, text in rows}


def _plan(row: ActionPlan) -> PlanView:
    return PlanView(row.ref, row.first_year, row.aim, row.decided_on)


def _short(text: str, longest: int = 80) -> str:
    return text if len(text) <= longest else text[: longest - 1].rsplit(" ", 1)[0] + " …"
