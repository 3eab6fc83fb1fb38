"""Weeks without help on the way from one part of the care to another (MS16): asked, kept, read by the parties alone."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from avvikelse.domain.actor import Actor
from avvikelse.domain.passages import GAP_RANGE, NOT_A_PASSAGE
from avvikelse.domain.relation import Relation
from avvikelse.models.avvikelse import Avvikelse
from avvikelse.policy.redaction import coding
from tests.support.acting import Acting
from tests.support.browsing import words
from tests.support.world import TEXT

pytestmark = pytest.mark.usefixtures("clock")
PASSAGE, OTHER = "H2", "A1"


def filled(acting: Acting, who: Actor, **values: Any) -> Any:
    fields = {"counterpart": acting.world.unit("bup-behandling").id, "description": TEXT, "severity": 1}
    return acting.client.submit(acting.get(who, "/rapportera"), fields | values, button="Gr")


@pytest.mark.parametrize(("weeks", "said"), [(9, "9 veckor"), (0, "0 veckor")])
def test_weeks_of_a_passage_are_told_to_the_parties(
    acting: Acting, session: Session, bup: Actor, teacher: Actor, weeks: int, said: str
) -> None:
    review = filled(acting, teacher, category=PASSAGE, gap_weeks=weeks)
    assert f"Hur många veckor var det utan hjälp? {weeks}" in words(review)
    acting.client.submit(review, button="Skicka")
    row = session.scalars(select(Avvikelse)).one()
    assert row.gap_weeks == weeks
    for reader in (bup, teacher):
        assert f"Utan hjälp i övergången {said}" in acting.reads(reader, f"/avvikelser/{row.ref}")
    assert coding(row, [Relation.FORMER_CHEF]) is None  # who has let it go, and whoever has no part in it
    assert coding(row, []) is None


@pytest.mark.parametrize(
    ("typed", "category", "why"),
    [
        ("105", PASSAGE, GAP_RANGE), ("-1", PASSAGE, GAP_RANGE), ("nio", PASSAGE, GAP_RANGE), ("nio", "", GAP_RANGE),
        ("9", OTHER, NOT_A_PASSAGE),
    ],
)  # fmt: skip
def test_what_cannot_be_weeks_is_said_at_the_field_and_kept(
    acting: Acting, session: Session, teacher: Actor, typed: str, category: str, why: str
) -> None:
    page = filled(acting, teacher, category=category, gap_weeks=typed)
    assert page.status_code == 422
    html = page.get_data(as_text=True)
    assert 'id="gap_weeks-error"' in html
    assert why in words(page)
    assert f'value="{typed}"' in html
    assert TEXT in html
    assert session.scalars(select(Avvikelse)).all() == []


def test_nobody_has_to_say_weeks(acting: Acting, session: Session, teacher: Actor) -> None:
    acting.client.submit(filled(acting, teacher, category=PASSAGE), button="Skicka")
    assert session.scalars(select(Avvikelse.gap_weeks)).one() is None
    assert 'name="gap_weeks"' not in acting.get(teacher, "/rapportera?slag=gott").get_data(as_text=True)
    review = filled(acting, teacher, gap_weeks=4)  # who does not know what it is about may still know that
    assert review.status_code == 200
