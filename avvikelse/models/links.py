"""The kopplingskoder of cases. Open to see what is stored of one: a keyed hash and what it is made from."""

from __future__ import annotations

from datetime import date

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from avvikelse.models.base import Base


class LinkCode(Base):
    """A code that joins other reports to this one, up to and with `good_to`. A revoked one is deleted.

    The code itself is made from `seed` with a key that is not in the database.
    """

    __tablename__ = "link_code"

    id: Mapped[int] = mapped_column(primary_key=True)
    avvikelse_id: Mapped[int] = mapped_column(ForeignKey("avvikelse.id"), unique=True)
    seed: Mapped[str] = mapped_column(String(32))
    code_hash: Mapped[str] = mapped_column(String(64))
    good_to: Mapped[date]

    __table_args__ = (Index("ix_link_code_hash", "code_hash"),)
