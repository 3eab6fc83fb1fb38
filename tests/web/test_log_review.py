"""The log reviewer (SECRECY A40): who opened what in the own område, and nothing of the other party's people."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from avvikelse.domain.actor import Actor
from avvikelse.domain.events import Event
from avvikelse.domain.log_review import LONGEST, period
from avvikelse.domain.vocabulary import Role
from avvikelse.domain.workdays import local_date
from avvikelse.models.audit import AuditEvent
from avvikelse.models.avvikelse import Avvikelse
from avvikelse.queries import read_log
from avvikelse.queries.read_log import Question
from avvikelse.services import audit
from tests.support.browsing import Visitor, words
from tests.support.client import CheckingClient
from tests.support.world import World

pytestmark = pytest.mark.usefixtures("clock")

PAGE = "/laslogg"


def reviewer(world: World, omrade: str = "region-jh", key: str = "granskare") -> Actor:
    return world.grant(key, Role.LOGGRANSKARE, omrade_id=world.omrade(omrade).id)


def visit(client: CheckingClient, world: World, actor: Actor) -> Visitor:
    return Visitor.of(client, world.session, actor, world.now)


def opened_by_both(client: CheckingClient, world: World) -> tuple[Avvikelse, Actor, Actor]:
    """A case that the receiving manager and the sender's manager have opened, each for the own side."""
    bup, rektor = world.chef("chef-bup-mottagning"), world.chef("chef-skola-2380")
    case = world.report(world.reporter("skola-2380"), "bup-mottagning")
    for who in (bup, rektor):
        assert visit(client, world, who).get(f"/avvikelser/{case.ref}").status_code == 200
    return case, bup, rektor


def looks(world: World) -> list[AuditEvent]:
    query = select(AuditEvent).where(AuditEvent.event == Event.SEARCHED).order_by(AuditEvent.seq)
    return list(world.session.scalars(query))


# --- what is seen


def test_each_reading_stands_with_the_omrade_it_was_for(client: CheckingClient, world: World) -> None:
    case, bup, rektor = opened_by_both(client, world)
    rows = world.session.scalars(select(AuditEvent).where(AuditEvent.event == Event.CASE_READ)).all()
    school = world.unit("skola-2380").omrade_id
    assert {(row.user_id, row.omrade_id) for row in rows} == {
        (bup.user_id, world.omrade("region-jh").id),
        (rektor.user_id, school),
    }
    assert {row.avvikelse_id for row in rows} == {case.id}


@pytest.mark.parametrize("by", ["arende", "person"])
def test_the_reviewer_finds_own_readings_by_case_and_by_person(client: CheckingClient, world: World, by: str) -> None:
    case, bup, rektor = opened_by_both(client, world)
    her = visit(client, world, reviewer(world))
    asked = case.number.lower() if by == "arende" else "chef-bup"
    text = her.text(f"{PAGE}?{by}={asked}")
    assert case.number in text
    assert bup.name in text
    assert "Ansvarig chef" in text
    assert rektor.name not in text  # the other party's manager opened it too
    page = her.get(f"{PAGE}?{by}={asked}").get_data(as_text=True)
    assert case.ref not in page  # no way in
    assert case.description not in page


def test_nothing_of_the_other_party_by_any_way(client: CheckingClient, world: World) -> None:
    """The denied twin: the reviewer of the region and the school's manager."""
    case, _, rektor = opened_by_both(client, world)
    her = visit(client, world, reviewer(world))
    assert rektor.name not in her.text(PAGE)
    assert "Inget att visa" in her.text(f"{PAGE}?person=chef-skola")
    assert her.get(f"{PAGE}/person/{rektor.user_id}").status_code == 404
    assert her.post(f"{PAGE}/person/{rektor.user_id}/granskad", on="/konto", finding="inget").status_code == 404
    assert her.get(f"/avvikelser/{case.ref}").status_code == 404
    assert not [e for e in world.session.scalars(select(AuditEvent.event)) if e == Event.LOG_REVIEWED]


def test_who_opens_much_without_an_errand_stands_first(client: CheckingClient, world: World) -> None:
    """A40."""
    bup, other = world.chef("chef-bup-mottagning"), world.chef("chef-bup-behandling")
    reporter, samordnare = world.reporter("skola-2380"), world.samordnare("region-jh")
    cases = [world.report(reporter, unit) for unit in ("bup-mottagning", "bup-mottagning", "bup-behandling")]
    for case in cases:
        visit(client, world, samordnare).get(f"/avvikelser/{case.ref}")
    for case in cases[:2]:
        visit(client, world, bup).get(f"/avvikelser/{case.ref}")
        client.post(f"/avvikelser/{case.ref}/ta-emot")
    visit(client, world, other).get(f"/avvikelser/{cases[2].ref}")
    today = local_date(world.now)
    found = read_log.sample(world.session, reviewer(world), Question(today, today))
    by_id = {row.user_id: (row.cases, row.without_errand) for row in found}
    assert by_id == {samordnare.user_id: (3, 3), other.user_id: (1, 1), bup.user_id: (2, 0)}
    assert [row.user_id for row in found] == [samordnare.user_id, other.user_id, bup.user_id]
    text = visit(client, world, world.actor("granskare")).text(PAGE)
    assert text.index(samordnare.name) < text.index(bup.name)


