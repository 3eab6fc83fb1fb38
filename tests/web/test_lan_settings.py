"""Limits per län and urgent numbers: what the system's administrator changes, and for whom the page does not exist."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from avvikelse.domain.vocabulary import Role
from avvikelse.models.agreements import LimitChange
from avvikelse.models.audit import AuditEvent
from tests.support.browsing import Visitor
from tests.support.world import World

PAGE = "/organisation/jamtland-harjedalen/tider"
pytestmark = pytest.mark.usefixtures("clock")


@pytest.fixture
def system(world: World, client: FlaskClient) -> Visitor:
    return Visitor.of(client, world.session, world.grant("system", Role.ADMINISTRATOR), world.now)


def save(her: Visitor, **fields: str):  # type: ignore[no-untyped-def]
    values = {"clock": "mottagen", "value": "3", "unit": "arbetsdagar", "from_on": "2026-03-11"} | fields
    return her.post(f"{PAGE}/grans", on=PAGE, **values)


def test_a_limit_holds_for_what_starts_from_its_day(world: World, system: Visitor) -> None:
    session = world.session
    world.chef("chef-bup-behandling")
    before = world.report(world.reporter("skola-2380"), "bup-behandling")
    assert save(system, from_on="2026-03-12").status_code == 302
    assert "Från 12 mars 2026: 3 arbetsdagar" in system.text(PAGE)
    session.info.pop("limits")  # each request has a session of its own; the test's knows what it read before
    world.now += timedelta(days=1)
    after = world.report(world.actor("rapportor-skola-2380"), "bup-behandling")
    session.refresh(before)
    assert (before.due_on, after.due_on) == (date(2026, 3, 18), date(2026, 3, 17))
    record = session.scalars(select(AuditEvent).where(AuditEvent.event == "limits_changed")).one()
    assert record.detail["clock"] == "mottagen"
    assert save(system, from_on="2026-03-12", value="4").status_code == 302  # the same day again: changed, not doubled
    assert session.scalars(select(LimitChange.value)).all() == [4]


@pytest.mark.parametrize(
    ("field", "wrong", "sentence"),
    [
        ("value", "0", "mellan 1 och 365"),
        ("value", "många", "heltal"),
        ("from_on", "2026-03-10", "Dagen har redan varit"),
        ("clock", "kvittens", "Välj"),
        ("unit", "veckor", "Välj"),
    ],
)
def test_what_is_wrong_is_said_at_the_field_and_kept(
    world: World, system: Visitor, field: str, wrong: str, sentence: str
) -> None:
    answer = save(system, **{field: wrong})
    assert answer.status_code == 422
    assert sentence in answer.get_data(as_text=True)
    assert world.session.scalars(select(LimitChange)).all() == []


def test_each_clock_has_a_way_to_its_own_form(system: Visitor) -> None:
    page = system.get(PAGE).text
    assert f'href="{PAGE}?klocka=gemensamt#andra"' in page
    form = system.get(f"{PAGE}?klocka=gemensamt").text
    assert '<option selected value="gemensamt">' in form
    assert 'value="15"' in form
    assert 'value="15"' not in system.get(f"{PAGE}?klocka=atagande").text  # has a day of its own
    assert system.get(f"{PAGE}?klocka=finns-inte").status_code == 200


def test_urgent_numbers_reach_the_report_and_go_back_to_the_words_of_the_program(world: World, system: Visitor) -> None:
    saved = system.post(f"{PAGE}/akut", on=PAGE, akut_socialjour="063-14 30 00, dygnet runt", akut_bup="")
    assert saved.status_code == 302
    page = system.text(PAGE)
    assert "063-14 30 00, dygnet runt" in page
    assert "Ring 1177" in page
    system.post(f"{PAGE}/akut", on=PAGE, akut_socialjour="", akut_bup="")
    assert "063-14 30 00" not in system.text(PAGE)
    assert world.session.scalars(select(AuditEvent.event)).all().count("emergency_changed") == 2


def test_an_administrator_of_one_huvudman_reads_and_may_not_change(world: World, client: FlaskClient) -> None:
    her = Visitor.of(client, world.session, world.administrator("region-jh"), world.now)
    page = her.text(PAGE)
    assert "Hela länet delar de här tiderna" in page
    assert "Spara tiden" not in page
    assert "Ändra" not in page
    values = {"clock": "mottagen", "value": "3", "unit": "arbetsdagar", "from_on": "2026-03-11"}
    assert her.client.post(f"{PAGE}/grans", data=values).status_code == 404
    assert her.client.post(f"{PAGE}/akut", data={"akut_bup": "x"}).status_code == 404
    assert her.get("/organisation/blekinge/tider").status_code == 404
    assert world.session.scalars(select(LimitChange)).all() == []


def test_others_do_not_get_in(world: World, client: FlaskClient) -> None:
    her = Visitor.of(client, world.session, world.samordnare("region-jh"), world.now)
    assert her.get(PAGE).status_code == 403
