"""What a person chooses: mails once a week, and a calendar address."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "weekly_digest",
        sa.Column("user_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("chosen_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["app_user.id"], name=op.f("fk_weekly_digest_user_id")),
        sa.PrimaryKeyConstraint("user_id", name=op.f("pk_weekly_digest")),
    )
    op.create_table(
        "calendar_feed",
        sa.Column("user_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["app_user.id"], name=op.f("fk_calendar_feed_user_id")),
        sa.PrimaryKeyConstraint("user_id", name=op.f("pk_calendar_feed")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_calendar_feed_token_hash")),
    )
    op.add_column("outbox", sa.Column("digest_on", sa.Date()))


def downgrade() -> None:
    op.drop_column("outbox", "digest_on")
    op.drop_table("calendar_feed")
    op.drop_table("weekly_digest")
