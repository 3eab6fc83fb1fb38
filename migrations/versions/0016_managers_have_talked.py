"""When the managers talked with each other before the report, and what came of it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("avvikelse", sa.Column("managers_talked_on", sa.Date(), nullable=True))
    op.add_column("avvikelse", sa.Column("managers_outcome", sa.Text(), nullable=True))


def downgrade() -> None:
    op.drop_column("avvikelse", "managers_outcome")
    op.drop_column("avvikelse", "managers_talked_on")
