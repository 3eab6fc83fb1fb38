"""Index only the cases and positions that point to another one.

Nearly all rows have NULL here; SQLite's statistics then say that an index over all of them finds everything, and it reads
the whole table instead.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None

SPARSE = (("avvikelse", "main_id"), ("avvikelse", "event_id"), ("position", "substitute_id"))


def upgrade() -> None:
    for table, column in SPARSE:
        there = sa.text(f"{column} IS NOT NULL")
        op.drop_index(f"ix_{table}_{column}", table)
        op.create_index(f"ix_{table}_{column}", table, [column], sqlite_where=there, postgresql_where=there)


def downgrade() -> None:
    for table, column in SPARSE:
        op.drop_index(f"ix_{table}_{column}", table)
        op.create_index(f"ix_{table}_{column}", table, [column])
