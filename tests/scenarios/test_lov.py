"""A school is closed for the summer: its clocks wait, openly; something severe never does."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from avvikelse.domain.actor import Actor
from avvikelse.domain.deadlines import Wait, workdays_left
from avvikelse.models.agreements import Lov
from avvikelse.models.avvikelse import Avvikelse
from avvikelse.models.outbox import OutboxMail
from avvikelse.services import ladder
from tests.conftest import Clock
from tests.support.acting import Acting
from tests.support.browsing import words
from tests.support.world import World

pytestmark = pytest.mark.usefixtures("clock")

# NOW is Wednesday 11 March 2026: five working days end on Wednesday the 18th.
SPORTLOV = {"name": "Sportlov", "kinds": "grundskola", "first_on": "2026-03-16", "last_on": "2026-03-22"}


@pytest.fixture
def admin(world: World) -> Actor:
    return world.administrator("kommun-2380")


def address(world: World, huvudman: str = "kommun-2380") -> str:
    return f"/organisation/{world.pack.slug}/huvudman/{huvudman}/lov"


def closes(acting: Acting, admin: Actor, **changes: str) -> None:
    """A lov is written down."""
    acting.does(admin, address(acting.world), **(SPORTLOV | changes))
    acting.world.session.info.pop("lov", None)  # each request has a session of its own; the test's knows what it read


def reported(world: World, **changes: Any) -> Avvikelse:
    return world.report(world.reporter("bup-behandling"), "skola-2380", **changes)


def test_working_days_of_a_lov_do_not_count() -> None:
    wednesday = date(2026, 3, 11)
    assert workdays_left(wednesday, date(2026, 3, 18)) == 5
    assert workdays_left(wednesday, date(2026, 3, 25), (Wait(date(2026, 3, 16), date(2026, 3, 22)),)) == 5
    assert workdays_left(wednesday, wednesday) == workdays_left(wednesday, date(2026, 3, 1)) == 0


def test_the_clock_waits_and_both_sides_read_why(acting: Acting, admin: Actor, clock: Clock) -> None:
    world = acting.world
    before = reported(world)
    assert before.due_on == date(2026, 3, 18)
    closes(acting, admin)
    after = reported(world)
    assert after.due_on == date(2026, 3, 25)
    ladder.climb(world.session, clock.now)  # what has begun follows
    world.session.refresh(before)
    assert before.due_on == date(2026, 3, 25)
    rektor = world.chef("chef-skola-2380")
    page = acting.reads(rektor, f"/avvikelser/{before.ref}")
    assert "Senast onsdag 25 mars 2026" in page
    assert "14 dagar kvar, 5 arbetsdagar" in page
    sentence = "Den som ska svara har lov (Sportlov) 16 mars 2026 till 22 mars 2026. De dagarna räknas inte."
    for who in (rektor, world.actor("rapportor-bup-behandling")):
        assert sentence in acting.reads(who, f"/avvikelser/{before.ref}")
    clock.move(days=13)
    ladder.climb(world.session, clock.now)
    assert "Sportlov" not in acting.reads(rektor, f"/avvikelser/{before.ref}")  # it is over


def test_nobody_is_called_late_during_a_lov(acting: Acting, admin: Actor, session: Session, clock: Clock) -> None:
    world = acting.world
    world.chef("chef-skola-2380")
    closes(acting, admin)
    reported(world)
    for _ in range(11):  # until Sunday the 22nd
        ladder.climb(session, clock.move(days=1))
    sent = set(session.scalars(select(OutboxMail.notice)))
    assert not {notice for notice in sent if notice.startswith(("remind_", "step_in_", "late_"))}
    for _ in range(5):
        ladder.climb(session, clock.move(days=1))
    assert "remind_mottagen" in set(session.scalars(select(OutboxMail.notice)))


def test_something_severe_waits_for_nobody(acting: Acting, admin: Actor) -> None:
    world = acting.world
    closes(acting, admin)
    for changes in ({"severity": 3}, {"child_waits": True}):
        case = reported(world, **changes)
        assert case.due_on == date(2026, 3, 18)
        assert "Sportlov" not in acting.reads(world.chef("chef-skola-2380"), f"/avvikelser/{case.ref}")


def test_only_its_own_huvudman_and_kinds_wait(acting: Acting, admin: Actor) -> None:
    world = acting.world
    closes(acting, admin)
    teacher = world.reporter("skola-2380")
    assert world.report(teacher, "soc-2380").due_on == date(2026, 3, 18)  # same kommun, another kind
    assert world.report(teacher, "bup-behandling").due_on == date(2026, 3, 18)
    elsewhere = world.report(world.reporter("bup-behandling"), "skola-2303")
    assert elsewhere.due_on == date(2026, 3, 18)  # same kind, another kommun


def test_a_lov_is_taken_back_before_it_begins_and_not_after(acting: Acting, admin: Actor, clock: Clock) -> None:
    world, session = acting.world, acting.world.session
    closes(acting, admin)
    case = reported(world)
    (row,) = session.scalars(select(Lov))
    lov_id = row.id
    other = world.administrator("region-jh")
    assert acting.sends(other, f"{address(world, 'region-jh')}/{lov_id}/ta-bort").status_code == 404
    acting.does(admin, f"{address(world)}/{lov_id}/ta-bort")
    session.info.pop("lov")
    ladder.climb(session, clock.now)
    session.refresh(case)
    assert case.due_on == date(2026, 3, 18)
    closes(acting, admin)
    (row,) = session.scalars(select(Lov))
    clock.move(days=6)
    assert acting.sends(admin, f"{address(world)}/{row.id}/ta-bort").status_code == 409
    assert "Sportlov" in acting.reads(admin, address(world))


def test_who_administers_another_huvudman_finds_nothing(acting: Acting, admin: Actor) -> None:
    world = acting.world
    other = world.administrator("region-jh")
    for who, code in ((other, 404), (world.chef("chef-skola-2380"), 403), (world.reporter("skola-2380"), 403)):
        assert acting.get(who, address(world)).status_code == code
        assert acting.sends(who, address(world), **SPORTLOV).status_code == code
    assert world.session.scalar(select(Lov)) is None


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"last_on": "2026-03-01"}, "Sista dagen ligger före den första."),
        ({"first_on": "2026-03-10"}, "Dagen har redan varit."),
        ({"last_on": "2026-12-24"}, "Ett lov kan vara högst 100 dagar."),
        ({"kinds": "polis"}, "Välj"),
        ({"kinds": ""}, "Välj"),
        ({"name": ""}, "Skriv vad lovet heter."),
        ({"first_on": "snart"}, "dag"),
    ],
)
def test_wrong_input_is_said_at_the_field(acting: Acting, admin: Actor, changes: dict[str, str], sentence: str) -> None:
    answer = acting.sends(admin, address(acting.world), **(SPORTLOV | changes))
    assert answer.status_code == 422
    assert sentence in words(answer)
    assert acting.world.session.scalar(select(Lov)) is None
