"""Filing a report through the pages, from form to receipt: what must get through, and what must not."""

from __future__ import annotations

import re
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from avvikelse.domain.actor import Actor
from avvikelse.domain.kommuner import kommun_name
from avvikelse.domain.swedish_order import swedish
from avvikelse.domain.vocabulary import Channel, Status
from avvikelse.models.avvikelse import Avvikelse, ReportDraft
from avvikelse.models.outbox import OutboxMail
from avvikelse.services import reporting
from tests.support.browsing import Visitor, words
from tests.support.client import CheckingClient
from tests.support.forms import find
from tests.support.world import TEXT, World

pytestmark = pytest.mark.usefixtures("clock")

PERSONNUMMER = "19121212-1212"


@pytest.fixture
def reporter(world: World, client: CheckingClient) -> Actor:
    """Somebody at BUP, logged in."""
    actor = world.reporter("bup-behandling")
    Visitor.of(client, world.session, actor, world.now)
    return actor


def answers(world: World, **changes: Any) -> dict[str, Any]:
    return {"counterpart": world.unit("skola-2380").id, "description": TEXT, "severity": 1, **changes}


def review(client: CheckingClient, world: World, **changes: Any) -> TestResponse:
    return client.submit("/rapportera", answers(world, **changes), button="Granska och skicka")


def count(session: Session, model: Any) -> int:
    return session.scalar(select(func.count()).select_from(model)) or 0


def nothing_stored(session: Session) -> bool:
    return not any(count(session, model) for model in (Avvikelse, ReportDraft, OutboxMail))


def test_from_form_to_receipt(client: CheckingClient, world: World, reporter: Actor) -> None:
    page = review(client, world, proposal="Kalla tio dagar före.")
    shown = words(page)
    assert page.status_code == 200
    assert TEXT in shown
    assert "Kalla tio dagar före." in shown
    assert "därför att" in shown.lower()
    assert nothing_stored(world.session)
    sent = client.submit(page, button="Skicka")
    case = world.session.scalars(select(Avvikelse)).one()
    assert (sent.status_code, sent.location) == (302, f"/rapportera/kvitto/{case.ref}")
    assert (case.reporter_user_id, case.status, case.severity) == (reporter.user_id, Status.ASSIGNED, 1)
    assert (case.description, case.proposal) == (TEXT, "Kalla tio dagar före.")
    receipt = words(client.get(sent.location))
    assert case.number in receipt
    assert "senast 18 mars 2026" in receipt
    assert case.number in words(client.get("/mina-rapporter"))


def test_the_reporter_may_contest_where_it_goes(client: CheckingClient, world: World, reporter: Actor) -> None:
    world.samordnare("region-jh")
    client.submit(review(client, world), {"routing_contested": "y"}, button="Skicka")
    case = world.session.scalars(select(Avvikelse)).one()
    assert (case.routing_contested, case.status) == (True, Status.SUBMITTED)


def test_change_goes_back_with_everything_kept(client: CheckingClient, world: World, reporter: Actor) -> None:
    page = review(client, world, proposal="Ring först.", child_waits="y")
    back = client.post("/rapportera", data={**_hidden(page), "andra": "1"})
    assert back.status_code == 200
    again = client.submit(back, button="Granska och skicka")
    assert again.status_code == 200
    client.submit(again, button="Skicka")
    case = world.session.scalars(select(Avvikelse)).one()
    assert (case.proposal, case.child_waits, case.description) == ("Ring först.", True, TEXT)


def _hidden(page: TestResponse) -> dict[str, str]:
    return dict(find(page.get_data(as_text=True), button="Skicka").fields)


@pytest.mark.parametrize("field", ["counterpart", "occurred_on", "description", "severity"])
def test_each_required_answer(client: CheckingClient, world: World, reporter: Actor, field: str) -> None:
    page = review(client, world, **{field: "" if field != "severity" else None})
    assert page.status_code == 422
    html = page.get_data(as_text=True)
    assert f'id="{field}-error"' in html
    assert field == "description" or TEXT in html
    assert nothing_stored(world.session)


