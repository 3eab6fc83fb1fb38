"""What a län has agreed: limits, avtal with points, the matrix of responsibility, its own routing rules."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, Boolean, CheckConstraint, ForeignKey, Index, SmallInteger, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from avvikelse.models.base import Base
from avvikelse.models.organisation import FromPack


class LimitSetting(FromPack, Base):
    """*Tidsfrist*.

    `slug` is the clock's id in domain/deadlines.py and changes that clock; any other id is information.
    """

    __tablename__ = "limit_setting"

    about: Mapped[str] = mapped_column(Text)
    value: Mapped[int] = mapped_column(SmallInteger)
    unit: Mapped[str] = mapped_column(String(40))  # dagar, arbetsdagar, or a word such as skyndsamt

    __table_args__ = (UniqueConstraint("pack_id", "slug"), CheckConstraint("value >= 0", name="not_negative"))


class LimitChange(Base):
    """A limit that an administrator has set for what starts on a day or later. Never overwritten by an import."""

    __tablename__ = "limit_change"

    id: Mapped[int] = mapped_column(primary_key=True)
    pack_id: Mapped[int] = mapped_column(ForeignKey("pack.id"))
    clock: Mapped[str] = mapped_column(String(20))
    from_on: Mapped[date]
    value: Mapped[int] = mapped_column(SmallInteger)
    unit: Mapped[str] = mapped_column(String(20))
    changed_at: Mapped[datetime]
    changed_by_user_id: Mapped[int | None] = mapped_column(ForeignKey("app_user.id"))

    __table_args__ = (UniqueConstraint("pack_id", "clock", "from_on"), CheckConstraint("value >= 1", name="some_days"))


class Avtal(FromPack, Base):
    """*Avtal*: an agreement or routine between parties. Dates are as written in the pack ("2018–2020 (revideras)")."""

    __tablename__ = "avtal"

    name: Mapped[str] = mapped_column(String(200))
    parties: Mapped[list[str]] = mapped_column(JSON)  # slugs of huvudmän; empty = not known
    decided: Mapped[str | None] = mapped_column(String(40))
    valid: Mapped[str | None] = mapped_column(String(80))
    revised: Mapped[str | None] = mapped_column(String(40))
    follow_up: Mapped[str | None] = mapped_column(String(80))
    active_to: Mapped[date | None]  # last day; set when it vanishes from the pack, since cases may lean on it
    owner_position_id: Mapped[int | None] = mapped_column(ForeignKey("position.id"))  # sees to it that it is reviewed
    review_on: Mapped[date | None]  # when it is to be looked over next; not in the pack
    reviewed_on: Mapped[date | None]  # when that was done last

    points: Mapped[list[Avtalspunkt]] = relationship(back_populates="avtal", order_by="Avtalspunkt.id")

    __table_args__ = (UniqueConstraint("pack_id", "slug"),)


class Avtalspunkt(FromPack, Base):
    """One point of an avtal that a report or a decline may lean on. `text` is the present wording."""

    __tablename__ = "avtalspunkt"

    avtal_id: Mapped[int] = mapped_column(ForeignKey("avtal.id"), index=True)
    number: Mapped[str] = mapped_column(String(20))
    text: Mapped[str] = mapped_column(Text)
    active_from: Mapped[date | None]  # None = since before anybody wrote it down
    active_to: Mapped[date | None]

    avtal: Mapped[Avtal] = relationship(back_populates="points")
    earlier: Mapped[list[AvtalspunktWording]] = relationship(order_by="AvtalspunktWording.to_on")

    __table_args__ = (UniqueConstraint("pack_id", "slug"), UniqueConstraint("avtal_id", "number"))


class AvtalspunktWording(Base):
    """How a point read up to and including `to_on`: a case keeps the wording of the day on which it happened."""

    __tablename__ = "avtalspunkt_wording"

    avtalspunkt_id: Mapped[int] = mapped_column(ForeignKey("avtalspunkt.id"), primary_key=True)
    to_on: Mapped[date] = mapped_column(primary_key=True)
    text: Mapped[str] = mapped_column(Text)


class MatrixVersion(Base):
    """From which day a version of the *ansvarsmatris* holds. None = since before anybody wrote it down."""

    __tablename__ = "matrix_version"

    pack_id: Mapped[int] = mapped_column(ForeignKey("pack.id"), primary_key=True)
    version: Mapped[str] = mapped_column(String(20), primary_key=True)
    from_on: Mapped[date | None]


class MatrixCell(Base):
    """A cell of the *ansvarsmatris*, by pack version: which types receive a tillstånd at a level.

    `uncertain` never routes by itself.
    """

    __tablename__ = "matrix_cell"

    id: Mapped[int] = mapped_column(primary_key=True)
    pack_id: Mapped[int] = mapped_column(ForeignKey("pack.id"))
    version: Mapped[str] = mapped_column(String(20))
    tillstand: Mapped[str] = mapped_column(String(40))
    niva: Mapped[int] = mapped_column(SmallInteger)
    receivers: Mapped[list[str]] = mapped_column(JSON)  # types, in the pack's order
    uncertain: Mapped[bool] = mapped_column(Boolean, default=False)

    __table_args__ = (
        UniqueConstraint("pack_id", "version", "tillstand", "niva"),
        CheckConstraint("niva BETWEEN 1 AND 4", name="niva"),
    )


class RoutingOverride(FromPack, Base):
    """*Routingregel*: where the pack says that a standard rule is otherwise. `params` = further fields of the row."""

    __tablename__ = "routing_override"

    rule: Mapped[str] = mapped_column(String(20))
    text: Mapped[str] = mapped_column(Text)
    params: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)

    __table_args__ = (UniqueConstraint("pack_id", "slug"), Index("ix_routing_override_rule", "pack_id", "rule"))


class Lov(Base):
    """*Lov*: days, first and last included, when units of some kinds at a huvudman are closed and nobody stands in.

    The clocks of those who answer there wait meanwhile (domain/deadlines.py), but never for something severe.
    """

    __tablename__ = "lov"

    id: Mapped[int] = mapped_column(primary_key=True)
    huvudman_id: Mapped[int] = mapped_column(ForeignKey("huvudman.id"))
    name: Mapped[str] = mapped_column(String(60))
    kinds: Mapped[list[str]] = mapped_column(JSON)  # unit types (domain/codes.py)
    first_on: Mapped[date]
    last_on: Mapped[date]
    added_at: Mapped[datetime]

    __table_args__ = (
        Index("ix_lov_days", "huvudman_id", "last_on"),
        CheckConstraint("first_on <= last_on", name="order"),
    )
