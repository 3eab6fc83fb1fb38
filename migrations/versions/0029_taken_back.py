"""A transfer may be taken back."""

from __future__ import annotations

from migrations.closed_list import ClosedList

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None

BEFORE = ("assigned", "handed_over", "declined", "moved")
KINDS = ClosedList("transfer", "kind", "kind", before=BEFORE, after=(*BEFORE, "taken_back"), instead="assigned")


def upgrade() -> None:
    KINDS.grow()


def downgrade() -> None:
    KINDS.shrink()
