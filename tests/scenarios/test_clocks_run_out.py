"""What the ladder does when days pass: once per last day, never twice, and nothing closes as good by silence."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from avvikelse.domain.errors import NotFound
from avvikelse.domain.vocabulary import (
    Effect,
    GroupQuestionKind,
    GroupQuestionStatus,
    Outcome,
    PartySide,
    Rating,
    Role,
    Status,
    StepOutcome,
)
from avvikelse.domain.workdays import local_date
from avvikelse.models.avvikelse import Avvikelse, LadderStep
from avvikelse.models.dialogue import Answer
from avvikelse.models.group_work import GroupQuestion
from avvikelse.models.organisation import Organisation, Position
from avvikelse.models.outbox import OutboxMail
from avvikelse.queries.case_page import case_page
from avvikelse.services import answers, atgarder, dialogue, effect_answers, effects, group_questions, handling
from avvikelse.services.ladder import climb
from avvikelse.services.organisation import bump
from tests.scenarios.test_main_job import FULL, QUICK
from tests.support import rooms
from tests.support.world import World


def mails(session: Session, case: Avvikelse | None = None) -> list[tuple[str, int | str | None]]:
    """(notice, to whom) in the order they were queued."""
    rows = session.scalars(select(OutboxMail).order_by(OutboxMail.id)).all()
    mine = [mail for mail in rows if case is None or mail.avvikelse_id == case.id]
    return [(mail.notice, mail.recipient_user_id or mail.recipient_mailbox) for mail in mine]


def notices(session: Session, case: Avvikelse | None = None) -> list[str]:
    return [notice for notice, _ in mails(session, case)]


def walk(world: World, days: int, *, start: datetime | None = None) -> datetime:
    """Let the job run once a day. Returns the last moment."""
    moment = start or world.now
    for _ in range(days):
        moment += timedelta(days=1)
        climb(world.session, moment)
        world.session.expire_all()
    return moment


def until(world: World, day: date) -> datetime:
    """Walk to the morning of a day."""
    return walk(world, (day - local_date(world.now)).days)


def manager_above(world: World, organisation: str) -> Position:
    """A position for an organisation above units: no pack of ours has one, an administrator's database may."""
    above = world.session.scalars(select(Organisation).where(Organisation.slug == organisation)).one()
    position = Position(
        pack_id=world.pack.id, slug=f"chef-{organisation}", title="Områdeschef", organisation_id=above.id, imported={}
    )
    world.session.add(position)
    bump(world.session, world.pack.id)
    return position


def substitute(world: World, position: str, by: str | None) -> None:
    world.position(position).substitute_id = world.position(by).id if by else None
    bump(world.session, world.pack.id)


# --- one clock at a time


def test_a_manager_is_reminded_before_and_after_and_once_each(world: World) -> None:
    session = world.session
    chef = world.chef("chef-bup-behandling")
    case = world.report(world.reporter("skola-2380"), "bup-behandling")
    assert case.due_on == date(2026, 3, 18)
    until(world, date(2026, 3, 16))
    assert "soon_mottagen" not in notices(session)
    until(world, date(2026, 3, 18))
    assert mails(session, case).count(("soon_mottagen", chef.user_id)) == 1
    assert "remind_mottagen" not in notices(session)
    late = until(world, date(2026, 3, 19))
    for hour in range(3):
        climb(session, late + timedelta(hours=hour))
    assert mails(session, case).count(("remind_mottagen", chef.user_id)) == 1


def test_nobody_is_reminded_at_night_or_on_a_free_day(world: World) -> None:
    session = world.session
    world.chef("chef-bup-behandling")
    case = world.report(world.reporter("skola-2380"), "bup-behandling")
    handling.accept(session, world.actor("chef-bup-behandling"), case.ref, now=world.now)
    assert case.due_on == date(2026, 4, 10)  # 30 days; 5 before is Sunday, Easter Day
    until(world, date(2026, 4, 1))
    climb(session, datetime(2026, 4, 2, 3, 30, tzinfo=world.now.tzinfo))  # half past five in Sweden
    assert "soon_forsta_svar" not in notices(session)
    climb(session, datetime(2026, 4, 2, 4, 0, tzinfo=world.now.tzinfo))  # Thursday, six o'clock
    assert "soon_forsta_svar" in notices(session)


