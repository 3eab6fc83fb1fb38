"""Steps on the case page: what waits is lifted out, buttons stand where the box names them, nobody is overwritten."""

from __future__ import annotations

import pytest
from werkzeug.test import TestResponse

from avvikelse.domain.actor import Actor
from avvikelse.domain.vocabulary import AlsoHandledAs, AnswerKind
from avvikelse.models.avvikelse import Avvikelse
from avvikelse.queries.case_page import case_page
from avvikelse.services import answers, atgarder, dialogue, group_questions, handling, reporting
from avvikelse.services.answers import AnswerText
from tests.support.browsing import Visitor, words
from tests.support.client import CheckingClient
from tests.support.world import World

pytestmark = pytest.mark.usefixtures("clock")

QUICK = AnswerText(
    AnswerKind.QUICK, what_happened="Vi såg kallelsen för sent.", what_now="Vi kallar minst tio dagar före."
)


@pytest.fixture
def chef(world: World) -> Actor:
    return world.chef("chef-skola-2380")


@pytest.fixture
def case(world: World) -> Avvikelse:
    return world.report(world.reporter("bup-behandling"), "skola-2380")


def open_form(client: CheckingClient, world: World, actor: Actor, case: Avvikelse, slug: str) -> TestResponse:
    Visitor.of(client, world.session, actor, world.now)
    page = client.get(f"/avvikelser/{case.ref}/{slug}")
    assert page.status_code == 200, page.get_data(as_text=True)[:500]
    return page


# --- what waits is lifted out -----------------------------------------------------------------------------------------


def test_the_reporters_start_page_lifts_out_questions_and_answers(
    client: CheckingClient, world: World, chef: Actor, case: Avvikelse
) -> None:
    reporter = world.actor("rapportor-bup-behandling")
    her = Visitor.of(client, world.session, reporter, world.now)
    assert "Det här väntar på dig" not in her.text("/")
    dialogue.ask(world.session, chef, case.ref, "Hur gick kallelsen ut?", now=world.now)
    assert "Svara på en fråga om din rapport" in her.text("/")
    assert f'href="/avvikelser/{case.ref}/svara-pa-fraga"' in her.get("/").get_data(as_text=True)
    dialogue.answer_open_question(world.session, reporter, case.ref, "Med vanlig post.", now=world.now)
    assert "Det här väntar på dig" not in her.text("/")
    answers.answer(world.session, chef, case.ref, QUICK, now=world.now)
    assert "Säg om du fick svar på din fråga" in her.text("/")
    assert case.number not in Visitor.of(client, world.session, world.reporter("soc-2380"), world.now).text("/")


def test_the_convenors_start_page_lifts_out_decisions(
    client: CheckingClient, world: World, chef: Actor, case: Avvikelse
) -> None:
    convenor, member = world.convenor("birger"), world.member("birger")
    samordnare = world.samordnare(world.unit("bup-behandling").omrade.slug)
    handling.accept(world.session, chef, case.ref, now=world.now)
    question = group_questions.lift(
        world.session, chef, case.ref, "Hur lång tid före ska vi kalla till en SIP?", now=world.now
    )
    assert "på gruppens beslut" not in Visitor.of(client, world.session, convenor, world.now).text("/")
    text = question.text
    group_questions.approve(world.session, samordnare, case.ref, question.id, text, now=world.now)
    assert "1 fråga väntar på gruppens beslut" in Visitor.of(client, world.session, convenor, world.now).text("/")
    assert "på gruppens beslut" not in Visitor.of(client, world.session, member, world.now).text("/")


def test_the_box_holds_the_buttons_that_it_names(
    client: CheckingClient, world: World, chef: Actor, case: Avvikelse
) -> None:
    page = Visitor.of(client, world.session, chef, world.now).get(f"/avvikelser/{case.ref}").get_data(as_text=True)
    box = page.split('class="av-expected__actions"', 1)[1].split("</section>", 1)[0]
    for text in ("Ta emot", "Lämna över till någon annan", "Inte vårt ansvar, vi föreslår någon annan"):
        assert text in box


@pytest.mark.parametrize(
    ("slug", "label", "who"),
    [
        ("fraga", "Din fråga", "chef"),
        ("anteckning", "Anteckning", "chef"),
        ("komplettera", "Vad vill du lägga till?", ""),
    ],
)
def test_each_text_has_its_own_question(
    client: CheckingClient, world: World, chef: Actor, case: Avvikelse, slug: str, label: str, who: str
) -> None:
    actor = chef if who else world.actor("rapportor-bup-behandling")
    assert label in words(open_form(client, world, actor, case, slug))


# --- refusals that help -----------------------------------------------------------------------------------------------


def test_merging_with_a_closed_case_is_said_at_the_field(client: CheckingClient, world: World, case: Avvikelse) -> None:
    reporter = world.actor("rapportor-bup-behandling")
    closed = world.report(reporter, None)
    open_case = world.report(reporter, None)
    reporting.withdraw(world.session, reporter, closed.ref, now=world.now)
    samordnare = world.samordnare(world.unit("bup-behandling").omrade.slug)
    form = open_form(client, world, samordnare, open_case, "for-samman")
    answer = client.submit(form, {"main": closed.number}, button="För samman")
    assert answer.status_code == 422
    assert "Det ärendet är avslutat. Skriv numret på ett som är öppet." in words(answer)


@pytest.mark.parametrize(("slug", "name"), [("inte-vart-ansvar", "proposed_enhet_id"), ("lamna-over", "receiver")])
def test_another_unit_is_listed_by_place_with_its_type(
    client: CheckingClient, world: World, chef: Actor, case: Avvikelse, slug: str, name: str
) -> None:
    html = open_form(client, world, chef, case, slug).get_data(as_text=True)
    listed = html.partition(f'name="{name}"')[2].partition("</select>")[0]
    groups = dict(part.split('">', 1) for part in listed.split('<optgroup label="')[1:])
    assert "Östersund" in groups
    assert "(Grundskola)" in groups["Östersund"]


