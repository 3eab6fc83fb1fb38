"""The guard's own word list: what an administrator lets pass or adds as a name. Open with services/guard_words.py."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from avvikelse.domain.vocabulary import WordUse
from avvikelse.models.base import Base, closed_list
from avvikelse.models.organisation import Huvudman


class GuardWord(Base):
    """A word or some words, as somebody typed them. `huvudman_id` empty = for everybody.

    The word may be a name, so it stands here and on the administrator's page, never in the log.
    """

    __tablename__ = "guard_word"

    id: Mapped[int] = mapped_column(primary_key=True)
    word: Mapped[str] = mapped_column(String(80))
    use: Mapped[WordUse] = mapped_column(closed_list(WordUse, name="use"))
    huvudman_id: Mapped[int | None] = mapped_column(ForeignKey("huvudman.id"), index=True)
    added_at: Mapped[datetime]
    added_by_user_id: Mapped[int | None] = mapped_column(ForeignKey("app_user.id"))

    huvudman: Mapped[Huvudman | None] = relationship()
