"""Index only the parties that somebody has stepped into, or that have a named handläggare: nearly all have neither.

With all the NULLs in it SQLite took the index for useless, and read every party of the country (as in 0024 and 0032).
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0035"
down_revision = "0034"
branch_labels = None
depends_on = None

SPARSE = {
    "ix_party_stand_in_list": ["stand_in_position_id", "side", "open", "due_on", "avvikelse_id"],
    "ix_party_handler_list": ["handler_user_id", "open", "due_on"],
}


def upgrade() -> None:
    for name, columns in SPARSE.items():
        there = sa.text(f"{columns[0]} IS NOT NULL")
        op.drop_index(name, "party")
        op.create_index(name, "party", columns, sqlite_where=there, postgresql_where=there)


def downgrade() -> None:
    for name, columns in SPARSE.items():
        op.drop_index(name, "party")
        op.create_index(name, "party", columns)
