"""The main job in a real browser: JH-01 with scripts, the ways that leave it without. axe on every page."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import select

from avvikelse.models.avvikelse import Avvikelse
from avvikelse.models.base import db
from tests.conftest import LiveServer
from tests.support.pressing import press
from tests.support.walking import Walk, choose, newest, settle
from tests.support.world import World

pytestmark = pytest.mark.browser
SENTENCE = "Kallelsen till ett möte kom så sent att rätt person inte kunde delta."


@pytest.fixture
def walk(live_server: LiveServer, browser: Any) -> Iterator[Walk]:
    walk = Walk(live_server, browser)
    yield walk
    walk.leave()


def test_jh_01_from_report_to_the_groups_month(walk: Walk) -> None:
    def people(world: World) -> None:
        world.reporter("bup-behandling", "larsson")
        world.chef("chef-skola-2380")
        world.samordnare("region-jh")
        world.convenor("birger")

    settle(walk.server, people)
    bup = walk.as_("larsson")
    walk.look(bup, "start")
    press(bup.get_by_role("link", name="Rapportera", exact=True).last)
    press(bup.get_by_role("button", name="Granska och skicka"))
    assert bup.get_by_text("Skriv vad som hände.").count()
    walk.look(bup, "fel")
    bup.get_by_label("Vem gäller det?").fill("Grundskolorna Östersund")
    bup.keyboard.press("ArrowDown")
    bup.keyboard.press("Enter")
    bup.get_by_label("Vad hände?").fill("Kallelsen till SIP kom tre dagar före mötet, så vår läkare kunde inte komma.")
    bup.get_by_label("Det blev krångligare").check()
    walk.look(bup, "rapport")
    press(bup.get_by_role("button", name="Granska och skicka"))
    assert "Skickas till områdeschef grundskola" in bup.content()
    walk.look(bup, "granska")
    press(bup.get_by_role("button", name="Skicka", exact=True))
    number = newest(walk.server)
    assert number in bup.content()
    walk.look(bup, "kvitto")

    rektor = walk.open("chef-skola-2380", number)
    walk.look(rektor, "arende-hos-chef")
    walk.step(rektor, "Fråga rapportören", {"Din fråga": "Hur skickades kallelsen?"}, "Skicka frågan")
    bup.goto(f"{walk.server.url}/mina-rapporter")
    press(bup.get_by_role("link", name=number))
    walk.look(bup, "fraga-till-rapportor")
    walk.step(bup, "Svara på frågan", {"Ditt svar": "Med vanlig post."}, "Skicka svaret")
    rektor = walk.open("chef-skola-2380", number)
    walk.step(
        rektor,
        "Lägg till en åtgärd",
        {"Vad ska ni göra?": "Ny mall för kallelser.", "Klar senast": "2031-01-31"},
        "Spara åtgärden",
    )
    press(rektor.get_by_role("link", name="Svara rapportören"))
    walk.look(rektor, "svara")
    rektor.get_by_label("Vad hände hos oss?").fill("Kallelsen blev liggande hos oss.")
    rektor.get_by_label("Vad gör vi nu?").fill("Vi kallar minst tio dagar före.")
    press(rektor.get_by_role("button", name="Skicka svaret"))
    bup.reload()
    walk.look(bup, "svar-till-rapportor")
    walk.step(bup, "Säg om du fick svar", {}, "Skicka", pick=("Ja",))
    assert "Ärendet är besvarat och avslutat." in bup.content()

    samordnare = walk.open("samordnare-region-jh", number)
    walk.step(samordnare, "Skriv gruppmening", {"Gruppmening": SENTENCE}, "Spara meningen")
    walk.look(samordnare, "arende-hos-samordnare")
    convenor = walk.as_("sammankallande-birger")
    convenor.goto(f"{walk.server.url}/grupper")
    press(convenor.get_by_role("link", name="Birger").first)
    press(convenor.get_by_role("link", name="Månaden").first)
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
        press(page.get_by_role("link", name="Lämna över till någon annan"))
        choose(page, "Vem ska få ärendet?", to)
        page.get_by_label("Varför lämnar du över?").fill("Det ligger hos er.")
        press(page.get_by_role("button", name="Lämna över", exact=True))
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
    press(page.get_by_role("link", name=numbers["återtagen"]))
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
    press(page.get_by_role("button", name="Granska och skicka"))
    press(page.get_by_role("button", name="Skicka", exact=True))
    assert "Tack, rapporten är mottagen" in page.content()
    return newest(walk.server)


def status(walk: Walk, number: str) -> str:
    with walk.server.app.app_context():
        return db.session.scalars(select(Avvikelse.status).where(Avvikelse.number == number)).one().value
