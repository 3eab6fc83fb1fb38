"""The search index: stemmed words per case and audience, and how each database looks them up; and which are alike.

A row with `omrade_id` empty holds the shared text; a row with it set holds what only that område may read. The stems
are made in Python (domain/searchterms.py), so both databases find the same.
"""

from __future__ import annotations

from sqlalchemy import DDL, ForeignKey, Index, String, Text, event
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


# SQLite: an FTS5 index that reads its text from the table and is kept in step by triggers.
# PostgreSQL: a GIN index over the same words; 'simple' leaves the stems as they are.
SEARCH_DDL: dict[str, tuple[str, ...]] = {
    "sqlite": (
        "CREATE VIRTUAL TABLE search_index USING fts5("
        "stems, content='search_document', content_rowid='id', tokenize=\"unicode61 remove_diacritics 0\")",
        "CREATE TRIGGER search_document_ai AFTER INSERT ON search_document BEGIN"
        " INSERT INTO search_index(rowid, stems) VALUES (new.id, new.stems); END",
        "CREATE TRIGGER search_document_ad AFTER DELETE ON search_document BEGIN"
        " INSERT INTO search_index(search_index, rowid, stems) VALUES ('delete', old.id, old.stems); END",
        "CREATE TRIGGER search_document_au AFTER UPDATE ON search_document BEGIN"
        " INSERT INTO search_index(search_index, rowid, stems) VALUES ('delete', old.id, old.stems);"
        " INSERT INTO search_index(rowid, stems) VALUES (new.id, new.stems); END",
    ),
    "postgresql": (
        "CREATE INDEX ix_search_document_stems ON search_document USING gin (to_tsvector('simple', stems))",
    ),
}
SEARCH_DROP: dict[str, tuple[str, ...]] = {
    "sqlite": (
        "DROP TRIGGER search_document_au",
        "DROP TRIGGER search_document_ad",
        "DROP TRIGGER search_document_ai",
        "DROP TABLE search_index",
    ),
    "postgresql": ("DROP INDEX ix_search_document_stems",),
}

for _dialect, _statements in SEARCH_DDL.items():
    for _statement in _statements:
        event.listen(
            SearchDocument.__table__,
            "after_create",
            DDL(_statement.replace("%", "%%")).execute_if(dialect=_dialect),
        )
event.listen(
    SearchDocument.__table__, "before_drop", DDL("DROP TABLE IF EXISTS search_index").execute_if(dialect="sqlite")
)
