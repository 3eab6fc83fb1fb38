"""Canaries in the texts of åtgärder: a word of its own in each field, and the pages read by everybody around it."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from avvikelse.models.dialogue import Atgard
from avvikelse.services import effects, handling
from tests.conftest import Clock
from tests.scenarios.test_canaries import PARTIES, PERSONAS, RECEIVER, REPORTER, Stage, answered, stage

__all__ = ["stage"]

# field: who reads it. What reporters write to "Har det hänt igen?" is for those who run the åtgärd.
READERS: dict[str, set[str]] = {
    "atgardstext": REPORTER | PARTIES,
    "familjenfar": REPORTER | PARTIES,
    "andrat": REPORTER | PARTIES,
    "bevis": REPORTER | PARTIES,
    "berattat": RECEIVER,
    "avfordskal": REPORTER | PARTIES,
    "familjeskal": REPORTER | PARTIES,
}
WORDS = {field: f"kanarie{field}" for field in READERS}

pytestmark = pytest.mark.usefixtures("clock")


@pytest.fixture
def told(stage: Stage, session: Session, clock: Clock) -> Stage:
    word: Any = WORDS.__getitem__
    stage.step("sender_chef", "familjen", carries="ja")
    plan = {"kind": "M01", "due_on": "2026-05-01", "family_told": word("familjenfar")}
    stage.step("receiver_chef", "atgard", text=word("atgardstext"), **plan)
    stage.step("receiver_chef", "atgard", text="En till.", **plan)
    first, second = session.scalars(select(Atgard).order_by(Atgard.id)).all()[-2:]
    send(stage, "receiver_chef", f"/atgarder/{first.id}/infor", done_on="2026-03-11", changed=word("andrat"))
    send(stage, "receiver_chef", f"/atgarder/{second.id}/avfor", reason=word("avfordskal"))
    answered(stage)
    stage.step("sender_chef", "familjen", carries="nej", reason=word("familjeskal"))
    clock.move(days=90)
    effects.ask_due(session, clock.now)
    stage.step("reporter", "har-det-hant-igen", again="ibland", comment=word("berattat"))
    send(stage, "handler", f"/atgarder/{first.id}/folj-upp", effect="delvis", evidence=word("bevis"))
    return stage


def send(stage: Stage, persona: str, address: str, **fields: Any) -> None:
    stage.become(persona)
    assert stage.client.post(address, data=fields).status_code == 302


def test_everybody_reads_what_the_table_says(told: Stage, session: Session) -> None:
    atgard_ids = session.scalars(select(Atgard.id)).all()
    addresses = [f"/avvikelser/{told.case.ref}", "/", "/mina-rapporter", "/atgarder", f"/sok?q={WORDS['atgardstext']}"]
    addresses += [f"/atgarder?flik={tab}" for tab in ("folj-upp", "pa-plats", "avforda")]
    addresses += [f"/atgarder/{atgard_id}" for atgard_id in atgard_ids]
    addresses += [f"/grupper/{told.world.group('birger').id}/2026-03"]
    for persona in PERSONAS:
        told.become(persona)
        bodies = b"".join(told.client.get(address, headers={"Accept": "text/html"}).data for address in addresses)
        seen = {field for field, word in WORDS.items() if word.encode() in bodies}
        expected = {field for field, readers in READERS.items() if persona in readers}
        # The search page repeats the searcher's own word; it stands in no field.
        seen -= {"atgardstext"} - expected
        assert seen == expected, persona


def test_a_position_that_has_let_the_case_go_keeps_its_own_atgard_only(told: Stage, session: Session) -> None:
    """The owner goes on being responsible for what was promised; the rest of the case is gone."""
    handling_over = told.people["receiver_chef"]
    atgard = session.scalars(select(Atgard).order_by(Atgard.id.desc())).all()[1]
    told.step("reporter", "betyg", rating="nej", reason="Det räcker inte.")
    handling.hand_over(
        session, handling_over, told.case.ref, told.world.receiver("chef-barnhab"), "Gäller hab.", now=told.world.now
    )
    told.become("receiver_chef")
    page = told.client.get(f"/atgarder/{atgard.id}")
    assert page.status_code == 200
    assert WORDS["atgardstext"].encode() in page.data
    assert f"/avvikelser/{told.case.ref}".encode() not in page.data
    told.become("handler")
    assert told.client.get(f"/atgarder/{atgard.id}").status_code == 404
