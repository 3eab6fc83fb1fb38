"""Does the measure work, was the orosanmälan answered, has the child support today, whose is it, and who answers for
whoever is away: MS8, MS12, MS24, MS2 and MS5 in a browser.

The scene is set through services; browsed are the steps that a person does. tests/scenarios holds the same on both
databases through HTTP.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from functools import partial
from typing import Any

import pytest
from sqlalchemy import select

from avvikelse.domain.vocabulary import AnswerKind, Rating
from avvikelse.models.agreements import Avtal, Avtalspunkt
from avvikelse.services import answers, atgarder, effects, handling, organisation, succession
from avvikelse.services.answers import AnswerText
from tests.conftest import Clock, LiveServer
from tests.support.pressing import press
from tests.support.walking import Story, Walk, newest, settle
from tests.support.world import World

pytestmark = [pytest.mark.browser, pytest.mark.one_database]
WINTER = datetime(2026, 1, 14, 9, tzinfo=UTC)
SPRING = datetime(2026, 4, 16, 9, tzinfo=UTC)  # 92 days later
CHANGED = "Kallelser går nu till funktionsbrevlådan tio dagar före mötet."
QUICK = AnswerText(AnswerKind.QUICK, what_happened="Kallelsen låg hos en person.", what_now="Vi byter brevlåda.")


@pytest.fixture
def story(live_server: LiveServer, browser: Any, clock: Clock) -> Iterator[Story]:
    told = Story(Walk(live_server, browser), clock)
    clock.move(to=WINTER)

    def people(world: World) -> None:
        world.reporter("skola-2380", "larare")
        world.reporter("forskola-2380", "forskollarare")
        world.chef("chef-bup-behandling")
        world.chef("chef-skola-2380")
        world.chef("chef-soc-2380")
        world.chef("chef-bup-mottagning")
        world.chef("chef-barnhab")
        world.samordnare("kommun-2380/utbildning")
        world.convenor("birger")
        world.unit("soc-2380").phone = "063-12 34 56"

    told.people = dict(settle(live_server, people, clock.now).people)
    yield told
    told.walk.leave()


def reports(who: str, about: str | None, world: World, **said: Any) -> None:
    world.report(world.actor(who), about, **said)


def in_place(world: World) -> int:
    """Reported, answered, said yes to; and what was promised is in place."""
    session, teacher, bup = world.session, world.actor("larare"), world.actor("chef-bup-behandling")
    case = world.report(teacher, "bup-behandling")
    handling.accept(session, bup, case.ref, now=world.now)
    atgard = atgarder.add(
        session, bup, case.ref, "M04", "Vi skaffar en funktionsbrevlåda.", date(2026, 2, 1), now=world.now
    )
    answers.answer(session, bup, case.ref, QUICK, now=world.now)
    answers.feedback(session, teacher, case.ref, Rating.JA, "", now=world.now)
    atgarder.do(session, bup, atgard.id, date(2026, 1, 14), CHANGED, now=world.now)
    return atgard.id


def test_the_owner_and_the_reporter_say_if_the_measure_works(story: Story) -> None:
    walk = story.walk
    atgard = story.does(in_place)
    number = newest(walk.server)
    story.on(SPRING)
    story.does(lambda world: effects.ask_due(world.session, world.now))

    teacher = walk.as_("larare")
    press(teacher.get_by_role("link", name="Säg om det har hänt igen").first)
    assert CHANGED in teacher.content()
    press(teacher.get_by_role("button", name="Skicka svaret"))
    assert teacher.get_by_text("Välj ett av svaren.").count()
    walk.look(teacher, "effekt-fraga")
    teacher.get_by_label("Ja, som förut").check()
    teacher.get_by_label("Vill du berätta mer?").fill("Kallelsen kom fem dagar före.")
    press(teacher.get_by_role("button", name="Skicka svaret"))

    bup = walk.as_("chef-bup-behandling")
    bup.goto(f"{walk.server.url}/atgarder?flik=folj-upp")
    press(bup.locator(f"a[href='/atgarder/{atgard}']").first)
    assert "tillfrågade: 1 som förut" in bup.inner_text("main")
    walk.look(bup, "effekt-atgard")
    press(bup.get_by_role("link", name="Fungerar åtgärden?"))
    bup.get_by_label("Delvis").check()
    press(bup.get_by_role("button", name="Spara"))
    assert bup.get_by_role("alert").count()  # what is it built on?
    walk.look(bup, "effekt-folj-upp")
    bup.get_by_label("Vad bygger du det på?").fill("Åtta av elva kallelser kom i tid.")
    press(bup.get_by_role("button", name="Spara"))

    walk.open("larare", number)
    assert "Åtta av elva kallelser kom i tid." in teacher.inner_text("main")
    walk.look(teacher, "effekt-rapportor")


def test_feedback_on_an_orosanmalan_is_three_buttons(story: Story) -> None:
    walk = story.walk
    story.does(partial(reports, "forskollarare", "soc-2380", category="E3", severity=2))
    number = newest(walk.server)
    soc = walk.open("chef-soc-2380", number)
    assert soc.get_by_role("link", name="Löst i samtal").count() == 0  # no own words
    press(soc.get_by_role("button", name="Ta emot"))
    press(soc.get_by_role("link", name="Svara rapportören"))
    assert soc.get_by_role("radio").count() == 3
    assert soc.locator("main textarea").count() == 0
    press(soc.get_by_role("button", name="Skicka svaret"))
    walk.look(soc, "orosanmalan-fel")
    soc.get_by_label("Vi hittar ingen anmälan, ring oss").check()
    press(soc.get_by_role("button", name="Skicka svaret"))
    preschool = walk.as_("forskollarare")
    walk.open("forskollarare", number)
    told = preschool.inner_text("main").replace("\N{NO-BREAK SPACE}", " ")  # the number stands on one line
    assert "ring oss: 063-12 34 56" in told
    walk.look(preschool, "orosanmalan-lases")


def test_the_manager_confirms_that_the_child_has_support(story: Story) -> None:
    walk = story.walk
    story.does(partial(reports, "larare", "bup-behandling", severity=3, child_waits=True))
    number = newest(walk.server)
    bup = walk.as_("chef-bup-behandling")
    walk.open("chef-bup-behandling", number)
    assert "Är det akut? Ring 112." in bup.inner_text("main")
    walk.look(bup, "allvarlig-arende")
    press(bup.get_by_role("link", name="Bekräfta", exact=True))
    walk.look(bup, "allvarlig-bekrafta")
    press(bup.get_by_role("button", name="Ja, jag har kontrollerat"))
    assert "Ansvarig chef har kontrollerat stödet" in bup.inner_text("main")
    walk.look(bup, "allvarlig-bekraftad")
    rektor = walk.as_("chef-skola-2380")  # the reporting side confirms for its own part, from its start page
    walk.look(rektor, "allvarlig-start")
    press(rektor.get_by_role("link", name="Har barnet stöd i dag?"))
    press(rektor.get_by_role("button", name="Ja, jag har kontrollerat"))
    rektor.goto(walk.server.url)
    assert rektor.get_by_role("link", name="Har barnet stöd i dag?").count() == 0


# --- whose it is, and who answers meanwhile ---------------------------------------------------------------------------

SAMORDNARE, CONVENOR = "samordnare-kommun-2380-utbildning", "sammankallande-birger"
BEHANDLING, MOTTAGNING, BARNHAB = "chef-bup-behandling", "chef-bup-mottagning", "chef-barnhab"
POINT = "Den som först får frågan ordnar ett möte inom tio arbetsdagar."
DECIDED = "Socialtjänsten ansvarar tills ett gemensamt möte har hållits."


def with_a_point(world: World) -> None:
    """A report to BUP, and a point of an avtal that a manager may lean on."""
    avtal = world.session.scalars(select(Avtal).where(Avtal.pack_id == world.pack.id).order_by(Avtal.id)).first()
    assert avtal is not None
    world.session.add(Avtalspunkt(pack_id=world.pack.id, slug="prov", avtal_id=avtal.id, number="9.7", text=POINT))
    reports("larare", "bup-behandling", world, severity=2)


def pick(page: Any, label: str, beginning: str) -> None:
    """Choose in a list that is searched by typing."""
    page.get_by_label(label).first.fill(beginning)
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")


def test_two_say_that_it_is_not_theirs_and_the_group_decides(story: Story) -> None:
    walk = story.walk
    story.does(with_a_point)
    number = newest(walk.server)
    bup = walk.open(BEHANDLING, number)
    case = bup.url.removeprefix(walk.server.url)
    press(bup.get_by_role("link", name="Inte vårt ansvar, vi föreslår någon annan"))
    bup.get_by_label("Varför är det inte ert ansvar?").fill("Det här ligger inte hos oss.")
    points = bup.get_by_label("Punkt i avtal eller rutin")
    points.select_option(points.locator("option", has_text="9.7").get_attribute("value"))
    press(bup.get_by_role("button", name="Skicka till samordnaren"))
    assert POINT in bup.inner_text("main")  # read before it is sent
    press(bup.get_by_role("button", name="Skicka till samordnaren"))

    sam = walk.open(SAMORDNARE, number)
    press(sam.get_by_role("link", name="Fördela till ansvarig chef"))
    pick(sam, "Vem ska få ärendet?", "Socialtjänsten barn, ungdom")
    press(sam.get_by_role("button", name="Fördela", exact=True))
    soc = walk.open("chef-soc-2380", number)
    press(soc.get_by_role("link", name="Inte vårt ansvar, vi föreslår någon annan"))
    assert POINT in soc.inner_text("main")  # what the other one leaned on
    soc.get_by_label("Varför är det inte ert ansvar?").fill("Inte heller vårt.")
    press(soc.get_by_role("button", name="Skicka till samordnaren"))

    bup = story.go(BEHANDLING, case)  # she changes her mind, in time: it is hers again, with the same days
    press(bup.get_by_role("link", name="Ta tillbaka ärendet"))
    walk.look(bup, "ta-tillbaka")
    press(bup.get_by_role("button", name="Ja, ta tillbaka ärendet"))
    assert "Du har ärendet igen." in bup.inner_text("main")
    press(bup.get_by_role("button", name="Ta emot"))
    walk.look(bup, "arendet-efter-aterkomst")
    assert bup.get_by_role("link", name="Svara rapportören").count()

    convenor = story.go(CONVENOR, "/grupper")
    press(convenor.get_by_role("link", name="Birger").first)
    press(convenor.get_by_role("link", name="Frågor", exact=True))
    assert convenor.get_by_role("heading", name="Luckor i ansvaret").count()
    assert "tagit tillbaka" in convenor.inner_text("main")
    walk.look(convenor, "lucka-i-ansvaret")
    press(convenor.get_by_role("link", name="Svara eller besluta").first)
    assert convenor.get_by_role("link", name="svara utan beslut").count() == 0
    convenor.get_by_label("Någon ansvarar").check()
    convenor.get_by_label("Vad beslutar gruppen?").fill(DECIDED)
    pick(convenor, "Vilken befattning ansvarar?", "Sektorchef barn ungdom")
    walk.look(convenor, "lucka-far-en-befattning")
    convenor.get_by_label("När ska det vara klart?").fill("2026-03-01")
    press(convenor.get_by_role("button", name="Spara beslutet"))
    press(convenor.get_by_role("link", name="Frågor", exact=True))
    assert convenor.get_by_role("heading", name="Luckor i ansvaret").count() == 0
    assert DECIDED in convenor.inner_text("main")


def chain(world: World) -> None:
    """Whoever stands in for BUP behandling has a substitute too."""
    world.position(MOTTAGNING).substitute_id = world.position(BARNHAB).id
    organisation.bump(world.session, world.pack.id)


def test_a_manager_and_her_substitute_are_away_and_the_case_has_an_owner(story: Story) -> None:
    walk = story.walk
    story.does(chain)
    for who, first in ((BEHANDLING, "2026-07-01"), (MOTTAGNING, "2026-07-05")):
        away = story.go(who, "/konto")
        press(away.get_by_role("link", name="frånvaro").first)
        away.get_by_label("Första dagen").fill(first)
        away.get_by_label("Sista dagen").fill("2026-07-21")
        press(away.get_by_role("button", name="Lägg in frånvaron"))
        assert away.get_by_text("Frånvaron är inlagd.").count()

    story.on(datetime(2026, 7, 6, 7, tzinfo=UTC))
    story.does(partial(reports, "larare", None, occurred_on=date(2026, 7, 6)))
    number = newest(walk.server)
    sam = walk.open(SAMORDNARE, number)
    press(sam.get_by_role("link", name="Fördela till ansvarig chef"))
    pick(sam, "Vem ska få ärendet?", "BUP behandling")
    press(sam.get_by_role("button", name="Fördela", exact=True))
    deputy = walk.open(BARNHAB, number)
    assert deputy.get_by_text("medan chefen är borta").count()
    assert deputy.inner_text("main").count(" → ") == 2
    walk.look(deputy, "ersattare-arende")
    press(deputy.get_by_role("button", name="Ta emot"))

    story.on(datetime(2026, 7, 22, 7, tzinfo=UTC))
    story.does(lambda world: succession.settle_all(world.session, now=world.now))
    back = walk.open(BEHANDLING, number)
    press(back.get_by_role("link", name="Ta över ärendet igen"))
    press(back.get_by_role("button", name="Jag svarar själv igen"))
    assert back.get_by_text("Du svarar själv för ärendet igen.").count()
    gone = story.go(BARNHAB, f"/sok?q={number}")
    assert gone.get_by_role("link", name=number).count() == 0
