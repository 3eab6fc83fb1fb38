"""What a group has found out about a gap in the responsibility is a field: somebody is responsible, or nobody's task."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0043"
down_revision = "0042"
branch_labels = None
depends_on = None

OUTCOMES = "gap_outcome IN ('ansvar', 'inget_uppdrag')"


def upgrade() -> None:
    with op.batch_alter_table("group_decision") as batch:
        batch.add_column(sa.Column("gap_outcome", sa.String(40), nullable=True))
        batch.create_check_constraint(op.f("ck_group_decision_gap_outcome"), OUTCOMES)
    op.execute(  # so far a decision on a gap has always named who is responsible
        "UPDATE group_decision SET gap_outcome = 'ansvar' WHERE EXISTS (SELECT 1 FROM group_question"
        " WHERE group_question.decision_id = group_decision.id AND group_question.kind = 'ansvarslucka')"
    )


def downgrade() -> None:
    with op.batch_alter_table("group_decision") as batch:
        batch.drop_constraint(op.f("ck_group_decision_gap_outcome"), type_="check")
        batch.drop_column("gap_outcome")
