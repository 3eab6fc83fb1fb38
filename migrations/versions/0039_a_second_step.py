"""A second step after the password: a secret in a phone (sealed), codes for whoever has lost it, and which log-ins took it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0039"
down_revision = "0038"
branch_labels = None
depends_on = None

OLD = "revoked_reason IN ('logged_out', 'by_user', 'password_changed', 'disabled')"
NEW = "revoked_reason IN ('logged_out', 'by_user', 'password_changed', 'disabled', 'second_step')"


def upgrade() -> None:
    op.create_table(
        "second_step",
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("sealed_secret", sa.String(length=200), nullable=False),
        sa.Column("set_up_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_step", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["app_user.id"], name=op.f("fk_second_step_user_id")),
        sa.PrimaryKeyConstraint("user_id", name=op.f("pk_second_step")),
    )
    op.create_table(
        "recovery_code",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("code_hash", sa.String(length=64), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["user_id"], ["app_user.id"], name=op.f("fk_recovery_code_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recovery_code")),
        sa.UniqueConstraint("code_hash", name=op.f("uq_recovery_code_code_hash")),
    )
    op.create_index(op.f("ix_recovery_code_user_id"), "recovery_code", ["user_id"])
    with op.batch_alter_table("user_session") as batch:
        batch.add_column(sa.Column("second_step_at", sa.DateTime(timezone=True), nullable=True))
        batch.add_column(sa.Column("offered_secret", sa.String(length=200), nullable=True))
        batch.drop_constraint(op.f("ck_user_session_revoked_reason"), type_="check")
        batch.create_check_constraint(op.f("ck_user_session_revoked_reason"), sa.text(NEW))


def downgrade() -> None:
    op.execute("UPDATE user_session SET revoked_reason = 'by_user' WHERE revoked_reason = 'second_step'")
    with op.batch_alter_table("user_session") as batch:
        batch.drop_constraint(op.f("ck_user_session_revoked_reason"), type_="check")
        batch.create_check_constraint(op.f("ck_user_session_revoked_reason"), sa.text(OLD))
        batch.drop_column("offered_secret")
        batch.drop_column("second_step_at")
    op.drop_index(op.f("ix_recovery_code_user_id"), table_name="recovery_code")
    op.drop_table("recovery_code")
    op.drop_table("second_step")
