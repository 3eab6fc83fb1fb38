"""*Jag också*, and several events in one report."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

_CASE = ["atgard_id", "round", "asked", "avvikelse_id"]
_OLD_UNIQUE = "uq_effect_question_atgard_id_round_asked_avvikelse_id"
_OCCASIONS = (
    "(occasions IS NULL) = (occurred_from IS NULL) AND (occasions IS NULL OR occasions BETWEEN 2 AND 99)"
    " AND (occurred_from IS NULL OR occurred_from <= occurred_on)"
)
_ANSWERED = "(answered_on IS NOT NULL) = (effect IS NOT NULL OR again IS NOT NULL)"
_OLD_ANSWER = f"{_ANSWERED} AND (asked = 'agare' OR effect IS NULL) AND (asked = 'rapportor' OR again IS NULL)"
_NEW_ANSWER = f"{_ANSWERED} AND (asked = 'agare' OR effect IS NULL) AND (asked <> 'agare' OR again IS NULL)"


def upgrade() -> None:
    op.create_table(
        "voice",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("ref", sa.String(length=16), nullable=False),
        sa.Column("avvikelse_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("enhet_id", sa.Integer(), nullable=False),
        sa.Column("said_on", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(["avvikelse_id"], ["avvikelse.id"], name=op.f("fk_voice_avvikelse_id")),
        sa.ForeignKeyConstraint(["user_id"], ["app_user.id"], name=op.f("fk_voice_user_id")),
        sa.ForeignKeyConstraint(["enhet_id"], ["enhet.id"], name=op.f("fk_voice_enhet_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_voice")),
        sa.UniqueConstraint("ref", name=op.f("uq_voice_ref")),
        sa.UniqueConstraint("avvikelse_id", "user_id", name=op.f("uq_voice_avvikelse_id_user_id")),
    )
    op.create_index(op.f("ix_voice_user_id"), "voice", ["user_id"])
    with op.batch_alter_table("avvikelse") as batch:
        batch.add_column(sa.Column("voices", sa.SmallInteger(), nullable=False, server_default="0"))
        batch.add_column(sa.Column("occasions", sa.SmallInteger(), nullable=True))
        batch.add_column(sa.Column("occurred_from", sa.Date(), nullable=True))
    with op.batch_alter_table("avvikelse") as batch:
        batch.alter_column("voices", server_default=None)
        batch.create_check_constraint(op.f("ck_avvikelse_occasions"), sa.text(_OCCASIONS))
    with op.batch_alter_table("effect_question") as batch:
        batch.add_column(sa.Column("voice_id", sa.Integer(), nullable=True))
        batch.create_foreign_key(op.f("fk_effect_question_voice_id"), "voice", ["voice_id"], ["id"], ondelete="CASCADE")
        batch.create_index(op.f("ix_effect_question_voice_id"), ["voice_id"])
        batch.drop_constraint(op.f(_OLD_UNIQUE), type_="unique")
        batch.create_unique_constraint(
            op.f("uq_effect_question_atgard_id_round_voice_id"), ["atgard_id", "round", "voice_id"]
        )
    _checks("asked IN ('agare', 'rapportor', 'rost')", _NEW_ANSWER)
    with op.batch_alter_table("effect_question") as batch:
        batch.create_check_constraint(
            op.f("ck_effect_question_voice"), sa.text("(asked = 'rost') = (voice_id IS NOT NULL)")
        )
    only = sa.text("voice_id IS NULL")
    op.create_index(
        "uq_effect_question_case", "effect_question", _CASE, unique=True, sqlite_where=only, postgresql_where=only
    )


def downgrade() -> None:
    op.drop_index("uq_effect_question_case", "effect_question")
    op.execute("DELETE FROM effect_question WHERE asked = 'rost'")
    with op.batch_alter_table("effect_question") as batch:
        batch.drop_constraint(op.f("ck_effect_question_voice"), type_="check")
    _checks("asked IN ('agare', 'rapportor')", _OLD_ANSWER)
    with op.batch_alter_table("effect_question") as batch:
        batch.drop_constraint(op.f("uq_effect_question_atgard_id_round_voice_id"), type_="unique")
        batch.create_unique_constraint(op.f(_OLD_UNIQUE), _CASE)
        batch.drop_index(op.f("ix_effect_question_voice_id"))
        batch.drop_constraint(op.f("fk_effect_question_voice_id"), type_="foreignkey")
        batch.drop_column("voice_id")
    with op.batch_alter_table("avvikelse") as batch:
        batch.drop_constraint(op.f("ck_avvikelse_occasions"), type_="check")
        batch.drop_column("occurred_from")
        batch.drop_column("occasions")
        batch.drop_column("voices")
    op.drop_table("voice")


def _checks(asked: str, answer: str) -> None:
    with op.batch_alter_table("effect_question") as batch:
        for name, sql in (("asked", asked), ("answer_of_the_asked", answer)):
            constraint = op.f(f"ck_effect_question_{name}")
            batch.drop_constraint(constraint, type_="check")
            batch.create_check_constraint(constraint, sa.text(sql))
