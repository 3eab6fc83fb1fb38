"""The receipt codes of reports without account. Open to see what is stored of one: a keyed hash and nothing else."""

from __future__ import annotations

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from avvikelse.models.base import Base


class ReceiptCode(Base):
    """Whoever knows the code behind `code_hash` is the reporter of the case. Gone = nobody can show it any more."""

    __tablename__ = "receipt_code"

    avvikelse_id: Mapped[int] = mapped_column(ForeignKey("avvikelse.id"), primary_key=True, autoincrement=False)
    code_hash: Mapped[str] = mapped_column(String(64), unique=True)
