"""The joint room: a cost that two share, talks without the family, and when a commitment was done."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0033"
down_revision = "0032"
branch_labels = None
depends_on = None

BANDS = ("unknown", "below_50", "below_200", "below_500", "below_1500", "above")
DECIDERS = ("unit", "above", "head", "board", "joint")
DECISIONS = ("yes", "no")
FORMS = ("phone", "video", "place")
TOPICS = ("responsibility", "money", "both")


def closed_list(table: str, column: str, codes: tuple[str, ...]) -> sa.Enum:
    name = op.f(f"ck_{table}_{column}")
    return sa.Enum(*codes, name=name, native_enum=False, create_constraint=True, length=40)


def upgrade() -> None:
    with op.batch_alter_table("commitment") as table:
        table.add_column(sa.Column("done_on", sa.Date(), nullable=True))
    op.create_table(
        "cofinancing",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("room_id", sa.Integer(), nullable=False),
        sa.Column("party_id", sa.Integer(), nullable=False),
        sa.Column("band", closed_list("cofinancing", "band", BANDS), nullable=False),
        sa.Column("share", sa.SmallInteger(), nullable=True),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("share BETWEEN 0 AND 100", name=op.f("ck_cofinancing_share_is_percent")),
        sa.ForeignKeyConstraint(["room_id"], ["joint_room.id"], name=op.f("fk_cofinancing_room_id")),
        sa.ForeignKeyConstraint(["party_id"], ["party.id"], name=op.f("fk_cofinancing_party_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cofinancing")),
        sa.UniqueConstraint("room_id", name=op.f("uq_cofinancing_room_id")),
    )
    op.create_table(
        "cost_path",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("room_id", sa.Integer(), nullable=False),
        sa.Column("avvikelse_id", sa.Integer(), nullable=False),
        sa.Column("party_id", sa.Integer(), nullable=False),
        sa.Column("decider", closed_list("cost_path", "decider", DECIDERS), nullable=False),
        sa.Column("decide_by", sa.Date(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decision", closed_list("cost_path", "decision", DECISIONS), nullable=True),
        sa.Column("decided_on", sa.Date(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.CheckConstraint("(decision IS NULL) = (decided_on IS NULL)", name=op.f("ck_cost_path_decided_has_day")),
        sa.ForeignKeyConstraint(["room_id"], ["joint_room.id"], name=op.f("fk_cost_path_room_id")),
        sa.ForeignKeyConstraint(["avvikelse_id"], ["avvikelse.id"], name=op.f("fk_cost_path_avvikelse_id")),
        sa.ForeignKeyConstraint(["party_id"], ["party.id"], name=op.f("fk_cost_path_party_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cost_path")),
        sa.UniqueConstraint("room_id", "party_id", name=op.f("uq_cost_path_room_id_party_id")),
    )
    op.create_index(op.f("ix_cost_path_avvikelse_id"), "cost_path", ["avvikelse_id"])
    op.create_table(
        "room_meeting",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("room_id", sa.Integer(), nullable=False),
        sa.Column("avvikelse_id", sa.Integer(), nullable=False),
        sa.Column("party_id", sa.Integer(), nullable=False),
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("at", sa.String(length=5), nullable=True),
        sa.Column("how", closed_list("room_meeting", "how", FORMS), nullable=False),
        sa.Column("topic", closed_list("room_meeting", "topic", TOPICS), nullable=False),
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("accepted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("held_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("outcome", sa.Text(), nullable=True),
        sa.Column("family_told", sa.Text(), nullable=True),
        sa.Column("cancelled_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("(held_at IS NULL) = (outcome IS NULL)", name=op.f("ck_room_meeting_held_has_outcome")),
        sa.ForeignKeyConstraint(["room_id"], ["joint_room.id"], name=op.f("fk_room_meeting_room_id")),
        sa.ForeignKeyConstraint(["avvikelse_id"], ["avvikelse.id"], name=op.f("fk_room_meeting_avvikelse_id")),
        sa.ForeignKeyConstraint(["party_id"], ["party.id"], name=op.f("fk_room_meeting_party_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_room_meeting")),
    )
    op.create_index(op.f("ix_room_meeting_room_id"), "room_meeting", ["room_id"])
    op.create_index(op.f("ix_room_meeting_avvikelse_id"), "room_meeting", ["avvikelse_id"])


def downgrade() -> None:
    op.drop_table("room_meeting")
    op.drop_table("cost_path")
    op.drop_table("cofinancing")
    with op.batch_alter_table("commitment") as table:
        table.drop_column("done_on")
