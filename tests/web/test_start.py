"""The start page and the pages for everybody."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import update

from avvikelse.models.identity import RoleAssignment
from tests.support.browsing import Visitor
from tests.support.client import CheckingClient
from tests.support.world import World

pytestmark = pytest.mark.usefixtures("clock")


def visitor(client: CheckingClient, world: World, actor: Any) -> Visitor:
    return Visitor.of(client, world.session, actor, world.now)


def test_a_reporter_sees_the_three_ways_and_her_reports(client: CheckingClient, world: World) -> None:
    actor = world.reporter("bup-behandling")
    case = world.report(actor, "skola-2380")
    html = visitor(client, world, actor).get("/").get_data(as_text=True)
    for href in ("/rapportera", "/rapportera/sip", "/kontaktvagar", f"/avvikelser/{case.ref}"):
        assert f'href="{href}"' in html
    assert 'href="/arenden?flik=mina"' not in html


def test_a_manager_sees_how_much_waits(client: CheckingClient, world: World) -> None:
    chef = world.chef("chef-skola-2380")
    world.report(world.reporter("bup-behandling"), "skola-2380")
    her = visitor(client, world, chef)
    assert "1 Väntar på mig" in her.text("/")
    assert 'href="/arenden?flik=mina"' in her.get("/").get_data(as_text=True)


def test_more_than_three_are_told_of_and_the_list_ends_in_words(client: CheckingClient, world: World) -> None:
    reporter, chef = world.reporter("bup-behandling"), world.chef("chef-skola-2380")
    her = visitor(client, world, chef)
    for _ in range(3):
        world.report(reporter, "skola-2380")
    assert "Visa alla" not in her.text("/")
    world.report(reporter, "skola-2380")
    assert "Visa alla 4 ärenden som väntar på dig" in her.text("/")
    for address in ("/arenden?flik=mina&sida=99", "/arenden?flik=avslutade&sida=99", "/sok?q=mötet&sida=99"):
        assert "Här tar listan slut" in her.text(address)


def test_others_reports_are_not_on_it(client: CheckingClient, world: World) -> None:
    case = world.report(world.reporter("bup-behandling"), "skola-2380")
    assert case.number not in visitor(client, world, world.reporter("soc-2380")).text("/")


def test_without_logging_in_it_leads_to_the_log_in(client: CheckingClient) -> None:
    answer = client.get("/")
    assert (answer.status_code, answer.location) == (302, "/logga-in")


@pytest.mark.parametrize(
    ("address", "says"),
    [
        ("/om-avvikelser", ("112", "orosanmälan", "lex Sarah", "lex Maria")),
        ("/tillganglighet", ("Ingen oberoende granskning",)),
    ],
)
def test_pages_for_everybody(client: CheckingClient, address: str, says: tuple[str, ...]) -> None:
    page = client.get(address)
    assert page.status_code == 200
    assert all(text in page.get_data(as_text=True) for text in says)


def test_a_manager_reads_what_to_do_first(client: CheckingClient, world: World) -> None:
    chef = world.chef("chef-skola-2380")
    case = world.report(world.reporter("bup-behandling"), "skola-2380")
    html = visitor(client, world, chef).get("/").get_data(as_text=True)
    assert "Det här väntar på dig" in html
    assert f'href="/avvikelser/{case.ref}">Ta emot: ' in html
    assert case.number not in visitor(client, world, world.chef("chef-soc-2380")).text("/")


def test_an_administrator_is_told_of_the_roles_of_the_quarter(client: CheckingClient, world: World) -> None:
    world.chef("chef-skola-2380")
    her = visitor(client, world, world.administrator("kommun-2380"))
    assert 'href="/roller/genomgang"' not in her.get("/").get_data(as_text=True)
    world.session.execute(update(RoleAssignment).values(granted_at=datetime(2025, 8, 1, tzinfo=UTC)))
    world.session.commit()
    assert 'href="/roller/genomgang"' in her.get("/").get_data(as_text=True)
