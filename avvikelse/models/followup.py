"""What auditors ask for: SIP counted per kommun, and the goals of a group's year."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, SmallInteger, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from avvikelse.models.base import Base


class SipReport(Base):
    """One kommun's SIP of a half-year, as totals (domain/sip.py). A correction is a new version; the newest counts.

    NULL in a number = it could not be counted. `huvudman_id`: for whom the one who wrote it counts.
    """

    __tablename__ = "sip_report"

    id: Mapped[int] = mapped_column(primary_key=True)
    pack_id: Mapped[int] = mapped_column(ForeignKey("pack.id"))
    kommunkod: Mapped[str] = mapped_column(String(4))
    year: Mapped[int] = mapped_column(SmallInteger)
    half: Mapped[int] = mapped_column(SmallInteger)
    version: Mapped[int] = mapped_column(SmallInteger)
    new: Mapped[int | None]
    held: Mapped[int | None]
    once: Mapped[int | None]
    twice: Mapped[int | None]
    more: Mapped[int | None]
    full: Mapped[int | None]
    called: Mapped[int | None]
    attended: Mapped[int | None]
    cancelled: Mapped[int | None]
    short: Mapped[int | None]
    huvudman_id: Mapped[int] = mapped_column(ForeignKey("huvudman.id"))
    written_at: Mapped[datetime]
    written_by_user_id: Mapped[int | None] = mapped_column(ForeignKey("app_user.id"))

    __table_args__ = (
        UniqueConstraint("pack_id", "kommunkod", "year", "half", "version"),
        CheckConstraint("half IN (1, 2)", name="half"),
    )


class IndicatorYear(Base):
    """A group's goals for a year with the definitions that they were written for. A change is a new version.

    `content`: {"goals": {id: value}, "kinds": {id: {name, definition, at_least, unit}}, "params": {limit: number}}.
    """

    __tablename__ = "indicator_year"

    id: Mapped[int] = mapped_column(primary_key=True)
    group_id: Mapped[int] = mapped_column(ForeignKey("samverkansgrupp.id"))
    year: Mapped[int] = mapped_column(SmallInteger)
    version: Mapped[int] = mapped_column(SmallInteger)
    content: Mapped[dict[str, Any]] = mapped_column(JSON)
    written_at: Mapped[datetime]
    written_by_user_id: Mapped[int | None] = mapped_column(ForeignKey("app_user.id"))

    __table_args__ = (UniqueConstraint("group_id", "year", "version"),)
