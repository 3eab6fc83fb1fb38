"""Index only the cases that were split off from another one, as 0024 did for the other links of a case; and find the
latest cases of a kind within a län.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None

LINK, PAIR = "ix_avvikelse_split_from_id", "ix_avvikelse_pair"
KIND = ["category", "sender_kind", "receiver_kind", "submitted_at"]


def upgrade() -> None:
    there = sa.text("split_from_id IS NOT NULL")
    op.drop_index(LINK, "avvikelse")
    op.create_index(LINK, "avvikelse", ["split_from_id"], sqlite_where=there, postgresql_where=there)
    op.drop_index(PAIR, "avvikelse")
    op.create_index(PAIR, "avvikelse", ["pack_id", *KIND])


def downgrade() -> None:
    op.drop_index(LINK, "avvikelse")
    op.create_index(LINK, "avvikelse", ["split_from_id"])
    op.drop_index(PAIR, "avvikelse")
    op.create_index(PAIR, "avvikelse", KIND)
