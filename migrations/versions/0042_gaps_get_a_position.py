"""Who is responsible after a gap in the responsibility is a position, where the responsible has one."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0042"
down_revision = "0041"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("group_decision") as batch:
        batch.add_column(sa.Column("owner_position_id", sa.Integer(), nullable=True))
        batch.create_foreign_key(op.f("fk_group_decision_owner_position_id"), "position", ["owner_position_id"], ["id"])


def downgrade() -> None:
    with op.batch_alter_table("group_decision") as batch:
        batch.drop_constraint(op.f("fk_group_decision_owner_position_id"), type_="foreignkey")
        batch.drop_column("owner_position_id")
