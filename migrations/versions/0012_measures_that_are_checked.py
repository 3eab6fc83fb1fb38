"""What becomes of an åtgärd: decided, done, followed up, or dropped; its effect asked about; what happens again after it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from migrations.closed_list import ClosedList

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

_STATUSES = ("foreslagen", "beslutad", "inford", "uppfoljd")
_QUESTIONS = ("lyft", "ansvarslucka", "forslag", "tystnad", "tema", "kvarstar")
_EFFECTS = ("effektiv", "delvis", "ej", "for_tidigt")

LISTS = (
    ClosedList("atgard", "status", "status", _STATUSES, (*_STATUSES, "avford"), instead="beslutad"),
    ClosedList("group_question", "kind", "kind", _QUESTIONS, (*_QUESTIONS, "effekt"), instead="lyft"),
)
CHECKS = {
    "effect": f"effect IN ({', '.join(repr(code) for code in _EFFECTS)})",
    "effect_when_followed_up": "(status = 'uppfoljd') = (effect IS NOT NULL)",
    "done_has_day": "status NOT IN ('inford', 'uppfoljd') OR done_on IS NOT NULL",
    "dropped_has_reason": "status <> 'avford' OR dropped_reason IS NOT NULL",
}


def columns() -> tuple[sa.Column, ...]:
    return (
        sa.Column("family_told", sa.Text()),
        sa.Column("decided_on", sa.Date()),
        sa.Column("changed", sa.String(200)),
        sa.Column("dropped_reason", sa.Text()),
        sa.Column("follow_up_on", sa.Date()),
        sa.Column("rounds_asked", sa.SmallInteger(), nullable=False, server_default="0"),
        sa.Column("followed_up_on", sa.Date()),
        sa.Column("effect", sa.String(40)),
    )


INDEXES = {
    "ix_atgard_follow_up": ["follow_up_on"],
    "ix_atgard_position": ["position_id", "status"],
    "ix_atgard_omrade": ["omrade_id", "status"],
}


def upgrade() -> None:
    for closed_list in LISTS:
        closed_list.grow()
    with op.batch_alter_table("atgard") as batch:
        for column in columns():
            batch.add_column(column)
    # Nobody could follow up before: such a row (there is none that a program made) counts as too early.
    op.execute("UPDATE atgard SET effect = 'for_tidigt' WHERE status = 'uppfoljd'")
    op.execute("UPDATE atgard SET status = 'beslutad' WHERE status = 'inford' AND done_on IS NULL")
    op.execute("UPDATE atgard SET done_on = date(created_at) WHERE status = 'uppfoljd' AND done_on IS NULL")
    op.execute("UPDATE atgard SET decided_on = date(created_at) WHERE status <> 'foreslagen'")
    with op.batch_alter_table("atgard") as batch:
        batch.alter_column("rounds_asked", server_default=None)
        for name, indexed in INDEXES.items():
            batch.create_index(name, indexed)
        for name, sql in CHECKS.items():
            batch.create_check_constraint(op.f(f"ck_atgard_{name}"), sa.text(sql))
    with op.batch_alter_table("group_question") as batch:
        batch.add_column(sa.Column("atgard_id", sa.Integer()))
        batch.create_foreign_key(op.f("fk_group_question_atgard_id"), "atgard", ["atgard_id"], ["id"])
        batch.create_unique_constraint(op.f("uq_group_question_atgard_id"), ["atgard_id"])
    with op.batch_alter_table("avvikelse") as batch:
        batch.add_column(sa.Column("family_cleared_reason", sa.Text()))
        batch.create_index("ix_avvikelse_receiver", ["receiver_enhet_id", "category", "occurred_on"])
    op.create_table(
        "effect_question",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("atgard_id", sa.Integer(), nullable=False),
        sa.Column("avvikelse_id", sa.Integer(), nullable=False),
        sa.Column("asked", sa.String(40), nullable=False),
        sa.Column("round", sa.SmallInteger(), nullable=False),
        sa.Column("brought_forward", sa.Boolean(), nullable=False),
        sa.Column("asked_on", sa.Date(), nullable=False),
        sa.Column("closes_on", sa.Date(), nullable=False),
        sa.Column("closed_on", sa.Date()),
        sa.Column("answered_on", sa.Date()),
        sa.Column("effect", sa.String(40)),
        sa.Column("again", sa.String(40)),
        sa.Column("comment", sa.Text()),
        sa.CheckConstraint("asked IN ('agare', 'rapportor')", name=op.f("ck_effect_question_asked")),
        sa.CheckConstraint(CHECKS["effect"], name=op.f("ck_effect_question_effect")),
        sa.CheckConstraint("again IN ('nej', 'ibland', 'som_forut')", name=op.f("ck_effect_question_again")),
        sa.CheckConstraint(
            "(answered_on IS NOT NULL) = (effect IS NOT NULL OR again IS NOT NULL)"
            " AND (asked = 'agare' OR effect IS NULL) AND (asked = 'rapportor' OR again IS NULL)",
            name=op.f("ck_effect_question_answer_of_the_asked"),
        ),
        sa.CheckConstraint(
            "answered_on IS NULL OR closed_on IS NOT NULL", name=op.f("ck_effect_question_answered_is_closed")
        ),
        sa.ForeignKeyConstraint(["atgard_id"], ["atgard.id"], name=op.f("fk_effect_question_atgard_id")),
        sa.ForeignKeyConstraint(["avvikelse_id"], ["avvikelse.id"], name=op.f("fk_effect_question_avvikelse_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_effect_question")),
        sa.UniqueConstraint(
            "atgard_id",
            "round",
            "asked",
            "avvikelse_id",
            name=op.f("uq_effect_question_atgard_id_round_asked_avvikelse_id"),
        ),
    )
    op.create_index("ix_effect_question_case", "effect_question", ["avvikelse_id", "asked"])
    op.create_index("ix_effect_question_open", "effect_question", ["closed_on", "closes_on"])
    op.create_table(
        "atgard_recurrence",
        sa.Column("atgard_id", sa.Integer(), nullable=False),
        sa.Column("avvikelse_id", sa.Integer(), nullable=False),
        sa.Column("found_on", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(["atgard_id"], ["atgard.id"], name=op.f("fk_atgard_recurrence_atgard_id")),
        sa.ForeignKeyConstraint(["avvikelse_id"], ["avvikelse.id"], name=op.f("fk_atgard_recurrence_avvikelse_id")),
        sa.PrimaryKeyConstraint("atgard_id", "avvikelse_id", name=op.f("pk_atgard_recurrence")),
    )
    op.create_index("ix_atgard_recurrence_avvikelse_id", "atgard_recurrence", ["avvikelse_id"])


def downgrade() -> None:
    op.drop_table("atgard_recurrence")
    op.drop_table("effect_question")
    with op.batch_alter_table("avvikelse") as batch:
        batch.drop_index("ix_avvikelse_receiver")
        batch.drop_column("family_cleared_reason")
    with op.batch_alter_table("group_question") as batch:
        batch.drop_constraint(op.f("uq_group_question_atgard_id"), type_="unique")
        batch.drop_constraint(op.f("fk_group_question_atgard_id"), type_="foreignkey")
        batch.drop_column("atgard_id")
    with op.batch_alter_table("atgard") as batch:
        for name in CHECKS:
            batch.drop_constraint(op.f(f"ck_atgard_{name}"), type_="check")
        for name in INDEXES:
            batch.drop_index(name)
        for column in reversed(columns()):
            batch.drop_column(column.name)
    for closed_list in reversed(LISTS):
        closed_list.shrink()
