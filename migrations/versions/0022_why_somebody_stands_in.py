"""Why somebody has stepped in for a party: the case waited, or the manager is away, gone, or the unit has closed."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

REASONS = ("waited", "away", "vacant", "closed")


def upgrade() -> None:
    with op.batch_alter_table("party") as table:
        table.add_column(
            sa.Column(
                "stand_in_because",
                sa.Enum(*REASONS, name="stand_in_because", native_enum=False, create_constraint=True, length=40),
                nullable=True,
            )
        )
    op.execute("UPDATE party SET stand_in_because = 'waited' WHERE stand_in_position_id IS NOT NULL")


def downgrade() -> None:
    with op.batch_alter_table("party") as table:
        table.drop_constraint(op.f("ck_party_stand_in_because"), type_="check")
        table.drop_column("stand_in_because")
