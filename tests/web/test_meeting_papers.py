"""A meeting's papers: made ten working days before, told once, read by the group, never changed in silence."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select

from avvikelse.domain.group_words import MeetingKind, MeetingStatus
from avvikelse.jobs import tasks_month
from avvikelse.jobs.house import House
from avvikelse.models.meeting_papers import MeetingPapers
from avvikelse.models.meetings import GroupMeeting
from avvikelse.models.outbox import OutboxMail
from avvikelse.services import meeting_papers
from avvikelse.services.refs import new_ref
from tests.support.browsing import Visitor, words
from tests.support.group_cases import SECRET, case, question
from tests.support.world import World
from tests.unit.test_pdf import accessible

pytestmark = pytest.mark.usefixtures("clock")
GROUP = "birger"  # the fixed time is Wednesday 11 March 2026


@pytest.fixture
def visit(world: World, client: FlaskClient) -> Any:
    return lambda actor: Visitor.of(client, world.session, actor, world.now)


def meeting(world: World, day: date, status: MeetingStatus = MeetingStatus.PLANNED, group: str = GROUP) -> GroupMeeting:
    row = GroupMeeting(
        ref=new_ref(), group_id=world.group(group).id, kind=MeetingKind.ORDINARY, meets_on=day, status=status,
        closed_at=world.now if status is MeetingStatus.CLOSED else None,
    )  # fmt: skip
    world.session.add(row)
    world.session.flush()
    return row


def address(world: World, row: GroupMeeting, ending: str = "") -> str:
    return f"/grupper/{world.group(GROUP).id}/moten/{row.ref}/underlag{ending}"


@pytest.mark.parametrize(
    ("day", "due"), [(date(2026, 3, 25), True), (date(2026, 3, 26), False), (date(2026, 3, 10), False)]
)
def test_ten_working_days_before_it_is_time(world: World, day: date, due: bool) -> None:
    row = meeting(world, day)
    assert (row.id in meeting_papers.meetings_to_prepare(world.session, now=world.now)) is due


def test_the_job_makes_them_once_and_tells_everybody_in_the_group_once(
    world: World, database: Any, settings: Any
) -> None:
    people = {world.convenor(GROUP).user_id, world.member(GROUP).user_id}
    world.member("jamtbus-regionalt")
    row = meeting(world, date(2026, 3, 20))
    world.session.commit()
    house = House(settings, database)
    assert tasks_month.prepare(house, world.now) == "1 underlag gjorda"
    assert tasks_month.prepare(house, world.now) == "0 underlag gjorda"
    assert world.session.scalars(select(MeetingPapers.meeting_id)).all() == [row.id]
    told = world.session.scalars(
        select(OutboxMail.recipient_user_id).where(OutboxMail.notice == "meeting_papers")
    ).all()
    assert sorted(told, key=str) == sorted(people, key=str)


def test_what_came_since_the_last_meeting_also_when_that_is_long_ago(world: World, visit: Any) -> None:
    meeting(world, date(2025, 10, 1), MeetingStatus.CLOSED)
    for day in (date(2025, 9, 30), date(2025, 10, 1), date(2025, 10, 2), date(2026, 3, 3)):
        case(world, GROUP, day, gruppmening=f"Kallelsen kom sent {day:%d/%m}.", gruppmening_approved_at=world.now)
    row = meeting(world, date(2026, 3, 20))
    page = visit(world.member(GROUP)).text(address(world, row))
    assert "Nytt sedan förra mötet, 1 oktober 2025" in page
    assert "Två avvikelser sedan förra mötet." in page
    assert "Kallelsen kom sent 02/10." in page
    assert "Kallelsen kom sent 01/10." not in page
    assert "underlaget görs tio arbetsdagar före mötet" in page


def test_the_first_meeting_gets_the_month(world: World, visit: Any) -> None:
    case(world, GROUP, date(2026, 3, 3))
    page = visit(world.member(GROUP)).text(address(world, meeting(world, date(2026, 3, 20))))
    assert "Nytt i mars 2026" in page


def test_made_papers_stay_until_they_are_made_again(world: World, visit: Any) -> None:
    row = meeting(world, date(2026, 3, 20))
    meeting_papers.make_papers(world.session, row.id, now=world.now)
    late = case(world, GROUP, date(2026, 3, 4))
    waiting = question(world, late, GROUP, date(2026, 3, 5), text="Vem kallar?")
    convenor = visit(world.convenor(GROUP))
    page = convenor.text(address(world, row))
    assert "Inga avvikelser" in page
    assert "1 fråga har kommit sedan dess" in page
    convenor.post(address(world, row), on=address(world, row))
    page = convenor.text(address(world, row))
    assert "version 2" in page
    assert waiting.text in page
    convenor.post(address(world, row), on=address(world, row))
    assert world.session.scalar(select(func.count()).select_from(MeetingPapers)) == 2


def test_as_a_document(world: World, visit: Any) -> None:
    case(world, GROUP, date(2026, 3, 3), gruppmening="Kallelsen kom sent.", gruppmening_approved_at=world.now)
    row = meeting(world, date(2026, 3, 20))
    response = visit(world.member(GROUP)).get(address(world, row, ".pdf"))
    accessible(response.get_data())
    assert SECRET not in response.get_data().decode("latin-1")
    assert 'filename="underlag-2026-03-20.pdf"' in response.headers["Content-Disposition"]


def test_a_held_meeting_keeps_its_papers(world: World, visit: Any) -> None:
    row = meeting(world, date(2026, 3, 10))
    meeting_papers.make_papers(world.session, row.id, now=world.now - timedelta(days=5))
    row.status, row.closed_at = MeetingStatus.CLOSED, world.now
    world.session.flush()
    convenor = visit(world.convenor(GROUP))
    answer = convenor.post(address(world, row), on="/mitt-konto")
    assert answer.status_code == 409
    assert "står kvar som det var" in words(answer)


def test_others_get_none_of_it(world: World, visit: Any, client: FlaskClient) -> None:
    row = meeting(world, date(2026, 3, 20))
    assert client.get(address(world, row)).status_code == 302
    for ending in ("", ".pdf"):
        assert visit(world.chef("chef-skola-2380")).get(address(world, row, ending)).status_code == 403
        outsider = visit(world.convenor("jamtbus-regionalt"))
        assert outsider.get(address(world, row, ending)).status_code == 404
    assert outsider.post(address(world, row), on="/mitt-konto").status_code == 404
    member = visit(world.member(GROUP))
    assert member.post(address(world, row), on="/mitt-konto").status_code == 403
    foreign = meeting(world, date(2026, 3, 20), group="jamtbus-regionalt")
    assert member.get(address(world, foreign)).status_code == 404
    assert world.session.scalar(select(func.count()).select_from(MeetingPapers)) == 0