@pytest.mark.parametrize("field", ["description", "proposal", "immediate_action", "own_reference"])
def test_personal_data_is_refused_and_stored_nowhere(
    client: CheckingClient, world: World, reporter: Actor, field: str
) -> None:
    page = review(client, world, **{field: f"Eleven {PERSONNUMMER} fick vänta."})
    assert page.status_code == 422
    assert "Ta bort personnumret." in words(page)
    assert PERSONNUMMER in page.get_data(as_text=True)  # the reporter's own words stay on her page
    assert nothing_stored(world.session)


def test_personal_data_put_into_the_second_step_is_refused(
    client: CheckingClient, world: World, reporter: Actor
) -> None:
    fields = _hidden(review(client, world))
    sent = client.post("/rapportera/skicka", data={**fields, "description": f"Ring 070-174 06 05 om {PERSONNUMMER}."})
    assert sent.status_code == 422
    assert nothing_stored(world.session)


def test_the_day_may_not_lie_ahead(client: CheckingClient, world: World, reporter: Actor) -> None:
    page = review(client, world, occurred_on="2026-03-12")
    assert page.status_code == 422
    assert "framtiden" in words(page)
    assert TEXT in page.get_data(as_text=True)


def test_vet_inte_goes_to_the_own_samordnare(client: CheckingClient, world: World, reporter: Actor) -> None:
    world.samordnare("region-jh")
    client.submit(review(client, world, counterpart="vet-inte"), button="Skicka")
    case = world.session.scalars(select(Avvikelse)).one()
    assert (case.counterpart_unknown, case.status) == (True, Status.SUBMITTED)


def test_sent_twice_is_one_report(client: CheckingClient, world: World, reporter: Actor) -> None:
    fields = _hidden(review(client, world))
    first, second = (client.post("/rapportera/skicka", data=fields) for _ in range(2))
    assert first.location == second.location
    assert count(world.session, Avvikelse) == 1


@pytest.mark.parametrize(
    "forged",
    [{"severity": "9"}, {"category": "Z9"}, {"counterpart": "999999"}, {"extent": "alltid"}, {"counterpart": "x"}],
)
def test_forged_hidden_fields_are_refused(
    client: CheckingClient, world: World, reporter: Actor, forged: dict[str, str]
) -> None:
    sent = client.post("/rapportera/skicka", data={**_hidden(review(client, world)), **forged})
    assert sent.status_code == 422
    assert nothing_stored(world.session)


def test_what_the_server_decides_cannot_be_sent(client: CheckingClient, world: World, reporter: Actor) -> None:
    forged = {
        "status": "closed",
        "number": "JH-2026-9999",
        "reporter_user_id": "1",
        "receiver": "1",
        "channel": "import",
    }
    client.post("/rapportera/skicka", data={**_hidden(review(client, world)), **forged})
    case = world.session.scalars(select(Avvikelse)).one()
    assert (case.status, case.channel, case.number) == (Status.ASSIGNED, Channel.WEB, "JH-2026-0001")
    assert case.reporter_user_id == reporter.user_id


def test_the_sender_is_always_an_own_unit(client: CheckingClient, world: World, reporter: Actor) -> None:
    foreign = world.unit("skola-2380").id
    client.post("/rapportera/skicka", data={**_hidden(review(client, world)), "sender_enhet_id": foreign})
    senders = world.session.scalars(select(Avvikelse.sender_enhet_id)).all()
    assert foreign not in senders


def test_others_receipts_are_not_there(client: CheckingClient, world: World, reporter: Actor) -> None:
    case = world.report(world.reporter("skola-2380"), "bup-behandling")
    world.session.commit()
    assert client.get(f"/rapportera/kvitto/{case.ref}").status_code == 404
    assert client.get("/rapportera/kvitto/abcdefgh23456789").status_code == 404


def test_it_has_happened_again(client: CheckingClient, world: World, reporter: Actor) -> None:
    first = world.report(reporter, "skola-2380")
    reporting.withdraw(world.session, reporter, first.ref, now=world.now)
    world.session.commit()
    page = client.get(f"/rapportera?igen={first.ref}")
    review_page = client.submit(page, {"description": "Samma sak igen.", "severity": 2}, button="Granska och skicka")
    client.submit(review_page, button="Skicka")
    again = world.session.scalars(select(Avvikelse).where(Avvikelse.earlier_id == first.id)).one()
    assert again.counterpart_enhet_id == first.counterpart_enhet_id
    assert again.description == "Samma sak igen."


