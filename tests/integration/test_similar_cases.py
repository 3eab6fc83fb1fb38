"""Earlier cases like this one: five at most, the likest first, and only those that the reader may open herself."""

from __future__ import annotations

from avvikelse.queries.similar_cases import SHOWN, similar_cases
from tests.support.world import World

WORDS = "Kallelsen till mötet kom för sent"
OTHER = "Ingen visste vem som skulle ringa"


def test_the_likest_are_shown_and_nobody_elses(world: World) -> None:
    here, chef = world.reporter("skola-2380"), world.chef("chef-bup-behandling")
    like = world.report(here, "bup-behandling", description=f"{WORDS}, igen.")
    unlike = [world.report(here, "bup-behandling", description=f"{OTHER}, {n}.") for n in range(SHOWN)]
    row = world.report(here, "bup-behandling", description=f"{WORDS} den här gången.")
    found = [one.ref for one in similar_cases(world.session, chef, row)]
    assert (found[0], len(found)) == (like.ref, SHOWN)
    assert {one.ref for one in unlike} > set(found[1:])
    elsewhere = world.reporter("skola-2303")  # the same sorts of parties, and nothing of it is hers
    hers = world.report(elsewhere, "bup-behandling", description=f"{WORDS} hos oss.", kommunkod="2303")
    assert similar_cases(world.session, elsewhere, hers) == ()
    assert like.ref in [one.ref for one in similar_cases(world.session, chef, hers)]
