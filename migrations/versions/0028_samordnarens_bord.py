"""An index of the questions whose words nobody has approved, for the samordnare's desk."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None

WHERE = sa.text("approved_at IS NULL")


def upgrade() -> None:
    op.create_index(
        "ix_group_question_unapproved", "group_question", ["avvikelse_id"], sqlite_where=WHERE, postgresql_where=WHERE
    )


def downgrade() -> None:
    op.drop_index("ix_group_question_unapproved", "group_question")