def test_a_409_leads_back_to_the_case(client: CheckingClient, world: World, chef: Actor, case: Avvikelse) -> None:
    form = open_form(client, world, chef, case, "lamna-over")
    handling.accept(world.session, chef, case.ref, now=world.now)
    receiver = str(world.position("chef-narvaroteam-2380").id)
    values = {"receiver": receiver, "reason": "Närvaroteamet kallar till SIP."}
    answer = client.submit(form, values, button="Lämna över")
    assert answer.status_code == 409
    page = answer.get_data(as_text=True)
    assert f'href="/avvikelser/{case.ref}"' in page
    assert "Närvaroteamet kallar till SIP." in page


def test_an_answer_does_not_say_both(client: CheckingClient, world: World, chef: Actor, case: Avvikelse) -> None:
    """A measure, and that none is needed: the page does not ask for both, and what is sent all the same is refused."""
    atgarder.add(world.session, chef, case.ref, "M01", "Ny rutin.", world.now.date(), now=world.now)
    assert "no_atgard_reason" not in open_form(client, world, chef, case, "svara").get_data(as_text=True)
    parts = dict.fromkeys(("orsak", "atgard", "konsekvens", "uppfoljning"), "Vi ser över rutinen.")
    values = {"kind": "fyra_delar", **parts, "no_atgard_reason": "Rutinen finns redan."}
    answer = client.post(f"/avvikelser/{case.ref}/svara", data=values)
    assert answer.status_code == 422
    assert "Ärendet har en åtgärd." in words(answer)
    assert "Rutinen finns redan." in answer.get_data(as_text=True)
    assert case_page(world.session, chef, case.ref).answers == ()


# --- two who save the same --------------------------------------------------------------------------------------------


def test_two_diarienummer_one_is_refused_with_both_shown(
    client: CheckingClient, world: World, chef: Actor, case: Avvikelse
) -> None:
    form = open_form(client, world, chef, case, "diarienummer")
    handling.set_diarienummer(world.session, chef, case.ref, "BUN 2026/11", now=world.now)
    answer = client.submit(form, {"diarienummer": "BUN 2026/22"}, button="Spara")
    assert answer.status_code == 409
    assert "Nu står det: ”BUN 2026/11”. Du ville spara: ”BUN 2026/22”." in words(answer)
    assert case_page(world.session, chef, case.ref).diarienummer == "BUN 2026/11"
    # The same again is no conflict, and neither is a change by one who has seen it.
    assert client.submit(form, {"diarienummer": "BUN 2026/11"}, button="Spara").status_code == 302
    again = client.get(f"/avvikelser/{case.ref}/diarienummer")
    assert client.submit(again, {"diarienummer": "BUN 2026/33"}, button="Spara").status_code == 302


def test_two_sets_of_factors_and_own_processes(
    client: CheckingClient, world: World, chef: Actor, case: Avvikelse
) -> None:
    handling.accept(world.session, chef, case.ref, now=world.now)
    factors = open_form(client, world, chef, case, "orsaker")
    processes = client.get(f"/avvikelser/{case.ref}/hanteras-aven")
    one, other = AlsoHandledAs.LEX_SARAH, AlsoHandledAs.LEX_MARIA
    handling.set_factors(world.session, chef, case.ref, ("F01",), now=world.now)
    handling.also_handled_as(world.session, chef, case.ref, (one,), now=world.now)
    assert client.submit(factors, {"factors": ["F02"]}, button="Spara").status_code == 409
    assert client.submit(processes, {"processes": [other.value]}, button="Spara").status_code == 409
    view = case_page(world.session, chef, case.ref)
    assert (view.factor_codes, view.process_codes) == (("F01",), (one.value,))


def test_two_who_approve_the_words_of_a_question(
    client: CheckingClient, world: World, chef: Actor, case: Avvikelse
) -> None:
    samordnare = world.samordnare(world.unit("bup-behandling").omrade.slug)
    handling.accept(world.session, chef, case.ref, now=world.now)
    lifted = "Hur lång tid före ska vi kalla?\nOch vem kallar?"
    question = group_questions.lift(world.session, chef, case.ref, lifted, now=world.now)
    form = open_form(client, world, samordnare, case, "godkann-fraga")
    question.text = "Hur lång tid före mötet ska kallelsen gå ut?"
    answer = client.submit(form, {"text": "Vem kallar till en SIP?"}, button="Godkänn")
    assert answer.status_code == 409
    assert "Vem kallar till en SIP?" in answer.get_data(as_text=True)
    world.session.refresh(question)
    assert question.approved_at is None
    fresh = client.get(f"/avvikelser/{case.ref}/godkann-fraga")
    assert client.submit(fresh, {}, button="Godkänn").status_code == 302


def test_an_atgard_is_in_place_once(client: CheckingClient, world: World, chef: Actor, case: Avvikelse) -> None:
    handling.accept(world.session, chef, case.ref, now=world.now)
    atgard = atgarder.add(world.session, chef, case.ref, "M01", "Ny rutin.", world.now.date(), now=world.now)
    form = open_form(client, world, chef, case, "atgard-klar")
    atgarder.mark_done(world.session, chef, case.ref, atgard.id, world.now.date(), now=world.now)
    answer = client.submit(form, {"done_on": "2026-03-01", "changed": "Kallelser går ut tidigare."}, button="Spara")
    assert answer.status_code == 409
    world.session.refresh(atgard)
    assert atgard.done_on == world.now.date()
