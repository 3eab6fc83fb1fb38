"""A group's month from the database: what counts, what never comes along, and what a published month keeps."""

from __future__ import annotations

import json
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from avvikelse.analysis.month_content import MonthContent, Sign, from_json
from avvikelse.domain.errors import Conflict, NotFound
from avvikelse.domain.events import Event
from avvikelse.domain.group_words import DecisionStatus
from avvikelse.domain.vocabulary import Outcome, Rating, Status
from avvikelse.jobs import tasks_month
from avvikelse.jobs.house import House
from avvikelse.models.audit import AuditEvent
from avvikelse.models.avvikelse import Avvikelse
from avvikelse.models.group_work import MonthSummary
from avvikelse.queries.group_desk import groups_beside
from avvikelse.queries.indicator_rows import case_rows
from avvikelse.queries.month import read_month
from avvikelse.services import month as months
from tests.support.group_cases import SECRET, answer, case, closed, decided, held_by, question
from tests.support.queries import counted
from tests.support.world import World

GROUP, SUMMARY_GROUP = "birger", "jamtbus-regionalt"
MARCH, FEBRUARY = "2026-03", "2026-02"  # the fixed time is 11 March 2026


def content(world: World, month: str = FEBRUARY, group: str = GROUP, now: datetime | None = None) -> MonthContent:
    row = world.group(group)
    groups = groups_beside(world.session, row.id)
    return read_month(world.session, groups, groups[row.id], month, now=now or world.now).content


def day(number: int, month: int = 2, year: int = 2026) -> date:
    return date(year, month, number)


def test_a_month_without_anything_is_a_page(world: World) -> None:
    found = content(world)
    assert found.news.total == 0
    assert found.headlines[0].title == "Inga avvikelser rapporterades i februari."
    assert [total.month for total in found.totals][::5] == ["2025-09", "2026-02"]


def test_what_counts_and_what_does_not(world: World) -> None:
    case(world, GROUP, day(1))
    case(world, GROUP, day(28))
    case(world, GROUP, day(5), **closed(outcome=Outcome.WITHDRAWN))
    case(world, GROUP, day(5), **closed(outcome=Outcome.MERGED))
    case(world, GROUP, day(5), **closed(outcome=Outcome.NOT_TAKEN_UP))
    case(world, GROUP, day(1, 3))
    case(world, GROUP, day(31, 1))
    case(world, SUMMARY_GROUP, day(5))
    found = content(world)
    assert (found.news.total, found.news.before) == (3, 1)
    assert (found.answers.answered.count, found.answers.answered.total) == (0, 2)


def test_only_approved_sentences_reach_a_group_that_reads_cases(world: World) -> None:
    case(world, GROUP, day(3), gruppmening="Kallelsen kom sent.", gruppmening_approved_at=world.now)
    case(world, GROUP, day(4), gruppmening="Inte godkänd än.")
    news = content(world).news
    assert [sentence.text for sentence in news.sentences] == ["Kallelsen kom sent."]
    assert news.sentences[0].route == "Skolan rapporterar, gäller BUP"
    assert [(row.label, row.count) for row in news.without_sentence] == [("Kallad part uteblev", 1)]


def test_a_group_with_numbers_only_gets_no_sentence(world: World) -> None:
    case(world, SUMMARY_GROUP, day(3), gruppmening="Kallelsen kom sent.", gruppmening_approved_at=world.now)
    news = content(world, group=SUMMARY_GROUP).news
    assert news.sentences == ()
    assert news.by_category[0].count == 1


def test_nothing_that_leads_to_a_case_is_in_the_content(world: World) -> None:
    row = case(world, GROUP, day(3), own_reference="Elevakt 12", proposal=SECRET, masked_description=SECRET)
    question(world, row, GROUP, day(4))
    question(world, row, GROUP, day(4), text="Ej godkänd", approved_at=None)
    text = json.dumps(content(world).to_json(), ensure_ascii=False)
    for secret in (SECRET, row.ref, row.number, "Elevakt", "Ej godkänd", world.unit("skola-2380").name):
        assert secret not in text


def test_what_recurs_is_compared_with_the_year_before(world: World) -> None:
    world.group(GROUP)
    for number in range(6):
        case(
            world,
            GROUP,
            day(3 + number),
            sender="skola-2380" if number % 2 else "bup-mottagning",
            sender_kind="grundskola",
        )
    case(world, GROUP, day(3, 12, 2025))
    for month in (1, 6, 11):
        case(world, GROUP, day(3, month, 2025))
    case(world, GROUP, day(3, 12, 2024))
    (row,) = content(world).recurring
    assert (row.month, row.recent, row.earlier, row.expected) == (6, 7, 4, 1.0)
    assert row.sign is Sign.RISING
    assert content(world).headlines[0].text == f"{row.route}. {row.sentence}."


