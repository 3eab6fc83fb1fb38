"""The group's desk: decisions of their own with what became of them, questions with approvals, meetings with agenda and attendance,
places and mandates, problem types with candidates, händelsebeskrivningar, and the board's figures.

A decision that stood on its question gets a row of its own, published (it was read by everybody who could open the case). The
packs' members become places.

Revision ID: 0008
Revises: 0007
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from migrations.closed_list import ClosedList

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

_KINDS = ("lyft", "ansvarslucka", "forslag", "tystnad")
_STATUSES = ("open", "decided", "declined")
LISTS = (
    ClosedList("group_question", "kind", "kind", _KINDS, (*_KINDS, "tema", "kvarstar"), instead="lyft"),
    ClosedList(
        "group_question",
        "status",
        "status",
        _STATUSES,
        ("open", "decided", "answered", "lifted", "declined"),
        instead="open",
    ),
)
NEW_TABLES = (
    "board_figures",
    "group_mandate",
    "group_meeting",
    "group_seat",
    "problem_type",
    "agenda_item",
    "attendance",
    "group_decision",
    "theme_candidate",
    "decision_event",
    "decision_unit",
    "decision_case",
    "learning_story",
    "problem_type_case",
    "theme_candidate_case",
    "story_approval",
)  # children last

MOVE_DECISIONS = """
INSERT INTO group_decision (ref, group_id, text, owner, due_on, decided_at, status, carried, publish_by, published_at, version_id)
SELECT ref, group_id, decision, COALESCE(decision_owner, 'Gruppen'), COALESCE(decision_due_on, {day}), decided_at, 'open', 0, {day}, decided_at, 1
FROM group_question WHERE decision IS NOT NULL AND decided_at IS NOT NULL AND group_id IS NOT NULL
"""
POINT_AT_THEM = "UPDATE group_question SET decision_id = (SELECT id FROM group_decision WHERE group_decision.ref = group_question.ref)"
CASES_BEHIND = """
INSERT INTO decision_case (decision_id, avvikelse_id)
SELECT decision_id, avvikelse_id FROM group_question WHERE decision_id IS NOT NULL AND avvikelse_id IS NOT NULL
"""
FIRST_EVENT = """
INSERT INTO decision_event (decision_id, at, step, owner, due_on) SELECT id, decided_at, 'taken', owner, due_on FROM group_decision
"""
MOVE_BACK = """
UPDATE group_question SET (decision, decision_owner, decision_due_on, decided_at) =
(SELECT text, owner, due_on, decided_at FROM group_decision WHERE group_decision.id = group_question.decision_id)
WHERE decision_id IS NOT NULL
"""


def upgrade() -> None:
    op.create_table(
        "board_figures",
        sa.Column("pack_id", sa.Integer(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["pack_id"], ["pack.id"], name=op.f("fk_board_figures_pack_id")),
        sa.PrimaryKeyConstraint("pack_id", name=op.f("pk_board_figures")),
    )
    op.create_table(
        "group_mandate",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("group_id", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("decided_by", sa.String(length=120), nullable=False),
        sa.Column("decided_on", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["group_id"], ["samverkansgrupp.id"], name=op.f("fk_group_mandate_group_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_group_mandate")),
    )
    with op.batch_alter_table("group_mandate") as batch:
        batch.create_index(op.f("ix_group_mandate_group_id"), ["group_id"])

    op.create_table(
        "group_meeting",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("ref", sa.String(length=16), nullable=False),
        sa.Column("group_id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "ordinarie", "extra", "uppfoljning", name="kind", native_enum=False, create_constraint=True, length=40
            ),
            nullable=False,
        ),
        sa.Column("meets_on", sa.Date(), nullable=False),
        sa.Column("clock", sa.String(length=5), nullable=True),
        sa.Column("place", sa.String(length=160), nullable=True),
        sa.Column(
            "status",
            sa.Enum(
                "planned",
                "open",
                "closed",
                "cancelled",
                name="status",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("cancel_reason", sa.String(length=300), nullable=True),
        sa.Column("invited", sa.String(length=160), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("minutes", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("minutes_published_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(status = 'closed') = (closed_at IS NOT NULL)", name=op.f("ck_group_meeting_closed_has_time")
        ),
        sa.CheckConstraint(
            "status <> 'cancelled' OR cancel_reason IS NOT NULL", name=op.f("ck_group_meeting_cancelled_has_reason")
        ),
        sa.CheckConstraint(
            "(minutes IS NULL) = (minutes_published_at IS NULL)", name=op.f("ck_group_meeting_minutes_have_time")
        ),
        sa.ForeignKeyConstraint(["group_id"], ["samverkansgrupp.id"], name=op.f("fk_group_meeting_group_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_group_meeting")),
        sa.UniqueConstraint("group_id", "meets_on", name=op.f("uq_group_meeting_group_id_meets_on")),
        sa.UniqueConstraint("ref", name=op.f("uq_group_meeting_ref")),
    )
    op.create_table(
        "group_seat",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("group_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=160), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "ledamot",
                "adjungerad",
                "brukarorganisation",
                name="kind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("unit_kind", sa.String(length=40), nullable=True),
        sa.Column("convenes", sa.Boolean(), nullable=False),
        sa.Column("vacant", sa.Boolean(), nullable=False),
        sa.Column("term_from", sa.Date(), nullable=True),
        sa.Column("term_to", sa.Date(), nullable=True),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column("imported_as", sa.String(length=160), nullable=True),
        sa.CheckConstraint(
            "term_from IS NULL OR term_to IS NULL OR term_from <= term_to", name=op.f("ck_group_seat_term_order")
        ),
        sa.ForeignKeyConstraint(["group_id"], ["samverkansgrupp.id"], name=op.f("fk_group_seat_group_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_group_seat")),
    )
    with op.batch_alter_table("group_seat") as batch:
        batch.create_index(op.f("ix_group_seat_group_id"), ["group_id"])

    op.create_table(
        "problem_type",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("ref", sa.String(length=16), nullable=False),
        sa.Column("group_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("sentence", sa.String(length=300), nullable=False),
        sa.Column("owner", sa.String(length=120), nullable=False),
        sa.Column(
            "status",
            sa.Enum("oppen", "bevakas", "stangd", name="status", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("contribute", sa.Text(), nullable=True),
        sa.Column("monday", sa.Text(), nullable=True),
        sa.Column("category", sa.String(length=4), nullable=True),
        sa.Column("sender_kind", sa.String(length=40), nullable=True),
        sa.Column("receiver_kind", sa.String(length=40), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by_user_id", sa.Integer(), nullable=True),
        sa.Column("closed_on", sa.Date(), nullable=True),
        sa.Column("closed_text", sa.Text(), nullable=True),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(status = 'stangd') = (closed_on IS NOT NULL) AND (status <> 'stangd' OR closed_text IS NOT NULL)",
            name=op.f("ck_problem_type_closed_has_text"),
        ),
        sa.ForeignKeyConstraint(
            ["created_by_user_id"], ["app_user.id"], name=op.f("fk_problem_type_created_by_user_id")
        ),
        sa.ForeignKeyConstraint(["group_id"], ["samverkansgrupp.id"], name=op.f("fk_problem_type_group_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_problem_type")),
        sa.UniqueConstraint("group_id", "name", name=op.f("uq_problem_type_group_id_name")),
        sa.UniqueConstraint("ref", name=op.f("uq_problem_type_ref")),
    )
    op.create_table(
        "agenda_item",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("meeting_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=60), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "kvarstar",
                "ansvarslucka",
                "fraga",
                "forslag_lyft",
                "hjalpte_inte",
                "beslut",
                "kandidat",
                "tema",
                "saknad_part",
                "egen",
                "staende",
                name="kind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("about", sa.Text(), nullable=True),
        sa.Column("place", sa.SmallInteger(), nullable=True),
        sa.Column("removed", sa.Boolean(), nullable=False),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("internal_note", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["meeting_id"], ["group_meeting.id"], name=op.f("fk_agenda_item_meeting_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agenda_item")),
        sa.UniqueConstraint("meeting_id", "key", name=op.f("uq_agenda_item_meeting_id_key")),
    )
    with op.batch_alter_table("agenda_item") as batch:
        batch.create_index("ix_agenda_item_order", ["meeting_id", "place"])

    op.create_table(
        "attendance",
        sa.Column("meeting_id", sa.Integer(), nullable=False),
        sa.Column("seat_id", sa.Integer(), nullable=False),
        sa.Column(
            "presence",
            sa.Enum(
                "narvarande",
                "ersattare",
                "anmalt",
                "saknades",
                name="presence",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(["meeting_id"], ["group_meeting.id"], name=op.f("fk_attendance_meeting_id")),
        sa.ForeignKeyConstraint(["seat_id"], ["group_seat.id"], name=op.f("fk_attendance_seat_id")),
        sa.PrimaryKeyConstraint("meeting_id", "seat_id", name=op.f("pk_attendance")),
    )
    op.create_table(
        "group_decision",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("ref", sa.String(length=16), nullable=False),
        sa.Column("group_id", sa.Integer(), nullable=False),
        sa.Column("meeting_id", sa.Integer(), nullable=True),
        sa.Column("problem_type_id", sa.Integer(), nullable=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("what_changes", sa.Text(), nullable=True),
        sa.Column("ask", sa.String(length=160), nullable=True),
        sa.Column("internal_text", sa.Text(), nullable=True),
        sa.Column("owner", sa.String(length=120), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_by_user_id", sa.Integer(), nullable=True),
        sa.Column(
            "status",
            sa.Enum(
                "open", "lifted", "done", "closed", name="status", native_enum=False, create_constraint=True, length=40
            ),
            nullable=False,
        ),
        sa.Column("carried", sa.SmallInteger(), nullable=False),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column("publish_by", sa.Date(), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.CheckConstraint("(status IN ('open', 'lifted')) = (ended_on IS NULL)", name=op.f("ck_group_decision_ended")),
        sa.CheckConstraint("carried >= 0", name=op.f("ck_group_decision_carried")),
        sa.ForeignKeyConstraint(
            ["decided_by_user_id"], ["app_user.id"], name=op.f("fk_group_decision_decided_by_user_id")
        ),
        sa.ForeignKeyConstraint(["group_id"], ["samverkansgrupp.id"], name=op.f("fk_group_decision_group_id")),
        sa.ForeignKeyConstraint(["meeting_id"], ["group_meeting.id"], name=op.f("fk_group_decision_meeting_id")),
        sa.ForeignKeyConstraint(
            ["problem_type_id"], ["problem_type.id"], name=op.f("fk_group_decision_problem_type_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_group_decision")),
        sa.UniqueConstraint("ref", name=op.f("uq_group_decision_ref")),
    )
    with op.batch_alter_table("group_decision") as batch:
        batch.create_index("ix_group_decision_desk", ["group_id", "status", "due_on"])
        batch.create_index(op.f("ix_group_decision_meeting_id"), ["meeting_id"])
        batch.create_index(op.f("ix_group_decision_problem_type_id"), ["problem_type_id"])
        batch.create_index("ix_group_decision_to_publish", ["published_at", "publish_by"])

    op.create_table(
        "theme_candidate",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("ref", sa.String(length=16), nullable=False),
        sa.Column("group_id", sa.Integer(), nullable=False),
        sa.Column("problem_type_id", sa.Integer(), nullable=True),
        sa.Column("key", sa.String(length=120), nullable=False),
        sa.Column("category", sa.String(length=4), nullable=True),
        sa.Column("sender_kind", sa.String(length=40), nullable=True),
        sa.Column("receiver_kind", sa.String(length=40), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "waiting", "confirmed", "dismissed", name="status", native_enum=False, create_constraint=True, length=40
            ),
            nullable=False,
        ),
        sa.Column("reason", sa.String(length=300), nullable=True),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("(status = 'waiting') = (settled_at IS NULL)", name=op.f("ck_theme_candidate_settled")),
        sa.ForeignKeyConstraint(["group_id"], ["samverkansgrupp.id"], name=op.f("fk_theme_candidate_group_id")),
        sa.ForeignKeyConstraint(
            ["problem_type_id"], ["problem_type.id"], name=op.f("fk_theme_candidate_problem_type_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_theme_candidate")),
        sa.UniqueConstraint("ref", name=op.f("uq_theme_candidate_ref")),
    )
    with op.batch_alter_table("theme_candidate") as batch:
        batch.create_index("ix_theme_candidate_desk", ["group_id", "status"])

    op.create_table(
        "decision_event",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("decision_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "step",
            sa.Enum(
                "taken",
                "published",
                "carried",
                "new_owner",
                "lifted",
                "sent_back",
                "done",
                "closed",
                name="step",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("meeting_id", sa.Integer(), nullable=True),
        sa.Column("text", sa.Text(), nullable=True),
        sa.Column("owner", sa.String(length=120), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["decision_id"], ["group_decision.id"], name=op.f("fk_decision_event_decision_id")),
        sa.ForeignKeyConstraint(["meeting_id"], ["group_meeting.id"], name=op.f("fk_decision_event_meeting_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_decision_event")),
    )
    with op.batch_alter_table("decision_event") as batch:
        batch.create_index(op.f("ix_decision_event_decision_id"), ["decision_id"])

    op.create_table(
        "decision_unit",
        sa.Column("decision_id", sa.Integer(), nullable=False),
        sa.Column("enhet_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["decision_id"], ["group_decision.id"], name=op.f("fk_decision_unit_decision_id")),
        sa.ForeignKeyConstraint(["enhet_id"], ["enhet.id"], name=op.f("fk_decision_unit_enhet_id")),
        sa.PrimaryKeyConstraint("decision_id", "enhet_id", name=op.f("pk_decision_unit")),
    )
    with op.batch_alter_table("decision_unit") as batch:
        batch.create_index(op.f("ix_decision_unit_enhet_id"), ["enhet_id"])

    op.create_table(
        "decision_case",
        sa.Column("decision_id", sa.Integer(), nullable=False),
        sa.Column("avvikelse_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["avvikelse_id"], ["avvikelse.id"], name=op.f("fk_decision_case_avvikelse_id")),
        sa.ForeignKeyConstraint(["decision_id"], ["group_decision.id"], name=op.f("fk_decision_case_decision_id")),
        sa.PrimaryKeyConstraint("decision_id", "avvikelse_id", name=op.f("pk_decision_case")),
    )
    with op.batch_alter_table("decision_case") as batch:
        batch.create_index(op.f("ix_decision_case_avvikelse_id"), ["avvikelse_id"])

    op.create_table(
        "learning_story",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("ref", sa.String(length=16), nullable=False),
        sa.Column("pack_id", sa.Integer(), nullable=False),
        sa.Column("avvikelse_id", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=120), nullable=False),
        sa.Column("event", sa.Text(), nullable=False),
        sa.Column("measure", sa.Text(), nullable=False),
        sa.Column("effect", sa.Text(), nullable=False),
        sa.Column("tags", sa.JSON(), nullable=False),
        sa.Column("category", sa.String(length=4), nullable=True),
        sa.Column("sender_kind", sa.String(length=40), nullable=True),
        sa.Column("receiver_kind", sa.String(length=40), nullable=True),
        sa.Column("stems", sa.Text(), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "waiting", "published", "withdrawn", name="status", native_enum=False, create_constraint=True, length=40
            ),
            nullable=False,
        ),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("written_by_user_id", sa.Integer(), nullable=True),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "status <> 'published' OR published_at IS NOT NULL", name=op.f("ck_learning_story_published_has_time")
        ),
        sa.ForeignKeyConstraint(["avvikelse_id"], ["avvikelse.id"], name=op.f("fk_learning_story_avvikelse_id")),
        sa.ForeignKeyConstraint(["pack_id"], ["pack.id"], name=op.f("fk_learning_story_pack_id")),
        sa.ForeignKeyConstraint(
            ["written_by_user_id"], ["app_user.id"], name=op.f("fk_learning_story_written_by_user_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_learning_story")),
        sa.UniqueConstraint("ref", name=op.f("uq_learning_story_ref")),
    )
    with op.batch_alter_table("learning_story") as batch:
        batch.create_index(op.f("ix_learning_story_avvikelse_id"), ["avvikelse_id"])
        batch.create_index("ix_learning_story_library", ["pack_id", "status", "published_at"])

    op.create_table(
        "problem_type_case",
        sa.Column("problem_type_id", sa.Integer(), nullable=False),
        sa.Column("avvikelse_id", sa.Integer(), nullable=False),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("confirmed_by_user_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["avvikelse_id"], ["avvikelse.id"], name=op.f("fk_problem_type_case_avvikelse_id")),
        sa.ForeignKeyConstraint(
            ["confirmed_by_user_id"], ["app_user.id"], name=op.f("fk_problem_type_case_confirmed_by_user_id")
        ),
        sa.ForeignKeyConstraint(
            ["problem_type_id"], ["problem_type.id"], name=op.f("fk_problem_type_case_problem_type_id")
        ),
        sa.PrimaryKeyConstraint("problem_type_id", "avvikelse_id", name=op.f("pk_problem_type_case")),
    )
    with op.batch_alter_table("problem_type_case") as batch:
        batch.create_index(op.f("ix_problem_type_case_avvikelse_id"), ["avvikelse_id"])

    op.create_table(
        "theme_candidate_case",
        sa.Column("candidate_id", sa.Integer(), nullable=False),
        sa.Column("place", sa.SmallInteger(), nullable=False),
        sa.Column("avvikelse_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["avvikelse_id"], ["avvikelse.id"], name=op.f("fk_theme_candidate_case_avvikelse_id")),
        sa.ForeignKeyConstraint(
            ["candidate_id"], ["theme_candidate.id"], name=op.f("fk_theme_candidate_case_candidate_id")
        ),
        sa.PrimaryKeyConstraint("candidate_id", "place", name=op.f("pk_theme_candidate_case")),
        sa.UniqueConstraint(
            "candidate_id", "avvikelse_id", name=op.f("uq_theme_candidate_case_candidate_id_avvikelse_id")
        ),
    )
    with op.batch_alter_table("theme_candidate_case") as batch:
        batch.create_index(op.f("ix_theme_candidate_case_avvikelse_id"), ["avvikelse_id"])

    op.create_table(
        "question_approval",
        sa.Column("question_id", sa.Integer(), nullable=False),
        sa.Column(
            "side",
            sa.Enum("sender", "owner", "former", name="side", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("omrade_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_user_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["by_user_id"], ["app_user.id"], name=op.f("fk_question_approval_by_user_id")),
        sa.ForeignKeyConstraint(["omrade_id"], ["sekretessomrade.id"], name=op.f("fk_question_approval_omrade_id")),
        sa.ForeignKeyConstraint(["question_id"], ["group_question.id"], name=op.f("fk_question_approval_question_id")),
        sa.PrimaryKeyConstraint("question_id", "side", "omrade_id", name=op.f("pk_question_approval")),
    )
    op.create_table(
        "story_approval",
        sa.Column("story_id", sa.Integer(), nullable=False),
        sa.Column("omrade_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_user_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["by_user_id"], ["app_user.id"], name=op.f("fk_story_approval_by_user_id")),
        sa.ForeignKeyConstraint(["omrade_id"], ["sekretessomrade.id"], name=op.f("fk_story_approval_omrade_id")),
        sa.ForeignKeyConstraint(["story_id"], ["learning_story.id"], name=op.f("fk_story_approval_story_id")),
        sa.PrimaryKeyConstraint("story_id", "omrade_id", name=op.f("pk_story_approval")),
    )
    _questions_point_at_decisions()
    for closed_list in LISTS:
        closed_list.grow()
    with op.batch_alter_table("samverkansgrupp") as batch:
        batch.add_column(sa.Column("standing_items", sa.JSON(none_as_null=True), nullable=True))
    _members_become_seats()


def _questions_point_at_decisions() -> None:
    with op.batch_alter_table("group_question") as batch:
        batch.add_column(sa.Column("decision_id", sa.Integer(), nullable=True))
        batch.add_column(sa.Column("answer", sa.Text(), nullable=True))
        batch.add_column(sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True))
        for name in ("problem_type_id", "lifted_from_id", "about_decision_id"):
            batch.add_column(sa.Column(name, sa.Integer(), nullable=True))
        batch.alter_column("avvikelse_id", existing_type=sa.Integer(), nullable=True)
        batch.drop_constraint(op.f("ck_group_question_decided_has_text"), type_="check")
    day = "date(decided_at)" if op.get_bind().dialect.name == "sqlite" else "decided_at::date"
    op.execute(MOVE_DECISIONS.format(day=day))
    op.execute(POINT_AT_THEM)
    op.execute("UPDATE group_question SET status = 'open' WHERE status = 'decided' AND decision_id IS NULL")
    # Nobody sent a question back before this revision.
    op.execute("UPDATE group_question SET answer = 'Återsänd.', answered_at = raised_at WHERE status = 'declined'")
    op.execute(CASES_BEHIND)
    op.execute(FIRST_EVENT)
    with op.batch_alter_table("group_question") as batch:
        for column, table in FOREIGN_KEYS:
            batch.create_index(op.f(f"ix_group_question_{column}"), [column])
            batch.create_foreign_key(op.f(f"fk_group_question_{column}"), table, [column], ["id"])
        for name in ("decision", "decision_owner", "decision_due_on", "decided_at"):
            batch.drop_column(name)
        batch.create_check_constraint(
            op.f("ck_group_question_decided_has_decision"), "status <> 'decided' OR decision_id IS NOT NULL"
        )
        batch.create_check_constraint(
            op.f("ck_group_question_answered_has_text"),
            "status NOT IN ('answered', 'declined') OR (answer IS NOT NULL AND answered_at IS NOT NULL)",
        )


FOREIGN_KEYS = (
    ("decision_id", "group_decision"),
    ("problem_type_id", "problem_type"),
    ("lifted_from_id", "group_question"),
    ("about_decision_id", "group_decision"),
)


def _members_become_seats() -> None:
    groups = sa.table("samverkansgrupp", sa.column("id"), sa.column("members", sa.JSON), sa.column("convenor"))
    seats = sa.table(
        "group_seat", *(sa.column(name) for name in ("group_id", "name", "kind", "convenes", "vacant", "imported_as"))
    )
    rows = [
        {
            "group_id": row.id,
            "name": name[:160],
            "kind": "ledamot",
            "convenes": name == row.convenor,
            "vacant": False,
            "imported_as": name[:160],
        }
        for row in op.get_bind().execute(sa.select(groups))
        for name in dict.fromkeys([*([row.convenor] if row.convenor else []), *(row.members or ())])
    ]
    if rows:
        op.bulk_insert(seats, rows)


def downgrade() -> None:
    with op.batch_alter_table("samverkansgrupp") as batch:
        batch.drop_column("standing_items")
    op.drop_table("question_approval")
    with op.batch_alter_table("group_question") as batch:
        batch.drop_constraint(op.f("ck_group_question_answered_has_text"), type_="check")
        batch.drop_constraint(op.f("ck_group_question_decided_has_decision"), type_="check")
        batch.add_column(sa.Column("decision", sa.Text(), nullable=True))
        batch.add_column(sa.Column("decision_owner", sa.String(length=120), nullable=True))
        batch.add_column(sa.Column("decision_due_on", sa.Date(), nullable=True))
        batch.add_column(sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True))
    for closed_list in reversed(LISTS):
        closed_list.shrink()
    op.execute(MOVE_BACK)
    with op.batch_alter_table("group_question") as batch:
        for column, _ in reversed(FOREIGN_KEYS):
            batch.drop_constraint(op.f(f"fk_group_question_{column}"), type_="foreignkey")
            batch.drop_index(op.f(f"ix_group_question_{column}"))
            batch.drop_column(column)
        batch.drop_column("answered_at")
        batch.drop_column("answer")
    op.execute(
        "DELETE FROM group_question WHERE avvikelse_id IS NULL"
    )  # a question without a case could not be kept before
    with op.batch_alter_table("group_question") as batch:
        batch.alter_column("avvikelse_id", existing_type=sa.Integer(), nullable=False)
        batch.create_check_constraint(
            op.f("ck_group_question_decided_has_text"),
            "status <> 'decided' OR (decision IS NOT NULL AND decided_at IS NOT NULL)",
        )
    for name in reversed(NEW_TABLES):
        op.drop_table(name)
