"""What reaches a samverkansgrupp: lifted questions, responsibility gaps, commitments, and the stored month page."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, Boolean, CheckConstraint, ForeignKey, Index, SmallInteger, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from avvikelse.domain.vocabulary import GroupQuestionKind, GroupQuestionStatus
from avvikelse.models.base import Base, closed_list


class GroupQuestion(Base):
    """*Gruppfråga*: a rewritten question. `group_id` empty = no group covers the case (register "ingen grupp").

    The group reads it only when `approved_at` is set (the sender's samordnare has approved the words).
    """

    __tablename__ = "group_question"

    id: Mapped[int] = mapped_column(primary_key=True)
    ref: Mapped[str] = mapped_column(String(16), unique=True)
    avvikelse_id: Mapped[int] = mapped_column(ForeignKey("avvikelse.id"), index=True)
    group_id: Mapped[int | None] = mapped_column(ForeignKey("samverkansgrupp.id"))
    kind: Mapped[GroupQuestionKind] = mapped_column(closed_list(GroupQuestionKind, name="kind"))
    text: Mapped[str] = mapped_column(Text)
    raised_at: Mapped[datetime]
    raised_by_user_id: Mapped[int | None] = mapped_column(ForeignKey("app_user.id"))
    approved_at: Mapped[datetime | None]
    status: Mapped[GroupQuestionStatus] = mapped_column(closed_list(GroupQuestionStatus, name="status"))
    decision: Mapped[str | None] = mapped_column(Text)
    decision_owner: Mapped[str | None] = mapped_column(String(120))  # a role or verksamhet, never a person
    decision_due_on: Mapped[date | None]
    decided_at: Mapped[datetime | None]

    __table_args__ = (
        Index("ix_group_question_desk", "group_id", "status", "raised_at"),
        CheckConstraint(
            "status <> 'decided' OR (decision IS NOT NULL AND decided_at IS NOT NULL)", name="decided_has_text"
        ),
    )


class Commitment(Base):
    """What one party takes upon itself when two solve a case together; who (a role), what, when. Both must agree."""

    __tablename__ = "commitment"

    id: Mapped[int] = mapped_column(primary_key=True)
    avvikelse_id: Mapped[int] = mapped_column(ForeignKey("avvikelse.id"))
    party_id: Mapped[int] = mapped_column(ForeignKey("party.id"))
    omrade_id: Mapped[int] = mapped_column(ForeignKey("sekretessomrade.id"))
    who: Mapped[str] = mapped_column(String(120))
    what: Mapped[str] = mapped_column(Text)
    when_on: Mapped[date]
    agreed: Mapped[bool] = mapped_column(Boolean)  # False = "vi är inte överens", with what as the reason
    at: Mapped[datetime]

    __table_args__ = (UniqueConstraint("avvikelse_id", "party_id"),)


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
