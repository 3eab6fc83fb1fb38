"""Before it is a report: what an avvikelse is, where else to turn, words; accessibility and telling of a bad page."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from avvikelse.domain import codes, glossary
from avvikelse.domain.lan_texts import SOMETHING_ELSE, LanTextKey, languages_of, own_text
from avvikelse.domain.plain_categories import IN_OWN_WORDS
from avvikelse.models.audit import AuditEvent
from avvikelse.models.identity import Throttle
from avvikelse.models.outbox import OutboxMail
from avvikelse.models.texts import LanText, PageComment
from avvikelse.services import page_comments
from tests.support.client import CheckingClient
from tests.support.login import log_in
from tests.support.world import World

pytestmark = pytest.mark.usefixtures("clock")
PACK = "jamtland-harjedalen"
ABOUT, ACCESS = "/om-avvikelser", "/tillganglighet"
TELL, LIST = f"/tillganglighet/beratta/{PACK}", "/tillganglighet/synpunkter"
TEXT = "Det går inte att läsa siffrorna i diagrammet."


def own_words(world: World, key: LanTextKey, text: str) -> None:
    world.session.add(LanText(pack_id=world.pack.id, key=key.value, language="sv", text=text, changed_at=world.now))
    world.session.flush()


def tell(client: CheckingClient, text: str = TEXT) -> Any:
    return client.submit(TELL, {"text": text}, button="Skicka")


# --- what is and what is not


def test_every_category_is_said_in_own_words() -> None:
    assert {one.code for one in codes.CATEGORIES} == set(IN_OWN_WORDS)
    assert len(set(IN_OWN_WORDS.values())) == len(IN_OWN_WORDS)


def test_the_page_shows_examples_and_every_way_out(client: CheckingClient, world: World) -> None:
    page = client.get(ABOUT).text
    for code in ("A1", "B2", "E3", "J1"):
        assert IN_OWN_WORDS[code] in page
    for key, title in SOMETHING_ELSE.items():
        assert title in page
        assert own_text(key, "sv")[:40] in page


def test_the_ways_out_are_in_the_words_of_the_readers_lan(client: CheckingClient, world: World) -> None:
    own_words(world, LanTextKey.ELSE_CONCERN, "Ring mottagningen i länet.")
    log_in(client, world.reporter("skola-2380").user_id or 0)
    for address in (ABOUT, "/rapportera", f"/om-avvikelser/{PACK}", f"/utan-konto/{PACK}/rapport"):
        assert "Ring mottagningen i länet." in client.get(address).text, address


def test_another_lan_keeps_the_programs_words(client: CheckingClient, world: World) -> None:
    own_words(world, LanTextKey.ELSE_CONCERN, "Ring mottagningen i länet.")
    assert client.get("/om-avvikelser/finns-inte").status_code == 404
    assert "Ring mottagningen" not in own_text(LanTextKey.ELSE_CONCERN, "sv")


def test_the_administrator_changes_a_way_out_and_only_in_swedish(client: CheckingClient, world: World) -> None:
    assert languages_of(LanTextKey.ELSE_DANGER) == ("sv",)
    log_in(client, world.administrator("region-jh").user_id or 0)
    address = f"/organisation/texter/{PACK}/{LanTextKey.ELSE_DANGER.value}"
    assert client.post(f"{address}/sv", data={"text": "Ring 112 och säg länet."}).status_code == 302
    assert "Ring 112 och säg länet." in client.get(f"/om-avvikelser/{PACK}").text
    assert client.post(f"{address}/en", data={"text": "Call 112."}).status_code == 404


def test_a_category_is_chosen_by_own_words_and_found_by_its_name(client: CheckingClient, world: World) -> None:
    log_in(client, world.reporter("skola-2380").user_id or 0)
    page = client.get("/rapportera").text
    assert IN_OWN_WORDS["A1"] in page
    assert "Kallad part uteblev" in page


# --- words


def test_words_are_sorted_as_in_swedish_and_can_be_searched(client: CheckingClient, world: World) -> None:
    words = [term.word for term in glossary.TERMS]
    assert words[-1] == "Återremiss"
    for word in ("SIP", "KAA", "SVU", "HVB", "BUP", "KAT", "IKB"):
        assert word in words
    found = client.get("/ordlista?q=aktivitetsansvaret").text
    assert "KAA" in found
    assert "Lex Sarah" not in found
    assert "Ordet finns inte här" in client.get("/ordlista?q=xyzzy").text


# --- accessibility


def test_the_statement_says_what_the_law_asks(client: CheckingClient, world: World) -> None:
    own_words(world, LanTextKey.ACCESSIBILITY, "Regionen ansvarar. Ring växeln.")
    page = client.get(f"{ACCESS}/lan/{PACK}").text
    for part in (
        "delvis förenliga",
        "Regionen ansvarar.",
        "inte är tillgängligt",
        "prövat",
        "Digg",
        "tdosanmalan",
        TELL,
    ):
        assert part in page


def test_anybody_tells_of_a_shortcoming_and_nobody_knows_who(
    client: CheckingClient, world: World, session: Session
) -> None:
    administrator = world.administrator("region-jh")
    other = world.administrator("kommun-2380")
    log_in(client, world.reporter("skola-2380").user_id or 0)
    answer = tell(client)
    assert answer.status_code == 302
    assert "i morgon" in client.get(answer.location).text
    row = session.scalars(select(PageComment)).one()
    assert (row.text, row.told_on) == (TEXT, world.now.date())
    event = session.scalars(select(AuditEvent).where(AuditEvent.event == "pages_commented")).one()
    assert event.user_id is None
    mails = session.scalars(select(OutboxMail).where(OutboxMail.notice == "pages_commented")).all()
    assert [mail.recipient_user_id for mail in mails] == [administrator.user_id]
    assert other.user_id not in [mail.recipient_user_id for mail in mails]


def test_the_same_words_twice_are_one(client: CheckingClient, world: World, session: Session) -> None:
    tell(client)
    tell(client)
    assert session.scalar(select(func.count()).select_from(PageComment)) == 1


@pytest.mark.parametrize(
    ("text", "sentence"), [("", "Skriv vad som är svårt"), ("Ring mig på 070-123 45 67.", "telefon")]
)
def test_what_is_wrong_is_said_and_kept_nowhere(
    client: CheckingClient, world: World, session: Session, text: str, sentence: str
) -> None:
    page = tell(client, text)
    assert page.status_code == 422
    assert sentence in page.text
    assert session.scalar(select(func.count()).select_from(PageComment)) == 0


def test_too_many_are_braked_and_the_text_stays(client: CheckingClient, world: World, session: Session) -> None:
    for number in range(page_comments.PER_ADDRESS):
        tell(client, f"{TEXT} Det har hänt {number} gånger.")
    page = tell(client, "Den sista.")
    assert page.status_code == 429
    assert "Den sista." in page.text
    assert session.scalar(select(func.count()).select_from(Throttle))


def test_the_lans_administrator_takes_care_of_it(client: CheckingClient, world: World, session: Session) -> None:
    tell(client)
    log_in(client, world.administrator("region-jh").user_id or 0)
    assert TEXT in client.get(LIST).text
    assert client.submit(LIST, button="Klar").status_code == 302
    assert TEXT not in client.get(LIST).text
    assert session.scalars(select(PageComment)).one().done_at is not None


def test_others_cannot_read_or_close_it(client: CheckingClient, world: World, session: Session) -> None:
    tell(client)
    row = session.scalars(select(PageComment)).one()
    log_in(client, world.reporter("skola-2380").user_id or 0)
    assert client.get(LIST).status_code == 403
    log_in(client, world.administrator("kommun-2380").user_id or 0)
    assert TEXT not in client.get(LIST).text
    assert client.post(f"{LIST}/{row.id}/klar").status_code == 404
    session.refresh(row)
    assert row.done_at is None
