"""MS27: "Du rapporterade – det här ändrades", to the reporter, her unit and nobody else; and the unit's own page."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy.orm import Session

from avvikelse.domain.actor import Actor
from avvikelse.domain.vocabulary import Channel, Rating, Role, Status
from avvikelse.domain.workdays import local_date
from avvikelse.models.avvikelse import Avvikelse
from avvikelse.models.dialogue import Answer, Atgard
from avvikelse.services import group_decisions, group_questions, publishing
from avvikelse.services.group_decisions import DecisionText
from tests.support.acting import Acting
from tests.support.world import World

pytestmark = pytest.mark.usefixtures("clock")

CHANGED = "Kallelser går nu till funktionsbrevlådan tio dagar före."
SENTENCE = f"rapporterade ”Kallelse med kort varsel”, och sedan 11 mars 2026 gäller: {CHANGED}"


def unit_address(world: World, slug: str = "skola-2380") -> str:
    return f"/min-enhet/{world.unit(slug).id}"


def with_change(acting: Acting, reporter: Actor, **changes: Any) -> Avvikelse:
    """Reported, answered, and an åtgärd that is in place, with its sentence."""
    world = acting.world
    bup = world.chef("chef-bup-behandling")
    case = world.report(reporter, "bup-behandling", **changes)
    acting.step(bup, case, "atgard", kind="M04", text="Vi skaffar en funktionsbrevlåda.", due_on="2026-04-01")
    acting.step(bup, case, "svara", kind="snabbsvar", what_happened="Den låg hos en person.", what_now="Vi ändrar.")
    atgard = world.session.query(Atgard).filter_by(avvikelse_id=case.id).one()
    acting.does(bup, f"/atgarder/{atgard.id}/infor", done_on="2026-03-11", changed=CHANGED)
    return case


def rated(world: World, reporter: Actor, *ratings: Rating, first_day: int = 20) -> list[Avvikelse]:
    """Reports of last month, each answered and judged."""
    found = []
    for rating in ratings:
        case = world.report(reporter, "bup-behandling")
        case.submitted_at = world.now - timedelta(days=first_day)
        case.answered_at = case.submitted_at
        world.session.add(
            Answer(
                avvikelse_id=case.id, version=1, kind="snabbsvar", written_at=world.now, sent_at=world.now,
                omrade_id=world.unit("bup-behandling").omrade_id, what_happened="x", what_now="y", rating=rating,
                rated_at=world.now, rating_reason="z",
            )
        )  # fmt: skip
        found.append(case)
    world.session.flush()
    return found


# --- the sentence -----------------------------------------------------------------------------------------------------


def test_the_reporter_reads_the_whole_sentence_and_counts_her_year(acting: Acting, teacher: Actor) -> None:
    case = with_change(acting, teacher)
    acting.world.report(teacher, "bup-behandling")  # leads to nothing
    assert f"Du {SENTENCE}" in acting.reads(teacher, f"/avvikelser/{case.ref}")
    year = acting.reads(teacher, "/mina-rapporter/2026")
    assert f"Du {SENTENCE}" in year
    assert "2 rapporter från dig 1 har lett till en ändring" in year
    assert CHANGED not in acting.reads(teacher, "/mina-rapporter/2025")
    for wrong in ("/mina-rapporter/2027", "/mina-rapporter/2019", "/mina-rapporter/1"):
        assert acting.get(teacher, wrong).status_code == 404, wrong


def test_nobody_else_has_it_in_her_year(acting: Acting, teacher: Actor) -> None:
    with_change(acting, teacher)
    for other in (acting.world.reporter("skola-2380", "kollega"), acting.world.reporter("forskola-2380")):
        year = acting.reads(other, "/mina-rapporter/2026")
        assert CHANGED not in year
        assert "0 rapporter från dig" in year


def test_who_reported_a_merged_case_has_it_too(acting: Acting, teacher: Actor) -> None:
    world = acting.world
    other = world.reporter("skola-2380", "kollega")
    case, twin = world.report(teacher, "bup-behandling"), world.report(other, "bup-behandling")
    acting.step(world.samordnare("region-jh"), twin, "for-samman", main=case.number)
    bup = world.chef("chef-bup-behandling")
    acting.step(bup, case, "atgard", kind="M04", text="Vi skaffar en brevlåda.", due_on="2026-04-01")
    atgard = world.session.query(Atgard).one()
    acting.does(bup, f"/atgarder/{atgard.id}/infor", done_on="2026-03-11", changed=CHANGED)
    assert f"Du {SENTENCE}" in acting.reads(other, "/mina-rapporter/2026")


def test_the_unit_reads_it_and_other_units_do_not(acting: Acting, teacher: Actor) -> None:
    world = acting.world
    with_change(acting, teacher)
    colleague, rektor = world.reporter("skola-2380", "kollega"), world.chef("chef-skola-2380")
    for one in (colleague, rektor):
        assert f"Ni {SENTENCE}" in acting.reads(one, unit_address(world))
    stranger = world.reporter("forskola-2380")
    assert CHANGED not in acting.reads(stranger, unit_address(world, "forskola-2380"))
    for address in (unit_address(world), unit_address(world) + "/apt.pdf"):
        assert acting.get(stranger, address).status_code == 404
        assert acting.get(world.samordnare("region-jh"), address).status_code == 403  # works at no unit


def test_a_report_without_account_is_told_to_nobodys_unit(acting: Acting, teacher: Actor) -> None:
    case = with_change(acting, teacher)
    case.channel = Channel.NO_ACCOUNT
    acting.world.session.flush()
    assert CHANGED not in acting.reads(acting.world.chef("chef-skola-2380"), unit_address(acting.world))


def test_an_atgard_without_a_sentence_or_dropped_is_no_change(acting: Acting, teacher: Actor) -> None:
    with_change(acting, teacher)
    atgard = acting.world.session.query(Atgard).one()
    atgard.changed = None
    acting.world.session.flush()
    assert "Inget har ändrats än" in acting.reads(teacher, unit_address(acting.world))
    assert "0 har lett till en ändring" in acting.reads(teacher, "/mina-rapporter/2026")


def test_a_published_decision_is_a_change(acting: Acting, teacher: Actor, session: Session) -> None:
    world = acting.world
    case = world.report(teacher, "bup-behandling")
    convenor = world.convenor("birger")
    question = group_questions.ask(session, teacher, case.ref, "Vem kallar?", now=world.now)
    question.approved_at = world.now
    text = DecisionText("Kallelse minst tio dagar före.", "Verksamhetschef BUP", local_date(world.now))
    group = question.group_id or 0
    decision = group_decisions.decide_question(session, convenor, group, question.ref, text, now=world.now)
    assert "Kallelse minst tio dagar före." not in acting.reads(teacher, unit_address(world))
    publishing.publish(session, convenor, group, decision.ref, now=world.now)
    for address, who in ((unit_address(world), "Ni"), ("/mina-rapporter/2026", "Du")):
        page = acting.reads(teacher, address)
        assert f"{who} rapporterade ”Kallelse med kort varsel”, och 11 mars 2026 beslutade" in page
        assert "Kallelse minst tio dagar före." in page


# --- numbers ----------------------------------------------------------------------------------------------------------


def test_small_numbers_are_the_managers_alone_and_shares_need_five(acting: Acting, teacher: Actor) -> None:
    world = acting.world
    rektor = world.chef("chef-skola-2380")
    rated(world, teacher, Rating.JA, Rating.JA, Rating.DELVIS, Rating.NEJ)
    seen = acting.reads(teacher, unit_address(world))
    assert "färre än 5 rapporter från enheten färre än 5 har fått svar" in seen
    assert "4 rapporter från enheten 4 har fått svar" in acting.reads(rektor, unit_address(world))
    for one in (teacher, rektor):
        assert "färre än fem betyg" in acting.reads(one, unit_address(world))
    rated(world, teacher, Rating.JA)
    for one in (teacher, rektor):
        page = acting.reads(one, unit_address(world))
        assert "60 % Ja 20 % Delvis 20 % Nej" in page
    rated(world, teacher, Rating.NEJ, Rating.NEJ, first_day=1)  # this month's are not in the numbers yet
    assert "60 % Ja 20 % Delvis 20 % Nej" in acting.reads(teacher, unit_address(world))


def test_a_colleagues_reports_are_not_listed(acting: Acting, teacher: Actor) -> None:
    world = acting.world
    case = world.report(teacher, "bup-behandling")
    assert case.status is Status.ASSIGNED
    assert case.number in acting.reads(teacher, unit_address(world))
    assert case.number in acting.reads(world.chef("chef-skola-2380"), unit_address(world))
    assert case.number not in acting.reads(world.reporter("skola-2380", "kollega"), unit_address(world))


def test_no_page_shows_how_the_answers_of_a_person_were_received(acting: Acting, teacher: Actor) -> None:
    """Two handläggare with opposite ratings: the pages about many cases neither name them nor tell them apart."""
    world = acting.world
    people = [world.handler("bup-behandling", "handlaggare-a"), world.handler("bup-behandling", "handlaggare-b")]
    cases = rated(world, teacher, *[Rating.JA] * 6, *[Rating.NEJ] * 6)
    for number, case in enumerate(cases):
        who = people[number // 6]
        next(p for p in case.parties if p.side == "owner").handler_user_id = who.user_id
        answer = world.session.query(Answer).filter_by(avvikelse_id=case.id).one()
        answer.written_by_user_id = who.user_id
    world.session.flush()
    names = [actor.name for actor in people]
    chef = world.chef("chef-bup-behandling")
    member = world.grant("ledamot", Role.MEDLEM, group_id=world.group("birger").id)
    month = f"/grupper/{world.group('birger').id}/manad/2026-02"
    for who, address in (
        (teacher, unit_address(world)),
        (world.chef("chef-skola-2380"), unit_address(world)),
        (chef, unit_address(world, "bup-behandling")),
        (member, month),
        (teacher, "/laget"),
    ):
        page = acting.get(who, address)
        if page.status_code == 302:
            page = acting.get(who, page.headers["Location"])
        body = page.get_data(as_text=True)
        assert page.status_code in (200, 404), address
        assert [name for name in names if name in body] == [], address


# --- the paper --------------------------------------------------------------------------------------------------------


def test_the_apt_paper_is_the_same_for_manager_and_colleague(acting: Acting, teacher: Actor) -> None:
    with_change(acting, teacher)
    address = unit_address(acting.world) + "/apt.pdf"
    papers = [acting.get(one, address) for one in (teacher, acting.world.chef("chef-skola-2380"))]
    assert {paper.mimetype for paper in papers} == {"application/pdf"}
    assert papers[0].data == papers[1].data
    assert papers[0].headers["Cache-Control"] == "no-store"
