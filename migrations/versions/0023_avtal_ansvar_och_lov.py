"""Avtal with owner, review and earlier wordings; versions of the ansvarsmatris by day; lov."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "avtalspunkt_wording",
        sa.Column("avtalspunkt_id", sa.Integer(), nullable=False),
        sa.Column("to_on", sa.Date(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["avtalspunkt_id"], ["avtalspunkt.id"], name=op.f("fk_avtalspunkt_wording_avtalspunkt_id")
        ),
        sa.PrimaryKeyConstraint("avtalspunkt_id", "to_on", name=op.f("pk_avtalspunkt_wording")),
    )
    op.create_table(
        "matrix_version",
        sa.Column("pack_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.String(length=20), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["pack_id"], ["pack.id"], name=op.f("fk_matrix_version_pack_id")),
        sa.PrimaryKeyConstraint("pack_id", "version", name=op.f("pk_matrix_version")),
    )
    # The versions that are there hold from their pack's day; an earlier one's day is not known.
    op.execute(
        "INSERT INTO matrix_version (pack_id, version, from_on)"
        " SELECT DISTINCT c.pack_id, c.version, CASE WHEN c.version = p.version THEN p.valid_from END"
        " FROM matrix_cell c JOIN pack p ON p.id = c.pack_id"
    )
    op.create_table(
        "lov",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("huvudman_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("kinds", sa.JSON(), nullable=False),
        sa.Column("first_on", sa.Date(), nullable=False),
        sa.Column("last_on", sa.Date(), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("first_on <= last_on", name=op.f("ck_lov_order")),
        sa.ForeignKeyConstraint(["huvudman_id"], ["huvudman.id"], name=op.f("fk_lov_huvudman_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lov")),
    )
    op.create_index("ix_lov_days", "lov", ["huvudman_id", "last_on"])
    with op.batch_alter_table("avtal") as batch:
        batch.add_column(sa.Column("owner_position_id", sa.Integer(), nullable=True))
        batch.add_column(sa.Column("review_on", sa.Date(), nullable=True))
        batch.add_column(sa.Column("reviewed_on", sa.Date(), nullable=True))
        batch.create_foreign_key(op.f("fk_avtal_owner_position_id"), "position", ["owner_position_id"], ["id"])
    op.add_column("avtalspunkt", sa.Column("active_from", sa.Date(), nullable=True))
    op.add_column("avvikelse", sa.Column("outside_reason", sa.Text(), nullable=True))
    op.add_column("avvikelse", sa.Column("no_avtal", sa.Boolean(), nullable=True))


def downgrade() -> None:
    op.drop_column("avvikelse", "no_avtal")
    op.drop_column("avvikelse", "outside_reason")
    op.drop_column("avtalspunkt", "active_from")
    with op.batch_alter_table("avtal") as batch:
        batch.drop_constraint(op.f("fk_avtal_owner_position_id"), type_="foreignkey")
        batch.drop_column("reviewed_on")
        batch.drop_column("review_on")
        batch.drop_column("owner_position_id")
    op.drop_table("lov")
    op.drop_table("matrix_version")
    op.drop_table("avtalspunkt_wording")