def test_silence_is_closed_without_verdict_after_30_days(world: World) -> None:
    session, now = world.session, world.now
    bup, reporter = world.chef("chef-bup-behandling"), world.reporter("skola-2380")
    case = world.report(reporter, "bup-behandling")
    answers.answer(session, bup, case.ref, QUICK, now=now)
    walk(world, 30)
    assert case.status is Status.ANSWERED
    assert mails(session, case).count(("remind_betyg", reporter.user_id)) == 1
    walk(world, 1, start=now + timedelta(days=30))
    assert case.status is Status.CLOSED
    assert case.outcome is Outcome.ANSWERED
    assert session.scalars(select(Answer.rating).where(Answer.avvikelse_id == case.id)).one() is None
    assert case.next_step_on is None  # nothing runs any more: the ladder never looks again


def test_a_question_is_reminded_then_closed_and_the_clock_goes_on(world: World) -> None:
    session, now = world.session, world.now
    bup = world.chef("chef-bup-behandling")
    case = world.report(world.reporter("skola-2380"), "bup-behandling")
    dialogue.ask(session, bup, case.ref, "Vilket slags möte var det?", now=now)
    walk(world, 20)
    assert notices(session).count("remind_fraga") == 1
    assert "remind_mottagen" not in notices(session)  # the clock stands still
    assert case.due_on is None
    walk(world, 11, start=now + timedelta(days=20))
    assert case.paused_days == 31
    assert case.due_on == date(2026, 5, 11)  # 30 days and 31 more


def test_a_second_answer_has_its_own_time(world: World) -> None:
    """After a Nej on day 58 the case is not lifted on day 74: there are 30 new days."""
    session, now = world.session, world.now
    reporter, bup = world.reporter("skola-2380"), world.chef("chef-bup-behandling")
    world.convenor("birger")
    case = world.report(reporter, "bup-behandling", severity=2)
    handling.accept(session, bup, case.ref, now=now)
    atgarder.add(session, bup, case.ref, "M01", "Ny rutin.", date(2026, 5, 30), now=now)
    day_50, day_58 = now + timedelta(days=50), now + timedelta(days=58)
    answers.answer(session, bup, case.ref, FULL, now=day_50)
    answers.feedback(session, reporter, case.ref, Rating.NEJ, "Frågan är kvar.", now=day_58)
    assert case.due_on == date(2026, 6, 7)
    end = walk(world, 29, start=day_58)
    assert case.status is Status.IN_PROGRESS
    assert "remind_svar" not in notices(session)
    walk(world, 20, start=end)
    assert case.status is Status.WITH_GROUP


def test_who_has_given_a_first_answer_is_not_reminded_of_it(world: World) -> None:
    session, now = world.session, world.now
    bup = world.chef("chef-bup-behandling")
    case = world.report(world.reporter("skola-2380"), "bup-behandling")
    handling.accept(session, bup, case.ref, now=now)
    atgarder.add(session, bup, case.ref, "M01", "Ny rutin.", date(2026, 6, 1), now=now)
    walk(world, 40)
    assert not {"soon_forsta_svar", "remind_forsta_svar"} & set(notices(session))


def test_an_atgard_is_reminded_and_then_the_group_hears(world: World) -> None:
    session, now = world.session, world.now
    bup, convenor = world.chef("chef-bup-behandling"), world.convenor("birger")
    case = world.report(world.reporter("skola-2380"), "bup-behandling")
    handling.accept(session, bup, case.ref, now=now)
    atgard = atgarder.add(session, bup, case.ref, "M01", "Ny rutin.", date(2026, 4, 1), now=now)
    answers.answer(session, bup, case.ref, FULL, now=now)
    end = until(world, date(2026, 5, 5))
    assert case.status is Status.CLOSED  # the åtgärd outlives the case
    told = mails(session, case)
    assert told.count(("soon_atgard", bup.user_id)) == 1
    assert told.count(("remind_atgard", bup.user_id)) == 1
    assert told.count(("atgard_late", convenor.user_id)) == 1
    atgarder.mark_done(session, bup, case.ref, atgard.id, date(2026, 5, 4), now=end)
    for _ in range(230):
        effects.ask_due(session, end)
        end = walk(world, 1, start=end)
    told = mails(session, case)
    assert told.count(("effect_reporter", case.reporter_user_id)) == 2  # after 90 and 180 days
    assert told.count(("effect_owner", bup.user_id)) == 4  # asked, and reminded ten days before the end
    assert told.count(("effect_silent", convenor.user_id)) == 2  # an owner who says nothing is no secret


