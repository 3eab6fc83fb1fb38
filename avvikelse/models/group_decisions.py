"""*Beslut* of a samverkansgrupp: what, who, by when, what became of it, and whom it goes back to."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, SmallInteger, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from avvikelse.domain.group_words import DecisionStatus, DecisionStep, GapOutcome
from avvikelse.models.base import Base, closed_list


class GroupDecision(Base):
    """A decision. Read by its group; by others when it is published, and then without `internal_text`."""

    __tablename__ = "group_decision"

    id: Mapped[int] = mapped_column(primary_key=True)
    ref: Mapped[str] = mapped_column(String(16), unique=True)
    group_id: Mapped[int] = mapped_column(ForeignKey("samverkansgrupp.id"))
    meeting_id: Mapped[int | None] = mapped_column(
        ForeignKey("group_meeting.id"), index=True
    )  # None = between meetings
    problem_type_id: Mapped[int | None] = mapped_column(ForeignKey("problem_type.id"), index=True)
    text: Mapped[str] = mapped_column(Text)
    what_changes: Mapped[str | None] = mapped_column(Text)
    ask: Mapped[str | None] = mapped_column(String(160))  # whom one may ask: a role, never a person
    internal_text: Mapped[str | None] = mapped_column(Text)  # marked: never leaves the group
    owner: Mapped[str] = mapped_column(String(120))  # a role or verksamhet, never a person
    owner_position_id: Mapped[int | None] = mapped_column(ForeignKey("position.id"))  # where the responsible has one
    due_on: Mapped[date]
    # what the group has found out about an ansvarslucka; None = the decision is about something else
    gap_outcome: Mapped[GapOutcome | None] = mapped_column(closed_list(GapOutcome, name="gap_outcome"))
    decided_at: Mapped[datetime]
    decided_by_user_id: Mapped[int | None] = mapped_column(ForeignKey("app_user.id"))
    status: Mapped[DecisionStatus] = mapped_column(closed_list(DecisionStatus, name="status"))
    carried: Mapped[int] = mapped_column(SmallInteger, default=0)  # meetings since it got its owner and day
    ended_on: Mapped[date | None]
    publish_by: Mapped[date]
    published_at: Mapped[datetime | None]
    version_id: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version_id}  # noqa: RUF012 -- SQLAlchemy reads it from the class
    __table_args__ = (
        CheckConstraint("(status IN ('open', 'lifted')) = (ended_on IS NULL)", name="ended"),
        CheckConstraint("carried >= 0", name="carried"),
        Index("ix_group_decision_desk", "group_id", "status", "due_on"),
        Index("ix_group_decision_to_publish", "published_at", "publish_by"),
    )


class DecisionEvent(Base):
    """One thing that happened to a decision, with its reason where one is asked for. Never changed."""

    __tablename__ = "decision_event"

    id: Mapped[int] = mapped_column(primary_key=True)
    decision_id: Mapped[int] = mapped_column(ForeignKey("group_decision.id"), index=True)
    at: Mapped[datetime]
    step: Mapped[DecisionStep] = mapped_column(closed_list(DecisionStep, name="step"))
    meeting_id: Mapped[int | None] = mapped_column(ForeignKey("group_meeting.id"))
    text: Mapped[str | None] = mapped_column(Text)
    owner: Mapped[str | None] = mapped_column(String(120))
    due_on: Mapped[date | None]


class DecisionCase(Base):
    """That a case lies behind a decision: its parties and reporters read it. Read by nobody in the group.

    Stays when the case leaves the theme later.
    """

    __tablename__ = "decision_case"

    decision_id: Mapped[int] = mapped_column(ForeignKey("group_decision.id"), primary_key=True)
    avvikelse_id: Mapped[int] = mapped_column(ForeignKey("avvikelse.id"), primary_key=True, index=True)


class DecisionUnit(Base):
    """That a unit has reported what lies behind a published decision: its own people see it among theirs."""

    __tablename__ = "decision_unit"

    decision_id: Mapped[int] = mapped_column(ForeignKey("group_decision.id"), primary_key=True)
    enhet_id: Mapped[int] = mapped_column(ForeignKey("enhet.id"), primary_key=True, index=True)
