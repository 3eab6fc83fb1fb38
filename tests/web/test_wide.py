"""*Sammanställningar*: a convenor publishes, everybody reads, and nobody else publishes."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select

from avvikelse.models.avvikelse import GroupMembership
from avvikelse.models.group_work import WideSummary
from tests.support.browsing import Visitor, words
from tests.support.group_cases import SECRET, case
from tests.support.world import World

pytestmark = pytest.mark.usefixtures("clock")
GROUP, ABOVE = "birger", "jamtbus-regionalt"


@pytest.fixture
def visit(world: World, client: FlaskClient) -> Any:
    return lambda actor: Visitor.of(client, world.session, actor, world.now)


def some_cases(world: World) -> None:
    for category, receiver, number in (("A1", "bup", 9), ("A1", "grundskola", 7), ("C1", "bup", 6), ("B1", "lss", 2)):
        for n in range(number):
            case(world, GROUP, date(2026, 1 + n % 2, 5), category=category, receiver_kind=receiver)


def desk(world: World) -> str:
    return f"/grupper/{world.group(GROUP).id}/sammanstallning"


def test_published_by_the_convenor_and_read_by_everybody(world: World, visit: Any, client: FlaskClient) -> None:
    some_cases(world)
    group = world.group(GROUP)
    assert client.get(f"/sammanstallningar/{group.id}/2026").status_code == 404
    response = visit(world.convenor(GROUP)).post(desk(world), on=desk(world))
    assert response.status_code == 302
    client.delete_cookie("avvikelse")
    assert group.name in words(client.get("/sammanstallningar"))
    page = client.get(f"/sammanstallningar/{group.id}/2026")
    text = words(page)
    assert "Samordnad individuell plan (SIP)" in text
    assert "Alla" in text
    assert "24" in text
    assert SECRET not in page.get_data(as_text=True)
    csv = client.get(f"/sammanstallningar/{group.id}/2026/tabell.csv").get_data(as_text=True)
    assert ";2;" not in csv
    assert "Alla" in csv


def test_the_same_month_is_not_published_twice(world: World, visit: Any) -> None:
    some_cases(world)
    convenor = visit(world.convenor(GROUP))
    token_page = f"/grupper/{world.group(GROUP).id}/2026-02"
    convenor.post(desk(world), on=token_page)
    again = convenor.post(desk(world), on="/mitt-konto")
    assert again.status_code == 409
    assert "redan publicerat" in words(again)
    assert world.session.scalar(select(func.count()).select_from(WideSummary)) == 1


def test_too_few_reports_are_refused_with_a_sentence(world: World, visit: Any) -> None:
    case(world, GROUP, date(2026, 2, 3))
    response = visit(world.convenor(GROUP)).post(desk(world), on=desk(world))
    assert response.status_code == 409
    assert "Minst 5 rapporter" in words(response)


def test_two_groups_are_not_subtracted_from_each_other(world: World, visit: Any) -> None:
    """The group above holds the same cases and two more: its convenor waits, and reads why."""
    some_cases(world)
    for row in world.session.scalars(select(GroupMembership)).all():
        world.session.add(
            GroupMembership(avvikelse_id=row.avvikelse_id, group_id=world.group(ABOVE).id, reported_on=row.reported_on)
        )
    for _ in range(2):
        case(world, ABOVE, date(2026, 1, 7), category="A1", receiver_kind="bup")
    assert visit(world.convenor(GROUP)).post(desk(world), on=desk(world)).status_code == 302
    address = f"/grupper/{world.group(ABOVE).id}/sammanstallning"
    refused = visit(world.convenor(ABOVE)).post(address, on=address)
    assert refused.status_code == 409
    assert "En annan grupp med delvis samma ärenden" in words(refused)
    for n in range(9):
        case(world, ABOVE, date(2026, 1 + n % 2, 9), category="A1", receiver_kind="grundskola")
    assert visit(world.convenor(ABOVE)).post(address, on=address).status_code == 302


def test_others_do_not_publish(world: World, visit: Any) -> None:
    some_cases(world)
    assert visit(world.member(GROUP)).get(desk(world)).status_code == 403
    foreign = visit(world.convenor("jamtbus-regionalt"))
    assert foreign.get(desk(world)).status_code == 404
    assert foreign.post(desk(world), on="/mitt-konto").status_code == 404
    assert world.session.scalar(select(func.count()).select_from(WideSummary)) == 0


def test_without_publications_the_page_says_so(world: World, client: FlaskClient) -> None:
    assert "Ingen grupp har publicerat något än" in words(client.get("/sammanstallningar"))
