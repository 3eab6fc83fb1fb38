"""Severe cases: when both sides were told, and that support was checked. Limits that an administrator has set, from a day."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("avvikelse", sa.Column("severe_since", sa.DateTime(timezone=True)))
    op.create_table(
        "support_confirmation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("avvikelse_id", sa.Integer(), nullable=False),
        sa.Column("party_id", sa.Integer(), nullable=False),
        sa.Column("omrade_id", sa.Integer(), nullable=False),
        sa.Column(
            "side",
            sa.Enum("sender", "owner", "former", name="side", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["avvikelse_id"], ["avvikelse.id"], name=op.f("fk_support_confirmation_avvikelse_id")),
        sa.ForeignKeyConstraint(["omrade_id"], ["sekretessomrade.id"], name=op.f("fk_support_confirmation_omrade_id")),
        sa.ForeignKeyConstraint(["party_id"], ["party.id"], name=op.f("fk_support_confirmation_party_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_support_confirmation")),
        sa.UniqueConstraint("party_id", name=op.f("uq_support_confirmation_party_id")),
    )
    op.create_index("ix_support_confirmation_avvikelse_id", "support_confirmation", ["avvikelse_id"])
    op.create_table(
        "limit_change",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("pack_id", sa.Integer(), nullable=False),
        sa.Column("clock", sa.String(length=20), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("value", sa.SmallInteger(), nullable=False),
        sa.Column("unit", sa.String(length=20), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_by_user_id", sa.Integer(), nullable=True),
        sa.CheckConstraint("value >= 1", name=op.f("ck_limit_change_some_days")),
        sa.ForeignKeyConstraint(
            ["changed_by_user_id"], ["app_user.id"], name=op.f("fk_limit_change_changed_by_user_id")
        ),
        sa.ForeignKeyConstraint(["pack_id"], ["pack.id"], name=op.f("fk_limit_change_pack_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_limit_change")),
        sa.UniqueConstraint("pack_id", "clock", "from_on", name=op.f("uq_limit_change_pack_id_clock_from_on")),
    )


def downgrade() -> None:
    op.drop_table("limit_change")
    op.drop_index("ix_support_confirmation_avvikelse_id", table_name="support_confirmation")
    op.drop_table("support_confirmation")
    op.drop_column("avvikelse", "severe_since")
