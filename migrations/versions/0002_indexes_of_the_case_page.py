"""Indexes that the case page reads by: what is merged into a case, and its timeline on SQLite.

SQLite uses a partial index only where the query says the same as the index: SQLAlchemy writes `on_timeline = 1`.

Revision ID: 0002
Revises: 0001
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_avvikelse_main_id", "avvikelse", ["main_id"], unique=False)
    _timeline_index("on_timeline = 1")


def downgrade() -> None:
    _timeline_index("on_timeline")
    op.drop_index("ix_avvikelse_main_id", table_name="avvikelse")


def _timeline_index(sqlite_where: str) -> None:
    if op.get_bind().dialect.name == "sqlite":
        op.drop_index("ix_audit_event_timeline", table_name="audit_event")
        op.create_index(
            "ix_audit_event_timeline",
            "audit_event",
            ["avvikelse_id", "seq"],
            unique=False,
            sqlite_where=sa.text(sqlite_where),
        )
