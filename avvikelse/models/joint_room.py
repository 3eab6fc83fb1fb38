"""The joint room of two owners: their answers to the prompts, what each takes upon itself, how it ended."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import Boolean, CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from avvikelse.domain.joint_room import RoomOutcome
from avvikelse.models.base import Base, closed_list


class JointRoom(Base):
    """*Gemensamt rum*. A case that is unlocked and bounces again gets another one; at most one is open."""

    __tablename__ = "joint_room"

    id: Mapped[int] = mapped_column(primary_key=True)
    avvikelse_id: Mapped[int] = mapped_column(ForeignKey("avvikelse.id"))
    opened_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]
    outcome: Mapped[RoomOutcome | None] = mapped_column(closed_list(RoomOutcome, name="outcome"))
    disagreement: Mapped[str | None] = mapped_column(Text)  # why they do not agree, as one of them records it

    __table_args__ = (
        Index("ix_joint_room_case", "avvikelse_id", "id"),
        CheckConstraint("(closed_at IS NULL) = (outcome IS NULL)", name="closed_has_outcome"),
    )


class RoomAnswer(Base):
    """One party's answers to the prompts. The other one reads them when both have sent; then nobody changes them."""

    __tablename__ = "room_answer"

    id: Mapped[int] = mapped_column(primary_key=True)
    room_id: Mapped[int] = mapped_column(ForeignKey("joint_room.id"))
    party_id: Mapped[int] = mapped_column(ForeignKey("party.id"))
    offer: Mapped[str] = mapped_column(Text)
    need: Mapped[str] = mapped_column(Text)
    hinder: Mapped[str] = mapped_column(Text)
    sent_at: Mapped[datetime]

    __table_args__ = (UniqueConstraint("room_id", "party_id"),)


class Commitment(Base):
    """*Åtagande*: what one party takes upon itself; who (a role), what, when. Both must say yes to both."""

    __tablename__ = "commitment"

    id: Mapped[int] = mapped_column(primary_key=True)
    room_id: Mapped[int] = mapped_column(ForeignKey("joint_room.id"))
    avvikelse_id: Mapped[int] = mapped_column(ForeignKey("avvikelse.id"), index=True)
    party_id: Mapped[int] = mapped_column(ForeignKey("party.id"))
    omrade_id: Mapped[int] = mapped_column(ForeignKey("sekretessomrade.id"))
    who: Mapped[str] = mapped_column(String(120))
    what: Mapped[str] = mapped_column(Text)
    when_on: Mapped[date]
    agreed: Mapped[bool] = mapped_column(Boolean)  # has said yes to what both have written
    at: Mapped[datetime]

    __table_args__ = (UniqueConstraint("room_id", "party_id"),)
