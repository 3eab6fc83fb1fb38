"""What the guard asks at a form: a warning is answered, rewritten with one press, or both; nothing typed is lost."""

from __future__ import annotations

import html
import re
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from avvikelse.domain.actor import Actor
from avvikelse.domain.errors import Invalid
from avvikelse.domain.events import Event
from avvikelse.domain.persondata import NOTHING_KNOWN
from avvikelse.models.audit import AuditEvent
from avvikelse.models.avvikelse import Avvikelse, ReportDraft
from avvikelse.services import guarding
from avvikelse.services.guarding import Desk, Unanswered, at_desk, guard
from tests.support.browsing import Visitor, words
from tests.support.client import CheckingClient
from tests.support.world import World

pytestmark = pytest.mark.usefixtures("clock")

NAMED = "Kallelsen gick till fel skola. Ceylan Trulsson fick vänta i tre veckor."
NEUTRAL = "Kallelsen gick till fel skola. Eleven fick vänta i tre veckor."


@pytest.fixture
def reporter(world: World, client: CheckingClient) -> Actor:
    actor = world.reporter("bup-behandling")
    Visitor.of(client, world.session, actor, world.now)
    return actor


def review(client: CheckingClient, world: World, **changes: Any) -> TestResponse:
    fields = {"counterpart": world.unit("skola-2380").id, "description": NAMED, "severity": 2, **changes}
    return client.submit("/rapportera", fields, button="Granska och skicka")


def answer(page: TestResponse, field: str, said: str) -> dict[str, str]:
    """The radio button that the page offers."""
    found = re.search(rf'name="vakt-{field}" value="({said}:[0-9a-f]+)"', page.get_data(as_text=True))
    assert found, "no question on the page"
    return {f"vakt-{field}": found[1]}


def typed(page: TestResponse, field: str) -> str:
    found = re.search(rf'<textarea[^>]*name="{field}"[^>]*>(.*?)</textarea>', page.get_data(as_text=True), re.DOTALL)
    assert found
    return html.unescape(found[1]).strip()


def warned(session: Session) -> list[AuditEvent]:
    return list(
        session.scalars(select(AuditEvent).where(AuditEvent.event == Event.GUARD_WARNED).order_by(AuditEvent.seq))
    )


def reports(session: Session) -> list[str]:
    return list(session.scalars(select(Avvikelse.description)))


def test_a_name_is_asked_about_and_nothing_is_lost(client: CheckingClient, world: World, reporter: Actor) -> None:
    page = review(client, world, proposal="Ring tio dagar före.")
    assert page.status_code == 422
    shown = words(page)
    assert "Kan någon kännas igen?" in shown
    assert "ingen garanti" in shown
    assert "<mark>Ceylan Trulsson</mark>" in page.get_data(as_text=True)
    assert (typed(page, "description"), typed(page, "proposal")) == (NAMED, "Ring tio dagar före.")
    assert reports(world.session) == []
    again = client.submit(page, button="Granska och skicka")  # without an answer
    assert again.status_code == 422


def test_no_goes_on_through_the_review_and_is_remembered_without_the_text(
    client: CheckingClient, world: World, reporter: Actor
) -> None:
    page = review(client, world)
    checked = client.submit(page, answer(page, "description", "nej"), button="Granska och skicka")
    assert checked.status_code == 200
    assert warned(world.session) == []  # nothing is stored yet
    sent = client.submit(checked, button="Skicka")
    assert sent.status_code == 302
    assert reports(world.session) == [NAMED]
    (event,) = warned(world.session)
    assert event.user_id == reporter.user_id
    assert event.detail == {"field": "description", "kinds": ["namn_fullt"]}


def test_yes_asks_to_rewrite(client: CheckingClient, world: World, reporter: Actor) -> None:
    page = review(client, world)
    again = client.submit(page, answer(page, "description", "ja"), button="Granska och skicka")
    assert again.status_code == 422
    assert "Skriv om texten" in words(again)
    fine = client.submit(again, {"description": NEUTRAL}, button="Granska och skicka")
    assert fine.status_code == 200


def test_an_answer_belongs_to_the_very_text(client: CheckingClient, world: World, reporter: Actor) -> None:
    page = review(client, world)
    other = {**answer(page, "description", "nej"), "description": NAMED + " Runa Ödlund ringde."}
    again = client.submit(page, other, button="Granska och skicka")
    assert again.status_code == 422
    assert "Runa Ödlund" in words(again)


def test_an_answer_cannot_be_made_up(client: CheckingClient, world: World, reporter: Actor) -> None:
    page = review(client, world)
    made_up = {"vakt-description": "nej:" + "0" * 32}
    assert client.submit(page, made_up, button="Granska och skicka").status_code == 422


def test_one_press_puts_the_neutral_word_in(client: CheckingClient, world: World, reporter: Actor) -> None:
    page = review(client, world, proposal="Ring tio dagar före.")
    changed = client.submit(page, button="Byt till ”eleven”")
    assert changed.status_code == 422
    assert (typed(changed, "description"), typed(changed, "proposal")) == (NEUTRAL, "Ring tio dagar före.")
    assert "Texten är ändrad" in words(changed)
    assert "Kan någon kännas igen?" not in words(changed)
    assert client.submit(changed, button="Granska och skicka").status_code == 200


