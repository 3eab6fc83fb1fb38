"""Texts that a län has written itself, and what people have said of the pages. Open to see what is kept of one."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from avvikelse.models.base import Base


class LanText(Base):
    """One text of a län in one language. `key` stands in domain/lan_texts.py; no row = the program's own text."""

    __tablename__ = "lan_text"

    pack_id: Mapped[int] = mapped_column(ForeignKey("pack.id"), primary_key=True, autoincrement=False)
    key: Mapped[str] = mapped_column(String(60), primary_key=True)
    language: Mapped[str] = mapped_column(String(8), primary_key=True)
    text: Mapped[str] = mapped_column(Text)
    changed_at: Mapped[datetime]


class PageComment(Base):
    """A shortcoming in accessibility, told by somebody who is not asked who it is: so a day is kept, and no hour."""

    __tablename__ = "page_comment"

    id: Mapped[int] = mapped_column(primary_key=True)
    pack_id: Mapped[int] = mapped_column(ForeignKey("pack.id"))
    text: Mapped[str] = mapped_column(Text)  # has passed the guard
    told_on: Mapped[date]
    done_at: Mapped[datetime | None]
    done_by_user_id: Mapped[int | None] = mapped_column(ForeignKey("app_user.id"))

    __table_args__ = (Index("ix_page_comment_open", "pack_id", "done_at", "told_on"),)
