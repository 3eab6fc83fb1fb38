"""The first schema: everything of the main job.

Frozen: a change of the models is a new migration. What the metadata cannot say is executed: the triggers from the models' own
statements, the search index (gone since 0044) from those below.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from avvikelse.models.audit import AUDIT_DROP, AUDIT_HEAD_ROW, AUDIT_TRIGGERS

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

# SQLite: an FTS5 index that reads its text from the table and is kept in step by triggers.
# PostgreSQL: a GIN index over the same words; 'simple' leaves the stems as they are.
SEARCH_DDL: dict[str, tuple[str, ...]] = {
    "sqlite": (
        (
            "CREATE VIRTUAL TABLE search_index USING fts5("
            "stems, content='search_document', content_rowid='id', tokenize=\"unicode61 remove_diacritics 0\")"
        ),
        (
            "CREATE TRIGGER search_document_ai AFTER INSERT ON search_document BEGIN"
            " INSERT INTO search_index(rowid, stems) VALUES (new.id, new.stems); END"
        ),
        (
            "CREATE TRIGGER search_document_ad AFTER DELETE ON search_document BEGIN"
            " INSERT INTO search_index(search_index, rowid, stems) VALUES ('delete', old.id, old.stems); END"
        ),
        (
            "CREATE TRIGGER search_document_au AFTER UPDATE ON search_document BEGIN"
            " INSERT INTO search_index(search_index, rowid, stems) VALUES ('delete', old.id, old.stems);"
            " INSERT INTO search_index(rowid, stems) VALUES (new.id, new.stems); END"
        ),
    ),
    "postgresql": (
        "CREATE INDEX ix_search_document_stems ON search_document USING gin (to_tsvector('simple', stems))",
    ),
}
SEARCH_DROP: dict[str, tuple[str, ...]] = {
    "sqlite": (
        "DROP TRIGGER search_document_au",
        "DROP TRIGGER search_document_ad",
        "DROP TRIGGER search_document_ai",
        "DROP TABLE search_index",
    ),
    "postgresql": ("DROP INDEX ix_search_document_stems",),
}


def upgrade() -> None:
    op.create_table(
        "app_user",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("password_hash", sa.String(length=200), nullable=True),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("password_changed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_login_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.CheckConstraint("email = lower(email)", name=op.f("ck_app_user_email_lower")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_app_user")),
        sa.UniqueConstraint("email", name=op.f("uq_app_user_email")),
    )
    op.create_table(
        "audit_event",
        sa.Column("seq", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("event", sa.String(length=40), nullable=False),
        sa.Column("avvikelse_id", sa.Integer(), nullable=True),
        sa.Column("user_id", sa.Integer(), nullable=True),
        sa.Column("role", sa.String(length=40), nullable=True),
        sa.Column("omrade_id", sa.Integer(), nullable=True),
        sa.Column("enhet_id", sa.Integer(), nullable=True),
        sa.Column("group_id", sa.Integer(), nullable=True),
        sa.Column("from_status", sa.String(length=40), nullable=True),
        sa.Column("to_status", sa.String(length=40), nullable=True),
        sa.Column("on_timeline", sa.Boolean(), nullable=False),
        sa.Column("detail", sa.JSON(), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_audit_event")),
    )
    op.create_index("ix_audit_event_omrade", "audit_event", ["omrade_id", "at"], unique=False)
    op.create_index(
        "ix_audit_event_timeline",
        "audit_event",
        ["avvikelse_id", "seq"],
        unique=False,
        sqlite_where=sa.text("on_timeline"),
        postgresql_where=sa.text("on_timeline"),
    )
    op.create_index("ix_audit_event_user", "audit_event", ["user_id", "at"], unique=False)
    op.create_table(
        "audit_head",
        sa.Column("id", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_head")),
    )
    op.create_table(
        "job_lease",
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("owner", sa.String(length=120), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_job_lease")),
    )
    op.create_table(
        "job_run",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("job", sa.String(length=40), nullable=False),
        sa.Column("slot", sa.String(length=40), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ok", sa.Boolean(), nullable=True),
        sa.Column("summary", sa.String(length=200), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_job_run")),
        sa.UniqueConstraint("job", "slot", name=op.f("uq_job_run_job_slot")),
    )
    op.create_index("ix_job_run_latest", "job_run", ["job", "started_at"], unique=False)
    op.create_table(
        "pack",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("slug", sa.String(length=80), nullable=False),
        sa.Column("name", sa.String(length=160), nullable=False),
        sa.Column("version", sa.String(length=20), nullable=False),
        sa.Column("lan", sa.String(length=80), nullable=False),
        sa.Column("lanskod", sa.String(length=2), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=True),
        sa.Column("number_prefix", sa.String(length=4), nullable=False),
        sa.Column("kommuner", sa.JSON(), nullable=False),
        sa.Column("revision", sa.String(length=16), nullable=False),
        sa.Column("imported", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pack")),
        sa.UniqueConstraint("number_prefix", name=op.f("uq_pack_number_prefix")),
        sa.UniqueConstraint("slug", name=op.f("uq_pack_slug")),
    )
    op.create_table(
        "throttle",
        sa.Column("key_hash", sa.String(length=64), nullable=False),
        sa.Column("window_start", sa.DateTime(timezone=True), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("key_hash", "window_start", name=op.f("pk_throttle")),
    )
    op.create_index("ix_throttle_window", "throttle", ["window_start"], unique=False)
    op.create_table(
        "avtal",
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("parties", sa.JSON(), nullable=False),
        sa.Column("decided", sa.String(length=40), nullable=True),
        sa.Column("valid", sa.String(length=80), nullable=True),
        sa.Column("revised", sa.String(length=40), nullable=True),
        sa.Column("follow_up", sa.String(length=80), nullable=True),
        sa.Column("active_to", sa.Date(), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("pack_id", sa.Integer(), nullable=False),
        sa.Column("slug", sa.String(length=80), nullable=False),
        sa.Column("imported", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["pack_id"], ["pack.id"], name=op.f("fk_avtal_pack_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_avtal")),
        sa.UniqueConstraint("pack_id", "slug", name=op.f("uq_avtal_pack_id_slug")),
    )
    op.create_table(
        "huvudman",
        sa.Column("name", sa.String(length=160), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "region",
                "kommun",
                "kommunalforbund",
                "fristaende",
                "stat",
                name="kind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("kommunkod", sa.String(length=4), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("pack_id", sa.Integer(), nullable=False),
        sa.Column("slug", sa.String(length=80), nullable=False),
        sa.Column("imported", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["pack_id"], ["pack.id"], name=op.f("fk_huvudman_pack_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_huvudman")),
        sa.UniqueConstraint("pack_id", "slug", name=op.f("uq_huvudman_pack_id_slug")),
    )
    op.create_table(
        "invitation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=True),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column(
            "role",
            sa.Enum(
                "rapportor",
                "samordnare",
                "chef",
                "handlaggare",
                "sammankallande",
                "medlem",
                "sip_samordnare",
                "revisor",
                "loggranskare",
                "administrator",
                name="role",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("scope", sa.JSON(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("invited_by_user_id", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["invited_by_user_id"], ["app_user.id"], name=op.f("fk_invitation_invited_by_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invitation")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_invitation_token_hash")),
    )
    op.create_index(op.f("ix_invitation_email"), "invitation", ["email"], unique=False)
    op.create_table(
        "limit_setting",
        sa.Column("about", sa.Text(), nullable=False),
        sa.Column("value", sa.SmallInteger(), nullable=False),
        sa.Column("unit", sa.String(length=40), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("pack_id", sa.Integer(), nullable=False),
        sa.Column("slug", sa.String(length=80), nullable=False),
        sa.Column("imported", sa.JSON(), nullable=False),
        sa.CheckConstraint("value >= 0", name=op.f("ck_limit_setting_not_negative")),
        sa.ForeignKeyConstraint(["pack_id"], ["pack.id"], name=op.f("fk_limit_setting_pack_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_limit_setting")),
        sa.UniqueConstraint("pack_id", "slug", name=op.f("uq_limit_setting_pack_id_slug")),
    )
    op.create_table(
        "matrix_cell",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("pack_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.String(length=20), nullable=False),
        sa.Column("tillstand", sa.String(length=40), nullable=False),
        sa.Column("niva", sa.SmallInteger(), nullable=False),
        sa.Column("receivers", sa.JSON(), nullable=False),
        sa.Column("uncertain", sa.Boolean(), nullable=False),
        sa.CheckConstraint("niva BETWEEN 1 AND 4", name=op.f("ck_matrix_cell_niva")),
        sa.ForeignKeyConstraint(["pack_id"], ["pack.id"], name=op.f("fk_matrix_cell_pack_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_matrix_cell")),
        sa.UniqueConstraint(
            "pack_id", "version", "tillstand", "niva", name=op.f("uq_matrix_cell_pack_id_version_tillstand_niva")
        ),
    )
    op.create_table(
        "number_series",
        sa.Column("pack_id", sa.Integer(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["pack_id"], ["pack.id"], name=op.f("fk_number_series_pack_id")),
        sa.PrimaryKeyConstraint("pack_id", "year", name=op.f("pk_number_series")),
    )
    op.create_table(
        "password_reset",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=True),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["user_id"], ["app_user.id"], name=op.f("fk_password_reset_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_password_reset")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_password_reset_token_hash")),
    )
    op.create_index(op.f("ix_password_reset_user_id"), "password_reset", ["user_id"], unique=False)
    op.create_table(
        "report_draft",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("ref", sa.String(length=16), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("form", sa.String(length=20), nullable=False),
        sa.Column("payload", sa.Text(), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["app_user.id"], name=op.f("fk_report_draft_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_report_draft")),
        sa.UniqueConstraint("ref", name=op.f("uq_report_draft_ref")),
    )
    op.create_index(op.f("ix_report_draft_user_id"), "report_draft", ["user_id"], unique=False)
    op.create_table(
        "reporting_duty",
        sa.Column("from_slug", sa.String(length=80), nullable=False),
        sa.Column("to_slug", sa.String(length=80), nullable=False),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("interval", sa.String(length=40), nullable=False),
        sa.Column("month", sa.SmallInteger(), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("pack_id", sa.Integer(), nullable=False),
        sa.Column("slug", sa.String(length=80), nullable=False),
        sa.Column("imported", sa.JSON(), nullable=False),
        sa.CheckConstraint("month IS NULL OR month BETWEEN 1 AND 12", name=op.f("ck_reporting_duty_month")),
        sa.ForeignKeyConstraint(["pack_id"], ["pack.id"], name=op.f("fk_reporting_duty_pack_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reporting_duty")),
        sa.UniqueConstraint("pack_id", "slug", name=op.f("uq_reporting_duty_pack_id_slug")),
    )
    op.create_table(
        "routing_override",
        sa.Column("rule", sa.String(length=20), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("params", sa.JSON(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("pack_id", sa.Integer(), nullable=False),
        sa.Column("slug", sa.String(length=80), nullable=False),
        sa.Column("imported", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["pack_id"], ["pack.id"], name=op.f("fk_routing_override_pack_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_routing_override")),
        sa.UniqueConstraint("pack_id", "slug", name=op.f("uq_routing_override_pack_id_slug")),
    )
    op.create_index("ix_routing_override_rule", "routing_override", ["pack_id", "rule"], unique=False)
    op.create_table(
        "samverkansgrupp",
        sa.Column("name", sa.String(length=160), nullable=False),
        sa.Column(
            "level",
            sa.Enum(
                "politisk",
                "strategisk",
                "taktisk",
                "lokal",
                "operativ",
                "tillfallig",
                "intern",
                name="level",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("parent_id", sa.Integer(), nullable=True),
        sa.Column(
            "sees_cases",
            sa.Enum(
                "enskilda",
                "sammanstallning",
                "pa_begaran",
                "nej",
                name="sees_cases",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("kommuner", sa.JSON(), nullable=False),
        sa.Column("verksamhetstyper", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("meetings_min", sa.SmallInteger(), nullable=True),
        sa.Column("meetings_max", sa.SmallInteger(), nullable=True),
        sa.Column("meeting_months", sa.JSON(), nullable=False),
        sa.Column("members", sa.JSON(), nullable=False),
        sa.Column("member_positions", sa.JSON(), nullable=False),
        sa.Column("convenor", sa.String(length=160), nullable=True),
        sa.Column("purpose", sa.Text(), nullable=True),
        sa.Column("target_group", sa.String(length=160), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("pack_id", sa.Integer(), nullable=False),
        sa.Column("slug", sa.String(length=80), nullable=False),
        sa.Column("imported", sa.JSON(), nullable=False),
        sa.CheckConstraint(
            "(meetings_min IS NULL) = (meetings_max IS NULL) AND (meetings_min IS NULL OR meetings_min <= meetings_max)",
            name=op.f("ck_samverkansgrupp_meetings"),
        ),
        sa.CheckConstraint("parent_id IS NULL OR parent_id <> id", name=op.f("ck_samverkansgrupp_not_own_parent")),
        sa.ForeignKeyConstraint(["pack_id"], ["pack.id"], name=op.f("fk_samverkansgrupp_pack_id")),
        sa.ForeignKeyConstraint(["parent_id"], ["samverkansgrupp.id"], name=op.f("fk_samverkansgrupp_parent_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_samverkansgrupp")),
        sa.UniqueConstraint("pack_id", "slug", name=op.f("uq_samverkansgrupp_pack_id_slug")),
    )
    op.create_index(op.f("ix_samverkansgrupp_parent_id"), "samverkansgrupp", ["parent_id"], unique=False)
    op.create_table(
        "user_session",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "revoked_reason",
            sa.Enum(
                "logged_out",
                "by_user",
                "password_changed",
                "disabled",
                name="revoked_reason",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column("device", sa.String(length=60), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["app_user.id"], name=op.f("fk_user_session_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_user_session")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_user_session_token_hash")),
    )
    op.create_index(op.f("ix_user_session_expires_at"), "user_session", ["expires_at"], unique=False)
    op.create_index(op.f("ix_user_session_user_id"), "user_session", ["user_id"], unique=False)
    op.create_table(
        "avtalspunkt",
        sa.Column("avtal_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(length=20), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("active_to", sa.Date(), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("pack_id", sa.Integer(), nullable=False),
        sa.Column("slug", sa.String(length=80), nullable=False),
        sa.Column("imported", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["avtal_id"], ["avtal.id"], name=op.f("fk_avtalspunkt_avtal_id")),
        sa.ForeignKeyConstraint(["pack_id"], ["pack.id"], name=op.f("fk_avtalspunkt_pack_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_avtalspunkt")),
        sa.UniqueConstraint("avtal_id", "number", name=op.f("uq_avtalspunkt_avtal_id_number")),
        sa.UniqueConstraint("pack_id", "slug", name=op.f("uq_avtalspunkt_pack_id_slug")),
    )
    op.create_index(op.f("ix_avtalspunkt_avtal_id"), "avtalspunkt", ["avtal_id"], unique=False)
    op.create_table(
        "month_summary",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("group_id", sa.Integer(), nullable=False),
        sa.Column("month", sa.String(length=7), nullable=False),
        sa.Column("version", sa.SmallInteger(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("frozen", sa.Boolean(), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["group_id"], ["samverkansgrupp.id"], name=op.f("fk_month_summary_group_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_month_summary")),
        sa.UniqueConstraint("group_id", "month", "version", name=op.f("uq_month_summary_group_id_month_version")),
    )
    op.create_table(
        "organisation",
        sa.Column("name", sa.String(length=160), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("huvudman_id", sa.Integer(), nullable=False),
        sa.Column("parent_id", sa.Integer(), nullable=True),
        sa.Column("active_to", sa.Date(), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("pack_id", sa.Integer(), nullable=False),
        sa.Column("slug", sa.String(length=80), nullable=False),
        sa.Column("imported", sa.JSON(), nullable=False),
        sa.CheckConstraint("parent_id IS NULL OR parent_id <> id", name=op.f("ck_organisation_not_own_parent")),
        sa.ForeignKeyConstraint(["huvudman_id"], ["huvudman.id"], name=op.f("fk_organisation_huvudman_id")),
        sa.ForeignKeyConstraint(["pack_id"], ["pack.id"], name=op.f("fk_organisation_pack_id")),
        sa.ForeignKeyConstraint(["parent_id"], ["organisation.id"], name=op.f("fk_organisation_parent_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_organisation")),
        sa.UniqueConstraint("pack_id", "slug", name=op.f("uq_organisation_pack_id_slug")),
    )
    op.create_index(op.f("ix_organisation_huvudman_id"), "organisation", ["huvudman_id"], unique=False)
    op.create_table(
        "sekretessomrade",
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("huvudman_id", sa.Integer(), nullable=False),
        sa.Column("takes_cases_directly", sa.Boolean(), nullable=False),
        sa.Column("own_reference_allowed", sa.Boolean(), nullable=False),
        sa.Column("invited_party", sa.Boolean(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("pack_id", sa.Integer(), nullable=False),
        sa.Column("slug", sa.String(length=80), nullable=False),
        sa.Column("imported", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["huvudman_id"], ["huvudman.id"], name=op.f("fk_sekretessomrade_huvudman_id")),
        sa.ForeignKeyConstraint(["pack_id"], ["pack.id"], name=op.f("fk_sekretessomrade_pack_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sekretessomrade")),
        sa.UniqueConstraint("pack_id", "slug", name=op.f("uq_sekretessomrade_pack_id_slug")),
    )
    op.create_index(op.f("ix_sekretessomrade_huvudman_id"), "sekretessomrade", ["huvudman_id"], unique=False)
    op.create_table(
        "enhet",
        sa.Column("name", sa.String(length=160), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("huvudman_id", sa.Integer(), nullable=False),
        sa.Column("omrade_id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=True),
        sa.Column("age_min", sa.SmallInteger(), nullable=False),
        sa.Column("age_max", sa.SmallInteger(), nullable=False),
        sa.Column("active_from", sa.Date(), nullable=True),
        sa.Column("active_to", sa.Date(), nullable=True),
        sa.Column("successor_id", sa.Integer(), nullable=True),
        sa.Column("forsta_linje", sa.Boolean(), nullable=False),
        sa.Column("tar_emot_remiss", sa.Boolean(), nullable=False),
        sa.Column("function_mailbox", sa.String(length=254), nullable=True),
        sa.Column("phone", sa.String(length=40), nullable=True),
        sa.Column("assignment", sa.Text(), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("pack_id", sa.Integer(), nullable=False),
        sa.Column("slug", sa.String(length=80), nullable=False),
        sa.Column("imported", sa.JSON(), nullable=False),
        sa.CheckConstraint(
            "active_from IS NULL OR active_to IS NULL OR active_from <= active_to", name=op.f("ck_enhet_active_order")
        ),
        sa.CheckConstraint("age_min BETWEEN 0 AND age_max AND age_max <= 120", name=op.f("ck_enhet_ages")),
        sa.CheckConstraint("successor_id IS NULL OR successor_id <> id", name=op.f("ck_enhet_not_own_successor")),
        sa.ForeignKeyConstraint(["huvudman_id"], ["huvudman.id"], name=op.f("fk_enhet_huvudman_id")),
        sa.ForeignKeyConstraint(["omrade_id"], ["sekretessomrade.id"], name=op.f("fk_enhet_omrade_id")),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name=op.f("fk_enhet_organisation_id")),
        sa.ForeignKeyConstraint(["pack_id"], ["pack.id"], name=op.f("fk_enhet_pack_id")),
        sa.ForeignKeyConstraint(["successor_id"], ["enhet.id"], name=op.f("fk_enhet_successor_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_enhet")),
        sa.UniqueConstraint("pack_id", "slug", name=op.f("uq_enhet_pack_id_slug")),
    )
    op.create_index(op.f("ix_enhet_huvudman_id"), "enhet", ["huvudman_id"], unique=False)
    op.create_index(op.f("ix_enhet_omrade_id"), "enhet", ["omrade_id"], unique=False)
    op.create_index(op.f("ix_enhet_organisation_id"), "enhet", ["organisation_id"], unique=False)
    op.create_index("ix_enhet_pack_kind", "enhet", ["pack_id", "kind"], unique=False)
    op.create_table(
        "funktion",
        sa.Column("name", sa.String(length=160), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "samordnare",
                "sip_samordnare",
                "sip_stodjare",
                "annan",
                name="kind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("huvudman_id", sa.Integer(), nullable=False),
        sa.Column("omrade_id", sa.Integer(), nullable=True),
        sa.Column("mailbox", sa.String(length=254), nullable=True),
        sa.Column("phone", sa.String(length=40), nullable=True),
        sa.Column("assignment", sa.Text(), nullable=True),
        sa.Column("active_to", sa.Date(), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("pack_id", sa.Integer(), nullable=False),
        sa.Column("slug", sa.String(length=80), nullable=False),
        sa.Column("imported", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["huvudman_id"], ["huvudman.id"], name=op.f("fk_funktion_huvudman_id")),
        sa.ForeignKeyConstraint(["omrade_id"], ["sekretessomrade.id"], name=op.f("fk_funktion_omrade_id")),
        sa.ForeignKeyConstraint(["pack_id"], ["pack.id"], name=op.f("fk_funktion_pack_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_funktion")),
        sa.UniqueConstraint("pack_id", "slug", name=op.f("uq_funktion_pack_id_slug")),
    )
    op.create_index(op.f("ix_funktion_huvudman_id"), "funktion", ["huvudman_id"], unique=False)
    op.create_index(op.f("ix_funktion_omrade_id"), "funktion", ["omrade_id"], unique=False)
    op.create_table(
        "avvikelse",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("ref", sa.String(length=16), nullable=False),
        sa.Column("number", sa.String(length=20), nullable=False),
        sa.Column("external_id", sa.String(length=60), nullable=True),
        sa.Column("idempotency_key", sa.String(length=64), nullable=True),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("pack_id", sa.Integer(), nullable=False),
        sa.Column(
            "channel",
            sa.Enum(
                "webb", "sip_snabb", "import", name="channel", native_enum=False, create_constraint=True, length=40
            ),
            nullable=False,
        ),
        sa.Column(
            "status",
            sa.Enum(
                "draft",
                "submitted",
                "assigned",
                "in_progress",
                "disputed",
                "with_group",
                "answered",
                "closed",
                name="status",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "outcome",
            sa.Enum(
                "answered",
                "solved_in_talk",
                "withdrawn",
                "not_taken_up",
                "merged",
                name="outcome",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column("reporter_user_id", sa.Integer(), nullable=True),
        sa.Column("reporter_named_to_chef", sa.Boolean(), nullable=False),
        sa.Column("sender_enhet_id", sa.Integer(), nullable=True),
        sa.Column("sender_kind", sa.String(length=40), nullable=False),
        sa.Column("counterpart_enhet_id", sa.Integer(), nullable=True),
        sa.Column("counterpart_huvudman_id", sa.Integer(), nullable=True),
        sa.Column("counterpart_kind", sa.String(length=40), nullable=True),
        sa.Column("counterpart_unknown", sa.Boolean(), nullable=False),
        sa.Column("receiver_enhet_id", sa.Integer(), nullable=True),
        sa.Column("receiver_kind", sa.String(length=40), nullable=True),
        sa.Column("kommunkod", sa.String(length=4), nullable=True),
        sa.Column("inside_huvudman", sa.Boolean(), nullable=False),
        sa.Column("occurred_on", sa.Date(), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("proposal", sa.Text(), nullable=True),
        sa.Column("masked_description", sa.Text(), nullable=True),
        sa.Column("category", sa.String(length=4), nullable=True),
        sa.Column("reported_category", sa.String(length=4), nullable=True),
        sa.Column("age_band", sa.String(length=8), nullable=True),
        sa.Column("tillstand", sa.String(length=40), nullable=True),
        sa.Column("niva", sa.SmallInteger(), nullable=True),
        sa.Column("severity", sa.SmallInteger(), nullable=False),
        sa.Column("possible_severity", sa.SmallInteger(), nullable=True),
        sa.Column(
            "extent",
            sa.Enum(
                "enstaka",
                "upprepad",
                "systematisk",
                name="extent",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column("child_waits", sa.Boolean(), nullable=False),
        sa.Column("family_coordinates", sa.Boolean(), nullable=False),
        sa.Column("managers_talked", sa.Boolean(), nullable=True),
        sa.Column("avtalspunkt_id", sa.Integer(), nullable=True),
        sa.Column("no_notice_given", sa.Boolean(), nullable=True),
        sa.Column("meeting_held", sa.Boolean(), nullable=True),
        sa.Column("immediate_action", sa.Text(), nullable=True),
        sa.Column("own_reference", sa.String(length=60), nullable=True),
        sa.Column("gruppmening", sa.String(length=200), nullable=True),
        sa.Column("gruppmening_approved_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("routing_rule", sa.String(length=40), nullable=True),
        sa.Column("routing_reason", sa.String(length=600), nullable=True),
        sa.Column("routing_contested", sa.Boolean(), nullable=False),
        sa.Column("vaxlingar", sa.SmallInteger(), nullable=False),
        sa.Column("returned", sa.Boolean(), nullable=False),
        sa.Column("nej_count", sa.SmallInteger(), nullable=False),
        sa.Column("joint", sa.Boolean(), nullable=False),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("first_received_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("status_since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("accepted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("first_answer_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("paused_since", sa.DateTime(timezone=True), nullable=True),
        sa.Column("paused_days", sa.SmallInteger(), nullable=False),
        sa.Column("status_paused_days", sa.SmallInteger(), nullable=False),
        sa.Column("due_clock", sa.String(length=20), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column(
            "not_taken_up_reason",
            sa.Enum(
                "dubblett",
                "uppgifter_saknas",
                "ej_samverkan",
                "test",
                "annat",
                name="not_taken_up_reason",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column("closing_text", sa.Text(), nullable=True),
        sa.Column("main_id", sa.Integer(), nullable=True),
        sa.Column("earlier_id", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "(status = 'closed') = (outcome IS NOT NULL)", name=op.f("ck_avvikelse_outcome_when_closed")
        ),
        sa.CheckConstraint("status <> 'closed' OR closing_text IS NOT NULL", name=op.f("ck_avvikelse_closing_text")),
        sa.CheckConstraint("status <> 'draft'", name=op.f("ck_avvikelse_no_draft")),
        sa.CheckConstraint("niva IS NULL OR niva BETWEEN 1 AND 4", name=op.f("ck_avvikelse_niva")),
        sa.CheckConstraint("severity BETWEEN 0 AND 4", name=op.f("ck_avvikelse_severity")),
        sa.CheckConstraint("vaxlingar >= 0 AND nej_count BETWEEN 0 AND 3", name=op.f("ck_avvikelse_counts")),
        sa.ForeignKeyConstraint(["avtalspunkt_id"], ["avtalspunkt.id"], name=op.f("fk_avvikelse_avtalspunkt_id")),
        sa.ForeignKeyConstraint(["counterpart_enhet_id"], ["enhet.id"], name=op.f("fk_avvikelse_counterpart_enhet_id")),
        sa.ForeignKeyConstraint(
            ["counterpart_huvudman_id"], ["huvudman.id"], name=op.f("fk_avvikelse_counterpart_huvudman_id")
        ),
        sa.ForeignKeyConstraint(["earlier_id"], ["avvikelse.id"], name=op.f("fk_avvikelse_earlier_id")),
        sa.ForeignKeyConstraint(["main_id"], ["avvikelse.id"], name=op.f("fk_avvikelse_main_id")),
        sa.ForeignKeyConstraint(["pack_id"], ["pack.id"], name=op.f("fk_avvikelse_pack_id")),
        sa.ForeignKeyConstraint(["receiver_enhet_id"], ["enhet.id"], name=op.f("fk_avvikelse_receiver_enhet_id")),
        sa.ForeignKeyConstraint(["reporter_user_id"], ["app_user.id"], name=op.f("fk_avvikelse_reporter_user_id")),
        sa.ForeignKeyConstraint(["sender_enhet_id"], ["enhet.id"], name=op.f("fk_avvikelse_sender_enhet_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_avvikelse")),
        sa.UniqueConstraint("external_id", name=op.f("uq_avvikelse_external_id")),
        sa.UniqueConstraint("idempotency_key", name=op.f("uq_avvikelse_idempotency_key")),
        sa.UniqueConstraint("number", name=op.f("uq_avvikelse_number")),
        sa.UniqueConstraint("ref", name=op.f("uq_avvikelse_ref")),
    )
    op.create_index("ix_avvikelse_open_due", "avvikelse", ["status", "due_on"], unique=False)
    op.create_index("ix_avvikelse_pack_submitted", "avvikelse", ["pack_id", "submitted_at"], unique=False)
    op.create_index(
        "ix_avvikelse_pair", "avvikelse", ["category", "sender_kind", "receiver_kind", "submitted_at"], unique=False
    )
    op.create_index("ix_avvikelse_reporter_submitted", "avvikelse", ["reporter_user_id", "submitted_at"], unique=False)
    op.create_index(op.f("ix_avvikelse_reporter_user_id"), "avvikelse", ["reporter_user_id"], unique=False)
    op.create_table(
        "contact_report",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("enhet_id", sa.Integer(), nullable=False),
        sa.Column("omrade_id", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by_user_id", sa.Integer(), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("done_by_user_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["created_by_user_id"], ["app_user.id"], name=op.f("fk_contact_report_created_by_user_id")
        ),
        sa.ForeignKeyConstraint(["done_by_user_id"], ["app_user.id"], name=op.f("fk_contact_report_done_by_user_id")),
        sa.ForeignKeyConstraint(["enhet_id"], ["enhet.id"], name=op.f("fk_contact_report_enhet_id")),
        sa.ForeignKeyConstraint(["omrade_id"], ["sekretessomrade.id"], name=op.f("fk_contact_report_omrade_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contact_report")),
    )
    op.create_index("ix_contact_report_enhet", "contact_report", ["enhet_id", "done_at"], unique=False)
    op.create_index("ix_contact_report_open", "contact_report", ["omrade_id", "done_at", "due_on"], unique=False)
    op.create_table(
        "enhet_kommun",
        sa.Column("enhet_id", sa.Integer(), nullable=False),
        sa.Column("kommunkod", sa.String(length=4), nullable=False),
        sa.ForeignKeyConstraint(["enhet_id"], ["enhet.id"], name=op.f("fk_enhet_kommun_enhet_id")),
        sa.PrimaryKeyConstraint("enhet_id", "kommunkod", name=op.f("pk_enhet_kommun")),
    )
    op.create_index("ix_enhet_kommun_kommun", "enhet_kommun", ["kommunkod", "enhet_id"], unique=False)
    op.create_table(
        "enhet_name",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("enhet_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=160), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=True),
        sa.Column("to_on", sa.Date(), nullable=False),
        sa.CheckConstraint("from_on IS NULL OR from_on <= to_on", name=op.f("ck_enhet_name_order")),
        sa.ForeignKeyConstraint(["enhet_id"], ["enhet.id"], name=op.f("fk_enhet_name_enhet_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_enhet_name")),
    )
    op.create_index(op.f("ix_enhet_name_enhet_id"), "enhet_name", ["enhet_id"], unique=False)
    op.create_table(
        "enhet_shared_with",
        sa.Column("enhet_id", sa.Integer(), nullable=False),
        sa.Column("huvudman_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["enhet_id"], ["enhet.id"], name=op.f("fk_enhet_shared_with_enhet_id")),
        sa.ForeignKeyConstraint(["huvudman_id"], ["huvudman.id"], name=op.f("fk_enhet_shared_with_huvudman_id")),
        sa.PrimaryKeyConstraint("enhet_id", "huvudman_id", name=op.f("pk_enhet_shared_with")),
    )
    op.create_table(
        "position",
        sa.Column("title", sa.String(length=160), nullable=False),
        sa.Column("enhet_id", sa.Integer(), nullable=True),
        sa.Column("organisation_id", sa.Integer(), nullable=True),
        sa.Column("substitute_id", sa.Integer(), nullable=True),
        sa.Column("vacant", sa.Boolean(), nullable=False),
        sa.Column("show_name", sa.Boolean(), nullable=False),
        sa.Column("active_to", sa.Date(), nullable=True),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("pack_id", sa.Integer(), nullable=False),
        sa.Column("slug", sa.String(length=80), nullable=False),
        sa.Column("imported", sa.JSON(), nullable=False),
        sa.CheckConstraint("(enhet_id IS NULL) <> (organisation_id IS NULL)", name=op.f("ck_position_one_place")),
        sa.CheckConstraint("substitute_id IS NULL OR substitute_id <> id", name=op.f("ck_position_not_own_substitute")),
        sa.ForeignKeyConstraint(["enhet_id"], ["enhet.id"], name=op.f("fk_position_enhet_id")),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name=op.f("fk_position_organisation_id")),
        sa.ForeignKeyConstraint(["pack_id"], ["pack.id"], name=op.f("fk_position_pack_id")),
        sa.ForeignKeyConstraint(["substitute_id"], ["position.id"], name=op.f("fk_position_substitute_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_position")),
        sa.UniqueConstraint("pack_id", "slug", name=op.f("uq_position_pack_id_slug")),
    )
    op.create_index(op.f("ix_position_enhet_id"), "position", ["enhet_id"], unique=False)
    op.create_index(op.f("ix_position_organisation_id"), "position", ["organisation_id"], unique=False)
    op.create_index(op.f("ix_position_substitute_id"), "position", ["substitute_id"], unique=False)
    op.create_table(
        "added_fact",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("avvikelse_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["avvikelse_id"], ["avvikelse.id"], name=op.f("fk_added_fact_avvikelse_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_added_fact")),
    )
    op.create_index(op.f("ix_added_fact_avvikelse_id"), "added_fact", ["avvikelse_id"], unique=False)
    op.create_table(
        "answer",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("avvikelse_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.SmallInteger(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "snabbsvar", "fyra_delar", "samtal", name="kind", native_enum=False, create_constraint=True, length=40
            ),
            nullable=False,
        ),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("written_by_user_id", sa.Integer(), nullable=True),
        sa.Column("omrade_id", sa.Integer(), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("what_happened", sa.Text(), nullable=True),
        sa.Column("what_now", sa.Text(), nullable=True),
        sa.Column("orsak", sa.Text(), nullable=True),
        sa.Column("atgard", sa.Text(), nullable=True),
        sa.Column("konsekvens", sa.Text(), nullable=True),
        sa.Column("uppfoljning", sa.Text(), nullable=True),
        sa.Column("talk_on", sa.Date(), nullable=True),
        sa.Column("to_reporter", sa.Text(), nullable=True),
        sa.Column(
            "orosanmalan",
            sa.Enum(
                "lamnad",
                "hittas_inte",
                "kan_inte",
                name="orosanmalan",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column("no_atgard_reason", sa.Text(), nullable=True),
        sa.Column("rated_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "rating",
            sa.Enum("ja", "delvis", "nej", name="rating", native_enum=False, create_constraint=True, length=40),
            nullable=True,
        ),
        sa.Column("rating_reason", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "kind <> 'fyra_delar' OR (orsak IS NOT NULL AND atgard IS NOT NULL AND konsekvens IS NOT NULL AND uppfoljning IS NOT NULL)",
            name=op.f("ck_answer_four_parts"),
        ),
        sa.CheckConstraint(
            "kind <> 'snabbsvar' OR (what_happened IS NOT NULL AND what_now IS NOT NULL)",
            name=op.f("ck_answer_quick_parts"),
        ),
        sa.CheckConstraint(
            "rating IS NULL OR rating <> 'nej' OR rating_reason IS NOT NULL", name=op.f("ck_answer_no_needs_reason")
        ),
        sa.ForeignKeyConstraint(["avvikelse_id"], ["avvikelse.id"], name=op.f("fk_answer_avvikelse_id")),
        sa.ForeignKeyConstraint(["omrade_id"], ["sekretessomrade.id"], name=op.f("fk_answer_omrade_id")),
        sa.ForeignKeyConstraint(["written_by_user_id"], ["app_user.id"], name=op.f("fk_answer_written_by_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_answer")),
        sa.UniqueConstraint("avvikelse_id", "version", name=op.f("uq_answer_avvikelse_id_version")),
    )
    op.create_table(
        "atgard",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("avvikelse_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=4), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("omrade_id", sa.Integer(), nullable=False),
        sa.Column("position_id", sa.Integer(), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column(
            "status",
            sa.Enum(
                "foreslagen",
                "beslutad",
                "inford",
                "uppfoljd",
                name="status",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("done_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["avvikelse_id"], ["avvikelse.id"], name=op.f("fk_atgard_avvikelse_id")),
        sa.ForeignKeyConstraint(["omrade_id"], ["sekretessomrade.id"], name=op.f("fk_atgard_omrade_id")),
        sa.ForeignKeyConstraint(["position_id"], ["position.id"], name=op.f("fk_atgard_position_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_atgard")),
    )
    op.create_index(op.f("ix_atgard_avvikelse_id"), "atgard", ["avvikelse_id"], unique=False)
    op.create_index("ix_atgard_due", "atgard", ["status", "due_on"], unique=False)
    op.create_table(
        "avvikelse_group",
        sa.Column("avvikelse_id", sa.Integer(), nullable=False),
        sa.Column("group_id", sa.Integer(), nullable=False),
        sa.Column("is_home", sa.Boolean(), nullable=False),
        sa.Column("reported_on", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(["avvikelse_id"], ["avvikelse.id"], name=op.f("fk_avvikelse_group_avvikelse_id")),
        sa.ForeignKeyConstraint(["group_id"], ["samverkansgrupp.id"], name=op.f("fk_avvikelse_group_group_id")),
        sa.PrimaryKeyConstraint("avvikelse_id", "group_id", name=op.f("pk_avvikelse_group")),
    )
    op.create_index("ix_avvikelse_group_month", "avvikelse_group", ["group_id", "reported_on"], unique=False)
    op.create_table(
        "group_question",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("ref", sa.String(length=16), nullable=False),
        sa.Column("avvikelse_id", sa.Integer(), nullable=False),
        sa.Column("group_id", sa.Integer(), nullable=True),
        sa.Column(
            "kind",
            sa.Enum("lyft", "ansvarslucka", name="kind", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("raised_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("raised_by_user_id", sa.Integer(), nullable=True),
        sa.Column("approved_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "status",
            sa.Enum("open", "decided", "declined", name="status", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("decision", sa.Text(), nullable=True),
        sa.Column("decision_owner", sa.String(length=120), nullable=True),
        sa.Column("decision_due_on", sa.Date(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "status <> 'decided' OR (decision IS NOT NULL AND decided_at IS NOT NULL)",
            name=op.f("ck_group_question_decided_has_text"),
        ),
        sa.ForeignKeyConstraint(["avvikelse_id"], ["avvikelse.id"], name=op.f("fk_group_question_avvikelse_id")),
        sa.ForeignKeyConstraint(["group_id"], ["samverkansgrupp.id"], name=op.f("fk_group_question_group_id")),
        sa.ForeignKeyConstraint(
            ["raised_by_user_id"], ["app_user.id"], name=op.f("fk_group_question_raised_by_user_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_group_question")),
        sa.UniqueConstraint("ref", name=op.f("uq_group_question_ref")),
    )
    op.create_index(op.f("ix_group_question_avvikelse_id"), "group_question", ["avvikelse_id"], unique=False)
    op.create_index("ix_group_question_desk", "group_question", ["group_id", "status", "raised_at"], unique=False)
    op.create_table(
        "investigation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("avvikelse_id", sa.Integer(), nullable=False),
        sa.Column("omrade_id", sa.Integer(), nullable=False),
        sa.Column("factors", sa.JSON(), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["avvikelse_id"], ["avvikelse.id"], name=op.f("fk_investigation_avvikelse_id")),
        sa.ForeignKeyConstraint(["omrade_id"], ["sekretessomrade.id"], name=op.f("fk_investigation_omrade_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_investigation")),
        sa.UniqueConstraint("avvikelse_id", "omrade_id", name=op.f("uq_investigation_avvikelse_id_omrade_id")),
    )
    op.create_table(
        "note",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("avvikelse_id", sa.Integer(), nullable=False),
        sa.Column("omrade_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_user_id", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["avvikelse_id"], ["avvikelse.id"], name=op.f("fk_note_avvikelse_id")),
        sa.ForeignKeyConstraint(["by_user_id"], ["app_user.id"], name=op.f("fk_note_by_user_id")),
        sa.ForeignKeyConstraint(["omrade_id"], ["sekretessomrade.id"], name=op.f("fk_note_omrade_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_note")),
    )
    op.create_index("ix_note_case", "note", ["avvikelse_id", "omrade_id"], unique=False)
    op.create_table(
        "outbox",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("dedup_key", sa.String(length=200), nullable=False),
        sa.Column("notice", sa.String(length=40), nullable=False),
        sa.Column("recipient_user_id", sa.Integer(), nullable=True),
        sa.Column("recipient_mailbox", sa.String(length=254), nullable=True),
        sa.Column("avvikelse_id", sa.Integer(), nullable=True),
        sa.Column("params", sa.JSON(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("next_try_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("claimed_by", sa.String(length=120), nullable=True),
        sa.Column("claimed_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("attempts", sa.SmallInteger(), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("dropped_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("failed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_error", sa.String(length=80), nullable=True),
        sa.CheckConstraint("(claimed_by IS NULL) = (claimed_until IS NULL)", name=op.f("ck_outbox_claim")),
        sa.CheckConstraint(
            "(recipient_user_id IS NULL) <> (recipient_mailbox IS NULL)", name=op.f("ck_outbox_one_recipient")
        ),
        sa.CheckConstraint(
            "next_try_at IS NULL OR (sent_at IS NULL AND dropped_at IS NULL)", name=op.f("ck_outbox_done_is_done")
        ),
        sa.ForeignKeyConstraint(["avvikelse_id"], ["avvikelse.id"], name=op.f("fk_outbox_avvikelse_id")),
        sa.ForeignKeyConstraint(["recipient_user_id"], ["app_user.id"], name=op.f("fk_outbox_recipient_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbox")),
        sa.UniqueConstraint("dedup_key", name=op.f("uq_outbox_dedup_key")),
    )
    op.create_index(op.f("ix_outbox_avvikelse_id"), "outbox", ["avvikelse_id"], unique=False)
    op.create_index(
        "ix_outbox_due",
        "outbox",
        ["next_try_at"],
        unique=False,
        sqlite_where=sa.text("next_try_at IS NOT NULL"),
        postgresql_where=sa.text("next_try_at IS NOT NULL"),
    )
    op.create_index(
        "ix_outbox_failed",
        "outbox",
        ["failed_at"],
        unique=False,
        sqlite_where=sa.text("failed_at IS NOT NULL"),
        postgresql_where=sa.text("failed_at IS NOT NULL"),
    )
    op.create_table(
        "outside_contact",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("avvikelse_id", sa.Integer(), nullable=False),
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("omrade_id", sa.Integer(), nullable=False),
        sa.Column(
            "as_role",
            sa.Enum(
                "rapportor",
                "samordnare",
                "chef",
                "handlaggare",
                "sammankallande",
                "medlem",
                "sip_samordnare",
                "revisor",
                "loggranskare",
                "administrator",
                name="as_role",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "outcome",
            sa.Enum(
                "klarlagt",
                "samtycke_saknas",
                "gick_inte",
                name="outcome",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(["avvikelse_id"], ["avvikelse.id"], name=op.f("fk_outside_contact_avvikelse_id")),
        sa.ForeignKeyConstraint(["omrade_id"], ["sekretessomrade.id"], name=op.f("fk_outside_contact_omrade_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outside_contact")),
    )
    op.create_index(op.f("ix_outside_contact_avvikelse_id"), "outside_contact", ["avvikelse_id"], unique=False)
    op.create_table(
        "own_process",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("avvikelse_id", sa.Integer(), nullable=False),
        sa.Column("omrade_id", sa.Integer(), nullable=False),
        sa.Column(
            "process",
            sa.Enum(
                "lex_sarah",
                "lex_maria",
                "orosanmalan",
                "klagomal",
                "personuppgiftsincident",
                "arbetsmiljo",
                name="process",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["avvikelse_id"], ["avvikelse.id"], name=op.f("fk_own_process_avvikelse_id")),
        sa.ForeignKeyConstraint(["omrade_id"], ["sekretessomrade.id"], name=op.f("fk_own_process_omrade_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_own_process")),
        sa.UniqueConstraint(
            "avvikelse_id", "omrade_id", "process", name=op.f("uq_own_process_avvikelse_id_omrade_id_process")
        ),
    )
    op.create_index(op.f("ix_own_process_avvikelse_id"), "own_process", ["avvikelse_id"], unique=False)
    op.create_table(
        "party",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("avvikelse_id", sa.Integer(), nullable=False),
        sa.Column(
            "side",
            sa.Enum("sender", "owner", "former", name="side", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("omrade_id", sa.Integer(), nullable=False),
        sa.Column("enhet_id", sa.Integer(), nullable=True),
        sa.Column("position_id", sa.Integer(), nullable=True),
        sa.Column("funktion_id", sa.Integer(), nullable=True),
        sa.Column("handler_user_id", sa.Integer(), nullable=True),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("open", sa.Boolean(), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "draft",
                "submitted",
                "assigned",
                "in_progress",
                "disputed",
                "with_group",
                "answered",
                "closed",
                name="status",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("reminded_for", sa.Date(), nullable=True),
        sa.CheckConstraint("(side = 'former') = (until IS NOT NULL)", name=op.f("ck_party_former_has_end")),
        sa.ForeignKeyConstraint(["avvikelse_id"], ["avvikelse.id"], name=op.f("fk_party_avvikelse_id")),
        sa.ForeignKeyConstraint(["enhet_id"], ["enhet.id"], name=op.f("fk_party_enhet_id")),
        sa.ForeignKeyConstraint(["funktion_id"], ["funktion.id"], name=op.f("fk_party_funktion_id")),
        sa.ForeignKeyConstraint(["handler_user_id"], ["app_user.id"], name=op.f("fk_party_handler_user_id")),
        sa.ForeignKeyConstraint(["omrade_id"], ["sekretessomrade.id"], name=op.f("fk_party_omrade_id")),
        sa.ForeignKeyConstraint(["position_id"], ["position.id"], name=op.f("fk_party_position_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_party")),
    )
    op.create_index(op.f("ix_party_avvikelse_id"), "party", ["avvikelse_id"], unique=False)
    op.create_index("ix_party_due", "party", ["side", "open", "due_on"], unique=False)
    op.create_index(
        "ix_party_enhet_list", "party", ["enhet_id", "side", "open", "due_on", "avvikelse_id"], unique=False
    )
    op.create_index("ix_party_handler_list", "party", ["handler_user_id", "open", "due_on"], unique=False)
    op.create_index(
        "ix_party_omrade_list", "party", ["omrade_id", "side", "open", "due_on", "avvikelse_id"], unique=False
    )
    op.create_index(
        "ix_party_position_list", "party", ["position_id", "side", "open", "due_on", "avvikelse_id"], unique=False
    )
    op.create_table(
        "position_absence",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("position_id", sa.Integer(), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("to_on", sa.Date(), nullable=False),
        sa.CheckConstraint("from_on <= to_on", name=op.f("ck_position_absence_order")),
        sa.ForeignKeyConstraint(["position_id"], ["position.id"], name=op.f("fk_position_absence_position_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_position_absence")),
    )
    op.create_index("ix_position_absence_days", "position_absence", ["position_id", "to_on"], unique=False)
    op.create_table(
        "question",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("avvikelse_id", sa.Integer(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("asked_by_user_id", sa.Integer(), nullable=False),
        sa.Column(
            "asked_as",
            sa.Enum(
                "rapportor",
                "samordnare",
                "chef",
                "handlaggare",
                "sammankallande",
                "medlem",
                "sip_samordnare",
                "revisor",
                "loggranskare",
                "administrator",
                name="asked_as",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("omrade_id", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answer", sa.Text(), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["asked_by_user_id"], ["app_user.id"], name=op.f("fk_question_asked_by_user_id")),
        sa.ForeignKeyConstraint(["avvikelse_id"], ["avvikelse.id"], name=op.f("fk_question_avvikelse_id")),
        sa.ForeignKeyConstraint(["omrade_id"], ["sekretessomrade.id"], name=op.f("fk_question_omrade_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_question")),
    )
    op.create_index(op.f("ix_question_avvikelse_id"), "question", ["avvikelse_id"], unique=False)
    op.create_index("ix_question_open", "question", ["closed_at", "asked_at"], unique=False)
    op.create_table(
        "record_entry",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("avvikelse_id", sa.Integer(), nullable=False),
        sa.Column("omrade_id", sa.Integer(), nullable=False),
        sa.Column("registered_on", sa.Date(), nullable=False),
        sa.Column("diarienummer", sa.String(length=40), nullable=True),
        sa.ForeignKeyConstraint(["avvikelse_id"], ["avvikelse.id"], name=op.f("fk_record_entry_avvikelse_id")),
        sa.ForeignKeyConstraint(["omrade_id"], ["sekretessomrade.id"], name=op.f("fk_record_entry_omrade_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_record_entry")),
        sa.UniqueConstraint("avvikelse_id", "omrade_id", name=op.f("uq_record_entry_avvikelse_id_omrade_id")),
    )
    op.create_index(op.f("ix_record_entry_avvikelse_id"), "record_entry", ["avvikelse_id"], unique=False)
    op.create_index("ix_record_entry_list", "record_entry", ["omrade_id", "registered_on"], unique=False)
    op.create_table(
        "role_assignment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column(
            "role",
            sa.Enum(
                "rapportor",
                "samordnare",
                "chef",
                "handlaggare",
                "sammankallande",
                "medlem",
                "sip_samordnare",
                "revisor",
                "loggranskare",
                "administrator",
                name="role",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("omrade_id", sa.Integer(), nullable=True),
        sa.Column("enhet_id", sa.Integer(), nullable=True),
        sa.Column("position_id", sa.Integer(), nullable=True),
        sa.Column("group_id", sa.Integer(), nullable=True),
        sa.Column("huvudman_id", sa.Integer(), nullable=True),
        sa.Column("pack_id", sa.Integer(), nullable=True),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("granted_by_user_id", sa.Integer(), nullable=True),
        sa.Column("granted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reason", sa.String(length=200), nullable=True),
        sa.Column("revoked_by_user_id", sa.Integer(), nullable=True),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(role = 'rapportor' AND enhet_id IS NOT NULL AND omrade_id IS NULL AND position_id IS NULL AND group_id IS NULL AND huvudman_id IS NULL AND pack_id IS NULL) OR (role = 'samordnare' AND omrade_id IS NOT NULL AND enhet_id IS NULL AND position_id IS NULL AND group_id IS NULL AND huvudman_id IS NULL AND pack_id IS NULL) OR (role = 'chef' AND position_id IS NOT NULL AND omrade_id IS NULL AND enhet_id IS NULL AND group_id IS NULL AND huvudman_id IS NULL AND pack_id IS NULL) OR (role = 'handlaggare' AND enhet_id IS NOT NULL AND omrade_id IS NULL AND position_id IS NULL AND group_id IS NULL AND huvudman_id IS NULL AND pack_id IS NULL) OR (role = 'sammankallande' AND group_id IS NOT NULL AND omrade_id IS NULL AND enhet_id IS NULL AND position_id IS NULL AND huvudman_id IS NULL AND pack_id IS NULL) OR (role = 'medlem' AND group_id IS NOT NULL AND omrade_id IS NULL AND enhet_id IS NULL AND position_id IS NULL AND huvudman_id IS NULL AND pack_id IS NULL) OR (role = 'sip_samordnare' AND huvudman_id IS NOT NULL AND omrade_id IS NULL AND enhet_id IS NULL AND position_id IS NULL AND group_id IS NULL AND pack_id IS NULL) OR (role = 'revisor' AND pack_id IS NOT NULL AND omrade_id IS NULL AND enhet_id IS NULL AND position_id IS NULL AND group_id IS NULL AND huvudman_id IS NULL) OR (role = 'loggranskare' AND omrade_id IS NOT NULL AND enhet_id IS NULL AND position_id IS NULL AND group_id IS NULL AND huvudman_id IS NULL AND pack_id IS NULL) OR (role = 'administrator' AND omrade_id IS NULL AND enhet_id IS NULL AND position_id IS NULL AND group_id IS NULL AND pack_id IS NULL)",
            name=op.f("ck_role_assignment_scope"),
        ),
        sa.CheckConstraint("role <> 'revisor' OR valid_to IS NOT NULL", name=op.f("ck_role_assignment_revisor_ends")),
        sa.ForeignKeyConstraint(["enhet_id"], ["enhet.id"], name=op.f("fk_role_assignment_enhet_id")),
        sa.ForeignKeyConstraint(
            ["granted_by_user_id"], ["app_user.id"], name=op.f("fk_role_assignment_granted_by_user_id")
        ),
        sa.ForeignKeyConstraint(["group_id"], ["samverkansgrupp.id"], name=op.f("fk_role_assignment_group_id")),
        sa.ForeignKeyConstraint(["huvudman_id"], ["huvudman.id"], name=op.f("fk_role_assignment_huvudman_id")),
        sa.ForeignKeyConstraint(["omrade_id"], ["sekretessomrade.id"], name=op.f("fk_role_assignment_omrade_id")),
        sa.ForeignKeyConstraint(["pack_id"], ["pack.id"], name=op.f("fk_role_assignment_pack_id")),
        sa.ForeignKeyConstraint(["position_id"], ["position.id"], name=op.f("fk_role_assignment_position_id")),
        sa.ForeignKeyConstraint(
            ["revoked_by_user_id"], ["app_user.id"], name=op.f("fk_role_assignment_revoked_by_user_id")
        ),
        sa.ForeignKeyConstraint(["user_id"], ["app_user.id"], name=op.f("fk_role_assignment_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_role_assignment")),
    )
    op.create_index(op.f("ix_role_assignment_enhet_id"), "role_assignment", ["enhet_id"], unique=False)
    op.create_index(op.f("ix_role_assignment_group_id"), "role_assignment", ["group_id"], unique=False)
    op.create_index(op.f("ix_role_assignment_omrade_id"), "role_assignment", ["omrade_id"], unique=False)
    op.create_index(op.f("ix_role_assignment_position_id"), "role_assignment", ["position_id"], unique=False)
    op.create_index(op.f("ix_role_assignment_user_id"), "role_assignment", ["user_id"], unique=False)
    op.create_table(
        "search_document",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("avvikelse_id", sa.Integer(), nullable=False),
        sa.Column("omrade_id", sa.Integer(), nullable=True),
        sa.Column("stems", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["avvikelse_id"], ["avvikelse.id"], name=op.f("fk_search_document_avvikelse_id")),
        sa.ForeignKeyConstraint(["omrade_id"], ["sekretessomrade.id"], name=op.f("fk_search_document_omrade_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_search_document")),
    )
    op.create_index("ix_search_document_case", "search_document", ["avvikelse_id", "omrade_id"], unique=False)
    op.create_table(
        "talk",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("avvikelse_id", sa.Integer(), nullable=False),
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("proposed_by_user_id", sa.Integer(), nullable=False),
        sa.Column("by_sender", sa.Boolean(), nullable=False),
        sa.Column("omrade_id", sa.Integer(), nullable=False),
        sa.Column("talk_on", sa.Date(), nullable=False),
        sa.Column("agreed", sa.Text(), nullable=False),
        sa.Column("to_reporter", sa.Text(), nullable=False),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("confirmed_by_user_id", sa.Integer(), nullable=True),
        sa.Column("rejected_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["avvikelse_id"], ["avvikelse.id"], name=op.f("fk_talk_avvikelse_id")),
        sa.ForeignKeyConstraint(["confirmed_by_user_id"], ["app_user.id"], name=op.f("fk_talk_confirmed_by_user_id")),
        sa.ForeignKeyConstraint(["omrade_id"], ["sekretessomrade.id"], name=op.f("fk_talk_omrade_id")),
        sa.ForeignKeyConstraint(["proposed_by_user_id"], ["app_user.id"], name=op.f("fk_talk_proposed_by_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_talk")),
    )
    op.create_index(op.f("ix_talk_avvikelse_id"), "talk", ["avvikelse_id"], unique=False)
    op.create_table(
        "transfer",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("avvikelse_id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "assigned", "handed_over", "declined", name="kind", native_enum=False, create_constraint=True, length=40
            ),
            nullable=False,
        ),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("from_omrade_id", sa.Integer(), nullable=True),
        sa.Column("from_enhet_id", sa.Integer(), nullable=True),
        sa.Column("from_position_id", sa.Integer(), nullable=True),
        sa.Column("to_omrade_id", sa.Integer(), nullable=False),
        sa.Column("to_enhet_id", sa.Integer(), nullable=True),
        sa.Column("to_position_id", sa.Integer(), nullable=True),
        sa.Column("crosses", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("avtalspunkt_id", sa.Integer(), nullable=True),
        sa.Column("proposed_enhet_id", sa.Integer(), nullable=True),
        sa.Column("by_user_id", sa.Integer(), nullable=True),
        sa.Column("accepted_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["avtalspunkt_id"], ["avtalspunkt.id"], name=op.f("fk_transfer_avtalspunkt_id")),
        sa.ForeignKeyConstraint(["avvikelse_id"], ["avvikelse.id"], name=op.f("fk_transfer_avvikelse_id")),
        sa.ForeignKeyConstraint(["by_user_id"], ["app_user.id"], name=op.f("fk_transfer_by_user_id")),
        sa.ForeignKeyConstraint(["from_enhet_id"], ["enhet.id"], name=op.f("fk_transfer_from_enhet_id")),
        sa.ForeignKeyConstraint(["from_omrade_id"], ["sekretessomrade.id"], name=op.f("fk_transfer_from_omrade_id")),
        sa.ForeignKeyConstraint(["from_position_id"], ["position.id"], name=op.f("fk_transfer_from_position_id")),
        sa.ForeignKeyConstraint(["proposed_enhet_id"], ["enhet.id"], name=op.f("fk_transfer_proposed_enhet_id")),
        sa.ForeignKeyConstraint(["to_enhet_id"], ["enhet.id"], name=op.f("fk_transfer_to_enhet_id")),
        sa.ForeignKeyConstraint(["to_omrade_id"], ["sekretessomrade.id"], name=op.f("fk_transfer_to_omrade_id")),
        sa.ForeignKeyConstraint(["to_position_id"], ["position.id"], name=op.f("fk_transfer_to_position_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_transfer")),
    )
    op.create_index(op.f("ix_transfer_avvikelse_id"), "transfer", ["avvikelse_id"], unique=False)
    op.create_table(
        "commitment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("avvikelse_id", sa.Integer(), nullable=False),
        sa.Column("party_id", sa.Integer(), nullable=False),
        sa.Column("omrade_id", sa.Integer(), nullable=False),
        sa.Column("who", sa.String(length=120), nullable=False),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("when_on", sa.Date(), nullable=False),
        sa.Column("agreed", sa.Boolean(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["avvikelse_id"], ["avvikelse.id"], name=op.f("fk_commitment_avvikelse_id")),
        sa.ForeignKeyConstraint(["omrade_id"], ["sekretessomrade.id"], name=op.f("fk_commitment_omrade_id")),
        sa.ForeignKeyConstraint(["party_id"], ["party.id"], name=op.f("fk_commitment_party_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_commitment")),
        sa.UniqueConstraint("avvikelse_id", "party_id", name=op.f("uq_commitment_avvikelse_id_party_id")),
    )

    dialect = op.get_bind().dialect.name
    op.execute(AUDIT_HEAD_ROW)
    for statement in (*AUDIT_TRIGGERS[dialect], *SEARCH_DDL[dialect]):
        op.execute(statement)


def downgrade() -> None:
    dialect = op.get_bind().dialect.name
    for statement in SEARCH_DROP[dialect]:
        op.execute(statement)
    op.drop_table("commitment")
    op.drop_index(op.f("ix_transfer_avvikelse_id"), table_name="transfer")
    op.drop_table("transfer")
    op.drop_index(op.f("ix_talk_avvikelse_id"), table_name="talk")
    op.drop_table("talk")
    op.drop_index("ix_search_document_case", table_name="search_document")
    op.drop_table("search_document")
    op.drop_index(op.f("ix_role_assignment_user_id"), table_name="role_assignment")
    op.drop_index(op.f("ix_role_assignment_position_id"), table_name="role_assignment")
    op.drop_index(op.f("ix_role_assignment_omrade_id"), table_name="role_assignment")
    op.drop_index(op.f("ix_role_assignment_group_id"), table_name="role_assignment")
    op.drop_index(op.f("ix_role_assignment_enhet_id"), table_name="role_assignment")
    op.drop_table("role_assignment")
    op.drop_index("ix_record_entry_list", table_name="record_entry")
    op.drop_index(op.f("ix_record_entry_avvikelse_id"), table_name="record_entry")
    op.drop_table("record_entry")
    op.drop_index("ix_question_open", table_name="question")
    op.drop_index(op.f("ix_question_avvikelse_id"), table_name="question")
    op.drop_table("question")
    op.drop_index("ix_position_absence_days", table_name="position_absence")
    op.drop_table("position_absence")
    op.drop_index("ix_party_position_list", table_name="party")
    op.drop_index("ix_party_omrade_list", table_name="party")
    op.drop_index("ix_party_handler_list", table_name="party")
    op.drop_index("ix_party_enhet_list", table_name="party")
    op.drop_index("ix_party_due", table_name="party")
    op.drop_index(op.f("ix_party_avvikelse_id"), table_name="party")
    op.drop_table("party")
    op.drop_index(op.f("ix_own_process_avvikelse_id"), table_name="own_process")
    op.drop_table("own_process")
    op.drop_index(op.f("ix_outside_contact_avvikelse_id"), table_name="outside_contact")
    op.drop_table("outside_contact")
    op.drop_index(
        "ix_outbox_failed",
        table_name="outbox",
        sqlite_where=sa.text("failed_at IS NOT NULL"),
        postgresql_where=sa.text("failed_at IS NOT NULL"),
    )
    op.drop_index(
        "ix_outbox_due",
        table_name="outbox",
        sqlite_where=sa.text("next_try_at IS NOT NULL"),
        postgresql_where=sa.text("next_try_at IS NOT NULL"),
    )
    op.drop_index(op.f("ix_outbox_avvikelse_id"), table_name="outbox")
    op.drop_table("outbox")
    op.drop_index("ix_note_case", table_name="note")
    op.drop_table("note")
    op.drop_table("investigation")
    op.drop_index("ix_group_question_desk", table_name="group_question")
    op.drop_index(op.f("ix_group_question_avvikelse_id"), table_name="group_question")
    op.drop_table("group_question")
    op.drop_index("ix_avvikelse_group_month", table_name="avvikelse_group")
    op.drop_table("avvikelse_group")
    op.drop_index("ix_atgard_due", table_name="atgard")
    op.drop_index(op.f("ix_atgard_avvikelse_id"), table_name="atgard")
    op.drop_table("atgard")
    op.drop_table("answer")
    op.drop_index(op.f("ix_added_fact_avvikelse_id"), table_name="added_fact")
    op.drop_table("added_fact")
    op.drop_index(op.f("ix_position_substitute_id"), table_name="position")
    op.drop_index(op.f("ix_position_organisation_id"), table_name="position")
    op.drop_index(op.f("ix_position_enhet_id"), table_name="position")
    op.drop_table("position")
    op.drop_table("enhet_shared_with")
    op.drop_index(op.f("ix_enhet_name_enhet_id"), table_name="enhet_name")
    op.drop_table("enhet_name")
    op.drop_index("ix_enhet_kommun_kommun", table_name="enhet_kommun")
    op.drop_table("enhet_kommun")
    op.drop_index("ix_contact_report_open", table_name="contact_report")
    op.drop_index("ix_contact_report_enhet", table_name="contact_report")
    op.drop_table("contact_report")
    op.drop_index(op.f("ix_avvikelse_reporter_user_id"), table_name="avvikelse")
    op.drop_index("ix_avvikelse_reporter_submitted", table_name="avvikelse")
    op.drop_index("ix_avvikelse_pair", table_name="avvikelse")
    op.drop_index("ix_avvikelse_pack_submitted", table_name="avvikelse")
    op.drop_index("ix_avvikelse_open_due", table_name="avvikelse")
    op.drop_table("avvikelse")
    op.drop_index(op.f("ix_funktion_omrade_id"), table_name="funktion")
    op.drop_index(op.f("ix_funktion_huvudman_id"), table_name="funktion")
    op.drop_table("funktion")
    op.drop_index("ix_enhet_pack_kind", table_name="enhet")
    op.drop_index(op.f("ix_enhet_organisation_id"), table_name="enhet")
    op.drop_index(op.f("ix_enhet_omrade_id"), table_name="enhet")
    op.drop_index(op.f("ix_enhet_huvudman_id"), table_name="enhet")
    op.drop_table("enhet")
    op.drop_index(op.f("ix_sekretessomrade_huvudman_id"), table_name="sekretessomrade")
    op.drop_table("sekretessomrade")
    op.drop_index(op.f("ix_organisation_huvudman_id"), table_name="organisation")
    op.drop_table("organisation")
    op.drop_table("month_summary")
    op.drop_index(op.f("ix_avtalspunkt_avtal_id"), table_name="avtalspunkt")
    op.drop_table("avtalspunkt")
    op.drop_index(op.f("ix_user_session_user_id"), table_name="user_session")
    op.drop_index(op.f("ix_user_session_expires_at"), table_name="user_session")
    op.drop_table("user_session")
    op.drop_index(op.f("ix_samverkansgrupp_parent_id"), table_name="samverkansgrupp")
    op.drop_table("samverkansgrupp")
    op.drop_index("ix_routing_override_rule", table_name="routing_override")
    op.drop_table("routing_override")
    op.drop_table("reporting_duty")
    op.drop_index(op.f("ix_report_draft_user_id"), table_name="report_draft")
    op.drop_table("report_draft")
    op.drop_index(op.f("ix_password_reset_user_id"), table_name="password_reset")
    op.drop_table("password_reset")
    op.drop_table("number_series")
    op.drop_table("matrix_cell")
    op.drop_table("limit_setting")
    op.drop_index(op.f("ix_invitation_email"), table_name="invitation")
    op.drop_table("invitation")
    op.drop_table("huvudman")
    op.drop_table("avtal")
    op.drop_index("ix_throttle_window", table_name="throttle")
    op.drop_table("throttle")
    op.drop_table("pack")
    op.drop_index("ix_job_run_latest", table_name="job_run")
    op.drop_table("job_run")
    op.drop_table("job_lease")
    op.drop_table("audit_head")
    op.drop_index("ix_audit_event_user", table_name="audit_event")
    op.drop_index(
        "ix_audit_event_timeline",
        table_name="audit_event",
        sqlite_where=sa.text("on_timeline"),
        postgresql_where=sa.text("on_timeline"),
    )
    op.drop_index("ix_audit_event_omrade", table_name="audit_event")
    op.drop_table("audit_event")
    op.drop_table("app_user")

    for statement in AUDIT_DROP[dialect]:
        op.execute(statement)
