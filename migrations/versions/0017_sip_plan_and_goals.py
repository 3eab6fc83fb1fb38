"""SIP counted per kommun, a group's action plan, and its goals for a year."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

STATUSES = "'planerad', 'pagar', 'klar', 'avbruten'"
STEPS = "'tillagd', 'uppfoljd', 'flyttad', 'klar', 'avbruten'"


def _key(table: str, column: str, other: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{other}.id"], name=op.f(f"fk_{table}_{column}"))


def upgrade() -> None:
    numbers = ("new", "held", "once", "twice", "more", "full", "called", "attended", "cancelled", "short")
    op.create_table(
        "sip_report",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("pack_id", sa.Integer(), nullable=False),
        sa.Column("kommunkod", sa.String(length=4), nullable=False),
        sa.Column("year", sa.SmallInteger(), nullable=False),
        sa.Column("half", sa.SmallInteger(), nullable=False),
        sa.Column("version", sa.SmallInteger(), nullable=False),
        *(sa.Column(name, sa.Integer(), nullable=True) for name in numbers),
        sa.Column("huvudman_id", sa.Integer(), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("written_by_user_id", sa.Integer(), nullable=True),
        sa.CheckConstraint("half IN (1, 2)", name=op.f("ck_sip_report_half")),
        _key("sip_report", "pack_id", "pack"),
        _key("sip_report", "huvudman_id", "huvudman"),
        _key("sip_report", "written_by_user_id", "app_user"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sip_report")),
        sa.UniqueConstraint(
            "pack_id", "kommunkod", "year", "half", "version",
            name=op.f("uq_sip_report_pack_id_kommunkod_year_half_version"),
        ),
    )  # fmt: skip
    op.create_table(
        "indicator_year",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("group_id", sa.Integer(), nullable=False),
        sa.Column("year", sa.SmallInteger(), nullable=False),
        sa.Column("version", sa.SmallInteger(), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("written_by_user_id", sa.Integer(), nullable=True),
        _key("indicator_year", "group_id", "samverkansgrupp"),
        _key("indicator_year", "written_by_user_id", "app_user"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_indicator_year")),
        sa.UniqueConstraint("group_id", "year", "version", name=op.f("uq_indicator_year_group_id_year_version")),
    )
    op.create_table(
        "action_plan",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("ref", sa.String(length=16), nullable=False),
        sa.Column("group_id", sa.Integer(), nullable=False),
        sa.Column("first_year", sa.SmallInteger(), nullable=False),
        sa.Column("aim", sa.Text(), nullable=False),
        sa.Column("decided_on", sa.Date(), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("written_by_user_id", sa.Integer(), nullable=True),
        _key("action_plan", "group_id", "samverkansgrupp"),
        _key("action_plan", "written_by_user_id", "app_user"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_action_plan")),
        sa.UniqueConstraint("ref", name=op.f("uq_action_plan_ref")),
        sa.UniqueConstraint("group_id", "first_year", name=op.f("uq_action_plan_group_id_first_year")),
    )
    op.create_table(
        "plan_activity",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("ref", sa.String(length=16), nullable=False),
        sa.Column("plan_id", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("owner", sa.String(length=120), nullable=False),
        sa.Column("planned_on", sa.Date(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("status", sa.String(length=40), nullable=False),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column("problem_type_id", sa.Integer(), nullable=True),
        sa.Column("decision_id", sa.Integer(), nullable=True),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.CheckConstraint(f"status IN ({STATUSES})", name=op.f("ck_plan_activity_status")),
        sa.CheckConstraint(
            "(status IN ('klar', 'avbruten')) = (ended_on IS NOT NULL)", name=op.f("ck_plan_activity_ended")
        ),
        _key("plan_activity", "plan_id", "action_plan"),
        _key("plan_activity", "problem_type_id", "problem_type"),
        _key("plan_activity", "decision_id", "group_decision"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan_activity")),
        sa.UniqueConstraint("ref", name=op.f("uq_plan_activity_ref")),
    )
    op.create_index("ix_plan_activity_plan", "plan_activity", ["plan_id", "status", "due_on"])
    op.create_table(
        "plan_activity_event",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("activity_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("step", sa.String(length=40), nullable=False),
        sa.Column("text", sa.Text(), nullable=True),
        sa.Column("owner", sa.String(length=120), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.CheckConstraint(f"step IN ({STEPS})", name=op.f("ck_plan_activity_event_step")),
        _key("plan_activity_event", "activity_id", "plan_activity"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan_activity_event")),
    )
    op.create_index(op.f("ix_plan_activity_event_activity_id"), "plan_activity_event", ["activity_id"])


def downgrade() -> None:
    for table in ("plan_activity_event", "plan_activity", "action_plan", "indicator_year", "sip_report"):
        op.drop_table(table)