def test_again_only_after_an_own_report(client: CheckingClient, world: World, reporter: Actor) -> None:
    foreign = world.report(world.reporter("skola-2380"), "bup-behandling")
    world.session.commit()
    assert client.get(f"/rapportera?igen={foreign.ref}").status_code == 404


def test_own_reference_is_hidden_where_the_omrade_does_not_allow_it(
    client: CheckingClient, world: World, reporter: Actor
) -> None:
    world.unit("bup-behandling").omrade.own_reference_allowed = False
    world.session.commit()
    page = client.get("/rapportera")
    assert page.status_code == 200
    assert 'name="own_reference"' not in page.get_data(as_text=True)


@pytest.mark.parametrize(
    "address", ["/", "/rapportera", "/rapportera/sip", "/mina-rapporter", "/rapportera/kvitto/abcdefgh23456789"]
)
def test_nobody_gets_in_without_logging_in(client: CheckingClient, address: str) -> None:
    answer = client.get(address)
    assert answer.status_code == 302
    assert answer.location.startswith("/logga-in")


# --- the SIP quick report ---------------------------------------------------------------------------------------------


def sip(client: CheckingClient, world: World, **changes: Any) -> TestResponse:
    fields = {"counterpart": world.unit("skola-2380").id, "notice": "nej", "held": "nej", "severity": 2, **changes}
    page = client.get("/rapportera/sip")
    form = _choices(page, "meeting")
    return client.submit(page, {"meeting": form[0], **fields}, button="Skicka")


def _choices(page: TestResponse, name: str) -> list[str]:
    return re.findall(rf'name="{name}" value="([^"]*)"', page.get_data(as_text=True))


def test_sip_quick_report(client: CheckingClient, world: World, reporter: Actor) -> None:
    sent = sip(client, world)
    case = world.session.scalars(select(Avvikelse)).one()
    assert sent.location == f"/rapportera/kvitto/{case.ref}"
    assert (case.channel, case.category, case.status) == (Channel.SIP_QUICK, "A1", Status.ASSIGNED)
    assert (case.no_notice_given, case.meeting_held) == (True, False)
    assert "inget besked" in case.description


@pytest.mark.parametrize("field", ["counterpart", "notice", "held", "severity"])
def test_each_answer_of_the_sip_report(client: CheckingClient, world: World, reporter: Actor, field: str) -> None:
    page = sip(client, world, **{field: "" if field == "counterpart" else None})
    assert page.status_code == 422
    assert f'id="{field}-error"' in page.get_data(as_text=True)
    assert nothing_stored(world.session)


@pytest.mark.parametrize("path", ["/rapportera", "/rapportera/sip", "/utan-konto"])
def test_whom_it_concerns_is_listed_by_place_with_its_type(
    client: CheckingClient, world: World, reporter: Actor, path: str
) -> None:
    """Without scripts too: a school stands under its kommun, what serves several under its huvudman; with type."""
    address = f"{path}/{world.pack.slug}/rapport" if path == "/utan-konto" else path
    html = client.get(address).get_data(as_text=True)
    listed = re.search(r'<select[^>]* name="counterpart"[^>]*>(.*?)</select>', html, re.DOTALL) or re.search(
        r'<select[^>]*id="counterpart"[^>]*>(.*?)</select>', html, re.DOTALL
    )
    assert listed is not None
    groups = dict(re.findall(r'<optgroup label="([^"]+)">(.*?)</optgroup>', listed[1], re.DOTALL))
    assert len(groups) == listed[1].count("<optgroup"), "each place once"
    kommuner = [place for place in groups if place in {kommun_name(code) for code in world.pack.kommuner}]
    assert kommuner == sorted(kommuner, key=swedish) == list(groups)[: len(kommuner)], "kommuner first"
    school, bup = world.unit("skola-2380"), world.unit("bup-behandling")
    assert re.search(rf'value="{school.id}">[^<]*\(Grundskola\)', groups["Östersund"])
    assert re.search(rf'value="{bup.id}">[^<]*\(Barn- och ungdomspsykiatri\)', groups[bup.huvudman.name])
