"""Shortcomings in accessibility that anybody has told."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "page_comment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("pack_id", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("told_on", sa.Date(), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("done_by_user_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["done_by_user_id"], ["app_user.id"], name=op.f("fk_page_comment_done_by_user_id")),
        sa.ForeignKeyConstraint(["pack_id"], ["pack.id"], name=op.f("fk_page_comment_pack_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_page_comment")),
    )
    op.create_index("ix_page_comment_open", "page_comment", ["pack_id", "done_at", "told_on"])


def downgrade() -> None:
    op.drop_table("page_comment")