def test_the_reporters_own_readings_are_no_curiosity(client: CheckingClient, world: World) -> None:
    reporter = world.reporter("bup-mottagning")
    case = world.report(reporter, "skola-2380")
    visit(client, world, reporter).get(f"/avvikelser/{case.ref}")
    today = local_date(world.now)
    assert read_log.sample(world.session, reviewer(world), Question(today, today)) == ()
    assert read_log.readings(world.session, reviewer(world), Question(today, today)).total == 1


def test_a_quarter_at_most_and_nothing_older(client: CheckingClient, world: World) -> None:
    case, bup, _ = opened_by_both(client, world)
    today = local_date(world.now)
    for days in (LONGEST.days + 5, 10):
        at = world.now - timedelta(days=days)
        audit.record(
            world.session, bup, Event.CASE_READ, now=at, avvikelse_id=case.id, role="owner_chef",
            omrade_id=world.omrade("region-jh").id,
        )  # fmt: skip
    her = reviewer(world)
    wide = Question(*period(today - timedelta(days=4000), today, today))
    assert read_log.readings(world.session, her, wide).total == 2
    assert read_log.readings(world.session, her, Question(today, today)).total == 1
    assert period(None, today + timedelta(days=5), today) == (today - timedelta(days=30), today)


def test_crooked_addresses_show_a_page(client: CheckingClient, world: World) -> None:
    her = visit(client, world, reviewer(world))
    for crooked in ("?fran=0001-01-01&till=0001-01-02", "?fran=x&till=%00", "?till=9999-12-31", "?sida=-1",
                    "?arende=%25", "?fran=2026-03-12&till=2026-03-01", "?person=" + "å" * 300):  # fmt: skip
        assert her.get(PAGE + crooked).status_code == 200, crooked


# --- what is remembered


def test_every_look_is_in_the_log_without_what_was_typed(client: CheckingClient, world: World) -> None:
    case, bup, _ = opened_by_both(client, world)
    her = visit(client, world, reviewer(world))
    her.get(PAGE)
    her.get(f"{PAGE}?person=Anna+Svensson&arende={case.number}")
    her.get(f"{PAGE}/person/{bup.user_id}")
    found = looks(world)
    assert [event.detail["by"] for event in found] == [[], ["case", "words"], ["user_id"]]
    assert {event.omrade_id for event in found} == {world.omrade("region-jh").id}
    assert not any("svensson" in str(event.detail).lower() for event in found)


def test_a_review_is_recorded_and_shown(client: CheckingClient, world: World) -> None:
    _, bup, _ = opened_by_both(client, world)
    her = visit(client, world, reviewer(world))
    address = f"{PAGE}/person/{bup.user_id}"
    empty = client.submit(address, button="Spara granskningen")
    assert (empty.status_code, "Välj vad du kom fram till." in words(empty)) == (422, True)
    answer = client.submit(address, {"finding": "foljs_upp"}, button="Spara granskningen")
    assert answer.status_code == 303
    event = world.session.scalars(select(AuditEvent).where(AuditEvent.event == Event.LOG_REVIEWED)).one()
    assert (event.omrade_id, event.detail["user"]) == (world.omrade("region-jh").id, bup.user_id)
    assert event.detail["finding"] == "foljs_upp"
    assert f"{bup.name}, öppningar" in her.text(PAGE)
    assert "Följs upp med personens chef" in her.text(address)
    elsewhere = visit(client, world, reviewer(world, "kommun-2305/social", "annan"))
    assert bup.name not in elsewhere.text(PAGE)


def test_nobody_reviews_oneself(client: CheckingClient, world: World) -> None:
    samordnare = world.samordnare("region-jh")
    case = world.report(world.reporter("skola-2380"), "bup-mottagning")
    visit(client, world, samordnare).get(f"/avvikelser/{case.ref}")
    world.grant("samordnare-region-jh", Role.LOGGRANSKARE, omrade_id=world.omrade("region-jh").id)
    her = Visitor(client)
    address = f"{PAGE}/person/{samordnare.user_id}"
    assert "Någon annan granskar dem" in her.text(address)
    assert her.post(f"{address}/granskad", on="/konto", finding="inget").status_code == 403


# --- denied


def test_others_do_not_come_in(client: CheckingClient, world: World) -> None:
    people = (
        world.administrator("region-jh"),
        world.samordnare("region-jh"),
        world.chef("chef-bup-mottagning"),
        world.reporter("skola-2380"),
        world.convenor("barnarenan"),
    )
    for actor in people:
        her = visit(client, world, actor)
        assert her.get(PAGE).status_code == 403
        assert her.get(f"{PAGE}/person/{actor.user_id}").status_code == 403
        assert her.post(f"{PAGE}/person/1/granskad", on="/konto", finding="inget").status_code == 403
    assert looks(world) == []
