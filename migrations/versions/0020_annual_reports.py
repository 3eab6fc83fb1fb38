"""A group's annual reports."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "annual_report",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("group_id", sa.Integer(), nullable=False),
        sa.Column("year", sa.SmallInteger(), nullable=False),
        sa.Column("version", sa.SmallInteger(), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("wide", sa.JSON(), nullable=True),
        sa.Column("comments", sa.JSON(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by_user_id", sa.Integer(), nullable=True),
        sa.Column("approved_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("approved_by_user_id", sa.Integer(), nullable=True),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "approved_at IS NOT NULL OR approved_by_user_id IS NULL", name=op.f("ck_annual_report_approved_has_time")
        ),
        sa.ForeignKeyConstraint(["group_id"], ["samverkansgrupp.id"], name=op.f("fk_annual_report_group_id")),
        sa.ForeignKeyConstraint(["made_by_user_id"], ["app_user.id"], name=op.f("fk_annual_report_made_by_user_id")),
        sa.ForeignKeyConstraint(
            ["approved_by_user_id"], ["app_user.id"], name=op.f("fk_annual_report_approved_by_user_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_annual_report")),
        sa.UniqueConstraint("group_id", "year", "version", name=op.f("uq_annual_report_group_id_year_version")),
    )


def downgrade() -> None:
    op.drop_table("annual_report")
