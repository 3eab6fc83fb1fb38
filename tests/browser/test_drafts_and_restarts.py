"""R12 against a real server that is killed while somebody writes: the text comes back, on the page and as a draft.

The server is the one of test_crash.py: gunicorn in processes of its own, ended with kill -9.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, update

from avvikelse.adapters import clock
from avvikelse.models.avvikelse import Avvikelse
from avvikelse.models.base import db
from avvikelse.models.identity import SessionEnd, UserSession
from avvikelse.services.passwords import hash_password
from tests.integration.crash_server import HOST, Server, free_port
from tests.support.world import World

pytestmark = pytest.mark.browser
PASSWORD = "en lång mening att minnas"
TEXT = "Kallelsen till mötet kom tre dagar före, och rätt person hann inte komma."
MORE = " Ingen ringde heller."
UNIT = "BUP utredning"
PATIENCE = 60_000  # milliseconds: a busy machine is no failure


@dataclass(frozen=True, slots=True)
class Form:
    """A form with a draft: who writes in it, where, and its buttons."""

    who: str
    address: str
    goes_on: str
    link: str


REPORT = Form("larare", "/rapportera", "Granska och skicka", "Fortsätt på utkastet")
CALL = Form("samordnare-region-jh", "/telefonrapport", "Läs upp", "Fortsätt på telefonrapporten")
FORMS = (REPORT, CALL)


@pytest.fixture
def server(committed_app: Flask, tmp_path: Path) -> Iterator[Server]:
    with committed_app.app_context():
        world = World.of(db.session(), clock.now())
        world.reporter("skola-2380", "larare")
        world.samordnare("region-jh")
        world.chef("chef-bup-behandling")
        for key in world.people:
            world.user(key).password_hash = hash_password(PASSWORD)
        db.session.commit()
        db.session.remove()
    made = Server(committed_app.extensions["settings"], free_port(), tmp_path / "server.log")
    try:
        made.start()
        yield made
    finally:
        made.kill()


@pytest.fixture
def new_page(browser: Any) -> Iterator[Any]:
    """A page of a phone that nobody has logged in on."""
    contexts = []

    def make() -> Any:
        context = browser.new_context(
            locale="sv-SE", timezone_id="Europe/Stockholm", viewport={"width": 390, "height": 800}
        )
        context.set_default_timeout(PATIENCE)
        contexts.append(context)
        return context.new_page()

    yield make
    for context in contexts:
        context.close()


def opened(page: Any, server: Server, form: Form, address: str) -> None:
    """Log in and go there."""
    page.goto(f"http://{HOST}:{server.port}/logga-in")
    page.locator("input[type=email]").fill(f"{form.who}@example.org")
    page.locator("input[type=password]").fill(PASSWORD)
    with page.expect_navigation():
        page.locator("main button").first.click()
    page.goto(f"http://{HOST}:{server.port}{address}")


def says(page: Any, text: str) -> None:
    page.locator("[data-autosave-status]", has_text=text).wait_for()


def test_what_is_written_survives_a_killed_server_an_ended_log_in_and_a_closed_page(
    server: Server, committed_app: Flask, new_page: Any
) -> None:
    pages = [(form, new_page()) for form in FORMS]
    for form, page in pages:
        opened(page, server, form, form.address)
        page.get_by_label("Vem gäller det?").first.fill(UNIT)
        page.keyboard.press("ArrowDown")
        page.keyboard.press("Enter")
        page.get_by_label("Vad hände?").fill(TEXT)
        says(page, "Sparat utkast")

    server.kill()
    for _, page in pages:
        page.get_by_label("Vad hände?").fill(TEXT + MORE)
        says(page, "Ingen anslutning")
        assert page.get_by_label("Vad hände?").input_value() == TEXT + MORE

    server.start()
    for _, page in pages:
        page.get_by_label("Hjälpen dröjde veckor").check()
        says(page, "Sparat utkast")

    with committed_app.app_context():  # the log-in ends, as after an hour
        ended = {"revoked_at": clock.now(), "revoked_reason": SessionEnd.LOGGED_OUT}
        db.session.execute(update(UserSession).values(**ended))
        db.session.commit()
        db.session.remove()
    server.kill()
    for _, page in pages:
        page.context.close()
    server.start()

    for form in FORMS:
        goes_on_and_sends(new_page(), server, form)
    with committed_app.app_context():
        assert db.session.scalars(select(Avvikelse.description)).all() == [TEXT + MORE] * len(FORMS)
        db.session.remove()


def goes_on_and_sends(page: Any, server: Server, form: Form) -> None:
    """From the list of what is not sent, in a new browser."""
    opened(page, server, form, "/mina-rapporter")
    with page.expect_navigation():
        page.get_by_role("link", name=re.compile(form.link)).first.click()
    assert page.get_by_label("Vad hände?").input_value() == TEXT + MORE
    assert page.get_by_label("Hjälpen dröjde veckor").is_checked()
    with page.expect_navigation():
        page.get_by_role("button", name=form.goes_on).click()
    if form is CALL:
        page.get_by_label("Uppläst och godkänd av den som ringde").check()
    with page.expect_navigation():
        page.get_by_role("button", name="Skicka", exact=True).click()
    page.get_by_text("är mottagen").first.wait_for()
