"""A short warning to all units of a kind, and at which of them the manager has read it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0041"
down_revision = "0040"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "safety_warning",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("ref", sa.String(length=16), nullable=False),
        sa.Column("pack_id", sa.Integer(), nullable=False),
        sa.Column("omrade_id", sa.Integer(), nullable=True),
        sa.Column("group_id", sa.Integer(), nullable=True),
        sa.Column("kinds", sa.JSON(), nullable=False),
        sa.Column("watch_for", sa.Text(), nullable=False),
        sa.Column("do_now", sa.Text(), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("published_by_user_id", sa.Integer(), nullable=True),
        sa.Column("last_on", sa.Date(), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("(omrade_id IS NULL) <> (group_id IS NULL)", name=op.f("ck_safety_warning_one_sender")),
        sa.ForeignKeyConstraint(["group_id"], ["samverkansgrupp.id"], name=op.f("fk_safety_warning_group_id")),
        sa.ForeignKeyConstraint(["omrade_id"], ["sekretessomrade.id"], name=op.f("fk_safety_warning_omrade_id")),
        sa.ForeignKeyConstraint(["pack_id"], ["pack.id"], name=op.f("fk_safety_warning_pack_id")),
        sa.ForeignKeyConstraint(
            ["published_by_user_id"], ["app_user.id"], name=op.f("fk_safety_warning_published_by_user_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_safety_warning")),
        sa.UniqueConstraint("ref", name=op.f("uq_safety_warning_ref")),
    )
    op.create_index(op.f("ix_safety_warning_group_id"), "safety_warning", ["group_id"])
    op.create_index(op.f("ix_safety_warning_omrade_id"), "safety_warning", ["omrade_id"])
    op.create_table(
        "safety_warning_unit",
        sa.Column("warning_id", sa.Integer(), nullable=False),
        sa.Column("enhet_id", sa.Integer(), nullable=False),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["enhet_id"], ["enhet.id"], name=op.f("fk_safety_warning_unit_enhet_id")),
        sa.ForeignKeyConstraint(["warning_id"], ["safety_warning.id"], name=op.f("fk_safety_warning_unit_warning_id")),
        sa.PrimaryKeyConstraint("warning_id", "enhet_id", name=op.f("pk_safety_warning_unit")),
    )
    op.create_index(op.f("ix_safety_warning_unit_enhet_id"), "safety_warning_unit", ["enhet_id"])


def downgrade() -> None:
    op.drop_index(op.f("ix_safety_warning_unit_enhet_id"), table_name="safety_warning_unit")
    op.drop_table("safety_warning_unit")
    op.drop_index(op.f("ix_safety_warning_omrade_id"), table_name="safety_warning")
    op.drop_index(op.f("ix_safety_warning_group_id"), table_name="safety_warning")
    op.drop_table("safety_warning")
