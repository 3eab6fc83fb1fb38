"""The main job in a real browser: JH-01 with scripts, the ways that leave it without. axe on every page."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from sqlalchemy import select

from avvikelse.models.avvikelse import Avvikelse
from avvikelse.models.base import db
from avvikelse.services.passwords import hash_password
from tests.conftest import LiveServer
from tests.support.world import World

pytestmark = pytest.mark.browser
PASSWORD = "en lång mening att minnas"
SENTENCE = "Kallelsen till ett möte kom så sent att rätt person inte kunde delta."
WIDTHS = (1280, 390)


@dataclass
class Walk:
    """People with browsers of their own on one running server."""

    server: LiveServer
    browser: Any
    pictures: Path
    scripts: bool = True
    pages: dict[str, Any] = field(default_factory=dict)
    contexts: list[Any] = field(default_factory=list)

    def as_(self, who: str) -> Any:
        """The page of a logged-in person (the key of tests/support/world.py)."""
        if who not in self.pages:
            context = self.browser.new_context(
                locale="sv-SE", timezone_id="Europe/Stockholm", java_script_enabled=self.scripts,
                viewport={"width": 1280, "height": 900},
            )  # fmt: skip
            self.contexts.append(context)
            page = context.new_page()
            page.goto(f"{self.server.url}/logga-in")
            page.locator("input[type=email]").fill(f"{who}@example.org".lower())
            page.locator("input[type=password]").fill(PASSWORD)
            page.locator("main button").click()
            page.wait_for_url(f"{self.server.url}/")
            self.pages[who] = page
        return self.pages[who]

    def look(self, page: Any, name: str) -> None:
        """A picture at both widths, and what axe says; sideways scrolling is a fault too."""
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 900})
            page.screenshot(path=str(self.pictures / f"{name}-{width}.png"), full_page=True)
            if self.scripts:
                found = Axe().run(page).response["violations"]
                assert not found, (name, width, [(v["id"], v["nodes"][0]["html"]) for v in found])
                assert page.evaluate("document.documentElement.scrollWidth") <= width, (name, width)
        page.set_viewport_size({"width": 1280, "height": 900})

    def step(self, page: Any, link: str, fill: dict[str, str], button: str, pick: tuple[str, ...] = ()) -> None:
        """Follow a link on a case, fill in by label, choose radios, send."""
        page.get_by_role("link", name=link, exact=True).click()
        for label in pick:
            page.get_by_label(label, exact=True).check()
        for label, text in fill.items():
            page.get_by_label(label).first.fill(text)
        page.get_by_role("button", name=button, exact=True).click()

    def open(self, who: str, number: str) -> Any:
        """The case page, found as people find it: in the work list."""
        page = self.as_(who)
        page.goto(f"{self.server.url}/arenden?flik=enheten")
        if not page.get_by_role("link", name=number).count():
            page.goto(f"{self.server.url}/sok?q={number}")
        page.get_by_role("link", name=number).first.click()
        return page


@pytest.fixture
def walk(live_server: LiveServer, browser: Any, tmp_path: Path) -> Iterator[Walk]:
    walk = Walk(live_server, browser, tmp_path)
    yield walk
    for context in walk.contexts:
        context.close()


def settle(server: LiveServer, people: Callable[[World], None]) -> World:
    """A real pack and people who can log in."""
    with server.app.app_context():
        world = World.of(db.session(), datetime.now(UTC))
        people(world)
        for key in world.people:
            world.user(key).password_hash = hash_password(PASSWORD)
        db.session.commit()
        db.session.remove()
    return world


def newest(server: LiveServer) -> str:
    with server.app.app_context():
        return db.session.scalars(select(Avvikelse.number).order_by(Avvikelse.id.desc())).first() or ""


def test_jh_01_from_report_to_the_groups_month(walk: Walk) -> None:
    def people(world: World) -> None:
        world.reporter("bup-behandling", "larsson")
        world.chef("chef-skola-2380")
        world.samordnare("region-jh")
        world.convenor("birger")

    settle(walk.server, people)
    bup = walk.as_("larsson")
    walk.look(bup, "start")
    bup.get_by_role("link", name="Rapportera", exact=True).last.click()
    bup.get_by_role("button", name="Granska och skicka").click()
    assert bup.get_by_text("Skriv vad som hände.").count()
    walk.look(bup, "fel")
    bup.get_by_label("Vem gäller det?").fill("Grundskolorna Östersund")
    bup.keyboard.press("ArrowDown")
    bup.keyboard.press("Enter")
    bup.get_by_label("Vad hände?").fill("Kallelsen till SIP kom tre dagar före mötet, så vår läkare kunde inte komma.")
    bup.get_by_label("Det blev krångligare").check()
    walk.look(bup, "rapport")
    bup.get_by_role("button", name="Granska och skicka").click()
    assert "Skickas till områdeschef grundskola" in bup.content()
    walk.look(bup, "granska")
    bup.get_by_role("button", name="Skicka", exact=True).click()
    number = newest(walk.server)
    assert number in bup.content()
    walk.look(bup, "kvitto")

    rektor = walk.open("chef-skola-2380", number)
    walk.look(rektor, "arende-hos-chef")
    walk.step(rektor, "Fråga rapportören", {"Text": "Hur skickades kallelsen?"}, "Skicka frågan")
    bup.goto(f"{walk.server.url}/mina-rapporter")
    bup.get_by_role("link", name=number).click()
    walk.look(bup, "fraga-till-rapportor")
    walk.step(bup, "Svara på frågan", {"Text": "Med vanlig post."}, "Skicka svaret")
    rektor = walk.open("chef-skola-2380", number)
    walk.step(
        rektor,
        "Lägg till en åtgärd",
        {"Vad ska ni göra?": "Ny mall för kallelser.", "Klar senast": "2031-01-31"},
        "Spara åtgärden",
    )
    rektor.get_by_role("link", name="Svara rapportören").click()
    walk.look(rektor, "svara")
    rektor.get_by_label("Vad hände hos oss?").fill("Kallelsen blev liggande hos oss.")
    rektor.get_by_label("Vad gör vi nu?").fill("Vi kallar minst tio dagar före.")
    rektor.get_by_role("button", name="Skicka svaret").click()
    bup.reload()
    walk.look(bup, "svar-till-rapportor")
    walk.step(bup, "Hjälpte svaret?", {}, "Skicka", pick=("Ja",))
    assert "Ärendet är besvarat och avslutat." in bup.content()

    samordnare = walk.open("samordnare-region-jh", number)
    walk.step(samordnare, "Skriv gruppmening", {"Gruppmening": SENTENCE}, "Spara meningen")
    walk.look(samordnare, "arende-hos-samordnare")
    convenor = walk.as_("sammankallande-birger")
    convenor.goto(f"{walk.server.url}/grupper")
    convenor.get_by_role("link", name="Birger").first.click()
    walk.look(convenor, "manad")
    assert SENTENCE in convenor.content()
    assert number not in convenor.content()
    assert "tre dagar före mötet" not in convenor.content()


def test_the_ways_that_leave_it_without_scripts(walk: Walk) -> None:
    walk.scripts = False

    def people(world: World) -> None:
        world.reporter("skola-2380", "larare")
        for chef in ("chef-skola-2380", "chef-bup-behandling", "chef-soc-2380"):
            world.chef(chef)
        world.samordnare("kommun-2380/utbildning")

    world = settle(walk.server, people)
    numbers = {name: file(walk, world, counterpart) for name, counterpart in (
        ("avböjd", "bup-behandling"), ("studsar", "bup-behandling"), ("samtal", "bup-behandling"),
        ("återtagen", "bup-behandling"), ("tas inte upp", None),
    )}  # fmt: skip

    page = walk.open("chef-bup-behandling", numbers["avböjd"])
    walk.step(
        page,
        "Inte vårt ansvar, vi föreslår någon annan",
        {"Varför är det inte ert ansvar?": "Det gäller stöd i hemmet."},
        "Skicka till samordnaren",
    )
    assert status(walk, numbers["avböjd"]) == "submitted"

    for chef, to in (("chef-bup-behandling", "Socialtjänsten barn, ungdom"), ("chef-soc-2380", "BUP utredning")):
        page = walk.open(chef, numbers["studsar"])
        page.get_by_role("link", name="Lämna över till någon annan").click()
        choose(page, "Vem ska få ärendet?", to)
        page.get_by_label("Varför lämnar du över?").fill("Det ligger hos er.")
        page.get_by_role("button", name="Lämna över", exact=True).click()
    assert status(walk, numbers["studsar"]) == "disputed"
    walk.look(walk.open("chef-soc-2380", numbers["studsar"]), "loses-tillsammans")

    page = walk.open("chef-skola-2380", numbers["samtal"])
    walk.step(
        page,
        "Löst i samtal",
        {"Vad kom ni fram till?": "Vi ringer varandra.", "Text till rapportören": "Cheferna har löst det."},
        "Be den andra sidan bekräfta",
    )
    page = walk.open("chef-bup-behandling", numbers["samtal"])
    walk.step(page, "Stämmer det att det är löst?", {}, "Skicka", pick=("Ja, det är löst",))
    assert status(walk, numbers["samtal"]) == "answered"

    page = walk.as_("larare")
    page.goto(f"{walk.server.url}/mina-rapporter")
    page.get_by_role("link", name=numbers["återtagen"]).click()
    walk.step(page, "Ta tillbaka rapporten", {}, "Ta tillbaka")
    assert status(walk, numbers["återtagen"]) == "closed"

    page = walk.open("samordnare-kommun-2380-utbildning", numbers["tas inte upp"])
    walk.step(
        page,
        "Tas inte upp här",
        {"Text till rapportören": "Tack. Det här gäller skolan själv."},
        "Avsluta",
        pick=("Gäller inte samverkan mellan parter",),
    )
    assert status(walk, numbers["tas inte upp"]) == "closed"


def file(walk: Walk, world: World, counterpart: str | None) -> str:
    """File a report through the form, without scripts."""
    page = walk.as_("larare")
    page.goto(f"{walk.server.url}/rapportera")
    if counterpart is None:
        page.get_by_label("Vem gäller det?").select_option("vet-inte")
    else:
        choose(page, "Vem gäller det?", "BUP utredning och behandling")
    page.get_by_label("Vad hände?").fill("Vi har skickat frågan flera gånger och ingen tar den.")
    page.get_by_label("Hjälpen dröjde veckor").check()
    page.get_by_role("button", name="Granska och skicka").click()
    page.get_by_role("button", name="Skicka", exact=True).click()
    assert "Tack, rapporten är mottagen" in page.content()
    return newest(walk.server)


def choose(page: Any, label: str, beginning: str) -> None:
    """Choose the first option that begins so."""
    control = page.get_by_label(label)
    options = control.locator("option").all_text_contents()
    control.select_option(label=next(text for text in options if text.startswith(beginning)))


def status(walk: Walk, number: str) -> str:
    with walk.server.app.app_context():
        return db.session.scalars(select(Avvikelse.status).where(Avvikelse.number == number)).one().value
