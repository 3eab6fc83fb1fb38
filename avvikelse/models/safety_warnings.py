"""*Snabbvarning*: a few words to all units of a kind, for some days, and at which of them the manager has read them."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import JSON, CheckConstraint, ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from avvikelse.models.base import Base


class SafetyWarning(Base):
    """Sent by the samordnare of an område to its units, or by a group's convenor to the units of the group's area."""

    __tablename__ = "safety_warning"

    id: Mapped[int] = mapped_column(primary_key=True)
    ref: Mapped[str] = mapped_column(String(16), unique=True)
    pack_id: Mapped[int] = mapped_column(ForeignKey("pack.id"))
    omrade_id: Mapped[int | None] = mapped_column(ForeignKey("sekretessomrade.id"), index=True)
    group_id: Mapped[int | None] = mapped_column(ForeignKey("samverkansgrupp.id"), index=True)
    kinds: Mapped[list[str]] = mapped_column(JSON)
    watch_for: Mapped[str] = mapped_column(Text)
    do_now: Mapped[str] = mapped_column(Text)
    published_at: Mapped[datetime]
    published_by_user_id: Mapped[int | None] = mapped_column(ForeignKey("app_user.id"))
    last_on: Mapped[date]
    withdrawn_at: Mapped[datetime | None]

    __table_args__ = (CheckConstraint("(omrade_id IS NULL) <> (group_id IS NULL)", name="one_sender"),)


class SafetyWarningUnit(Base):
    """One unit that it was sent to. Who read it stands in the audit log only."""

    __tablename__ = "safety_warning_unit"

    warning_id: Mapped[int] = mapped_column(ForeignKey("safety_warning.id"), primary_key=True)
    enhet_id: Mapped[int] = mapped_column(ForeignKey("enhet.id"), primary_key=True, index=True)
    read_at: Mapped[datetime | None]