def test_one_press_also_replaces_what_blocks(client: CheckingClient, world: World, reporter: Actor) -> None:
    page = review(client, world, description="Det gäller 110513-2383 som fick vänta.")
    assert page.status_code == 422
    assert "vakt-description" not in page.get_data(as_text=True)  # it cannot be answered away
    changed = client.submit(page, button="Byt till ”eleven”")
    assert typed(changed, "description") == "Det gäller eleven som fick vänta."


def test_every_place_at_once(client: CheckingClient, world: World, reporter: Actor) -> None:
    page = review(client, world, description="Ceylan fick vänta. Mamma Hibo ringde. Ceylan grät.")
    changed = client.submit(page, button="Byt alla 2")
    assert typed(changed, "description") == "Eleven fick vänta. Vårdnadshavaren ringde. Eleven grät."


def test_return_in_a_field_sends_the_form_and_changes_nothing(
    client: CheckingClient, world: World, reporter: Actor
) -> None:
    """A browser presses the first button of the form."""
    page = review(client, world)
    again = client.submit(page, action="/rapportera")
    assert typed(again, "description") == NAMED


def test_two_fields_are_asked_about_each_by_itself(client: CheckingClient, world: World, reporter: Actor) -> None:
    page = review(client, world, proposal="Ring Runa Ödlund.")
    first = client.submit(page, answer(page, "description", "nej"), button="Granska och skicka")
    assert first.status_code == 422
    text = first.get_data(as_text=True)
    assert "<mark>Runa Ödlund</mark>" in text
    assert "<mark>Ceylan Trulsson</mark>" not in text  # answered, and the answer goes along
    second = client.submit(first, answer(first, "proposal", "nej"), button="Granska och skicka")
    assert second.status_code == 200
    client.submit(second, button="Skicka")
    assert [event.detail["field"] for event in warned(world.session)] == ["description", "proposal"]


def test_the_second_step_asks_too(client: CheckingClient, world: World, reporter: Actor) -> None:
    page = review(client, world, description=NEUTRAL)
    fields = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', page.get_data(as_text=True)))
    sent = client.post("/rapportera/skicka", data={**fields, "description": NAMED})
    assert sent.status_code == 422
    assert reports(world.session) == []


def test_a_draft_keeps_a_warned_text_and_says_so(client: CheckingClient, world: World, reporter: Actor) -> None:
    fields = {"description": NAMED, "proposal": "Ring 070-174 06 11."}
    saved = client.post("/rapportera/utkast", data=fields).get_json()
    assert saved["warned"] == ["description"]
    assert list(saved["stopped"]) == ["proposal"]
    kept = world.session.scalars(select(ReportDraft.payload)).one()
    assert "Ceylan" in kept
    assert "070" not in kept
    assert warned(world.session) == []
    opened = client.get(f"/rapportera?utkast={saved['draft']}")
    assert typed(opened, "description") == NAMED
    assert client.submit(opened, button="Granska och skicka").status_code == 422


def test_own_units_and_function_phones_pass(client: CheckingClient, world: World, reporter: Actor) -> None:
    unit = world.unit("skola-2380")
    unit.name, unit.phone = "Järnefelt", "063-14 30 00"
    world.session.flush()
    assert review(client, world, description="Vi ringde Järnefelt på 063-14 30 00 utan svar.").status_code == 200


def test_a_step_of_a_case_asks(client: CheckingClient, world: World, reporter: Actor) -> None:
    """Any form, any view: the question comes from the form itself."""
    client.submit(review(client, world, description=NEUTRAL), button="Skicka")
    case = world.session.scalars(select(Avvikelse)).one()
    page = client.submit(
        f"/avvikelser/{case.ref}/komplettera", {"text": "Ceylan Trulsson har fått en tid."}, button="Lägg till"
    )
    assert page.status_code == 422
    done = client.submit(page, answer(page, "text", "nej"), button="Lägg till")
    assert done.status_code == 302
    assert len(warned(world.session)) == 1


# --- the service by itself


def desk(found: list[tuple[str, list[str]]]) -> Desk:
    return Desk(
        words=lambda: NOTHING_KNOWN,
        known=lambda words: words,
        record=lambda *said: found.append((said[0], [*said[1]])),
    )


def test_no_service_that_guards_can_forget_the_question() -> None:
    recorded: list[tuple[str, list[str]]] = []
    with at_desk(desk(recorded)) as here:
        with pytest.raises(Unanswered) as caught:
            guard(text=NAMED)
        assert (caught.value.field, "Ceylan" in caught.value.reason) == ("text", False)
        here.answer(NAMED, guarding.look(NAMED))
        guard(text=NAMED)
        guard(text=NAMED)
        guard(text=f"Så här: {NAMED}")  # the same places in a text that a service has put together
        with pytest.raises(Unanswered):
            guard(text="Runa Ödlund ringde.")
        with pytest.raises(Invalid):
            guard(text="Ring 070-174 06 11.")
    assert [field for field, _ in recorded] == ["text", "text"]


def test_without_a_writer_only_what_blocks_is_refused() -> None:
    guard(text=NAMED)
    with pytest.raises(Invalid):
        guard(text="Ring 070-174 06 11.")


def test_the_desk_of_a_request_does_not_stay(client: CheckingClient) -> None:
    client.get("/")
    guard(text=NAMED)


def test_no_warned_text_is_counted_twice(client: CheckingClient, world: World, reporter: Actor) -> None:
    page = review(client, world)
    checked = client.submit(page, answer(page, "description", "nej"), button="Granska och skicka")
    client.submit(checked, button="Skicka")
    assert world.session.scalar(select(func.count()).where(AuditEvent.event == Event.GUARD_WARNED)) == 1
