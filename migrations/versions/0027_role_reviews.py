"""That a role has been gone through in a quarter and is still needed."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "role_check",
        sa.Column("assignment_id", sa.Integer(), nullable=False),
        sa.Column("quarter", sa.String(length=7), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_user_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["assignment_id"], ["role_assignment.id"], name=op.f("fk_role_check_assignment_id")),
        sa.ForeignKeyConstraint(["by_user_id"], ["app_user.id"], name=op.f("fk_role_check_by_user_id")),
        sa.PrimaryKeyConstraint("assignment_id", "quarter", name=op.f("pk_role_check")),
    )


def downgrade() -> None:
    op.drop_table("role_check")
