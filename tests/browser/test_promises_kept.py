"""Does the measure work, was the orosanmälan answered, has the child support today: MS8, MS12 and MS24 in a browser.

The scene is set through services; browsed are the steps that a person does. tests/scenarios holds the same on both
databases through HTTP.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from functools import partial
from typing import Any

import pytest

from avvikelse.domain.vocabulary import AnswerKind, Rating
from avvikelse.services import answers, atgarder, effects, handling
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
        world.unit("soc-2380").phone = "063-12 34 56"

    told.people = dict(settle(live_server, people, clock.now).people)
    yield told
    told.walk.leave()


def reports(who: str, about: str, world: World, **said: Any) -> None:
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
