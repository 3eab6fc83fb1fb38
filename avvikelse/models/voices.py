"""*Jag också*: who else has met what an open report tells of. Open to see what is stored of a voice.

Nothing but whose it is, where she works and the day. `Avvikelse.voices` holds their number.
"""

from __future__ import annotations

from datetime import date

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from avvikelse.models.base import Base


class AddedVoice(Base):
    """One person's *jag också* to one report. `ref` is its own name in addresses: the report's stays unknown to her."""

    __tablename__ = "voice"

    id: Mapped[int] = mapped_column(primary_key=True)
    ref: Mapped[str] = mapped_column(String(16), unique=True)
    avvikelse_id: Mapped[int] = mapped_column(ForeignKey("avvikelse.id"))
    user_id: Mapped[int] = mapped_column(ForeignKey("app_user.id"), index=True)
    enhet_id: Mapped[int] = mapped_column(ForeignKey("enhet.id"))
    said_on: Mapped[date]

    __table_args__ = (UniqueConstraint("avvikelse_id", "user_id"),)
