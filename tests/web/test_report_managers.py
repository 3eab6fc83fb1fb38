"""*Har cheferna pratat?*: asked in the report with day and outcome, read by both sides."""

from __future__ import annotations

import re
from datetime import date

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from avvikelse.models.avvikelse import Avvikelse
from tests.support.client import CheckingClient
from tests.support.login import log_in
from tests.support.world import World

pytestmark = pytest.mark.usefixtures("clock")


def review(client: CheckingClient, world: World, **more: str) -> object:
    log_in(client, world.reporter("skola-2380").user_id or 0)
    fields = {
        "counterpart": world.unit("soc-2380").id, "description": "Ingen kom.", "severity": 1,
        "managers_talked_on": "2026-03-09", "managers_outcome": "De ses igen i maj.",
    }  # fmt: skip
    return client.submit("/rapportera", fields | more, button="Granska")


def test_day_and_outcome_are_kept_and_read(client: CheckingClient, world: World, session: Session) -> None:
    receipt = client.submit(review(client, world, managers_talked="ja"), button="Skicka")  # type: ignore[arg-type]
    assert receipt.status_code == 302
    row = session.scalars(select(Avvikelse)).one()
    kept = (row.managers_talked, row.managers_talked_on, row.managers_outcome)
    assert kept == (True, date(2026, 3, 9), "De ses igen i maj.")
    page = client.get(f"/avvikelser/{row.ref}").text
    assert re.search(r"Ja, 9\smars\s2026", page)
    assert "De ses igen i maj." in page


def test_who_says_no_has_no_day_and_no_outcome(client: CheckingClient, world: World, session: Session) -> None:
    client.submit(review(client, world, managers_talked="nej"), button="Skicka")  # type: ignore[arg-type]
    row = session.scalars(select(Avvikelse)).one()
    assert (row.managers_talked, row.managers_talked_on, row.managers_outcome) == (False, None, None)


def test_a_day_to_come_is_refused_at_the_field(client: CheckingClient, world: World) -> None:
    page = review(client, world, managers_talked="ja", managers_talked_on="2026-04-01")
    assert page.status_code == 422  # type: ignore[attr-defined]
    assert 'id="managers_talked_on-error"' in page.text  # type: ignore[attr-defined]
