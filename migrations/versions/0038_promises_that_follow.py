"""What a closed unit had promised in a joint room follows to whoever takes its place, who may say that it is not done."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0038"
down_revision = "0037"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("commitment") as batch:
        batch.add_column(sa.Column("carried_by_party_id", sa.Integer(), nullable=True))
        batch.add_column(sa.Column("not_kept_on", sa.Date(), nullable=True))
        batch.create_foreign_key(op.f("fk_commitment_carried_by_party_id"), "party", ["carried_by_party_id"], ["id"])
        batch.create_check_constraint(op.f("ck_commitment_one_end"), sa.text("done_on IS NULL OR not_kept_on IS NULL"))


def downgrade() -> None:
    with op.batch_alter_table("commitment") as batch:
        batch.drop_constraint(op.f("ck_commitment_one_end"), type_="check")
        batch.drop_constraint(op.f("fk_commitment_carried_by_party_id"), type_="foreignkey")
        batch.drop_column("not_kept_on")
        batch.drop_column("carried_by_party_id")
