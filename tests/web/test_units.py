"""An administrator opens, moves and closes units: what follows, what is refused, and for whom nothing exists."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from werkzeug.test import TestResponse

from avvikelse.domain.actor import SYSTEM
from avvikelse.domain.vocabulary import Role
from avvikelse.domain.workdays import local_date
from avvikelse.models.audit import AuditEvent
from avvikelse.models.organisation import Enhet, Organisation
from avvikelse.services.organisation_import import import_pack
from tests.conftest import Clock
from tests.support.browsing import Visitor, words
from tests.support.client import CheckingClient
from tests.support.imported import pack_tables
from tests.support.world import World

pytestmark = pytest.mark.usefixtures("clock")

HOME = "/organisation/jamtland-harjedalen"
REGION = f"{HOME}/huvudman/region-jh"
NEW = f"{REGION}/ny-enhet"
UNIT = f"{HOME}/enhet/bup-mottagning"
MOVE, CLOSE, KEEP = f"{UNIT}/flytta", f"{UNIT}/stang", f"{UNIT}/stang-inte"


@pytest.fixture
def admin(world: World, client: CheckingClient, clock: Clock) -> Visitor:  # the log-in is of that time
    return Visitor.of(client, world.session, world.administrator("region-jh"), world.now)


def today(world: World) -> date:
    return local_date(world.now)


def unit_events(world: World) -> list[str]:
    found = world.session.scalars(select(AuditEvent.event).order_by(AuditEvent.seq))
    return [event for event in found if event.startswith("unit_")]


# --- open


def opened(client: CheckingClient, world: World, **changes: Any) -> TestResponse:
    fields = {
        "name": "Ungas mottagning Åre",
        "kind": "bup",
        "omrade": world.omrade("region-jh").id,
        "title": "enhetschef",
        "kommuner": ["2321", "2326"],
    }
    return client.submit(NEW, fields | changes, button="Öppna enheten")


@pytest.mark.usefixtures("admin")
def test_a_new_unit_is_found_and_can_get_cases(client: CheckingClient, world: World) -> None:
    answer = opened(client, world)
    assert (answer.status_code, answer.location) == (303, f"{HOME}/enhet/ungas-mottagning-are")
    unit = world.unit("ungas-mottagning-are")
    assert (unit.age_min, unit.age_max, [row.kommunkod for row in unit.kommuner]) == (0, 17, ["2321", "2326"])
    assert [(post.title, post.vacant) for post in unit.positions] == [("enhetschef", True)]
    assert "Ungas mottagning Åre" in words(client.get("/kontaktvagar?q=ungas"))
    assert "Vakant" in words(client.get(REGION))
    case = world.report(world.reporter("skola-2380"), unit.slug)
    assert case.receiver_enhet_id == unit.id or case.status.value == "submitted"
    assert unit_events(world) == ["unit_opened"]


@pytest.mark.usefixtures("admin")
def test_the_next_reading_of_the_pack_leaves_it_alone(client: CheckingClient, world: World) -> None:
    opened(client, world)
    result = import_pack(world.session, SYSTEM, pack_tables("jamtland_harjedalen"), now=world.now)
    assert result.changes == ()
    assert world.unit("ungas-mottagning-are").active_to is None


@pytest.mark.usefixtures("admin")
def test_equal_beginnings_get_addresses_of_their_own(client: CheckingClient, world: World) -> None:
    opened(client, world, name="BUP  mottagning!")  # a unit of the pack has bup-mottagning
    assert world.unit("bup-mottagning-2").name == "BUP mottagning!"
    opened(client, world, name="日本")
    assert world.unit("enhet").name == "日本"


@pytest.mark.usefixtures("admin")
@pytest.mark.parametrize(
    ("changes", "field", "sentence"),
    [
        ({"name": ""}, "name", "Skriv enhetens namn."),
        ({"name": "bup MOTTAGNINGSTEAM"}, "name", "Det finns redan en öppen enhet med det namnet"),
        ({"name": "Fråga 070-123 45 67"}, "name", ""),
        ({"name": "x" * 161}, "name", ""),
        ({"title": ""}, "title", "Skriv chefens titel."),
        ({"kind": ""}, "kind", "Välj vilket slag av enhet"),
        ({"kind": "påhitt"}, "kind", "Välj ett av alternativen"),
        ({"omrade": ""}, "omrade", "Välj sekretessområde."),
        ({"kommuner": []}, "kommuner", "Välj minst en kommun."),
        ({"kommuner": ["0180"]}, "kommuner", ""),
        ({"age_min": "fem"}, "age_min", "heltal"),
        ({"age_min": "18"}, "age_max", "får inte vara lägre"),
        ({"age_max": "121"}, "age_max", "får inte vara"),
        ({"active_from": ""}, "active_from", "Ange från vilken dag"),
        ({"active_from": "2126-03-11"}, "active_from", "inom två år"),
        ({"organisation": "abc"}, "organisation", ""),
    ],
)
def test_what_does_not_hold_is_said_at_its_field(
    client: CheckingClient, world: World, changes: dict[str, Any], field: str, sentence: str
) -> None:
    answer = opened(client, world, **changes)
    assert answer.status_code == 422
    page = answer.get_data(as_text=True)
    assert f'id="{field}-error"' in page
    assert sentence in words(answer)
    assert 'value="Ungas mottagning Åre"' in page or "name" in changes
    assert unit_events(world) == []


@pytest.mark.usefixtures("admin")
def test_another_huvudmans_omrade_or_forvaltning_is_no_choice(client: CheckingClient, world: World) -> None:
    kommun = world.huvudman("kommun-2380").id
    foreign = world.session.scalars(select(Organisation.id).where(Organisation.huvudman_id == kommun)).first()
    for changes in ({"omrade": world.unit("skola-2380").omrade_id}, {"organisation": foreign}):
        assert opened(client, world, **changes).status_code == 422
    assert unit_events(world) == []


# --- move


def test_a_unit_moves_inside_its_huvudman_and_remembers_that_it_did(
    client: CheckingClient, admin: Visitor, world: World
) -> None:
    region = world.huvudman("region-jh").id
    other = world.session.scalars(
        select(Organisation).where(
            Organisation.huvudman_id == region, Organisation.id != world.unit("bup-mottagning").organisation_id
        )
    ).first()
    assert other is not None
    answer = client.submit(MOVE, {"organisation": other.id, "kommuner": ["2380"], "age_max": 20}, button="Spara")
    assert (answer.status_code, answer.location) == (303, UNIT)
    unit = world.unit("bup-mottagning")
    assert (unit.organisation_id, [row.kommunkod for row in unit.kommuner], unit.age_max) == (other.id, ["2380"], 20)
    event = world.session.scalars(select(AuditEvent).where(AuditEvent.event == "unit_moved")).one()
    assert event.detail["fields"] == ["organisation", "kommuner", "age_max"]
    assert other.name in admin.text(UNIT)
    client.submit(MOVE, button="Spara")
    assert unit_events(world) == ["unit_moved"]  # nothing new was said


# --- close


def close(client: CheckingClient, day: date | str, successor: int = 0) -> TestResponse:
    return client.submit(CLOSE, {"last_day": str(day), "successor": successor}, button="Spara sista dagen")


def test_a_closed_unit_points_to_its_successor_and_reports_go_there(
    client: CheckingClient, admin: Visitor, world: World
) -> None:
    yesterday, successor = today(world) - timedelta(days=1), world.unit("bup-behandling")
    answer = close(client, yesterday, successor.id)
    assert (answer.status_code, answer.location) == (303, UNIT)
    assert f"Efterträds av {successor.name}" in admin.text(UNIT)
    assert "Stängd" in admin.text(REGION)
    assert successor.name in admin.text("/kontaktvagar/jamtland-harjedalen/bup-mottagning")
    case = world.report(world.reporter("skola-2380"), "bup-mottagning")
    assert case.receiver_enhet_id in {None, successor.id}
    assert "kan inte öppnas igen" in admin.text(CLOSE)
    assert close_again(admin).status_code == 409
    assert admin.post(KEEP, on="/organisation/vaktens-ord").status_code == 409
    assert unit_events(world) == ["unit_closed"]


def close_again(admin: Visitor) -> TestResponse:
    return admin.post(CLOSE, on="/organisation/vaktens-ord", last_day="2026-03-11", successor="0")


def test_an_open_case_goes_to_the_manager_of_the_successor(client: CheckingClient, world: World) -> None:
    chef = world.chef("chef-bup-behandling")
    case = world.report(world.reporter("skola-2380"), "bup-mottagning")
    Visitor.of(client, world.session, world.administrator("region-jh"), world.now)
    close(client, today(world) - timedelta(days=1), world.unit("bup-behandling").id)
    Visitor.of(client, world.session, chef, world.now)
    assert client.get(f"/avvikelser/{case.ref}").status_code == 200


def test_a_day_to_come_is_shown_and_can_be_taken_back(client: CheckingClient, admin: Visitor, world: World) -> None:
    last = today(world) + timedelta(days=90)
    close(client, last)
    assert "Sista dag: 9 juni 2026" in admin.text(UNIT)
    assert "Stänger" in admin.text(REGION)
    answer = client.submit(CLOSE, button="Enheten ska vara öppen tills vidare")
    assert answer.status_code == 303
    assert world.unit("bup-mottagning").active_to is None
    assert unit_events(world) == ["unit_closed", "unit_kept_open"]


@pytest.mark.usefixtures("admin")
@pytest.mark.parametrize(
    ("day", "sentence"),
    [("", "Ange enhetens sista dag."), ("2025-01-01", "mer än en månad bakåt"), ("2036-01-01", "mer än två år framåt")],
)
def test_a_strange_last_day_is_refused(client: CheckingClient, world: World, day: str, sentence: str) -> None:
    answer = close(client, day)
    assert (answer.status_code, sentence in words(answer)) == (422, True)
    assert world.unit("bup-mottagning").active_to is None


@pytest.mark.usefixtures("admin")
def test_who_cannot_take_over_is_refused(client: CheckingClient, world: World) -> None:
    own, other = world.unit("bup-mottagning"), world.unit("bup-behandling")
    for successor in (own.id, world.unit("skola-2380").id, 999_999):
        assert close(client, today(world), successor).status_code == 422
    other.successor_id = own.id  # the ring: behandling would be succeeded by mottagning
    world.session.flush()
    answer = close(client, today(world), other.id)
    assert (answer.status_code, "Det blir en ring" in words(answer)) == (422, True)
    assert own.active_to is None


# --- denied


FIELDS = {
    "last_day": "2026-03-11", "successor": "0", "organisation": "0", "kommuner": "2380", "age_min": "0",
    "age_max": "17", "name": "Ny", "kind": "bup", "title": "chef", "active_from": "2026-03-11", "omrade": "1",
}  # fmt: skip


def test_another_huvudmans_administrator_finds_nothing(client: CheckingClient, world: World) -> None:
    other = Visitor.of(client, world.session, world.administrator("kommun-2380"), world.now)
    before = len(world.session.scalars(select(Enhet.id)).all())
    for address in (NEW, MOVE, CLOSE):
        assert other.get(address).status_code == 404, address
    for address in (NEW, MOVE, CLOSE, KEEP):
        assert other.post(address, on="/organisation/vaktens-ord", **FIELDS).status_code == 404, address
    assert len(world.session.scalars(select(Enhet.id)).all()) == before
    assert unit_events(world) == []


def test_without_the_role_it_is_403(client: CheckingClient, world: World) -> None:
    for actor in (world.samordnare("region-jh"), world.chef("chef-bup-mottagning"), world.member("barnarenan")):
        visitor = Visitor.of(client, world.session, actor, world.now)
        for address in (NEW, MOVE, CLOSE):
            assert visitor.get(address).status_code == 403, address
        for address in (NEW, MOVE, CLOSE, KEEP):
            assert visitor.post(address, on="/konto", **FIELDS).status_code == 403, address
    assert unit_events(world) == []


def test_the_system_administrator_may_everywhere(client: CheckingClient, world: World) -> None:
    Visitor.of(client, world.session, world.grant("system", Role.ADMINISTRATOR), world.now)
    assert client.get(f"{HOME}/huvudman/kommun-2380/ny-enhet").status_code == 200
    assert client.get(f"{HOME}/huvudman/finns-inte/ny-enhet").status_code == 404
