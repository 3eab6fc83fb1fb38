"""The joint room of two owners: answers to the prompts, what each takes upon itself, what they share, how it ended."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    ColumnElement,
    ForeignKey,
    Index,
    SmallInteger,
    String,
    Text,
    UniqueConstraint,
    func,
)
from sqlalchemy.ext.hybrid import hybrid_property
from sqlalchemy.orm import Mapped, mapped_column

from avvikelse.domain.joint_money import CostBand, CostDecider, CostDecision, MeetingForm, MeetingTopic
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
    """*Åtagande*: what one party takes upon itself; who (a role), what, when. Both must say yes to both.

    `carried_by_party_id`: who has come in the party's place from another område, and has it to do (services/rooms.py).
    """

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
    done_on: Mapped[date | None]  # after both have agreed: since when it is done
    carried_by_party_id: Mapped[int | None] = mapped_column(ForeignKey("party.id"))
    not_kept_on: Mapped[date | None]  # whoever came in the party's place has said that it is not done

    @hybrid_property
    def carrier_id(self) -> int:
        """The party that has it to do."""
        return self.carried_by_party_id or self.party_id

    @carrier_id.inplace.expression
    @classmethod
    def _carrier_id(cls) -> ColumnElement[int]:
        return func.coalesce(cls.carried_by_party_id, cls.party_id)

    __table_args__ = (
        UniqueConstraint("room_id", "party_id"),
        CheckConstraint("done_on IS NULL OR not_kept_on IS NULL", name="one_end"),
    )


class Cofinancing(Base):
    """*Samfinansiering*: what is to be paid together. `share` is that of the party that wrote last, in percent."""

    __tablename__ = "cofinancing"

    id: Mapped[int] = mapped_column(primary_key=True)
    room_id: Mapped[int] = mapped_column(ForeignKey("joint_room.id"), unique=True)
    party_id: Mapped[int] = mapped_column(ForeignKey("party.id"))
    band: Mapped[CostBand] = mapped_column(closed_list(CostBand, name="band"))
    share: Mapped[int | None] = mapped_column(SmallInteger)
    written_at: Mapped[datetime]

    __table_args__ = (CheckConstraint("share BETWEEN 0 AND 100", name="share_is_percent"),)


class CostPath(Base):
    """How one party comes to its yes or no to the money: who decides, by when, and what came of it."""

    __tablename__ = "cost_path"

    id: Mapped[int] = mapped_column(primary_key=True)
    room_id: Mapped[int] = mapped_column(ForeignKey("joint_room.id"))
    avvikelse_id: Mapped[int] = mapped_column(ForeignKey("avvikelse.id"), index=True)
    party_id: Mapped[int] = mapped_column(ForeignKey("party.id"))
    decider: Mapped[CostDecider] = mapped_column(closed_list(CostDecider, name="decider"))
    decide_by: Mapped[date]
    at: Mapped[datetime]
    decision: Mapped[CostDecision | None] = mapped_column(closed_list(CostDecision, name="decision"))
    decided_on: Mapped[date | None]
    reason: Mapped[str | None] = mapped_column(Text)  # why not

    __table_args__ = (
        UniqueConstraint("room_id", "party_id"),
        CheckConstraint("(decision IS NULL) = (decided_on IS NULL)", name="decided_has_day"),
    )


class RoomMeeting(Base):
    """*Avstämning*: the two managers talk without the family. At most one of a room is ahead of them."""

    __tablename__ = "room_meeting"

    id: Mapped[int] = mapped_column(primary_key=True)
    room_id: Mapped[int] = mapped_column(ForeignKey("joint_room.id"), index=True)
    avvikelse_id: Mapped[int] = mapped_column(ForeignKey("avvikelse.id"), index=True)
    party_id: Mapped[int] = mapped_column(ForeignKey("party.id"))  # which has proposed the day
    on: Mapped[date]
    at: Mapped[str | None] = mapped_column(String(5))  # "13:30"
    how: Mapped[MeetingForm] = mapped_column(closed_list(MeetingForm, name="how"))
    topic: Mapped[MeetingTopic] = mapped_column(closed_list(MeetingTopic, name="topic"))
    proposed_at: Mapped[datetime]
    accepted_at: Mapped[datetime | None]
    held_at: Mapped[datetime | None]  # when it was written down
    outcome: Mapped[str | None] = mapped_column(Text)
    family_told: Mapped[str | None] = mapped_column(Text)
    cancelled_at: Mapped[datetime | None]

    __table_args__ = (CheckConstraint("(held_at IS NULL) = (outcome IS NULL)", name="held_has_outcome"),)
