"""A case keeps the version of the ansvarstabell that held on its day, also when the versions' days are moved."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0034"
down_revision = "0033"
branch_labels = None
depends_on = None

# What the case's page has said until now: the latest version that had begun on the day.
AS_IT_WAS = """
UPDATE avvikelse SET matrix_version = (
    SELECT m.version FROM matrix_version m
    WHERE m.pack_id = avvikelse.pack_id AND (m.from_on IS NULL OR m.from_on <= avvikelse.occurred_on)
    ORDER BY m.from_on IS NULL, m.from_on DESC, m.version DESC
    LIMIT 1
)
WHERE tillstand IS NOT NULL
"""


def upgrade() -> None:
    op.add_column("avvikelse", sa.Column("matrix_version", sa.String(length=20), nullable=True))
    op.execute(AS_IT_WAS)


def downgrade() -> None:
    op.drop_column("avvikelse", "matrix_version")
