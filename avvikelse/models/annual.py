"""*Årsrapport* of a samverkansgrupp. Open to see what is kept of one, and what its approval locks."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, SmallInteger, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from avvikelse.models.base import Base


class AnnualReport(Base):
    """One version of a group's year. Made anew until it is approved; never changed after that.

    `content`: {"own": sections, "outward": sections} (analysis/sections.py). `wide`: the table of avvikelser that the
    approval publishes (analysis/month_wide.py), if there is one. `comments`: the convenor's words by section.
    """

    __tablename__ = "annual_report"

    id: Mapped[int] = mapped_column(primary_key=True)
    group_id: Mapped[int] = mapped_column(ForeignKey("samverkansgrupp.id"))
    year: Mapped[int] = mapped_column(SmallInteger)
    version: Mapped[int] = mapped_column(SmallInteger)
    content: Mapped[dict[str, Any]] = mapped_column(JSON)
    wide: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    comments: Mapped[dict[str, str]] = mapped_column(JSON)
    made_at: Mapped[datetime]
    made_by_user_id: Mapped[int | None] = mapped_column(ForeignKey("app_user.id"))
    approved_at: Mapped[datetime | None]
    approved_by_user_id: Mapped[int | None] = mapped_column(ForeignKey("app_user.id"))
    version_id: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version_id}  # noqa: RUF012 -- SQLAlchemy reads it from the class
    __table_args__ = (
        UniqueConstraint("group_id", "year", "version"),
        CheckConstraint("approved_at IS NOT NULL OR approved_by_user_id IS NULL", name="approved_has_time"),
    )
