"""What reaches a samverkansgrupp: questions with their approvals, and the stored month page."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Boolean, CheckConstraint, ForeignKey, Index, SmallInteger, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from avvikelse.domain.vocabulary import GroupQuestionKind, GroupQuestionStatus, PartySide
from avvikelse.models.base import Base, closed_list


class GroupQuestion(Base):
    """*Gruppfråga*: a rewritten question. `group_id` empty = no group covers the case (register "ingen grupp").

    The group reads it only when `approved_at` is set: every party concerned has approved the words. Without a case it
    is a member's, a theme's or a decision's question. Lifted higher it waits (LIFTED) for the one that points at it.
    """

    __tablename__ = "group_question"

    id: Mapped[int] = mapped_column(primary_key=True)
    ref: Mapped[str] = mapped_column(String(16), unique=True)
    avvikelse_id: Mapped[int | None] = mapped_column(ForeignKey("avvikelse.id"), index=True)
    group_id: Mapped[int | None] = mapped_column(ForeignKey("samverkansgrupp.id"))
    kind: Mapped[GroupQuestionKind] = mapped_column(closed_list(GroupQuestionKind, name="kind"))
    text: Mapped[str] = mapped_column(Text)
    raised_at: Mapped[datetime]
    raised_by_user_id: Mapped[int | None] = mapped_column(ForeignKey("app_user.id"))
    approved_at: Mapped[datetime | None]
    status: Mapped[GroupQuestionStatus] = mapped_column(closed_list(GroupQuestionStatus, name="status"))
    decision_id: Mapped[int | None] = mapped_column(ForeignKey("group_decision.id"), index=True)
    answer: Mapped[str | None] = mapped_column(Text)  # without a decision: the answer, or the reasons to send it back
    answered_at: Mapped[datetime | None]
    problem_type_id: Mapped[int | None] = mapped_column(ForeignKey("problem_type.id"), index=True)
    lifted_from_id: Mapped[int | None] = mapped_column(ForeignKey("group_question.id"), index=True)
    about_decision_id: Mapped[int | None] = mapped_column(ForeignKey("group_decision.id"), index=True)
    atgard_id: Mapped[int | None] = mapped_column(ForeignKey("atgard.id"), unique=True)  # the åtgärd that does not bite
    room_id: Mapped[int | None] = mapped_column(ForeignKey("joint_room.id"))  # both parties' texts go with the question
    proposal: Mapped[str | None] = mapped_column(Text)  # what the group is proposed to decide
    proposed_owner: Mapped[str | None] = mapped_column(String(120))  # and the role or verksamhet that would see to it
    proposed_by_group: Mapped[bool] = mapped_column(Boolean, default=False)  # else approved with the words of a case

    __table_args__ = (
        Index("ix_group_question_desk", "group_id", "status", "raised_at"),
        CheckConstraint("status <> 'decided' OR decision_id IS NOT NULL", name="decided_has_decision"),
        CheckConstraint(
            "status NOT IN ('answered', 'declined') OR (answer IS NOT NULL AND answered_at IS NOT NULL)",
            name="answered_has_text",
        ),
    )


_question = GroupQuestion.__table__.c
_unapproved = _question.approved_at.is_(None)
Index("ix_group_question_unapproved", _question.avvikelse_id, sqlite_where=_unapproved, postgresql_where=_unapproved)


class QuestionApproval(Base):
    """That one side's område has approved the words of a question. Other words take the others' approvals away."""

    __tablename__ = "question_approval"

    question_id: Mapped[int] = mapped_column(ForeignKey("group_question.id"), primary_key=True)
    side: Mapped[PartySide] = mapped_column(closed_list(PartySide, name="side"), primary_key=True)
    omrade_id: Mapped[int] = mapped_column(ForeignKey("sekretessomrade.id"), primary_key=True)
    at: Mapped[datetime]
    by_user_id: Mapped[int | None] = mapped_column(ForeignKey("app_user.id"))


class MonthSummary(Base):
    """A group's month as it was made: stored with its numbers, never silently changed; a new one is a new version."""

    __tablename__ = "month_summary"

    id: Mapped[int] = mapped_column(primary_key=True)
    group_id: Mapped[int] = mapped_column(ForeignKey("samverkansgrupp.id"))
    month: Mapped[str] = mapped_column(String(7))  # YYYY-MM
    version: Mapped[int] = mapped_column(SmallInteger)
    made_at: Mapped[datetime]
    frozen: Mapped[bool] = mapped_column(Boolean)
    content: Mapped[dict[str, Any]] = mapped_column(JSON)

    __table_args__ = (UniqueConstraint("group_id", "month", "version"),)


class MonthComment(Base):
    """What the convenor has written to a month. A change is a new version; numbers never change with it."""

    __tablename__ = "month_comment"

    id: Mapped[int] = mapped_column(primary_key=True)
    group_id: Mapped[int] = mapped_column(ForeignKey("samverkansgrupp.id"))
    month: Mapped[str] = mapped_column(String(7))
    version: Mapped[int] = mapped_column(SmallInteger)
    text: Mapped[str] = mapped_column(Text)  # "" = taken away
    written_at: Mapped[datetime]
    written_by_user_id: Mapped[int | None] = mapped_column(ForeignKey("app_user.id"))

    __table_args__ = (UniqueConstraint("group_id", "month", "version"),)


class ChartLevel(Base):
    """That a chart's limits are drawn anew from a month on, and the documented cause. Taken back, the row stays."""

    __tablename__ = "chart_level"

    id: Mapped[int] = mapped_column(primary_key=True)
    group_id: Mapped[int] = mapped_column(ForeignKey("samverkansgrupp.id"), index=True)
    chart: Mapped[str] = mapped_column(String(80))
    month: Mapped[str] = mapped_column(String(7))
    cause: Mapped[str] = mapped_column(String(60))  # stands at the line in the drawing
    reason: Mapped[str] = mapped_column(Text)
    set_at: Mapped[datetime]
    set_by_user_id: Mapped[int] = mapped_column(ForeignKey("app_user.id"))
    removed_at: Mapped[datetime | None]


class WideSummary(Base):
    """A wide publication: a group's year to the end of a month, without small numbers. Never changed, never removed.

    `content` holds the monthly tables too: the next publication must not tell by its difference what this one hides.
    """

    __tablename__ = "wide_summary"

    id: Mapped[int] = mapped_column(primary_key=True)
    group_id: Mapped[int] = mapped_column(ForeignKey("samverkansgrupp.id"))
    year: Mapped[int] = mapped_column(SmallInteger)
    months: Mapped[int] = mapped_column(SmallInteger)  # January to this month
    published_at: Mapped[datetime]
    published_by_user_id: Mapped[int] = mapped_column(ForeignKey("app_user.id"))
    content: Mapped[dict[str, Any]] = mapped_column(JSON)

    __table_args__ = (
        UniqueConstraint("group_id", "year", "months"),
        CheckConstraint("months BETWEEN 1 AND 12", name="months"),
    )
