"""The report form in a real browser: nothing written is lost, the guard replaces, the keyboard is enough, narrow pages.

R12: a draft survives a closed page and an ended log-in; the page warns before the log-in ends.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import select, update

from avvikelse.models.avvikelse import Avvikelse
from avvikelse.models.base import db
from avvikelse.models.identity import SessionEnd, UserSession
from avvikelse.services.passwords import hash_password
from tests.conftest import LiveServer
from tests.support.counted_walk import STORY, Walk
from tests.support.looking import look, sticks_out
from tests.support.pressing import press
from tests.support.world import World

pytestmark = pytest.mark.browser
PASSWORD = "en lång mening att minnas"
TEXT = "Kallelsen till mötet kom tre dagar före, och rätt person hann inte komma."
UNIT = "BUP utredning"
LAN = "/utan-konto/jamtland-harjedalen"
NARROW = (320, 360, 640)  # 320 = 400 % of 1280; 640 = 200 %
# What this room has made, and what a person without account meets.
PAGES = (
    "/rapportera", "/rapportera?slag=flera", "/rapportera?slag=gott", "/rapportera/sip", "/mina-rapporter",
    "/om-avvikelser", "/ordlista", "/tillganglighet", "/tillganglighet/beratta", LAN, f"{LAN}/rapport",
    f"{LAN}/familj/sv", f"{LAN}/familj/sv/beratta", f"{LAN}/familj/en/beratta", "/utan-konto/folj/sv",
)  # fmt: skip


@pytest.fixture
def people(live_server: LiveServer) -> None:
    with live_server.app.app_context():
        world = World.of(db.session(), datetime.now(UTC))
        teacher = world.reporter("skola-2380", "larare")
        world.reporter("skola-2380", "kollega")
        world.chef("chef-bup-behandling")
        world.administrator("region-jh")
        world.report(teacher, "bup-behandling")
        for key in world.people:
            world.user(key).password_hash = hash_password(PASSWORD)
        db.session.commit()
        db.session.remove()


@pytest.fixture
def open_page(browser: Any, people: None) -> Iterator[Any]:
    contexts = []

    def make(width: int = 390) -> Any:
        context = browser.new_context(
            locale="sv-SE", timezone_id="Europe/Stockholm", viewport={"width": width, "height": 800}
        )
        contexts.append(context)
        return context.new_page()

    yield make
    for context in contexts:
        context.close()


def log_in(page: Any, server: LiveServer, who: str = "kollega", *, go: bool = True) -> None:
    if go:
        page.goto(f"{server.url}/logga-in")
    page.locator("input[type=email]").fill(f"{who}@example.org")
    page.locator("input[type=password]").fill(PASSWORD)
    press(page.locator("main button").first)


def choose_counterpart(page: Any) -> None:
    page.get_by_label("Vem gäller det?").first.fill(UNIT)
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")


def saved(page: Any) -> None:
    page.locator("[data-autosave-status]", has_text="Sparat utkast").wait_for(timeout=15_000)


def log_out_everybody(server: LiveServer) -> None:
    """What the clock does to a log-in that nobody uses."""
    with server.app.app_context():
        db.session.execute(
            update(UserSession).values(revoked_at=datetime.now(UTC), revoked_reason=SessionEnd.LOGGED_OUT)
        )
        db.session.commit()
        db.session.remove()


def test_what_is_written_survives_an_ended_log_in_and_a_closed_page(open_page: Any, live_server: LiveServer) -> None:
    page = open_page()
    log_in(page, live_server)
    page.goto(f"{live_server.url}/rapportera")
    choose_counterpart(page)
    page.get_by_text("Är det samma sak?").click()
    page.get_by_role("button", name="Jag också").wait_for()
    look(live_server, page, "liknande")
    page.get_by_label("Vad hände?").fill(TEXT)
    page.get_by_label("Vad föreslår du?").fill("Ring 070-123 45 67 först.")
    saved(page)
    hint = page.locator("#proposal-utkast")
    hint.wait_for()
    assert "Inte sparat i utkastet" in hint.inner_text()
    assert "utom ”Vad föreslår du?”" in page.locator("[data-autosave-status]").inner_text()
    look(live_server, page, "utkast-stoppat")
    page.get_by_label("Vad föreslår du?").fill("Ring först.")
    hint.wait_for(state="hidden", timeout=15_000)

    log_out_everybody(live_server)
    page.get_by_label("Hjälpen dröjde veckor").check()
    page.locator("[data-autosave-status]", has_text="du är utloggad").wait_for(timeout=15_000)
    press(page.get_by_role("button", name="Granska och skicka"))
    assert page.url.endswith("/rapportera"), "the log-in is asked for in place"
    log_in(page, live_server, go=False)
    assert TEXT in page.locator("main").inner_text()
    look(live_server, page, "skicka-det-du-skrev")
    press(page.get_by_role("button", name="Skicka"))
    assert "Granska och skicka" in page.locator("h1").inner_text()
    assert TEXT in page.locator("main").inner_text()

    log_out_everybody(live_server)
    other = open_page()  # the page was closed; another day, another phone
    log_in(other, live_server)
    other.goto(f"{live_server.url}/mina-rapporter")
    press(other.get_by_role("link", name=re.compile("Fortsätt på utkastet")).first)
    assert other.get_by_label("Vad hände?").input_value() == TEXT
    assert other.get_by_label("Vad föreslår du?").input_value() == "Ring först."


@pytest.mark.one_database
def test_the_page_warns_before_the_log_in_ends_and_lets_it_go_on(open_page: Any, live_server: LiveServer) -> None:
    page = open_page()
    log_in(page, live_server)
    page.clock.install()
    page.goto(f"{live_server.url}/rapportera")
    warning = page.get_by_text("Du loggas snart ut")
    assert not warning.is_visible()
    assert "Du är inloggad till kl." in page.locator("main").inner_text()
    page.clock.fast_forward("56:00")
    warning.wait_for()
    page.clock.resume()
    look(live_server, page, "loggas-snart-ut")
    page.get_by_role("button", name="Fortsätt vara inloggad").click()
    warning.wait_for(state="hidden")


@pytest.mark.one_database
def test_the_way_from_the_form_to_the_receipt_takes_three_minutes(
    open_page: Any, live_server: LiveServer, promise_result: Callable[[str], None]
) -> None:
    page = open_page(360)
    log_in(page, live_server)
    walk = Walk(live_server, page, scripts=True)
    walk.go("/")
    walk.press(page.get_by_role("link", name="Rapportera", exact=True).last)
    walk.taps += 1
    choose_counterpart(page)
    walk.taps += 1  # two taps: into the list, and the choice
    walk.write("Vad hände?", STORY)
    walk.tap(page.get_by_label("Hjälpen dröjde veckor"))
    walk.press(page.get_by_role("button", name="Granska och skicka"))
    walk.words -= len(STORY.split())  # the review shows one's own text
    walk.send(page.get_by_role("button", name="Skicka", exact=True))
    page.get_by_text("Tack, rapporten är mottagen").wait_for()
    promise_result(f"Rapport med konto: {walk.measured}")
    assert walk.taps <= 7, walk.measured
    assert walk.total <= 180, walk.measured


def test_jag_ocksa_with_one_press(open_page: Any, live_server: LiveServer) -> None:
    page = open_page()
    log_in(page, live_server)
    page.goto(f"{live_server.url}/rapportera")
    choose_counterpart(page)
    page.get_by_text("Är det samma sak?").click()
    press(page.get_by_role("button", name="Jag också"))
    page.get_by_text("Tack, din röst är räknad").wait_for()
    look(live_server, page, "jag-ocksa")
    assert "/jag-ocksa/" in page.url


def test_the_guard_stops_and_replaces(open_page: Any, live_server: LiveServer) -> None:
    page = open_page()
    log_in(page, live_server)
    page.goto(f"{live_server.url}/rapportera")
    choose_counterpart(page)
    page.get_by_label("Vad hände?").fill("Eleven Kalle Svensson blev utan möte, ring 070-123 45 67.")
    page.get_by_label("Vad hände?").blur()
    page.get_by_text("Det ser ut som").wait_for()
    page.get_by_label("Hjälpen dröjde veckor").check()
    press(page.get_by_role("button", name="Granska och skicka"))
    look(live_server, page, "vakten")
    for _ in range(3):
        replace = page.locator(".av-guard button:not([aria-hidden])")
        if not replace.count():
            break
        replace.first.click()
        page.wait_for_load_state()
    text = page.get_by_label("Vad hände?").input_value()
    assert "Kalle" not in text
    page.get_by_label("Vad hände?").fill(text.replace("070-123 45 67", "oss"))
    press(page.get_by_role("button", name="Granska och skicka"))
    assert "Granska och skicka" in page.locator("h1").inner_text(), text
    press(page.get_by_role("button", name="Skicka"))
    with live_server.app.app_context():
        stored = db.session.scalars(select(Avvikelse.description).order_by(Avvikelse.id.desc())).first() or ""
        db.session.remove()
    assert "Svensson" not in stored
    assert "070" not in stored


@pytest.mark.one_database
def test_whom_it_concerns_is_found_by_place_and_by_type(open_page: Any, live_server: LiveServer) -> None:
    page = open_page()
    page.goto(f"{live_server.url}{LAN}/rapport")
    box = page.get_by_role("combobox", name="Vem gäller det?")
    options = page.locator('.av-combobox [role="option"]')
    box.fill("östersund grundskola")
    assert page.locator(".av-combobox__group").all_inner_texts()[0] == "Östersund"
    assert options.count()
    assert all("grundskola" in text.lower() for text in options.all_inner_texts())
    box.fill("xyzzy")
    assert options.all_inner_texts() == ["Ingen träff. Prova ett kortare ord."]


@pytest.mark.one_database
def test_a_hint_does_not_move_what_is_being_pressed(open_page: Any, live_server: LiveServer) -> None:
    page = open_page()
    log_in(page, live_server)
    page.goto(f"{live_server.url}/rapportera")
    page.get_by_label("Vad hände?").fill("Ring mig på 070-123 45 67.")
    choice = page.get_by_label("Det blev krångligare")
    choice.scroll_into_view_if_needed()
    box = choice.bounding_box()
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.mouse.down()  # leaves the text; the hint waits for the release
    page.mouse.up()
    page.get_by_text("Det ser ut som").wait_for()
    assert choice.is_checked()
    page.get_by_label("Vad hände?").fill("Pengarna gick till SE45 5000 0000 0583 9825 7466.")  # holds other numbers too
    page.get_by_text("Det ser ut som ett kontonummer. Skriv").wait_for()


@pytest.mark.one_database
def test_the_keyboard_alone_is_enough(open_page: Any, live_server: LiveServer) -> None:
    page = open_page(1280)
    log_in(page, live_server)
    page.goto(f"{live_server.url}/rapportera")
    keys = page.keyboard

    def tab_to(wanted: str) -> None:
        for _ in range(60):
            keys.press("Tab")
            here = page.evaluate("(e => `${e.id} ${e.name} ${e.textContent.trim()}`)(document.activeElement)")
            if wanted in here:
                style = "getComputedStyle(document.activeElement)"
                seen = page.evaluate(f"{style}.outlineStyle !== 'none' || {style}.boxShadow !== 'none'")
                assert seen or wanted == "severity", f"no visible focus at {wanted}"  # a radio's ring is its label's
                return
        raise AssertionError(f"never came to {wanted}")

    keys.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Hoppa till innehållet"
    keys.press("Enter")
    tab_to("counterpart")
    keys.type(UNIT)
    keys.press("ArrowDown")
    keys.press("Enter")
    tab_to("description")
    keys.type(TEXT)
    tab_to("severity")
    keys.press("Space")
    keys.press("ArrowDown")
    tab_to("Granska och skicka")
    with page.expect_navigation():
        keys.press("Enter")
    assert "Granska och skicka" in page.locator("h1").inner_text()
    tab_to("Skicka")
    keys.press("Enter")
    page.get_by_text("Tack, rapporten är mottagen").wait_for()


@pytest.mark.one_database
def test_nothing_sticks_out_of_a_narrow_page_or_when_zoomed(open_page: Any, live_server: LiveServer) -> None:
    page = open_page()

    def looked_at(name: str) -> None:
        for width in NARROW:
            page.set_viewport_size({"width": width, "height": 800})
            assert sticks_out(page) == [], f"{name} at {width}"
        look(live_server, page, name)

    log_in(page, live_server)
    for number, address in enumerate(PAGES):
        answer = page.goto(f"{live_server.url}{address}")
        assert answer.status == 200, address
        looked_at(f"{number:02d}")
    log_out_everybody(live_server)
    log_in(page, live_server, "larare")
    page.goto(f"{live_server.url}/mina-rapporter")
    press(page.locator("main a[href*='/avvikelser/']").first)
    looked_at("rapport")
    press(page.get_by_role("link", name="Kopplingskod"))
    press(page.get_by_role("button", name="Skapa en kod"))
    looked_at("kopplingskod")
    log_out_everybody(live_server)
    log_in(page, live_server, "admin-region-jh")
    page.goto(f"{live_server.url}/organisation/vaktens-ord")
    page.get_by_label("Ord", exact=True).fill("Lugna Vågen")
    press(page.get_by_role("button", name="Lägg till"))
    looked_at("vaktens-ord")
