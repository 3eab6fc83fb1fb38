"""*Så här blev det för oss*: the first question, the way for a complaint, the story, in every language we have."""

from __future__ import annotations

import re
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from avvikelse.domain.lan_texts import LanTextKey
from avvikelse.domain.languages import LANGUAGES, Language, read
from avvikelse.domain.vocabulary import Channel, Outcome, Status
from avvikelse.domain.whole_days import is_whole_day
from avvikelse.models.audit import AuditEvent
from avvikelse.models.avvikelse import Avvikelse
from avvikelse.models.texts import LanText
from tests.support.client import CheckingClient
from tests.support.login import log_in
from tests.support.world import World

pytestmark = pytest.mark.usefixtures("clock")
SWEDISH_NAMES = {"{to}", "{who}"}  # of roles and units: another language does without them
LAN = "/utan-konto/jamtland-harjedalen"
TEXT = "vi fick berätta samma sak fyra gånger, och ingen ringde upp."
ENGLISH = "we had to tell the same story to four people and nobody called back."
SWEDISH_ONLY = ("Skriv", "Välj", "Rätta", "frivilligt", "Hoppa till", "Skicka", "Granska", "tecken")


def told(language: str) -> str:
    return TEXT if language == "sv" else ENGLISH


def tell(client: CheckingClient, language: str, **changes: Any) -> Any:
    say = LANGUAGES[language]
    fields = {"kommunkod": "2380", "description": told(language), "severity": "3", "coordinates": "ja"} | changes
    return client.submit(f"{LAN}/familj/{language}/beratta", fields, button=say("story.next"))


def main(page: str) -> str:
    """The page's own part: the frame around it is the house's."""
    return page.split("<main")[1].split("</main>", maxsplit=1)[0]


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_first_question_parts_the_two_errands(client: CheckingClient, world: World, language: str) -> None:
    say = LANGUAGES[language]
    page = client.get(f"{LAN}/familj/{language}")
    assert f'lang="{language}"' in page.text
    assert "Set-Cookie" not in page.headers
    assert say("family.first") in page.text
    complaint = client.get(f"{LAN}/familj/{language}/svar-om-ert-barn")
    for key in ("care", "patient_board", "school", "social"):
        assert say(f"complaint.{key}") in complaint.text
    assert "1177" in complaint.text


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_story_from_form_to_code_and_status(
    client: CheckingClient, world: World, session: Session, language: str
) -> None:
    say = LANGUAGES[language]
    review = tell(client, language)
    assert told(language) in review.text
    assert say("story.severity_3") in review.text
    receipt = client.submit(review, button=say("review.send"))
    assert receipt.status_code == 200
    code = re.search(r"\b\d{4} \d{4} \d{4} \d{4}\b", receipt.text)
    assert code
    row = session.scalars(select(Avvikelse)).one()
    assert (row.channel, row.status, row.kommunkod) == (Channel.FAMILY, Status.SUBMITTED, "2380")
    assert row.family_coordinates
    status = client.submit(f"/utan-konto/folj/{language}", {"code": code.group()}, button=say("follow.open"))
    assert say("status.submitted") in status.text
    assert say("follow.own_text") in status.text


def test_nothing_swedish_stands_on_the_english_pages(client: CheckingClient, world: World) -> None:
    say = LANGUAGES["en"]
    pages = [client.get(f"{LAN}/familj/en"), client.get(f"{LAN}/familj/en/beratta"), client.get("/utan-konto/folj/en")]
    pages += [tell(client, "en", description=""), tell(client, "en", description="Call me at 070-123 45 67 please.")]
    pages += [tell(client, "en", kommunkod=""), tell(client, "en", occurred_on="2027-01-01")]
    pages += [client.submit("/utan-konto/folj/en", {"code": "1"}, button="Show")]
    pages += [client.submit("/utan-konto/folj/en", {"code": "0" * 16}, button="Show")]
    review = tell(client, "en")
    pages += [review, client.submit(review, button=say("review.send"))]
    for page in pages:
        found = [word for word in SWEDISH_ONLY if word in main(page.text)]
        assert not found, (page.request.path, found)
    assert say("frame.guard") in pages[4].text
    assert "11 March 2026" in review.text


def test_what_is_wrong_keeps_the_text(client: CheckingClient, world: World, session: Session) -> None:
    page = tell(client, "sv", kommunkod="", proposal="En person som håller ihop.")
    assert page.status_code == 422
    assert "Välj kommun." in page.text
    assert "En person som håller ihop." in page.text
    assert session.scalar(select(func.count()).select_from(Avvikelse)) == 0


