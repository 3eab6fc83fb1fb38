"""*Telefonrapport* through HTTP: write down, read back, file, receipt; claim with the code."""

from __future__ import annotations

import io
import re
from datetime import UTC, datetime
from typing import Any

import page as pdf_checker
import pikepdf
import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from avvikelse.domain.vocabulary import Channel, Status
from avvikelse.models.avvikelse import Avvikelse, ReportDraft
from tests.support import forms
from tests.support.client import CheckingClient
from tests.support.login import log_in
from tests.support.world import World

pytestmark = pytest.mark.usefixtures("clock")
TEXT = "En part som var kallad till SIP-mötet kom inte och hörde inte av sig."
CODE = re.compile(r"\b\d{4} \d{4} \d{4} \d{4}\b")


@pytest.fixture
def world(session: Session, now: datetime, client: CheckingClient) -> World:
    world = World.of(session, now)
    log_in(client, world.samordnare("kommun-2380/utbildning").user_id or 0)
    return world


def write(client: CheckingClient, world: World, **changes: Any) -> TestResponse:
    fields = {
        "counterpart": world.unit("bup-behandling").id,
        "sender": world.unit("skola-2380").id,
        "kommunkod": "2380",
        "called_time": "8.15",
        "description": TEXT,
        "severity": 2,
    }
    return client.submit("/telefonrapport", fields | changes, button="Läs upp")


def taken(client: CheckingClient, world: World) -> TestResponse:
    return client.submit(write(client, world), {"read_back": "y"}, button="Skicka")


def test_written_down_read_back_and_filed(client: CheckingClient, world: World, session: Session) -> None:
    review = write(client, world)
    assert TEXT in review.text
    assert session.scalar(select(func.count()).select_from(Avvikelse)) == 0
    silent = client.submit(review, button="Skicka")
    assert silent.status_code == 422
    assert "Läs upp rapporten" in silent.text
    receipt = client.submit(silent, {"read_back": "y"}, button="Skicka")
    assert CODE.search(receipt.text)
    row = session.scalars(select(Avvikelse)).one()
    assert (row.channel, row.status, row.reporter_user_id) == (Channel.PHONE, Status.SUBMITTED, None)
    assert row.submitted_at == datetime(2026, 3, 11, 7, 15, tzinfo=UTC)  # the call, in Swedish time
    assert client.get(f"/avvikelser/{row.ref}/fordela").status_code == 200  # it lies with her


def test_a_caller_can_say_how_long_the_gap_was(client: CheckingClient, world: World, session: Session) -> None:
    assert "Veckor anges bara om en övergång" in write(client, world, category="A1", gap_weeks=6).text
    review = write(client, world, category="H1", gap_weeks=6)
    client.submit(review, {"read_back": "y"}, button="Skicka")
    assert session.scalars(select(Avvikelse.gap_weeks)).one() == 6


def test_without_a_yes_it_can_be_kept_as_a_draft(client: CheckingClient, world: World, session: Session) -> None:
    review = write(client, world)
    fields = dict(forms.find(review.text, button="Skicka").fields) | {"spara": "1"}
    assert client.post("/telefonrapport", data=fields).status_code == 302
    draft = session.scalars(select(ReportDraft)).one()
    assert "telefonrapporten" in client.get("/mina-rapporter").text
    again = client.get(f"/telefonrapport?utkast={draft.ref}")
    assert TEXT in again.text
    assert 'value="8.15"' in again.text
    client.submit(client.submit(again, button="Läs upp"), {"read_back": "y"}, button="Skicka")
    assert session.scalar(select(func.count()).select_from(ReportDraft)) == 0


def test_a_name_that_is_said_gets_a_sentence_to_say(client: CheckingClient, world: World, session: Session) -> None:
    page = write(client, world, description="Ring 070-123 45 67 till mamman.")
    assert page.status_code == 422
    assert "Säg till den som ringer" in page.text
    for wrong in ({"called_time": "25.00"}, {"called_time": "nyss"}, {"called_on": "2026-03-12"}):
        assert write(client, world, **wrong).status_code in {200, 422}
    late = client.submit(write(client, world, called_time="23.59"), {"read_back": "y"}, button="Skicka")
    assert late.status_code == 422
    assert "framtiden" in late.text
    assert session.scalar(select(func.count()).select_from(Avvikelse)) == 0


def test_the_receipt_on_paper(client: CheckingClient, world: World) -> None:
    receipt = taken(client, world)
    paper = client.submit(receipt, button="papper")
    assert paper.mimetype == "application/pdf"
    assert pdf_checker.is_pdf_compliant_bytes(paper.data, profile="ua1")
    with pikepdf.open(io.BytesIO(paper.data)) as opened:
        assert len(opened.pages) == 1
    log_in(client, world.samordnare("region-jh").user_id or 0)  # another one's call
    other = client.post("/telefonrapport/kvitto.pdf", data={"key": "nagonannansnyckel"})
    assert other.status_code == 404


def test_the_caller_takes_it_to_an_account(client: CheckingClient, world: World, session: Session) -> None:
    code = CODE.search(taken(client, world).text)
    assert code
    row = session.scalars(select(Avvikelse)).one()
    teacher = world.reporter("skola-2380")
    log_in(client, teacher.user_id or 0)
    wrong = client.submit("/telefonrapport/hamta", {"code": "0" * 16}, button="Hämta")
    assert wrong.status_code == 422
    claimed = client.submit("/telefonrapport/hamta", {"code": code.group()}, button="Hämta")
    assert claimed.status_code == 302
    session.expire_all()
    assert row.reporter_user_id == teacher.user_id
    assert client.get(f"/avvikelser/{row.ref}").status_code == 200
    again = client.submit("/utan-konto/folj/sv", {"code": code.group()}, button="Visa")
    assert again.status_code == 422


def test_only_a_samordnare_takes_calls(client: CheckingClient, world: World) -> None:
    for actor in (world.chef("chef-bup-behandling"), world.reporter("skola-2380"), world.administrator("region-jh")):
        log_in(client, actor.user_id or 0)
        assert client.get("/telefonrapport").status_code == 403
        assert client.post("/telefonrapport/skicka", data={"description": TEXT}).status_code == 403
