"""Reports without account in a real browser: a phone without scripts, a call, a family in English.

The first walk is measured (tests/support/counted_walk.py).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import select

from avvikelse.domain.vocabulary import AnswerKind, Channel, Status
from avvikelse.models.avvikelse import Avvikelse
from avvikelse.models.base import db
from avvikelse.services import answers, dialogue, triage
from avvikelse.services.answers import AnswerText
from avvikelse.services.passwords import hash_password
from tests.conftest import LiveServer
from tests.support.counted_walk import STORY, Walk
from tests.support.pressing import press
from tests.support.world import World

pytestmark = pytest.mark.browser
PASSWORD = "en lång mening att minnas"
LAN = "/utan-konto/jamtland-harjedalen"
CODE = re.compile(r"\d{4} \d{4} \d{4} \d{4}")


@dataclass
class CodeWalk(Walk):
    """And with a code afterwards."""

    def code(self) -> str:
        found = CODE.search(self.page.locator(".av-receipt__number").inner_text())
        assert found
        return found.group()

    def follow(self, code: str, language: str = "sv") -> None:
        self.page.goto(f"{self.server.url}/utan-konto/folj/{language}")
        self.page.locator("input[name=code]").fill(code)
        press(self.page.locator("main form button"))
        assert code not in self.page.url


@pytest.fixture
def walk_of(live_server: LiveServer, browser: Any) -> Iterator[Any]:
    contexts = []

    def make(*, width: int = 360, scripts: bool = True) -> CodeWalk:
        context = browser.new_context(
            locale="sv-SE", timezone_id="Europe/Stockholm", java_script_enabled=scripts,
            viewport={"width": width, "height": 740},
        )  # fmt: skip
        contexts.append(context)
        return CodeWalk(live_server, context.new_page(), scripts)

    yield make
    for context in contexts:
        context.close()


class Desk:
    """What happens on the other side, through the services."""

    def __init__(self, server: LiveServer) -> None:
        self.server = server
        with server.app.app_context():
            world = World.of(db.session(), datetime.now(UTC))
            world.samordnare("region-jh")
            world.chef("chef-bup-behandling")
            for key in world.people:
                world.user(key).password_hash = hash_password(PASSWORD)
            self.people, self.pack_id = dict(world.people), world.pack.id
            db.session.commit()
            db.session.remove()

    def does(self, act: Any) -> Any:
        with self.server.app.app_context():
            from avvikelse.models.organisation import Pack

            world = World(db.session(), datetime.now(UTC), db.session().get_one(Pack, self.pack_id), self.people)
            row = db.session.scalars(select(Avvikelse).order_by(Avvikelse.id.desc())).first()
            found = act(world, row)
            db.session.commit()
            db.session.remove()
            return found

    def asks(self, world: World, row: Any) -> None:
        sam, chef = world.actor("samordnare-region-jh"), world.actor("chef-bup-behandling")
        triage.assign(world.session, sam, row.ref, world.receiver("chef-bup-behandling"), now=world.now)
        dialogue.ask(world.session, chef, row.ref, "Vem hade kallat till mötet?", now=world.now)

    def answers(self, world: World, row: Any) -> None:
        quick = AnswerText(AnswerKind.QUICK, what_happened="Kallelsen gick till fel adress.", what_now="Vi ändrar.")
        full = AnswerText(
            AnswerKind.FULL, orsak="Ingen hade ansvaret.", atgard="Vi utser en.", konsekvens="En kallar.",
            uppfoljning="I maj.", no_atgard_reason="Rutinen finns.",
        )  # fmt: skip
        chef = world.actor("chef-bup-behandling")
        answers.answer(
            world.session, chef, row.ref, full if row.nej_count or row.severity > 1 else quick, now=world.now
        )


def test_a_report_from_a_phone_without_scripts(
    walk_of: Any, live_server: LiveServer, promise_result: Callable[[str], None]
) -> None:
    desk, walk = Desk(live_server), walk_of(scripts=False)
    page = walk.page
    walk.go(LAN)
    walk.look("1-start")
    walk.press(page.get_by_role("link", name="Jag arbetar med barn och unga"))
    walk.look("2-formular")
    walk.choose("Vem gäller det?", "BUP utredning och behandling")
    walk.write("Vad hände?", STORY)
    walk.tap(page.get_by_label("Hjälpen dröjde veckor"))
    walk.press(page.get_by_role("button", name="Granska och skicka"))
    walk.look("3-granska")
    walk.words -= len(STORY.split())  # the review shows one's own text
    walk.send(page.get_by_role("button", name="Skicka"))
    code = walk.code()
    walk.look("4-kvitto")
    assert len(STORY) == 400
    promise_result(f"Rapport utan konto: {walk.measured}")
    assert walk.taps <= 7, walk.measured
    assert walk.total <= 180, walk.measured

    desk.does(desk.asks)
    walk.follow(code)
    walk.look("5-fraga")
    page.get_by_label("Ditt svar").fill("Skolan hade kallat.")
    press(page.get_by_role("button", name="Skicka svaret"))
    assert "Ditt svar är skickat" in page.content()
    desk.does(desk.answers)
    walk.follow(code)
    walk.look("6-svar")
    page.get_by_label("Nej, jag fick inte svar").check()
    page.get_by_label("Vad saknas?").fill("Ni säger inte vem som kallar nästa gång.")
    press(page.get_by_role("button", name="Skicka", exact=True))
    assert "Någon arbetar med din rapport." in page.content()
    desk.does(desk.answers)
    walk.follow(code)
    page.get_by_label("Delvis").check()
    press(page.get_by_role("button", name="Skicka", exact=True))
    press(page.get_by_role("button", name="Det har hänt igen"))
    page.get_by_label("Vad hände?").fill("Samma sak en gång till, nu utan besked i två veckor.")
    page.get_by_label("Hjälpen dröjde veckor").check()
    press(page.get_by_role("button", name="Granska och skicka"))
    press(page.get_by_role("button", name="Skicka"))
    assert walk.code() != code
    linked = desk.does(lambda _world, row: (row.earlier_id, row.channel, row.status))
    assert linked[0] is not None
    assert linked[1:] == (Channel.NO_ACCOUNT, Status.SUBMITTED)


@pytest.mark.one_database
def test_the_same_pages_with_scripts_are_accessible_at_both_widths(walk_of: Any, live_server: LiveServer) -> None:
    desk = Desk(live_server)
    for width in (390, 1280):
        walk = walk_of(width=width)
        page = walk.page
        for name, path in (
            ("start", LAN), ("formular", f"{LAN}/rapport"), ("familj", f"{LAN}/familj/sv"),
            ("family", f"{LAN}/familj/en"),
            ("klagomal", f"{LAN}/familj/en/svar-om-ert-barn"), ("beratta", f"{LAN}/familj/sv/beratta"),
            ("kod", "/utan-konto/folj/sv"),
        ):  # fmt: skip
            walk.go(path)
            walk.look(f"{name}-{width}")
        walk.go(f"{LAN}/rapport")
        press(page.get_by_role("button", name="Granska och skicka"))
        walk.look(f"fel-{width}")
        page.get_by_label("Vem gäller det?").first.fill("BUP utredning")
        page.keyboard.press("ArrowDown")
        page.keyboard.press("Enter")
        page.get_by_label("Vad hände?").fill(STORY)
        page.get_by_label("Det blev krångligare").check()
        press(page.get_by_role("button", name="Granska och skicka"))
        walk.look(f"granska-{width}")
        press(page.get_by_role("button", name="Skicka"))
        walk.look(f"kvitto-{width}")
        code = walk.code()
        desk.does(desk.asks)
        walk.follow(code)
        walk.look(f"fraga-{width}")
        page.get_by_label("Ditt svar").fill("Skolan.")
        press(page.get_by_role("button", name="Skicka svaret"))
        desk.does(desk.answers)
        walk.follow(code)
        walk.look(f"svar-{width}")


def test_a_family_tells_in_english(walk_of: Any, live_server: LiveServer) -> None:
    desk, walk = Desk(live_server), walk_of(width=390)
    page = walk.page
    walk.go(LAN)
    press(page.get_by_role("link", name="How it was for us"))
    press(page.get_by_role("link", name="No, I want to tell my story"))
    page.get_by_label("Which municipality do you live in?").select_option(label="Östersund")
    page.get_by_label("What happened?").fill("we had to tell the same story to four people and nobody called back.")
    page.get_by_label("The child was left without help").check()
    page.get_by_label("Yes").check()
    press(page.get_by_role("button", name="Check what you wrote"))
    walk.look("check")
    press(page.get_by_role("button", name="Send"))
    walk.look("receipt")
    code = walk.code()
    walk.follow(code, "en")
    walk.look("status")
    assert "Your report has arrived." in page.content()
    assert page.locator("html").get_attribute("lang") == "en"
    assert desk.does(lambda _world, row: (row.channel, row.family_coordinates)) == (Channel.FAMILY, True)


def test_a_call_is_taken_read_back_and_followed(walk_of: Any, live_server: LiveServer) -> None:
    desk, walk = Desk(live_server), walk_of(width=1280)
    page = walk.page
    page.goto(f"{live_server.url}/logga-in")
    page.locator("input[type=email]").fill("samordnare-region-jh@example.org")
    page.locator("input[type=password]").fill(PASSWORD)
    press(page.locator("main button"))
    press(page.get_by_role("link", name="Telefonrapport").first)
    walk.look("telefon")
    page.get_by_label("Vem gäller det?").first.fill("BUP utredning")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.get_by_label("Vad hände?").fill("En part kom inte till SIP-mötet och hörde inte av sig.")
    page.get_by_label("Hjälpen dröjde veckor").check()
    press(page.get_by_role("button", name="Läs upp"))
    walk.look("upplasning")
    press(page.get_by_role("button", name="Skicka"))
    assert "Läs upp rapporten" in page.content()
    page.get_by_label("Uppläst och godkänd av den som ringde").check()
    press(page.get_by_role("button", name="Skicka"))
    walk.look("telefonkvitto")
    code = walk.code()
    assert desk.does(lambda _world, row: row.channel) is Channel.PHONE
    caller = walk_of(width=390)
    caller.follow(code)
    assert "En samordnare läser den." in caller.page.content()
