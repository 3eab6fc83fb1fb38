"""With the code, without account: "Har det hänt igen?" (MS8) and a question to the samverkansgrupp."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from avvikelse.domain.actor import Actor
from avvikelse.domain.vocabulary import Again, GroupQuestionKind
from avvikelse.domain.whole_days import is_whole_day
from avvikelse.models.audit import AuditEvent
from avvikelse.models.avvikelse import Avvikelse
from avvikelse.models.dialogue import Atgard, EffectQuestion
from avvikelse.models.group_work import GroupQuestion
from avvikelse.models.links import LinkCode
from avvikelse.services import effects, links
from avvikelse.services.receipts import Knock
from tests.conftest import Clock
from tests.support.acting import Acting
from tests.support.browsing import words
from tests.support.client import CheckingClient
from tests.support.world import World

pytestmark = pytest.mark.usefixtures("clock")

LINK_CODE = re.compile(r"[a-zåäö]+-[a-zåäö]+-[a-zåäö]+ [0-9]")
KNOCK = Knock("192.0.2.7/32", b"k" * 32)
LAN = "/utan-konto/jamtland-harjedalen/rapport"
QUESTION = "Vem kallar när ingen har ansvaret?"


@pytest.fixture
def code(client: CheckingClient, world: World) -> str:
    fields = {
        "counterpart": world.unit("bup-behandling").id, "kommunkod": "2380", "occurred_on": "2026-03-09",
        "description": "Ingen kallade till mötet.", "severity": 1, "key": "nyckelnyckel", "sender": "",
    }  # fmt: skip
    receipt = client.submit(client.post(LAN, data=fields), button="Skicka")
    found = re.search(r"\d{4} \d{4} \d{4} \d{4}", receipt.text)
    assert found
    return found.group()


@pytest.fixture
def case(session: Session, code: str) -> Avvikelse:
    return session.scalars(select(Avvikelse)).one()


def opened(client: CheckingClient, code: str, language: str = "sv") -> Any:
    return client.submit(f"/utan-konto/folj/{language}", {"code": code})


def asked(acting: Acting, session: Session, clock: Clock, bup: Actor, case: Avvikelse) -> Atgard:
    """An åtgärd is in place, and 90 days have gone."""
    world = acting.world
    sam = world.samordnare("region-jh")
    acting.step(sam, case, "fordela", receiver=world.position("chef-bup-behandling").id, reason="")
    acting.step(bup, case, "atgard", kind="M01", text="Vi kallar.", due_on="2026-04-01")
    atgard = session.scalars(select(Atgard)).one()
    acting.does(bup, f"/atgarder/{atgard.id}/infor", done_on="2026-03-11", changed="BUP kallar till mötet.")
    clock.move(days=91)
    effects.ask_due(session, clock.now)
    session.commit()
    return atgard


def test_the_effect_is_asked_and_answered_and_the_day_is_all_that_is_kept(
    acting: Acting, client: CheckingClient, session: Session, clock: Clock, bup: Actor, case: Avvikelse, code: str
) -> None:
    assert "Har det hänt igen?" not in words(opened(client, code))
    asked(acting, session, clock, bup, case)
    page = opened(client, code)
    assert "Något har ändrats. Har det hänt igen?" in words(page)
    unanswered = client.submit(page, {"comment": "Svårt att säga."}, action="fortfarande")
    assert unanswered.status_code == 422
    assert "Svårt att säga." in unanswered.text
    done = client.submit(unanswered, {"again": "ibland", "comment": "Mindre ofta."}, action="fortfarande")
    assert "Ditt svar är sparat" in words(done)
    assert "Har det hänt igen?" not in words(done)
    question = session.scalars(select(EffectQuestion).where(EffectQuestion.asked == "rapportor")).one()
    assert (question.again, question.comment) == (Again.SOMETIMES, "Mindre ofta.")
    assert "Mindre ofta." in acting.reads(bup, f"/atgarder/{question.atgard_id}")


def test_the_effect_in_english(
    acting: Acting, client: CheckingClient, session: Session, clock: Clock, bup: Actor, case: Avvikelse, code: str
) -> None:
    asked(acting, session, clock, bup, case)
    page = opened(client, code, "en")
    assert "Has it happened again?" in words(page)
    assert "Your answer is saved" in words(client.submit(page, {"again": "nej"}, action="fortfarande"))


def test_nothing_asked_nothing_to_answer(client: CheckingClient, code: str) -> None:
    page = opened(client, code)
    token = re.search(r'name="code_token"[^>]*value="([^"]+)"', page.text)
    assert token
    late = client.post("/utan-konto/folj/sv/fortfarande", data={"code_token": token[1], "again": "nej"})
    assert late.status_code == 409


def test_a_question_to_the_group_is_approved_first_and_answered_here(
    acting: Acting, client: CheckingClient, world: World, session: Session, case: Avvikelse, code: str
) -> None:
    sam, convenor = world.samordnare("region-jh"), world.convenor("birger")
    case.category = "A6"
    world.session.flush()
    page = opened(client, code)
    empty = client.submit(page, action="fraga-gruppen")
    assert "Skriv frågan." in words(empty)
    stopped = client.submit(empty, {"text": "Eleven 19121212-1212, vem kallar?"}, action="fraga-gruppen")
    assert stopped.status_code == 422
    sent = client.submit(stopped, {"text": QUESTION}, action="fraga-gruppen")
    assert "Frågan är skickad" in words(sent)
    assert 'fraga-gruppen"' not in sent.text, "one at a time"
    question = session.scalars(select(GroupQuestion)).one()
    assert (question.kind, question.raised_by_user_id) == (GroupQuestionKind.PROPOSAL, None)
    assert QUESTION not in acting.reads(convenor, f"/grupper/{question.group_id}/fragor")
    acting.get(sam, "/")
    approved = client.submit(f"/avvikelser/{case.ref}/godkann-fraga", button="Godkänn")
    assert approved.status_code == 302
    session.refresh(question)
    assert question.approved_at is not None
    assert QUESTION in words(opened(client, code))


def test_a_linking_code_for_who_has_no_account(
    client: CheckingClient, world: World, session: Session, case: Avvikelse, code: str
) -> None:
    shown = client.submit(opened(client, code), action="kopplingskod")
    found = LINK_CODE.search(words(shown))
    assert found
    assert LINK_CODE.search(words(client.submit(opened(client, code, "en"), action="kopplingskod")))[0] == found[0]  # type: ignore[index]
    row = session.scalars(select(LinkCode)).one()
    assert row.avvikelse_id == case.id
    other = world.report(world.reporter("soc-2380"), "bup-behandling")
    links.join(session, world.actor("rapportor-soc-2380"), other.ref, found[0], KNOCK, now=world.now)
    assert other.event_id == case.id
    page = words(opened(client, code))
    assert "Samma händelse, rapporterad av andra" in page
    assert other.description not in page
    record = session.scalars(select(AuditEvent).where(AuditEvent.event == "link_code_made")).one()
    assert (record.user_id, is_whole_day(record.at)) == (None, True)


def test_what_is_sent_is_not_lost_when_the_page_was_open_too_long(client: CheckingClient, code: str) -> None:
    page = client.post("/utan-konto/folj/sv/fraga-gruppen", data={"code_token": "gammal", "text": QUESTION})
    assert page.status_code == 401
    back = client.submit(page, {"code": code})
    assert QUESTION in back.text


def test_dates_are_days(session: Session, client: CheckingClient, case: Avvikelse, code: str, now: datetime) -> None:
    client.submit(opened(client, code), {"text": QUESTION}, action="fraga-gruppen")
    question = session.scalars(select(GroupQuestion)).one()
    assert question.raised_at < now
    assert now - question.raised_at < timedelta(days=1)
    assert (question.raised_at.minute, question.raised_at.second) == (0, 0)
