"""*Granskning*: a revisor reads evidence of a period, for some days. Open with services/reviews.py."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from avvikelse.models.base import Base


class Review(Base):
    """One granskning of a län. Who may read is whoever has the address `email` and the role of revisor, to `last_on`.

    What she has opened stands in the audit log (`review_read`).
    """

    __tablename__ = "review"

    id: Mapped[int] = mapped_column(primary_key=True)
    ref: Mapped[str] = mapped_column(String(16), unique=True)
    pack_id: Mapped[int] = mapped_column(ForeignKey("pack.id"))
    about: Mapped[str] = mapped_column(String(160))
    period_from: Mapped[date]
    period_to: Mapped[date]
    email: Mapped[str] = mapped_column(String(254), index=True)
    last_on: Mapped[date]
    opened_at: Mapped[datetime]
    opened_by_user_id: Mapped[int | None] = mapped_column(ForeignKey("app_user.id"))
    ended_at: Mapped[datetime | None]

    __table_args__ = (CheckConstraint("period_from <= period_to", name="period"),)
