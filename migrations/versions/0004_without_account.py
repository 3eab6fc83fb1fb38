"""Receipt codes of reports without account, and texts that a län writes itself."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from avvikelse.models.base import UtcDateTime

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "receipt_code",
        sa.Column("avvikelse_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("code_hash", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["avvikelse_id"], ["avvikelse.id"], name=op.f("fk_receipt_code_avvikelse_id")),
        sa.PrimaryKeyConstraint("avvikelse_id", name=op.f("pk_receipt_code")),
        sa.UniqueConstraint("code_hash", name=op.f("uq_receipt_code_code_hash")),
    )
    op.create_table(
        "lan_text",
        sa.Column("pack_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("key", sa.String(length=60), nullable=False),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("changed_at", UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["pack_id"], ["pack.id"], name=op.f("fk_lan_text_pack_id")),
        sa.PrimaryKeyConstraint("pack_id", "key", "language", name=op.f("pk_lan_text")),
    )


def downgrade() -> None:
    op.drop_table("lan_text")
    op.drop_table("receipt_code")
