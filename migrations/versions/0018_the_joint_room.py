"""The joint room: three prompts, commitments that both say yes to, and both texts for the group."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

OUTCOMES = ("agreed", "disagreed", "ran_out", "silent", "lifted", "unlocked")

# A case that two own has been in a room, also when nobody could write there yet.
ROOMS_OF_JOINT_CASES = """
INSERT INTO joint_room (avvikelse_id, opened_at, closed_at, outcome)
SELECT id, status_since,
       CASE WHEN status = 'disputed' THEN NULL ELSE status_since END,
       CASE WHEN status = 'disputed' THEN NULL WHEN status = 'with_group' THEN 'lifted' ELSE 'agreed' END
FROM avvikelse
WHERE joint OR EXISTS (SELECT 1 FROM commitment WHERE commitment.avvikelse_id = avvikelse.id)
"""
COMMITMENTS_TO_THEIR_ROOM = """
UPDATE commitment SET room_id = (SELECT id FROM joint_room WHERE joint_room.avvikelse_id = commitment.avvikelse_id)
"""
ONE_COMMITMENT_A_PARTY = """
DELETE FROM commitment WHERE id NOT IN (SELECT max(id) FROM commitment GROUP BY avvikelse_id, party_id)
"""


def upgrade() -> None:
    op.create_table(
        "joint_room",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("avvikelse_id", sa.Integer(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "outcome",
            sa.Enum(
                *OUTCOMES, name=op.f("ck_joint_room_outcome"), native_enum=False, create_constraint=True, length=40
            ),
            nullable=True,
        ),
        sa.Column("disagreement", sa.Text(), nullable=True),
        sa.CheckConstraint("(closed_at IS NULL) = (outcome IS NULL)", name=op.f("ck_joint_room_closed_has_outcome")),
        sa.ForeignKeyConstraint(["avvikelse_id"], ["avvikelse.id"], name=op.f("fk_joint_room_avvikelse_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_joint_room")),
    )
    op.create_index("ix_joint_room_case", "joint_room", ["avvikelse_id", "id"])
    op.create_table(
        "room_answer",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("room_id", sa.Integer(), nullable=False),
        sa.Column("party_id", sa.Integer(), nullable=False),
        sa.Column("offer", sa.Text(), nullable=False),
        sa.Column("need", sa.Text(), nullable=False),
        sa.Column("hinder", sa.Text(), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["room_id"], ["joint_room.id"], name=op.f("fk_room_answer_room_id")),
        sa.ForeignKeyConstraint(["party_id"], ["party.id"], name=op.f("fk_room_answer_party_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_room_answer")),
        sa.UniqueConstraint("room_id", "party_id", name=op.f("uq_room_answer_room_id_party_id")),
    )
    op.execute(ROOMS_OF_JOINT_CASES)
    op.add_column("commitment", sa.Column("room_id", sa.Integer(), nullable=True))
    op.execute(COMMITMENTS_TO_THEIR_ROOM)
    with op.batch_alter_table("commitment") as table:
        table.alter_column("room_id", existing_type=sa.Integer(), nullable=False)
        table.create_foreign_key(op.f("fk_commitment_room_id"), "joint_room", ["room_id"], ["id"])
        table.drop_constraint(op.f("uq_commitment_avvikelse_id_party_id"), type_="unique")
        table.create_unique_constraint(op.f("uq_commitment_room_id_party_id"), ["room_id", "party_id"])
        table.create_index(op.f("ix_commitment_avvikelse_id"), ["avvikelse_id"])
    with op.batch_alter_table("group_question") as table:
        table.add_column(sa.Column("room_id", sa.Integer(), nullable=True))
        table.create_foreign_key(op.f("fk_group_question_room_id"), "joint_room", ["room_id"], ["id"])


def downgrade() -> None:
    with op.batch_alter_table("group_question") as table:
        table.drop_constraint(op.f("fk_group_question_room_id"), type_="foreignkey")
        table.drop_column("room_id")
    op.execute(ONE_COMMITMENT_A_PARTY)
    with op.batch_alter_table("commitment") as table:
        table.drop_index(op.f("ix_commitment_avvikelse_id"))
        table.drop_constraint(op.f("uq_commitment_room_id_party_id"), type_="unique")
        table.create_unique_constraint(op.f("uq_commitment_avvikelse_id_party_id"), ["avvikelse_id", "party_id"])
        table.drop_constraint(op.f("fk_commitment_room_id"), type_="foreignkey")
        table.drop_column("room_id")
    op.drop_table("room_answer")
    op.drop_index("ix_joint_room_case", table_name="joint_room")
    op.drop_table("joint_room")
