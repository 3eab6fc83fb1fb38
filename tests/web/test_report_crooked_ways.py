"""Filing a report when things go crooked: back in the browser, strange references, several presses at once."""

from __future__ import annotations

import threading
from datetime import UTC, datetime
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from avvikelse.domain.actor import Actor
from avvikelse.models.avvikelse import Avvikelse
from avvikelse.models.base import db
from tests.support.browsing import Visitor
from tests.support.client import CheckingClient
from tests.support.forms import find
from tests.support.world import World

pytestmark = pytest.mark.usefixtures("clock")

SENDERS = 4


@pytest.fixture
def reporter(world: World, client: CheckingClient) -> Actor:
    actor = world.reporter("bup-behandling")
    Visitor.of(client, world.session, actor, world.now)
    return actor


def answers(unit_id: int, text: str) -> dict[str, Any]:
    return {"counterpart": unit_id, "description": text, "severity": 1}


def second_step(client: Any, unit_id: int) -> dict[str, str]:
    page = client.submit("/rapportera", answers(unit_id, "Kallelsen kom sent."), button="Granska och skicka")
    return dict(find(page.get_data(as_text=True), button="Skicka").fields)


def test_back_in_the_browser_and_something_else_is_another_report(
    client: CheckingClient, world: World, reporter: Actor
) -> None:
    form = client.get("/rapportera")
    for text in ("Det första som hände.", "Något helt annat."):
        page = client.submit(form, answers(world.unit("skola-2380").id, text), button="Granska och skicka")
        client.submit(page, button="Skicka")
    assert world.session.scalar(select(func.count()).select_from(Avvikelse)) == 2


@pytest.mark.parametrize("name", ["utkast", "igen"])
def test_an_address_with_a_strange_reference(client: CheckingClient, reporter: Actor, name: str) -> None:
    assert client.get(f"/rapportera?{name}=a%00b").status_code == 404


@pytest.mark.parametrize(
    ("name", "value"), [("key", "x" * 300), ("key", "a\x00b"), ("draft", "a\x00b"), ("earlier", "a\x00b")]
)
def test_a_strange_hidden_reference(
    client: CheckingClient, world: World, reporter: Actor, name: str, value: str
) -> None:
    sent = client.post("/rapportera/skicka", data={**second_step(client, world.unit("skola-2380").id), name: value})
    assert sent.status_code < 500


def test_sent_several_times_at_once(committed_app: Flask) -> None:
    """All get the receipt of the one report."""
    now = datetime.now(UTC)
    with committed_app.app_context():
        world = World.of(db.session(), now)
        actor, unit_id = world.reporter("bup-behandling"), world.unit("skola-2380").id
        clients = [committed_app.test_client() for _ in range(SENDERS)]
        Visitor.of(clients[0], world.session, actor, now)
        fields = second_step(clients[0], unit_id)
        name = committed_app.config["SESSION_COOKIE_NAME"]
        value = clients[0].get_cookie(name).value  # type: ignore[union-attr]
        for other in clients[1:]:
            other.set_cookie(name, value)
        db.session.remove()
    together, answered = threading.Barrier(SENDERS), []

    def send(client: Any) -> None:
        together.wait(30)
        answered.append(client.post("/rapportera/skicka", data=fields).location)

    threads = [threading.Thread(target=send, args=(client,)) for client in clients]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    with committed_app.app_context():
        refs = db.session.scalars(select(Avvikelse.ref)).all()
        db.session.remove()
    assert answered == [f"/rapportera/kvitto/{refs[0]}"] * SENDERS
    assert len(refs) == 1
