"""A question to a group holds what is proposed that the group decides, and who is proposed to see to it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0036"
down_revision = "0035"
branch_labels = None
depends_on = None

TABLES = ("group_question", "agenda_item")


def upgrade() -> None:
    for table in TABLES:
        op.add_column(table, sa.Column("proposal", sa.Text(), nullable=True))
        op.add_column(table, sa.Column("proposed_owner", sa.String(120), nullable=True))
    by_group = sa.Column("proposed_by_group", sa.Boolean(), nullable=False, server_default=sa.false())
    op.add_column("group_question", by_group)
    with op.batch_alter_table("group_question") as batch:
        batch.alter_column("proposed_by_group", server_default=None)


def downgrade() -> None:
    with op.batch_alter_table("group_question") as batch:
        for name in ("proposed_by_group", "proposed_owner", "proposal"):
            batch.drop_column(name)
    with op.batch_alter_table("agenda_item") as batch:
        for name in ("proposed_owner", "proposal"):
            batch.drop_column(name)
