"""Nobody stands in for the other side of her own case: what makes a case her own, one sign at a time."""

from __future__ import annotations

import pytest

from avvikelse.domain.actor import NOBODY, Actor, Grant
from avvikelse.domain.relation import PartyFacts, Relation, partial_beside, partial_for_each, through_each
from avvikelse.domain.vocabulary import PartySide, Role

ME, SOMEBODY = 1, 2
NOT_HERS = 99


def chef(place: int, *, position: int | None = None) -> Grant:
    """Manages position, unit and område `place`."""
    return Grant(Role.CHEF, position_id=position or place, enhet_id=place, omrade_id=place)


def substitute(place: int) -> Grant:
    return Grant(Role.CHEF, position_id=place, enhet_id=place, omrade_id=place, as_substitute=True)


def me(*grants: Grant) -> Actor:
    return Actor(ME, "Jag", grants)


def party(side: PartySide, place: int, *, omrade: int | None = None, handler: int | None = None) -> PartyFacts:
    return PartyFacts(side, omrade or place, place, place, handler)


SENDER, OWNER, FORMER = PartySide.SENDER, PartySide.OWNER, PartySide.FORMER
TWO = (party(SENDER, 1), party(OWNER, 2))
THREE = (*TWO, party(OWNER, 3))
HANDLED_BY_ME = (party(SENDER, 1), party(OWNER, 2, handler=ME))
HANDLER = Grant(Role.HANDLAGGARE, enhet_id=2, omrade_id=2)


@pytest.mark.parametrize(
    ("actor", "reporter", "about", "parties", "partial"),
    [
        (me(substitute(2)), SOMEBODY, NOT_HERS, TWO, (False, False)),
        (me(substitute(2)), ME, NOT_HERS, TWO, (False, True)),  # has reported it: not for who is to answer her
        (me(substitute(2), chef(1)), SOMEBODY, NOT_HERS, TWO, (False, True)),  # has sent it
        (me(substitute(1), chef(2)), SOMEBODY, NOT_HERS, TWO, (True, False)),  # has it
        (me(substitute(1), HANDLER), SOMEBODY, NOT_HERS, HANDLED_BY_ME, (True, False)),
        (me(substitute(1), HANDLER), SOMEBODY, NOT_HERS, TWO, (False, False)),
        (me(substitute(2), chef(1)), SOMEBODY, NOT_HERS, (party(FORMER, 1), TWO[1]), (False, False)),  # had it once
        (me(substitute(2), Grant(Role.SAMORDNARE, omrade_id=1)), SOMEBODY, NOT_HERS, TWO, (False, False)),
        (me(substitute(2), chef(5)), SOMEBODY, 5, TWO, (False, True)),  # is about her own unit
        (me(substitute(2), substitute(5)), SOMEBODY, 5, TWO, (False, False)),
        (me(substitute(2), chef(2, position=20)), SOMEBODY, 2, TWO, (False, False)),  # which is the one that has it
        (me(substitute(2), substitute(3), chef(1)), SOMEBODY, NOT_HERS, THREE, (False, True, True)),
        (me(substitute(3), chef(2)), SOMEBODY, NOT_HERS, THREE, (True, False, True)),
        (me(substitute(2), chef(3)), SOMEBODY, NOT_HERS, THREE, (True, True, False)),
        (NOBODY, None, None, TWO, (False, False)),
    ],
)
def test_what_makes_a_case_her_own(actor, reporter, about, parties, partial):
    assert partial_for_each(actor, reporter, about, parties) == partial


def test_in_her_own_case_she_has_only_what_is_hers():
    def through(actor: Actor, reporter: int = SOMEBODY) -> tuple[frozenset[Relation], ...]:
        return through_each(actor, reporter, NOT_HERS, iter(TWO))

    has, nothing = frozenset({Relation.OWNER_CHEF}), frozenset[Relation]()
    assert through(me(substitute(2))) == (nothing, has)
    assert through(me(substitute(2)), ME) == (nothing, nothing)
    assert through(me(chef(2)), ME) == (nothing, has)
    assert through(me(substitute(2), chef(1))) == (frozenset({Relation.SENDER_CHEF}), nothing)


@pytest.mark.parametrize(
    ("actor", "reporter", "about", "parties", "partial"),
    [
        (me(), SOMEBODY, NOT_HERS, TWO, False),
        (me(), ME, NOT_HERS, TWO, True),
        (me(chef(5)), SOMEBODY, 5, TWO, True),
        (me(chef(7)), SOMEBODY, 7, TWO, False),  # the unit of the åtgärd itself
        (me(chef(1)), SOMEBODY, NOT_HERS, TWO, True),
        (me(chef(2)), SOMEBODY, NOT_HERS, TWO, True),
        (me(chef(2)), SOMEBODY, NOT_HERS, (TWO[0], party(OWNER, 2, omrade=7)), False),  # has it in the same område
        (me(chef(1)), SOMEBODY, NOT_HERS, (party(SENDER, 1, omrade=7), TWO[1]), True),  # sent it from there
    ],
)
def test_who_stands_in_beside_the_case(actor, reporter, about, parties, partial):
    """For a position of unit and område 7, which need not have the case."""
    assert partial_beside(actor, reporter, about, parties, omrade_id=7, enhet_id=7) is partial
