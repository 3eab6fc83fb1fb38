"""A search looks through the reader's own cases: the index over everybody's words is not asked any more (docs/adr/0269)."""

from __future__ import annotations

from alembic import op

revision = "0044"
down_revision = "0043"
branch_labels = None
depends_on = None

DROPPED = {
    "sqlite": (
        "DROP TRIGGER search_document_au",
        "DROP TRIGGER search_document_ad",
        "DROP TRIGGER search_document_ai",
        "DROP TABLE search_index",
    ),
    "postgresql": ("DROP INDEX ix_search_document_stems",),
}
LEAVES = "INSERT INTO search_index(search_index, rowid, stems) VALUES ('delete', old.id, old.stems);"
COMES = "INSERT INTO search_index(rowid, stems) VALUES (new.id, new.stems);"
MADE = {
    "sqlite": (
        (
            "CREATE VIRTUAL TABLE search_index USING fts5("
            "stems, content='search_document', content_rowid='id', tokenize=\"unicode61 remove_diacritics 0\")"
        ),
        f"CREATE TRIGGER search_document_ai AFTER INSERT ON search_document BEGIN {COMES} END",
        f"CREATE TRIGGER search_document_ad AFTER DELETE ON search_document BEGIN {LEAVES} END",
        f"CREATE TRIGGER search_document_au AFTER UPDATE ON search_document BEGIN {LEAVES} {COMES} END",
        "INSERT INTO search_index(search_index) VALUES ('rebuild')",
    ),
    "postgresql": (
        "CREATE INDEX ix_search_document_stems ON search_document USING gin (to_tsvector('simple', stems))",
    ),
}


def upgrade() -> None:
    for statement in DROPPED[op.get_bind().dialect.name]:
        op.execute(statement)


def downgrade() -> None:
    for statement in MADE[op.get_bind().dialect.name]:
        op.execute(statement)
