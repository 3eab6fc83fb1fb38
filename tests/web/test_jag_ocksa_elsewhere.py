"""*Jag också* outside the ordinary form: the SIP quick report, a call, and why it is not offered without account."""

from __future__ import annotations

import re
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from avvikelse.domain.actor import Actor
from avvikelse.domain.vocabulary import Channel, Extent, Outcome, Status
from avvikelse.models.avvikelse import Avvikelse, ReportDraft
from avvikelse.models.voices import AddedVoice
from avvikelse.services import links
from tests.support import forms
from tests.support.acting import Acting
from tests.support.browsing import words
from tests.support.world import World

SECRET, SENTENCE = "Kanariefågeln kom inte.", "En kallad part kom inte till mötet."
pytestmark = pytest.mark.usefixtures("clock")
CALLED = "Ingen från BUP kom till vårt möte heller."
CODE = re.compile(r"\d{4} \d{4} \d{4} \d{4}")
SAME = "Är det samma sak som i ett öppet ärende?"


@pytest.fixture
def sam(world: World) -> Actor:
    return world.samordnare("region-jh")


@pytest.fixture
def first(world: World, bup: Actor) -> Avvikelse:
    """An open report about BUP, from the school: somebody did not come."""
    row = world.report(world.reporter("skola-2380"), "bup-behandling", description=SECRET, category="A1")
    assert row.status is Status.ASSIGNED
    return row


def cases(session: Session) -> list[Avvikelse]:
    return list(session.scalars(select(Avvikelse).order_by(Avvikelse.id)))


# --- the SIP quick report ---------------------------------------------------------------------------------------------


def quick(acting: Acting, who: Actor) -> Any:
    fields = {
        "meeting": "SIP-möte", "counterpart": acting.world.unit("bup-behandling").id, "notice": "nej", "held": "nej",
        "severity": 1,
    }  # fmt: skip
    return acting.client.submit(acting.get(who, "/rapportera/sip"), fields, button="Skicka")


@pytest.fixture
def colleague(world: World) -> Actor:
    return world.reporter("skola-2380", "kollegan")


def test_the_quick_report_asks_once_where_the_same_is_reported(
    acting: Acting, session: Session, first: Avvikelse, colleague: Actor
) -> None:
    page = quick(acting, colleague)
    assert page.status_code == 200
    assert "Gäller det samma sak?" in words(page)
    for secret in (SECRET, first.ref, first.number):
        assert secret not in page.get_data(as_text=True)
    assert cases(session) == [first]
    joined = acting.client.submit(page, button="Jag också")
    assert joined.location.startswith("/jag-ocksa/")
    session.refresh(first)
    assert first.voices == 1
    assert cases(session) == [first]


def test_the_quick_report_can_be_sent_all_the_same(
    acting: Acting, session: Session, first: Avvikelse, colleague: Actor
) -> None:
    receipt = acting.client.submit(quick(acting, colleague), button="Skicka min rapport")
    assert receipt.status_code == 302
    assert "/rapportera/kvitto/" in receipt.location
    assert [row.channel for row in cases(session)] == [Channel.WEB, Channel.SIP_QUICK]


def test_the_quick_report_goes_straight_on_where_nothing_may_be_shown(
    acting: Acting, world: World, session: Session, first: Avvikelse, colleague: Actor
) -> None:
    assert quick(acting, world.reporter("soc-2380")).status_code == 302, "another område, no approved sentence"
    first.severity = 3
    session.flush()
    assert quick(acting, colleague).status_code == 302, "severe, no approved sentence"
    assert len(cases(session)) == 3


def test_a_voice_that_was_not_offered_is_refused(
    acting: Acting, world: World, session: Session, colleague: Actor
) -> None:
    fields = {
        "meeting": "SIP-möte", "counterpart": world.unit("bup-behandling").id, "notice": "nej", "held": "nej",
        "severity": 1, "occurred_on": "2026-03-09", "sender_enhet_id": world.unit("skola-2380").id, "rost": "gissat",
    }  # fmt: skip
    page = acting.sends(colleague, "/rapportera/sip/jag-ocksa", **fields)
    assert page.status_code == 422
    assert "går inte längre att säga" in words(page)
    assert session.scalars(select(AddedVoice)).all() == []


# --- by phone ---------------------------------------------------------------------------------------------------------


def call(acting: Acting, who: Actor, **changes: Any) -> Any:
    world = acting.world
    fields = {
        "counterpart": world.unit("bup-behandling").id, "sender": world.unit("skola-2380").id, "kommunkod": "2380",
        "called_time": "8.15", "description": CALLED, "severity": 1,
    }  # fmt: skip
    return acting.client.submit(acting.get(who, "/telefonrapport"), fields | changes, button="Läs upp")


