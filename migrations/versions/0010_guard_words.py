"""The guard's word list: what an administrator lets pass or adds as a name."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from avvikelse.models.base import UtcDateTime

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

_USES = ("tillatet", "namn")


def upgrade() -> None:
    op.create_table(
        "guard_word",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("word", sa.String(length=80), nullable=False),
        sa.Column(
            "use", sa.Enum(*_USES, name="use", native_enum=False, create_constraint=True, length=40), nullable=False
        ),
        sa.Column("huvudman_id", sa.Integer(), nullable=True),
        sa.Column("added_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("added_by_user_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["added_by_user_id"], ["app_user.id"], name=op.f("fk_guard_word_added_by_user_id")),
        sa.ForeignKeyConstraint(["huvudman_id"], ["huvudman.id"], name=op.f("fk_guard_word_huvudman_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_guard_word")),
    )
    op.create_index(op.f("ix_guard_word_huvudman_id"), "guard_word", ["huvudman_id"])


def downgrade() -> None:
    op.drop_index(op.f("ix_guard_word_huvudman_id"), table_name="guard_word")
    op.drop_table("guard_word")