def test_the_guards_question_is_asked_and_answered_in_the_pages_language(
    client: CheckingClient, world: World, session: Session
) -> None:
    """A name in an English text: marked, asked about in English, and the answer goes along to the receipt."""
    say = LANGUAGES["en"]
    asked = tell(client, "en", description="the meeting was with Gunilla Svensson and she never came.")
    assert asked.status_code == 422
    assert "<mark>" in asked.text
    assert say("frame.guard_title") in asked.text
    assert not [word for word in (*SWEDISH_ONLY, "Kan någon", "Byt till", "Fortsätt") if word in main(asked.text)]
    key = re.search(r'value="(nej:[^"]+)"', asked.text)
    assert key
    review = client.submit(asked, {"vakt-description": key.group(1)}, button=say("story.next"))
    assert review.status_code == 200
    receipt = client.submit(review, button=say("review.send"))
    assert receipt.status_code == 200
    warned = session.scalars(select(AuditEvent).where(AuditEvent.event == "guard_warned")).all()
    assert warned
    assert all(is_whole_day(event.at) and event.user_id is None for event in warned)


def test_an_unknown_language_is_not_there(client: CheckingClient, world: World) -> None:
    for address in (f"{LAN}/familj/xx", f"{LAN}/familj/xx/beratta", "/utan-konto/folj/xx"):
        assert client.get(address).status_code == 404


# --- the catalogue ----------------------------------------------------------------------------------------------------


def test_every_language_has_every_text() -> None:
    swedish = LANGUAGES["sv"]
    assert next(iter(LANGUAGES)) == "sv"
    for language in LANGUAGES.values():
        assert language.texts.keys() == swedish.texts.keys(), language.code
        assert all(text.strip() for text in language.texts.values())
        for key, text in swedish.texts.items():
            ours, theirs = (set(re.findall(r"\{\w+\}", said)) for said in (text, language.texts[key]))
            assert theirs <= ours <= theirs | SWEDISH_NAMES, (language.code, key)


def test_every_status_and_outcome_has_words() -> None:
    for status in Status:
        if status not in {Status.DRAFT, Status.CLOSED}:
            assert LANGUAGES["sv"](f"status.{status.value}")
    for outcome in Outcome:
        assert LANGUAGES["sv"](f"outcome.{outcome.value}")


def test_a_language_written_from_the_right_turns_the_page(
    client: CheckingClient, world: World, app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A file more is all that a language needs."""
    swedish = LANGUAGES["sv"]
    turned = Language("ar", "العربية", "rtl", swedish.texts)
    monkeypatch.setitem(LANGUAGES, "ar", turned)  # type: ignore[arg-type]
    page = client.get(f"{LAN}/familj/ar")
    assert '<html lang="ar" dir="rtl"' in page.text
    assert read('[language]\ncode = "ar"\nname = "x"\ndirection = "rtl"\n[a]\nb = "{c}!"')("a.b", c="hej") == "hej!"


# --- the län's own texts ----------------------------------------------------------------------------------------------


def test_the_regions_administrator_writes_the_lans_own_text(
    client: CheckingClient, world: World, session: Session
) -> None:
    log_in(client, world.administrator("region-jh").user_id or 0)
    page = client.get("/organisation/texter/jamtland-harjedalen")
    key = LanTextKey.COMPLAINT_PATIENT_BOARD.value
    own = "Ring Patientnämnden i Region Jämtland Härjedalen, 063-14 75 00 <b>vardagar</b>."
    saved = client.submit(page, {"text": own}, action=f"/{key}/sv")
    assert saved.status_code == 302
    shown = client.get(f"{LAN}/familj/sv/svar-om-ert-barn")
    assert "063-14 75 00 &lt;b&gt;vardagar&lt;/b&gt;" in shown.text
    client.submit("/organisation/texter/jamtland-harjedalen", {"text": ""}, action=f"/{key}/sv")
    assert session.scalar(select(func.count()).select_from(LanText)) == 0
    assert "1177.se" in client.get(f"{LAN}/familj/sv/svar-om-ert-barn").text


def test_others_do_not(client: CheckingClient, world: World, session: Session) -> None:
    address = "/organisation/texter/jamtland-harjedalen/klagomal_vard/sv"
    for actor, status in (
        (world.administrator("kommun-2380"), 404),
        (world.samordnare("region-jh"), 403),
        (world.reporter("skola-2380"), 403),
    ):
        log_in(client, actor.user_id or 0)
        assert client.post(address, data={"text": "Ring mig."}).status_code == status
    log_in(client, world.administrator("region-jh").user_id or 0)
    for strange in ("klagomal_x/sv", "klagomal_vard/xx"):
        answer = client.post(f"/organisation/texter/jamtland-harjedalen/{strange}", data={"text": "Ring."})
        assert answer.status_code == 404
    assert client.post(address, data={"text": "x" * 1001}).status_code == 422
    assert session.scalar(select(func.count()).select_from(LanText)) == 0
