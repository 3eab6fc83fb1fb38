"""How many weeks a young person was without help on the way from one part of the care to another."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0037"
down_revision = "0036"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("avvikelse") as batch:
        batch.add_column(sa.Column("gap_weeks", sa.SmallInteger(), nullable=True))
        batch.create_check_constraint(
            op.f("ck_avvikelse_gap_weeks"), sa.text("gap_weeks IS NULL OR gap_weeks BETWEEN 0 AND 104")
        )


def downgrade() -> None:
    with op.batch_alter_table("avvikelse") as batch:
        batch.drop_constraint(op.f("ck_avvikelse_gap_weeks"), type_="check")
        batch.drop_column("gap_weeks")
