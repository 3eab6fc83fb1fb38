"""MS9: the ansvarstabell as a look-up, with a count of departures per cell; a case keeps the version of its day."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from avvikelse.domain.actor import SYSTEM, Actor
from avvikelse.domain.ansvar import version_on
from avvikelse.domain.vocabulary import PartySide
from avvikelse.domain.workdays import local_date
from avvikelse.models.agreements import MatrixVersion
from avvikelse.models.avvikelse import Avvikelse
from avvikelse.models.organisation import Sekretessomrade
from avvikelse.services import handling
from avvikelse.services.organisation_import import import_pack
from tests.conftest import Clock
from tests.support.acting import Acting
from tests.support.browsing import words
from tests.support.imported import pack_tables
from tests.support.world import World

WHY = "Vårdcentralen har sagt att den inte har plats."
EATING = {"category": "B4", "tillstand": "atproblematik", "kommunkod": "1080", "age_band": "13-15"}


@pytest.fixture
def world(session: Session, clock: Clock) -> World:
    return World.of(session, clock.now, "blekinge")


@pytest.fixture
def nurse(world: World) -> Actor:
    """At a vårdcentral."""
    return world.reporter("vc-ronneby")


def typed(world: World, niva: int, **changes: Any) -> dict[str, Any]:
    fields = {
        "key": "k" * 20, "sender_enhet_id": world.unit("vc-ronneby").id, "occurred_on": "2026-03-10", "severity": "1",
        "counterpart": world.unit("bup-karlskrona").id, "description": "Remissen kom tillbaka.", "niva": niva,
    }  # fmt: skip
    return fields | EATING | changes


def departing(world: World, nurse: Actor, count: int, **changes: Any) -> list[Avvikelse]:
    """Cases at level 2 that went to BUP, where the table names the vårdcentral."""
    fields = EATING | {"niva": 2, "outside_reason": WHY} | changes
    return [world.report(nurse, "bup-karlskrona", **fields) for _ in range(count)]


# --- the table --------------------------------------------------------------------------------------------------------


def test_the_version_of_a_day() -> None:
    versions = [("2", date(2026, 3, 1)), ("1", None)]
    assert version_on(date(2020, 1, 1), versions) == "1"
    assert version_on(date(2026, 2, 28), versions) == "1"
    assert version_on(date(2026, 3, 1), versions) == "2"
    assert version_on(date(2026, 1, 1), [("1", date(2026, 2, 1))]) == "1"  # nothing is known of before
    assert version_on(date(2026, 1, 1), []) is None


def test_everybody_reads_it_and_uncertain_cells_are_marked(acting: Acting, nurse: Actor) -> None:
    world = acting.world
    page = acting.reads(nurse, "/ansvar/blekinge")
    assert "Ätproblematik" in page
    assert "Vårdcentral" in page
    assert page.count("Osäker tolkning") > 1
    assert "Version 2026.1, gäller från 1 januari 2026" in page
    assert acting.get(nurse, "/ansvar").headers["Location"].endswith("/ansvar/blekinge")
    for wrong in ("/ansvar/finns-inte", "/ansvar/blekinge?version=9", "/ansvar/blekinge?version=" + "9" * 30):
        assert acting.get(nurse, wrong).status_code == 404, wrong
    other = World.of(world.session, world.now).pack.slug  # Jämtland Härjedalen has no table
    assert "Länet har ingen ansvarstabell" in acting.reads(nurse, f"/ansvar/{other}")


def test_an_uncertain_cell_never_routes(acting: Acting, nurse: Actor) -> None:
    world = acting.world
    region = world.huvudman("region-blekinge").id
    shown = words(
        acting.sends(nurse, "/rapportera", **typed(world, 3, counterpart="vet-inte", counterpart_huvudman_id=region))
    )
    assert "ansvarstabellen inte är entydig här, så samordnaren avgör" in shown


# --- a report ---------------------------------------------------------------------------------------------------------


def test_inside_the_table_nothing_is_asked(acting: Acting, nurse: Actor, session: Session) -> None:
    fields = typed(acting.world, 2, counterpart=acting.world.unit("vc-karlskrona").id)
    shown = words(acting.sends(nurse, "/rapportera", **fields))
    assert "Vem ansvarar enligt länets tabell?" in shown
    assert "Varför till någon utanför ansvarstabellen?" not in shown
    acting.does(nurse, "/rapportera/skicka", **fields)


def test_outside_the_table_a_reason_is_asked_for_and_read_by_who_answers(
    acting: Acting, nurse: Actor, session: Session
) -> None:
    world = acting.world
    fields = typed(world, 2)
    shown = words(acting.sends(nurse, "/rapportera", **fields))
    assert "Utanför tabellen Barn- och ungdomspsykiatri står inte i rutan." in shown
    assert "Nivå 2 Ärendets nivå" in shown
    without = acting.sends(nurse, "/rapportera/skicka", **fields)
    assert without.status_code == 422
    assert "Skriv varför rapporten ska gå till någon utanför ansvarstabellen." in words(without)
    stopped = acting.sends(nurse, "/rapportera/skicka", **fields, outside_reason="Ring 070-123 45 67.")
    assert stopped.status_code == 422
    assert session.scalar(select(Avvikelse)) is None
    acting.does(nurse, "/rapportera/skicka", **fields, outside_reason=WHY)
    case = session.scalars(select(Avvikelse)).one()
    bup = world.chef("chef-bup-karlskrona")
    page = acting.reads(bup, f"/avvikelser/{case.ref}")
    assert WHY in page
    assert "Visa ansvar: Ätproblematik" in page
    assert "Ansvarstabellen, version 2026.1, som gällde när det hände." in page
    assert acting.get(world.chef("chef-skola-karlskrona"), f"/avvikelser/{case.ref}").status_code == 404


def test_a_reason_that_nobody_asked_for_is_not_kept(acting: Acting, nurse: Actor, session: Session) -> None:
    """A hidden field that is filled in: the table is not about who came to a meeting."""
    acting.does(nurse, "/rapportera/skicka", **typed(acting.world, 2, category="A1"), outside_reason=WHY)
    assert session.scalars(select(Avvikelse)).one().outside_reason is None


# --- departures -------------------------------------------------------------------------------------------------------


def test_departures_are_counted_per_cell_from_five(acting: Acting, nurse: Actor) -> None:
    world = acting.world
    assert "Avsteg:" not in acting.reads(nurse, "/ansvar/blekinge")
    departing(world, nurse, 4)
    departing(world, nurse, 2, category="A1")  # about a meeting
    departing(world, nurse, 3, niva=3)  # an uncertain cell names nobody
    page = acting.reads(nurse, "/ansvar/blekinge")
    assert page.count("Avsteg:") == 1
    assert "Avsteg: färre än 5" in page
    departing(world, nurse, 1)
    assert "Avsteg: 5" in acting.reads(nurse, "/ansvar/blekinge")
    old = departing(world, nurse, 1)[0]
    old.occurred_on = world.now.date() - timedelta(days=400)
    world.session.flush()
    assert "Avsteg: 5" in acting.reads(nurse, "/ansvar/blekinge")


def test_an_old_case_keeps_the_version_of_its_day(acting: Acting, nurse: Actor, clock: Clock) -> None:
    world = acting.world
    cases = departing(world, nurse, 5)
    clock.move(days=30)
    tables = pack_tables("blekinge")
    cells = [
        row | ({"mottagare": ["bup"]} if (row["tillstand"], row["niva"]) == ("atproblematik", 2) else {})
        for row in tables["ansvarsmatris"]
    ]
    newer = tables | {"paket": tables["paket"] | {"version": "2026.2"}, "ansvarsmatris": cells}
    import_pack(world.session, SYSTEM, newer, now=clock.now)
    begun = {row.version: row.from_on for row in world.session.scalars(select(MatrixVersion))}
    assert begun == {"2026.1": date(2026, 1, 1), "2026.2": date(2026, 4, 10)}
    bup = world.chef("chef-bup-karlskrona")
    old = acting.reads(bup, f"/avvikelser/{cases[0].ref}")
    assert "version 2026.1" in old
    assert "Utanför tabellen" in old
    world.now = clock.now
    (new,) = departing(world, nurse, 1)
    assert new.outside_reason is None
    page = acting.reads(bup, f"/avvikelser/{new.ref}")
    assert "version 2026.2" in page
    assert "Utanför tabellen" not in page
    assert "I dag gäller version 2026.2" in old
    assert "I dag gäller" not in page
    assert [case.matrix_version for case in (*cases, new)] == ["2026.1"] * 5 + ["2026.2"]
    assert "Avsteg:" not in acting.reads(nurse, "/ansvar/blekinge")
    # Somebody puts the versions' days right afterwards: what a case has kept stays.
    for row in world.session.scalars(select(MatrixVersion).where(MatrixVersion.version == "2026.2")):
        row.from_on = date(2026, 1, 15)
    world.session.commit()
    assert "version 2026.1, som gällde" in acting.reads(bup, f"/avvikelser/{cases[0].ref}")
    earlier = acting.reads(nurse, "/ansvar/blekinge?version=2026.1")
    assert "Avsteg: 5" in earlier
    assert "En annan version gäller i dag" in earlier


def test_the_reason_keeps_the_version_that_was_asked(acting: Acting, nurse: Actor, clock: Clock) -> None:
    """Nobody is named: the table decides. Its day may be moved afterwards, the reason stays as it was given."""
    world = acting.world
    region = world.unit("bup-karlskrona").huvudman_id
    case = world.report(nurse, None, counterpart_huvudman_id=region, **EATING, niva=2)
    assert case.routing_rule == "R02"
    assert case.routing_reason is not None
    assert "ansvarstabellen" in case.routing_reason
    assert case.routing_reason.endswith("(version 2026.1)")
    import_pack(world.session, SYSTEM, pack_tables("blekinge") | {
        "paket": pack_tables("blekinge")["paket"] | {"version": "2026.2"}
    }, now=clock.now)  # fmt: skip
    world.session.commit()
    assert "(version 2026.1)" in acting.reads(nurse, f"/avvikelser/{case.ref}")


def test_the_table_of_the_day_decides_also_when_another_holds_today(acting: Acting, nurse: Actor, clock: Clock) -> None:
    """It happened while the vårdcentral was named, and is reported when BUP is: the route and the page say the same."""
    world = acting.world
    happened = local_date(clock.now)
    clock.move(days=30)
    tables = pack_tables("blekinge")
    cells = [
        row | ({"mottagare": ["bup"]} if (row["tillstand"], row["niva"]) == ("atproblematik", 2) else {})
        for row in tables["ansvarsmatris"]
    ]
    newer = tables | {"paket": tables["paket"] | {"version": "2026.2"}, "ansvarsmatris": cells}
    import_pack(world.session, SYSTEM, newer, now=clock.now)
    world.now = clock.now
    region = world.unit("bup-karlskrona").huvudman_id
    old, new = (
        world.report(nurse, None, counterpart_huvudman_id=region, occurred_on=day, **EATING, niva=2)
        for day in (happened, local_date(clock.now))
    )
    assert [case.routing_rule for case in (old, new)] == ["R02", "R02"]
    assert [case.matrix_version for case in (old, new)] == ["2026.1", "2026.2"]
    assert old.receiver_kind != "bup"
    assert new.receiver_kind == "bup"
    for case, version in ((old, "2026.1"), (new, "2026.2")):
        assert (case.routing_reason or "").endswith(f"(version {version})")
        page = acting.reads(nurse, f"/avvikelser/{case.ref}")
        assert "Utanför tabellen" not in page
        assert f"version {version}, som gällde" in page


def test_a_samordnare_who_gives_it_to_somebody_outside_the_table_says_why(acting: Acting, nurse: Actor) -> None:
    """The table names the vårdcentral; a hand-over always has a reason, giving it out has one when it departs."""
    world = acting.world
    case = departing(world, nurse, 1)[0]
    handling.decline(world.session, world.chef("chef-bup-karlskrona"), case.ref, "Inte vårt.", None, now=world.now)
    owner = next(party for party in case.parties if party.side is PartySide.OWNER)
    slug = world.session.get_one(Sekretessomrade, owner.omrade_id).slug
    sam = world.samordnare(slug)
    world.session.commit()
    address, bup = f"/avvikelser/{case.ref}/fordela", world.position("chef-bup-karlskrona").id
    assert "Visa ansvar: Ätproblematik" in acting.reads(sam, address)
    refused = acting.sends(sam, address, receiver=bup)
    assert refused.status_code == 422
    assert "Ansvarstabellen pekar på någon annan." in refused.get_data(as_text=True)
    acting.does(sam, address, receiver=bup, reason="Vårdcentralen saknar läkare till hösten.")
    world.session.expire_all()
    assert case.transfers[-1].reason == "Vårdcentralen saknar läkare till hösten."


def test_what_the_table_says_is_followed_without_a_reason(acting: Acting, nurse: Actor) -> None:
    world = acting.world
    case = departing(world, nurse, 1)[0]
    handling.decline(world.session, world.chef("chef-bup-karlskrona"), case.ref, "Inte vårt.", None, now=world.now)
    owner = next(party for party in case.parties if party.side is PartySide.OWNER)
    sam = world.samordnare(world.session.get_one(Sekretessomrade, owner.omrade_id).slug)
    world.session.commit()
    acting.step(sam, case, "fordela", receiver=world.position("chef-vc-ronneby").id)
