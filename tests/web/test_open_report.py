"""Reporting without account through HTTP: the form, the receipt, the code's page; A21, A22, A23, R12."""

from __future__ import annotations

import json
import re
from datetime import datetime
from typing import Any

import pytest
import structlog
from flask import Flask
from sqlalchemy import func, select, text
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from avvikelse.domain.vocabulary import AnswerKind, Channel, Status
from avvikelse.domain.whole_days import is_whole_day
from avvikelse.models.audit import AuditEvent
from avvikelse.models.avvikelse import Avvikelse
from avvikelse.models.base import Base
from avvikelse.models.dialogue import Question
from avvikelse.models.groups import Samverkansgrupp
from avvikelse.models.identity import UserSession
from avvikelse.models.receipts import ReceiptCode
from avvikelse.services import answers, dialogue, group_decisions, group_questions, handling, publishing, triage
from avvikelse.services.answers import AnswerText
from avvikelse.services.group_decisions import DecisionText
from avvikelse.web import request_log
from tests.support import forms
from tests.support.client import CheckingClient
from tests.support.login import hidden, log_in
from tests.support.world import World

pytestmark = pytest.mark.usefixtures("clock")
FORM = "/utan-konto/jamtland-harjedalen/rapport"
FOLLOW = "/utan-konto/folj/sv"
TEXT = "Ingen sa vem som skulle kalla till mötet, så det blev inget möte."
CODE = re.compile(r"\b\d{4} \d{4} \d{4} \d{4}\b")
QUICK = AnswerText(AnswerKind.QUICK, what_happened="Kallelsen glömdes hos oss.", what_now="Vi har en ny rutin.")


def fill(world: World, **changes: Any) -> dict[str, Any]:
    return {"counterpart": world.unit("bup-behandling").id, "description": TEXT, "severity": 1} | changes


def send(client: CheckingClient, world: World, address: str = FORM, **changes: Any) -> TestResponse:
    """From the empty form to the receipt, as a browser does it."""
    review = client.submit(address, fill(world, **changes), button="Granska")
    assert review.status_code == 200, review.status_code
    return client.submit(review, button="Skicka")


def code_on(page: TestResponse) -> str:
    found = CODE.search(page.text)
    assert found, "no code on the page"
    return found.group()


def follow(client: CheckingClient, code: str) -> TestResponse:
    return client.submit(FOLLOW, {"code": code}, button="Visa")


def newest(session: Session) -> Avvikelse:
    return session.scalars(select(Avvikelse).order_by(Avvikelse.id.desc())).first()  # type: ignore[return-value]


def assign(world: World, row: Avvikelse) -> Any:
    """The samordnare gives it to BUP's manager, who is returned."""
    sam, chef = world.samordnare("region-jh"), world.chef("chef-bup-behandling")
    triage.assign(world.session, sam, row.ref, world.receiver("chef-bup-behandling"), now=world.now)
    return chef


# --- the way there ----------------------------------------------------------------------------------------------------


def test_from_the_poster_to_the_receipt(client: CheckingClient, world: World, session: Session) -> None:
    start = client.get("/utan-konto/jamtland-harjedalen/skola-2380")
    assert start.status_code == 200
    assert "Set-Cookie" not in start.headers
    form = client.get(f"{FORM}?enhet=skola-2380")
    assert f'<option selected value="{world.unit("skola-2380").id}">' in form.text
    assert "allmänt svar" in form.text
    review = client.submit(form, fill(world), button="Granska")
    assert "Avvikelsekoordinator Region Jämtland Härjedalen" in review.text
    assert session.scalar(select(func.count()).select_from(Avvikelse)) == 0
    receipt = client.submit(review, button="Skicka")
    assert receipt.status_code == 200
    assert code_on(receipt)
    row = newest(session)
    assert (row.channel, row.status) == (Channel.NO_ACCOUNT, Status.SUBMITTED)
    assert row.number in receipt.text


def test_the_way_in_lists_the_lan_and_knows_no_other(client: CheckingClient, world: World) -> None:
    assert "Jämtlands län" in client.get("/utan-konto").text
    for address in ("/utan-konto/atlantis", "/utan-konto/jamtland-harjedalen/finns-inte", f"{FORM}?enhet=finns-inte"):
        assert client.get(address).status_code == 404, address


@pytest.mark.parametrize("tail", ["", "/skola-2380"])
def test_the_posters(client: CheckingClient, world: World, tail: str) -> None:
    poster = client.get(f"/utan-konto/jamtland-harjedalen{tail}/affisch.pdf")
    assert poster.status_code == 200
    assert poster.mimetype == "application/pdf"
    assert poster.data.startswith(b"%PDF")
    assert client.get("/utan-konto/jamtland-harjedalen/finns-inte/affisch.pdf").status_code == 404


