"""A huvudman may have its samordnare read each answer before it is sent."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None

UNSENT = sa.text("sent_at IS NULL")


def upgrade() -> None:
    with op.batch_alter_table("huvudman") as table:
        table.add_column(sa.Column("answers_checked", sa.Boolean(), nullable=False, server_default=sa.false()))
    with op.batch_alter_table("huvudman") as table:
        table.alter_column("answers_checked", server_default=None)
    with op.batch_alter_table("answer") as table:
        table.add_column(sa.Column("check_since", sa.DateTime(timezone=True), nullable=True))
        table.add_column(sa.Column("check_returned_at", sa.DateTime(timezone=True), nullable=True))
        table.add_column(sa.Column("check_comment", sa.Text(), nullable=True))
        table.add_column(sa.Column("checked_at", sa.DateTime(timezone=True), nullable=True))
    op.create_index("ix_answer_unsent", "answer", ["omrade_id"], sqlite_where=UNSENT, postgresql_where=UNSENT)


def downgrade() -> None:
    op.drop_index("ix_answer_unsent", "answer")
    with op.batch_alter_table("answer") as table:
        for column in ("checked_at", "check_comment", "check_returned_at", "check_since"):
            table.drop_column(column)
    with op.batch_alter_table("huvudman") as table:
        table.drop_column("answers_checked")
