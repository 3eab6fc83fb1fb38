"""*Handlingsplan* of a samverkansgrupp: two years of activities with owner, day and follow-up."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, SmallInteger, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from avvikelse.domain.action_plan import ActivityStatus, ActivityStep
from avvikelse.models.base import Base, closed_list


class ActionPlan(Base):
    """A plan for `first_year` and the year after it."""

    __tablename__ = "action_plan"

    id: Mapped[int] = mapped_column(primary_key=True)
    ref: Mapped[str] = mapped_column(String(16), unique=True)
    group_id: Mapped[int] = mapped_column(ForeignKey("samverkansgrupp.id"))
    first_year: Mapped[int] = mapped_column(SmallInteger)
    aim: Mapped[str] = mapped_column(Text)
    decided_on: Mapped[date]
    written_at: Mapped[datetime]
    written_by_user_id: Mapped[int | None] = mapped_column(ForeignKey("app_user.id"))

    __table_args__ = (UniqueConstraint("group_id", "first_year"),)


class PlanActivity(Base):
    """*Aktivitet*. `planned_on` is the day that was planned first; it never changes, and "in time" means that day."""

    __tablename__ = "plan_activity"

    id: Mapped[int] = mapped_column(primary_key=True)
    ref: Mapped[str] = mapped_column(String(16), unique=True)
    plan_id: Mapped[int] = mapped_column(ForeignKey("action_plan.id"))
    text: Mapped[str] = mapped_column(Text)
    owner: Mapped[str] = mapped_column(String(120))  # a role or verksamhet, never a person
    planned_on: Mapped[date]
    due_on: Mapped[date]
    status: Mapped[ActivityStatus] = mapped_column(closed_list(ActivityStatus, name="status"))
    ended_on: Mapped[date | None]
    problem_type_id: Mapped[int | None] = mapped_column(ForeignKey("problem_type.id"))
    decision_id: Mapped[int | None] = mapped_column(ForeignKey("group_decision.id"))
    version_id: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version_id}  # noqa: RUF012 -- SQLAlchemy reads it from the class
    __table_args__ = (
        CheckConstraint("(status IN ('klar', 'avbruten')) = (ended_on IS NOT NULL)", name="ended"),
        Index("ix_plan_activity_plan", "plan_id", "status", "due_on"),
    )


class PlanActivityEvent(Base):
    """One thing that happened to an activity. Never changed."""

    __tablename__ = "plan_activity_event"

    id: Mapped[int] = mapped_column(primary_key=True)
    activity_id: Mapped[int] = mapped_column(ForeignKey("plan_activity.id"), index=True)
    at: Mapped[datetime]
    step: Mapped[ActivityStep] = mapped_column(closed_list(ActivityStep, name="step"))
    text: Mapped[str | None] = mapped_column(Text)
    owner: Mapped[str | None] = mapped_column(String(120))
    due_on: Mapped[date | None]
