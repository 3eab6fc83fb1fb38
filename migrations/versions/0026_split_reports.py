"""A report that held two events becomes two cases that know of each other."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("avvikelse") as table:
        table.add_column(sa.Column("split_from_id", sa.Integer(), nullable=True))
        table.create_foreign_key(op.f("fk_avvikelse_split_from_id"), "avvikelse", ["split_from_id"], ["id"])
        table.create_index(op.f("ix_avvikelse_split_from_id"), ["split_from_id"])


def downgrade() -> None:
    with op.batch_alter_table("avvikelse") as table:
        table.drop_index(op.f("ix_avvikelse_split_from_id"))
        table.drop_constraint(op.f("fk_avvikelse_split_from_id"), type_="foreignkey")
        table.drop_column("split_from_id")