def test_a_caller_joins_an_open_case_and_hears_its_answer(
    acting: Acting, session: Session, first: Avvikelse, sam: Actor, bup: Actor
) -> None:
    review = call(acting, sam)
    assert SAME in words(review)
    assert first.number in words(review)
    receipt = acting.client.submit(review, {"main": first.ref, "read_back": "y"}, button="Skicka")
    assert "Rapporten är förd till det öppna ärendet" in words(receipt)
    code = CODE.search(receipt.get_data(as_text=True))
    assert code
    phoned = cases(session)[-1]
    assert (phoned.channel, phoned.main_id, phoned.outcome) == (Channel.PHONE, first.id, Outcome.MERGED)
    acting.step(bup, first, "ta-emot")
    parts = {"orsak": "Vi glömde.", "atgard": "Vi kallar i tid.", "konsekvens": "Alla kommer.", "uppfoljning": "I maj."}
    acting.step(bup, first, "svara", kind="fyra_delar", **parts, no_atgard_reason="Rutinen finns.")
    with acting.client.session_transaction() as cookie:
        cookie.clear()
    status = words(acting.client.submit("/utan-konto/folj/sv", {"code": code.group()}))
    assert "Vi kallar i tid." in status
    assert SECRET not in status


def test_a_call_is_not_joined_to_what_is_not_the_samordnares(
    acting: Acting, world: World, session: Session, first: Avvikelse
) -> None:
    elsewhere = world.samordnare("kommun-2326/utbildning")
    review = call(acting, elsewhere, sender="")
    assert first.number not in words(review)
    assert SAME not in words(review)
    fields = dict(forms.find(review.get_data(as_text=True), button="Skicka").fields)
    forced = acting.client.post("/telefonrapport/skicka", data=fields | {"main": first.ref, "read_back": "y"})
    assert forced.status_code == 422
    assert cases(session) == [first]


@pytest.mark.parametrize("change", [{"severity": 3}, {"status": Status.ANSWERED}, {"category": "B1"}], ids=str)
def test_what_a_call_is_not_joined_to(
    acting: Acting, session: Session, first: Avvikelse, sam: Actor, change: dict[str, Any]
) -> None:
    """A severe call is a case of its own; a case that is answered, or of another kind, is not the same."""
    if "status" in change:
        first.status = change["status"]
        session.flush()
        change = {}
    assert SAME not in words(call(acting, sam, **change))


def test_the_script_keeps_a_draft_of_the_call_and_shows_what_is_open(
    acting: Acting, world: World, session: Session, first: Avvikelse, sam: Actor
) -> None:
    half = {"counterpart": world.unit("bup-behandling").id, "description": CALLED, "called_time": "8.15"}
    answer = acting.sends(sam, "/telefonrapport/utkast", **half, liknande="1").get_json()
    assert first.number in answer["similar"]
    assert SECRET not in answer["similar"]
    draft = session.scalars(select(ReportDraft)).one()
    assert (answer["draft"], draft.form) == (draft.ref, "telefon")
    again = acting.sends(sam, "/telefonrapport/utkast", **half, draft=draft.ref).get_json()
    assert "similar" not in again
    assert len(session.scalars(select(ReportDraft)).all()) == 1
    stopped = acting.sends(sam, "/telefonrapport/utkast", **half | {"description": "Ring 070-123 45 67."})
    assert set(stopped.get_json()["stopped"]) == {"description"}
    crooked = acting.sends(sam, "/telefonrapport/utkast", counterpart="x", severity="x", liknande="1")
    assert crooked.get_json()["similar"].strip() == ""
    assert acting.sends(world.reporter("skola-2380"), "/telefonrapport/utkast", **half).status_code == 403


def test_the_caller_has_a_kopplingskod(
    acting: Acting, world: World, session: Session, first: Avvikelse, sam: Actor
) -> None:
    code = links.issue(session, world.reporter("skola-2380"), first.ref, now=world.now)
    session.flush()
    other = world.unit("soc-2380").id
    wrong = call(acting, sam, sender=other, link_code="fel-fel-fel 1")
    assert wrong.status_code == 422
    assert 'id="link_code-error"' in wrong.get_data(as_text=True)
    review = call(acting, sam, sender=other, link_code=code)
    assert acting.client.submit(review, {"read_back": "y"}, button="Skicka").status_code == 200
    assert {row.event_id for row in cases(session)} == {first.id}
    acting.sends(sam, "/telefonrapport/utkast", link_code=code, description=CALLED)
    assert code not in session.scalars(select(ReportDraft.payload)).one()


# --- without account --------------------------------------------------------------------------------------------------


def test_without_account_nothing_is_shown_but_that_it_has_happened_before_is_said(
    acting: Acting, world: World, session: Session, first: Avvikelse
) -> None:
    first.gruppmening, first.gruppmening_approved_at = SENTENCE, world.now
    session.flush()
    fields = {
        "counterpart": world.unit("bup-behandling").id, "kommunkod": "2380", "occurred_on": "2026-03-09",
        "description": CALLED, "severity": 1, "extent": Extent.UPPREPAD.value,
    }  # fmt: skip
    with acting.client.session_transaction() as cookie:
        cookie.clear()
    form = acting.client.get("/utan-konto/jamtland-harjedalen/rapport")
    review = acting.client.submit(form, fields, button="Granska")
    for page in (form, review):
        text = page.get_data(as_text=True)
        assert "Jag också" not in text
        assert SENTENCE not in text
    assert "Har det hänt förut?" in words(review)
    acting.client.submit(review, button="Skicka")
    assert cases(session)[-1].extent is Extent.UPPREPAD
