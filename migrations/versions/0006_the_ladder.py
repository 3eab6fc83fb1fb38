"""The ladder: when a case is looked at, which steps have been taken, who has stepped in, and silence shown to a group."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from migrations.closed_list import ClosedList

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

_QUESTIONS = ("lyft", "ansvarslucka", "forslag")
_OUTCOMES = ("done", "nobody", "not_above", "no_group")
LISTS = (ClosedList("group_question", "kind", "kind", _QUESTIONS, (*_QUESTIONS, "tystnad"), instead="lyft"),)


def upgrade() -> None:
    for closed_list in LISTS:
        closed_list.grow()
    with op.batch_alter_table("avvikelse") as batch:
        batch.add_column(sa.Column("again_since", sa.DateTime(timezone=True)))
        batch.add_column(sa.Column("again_paused_days", sa.SmallInteger(), nullable=False, server_default="0"))
        batch.add_column(sa.Column("next_step_on", sa.Date()))
        batch.create_index("ix_avvikelse_next_step_on", ["next_step_on"])
    with op.batch_alter_table("avvikelse") as batch:
        batch.alter_column("again_paused_days", server_default=None)
    # Every case in which a clock may run is looked at by the first run of the ladder.
    op.execute(
        "UPDATE avvikelse SET next_step_on = '2000-01-01' WHERE status <> 'closed'"
        " OR id IN (SELECT avvikelse_id FROM atgard WHERE status IN ('beslutad', 'inford'))"
    )
    with op.batch_alter_table("party") as batch:
        batch.drop_column("reminded_for")
        batch.add_column(sa.Column("stand_in_position_id", sa.Integer()))
        batch.create_foreign_key("fk_party_stand_in_position_id", "position", ["stand_in_position_id"], ["id"])
        batch.create_index("ix_party_stand_in_list", ["stand_in_position_id", "side", "open", "due_on", "avvikelse_id"])
    op.create_table(
        "ladder_step",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("avvikelse_id", sa.Integer(), nullable=False),
        sa.Column("clock", sa.String(length=20), nullable=False),
        sa.Column("subject", sa.String(length=20), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("step", sa.String(length=40), nullable=False),
        sa.Column("taken_on", sa.Date(), nullable=False),
        sa.Column(
            "outcome",
            sa.Enum(*_OUTCOMES, name="outcome", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(["avvikelse_id"], ["avvikelse.id"], name=op.f("fk_ladder_step_avvikelse_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ladder_step")),
        sa.UniqueConstraint(
            "avvikelse_id", "clock", "subject", "due_on", "step",
            name=op.f("uq_ladder_step_avvikelse_id_clock_subject_due_on_step"),
        ),
    )  # fmt: skip


def downgrade() -> None:
    op.drop_table("ladder_step")
    with op.batch_alter_table("party") as batch:
        batch.drop_index("ix_party_stand_in_list")
        batch.drop_constraint("fk_party_stand_in_position_id", type_="foreignkey")
        batch.drop_column("stand_in_position_id")
        batch.add_column(sa.Column("reminded_for", sa.Date()))
    with op.batch_alter_table("avvikelse") as batch:
        batch.drop_index("ix_avvikelse_next_step_on")
        batch.drop_column("next_step_on")
        batch.drop_column("again_paused_days")
        batch.drop_column("again_since")
    for closed_list in reversed(LISTS):
        closed_list.shrink()