def test_change_brings_the_text_back(client: CheckingClient, world: World) -> None:
    review = client.submit(FORM, fill(world, proposal="Ring i stället."), button="Granska")
    back = dict(forms.find(review.text, button="Skicka").fields) | {"andra": "1"}  # the button's own address
    again = client.post(FORM, data=back)
    assert again.status_code == 200
    assert TEXT in again.text
    assert "Ring i stället." in again.text


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"description": ""}, "Skriv vad som hände."),
        ({"counterpart": ""}, "Välj vem det gäller"),
        ({"severity": None}, "Välj vad det ledde till"),
        ({"counterpart": "vet-inte", "kommunkod": ""}, "Välj kommun"),
        ({"occurred_on": "2027-01-01"}, "framtiden"),
        ({"description": "Eleven 20120304-2386 blev utan stöd."}, "Ta bort personnumret."),
    ],
)
def test_what_is_wrong_is_said_at_the_field_and_nothing_is_lost(
    client: CheckingClient, world: World, session: Session, wrong: dict[str, Any], sentence: str
) -> None:
    page = client.submit(FORM, fill(world, **({"proposal": "Ring i stället."} | wrong)), button="Granska")
    assert page.status_code == 422
    assert sentence in page.text
    assert "Ring i stället." in page.text
    assert session.scalar(select(func.count()).select_from(Avvikelse)) == 0


def test_severity_4_shows_112_and_does_not_stop(client: CheckingClient, world: World, session: Session) -> None:
    assert "112" in client.get(FORM).text
    review = client.submit(FORM, fill(world, severity=4), button="Granska")
    assert "socialjouren" in review.text
    receipt = client.submit(review, button="Skicka")
    assert "112" in receipt.text
    assert newest(session).severity == 4


def test_pressed_twice_it_is_one_report_with_one_code(client: CheckingClient, world: World, session: Session) -> None:
    review = client.submit(FORM, fill(world), button="Granska")
    first, second = (client.submit(review, button="Skicka") for _ in range(2))
    assert code_on(first) == code_on(second)
    assert session.scalar(select(func.count()).select_from(Avvikelse)) == 1


# --- with the code ----------------------------------------------------------------------------------------------------


def test_question_answer_no_and_again(client: CheckingClient, world: World, session: Session) -> None:
    code = code_on(send(client, world))
    row = newest(session)
    chef = assign(world, row)
    dialogue.ask(session, chef, row.ref, "Vilket slags möte var det?", now=world.now)
    page = follow(client, code)
    assert "Vilket slags möte var det?" in page.text
    done = client.submit(page, {"text": "Ett SIP-möte."}, action="/svara")
    assert "Ditt svar är skickat" in done.text
    session.expire_all()
    question = session.scalars(select(Question)).one()
    assert question.answer == "Ett SIP-möte."
    assert question.answered_at is not None
    assert is_whole_day(question.answered_at)
    answers.answer(session, chef, row.ref, QUICK, now=world.now)
    page = follow(client, code)
    assert "Kallelsen glömdes hos oss." in page.text
    nothing = client.submit(page, action="/betyg")
    assert nothing.status_code == 422
    assert "Välj ett av svaren." in nothing.text
    no = client.submit(page, {"rating": "nej"}, action="/betyg")
    assert no.status_code == 422
    assert "Skriv vad som saknas" in no.text
    no = client.submit(page, {"rating": "nej", "reason": "Vem kallar nästa gång?"}, action="/betyg")
    assert no.status_code == 200
    session.expire_all()
    assert row.status is Status.IN_PROGRESS
    full = AnswerText(AnswerKind.FULL, orsak="a", atgard="b", konsekvens="c", uppfoljning="d", no_atgard_reason="e")
    answers.answer(session, chef, row.ref, full, now=world.now)
    closed = client.submit(follow(client, code), {"rating": "ja"}, action="/betyg")
    assert "besvarad och avslutad" in closed.text
    form = client.submit(closed, action="/hant-igen")
    assert "Det har hänt igen" in form.text
    assert f'<option selected value="{world.unit("bup-behandling").id}">' in form.text
    review = client.submit(form, {"description": "Samma sak en gång till.", "severity": 2}, button="Granska")
    receipt = client.submit(review, button="Skicka")
    assert code_on(receipt) != code
    anew = newest(session)
    assert anew.earlier_id == row.id


