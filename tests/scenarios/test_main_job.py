"""The main job, step by step through the services: report, route, handle, answer, verdict; and what leaves it."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from avvikelse.domain.errors import Conflict, Forbidden, Invalid, NotFound
from avvikelse.domain.vocabulary import (
    Action,
    AnswerKind,
    GroupQuestionKind,
    NotTakenUpReason,
    Outcome,
    PartySide,
    Rating,
    Status,
)
from avvikelse.models.avvikelse import Avvikelse, GroupMembership
from avvikelse.models.group_work import GroupQuestion
from avvikelse.models.outbox import OutboxMail
from avvikelse.queries.case_page import case_page
from avvikelse.queries.case_search import search
from avvikelse.queries.work_lists import Tab, work_list
from avvikelse.services import (
    answers,
    atgarder,
    audit,
    dialogue,
    group_decisions,
    handling,
    joint,
    reporting,
    talks,
    triage,
)
from avvikelse.services.answers import AnswerText
from avvikelse.services.group_decisions import DecisionText
from tests.support import rooms
from tests.support.world import World

QUICK = AnswerText(
    AnswerKind.QUICK, what_happened="Vi såg kallelsen för sent.", what_now="Vi kallar minst tio dagar före."
)
FULL = AnswerText(
    AnswerKind.FULL,
    orsak="Rutinen var okänd.",
    atgard="Ny rutin.",
    konsekvens="Mötet kan hållas.",
    uppfoljning="Vi följer upp i mars.",
)


def mails(session: Session, case: Avvikelse) -> list[str]:
    return [
        m.notice
        for m in session.scalars(select(OutboxMail).where(OutboxMail.avvikelse_id == case.id).order_by(OutboxMail.id))
    ]


def test_jh_01_the_school_answers_and_bup_says_yes(world: World) -> None:
    session, now = world.session, world.now
    bup, rektor = world.reporter("bup-behandling"), world.chef("chef-skola-2380")
    samordnare = world.samordnare("region-jh")
    case = world.report(bup, "skola-2380")
    assert case.status is Status.ASSIGNED
    assert case.number.startswith("JH-2026-")
    assert "receipt" in mails(session, case)

    row = work_list(session, rektor, Tab.MINE, today=now.date()).rows[0]
    assert row.number == case.number
    question = dialogue.ask(session, rektor, case.ref, "Hur gick kallelsen ut?", now=now)
    assert case.status is Status.IN_PROGRESS  # the first action counts as accepting
    assert case.due_on is None  # the clock stands still
    dialogue.answer_question(session, bup, case.ref, question.id, "Med vanlig post.", now=now + timedelta(days=4))
    assert case.paused_days == 4
    atgarder.add(session, rektor, case.ref, "M05", "Ny mall för kallelser.", date(2026, 4, 1), now=now)
    answers.answer(session, rektor, case.ref, QUICK, now=now)
    assert case.status is Status.ANSWERED

    triage.write_gruppmening(
        session, samordnare, case.ref, "Kallelsen till ett möte kom så sent att rätt person inte kunde delta.", now=now
    )
    answers.feedback(session, bup, case.ref, Rating.JA, "", now=now)
    assert case.status is Status.CLOSED
    assert case.outcome is Outcome.ANSWERED
    groups = session.scalars(select(GroupMembership.group_id).where(GroupMembership.avvikelse_id == case.id)).all()
    assert world.group("birger").id in groups
    assert audit.verify(session).ok
    page = case_page(session, bup, case.ref)
    assert page.answers[0].rating is Rating.JA
    assert [entry.text for entry in page.timeline][:2] == ["Rapporten skickades in", "Ärendet togs emot"]
    assert search(session, rektor, "kallelser", today=now.date()).rows


def test_the_manager_declines_and_a_second_decline_opens_a_gap(world: World) -> None:
    session, now = world.session, world.now
    school, skola_sam = world.reporter("skola-2380"), world.samordnare("kommun-2380/utbildning")
    bup, soc = world.chef("chef-bup-behandling"), world.chef("chef-soc-2380")
    case = world.report(school, "bup-behandling", severity=2)
    handling.decline(session, bup, case.ref, "Det här är stöd i hemmet.", world.unit("soc-2380").id, now=now)
    assert case.status is Status.SUBMITTED
    with pytest.raises(NotFound):
        handling.accept(session, bup, case.ref, now=now)
    triage.assign(session, skola_sam, case.ref, world.receiver("chef-soc-2380"), now=now)
    assert case.vaxlingar == 1
    handling.decline(session, soc, case.ref, "Det här är vård.", None, now=now)
    gap = session.scalars(select(GroupQuestion).where(GroupQuestion.avvikelse_id == case.id)).one()
    assert gap.kind is GroupQuestionKind.GAP
    assert "Barn- och ungdomspsykiatri" in gap.text
    convenor = world.convenor("birger")
    decision = DecisionText("BUP ansvarar för bedömningen.", "BUP", date(2026, 5, 1))
    group_decisions.decide_question(session, convenor, world.group("birger").id, gap.ref, decision, now=now)
    assert case.status is Status.SUBMITTED


def test_a_case_that_bounces_is_solved_together(world: World) -> None:
    session, now = world.session, world.now
    school = world.reporter("skola-2380")
    bup, soc = world.chef("chef-bup-behandling"), world.chef("chef-soc-2380")
    case = world.report(school, "bup-behandling", severity=2)
    handling.hand_over(session, bup, case.ref, world.receiver("chef-soc-2380"), "Det gäller stöd i hemmet.", now=now)
    assert case.vaxlingar == 1
    first_received = case.first_received_at
    handling.hand_over(session, soc, case.ref, world.receiver("chef-bup-behandling"), "Det gäller vård.", now=now)
    assert case.status is Status.DISPUTED
    assert case.vaxlingar == 2
    assert case.first_received_at == first_received
    assert len([p for p in case.parties if p.side is PartySide.OWNER]) == 2
    assert mails(session, case).count("disputed") == 2
    assert Action.HAND_OVER not in case_page(session, bup, case.ref).actions
    rooms.answer(session, case.ref, bup, soc, now=now)
    rooms.commit(session, case.ref, bup, soc, now=now)
    joint.agree(session, bup, case.ref, now=now)
    assert case.status is Status.DISPUTED
    joint.agree(session, soc, case.ref, now=now)
    assert case.status is Status.IN_PROGRESS
    with pytest.raises(Conflict, match="tillsammans"):
        handling.hand_over(session, soc, case.ref, world.receiver("chef-skola-2380"), "Igen.", now=now)
    atgarder.add(session, bup, case.ref, "M06", "Gemensamt möte.", date(2026, 4, 1), now=now)
    answers.answer(session, bup, case.ref, FULL, now=now)
    assert case.status is Status.IN_PROGRESS  # waits for the other one's yes
    assert not case_page(session, school, case.ref).answers
    answers.confirm_answer(session, soc, case.ref, now=now)
    assert case.status is Status.ANSWERED


def test_solved_in_talk_needs_both_sides(world: World) -> None:
    session, now = world.session, world.now
    reporter, own_chef = world.reporter("skola-2380"), world.chef("chef-skola-2380")
    bup = world.chef("chef-bup-behandling")
    case = world.report(reporter, "bup-behandling")
    talks.propose_talk(
        session, own_chef, case.ref, now.date(), "Vi ringer varandra.", "Cheferna har pratat och löst det.", now=now
    )
    with pytest.raises(Forbidden):
        talks.confirm_talk(session, own_chef, case.ref, agrees=True, now=now)
    talks.confirm_talk(session, bup, case.ref, agrees=True, now=now)
    assert case.status is Status.ANSWERED
    answers.feedback(session, reporter, case.ref, Rating.DELVIS, "", now=now)
    assert case.outcome is Outcome.SOLVED_IN_TALK


def test_withdrawn_until_accepted(world: World) -> None:
    session, now = world.session, world.now
    reporter, bup = world.reporter("skola-2380"), world.chef("chef-bup-behandling")
    case = world.report(reporter, "bup-behandling")
    reporting.withdraw(session, reporter, case.ref, now=now)
    assert case.outcome is Outcome.WITHDRAWN
    other = world.report(reporter, "bup-behandling")
    handling.accept(session, bup, other.ref, now=now)
    with pytest.raises(Conflict):
        reporting.withdraw(session, reporter, other.ref, now=now)


def test_not_taken_up_is_the_senders_samordnares_decision(world: World) -> None:
    session, now = world.session, world.now
    reporter, sam = world.reporter("skola-2380"), world.samordnare("kommun-2380/utbildning")
    case = world.report(reporter, None, kommunkod="2380")
    assert case.status is Status.SUBMITTED
    with pytest.raises(Invalid, match="rapportören"):
        triage.not_taken_up(session, sam, case.ref, NotTakenUpReason.NOT_SAMVERKAN, " ", now=now)
    triage.not_taken_up(
        session, sam, case.ref, NotTakenUpReason.NOT_SAMVERKAN, "Tack. Det här gäller skolan själv.", now=now
    )
    assert case.outcome is Outcome.NOT_TAKEN_UP
    assert case_page(session, reporter, case.ref).closing_text == "Tack. Det här gäller skolan själv."


def test_a_third_no_goes_to_the_group(world: World) -> None:
    session, now = world.session, world.now
    reporter, bup, convenor = world.reporter("skola-2380"), world.chef("chef-bup-behandling"), world.convenor("birger")
    case = world.report(reporter, "bup-behandling", severity=2)
    handling.accept(session, bup, case.ref, now=now)
    atgarder.add(session, bup, case.ref, "M01", "Ny rutin.", date(2026, 4, 1), now=now)
    for time in range(3):
        answers.answer(session, bup, case.ref, FULL, now=now)
        answers.feedback(session, reporter, case.ref, Rating.NEJ, "Frågan är inte löst.", now=now)
        assert case.status is (Status.WITH_GROUP if time == 2 else Status.IN_PROGRESS)
    question = session.scalars(select(GroupQuestion).where(GroupQuestion.avvikelse_id == case.id)).one()
    decision = DecisionText("BUP kallar alla parter.", "BUP", date(2026, 5, 1))
    group_decisions.decide_question(session, convenor, world.group("birger").id, question.ref, decision, now=now)
    assert case.status is Status.IN_PROGRESS


def test_merged_reports_get_the_same_answer(world: World) -> None:
    session, now = world.session, world.now
    one, two = world.reporter("skola-2380"), world.reporter("skola-2380", "annan")
    sam, bup = world.samordnare("region-jh"), world.chef("chef-bup-behandling")
    main, double = world.report(one, "bup-behandling"), world.report(two, "bup-behandling")
    triage.merge_into_number(session, sam, double.ref, main.number.lower(), now=now)
    assert double.outcome is Outcome.MERGED
    handling.accept(session, bup, main.ref, now=now)
    answers.answer(session, bup, main.ref, QUICK, now=now)
    answers.feedback(session, one, main.ref, Rating.JA, "", now=now)
    assert "main_case_answered" in mails(session, double)


def test_it_has_happened_again_is_a_new_linked_report(world: World) -> None:
    session, now = world.session, world.now
    reporter, bup = world.reporter("skola-2380"), world.chef("chef-bup-behandling")
    case = world.report(reporter, "bup-behandling")
    answers.answer(session, bup, case.ref, QUICK, now=now)
    answers.feedback(session, reporter, case.ref, Rating.JA, "", now=now)
    again = world.report(reporter, "bup-behandling", earlier_ref=case.ref)
    assert again.earlier_id == case.id
    assert case.status is Status.CLOSED
    with pytest.raises(Invalid, match="fyra delar"):
        answers.answer(session, bup, again.ref, QUICK, now=now)


def test_the_same_press_twice_is_one_report(world: World) -> None:
    reporter = world.reporter("skola-2380")
    first = world.report(reporter, "bup-behandling", idempotency_key="abc")
    assert world.report(reporter, "bup-behandling", idempotency_key="abc").id == first.id
    assert world.session.scalar(select(func.count()).select_from(Avvikelse)) == 1


def test_personal_data_is_refused_in_every_text(world: World) -> None:
    session, now = world.session, world.now
    reporter, bup = world.reporter("skola-2380"), world.chef("chef-bup-behandling")
    with pytest.raises(Invalid) as stopped:
        world.report(reporter, "bup-behandling", description="Eleven 20100304-2384 kom inte.")
    assert stopped.value.field == "description"
    assert "2384" not in stopped.value.reason
    case = world.report(reporter, "bup-behandling")
    for attempt in (
        lambda: handling.add_note(session, bup, case.ref, "Ring 070-123 45 67", now=now),
        lambda: dialogue.ask(session, bup, case.ref, "Mejla till anna@example.org", now=now),
        lambda: handling.hand_over(session, bup, case.ref, world.receiver("chef-soc-2380"), "Se 100304-2384", now=now),
    ):
        with pytest.raises(Invalid):
            attempt()


def test_a_former_receiver_loses_the_shared_part_at_once(world: World) -> None:
    session, now = world.session, world.now
    reporter, bup = world.reporter("skola-2380"), world.chef("chef-bup-behandling")
    case = world.report(reporter, "bup-behandling")
    handling.add_note(session, bup, case.ref, "Vår egen anteckning.", now=now)
    handling.hand_over(session, bup, case.ref, world.receiver("chef-soc-2380"), "Det gäller stöd.", now=now)
    page = case_page(session, bup, case.ref)
    assert page.shared is None
    assert [note.text for note in page.notes] == ["Vår egen anteckning."]
    with pytest.raises(NotFound):
        dialogue.ask(session, bup, case.ref, "Kan jag fråga?", now=now)
    with pytest.raises(NotFound):
        case_page(session, world.chef("chef-barnhab"), case.ref)
