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
        world.samordnare("region-jh")
        world.huvudman("region-jh").answers_checked = True

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
    taken_back_and_read_first(walk, numbers["avböjd"])

    for chef, to in (("chef-bup-behandling", "Socialtjänsten barn, ungdom"), ("chef-soc-2380", "BUP utredning")):
        page = walk.open(chef, numbers["studsar"])
        press(page.get_by_role("link", name="Lämna över till någon annan"))
        choose(page, "Vem ska få ärendet?", to)
        page.get_by_label("Varför lämnar du över?").fill("Det ligger hos er.")
        press(page.get_by_role("button", name="Lämna över", exact=True))
    assert status(walk, numbers["studsar"]) == "disputed"
    walk.look(walk.open("chef-soc-2380", numbers["studsar"]), "loses-tillsammans")
    in_the_room(walk, numbers["studsar"])

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
        {"Text till rapportören": "Tack. Det här gäller skolan."},
        "Avsluta",
        pick=("Gäller inte samverkan mellan parter",),
    )
    assert status(walk, numbers["tas inte upp"]) == "closed"


def taken_back_and_read_first(walk: Walk, number: str) -> None:
    """The manager regrets her "inte vårt ansvar" and answers; a samordnare gives it back once, then sends it."""
    bup = walk.as_("chef-bup-behandling")
    bup.goto(f"{walk.server.url}/arenden?flik=lamnade")
    press(bup.get_by_role("link", name=number))
    walk.look(bup, "arende-som-lamnats")
    press(bup.get_by_role("link", name="Ta tillbaka ärendet"))
    walk.look(bup, "ta-tillbaka")
    press(bup.get_by_role("button", name="Ja, ta tillbaka ärendet"))
    assert status(walk, number) == "assigned"
    press(walk.open("chef-bup-behandling", number).get_by_role("button", name="Ta emot"))
    for words, verdict in (
        ("Vi missade.", "Inte än, lämna tillbaka det"),
        ("Vi hörde inte av oss.", "Ja, skicka svaret"),
    ):
        press(walk.open("chef-bup-behandling", number).get_by_role("link", name="Svara rapportören"))
        for part in ("Orsak:", "Åtgärd:", "Konsekvens:", "Uppföljning:", "Varför behövs ingen åtgärd?"):
            bup.get_by_label(part).fill(words)
        press(bup.get_by_role("button", name="Skicka svaret"))
        region = walk.open("samordnare-region-jh", number)
        press(region.get_by_role("link", name="Läs svaret innan det skickas"))
        walk.look(region, "las-svaret")
        region.get_by_label(verdict).check()
        region.get_by_label("Vad behöver bli bättre?").fill("Skriv vad som hände.")
        press(region.get_by_role("button", name="Skicka", exact=True))
    assert status(walk, number) == "answered"


def in_the_room(walk: Walk, number: str) -> None:
    """Both answer; they share a cost, agree, and plan a talk without the family."""
    both = ("chef-bup-behandling", "chef-soc-2380")
    rooms = []
    for chef in both:
        page = walk.open(chef, number)
        press(page.get_by_role("link", name="Gå till det gemensamma rummet"))
        rooms.append(page)
        for label in ("Vad kan vi bidra med?", "Vad behöver barnet?", "Vad hindrar oss?"):
            page.get_by_label(label).fill("Vi kan vara med från första mötet.")
        press(page.get_by_role("button", name="Skicka svaren"))
    bup, soc = rooms
    bup.reload()
    bup.locator("summary", has_text="Behöver ni dela en kostnad?").click()
    bup.get_by_label("50 000–200 000 kronor om året").check()
    bup.get_by_label("Hur stor del betalar ni?").fill("40")
    press(bup.get_by_role("button", name="Spara kostnaden"))
    walk.look(bup, "rummet-med-pengar")
    bup.locator("summary", has_text="Föreslå en avstämning").click()
    for label in ("Både ansvar och pengar", "Telefon"):
        bup.get_by_label(label, exact=True).check()
    bup.get_by_label("Dag för avstämningen").fill("2031-01-31")
    press(bup.get_by_role("button", name="Föreslå dagen"))
    soc.reload()
    press(soc.get_by_role("button", name="Dagen passar oss"))
    for page in rooms:
        page.reload()
        page.get_by_label("Nämnden eller styrelsen").check()
        page.get_by_label("Beslut senast").fill("2031-02-28")
        press(page.get_by_role("button", name="Spara vem som beslutar"))
        page.get_by_label("Vad tar ni på er?").fill("Vi kallar och håller i mötet.")
        page.get_by_label("Vilken roll gör det?").fill("Enhetschefen")
        page.get_by_label("Till vilken dag?").fill("2031-01-31")
        press(page.get_by_role("button", name="Spara åtagandet"))
    walk.look(soc, "rummet-dagen-passar")
    for page in rooms:
        page.reload()
        press(page.get_by_role("button", name="Vi är överens"))
    walk.look(soc, "rummet-overens")
    assert status(walk, number) == "in_progress"


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
