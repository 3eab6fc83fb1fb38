"""The convenor's comment to a month, and new levels of its charts."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "chart_level",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("group_id", sa.Integer(), nullable=False),
        sa.Column("chart", sa.String(length=80), nullable=False),
        sa.Column("month", sa.String(length=7), nullable=False),
        sa.Column("cause", sa.String(length=60), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("set_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("set_by_user_id", sa.Integer(), nullable=False),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["group_id"], ["samverkansgrupp.id"], name=op.f("fk_chart_level_group_id")),
        sa.ForeignKeyConstraint(["set_by_user_id"], ["app_user.id"], name=op.f("fk_chart_level_set_by_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_chart_level")),
    )
    op.create_index("ix_chart_level_group_id", "chart_level", ["group_id"])
    op.create_table(
        "month_comment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("group_id", sa.Integer(), nullable=False),
        sa.Column("month", sa.String(length=7), nullable=False),
        sa.Column("version", sa.SmallInteger(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("written_by_user_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["group_id"], ["samverkansgrupp.id"], name=op.f("fk_month_comment_group_id")),
        sa.ForeignKeyConstraint(
            ["written_by_user_id"], ["app_user.id"], name=op.f("fk_month_comment_written_by_user_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_month_comment")),
        sa.UniqueConstraint("group_id", "month", "version", name=op.f("uq_month_comment_group_id_month_version")),
    )


def downgrade() -> None:
    op.drop_table("month_comment")
    op.drop_index("ix_chart_level_group_id", table_name="chart_level")
    op.drop_table("chart_level")
