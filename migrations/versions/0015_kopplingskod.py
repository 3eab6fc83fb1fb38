"""Kopplingskod: reports of several parties about one event."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("avvikelse") as table:
        table.add_column(sa.Column("event_id", sa.Integer(), nullable=True))
        table.create_foreign_key(op.f("fk_avvikelse_event_id"), "avvikelse", ["event_id"], ["id"])
        table.create_index(op.f("ix_avvikelse_event_id"), ["event_id"])
    op.create_table(
        "link_code",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("avvikelse_id", sa.Integer(), nullable=False),
        sa.Column("seed", sa.String(length=32), nullable=False),
        sa.Column("code_hash", sa.String(length=64), nullable=False),
        sa.Column("good_to", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(["avvikelse_id"], ["avvikelse.id"], name=op.f("fk_link_code_avvikelse_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_link_code")),
        sa.UniqueConstraint("avvikelse_id", name=op.f("uq_link_code_avvikelse_id")),
    )
    op.create_index("ix_link_code_hash", "link_code", ["code_hash"])


def downgrade() -> None:
    op.drop_table("link_code")
    with op.batch_alter_table("avvikelse") as table:
        table.drop_index(op.f("ix_avvikelse_event_id"))
        table.drop_constraint(op.f("fk_avvikelse_event_id"), type_="foreignkey")
        table.drop_column("event_id")
