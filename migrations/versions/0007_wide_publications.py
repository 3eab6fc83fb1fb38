"""What groups publish for everybody."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "wide_summary",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("group_id", sa.Integer(), nullable=False),
        sa.Column("year", sa.SmallInteger(), nullable=False),
        sa.Column("months", sa.SmallInteger(), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("published_by_user_id", sa.Integer(), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.CheckConstraint("months BETWEEN 1 AND 12", name=op.f("ck_wide_summary_months")),
        sa.ForeignKeyConstraint(["group_id"], ["samverkansgrupp.id"], name=op.f("fk_wide_summary_group_id")),
        sa.ForeignKeyConstraint(
            ["published_by_user_id"], ["app_user.id"], name=op.f("fk_wide_summary_published_by_user_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_wide_summary")),
        sa.UniqueConstraint("group_id", "year", "months", name=op.f("uq_wide_summary_group_id_year_months")),
    )


def downgrade() -> None:
    op.drop_table("wide_summary")
