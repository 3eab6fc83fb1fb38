"""Which earlier cases an open one is like, worked out once instead of at every reading."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0040"
down_revision = "0039"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "nearest_cases",
        sa.Column("avvikelse_id", sa.Integer(), nullable=False),
        sa.Column("about", sa.String(length=90), nullable=False),
        sa.Column("others", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["avvikelse_id"], ["avvikelse.id"], name=op.f("fk_nearest_cases_avvikelse_id")),
        sa.PrimaryKeyConstraint("avvikelse_id", name=op.f("pk_nearest_cases")),
    )


def downgrade() -> None:
    op.drop_table("nearest_cases")