def test_add_and_withdraw(client: CheckingClient, world: World, session: Session) -> None:
    code = code_on(send(client, world))
    page = client.submit(follow(client, code), {"text": "Det var i oktober."}, action="/komplettera")
    assert "Det var i oktober." in page.text
    gone = client.submit(page, action="/aterta")
    assert gone.text.count("Du har tagit tillbaka rapporten.") == 1
    for step in ("kopplingskod", "fraga-gruppen"):  # nothing is left to belong to, or to ask about
        assert f"/{step}" in page.text
        assert f"/{step}" not in gone.text
    session.expire_all()
    assert newest(session).status is Status.CLOSED
    late = client.submit(page, action="/aterta")  # the old page once more
    assert late.status_code == 409


def test_the_guard_stands_at_what_is_written_with_the_code_too(
    client: CheckingClient, world: World, session: Session
) -> None:
    page = follow(client, code_on(send(client, world)))
    refused = client.submit(page, {"text": "Ring 070-123 45 67 så berättar jag."}, action="/komplettera")
    assert refused.status_code == 422
    assert "Ta bort telefonnumret." in refused.text


def test_a_decision_of_the_group_reaches_the_holder(client: CheckingClient, world: World, session: Session) -> None:
    code = code_on(send(client, world, kommunkod="2380"))
    row = newest(session)
    chef, now = assign(world, row), world.now
    handling.accept(session, chef, row.ref, now=now)
    asked = group_questions.lift(session, chef, row.ref, "Vem kallar till SIP?", now=now)
    assert "Vem kallar till SIP?" not in follow(client, code).text  # nobody has approved the words yet
    group_questions.approve(session, world.samordnare("region-jh"), row.ref, asked.id, asked.text, now=now)
    assert "Frågan väntar på gruppens beslut." in follow(client, code).text
    group = session.get_one(Samverkansgrupp, asked.group_id)
    decision = "BUP kallar, skolan bokar rum."
    words = DecisionText(decision, "BUP", now.date())
    convenor = world.convenor(group.slug)
    taken = group_decisions.decide_question(session, convenor, group.id, asked.ref, words, now=now)
    assert decision not in follow(client, code).text  # not published yet
    publishing.publish(session, convenor, group.id, taken.ref, now=now)
    assert decision in follow(client, code).text


# --- A21: guessing ----------------------------------------------------------------------------------------------------


def test_a21_wrong_purged_and_foreign_codes_get_the_same_page(
    client: CheckingClient, world: World, session: Session
) -> None:
    code = code_on(send(client, world))
    session.delete(session.scalars(select(ReceiptCode)).one())
    session.commit()
    same = set()
    for typed in (code, "0000 0000 0000 0000", "9" * 16):
        page = follow(client, typed)
        assert page.status_code == 422
        body = page.text.replace(typed, "")
        same.add(re.sub(r'name="csrf_token"[^>]*>', "", body))
    assert len(same) == 1


def test_a21_the_eleventh_wrong_code_waits_and_the_counter_holds_no_address(
    client: CheckingClient, world: World, session: Session
) -> None:
    code = code_on(send(client, world))
    for _ in range(10):
        assert follow(client, "0000 0000 0000 0000").status_code == 422
    braked = follow(client, code)
    assert braked.status_code == 429
    assert int(braked.headers["Retry-After"]) > 0
    assert "Det du skrev finns kvar" in braked.text
    stored = session.execute(text("SELECT * FROM throttle")).all()
    assert stored
    assert "127.0.0.1" not in str(stored)


def test_a21_the_code_is_in_no_address_cookie_or_later_page(client: CheckingClient, world: World) -> None:
    code = code_on(send(client, world))
    digits = code.replace(" ", "")
    page = follow(client, code)
    assert page.request.query_string == b""
    for word in (code, digits):
        assert word not in page.text  # only the pass stands there
        assert word not in page.request.path
    with client.session_transaction() as cookie:
        assert digits not in json.dumps(dict(cookie))
    assert page.headers["Cache-Control"] == "no-store"


def test_the_number_and_the_reference_open_nothing(client: CheckingClient, world: World, session: Session) -> None:
    send(client, world)
    row = newest(session)
    assert follow(client, row.number).status_code == 422
    assert client.get(f"/avvikelser/{row.ref}").status_code == 302
    forged = client.post(f"{FOLLOW}/aterta", data={"code_token": row.ref})
    assert forged.status_code == 401
    session.expire_all()
    assert newest(session).status is Status.SUBMITTED


# --- A22: nothing links a person --------------------------------------------------------------------------------------


def everything(session: Session) -> dict[str, list[tuple[Any, ...]]]:
    """Every row of every table."""
    return {table.name: [tuple(row) for row in session.execute(select(table))] for table in Base.metadata.sorted_tables}