def test_an_owner_who_follows_up_is_left_alone(world: World) -> None:
    session, now = world.session, world.now
    bup = world.chef("chef-bup-behandling")
    world.convenor("birger")
    case = world.report(world.reporter("skola-2380"), "bup-behandling")
    atgard = atgarder.add(session, bup, case.ref, "M01", "Ny rutin.", date(2026, 4, 1), now=now)
    atgarder.do(session, bup, atgard.id, date(2026, 3, 11), now=now)
    day_91 = now + timedelta(days=91)
    effects.ask_due(session, day_91)
    effect_answers.follow_up(session, bup, atgard.id, Effect.TOO_EARLY, "", now=day_91 + timedelta(days=5))
    walk(world, 60, start=day_91)
    assert notices(session).count("effect_owner") == 1
    assert "effect_silent" not in notices(session)


def test_a_question_that_waits_for_approval_is_the_samordnares_reminder(world: World) -> None:
    session, now = world.session, world.now
    bup, sam = world.chef("chef-bup-behandling"), world.samordnare("kommun-2380/utbildning")
    convenor = world.convenor("birger")
    case = world.report(world.reporter("skola-2380"), "bup-behandling")
    handling.accept(session, bup, case.ref, now=now)
    question = group_questions.lift(session, bup, case.ref, "Vem kallar till möte?", now=now)
    end = walk(world, 8)
    assert ("remind_approve", sam.user_id) in mails(session, case)
    group_questions.approve(session, sam, case.ref, question.id, question.text, now=end)
    before = notices(session).count("remind_approve")
    walk(world, 20, start=end)
    assert notices(session).count("remind_approve") == before
    assert convenor.user_id not in [who for notice, who in mails(session, case) if notice == "remind_approve"]


# --- who steps in


def test_a_substitute_steps_in_for_a_manager_who_does_not_act(world: World) -> None:
    session, now = world.session, world.now
    chef, deputy = world.chef("chef-bup-behandling"), world.chef("chef-bup-mottagning")  # her substitute in the pack
    case = world.report(world.reporter("skola-2380"), "bup-behandling")
    with pytest.raises(NotFound):
        handling.accept(session, deputy, case.ref, now=now)
    end = until(world, date(2026, 3, 19))
    assert ("step_in_substitute", deputy.user_id) in mails(session, case)
    assert ("step_in_substitute", chef.user_id) not in mails(session, case)
    owners = [p for p in case.parties if p.side is PartySide.OWNER]
    assert [p.position_id for p in owners] == [world.position("chef-bup-behandling").id]  # the chef keeps it
    assert case.vaxlingar == 0
    page = case_page(session, deputy, case.ref)
    assert page.expected is not None
    assert page.expected.mine
    handling.accept(session, deputy, case.ref, now=end)
    assert case.status is Status.IN_PROGRESS
    assert case_page(session, chef, case.ref).head.number == case.number
    assert "Någon trädde in därför att tiden gick ut" in [e.text for e in case_page(session, chef, case.ref).timeline]


def test_who_stepped_in_is_let_go_when_the_manager_acts_herself(world: World) -> None:
    session = world.session
    chef, deputy = world.chef("chef-bup-behandling"), world.chef("chef-bup-mottagning")  # her substitute in the pack
    case = world.report(world.reporter("skola-2380"), "bup-behandling")
    end = until(world, date(2026, 3, 19))
    handling.accept(session, chef, case.ref, now=end)
    with pytest.raises(NotFound):
        case_page(session, deputy, case.ref)


def test_a_substitute_who_is_a_party_or_sits_behind_another_secrecy_is_skipped(world: World) -> None:
    """The reporting school's rektor may not answer for BUP, nor a unit of another område: the manager above does."""
    session = world.session
    substitute(world, "chef-bup-behandling", "chef-soc-2380")
    substitute(world, "chef-soc-2380", "chef-skola-2380")
    position = manager_above(world, "omrade-buv")
    above = world.chef(position.slug)
    for slug in ("chef-bup-behandling", "chef-soc-2380", "chef-skola-2380"):
        world.chef(slug)
    case = world.report(world.reporter("skola-2380"), "bup-behandling")
    until(world, date(2026, 3, 19))
    stepped_in = [p.stand_in_position_id for p in case.parties if p.stand_in_position_id]
    assert stepped_in == [position.id]
    assert [who for notice, who in mails(session, case) if notice.startswith("step_in")] == [above.user_id]


