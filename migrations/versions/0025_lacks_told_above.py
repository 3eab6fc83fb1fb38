"""What the group above has been told that a group lacks."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None

LACKS = (
    "sammankallande", "inga_moten", "for_fa", "mandat_slut", "vakant", "inga_platser", "uppdrag", "uppfoljning",
)  # fmt: skip


def upgrade() -> None:
    op.create_table(
        "lack_told",
        sa.Column("group_id", sa.Integer(), nullable=False),
        sa.Column(
            "lack", sa.Enum(*LACKS, name="lack", native_enum=False, create_constraint=True, length=40), nullable=False
        ),
        sa.Column("told_on", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(["group_id"], ["samverkansgrupp.id"], name=op.f("fk_lack_told_group_id")),
        sa.PrimaryKeyConstraint("group_id", "lack", name=op.f("pk_lack_told")),
    )


def downgrade() -> None:
    op.drop_table("lack_told")
