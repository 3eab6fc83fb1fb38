"""A samverkansgrupp's meetings, its places and its mandate. Open for calendar, agenda, attendance and minutes."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, Boolean, CheckConstraint, ForeignKey, Index, SmallInteger, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from avvikelse.domain.group_health import Lack
from avvikelse.domain.group_words import AgendaKind, MeetingKind, MeetingStatus, Presence, SeatKind
from avvikelse.models.base import Base, closed_list


class GroupMeeting(Base):
    """A meeting on a day. `minutes` is the public version as it was published, and never changes after that."""

    __tablename__ = "group_meeting"

    id: Mapped[int] = mapped_column(primary_key=True)
    ref: Mapped[str] = mapped_column(String(16), unique=True)
    group_id: Mapped[int] = mapped_column(ForeignKey("samverkansgrupp.id"))
    kind: Mapped[MeetingKind] = mapped_column(closed_list(MeetingKind, name="kind"))
    meets_on: Mapped[date]
    clock: Mapped[str | None] = mapped_column(String(5))  # "13.00", as people say it
    place: Mapped[str | None] = mapped_column(String(160))
    status: Mapped[MeetingStatus] = mapped_column(closed_list(MeetingStatus, name="status"))
    cancel_reason: Mapped[str | None] = mapped_column(String(300))
    invited: Mapped[str | None] = mapped_column(String(160))  # the user organisation, to the yearly follow-up
    closed_at: Mapped[datetime | None]
    minutes: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    minutes_published_at: Mapped[datetime | None]
    version_id: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version_id}  # noqa: RUF012 -- SQLAlchemy reads it from the class
    __table_args__ = (
        UniqueConstraint("group_id", "meets_on"),
        CheckConstraint("(status = 'closed') = (closed_at IS NOT NULL)", name="closed_has_time"),
        CheckConstraint("status <> 'cancelled' OR cancel_reason IS NOT NULL", name="cancelled_has_reason"),
        CheckConstraint("(minutes IS NULL) = (minutes_published_at IS NULL)", name="minutes_have_time"),
    )


class GroupSeat(Base):
    """*Plats*: a role or verksamhet that sits in the group for a term. Never a person."""

    __tablename__ = "group_seat"

    id: Mapped[int] = mapped_column(primary_key=True)
    group_id: Mapped[int] = mapped_column(ForeignKey("samverkansgrupp.id"), index=True)
    name: Mapped[str] = mapped_column(String(160))
    kind: Mapped[SeatKind] = mapped_column(closed_list(SeatKind, name="kind"))
    unit_kind: Mapped[str | None] = mapped_column(String(40))  # codes.json verksamhetstyper
    convenes: Mapped[bool] = mapped_column(Boolean, default=False)
    vacant: Mapped[bool] = mapped_column(Boolean, default=False)
    term_from: Mapped[date | None]
    term_to: Mapped[date | None]
    ended_on: Mapped[date | None]  # the group no longer has the place
    imported_as: Mapped[str | None] = mapped_column(String(160))  # the pack's words, so that they come once only

    __table_args__ = (
        CheckConstraint("term_from IS NULL OR term_to IS NULL OR term_from <= term_to", name="term_order"),
    )


class GroupMandate(Base):
    """*Uppdrag*: what the group is for, as decided. The latest counts; earlier ones stay."""

    __tablename__ = "group_mandate"

    id: Mapped[int] = mapped_column(primary_key=True)
    group_id: Mapped[int] = mapped_column(ForeignKey("samverkansgrupp.id"), index=True)
    text: Mapped[str] = mapped_column(Text)
    decided_by: Mapped[str] = mapped_column(String(120))
    decided_on: Mapped[date]
    valid_to: Mapped[date | None]
    written_at: Mapped[datetime]


class LackTold(Base):
    """What the group above has been told that a group lacks. The row goes when the group lacks it no longer."""

    __tablename__ = "lack_told"

    group_id: Mapped[int] = mapped_column(ForeignKey("samverkansgrupp.id"), primary_key=True)
    lack: Mapped[Lack] = mapped_column(closed_list(Lack, name="lack"), primary_key=True)
    told_on: Mapped[date]


class Attendance(Base):
    """Was the verksamhet there?"""

    __tablename__ = "attendance"

    meeting_id: Mapped[int] = mapped_column(ForeignKey("group_meeting.id"), primary_key=True)
    seat_id: Mapped[int] = mapped_column(ForeignKey("group_seat.id"), primary_key=True)
    presence: Mapped[Presence] = mapped_column(closed_list(Presence, name="presence"))


class AgendaItem(Base):
    """What people have done to an item of the agenda. Until the meeting is opened the rest builds itself.

    `key` names the source ("fraga:…", domain/agenda.py). When the meeting opens, every item gets a row.
    """

    __tablename__ = "agenda_item"

    id: Mapped[int] = mapped_column(primary_key=True)
    meeting_id: Mapped[int] = mapped_column(ForeignKey("group_meeting.id"))
    key: Mapped[str] = mapped_column(String(60))
    kind: Mapped[AgendaKind] = mapped_column(closed_list(AgendaKind, name="kind"))
    title: Mapped[str] = mapped_column(Text)
    about: Mapped[str | None] = mapped_column(Text)
    proposal: Mapped[str | None] = mapped_column(Text)  # of a question, as it stood when the meeting opened
    proposed_owner: Mapped[str | None] = mapped_column(String(120))
    place: Mapped[int | None] = mapped_column(SmallInteger)  # None = where its kind stands
    removed: Mapped[bool] = mapped_column(Boolean, default=False)
    note: Mapped[str | None] = mapped_column(Text)  # the minutes
    internal_note: Mapped[str | None] = mapped_column(Text)  # marked: left out of the public version

    __table_args__ = (UniqueConstraint("meeting_id", "key"), Index("ix_agenda_item_order", "meeting_id", "place"))