def test_when_nobody_can_step_in_the_samordnare_hears_it(world: World) -> None:
    session = world.session
    substitute(world, "chef-bup-behandling", None)
    world.chef("chef-bup-behandling")
    sam = world.samordnare("region-jh")
    case = world.report(world.reporter("skola-2380"), "bup-behandling")
    until(world, date(2026, 3, 19))
    assert ("late_samordnare", sam.user_id) in mails(session, case)
    step = session.scalars(select(LadderStep).where(LadderStep.step == "+1:substitute")).one()
    assert step.outcome is StepOutcome.NOBODY


def test_both_parties_are_followed_when_one_is_silent(world: World) -> None:
    session, now = world.session, world.now
    bup, soc, deputy = world.chef("chef-bup-behandling"), world.chef("chef-soc-2380"), world.chef("chef-bup-mottagning")
    convenor = world.convenor("birger")
    case = world.report(world.reporter("skola-2380"), "bup-behandling", severity=2)
    handling.hand_over(session, bup, case.ref, world.receiver("chef-soc-2380"), "Stöd i hemmet.", now=now)
    handling.hand_over(session, soc, case.ref, world.receiver("chef-bup-behandling"), "Vård.", now=now)
    assert case.status is Status.DISPUTED
    rooms.answer(session, case.ref, soc, now=now)
    until(world, date(2026, 3, 19))  # five working days and one
    told = mails(session, case)
    assert ("soon_gemensamt_tyst", bup.user_id) in told
    assert ("soon_gemensamt_tyst", soc.user_id) not in told  # has written
    assert ("step_in_substitute", deputy.user_id) in told
    until(world, date(2026, 4, 2))  # fifteen and one
    assert case.status is Status.WITH_GROUP
    assert ("group_question", convenor.user_id) in mails(session, case)


# --- up to the group, and above it


def test_an_invited_party_is_reminded_but_its_silence_is_only_shown(world: World) -> None:
    session = world.session
    chef, convenor = world.chef("chef-friskola-2380-a"), world.convenor("birger")
    case = world.report(world.reporter("bup-behandling"), "friskola-2380-a")
    assert case.status is Status.ASSIGNED
    end = walk(world, 90)
    assert case.status is Status.ASSIGNED
    assert ("remind_mottagen", chef.user_id) in mails(session, case)
    assert not [p for p in case.parties if p.stand_in_position_id]
    question = session.scalars(select(GroupQuestion).where(GroupQuestion.avvikelse_id == case.id)).one()
    assert question.kind is GroupQuestionKind.SILENCE
    assert case.number not in question.text
    assert ("silence_shown", convenor.user_id) in mails(session, case)
    answers.answer(session, chef, case.ref, QUICK, now=end)
    assert question.answer == "Parten har svarat."


def test_a_group_that_does_not_decide_is_helped_by_the_one_above(world: World) -> None:
    session, now = world.session, world.now
    bup, sam = world.chef("chef-bup-behandling"), world.samordnare("kommun-2380/utbildning")
    birger = world.convenor("birger")
    above_id = group_questions.group_above(session, world.group("birger").id)
    assert above_id is not None
    above = world.grant("over", Role.SAMMANKALLANDE, group_id=above_id)
    case = world.report(world.reporter("skola-2380"), "bup-behandling")
    handling.accept(session, bup, case.ref, now=now)
    question = group_questions.lift(session, sam, case.ref, "Vem kallar till möte?", now=now)
    group_questions.approve(session, bup, case.ref, question.id, question.text, now=now)
    assert question.group_id == world.group("birger").id
    walk(world, 80)
    assert ("remind_grupp", birger.user_id) in mails(session, case)
    assert question.status is GroupQuestionStatus.LIFTED
    higher = session.scalars(select(GroupQuestion).where(GroupQuestion.lifted_from_id == question.id)).one()
    assert higher.group_id == above_id
    assert case.status is Status.WITH_GROUP
    assert ("group_question", above.user_id) in mails(session, case)
