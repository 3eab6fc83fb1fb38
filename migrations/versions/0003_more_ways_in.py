"""Room for reports without account, by phone and from families; for cases that move with the organisation; for proposals to a group."""

from __future__ import annotations

from migrations.closed_list import ClosedList

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

_CHANNELS = ("webb", "sip_snabb", "import")
_KINDS = ("assigned", "handed_over", "declined")
_ANSWERS = ("snabbsvar", "fyra_delar", "samtal")
_QUESTIONS = ("lyft", "ansvarslucka")

LISTS = (
    ClosedList(
        "avvikelse", "channel", "channel", _CHANNELS, (*_CHANNELS, "utan_konto", "telefon", "familj"), instead="webb"
    ),
    ClosedList("transfer", "kind", "kind", _KINDS, (*_KINDS, "moved"), instead="assigned"),
    ClosedList("answer", "kind", "kind", _ANSWERS, (*_ANSWERS, "orosanmalan"), instead="snabbsvar"),
    ClosedList("group_question", "kind", "kind", _QUESTIONS, (*_QUESTIONS, "forslag"), instead="lyft"),
)


def upgrade() -> None:
    for closed_list in LISTS:
        closed_list.grow()


def downgrade() -> None:
    for closed_list in reversed(LISTS):
        closed_list.shrink()
