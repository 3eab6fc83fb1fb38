"""What is searched in: stemmed words per case and audience; and which cases are alike.

A row with `omrade_id` empty holds the shared text; a row with it set holds what only that område may read. The stems
are made in Python (domain/searchterms.py), so both databases find the same.
"""

from __future__ import annotations

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from avvikelse.models.base import Base


class SearchDocument(Base):
    """The stems of one case for one audience."""

    __tablename__ = "search_document"

    id: Mapped[int] = mapped_column(primary_key=True)
    avvikelse_id: Mapped[int] = mapped_column(ForeignKey("avvikelse.id"))
    omrade_id: Mapped[int | None] = mapped_column(ForeignKey("sekretessomrade.id"))
    stems: Mapped[str] = mapped_column(Text)

    __table_args__ = (Index("ix_search_document_case", "avvikelse_id", "omrade_id"),)


class NearestCases(Base):
    """Which earlier cases a case is like, the likest first: ids alone, so that a text can be replaced without it.

    `about` is the category and the kinds of parties among which they were looked for; others make it out of date.
    """

    __tablename__ = "nearest_cases"

    avvikelse_id: Mapped[int] = mapped_column(ForeignKey("avvikelse.id"), primary_key=True)
    about: Mapped[str] = mapped_column(String(90))
    others: Mapped[str] = mapped_column(Text)  # ids with spaces between
