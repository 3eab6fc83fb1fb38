"""*Underlag*: what a group reads before a meeting, as it was made. Open beside group_work.py."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, SmallInteger, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from avvikelse.models.base import Base


class MeetingPapers(Base):
    """The papers of one meeting: stored with their numbers; a new making is a new version.

    `since_on` is the day of the meeting before (None = there was none).
    """

    __tablename__ = "meeting_papers"

    id: Mapped[int] = mapped_column(primary_key=True)
    meeting_id: Mapped[int] = mapped_column(ForeignKey("group_meeting.id"))
    version: Mapped[int] = mapped_column(SmallInteger)
    since_on: Mapped[date | None]
    made_at: Mapped[datetime]
    content: Mapped[dict[str, Any]] = mapped_column(JSON)

    __table_args__ = (UniqueConstraint("meeting_id", "version"),)
