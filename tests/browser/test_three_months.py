"""A group learns, in a real browser: reports, a sign, a theme, a decision, its way back, a measure, a new sign.

February: seven report the same, two of them here in the browser, one without account. March: the group confirms the
pattern, meets and decides; everybody behind it reads so. The spring: the measure is in place and asked about, the
decision is carried out. July: the sign has changed. One clock for the server and the test.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from avvikelse.domain.vocabulary import AnswerKind, Extent, Rating
from avvikelse.models.avvikelse import Avvikelse
from avvikelse.services import answers, handling, triage
from avvikelse.services.answers import AnswerText
from tests.conftest import Clock, LiveServer
from tests.support.pressing import press
from tests.support.walking import Story, Walk, newest, settle
from tests.support.world import World
from tests.unit.test_pdf import accessible

pytestmark = pytest.mark.browser
QUIET = [datetime(2025, month, 10, 9, tzinfo=UTC) for month in range(3, 13)] + [datetime(2026, 1, 13, 9, tzinfo=UTC)]
CODE = re.compile(r"\d{4} \d{4} \d{4} \d{4}")
SENTENCES = (
    "Kallelsen till SIP kom tre dagar före mötet, så läkaren kunde inte delta.",
    "Kallelsen till SIP-mötet kom fyra dagar före, och rätt person kunde inte delta.",
    "Kallelsen till SIP kom två dagar före mötet, och ingen ersättare kunde delta.",
    "Kallelsen till SIP kom så sent före mötet att behandlaren inte kunde delta.",
    "Kallelsen till SIP kom dagen före mötet, och den ansvariga kunde inte delta.",
    "Kallelsen till SIP-mötet kom tre dagar före, så ingen kunde delta.",
    "Kallelsen till SIP kom för sent före mötet, så läkaren kunde inte delta.",
)
QUESTION = "Hur långt före ett SIP-möte ska kallelsen komma?"
DECIDED = "Kallelsen till SIP skickas minst tio arbetsdagar före mötet."
QUICK = AnswerText(AnswerKind.QUICK, what_happened="Kallelsen kom sent hos oss.", what_now="Vi ser över hur vi kallar.")


@dataclass
class GroupStory(Story):
    """The same, with the documents of a group."""

    def document(self, page: Any, link: str) -> None:
        """The PDF behind a link: accessible."""
        with page.expect_download() as waited:
            page.get_by_role("link", name=link, exact=True).click()
        accessible(Path(waited.value.path()).read_bytes())


@pytest.fixture
def story(live_server: LiveServer, browser: Any, clock: Clock) -> Iterator[GroupStory]:
    told = GroupStory(Walk(live_server, browser), clock)
    clock.move(to=QUIET[0])

    def people(world: World) -> None:
        world.reporter("beh-2380", "elevhalsan")
        world.reporter("narvaroteam-2380", "narvaro")
        world.reporter("skola-2380", "larare")
        world.chef("chef-bup-behandling")
        world.samordnare("region-jh")
        world.samordnare("kommun-2380/utbildning")
        world.convenor("birger")

    world = settle(live_server, people, clock.now)
    told.people = dict(world.people)
    yield told
    told.walk.leave()


def test_a_group_sees_decides_tells_and_sees_that_it_changed(story: GroupStory) -> None:
    for day in QUIET:
        story.clock.move(to=day)
        story.does(a_quiet_month)
    code, number = february(story)
    march(story)
    told_back(story, number, code)
    spring(story, number)
    july(story)


# --- the months -------------------------------------------------------------------------------------------------------


def february(story: GroupStory) -> tuple[str, str]:
    """Seven reports about late calls. Returns the code of the one without account, and the number of the other."""
    walk = story.walk
    story.on(datetime(2026, 2, 10, 9, tzinfo=UTC))
    page = story.go("elevhalsan", "/rapportera")
    pick(page, "Vem gäller det?", "BUP utredning")
    page.get_by_label("Vad hände?").fill("Vi fick kallelsen tre dagar före SIP-mötet och hann inte kalla in någon.")
    page.get_by_label("Det blev krångligare").check()
    page.locator("summary", has_text="Mer om du vill").click()
    pick(page, "Vad handlar det om?", "Kallelse med kort")
    press(page.get_by_role("button", name="Granska och skicka"))
    press(page.get_by_role("button", name="Skicka", exact=True))
    number = newest(walk.server)
    assert number in page.content()

    page = walk.nobody()
    page.goto(f"{walk.server.url}/utan-konto/jamtland-harjedalen/rapport")
    pick(page, "Vem gäller det?", "BUP utredning")
    page.get_by_label("Vad hände?").fill("Vi på fritidsgården fick kallelsen dagen före mötet.")
    page.get_by_label("Det blev krångligare").check()
    page.get_by_label("Barnets kommun").select_option(label="Östersund")
    press(page.get_by_role("button", name="Granska och skicka"))
    press(page.get_by_role("button", name="Skicka"))
    found = CODE.search(page.locator(".av-receipt__number").inner_text())
    assert found

    story.does(distributed)
    for day, who in ((11, "narvaro"), (12, "elevhalsan"), (16, "narvaro"), (18, "elevhalsan"), (20, "narvaro")):
        story.clock.move(to=datetime(2026, 2, day, 9, tzinfo=UTC))
        story.does(partial(a_report, who=who))
    story.does(sentences)
    return found.group(), number


def march(story: GroupStory) -> None:
    """The sign, the pattern, the question, the meeting, the decision, the minutes."""
    walk = story.walk
    story.on(datetime(2026, 3, 6, 8, tzinfo=UTC))
    story.job("find_patterns")
    story.job("publish_months")
    page = the_month(story, "2026-02")
    text = words(page)
    assert "Fastställd 6 mars 2026" in text
    assert "”Kallelse med kort varsel” rapporteras oftare än väntat." in text
    walk.look(page, "1-tecken-februari")

    press(page.get_by_role("link", name="Birger").first)
    press(page.get_by_role("link", name="Teman", exact=True))
    press(page.get_by_role("link", name="Bekräfta eller avfärda").first)
    page.get_by_label("Det nya temats namn").fill("Sena kallelser till SIP")
    page.get_by_label("Problemet i en mening").fill("Kallelser till SIP kommer så sent att rätt person inte kan delta.")
    page.get_by_label("Vem håller i temat?").fill("Verksamhetschef BUP")
    walk.look(page, "2-monster")
    press(page.get_by_role("button", name="Bekräfta", exact=True))
    walk.look(page, "3-tema")
    walk.step(page, "Gör till en fråga till gruppen", {"Frågan": QUESTION}, "Spara frågan")
    press(page.get_by_role("link", name="Möten", exact=True))
    when = {"Vilken dag?": "2026-03-18", "Klockan": "13.00", "Var?": "Rådhuset"}
    walk.step(page, "Sätt dag för ett möte", when, "Spara mötet")
    assert QUESTION in words(page)  # the agenda has built itself
    story.job("meeting_papers")
    page.reload()
    press(page.get_by_role("link", name="Underlag").first)
    walk.look(page, "4-underlag")
    story.document(page, "PDF")

    story.on(datetime(2026, 3, 18, 13, tzinfo=UTC))
    page = the_meeting(story, "18 mars 2026")
    walk.step(page, "Öppna mötet", {}, "Öppna mötet")
    press(page.get_by_role("link", name=QUESTION, exact=True))
    page.get_by_label("Vad beslutar gruppen?").fill(DECIDED)
    page.get_by_label("Vad ändras i vardagen?").fill("Ni hinner ordna en ersättare före mötet.")
    page.get_by_label("Vem ansvarar för att det blir gjort?").fill("Verksamhetschef BUP")
    page.get_by_label("När ska det vara klart?").fill("2026-04-15")
    page.get_by_label("Publicera beslutet nu").uncheck()
    press(page.get_by_role("button", name="Spara beslutet"))
    page = the_meeting(story, "18 mars 2026")
    attend(page)
    walk.look(page, "5-mote")
    walk.step(page, "Avsluta mötet", {}, "Avsluta mötet")
    press(page.get_by_role("link", name="Läs igenom och publicera protokollet"))
    walk.look(page, "6-protokoll")
    press(page.get_by_role("button", name="Publicera protokollet"))
    assert "Protokollet är publicerat" in words(page)


def told_back(story: GroupStory, number: str, code: str) -> None:
    """Every reporter reads the decision: with an account, with the code; and all staff on the board."""
    walk = story.walk
    story.job("make_board")
    page = story.go("elevhalsan", "/mina-rapporter")
    press(page.get_by_role("link", name=number).first)
    assert "Så här beslutade gruppen" in words(page)
    assert DECIDED in words(page)
    walk.look(page, "7-rapportoren")

    page = walk.nobody()
    page.goto(f"{walk.server.url}/utan-konto/folj/sv")
    page.locator("input[name=code]").fill(code)
    press(page.locator("main form button"))
    assert DECIDED in words(page)
    assert code not in page.url
    walk.look(page, "8-med-kod")

    page = story.go("larare", "/laget/jamtland-harjedalen")
    assert DECIDED in words(page)
    assert "Sena kallelser till SIP" in words(page)
    walk.look(page, "9-laget")
    press(page.get_by_role("link", name=DECIDED, exact=True))
    assert "18 rapporter ligger bakom" in words(page)
    assert number not in page.content()


def spring(story: GroupStory, number: str) -> None:
    """The measure is in place, the decision is carried out, and both are asked about."""
    walk = story.walk
    story.on(datetime(2026, 3, 25, 9, tzinfo=UTC))
    story.does(accepted)
    page = walk.open("chef-bup-behandling", number)
    walk.step(
        page, "Lägg till en åtgärd", {"Vad ska ni göra?": "Ny rutin för kallelser.", "Klar senast": "2026-03-31"},
        "Spara åtgärden",
    )  # fmt: skip
    page.goto(f"{walk.server.url}/atgarder")
    press(page.get_by_role("link", name="Ny rutin").first)
    done = {"Sedan när är åtgärden på plats?": "2026-03-25", "Vad är ändrat?": "Kallelser går ut tio dagar före."}
    walk.step(page, "Åtgärden är på plats", done, "Spara")
    story.does(answered)

    story.on(datetime(2026, 4, 10, 9, tzinfo=UTC))
    page = story.go("sammankallande-birger", "/grupper")
    press(page.get_by_role("link", name="Birger").first)
    press(page.get_by_role("link", name=DECIDED).first)
    walk.step(page, "Det är genomfört", {"Vad är gjort?": "Rutinen gäller i hela länet."}, "Spara")
    walk.look(page, "10-genomfort")

    story.on(datetime(2026, 6, 24, 9, tzinfo=UTC))
    story.job("ask_effects")
    page = story.go("chef-bup-behandling", "/atgarder?flik=folj-upp")
    press(page.get_by_role("link", name="Ny rutin").first)
    seen = {"Vad bygger du det på?": "Vi räknade alla kallelser under två månader."}
    walk.step(page, "Fungerar åtgärden?", seen, "Spara", pick=("Ja, den fungerar",))
    page = story.go("elevhalsan", "/mina-rapporter")
    press(page.get_by_role("link", name=number).first)
    walk.step(page, "Har det hänt igen?", {}, "Skicka svaret", pick=("Nej",))
    assert "Rutinen gäller i hela länet." in words(page)


def july(story: GroupStory) -> None:
    """The sign has changed: the problem recurs no more, and the measure says that it has become rarer."""
    walk = story.walk
    story.on(datetime(2026, 7, 7, 8, tzinfo=UTC))
    story.job("publish_months")
    page = the_month(story, "2026-06")
    text = words(page)
    assert "Inga avvikelser rapporterades i juni." in text
    assert "oftare än väntat." not in page.locator(".av-headlines").inner_text()
    measures = page.locator("details", has_text="Minskade problemen efter åtgärderna?")
    assert "1 har minskat" in measures.inner_text()  # folded up, with its reading
    measures.locator("summary").click()
    assert "Kallelse med kort varsel" in measures.inner_text()
    walk.look(page, "11-tecken-juni")
    story.document(page, "PDF")


# --- beside the browser -----------------------------------------------------------------------------------------------


def a_report(world: World, who: str) -> Avvikelse:
    return world.report(world.actor(who), "bup-behandling", extent=Extent.ENSTAKA)


def a_quiet_month(world: World) -> None:
    """One report, answered and found helpful."""
    row = a_report(world, "elevhalsan")
    answer(world, row)
    answers.feedback(world.session, world.actor("elevhalsan"), row.ref, Rating.JA, "", now=world.now)
    say(world, row, f"Kallelsen till SIP kom {world.now.month} dagar före mötet, och rätt person kunde inte delta.")


def answer(world: World, row: Avvikelse) -> None:
    chef = world.actor("chef-bup-behandling")
    if row.accepted_at is None:
        handling.accept(world.session, chef, row.ref, now=world.now)
    answers.answer(world.session, chef, row.ref, QUICK, now=world.now)


def of_february(world: World) -> list[Avvikelse]:
    since = datetime(2026, 2, 1, tzinfo=UTC)
    return list(
        world.session.scalars(select(Avvikelse).where(Avvikelse.submitted_at >= since).order_by(Avvikelse.id)).all()
    )


def distributed(world: World) -> None:
    """The samordnare says what the report without account is about, and who is to answer it."""
    row, sam = of_february(world)[-1], world.actor("samordnare-region-jh")
    handling.recode(world.session, sam, row.ref, category="A2", severity=row.severity, now=world.now)
    triage.assign(world.session, sam, row.ref, world.receiver("chef-bup-behandling"), now=world.now)


def sentences(world: World) -> None:
    for row, sentence in zip(of_february(world), SENTENCES, strict=True):
        say(world, row, sentence)


def say(world: World, row: Avvikelse, sentence: str) -> None:
    """What the group reads, by the reporting side's samordnare; where there is none, by the other's."""
    sam = "samordnare-kommun-2380-utbildning" if row.reporter_user_id else "samordnare-region-jh"
    triage.write_gruppmening(world.session, world.actor(sam), row.ref, sentence, now=world.now)


def accepted(world: World) -> None:
    for row in of_february(world):
        if row.accepted_at is None:
            handling.accept(world.session, world.actor("chef-bup-behandling"), row.ref, now=world.now)


def answered(world: World) -> None:
    for row in of_february(world):
        answer(world, row)


# --- in the browser ---------------------------------------------------------------------------------------------------


def pick(page: Any, label: str, beginning: str) -> None:
    """Choose in a list that is searched by typing."""
    page.get_by_label(label).first.fill(beginning)
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")


def words(page: Any) -> str:
    return " ".join(page.locator("main").inner_text().split())


def the_month(story: GroupStory, month: str) -> Any:
    """A month of the group as its convenor finds it."""
    page = story.go("sammankallande-birger", "/grupper")
    press(page.get_by_role("link", name="Birger").first)
    press(page.get_by_role("link", name="Månaden", exact=True))
    press(page.locator("a[rel=prev]"))
    assert month in page.url
    return page


def the_meeting(story: GroupStory, day: str) -> Any:
    page = story.go("sammankallande-birger", "/grupper")
    press(page.get_by_role("link", name="Birger").first)
    press(page.get_by_role("link", name="Möten", exact=True))
    press(page.get_by_role("link", name=day).first)
    return page


def attend(page: Any) -> None:
    """Everybody came but one."""
    press(page.get_by_role("link", name="Fyll i närvaro").first)
    for box in page.get_by_label("Närvarande", exact=True).all():
        box.check()
    page.get_by_label("Saknades", exact=True).last.check()
    press(page.get_by_role("button", name="Spara närvaron"))
