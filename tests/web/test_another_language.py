"""A third language, written from the right: nothing but its file is needed. The texts of a made-up language are marked,
and on every page for families and behind a code what is not marked must be a name, a number, one's own words, or say
that it is Swedish.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any
from xml.etree.ElementTree import Element

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from avvikelse.domain.actor import Actor
from avvikelse.domain.languages import LANGUAGES, SWEDISH, Language
from avvikelse.domain.vocabulary import AnswerKind
from avvikelse.models.avvikelse import Avvikelse
from avvikelse.services import answers, dialogue, triage
from avvikelse.services.answers import AnswerText
from avvikelse.web import errors
from tests.support import html
from tests.support.client import CheckingClient
from tests.support.world import World

pytestmark = pytest.mark.usefixtures("clock")
LAN = "/utan-konto/jamtland-harjedalen"
CODE = re.compile(r"\d{4} \d{4} \d{4} \d{4}")
MARKED = re.compile(r"⟦[^⟦⟧]*⟧")
OWN = "we had to tell the same story to four people and nobody called back."
NAMED = "the meeting was with Gunilla Svensson and she never came."
QUESTION = "Vem kallade?"
READ = ("aria-label", "placeholder", "title", "alt")  # attributes that are read to somebody
# What no language changes: names of places and units, one's own words.
NAMES = ("Jämtlands län", "Jämtland Härjedalen", "Östersund", "BUP utredning och behandling", "Region", OWN, "–")


class TurnedLanguage(Language):
    """Marks each text as it is said, whatever was put into it."""

    def __call__(self, key: str, **values: str) -> str:
        return f"⟦{super().__call__(key, **values)}⟧"


@pytest.fixture
def say(monkeypatch: pytest.MonkeyPatch) -> Language:
    """Called Arabic, so that days can be written; its words are marked Swedish."""
    turned = TurnedLanguage("ar", "⟦العربية⟧", "rtl", LANGUAGES[SWEDISH].texts)
    monkeypatch.setitem(LANGUAGES, "ar", turned)  # type: ignore[arg-type]
    return turned


def check(page: TestResponse) -> TestResponse:
    """The frame is turned, and everything that is read is in the language."""
    text = page.get_data(as_text=True)
    root = html.tree(text)
    where = f"{page.request.method} {page.request.path}"
    assert (root.get("lang"), root.get("dir")) == ("ar", "rtl"), where
    title = root.find("./head/title")
    assert title is not None
    left = [
        words
        for part in (title, *(one for one in root.iter() if one.get("id") == "innehall" or one.tag == "footer"))
        for words in rest("".join(spoken(part)))
    ]
    assert left == [], where
    skip = next(one for one in root.iter("a") if "govuk-skip-link" in (one.get("class") or ""))
    assert (skip.text or "").startswith("⟦")
    return page


def spoken(part: Element) -> Iterator[str]:
    """Every text and read attribute of a part but what says that it is in another language."""
    elsewhere = part.get("lang") not in (None, "ar") or part.get("class") == "av-guard__text"  # a piece of one's own
    if part.tag in {"script", "style", "svg", "option", "textarea"} or elsewhere:
        yield "\n"
    else:
        yield "\n" + "\n".join(part.get(name) or "" for name in READ) + "\n" + (part.text or "")
        for child in part:
            yield from spoken(child)
    yield part.tail or ""


def rest(text: str) -> list[str]:
    """What is left when marked words, names, numbers and days in the language are taken away."""
    while MARKED.search(text):
        text = MARKED.sub("", text)
    for name in (*NAMES, "Avvikelse", "JH-2026-0001"):
        text = text.replace(name, "")
    return [word for word in re.split(r"[\s,.()]+", text) if re.search(r"[A-Za-zÅÄÖåäö]{2}", word)]


def tell(client: CheckingClient, say: Language, **changes: Any) -> TestResponse:
    fields = {"kommunkod": "2380", "description": OWN, "severity": "4", "coordinates": "ja"} | changes
    return check(client.submit(f"{LAN}/familj/ar/beratta", fields, button=say("story.next")))


def test_the_check_finds_what_is_not_translated() -> None:
    assert rest("⟦Vad hände? ⟦den 3 mars⟧⟧ 2380 Östersund 11 مارس 2026") == []
    assert rest("⟦Vad hände?⟧ Fel: skriv") == ["Fel:", "skriv"]


def test_the_familys_pages(client: CheckingClient, world: World, say: Language) -> None:
    for path in ("", "/svar-om-ert-barn", "/beratta"):
        check(client.get(f"{LAN}/familj/ar{path}"))
    for wrong in ({"description": ""}, {"kommunkod": ""}, {"occurred_on": "2027-01-01"}, {"description": NAMED}):
        assert tell(client, say, **wrong).status_code == 422
    assert say("story.occurred_on_wrong") in tell(client, say, occurred_on="2027-01-01", description=NAMED).text
    assert tell(client, say, description="Call 070-123 45 67 please.").status_code == 422
    review = tell(client, say)
    assert review.status_code == 200
    check(client.submit(review, button=say("review.change")))
    check(client.submit(review, button=say("review.send")))


def test_the_pages_about_what_went_wrong(client: CheckingClient, world: World, say: Language) -> None:
    for path in (f"{LAN}/familj/ar/finns-inte", "/utan-konto/finns-inte/familj/ar", "/utan-konto/folj/ar/finns/inte"):
        lost = check(client.get(path))
        assert lost.status_code == 404
        assert say("errors.404_title") in lost.get_data(as_text=True)
    stale = client.post(f"{LAN}/familj/ar/beratta", data={"description": OWN, "severity": "4"})
    assert stale.status_code in {400, 422}
    assert OWN in check(stale).get_data(as_text=True)
    large = client.post(f"{LAN}/familj/ar/beratta", data={"description": "word " * 250_000})
    assert large.status_code == 413
    check(large)
    tried = [client.submit("/utan-konto/folj/ar", {"code": f"1234 5678 9012 {n:04}"}) for n in range(12)]
    assert tried[-1].status_code == 429
    check(tried[-1])


def test_the_last_resort_when_templates_themselves_fail(
    client: CheckingClient, world: World, say: Language, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_args: object, **_values: object) -> str:
        raise RuntimeError

    monkeypatch.setattr(errors, "render_template", broken)
    lost = client.get(f"{LAN}/familj/ar/finns-inte")
    large = client.post(f"{LAN}/familj/ar/beratta", data={"description": "word " * 250_000})
    for page, status in ((lost, 404), (large, 413)):
        root = html.tree(text := page.get_data(as_text=True))
        assert (root.get("lang"), root.get("dir"), page.status_code) == ("ar", "rtl", status)
        assert say(f"errors.{status}_title") in text
        assert rest("".join(spoken(root))) == []
    assert '<html lang="sv" dir="ltr">' in client.get("/finns-inte").get_data(as_text=True)


def test_the_pages_behind_the_code(
    client: CheckingClient, world: World, session: Session, say: Language, bup: Actor
) -> None:
    follow = "/utan-konto/folj/ar"
    receipt = client.submit(
        tell(client, say, counterpart=world.unit("bup-behandling").id, severity="1"), button=say("review.send")
    )
    code = CODE.search(receipt.get_data(as_text=True))
    assert code
    row = session.scalars(select(Avvikelse)).one()

    def opened() -> TestResponse:
        return check(client.submit(follow, {"code": code.group()}))

    for typed in ("", "1", "0" * 16):
        check(client.submit(follow, {"code": typed}))
    check(client.submit(opened(), action="komplettera"))
    check(client.submit(opened(), {"text": OWN}, action="komplettera"))
    check(client.submit(opened(), action="kopplingskod"))
    sam = world.samordnare("region-jh")
    triage.assign(session, sam, row.ref, world.receiver("chef-bup-behandling"), now=world.now)
    dialogue.ask(session, bup, row.ref, QUESTION, now=world.now)
    session.flush()
    asked = opened()
    check(client.submit(asked, action="svara"))
    check(client.submit(asked, {"text": OWN}, action="svara"))
    quick = AnswerText(AnswerKind.QUICK, what_happened="Vi glömde.", what_now="Vi kallar.")
    answers.answer(session, bup, row.ref, quick, now=world.now)
    session.flush()
    answered = opened()
    check(client.submit(answered, action="betyg"))
    check(client.submit(answered, {"rating": "nej"}, action="betyg"))
    check(client.submit(answered, {"rating": "ja"}, action="betyg"))
    check(client.submit(answered, {"rating": "ja"}, action="betyg"))  # once more: it is closed
    assert OWN not in check(client.submit(opened(), action="hant-igen")).get_data(as_text=True)
    check(client.post(f"{follow}/svara", data={"code_token": "gammal", "text": OWN}))