def test_did_the_reporters_get_answers(world: World) -> None:
    for rating in (Rating.JA, Rating.JA, Rating.DELVIS, Rating.NEJ, None):
        answer(world, case(world, GROUP, day(3), status=Status.ANSWERED), day(20), rating)
    case(world, GROUP, day(3), due_on=day(1, 3))
    case(world, GROUP, day(3), due_on=day(1, 3), paused_since=world.now)
    case(world, GROUP, day(3), due_on=day(11, 3))
    found = content(world).answers
    assert (found.answered.count, found.answered.total) == (5, 8)
    assert (found.open, found.late, found.oldest_days_late) == (3, 1, 10)
    assert (found.sent, found.rated) == (5, 4)
    assert (found.ja.count, found.delvis.count, found.nej.count) == (2, 1, 1)


def test_a_case_that_came_back_to_a_unit(world: World) -> None:
    held_by(world, case(world, GROUP, day(3)), "chef-bup-mottagning", "chef-skola-2380", "chef-bup-mottagning")
    held_by(world, case(world, GROUP, day(4)), "chef-bup-mottagning", "chef-skola-2380")
    back = content(world).sent_back
    assert (back.returned.count, back.returned.total) == (1, 2)
    assert back.routes[0].label == "BUP, till skolan och tillbaka"


def test_silent_parties_stand_in_the_area(world: World) -> None:
    case(world, GROUP, day(3))
    case(world, GROUP, day(3), receiver_kind="aklagare")  # nobody of that kind in Östersund
    assert content(world).silent == ("BUP",)
    case(world, GROUP, day(3, 6, 2025), sender="bup-mottagning", receiver_kind="grundskola")
    assert content(world).silent == ()


def test_open_questions_and_decisions_that_are_not_done(world: World) -> None:
    row = case(world, GROUP, day(3))
    waiting = question(world, row, GROUP, day(1, 3))
    unfinished = question(world, row, GROUP, day(4))
    late = decided(world, unfinished, day(1, 3), carried=2)
    done = {"status": DecisionStatus.DONE, "ended_on": day(5, 3)}
    decided(world, question(world, case(world, GROUP, day(3)), GROUP, day(4)), day(1, 3), **done)
    question(world, row, SUMMARY_GROUP, day(4))
    found = content(world)
    assert [(q.ref, q.days_waiting) for q in found.to_decide] == [(waiting.ref, 10)]
    assert [(d.ref, d.days_late, d.carried) for d in found.unfinished] == [(late.ref, 10, 2)]


# --- published --------------------------------------------------------------------------------------------------------


def test_a_published_month_stands_until_it_is_made_again(world: World) -> None:
    case(world, GROUP, day(3))
    group_id = world.group(GROUP).id
    first = months.make_month(world.session, group_id, FEBRUARY, world.now)
    assert (first.version, first.frozen) == (1, True)
    case(world, GROUP, day(4))
    assert content(world).news.total == 1
    again = months.make_month(world.session, group_id, FEBRUARY, world.now + timedelta(days=1))
    assert (again.version, again.frozen) == (2, True)
    assert content(world).news.total == 2
    assert from_json(first.content).news.total == 1


def test_making_it_again_without_changes_makes_no_version(world: World) -> None:
    row = case(world, GROUP, day(3), due_on=day(1, 3))
    question(world, row, GROUP, day(4))
    group_id = world.group(GROUP).id
    first = months.make_month(world.session, group_id, FEBRUARY, world.now)
    assert months.make_month(world.session, group_id, FEBRUARY, world.now + timedelta(days=3)) is first


def test_before_its_time_a_stored_month_is_a_draft(world: World) -> None:
    group_id = world.group(GROUP).id
    draft = months.make_month(world.session, group_id, MARCH, world.now)
    assert (draft.version, draft.frozen) == (1, False)
    case(world, GROUP, day(2, 3))
    assert content(world, MARCH).news.total == 1
    assert months.make_month(world.session, group_id, MARCH, world.now) is draft
    fixed = months.make_month(world.session, group_id, MARCH, world.now + timedelta(days=30))
    assert (fixed.version, fixed.frozen, len(_stored(world))) == (1, True, 1)