def test_a22_somebody_who_is_logged_in_leaves_no_link(
    client: CheckingClient, world: World, session: Session, clock: Any
) -> None:
    teacher = world.reporter("skola-2380")
    log_in(client, teacher.user_id or 0)
    session.commit()
    before = everything(session)
    moment = clock.move(hours=2, minutes=7)
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(20))
    try:
        with structlog.testing.capture_logs() as logged:
            page = client.get(FORM)
            assert "Logga ut" not in page.text
            receipt = send(client, world)
            follow(client, code_on(receipt))
    finally:
        request_log.configure(quiet=True)
    assert logged == []
    after = everything(session)
    new = {name: [row for row in rows if row not in before[name]] for name, rows in after.items()}
    assert new["user_session"] == []  # not even "last seen"
    brakes = new.pop("throttle")  # keyed hashes and quarters of an hour, beside nothing
    assert all(len(row[0]) == 64 and row[1].minute % 15 == 0 for row in brakes)
    times = {(name, value) for name, rows in new.items() for row in rows for value in row if type(value) is datetime}
    assert times
    assert [one for one in times if world.now < one[1] <= moment] == []
    assert all(is_whole_day(value) or value > moment for _, value in times)  # later: when the mail leaves
    row = newest(session)
    events = session.scalars(select(AuditEvent).where(AuditEvent.avvikelse_id == row.id)).all()
    assert {event.user_id for event in events} == {None}
    assert session.scalar(select(UserSession.last_seen_at)) == world.now
    # The form works with the token of the browser alone: the log-in is not in it.
    assert hidden(page.text, "csrf_token") != client.csrf_token()


def test_a22_times_are_shown_as_days_to_the_parties_too(client: CheckingClient, world: World, session: Session) -> None:
    send(client, world)
    row = newest(session)
    log_in(client, world.samordnare("region-jh").user_id or 0)
    page = client.get(f"/avvikelser/{row.ref}")
    assert "kl." not in page.text
    assert "Någon utan konto" in page.text
    listed = client.get("/arenden")
    assert "Utan konto" in listed.text


# --- R12: no lost text ------------------------------------------------------------------------------------------------


def test_r12_too_many_reports_keep_the_text(client: CheckingClient, world: World) -> None:
    for _ in range(10):
        assert send(client, world).status_code == 200
    braked = send(client, world)
    assert braked.status_code == 429
    assert int(braked.headers["Retry-After"]) > 0
    assert TEXT in braked.text


def test_r12_a_form_too_large_gives_the_text_back(client: CheckingClient, world: World) -> None:
    page = client.get(FORM)
    data = {"csrf_token": hidden(page.text, "csrf_token"), "description": f"{TEXT} {'x' * 1_100_000}"}
    answer = client.post(FORM, data=data)
    assert answer.status_code == 413
    assert TEXT in answer.text


def test_r12_a_lost_cookie_gives_the_text_back(client: CheckingClient, world: World) -> None:
    review = client.submit(FORM, fill(world), button="Granska")
    client.delete_cookie("avvikelse")
    answer = client.submit(review, button="Skicka")
    assert answer.status_code == 400
    assert TEXT in answer.text
    assert f'href="{FORM}">Öppna formuläret på nytt' in answer.text  # the start page would ask her to log in
    assert 'href="/">' not in answer.text.partition("<main")[2].partition("</main>")[0]


def test_r12_a_form_open_all_day_is_sent(client: CheckingClient, world: World, clock: Any) -> None:
    review = client.submit(FORM, fill(world), button="Granska")
    clock.move(hours=9)
    assert code_on(client.submit(review, button="Skicka"))


def test_r12_a_page_open_too_long_asks_for_the_code_and_keeps_the_text(
    client: CheckingClient, world: World, clock: Any
) -> None:
    code = code_on(send(client, world))
    page = follow(client, code)
    clock.move(hours=13)
    asked = client.submit(page, {"text": "Det var i oktober."}, action="/komplettera")
    assert asked.status_code == 401
    back = client.submit(asked, {"code": code}, button="Visa")
    assert back.status_code == 200
    assert "Det var i oktober." in back.text
    assert "Det är tillagt" not in back.text
    sent = client.submit(back, action="/komplettera")
    assert "Det är tillagt." in sent.text


def test_an_old_receipt_is_not_shown_again(client: CheckingClient, world: World, clock: Any) -> None:
    review = client.submit(FORM, fill(world), button="Granska")
    code = code_on(client.submit(review, button="Skicka"))
    clock.move(days=2)
    later = client.submit(review, button="Skicka")
    assert later.status_code == 200
    assert code not in later.text
    assert "redan skickat" in later.text


def test_nothing_of_it_needs_a_person(app: Flask) -> None:
    """A23: the pages read no log-in, whatever headers pretend."""
    client = app.test_client()
    answer = client.get("/utan-konto", headers={"X-User": "1", "X-Forwarded-User": "anna"})
    assert answer.status_code == 200
    assert "Logga ut" not in answer.get_data(as_text=True)
