"""What spreads to all staff: *händelsebeskrivningar* and the figures of the board *Läget*."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from avvikelse.domain.group_words import StoryStatus
from avvikelse.models.base import Base, closed_list


class LearningStory(Base):
    """*Händelsebeskrivning*: event, measure, effect, rewritten. Read by all staff when both sides have approved it.

    The case it comes from is known to its parties only.
    """

    __tablename__ = "learning_story"

    id: Mapped[int] = mapped_column(primary_key=True)
    ref: Mapped[str] = mapped_column(String(16), unique=True)
    pack_id: Mapped[int] = mapped_column(ForeignKey("pack.id"))
    avvikelse_id: Mapped[int] = mapped_column(ForeignKey("avvikelse.id"), index=True)
    title: Mapped[str] = mapped_column(String(120))
    event: Mapped[str] = mapped_column(Text)
    measure: Mapped[str] = mapped_column(Text)
    effect: Mapped[str] = mapped_column(Text)
    tags: Mapped[list[str]] = mapped_column(JSON)
    category: Mapped[str | None] = mapped_column(String(4))
    sender_kind: Mapped[str | None] = mapped_column(String(40))
    receiver_kind: Mapped[str | None] = mapped_column(String(40))
    stems: Mapped[str] = mapped_column(Text)  # of all of it, between spaces (domain/searchterms.py)
    status: Mapped[StoryStatus] = mapped_column(closed_list(StoryStatus, name="status"))
    written_at: Mapped[datetime]
    written_by_user_id: Mapped[int | None] = mapped_column(ForeignKey("app_user.id"))
    published_at: Mapped[datetime | None]
    version_id: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version_id}  # noqa: RUF012 -- SQLAlchemy reads it from the class
    __table_args__ = (
        CheckConstraint("status <> 'published' OR published_at IS NOT NULL", name="published_has_time"),
        Index("ix_learning_story_library", "pack_id", "status", "published_at"),
    )


class StoryApproval(Base):
    """That one side's samordnare has approved the words. Other words take the other's approval away."""

    __tablename__ = "story_approval"

    story_id: Mapped[int] = mapped_column(ForeignKey("learning_story.id"), primary_key=True)
    omrade_id: Mapped[int] = mapped_column(ForeignKey("sekretessomrade.id"), primary_key=True)
    at: Mapped[datetime]
    by_user_id: Mapped[int | None] = mapped_column(ForeignKey("app_user.id"))


class BoardFigures(Base):
    """The numbers of a län's board, made once a day: the same for everybody who looks."""

    __tablename__ = "board_figures"

    pack_id: Mapped[int] = mapped_column(ForeignKey("pack.id"), primary_key=True)
    made_at: Mapped[datetime]
    content: Mapped[dict[str, Any]] = mapped_column(JSON)
