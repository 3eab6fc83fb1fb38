"""Granskningar: what a revisor reads, of which period, to which day."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "review",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("ref", sa.String(length=16), nullable=False),
        sa.Column("pack_id", sa.Integer(), nullable=False),
        sa.Column("about", sa.String(length=160), nullable=False),
        sa.Column("period_from", sa.Date(), nullable=False),
        sa.Column("period_to", sa.Date(), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("last_on", sa.Date(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("opened_by_user_id", sa.Integer(), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("period_from <= period_to", name=op.f("ck_review_period")),
        sa.ForeignKeyConstraint(["pack_id"], ["pack.id"], name=op.f("fk_review_pack_id")),
        sa.ForeignKeyConstraint(["opened_by_user_id"], ["app_user.id"], name=op.f("fk_review_opened_by_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_review")),
        sa.UniqueConstraint("ref", name=op.f("uq_review_ref")),
    )
    op.create_index(op.f("ix_review_email"), "review", ["email"])


def downgrade() -> None:
    op.drop_table("review")
