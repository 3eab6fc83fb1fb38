"""A good example is thanked for: one more kind of answer."""

from __future__ import annotations

from migrations.closed_list import ClosedList

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None

_ANSWERS = ("snabbsvar", "fyra_delar", "samtal", "orosanmalan")

LISTS = (ClosedList("answer", "kind", "kind", _ANSWERS, (*_ANSWERS, "tack"), instead="samtal"),)


def upgrade() -> None:
    for closed_list in LISTS:
        closed_list.grow()


def downgrade() -> None:
    for closed_list in reversed(LISTS):
        closed_list.shrink()
