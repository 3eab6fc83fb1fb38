"""Drafts through the pages: saved while writing, taken up after logging in again, own only, without personal data."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import func, select

from avvikelse.domain.actor import Actor
from avvikelse.models.avvikelse import Avvikelse, ReportDraft
from tests.support.browsing import Visitor, words
from tests.support.client import CheckingClient
from tests.support.forms import find
from tests.support.world import TEXT, World

pytestmark = pytest.mark.usefixtures("clock")

PERSONNUMMER = "19121212-1212"


@pytest.fixture
def reporter(world: World, client: CheckingClient) -> Actor:
    actor = world.reporter("bup-behandling")
    Visitor.of(client, world.session, actor, world.now)
    return actor


def autosave(client: CheckingClient, **changes: str) -> Any:
    """What the page's script sends."""
    fields = dict(find(client.get("/rapportera").get_data(as_text=True), button="Granska").fields)
    return client.post("/rapportera/utkast", data={**fields, **changes}, headers={"Accept": "application/json"})


def test_saved_while_writing_and_taken_up_again(client: CheckingClient, world: World, reporter: Actor) -> None:
    answer = autosave(client, description=TEXT, severity="2", occurred_on="2026-03-09")
    assert (answer.status_code, answer.get_json()["saved_at"]) == (200, "10.30")
    ref = world.session.scalars(select(ReportDraft.ref)).one()
    page = client.get(f"/rapportera?utkast={ref}").get_data(as_text=True)
    fields = dict(find(page, button="Granska").fields)
    assert (fields["description"], fields["severity"], fields["occurred_on"]) == (TEXT, "2", "2026-03-09")


def test_the_button_saves_without_javascript_and_the_draft_survives_logging_out(
    client: CheckingClient, world: World, reporter: Actor
) -> None:
    saved = client.submit("/rapportera", {"description": TEXT}, button="Spara utkast")
    assert saved.location == "/mina-rapporter"
    client.submit("/mina-rapporter", button="Logga ut")
    assert client.get("/mina-rapporter").status_code == 302
    her = Visitor.of(client, world.session, reporter, world.now)
    ref = world.session.scalars(select(ReportDraft.ref)).one()
    assert "Utkast" in her.text("/mina-rapporter")
    assert f'href="/rapportera?utkast={ref}"' in client.get("/").get_data(as_text=True)
    assert TEXT in client.get(f"/rapportera?utkast={ref}").get_data(as_text=True)


def test_a_stopped_text_is_left_out_and_the_answer_says_which(
    client: CheckingClient, world: World, reporter: Actor
) -> None:
    answer = autosave(client, description=f"Eleven {PERSONNUMMER}.", proposal="Ring först.")
    assert answer.status_code == 200
    assert "description" in str(answer.get_json())
    payload = world.session.scalars(select(ReportDraft.payload)).one()
    assert PERSONNUMMER not in payload
    assert "Ring först." in payload


def test_the_button_says_what_was_stopped(client: CheckingClient, world: World, reporter: Actor) -> None:
    page = client.submit("/rapportera", {"description": f"Eleven {PERSONNUMMER}."}, button="Spara utkast")
    assert 'id="description-error"' in page.get_data(as_text=True)
    assert not [p for p in world.session.scalars(select(ReportDraft.payload)) if PERSONNUMMER in p]


def test_a_sent_draft_is_gone(client: CheckingClient, world: World, reporter: Actor) -> None:
    autosave(client, description=TEXT)
    ref = world.session.scalars(select(ReportDraft.ref)).one()
    page = client.submit(
        f"/rapportera?utkast={ref}", {"counterpart": world.unit("skola-2380").id, "severity": 1}, button="Granska"
    )
    client.submit(page, button="Skicka")
    assert world.session.scalar(select(func.count()).select_from(Avvikelse)) == 1
    assert world.session.scalar(select(func.count()).select_from(ReportDraft)) == 0


def test_thrown_away(client: CheckingClient, world: World, reporter: Actor) -> None:
    autosave(client, description=TEXT)
    assert client.submit("/mina-rapporter", button="Ta bort").location == "/mina-rapporter"
    assert world.session.scalar(select(func.count()).select_from(ReportDraft)) == 0


def test_others_drafts_are_not_there(client: CheckingClient, world: World, reporter: Actor) -> None:
    autosave(client, description=TEXT)
    ref = world.session.scalars(select(ReportDraft.ref)).one()
    Visitor.of(client, world.session, world.reporter("skola-2380"), world.now)
    assert "utkast=" not in client.get("/").get_data(as_text=True)
    others, unknown = client.get(f"/rapportera?utkast={ref}"), client.get("/rapportera?utkast=finnsintefinnsin")
    assert (others.status_code, unknown.status_code) == (404, 404)
    assert others.data == unknown.data
    assert "skickat, borttaget eller äldre än 30 dagar" in others.get_data(as_text=True)
    action = f"/rapportera/utkast/{ref}/slang"
    assert client.post(action).status_code == 404
    fields = dict(find(client.get("/rapportera").get_data(as_text=True), button="Granska").fields)
    client.post("/rapportera/utkast", data={**fields, "draft": ref, "description": "Någon annans."})
    mine = world.session.scalars(select(ReportDraft).where(ReportDraft.ref == ref)).one()
    assert (mine.user_id, TEXT in mine.payload) == (reporter.user_id, True)
    assert TEXT not in words(client.get("/mina-rapporter"))
