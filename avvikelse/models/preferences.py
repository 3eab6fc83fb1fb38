"""What a person has chosen for herself: mails once a week, and a calendar address. Open to see what is kept of it."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from avvikelse.models.base import Base


class WeeklyDigest(Base):
    """The person gets her mails once a week. No row = each mail at once."""

    __tablename__ = "weekly_digest"

    user_id: Mapped[int] = mapped_column(ForeignKey("app_user.id"), primary_key=True, autoincrement=False)
    chosen_at: Mapped[datetime]


class CalendarFeed(Base):
    """A secret address to the person's own due dates; only its hash is kept. A new one ends the old one."""

    __tablename__ = "calendar_feed"

    user_id: Mapped[int] = mapped_column(ForeignKey("app_user.id"), primary_key=True, autoincrement=False)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    created_at: Mapped[datetime]
