"""Earlier cases like this one: five at most, the likest first, and only those that the reader may open herself."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

import pytest
from sqlalchemy import select

from avvikelse.domain.actor import Actor
from avvikelse.domain.vocabulary import Outcome, Status
from avvikelse.models.avvikelse import Avvikelse
from avvikelse.models.search import NearestCases
from avvikelse.queries.case_page import case_page
from avvikelse.queries.similar_cases import CLOSED_LOOKED_BACK, SHOWN
from avvikelse.services import similar_order
from tests.support.world import World

WORDS = "Kallelsen till mötet kom för sent"
OTHER = "Ingen visste vem som skulle ringa"


def test_the_likest_are_shown_and_nobody_elses(world: World) -> None:
    here, chef = world.reporter("skola-2380"), world.chef("chef-bup-behandling")
    like = world.report(here, "bup-behandling", description=f"{WORDS}, igen.")
    unlike = [world.report(here, "bup-behandling", description=f"{OTHER}, {n}.") for n in range(SHOWN)]
    row = world.report(here, "bup-behandling", description=f"{WORDS} den här gången.")
    assert ordered(world) == 7
    found = refs(world, chef, row)
    assert (found[0], len(found)) == (like.ref, SHOWN)
    assert {one.ref for one in unlike} > set(found[1:])
    elsewhere = world.reporter("skola-2303")  # the same sorts of parties, and nothing of it is hers
    hers = world.report(elsewhere, "bup-behandling", description=f"{WORDS} hos oss.", kommunkod="2303")
    assert ordered(world) == 1
    assert refs(world, world.chef("chef-skola-2303"), hers) == []
    assert like.ref in refs(world, chef, hers)


def test_other_words_for_the_same_thing_are_alike(world: World) -> None:
    """The model of themes and suggestions: what the synonyms make one, and the pieces that two compounds share."""
    here, chef = world.reporter("skola-2380"), world.chef("chef-bup-behandling")
    like = world.report(here, "bup-behandling", description="Barn- och ungdomspsykiatrin uteblev från planeringsmötet.")
    world.report(here, "bup-behandling", description="Rektorn ringde i går om ett papper som saknades.")
    row = world.report(here, "bup-behandling", description="BUP kom inte på planeringsmöten i höst.")
    ordered(world)
    assert refs(world, chef, row)[0] == like.ref


def test_the_newest_come_first_until_the_order_is_there(world: World) -> None:
    here, chef = world.reporter("skola-2380"), world.chef("chef-bup-behandling")
    like = world.report(here, "bup-behandling", description=f"{WORDS}, igen.")
    newer = world.report(here, "bup-behandling", description=f"{OTHER}.")
    row = world.report(here, "bup-behandling", description=f"{WORDS} den här gången.")
    assert refs(world, chef, row) == [newer.ref, like.ref]
    ordered(world)
    assert refs(world, chef, row) == [like.ref, newer.ref]


def test_another_category_is_looked_at_anew_and_nothing_twice(world: World) -> None:
    here = world.reporter("skola-2380")
    row = world.report(here, "bup-behandling", description=f"{WORDS}.")
    assert ordered(world) == 1
    assert ordered(world) == 0
    row.category = "C1"
    world.session.flush()
    assert ordered(world) == 1
    kept = world.session.scalars(select(NearestCases.about).where(NearestCases.avvikelse_id == row.id)).one()
    assert kept.startswith("C1:")


def test_closed_ones_are_taken_when_no_open_one_waits(world: World) -> None:
    """Cases that have been loaded as closed; those that close here have been ordered while they were open."""
    here, chef = world.reporter("skola-2380"), world.chef("chef-bup-behandling")
    like = world.report(here, "bup-behandling", description=f"{WORDS}, igen.")
    newer = world.report(here, "bup-behandling", description=f"{OTHER}.")
    loaded = world.report(here, "bup-behandling", description=f"{WORDS} den här gången.")
    old = world.report(here, "bup-behandling", description=f"{WORDS} för länge sedan.")
    for row in (loaded, old):
        as_loaded(row)
    old.submitted_at = world.now - CLOSED_LOOKED_BACK - timedelta(days=1)
    world.session.flush()
    assert ordered(world) == 2  # the open ones
    assert refs(world, chef, loaded) == [newer.ref, like.ref, old.ref]
    assert ordered(world) == 1
    assert refs(world, chef, loaded)[-1] == newer.ref
    assert ordered(world) == 0  # nobody looks so far back


def test_closed_ones_are_few_at_a_time(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    here = world.reporter("skola-2380")
    for n in range(3):
        row = world.report(here, "bup-behandling", description=f"{WORDS}, {n}.")
        as_loaded(row)
    world.session.flush()
    monkeypatch.setattr(similar_order, "CLOSED_AT_ONCE", 2)
    assert [ordered(world), ordered(world), ordered(world)] == [2, 1, 0]


def as_loaded(row: Avvikelse) -> None:
    """Closed, and never ordered."""
    row.status, row.outcome, row.closing_text = Status.CLOSED, Outcome.ANSWERED, "Besvarad i det gamla systemet."


def refs(world: World, actor: Actor, row: Avvikelse) -> Sequence[str]:
    return [one.ref for one in case_page(world.session, actor, row.ref).similar]


def ordered(world: World) -> int:
    """What the job does; how many cases it ordered."""
    orders = similar_order.work_out(world.session, world.now)
    similar_order.keep(world.session, orders)
    return len(orders)