@pytest.mark.parametrize(("today", "frozen"), [(date(2026, 3, 4), False), (date(2026, 3, 5), True)])
def test_five_days_after_its_end_a_month_is_fixed(world: World, today: date, frozen: bool) -> None:
    moment = world.now.replace(month=today.month, day=today.day)
    assert months.make_month(world.session, world.group(GROUP).id, FEBRUARY, moment).frozen is frozen


def test_publishing_is_remembered(world: World) -> None:
    months.make_month(world.session, world.group(GROUP).id, FEBRUARY, world.now)
    row = world.session.scalars(select(AuditEvent).where(AuditEvent.event == Event.MONTH_FROZEN)).one()
    assert (row.group_id, row.detail) == (world.group(GROUP).id, {"month": FEBRUARY, "version": 1})


def test_what_is_refused(world: World) -> None:
    with pytest.raises(Conflict):
        months.make_month(world.session, world.group(GROUP).id, "2026-04", world.now)
    for group_id in (world.group("svom").id, 10**9):
        with pytest.raises(NotFound):
            months.make_month(world.session, group_id, FEBRUARY, world.now)
    assert _stored(world) == []


def test_the_job_finds_what_is_due_and_not_made(world: World) -> None:
    due = months.due_months(world.session, now=world.now, months_back=1)
    assert (world.group(GROUP).id, FEBRUARY) in due
    assert world.group("svom").id not in {group_id for group_id, _ in due}
    months.make_month(world.session, world.group(GROUP).id, FEBRUARY, world.now)
    assert (world.group(GROUP).id, FEBRUARY) not in months.due_months(world.session, now=world.now, months_back=1)
    early = months.due_months(world.session, now=world.now.replace(day=4), months_back=1)
    assert early == []


def test_a_month_takes_few_queries_however_many_cases(world: World) -> None:
    with counted(world.session) as empty:
        content(world)
    for number in range(1, 20):
        question(world, case(world, GROUP, day(number)), GROUP, day(number))
    with counted(world.session) as live:
        content(world)
    assert len(live) == len(empty)
    months.make_month(world.session, world.group(GROUP).id, FEBRUARY, world.now)
    with counted(world.session) as stored:
        content(world)
    assert len(live) <= 28  # with the look-up of the group itself in this test
    assert len(stored) <= 3


def test_the_month_is_made_by_command(world: World, clock: Any, run_cli: Any) -> None:
    case(world, GROUP, day(3))
    done = run_cli("month", "make", "--group", GROUP, "--month", FEBRUARY)
    assert (done.exit_code, done.output) == (0, "birger 2026-02: version 1, fastställd.\n")
    assert run_cli("month", "make", "--group", GROUP, "--month", "2026-13").exit_code == 2
    assert run_cli("month", "make", "--group", "finns-inte", "--month", FEBRUARY).exit_code == 1
    assert [row.version for row in _stored(world)] == [1]


def test_a_case_filed_by_the_service_reaches_its_group(world: World) -> None:
    case_ = world.report(world.reporter("skola-2380"), "bup-mottagning", kommunkod="2380")
    assert isinstance(case_, Avvikelse)
    assert content(world, MARCH).news.total == 1


def _stored(world: World) -> list[MonthSummary]:
    return list(world.session.scalars(select(MonthSummary).order_by(MonthSummary.version)))


def test_the_job_publishes_once(world: World, database: Any, settings: Any) -> None:
    house = House(settings, database)
    world.session.commit()
    first = tasks_month.publish(house, world.now)
    assert first.endswith("månader fastställda")
    published = {(row.group_id, row.month) for row in _stored(world)}
    assert (world.group(GROUP).id, FEBRUARY) in published
    assert tasks_month.publish(house, world.now) == "0 månader fastställda"
    assert all(row.version == 1 and row.frozen for row in _stored(world))


def test_a_good_example_is_read_and_counted_nowhere(world: World) -> None:
    case(world, GROUP, day(2), category="A1")
    told = "Skola och BUP ringer varandra samma dag."
    good = case(world, GROUP, day(3), category="L1", gruppmening=told, gruppmening_approved_at=world.now)
    case(world, GROUP, day(4), category="L1")
    found = content(world)
    assert found.news.total == 1
    assert ([row.text for row in found.good], found.good_unsaid) == ([told], 1)
    assert [total.count for total in found.totals if total.month == FEBRUARY] == [1]
    assert from_json(json.loads(json.dumps(found.to_json()))) == found
    counted_rows = case_rows(world.session, world.group(GROUP).id, day(1), day(28))
    assert len(counted_rows) == 1
    assert str(good.id) not in {row.id for row in counted_rows}
