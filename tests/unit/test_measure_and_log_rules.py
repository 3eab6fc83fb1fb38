"""Who runs an åtgärd, and for which område a reading is logged: each way, and what is almost one."""

from __future__ import annotations

import pytest

from avvikelse.domain.actor import Actor, Grant
from avvikelse.domain.vocabulary import PartySide, Role
from avvikelse.models.avvikelse import Avvikelse, Party
from avvikelse.models.dialogue import Atgard
from avvikelse.policy.measures import answers_for, runs
from avvikelse.policy.visibility import approves_for, may_stand_in, omrade_read_for

SENDER, OWNER, FORMER = PartySide.SENDER, PartySide.OWNER, PartySide.FORMER
NOT_HERS = 99


def party(side: PartySide, place: int, omrade: int | None = None) -> Party:
    """A party of position, unit and område `place`."""
    return Party(side=side, omrade_id=omrade or place, enhet_id=place, position_id=place)


def case(*parties: Party, reporter: int | None = None) -> Avvikelse:
    return Avvikelse(parties=list(parties), reporter_user_id=reporter, counterpart_enhet_id=NOT_HERS)


def chef(*places: int) -> Actor:
    grants = (Grant(Role.CHEF, position_id=place, enhet_id=place, omrade_id=place) for place in places)
    return Actor(1, "Chef", tuple(grants))


def substitute(place: int) -> Actor:
    grant = Grant(Role.CHEF, position_id=place, enhet_id=place, omrade_id=place, as_substitute=True)
    return Actor(1, "Vikarie", (grant,))


def samordnare(omrade: int) -> Actor:
    return Actor(1, "Samordnare", (Grant(Role.SAMORDNARE, omrade_id=omrade),))


TWO_OWNERS = case(party(SENDER, 1), party(OWNER, 2), party(OWNER, 3))


@pytest.mark.parametrize(
    ("actor", "omrade", "position", "may"),
    [
        (chef(2), 2, NOT_HERS, True),  # has the case in the same område, together with another owner
        (chef(3), 3, NOT_HERS, True),
        (chef(3), 2, NOT_HERS, False),  # the other owner's åtgärd
        (chef(1), 1, NOT_HERS, False),  # the reporting side
        (chef(7), 2, 7, True),  # the position of the åtgärd, outside the case
        (chef(7), 2, 8, False),
        (samordnare(2), 2, None, True),  # owned by no position
        (samordnare(3), 2, None, False),
        (samordnare(2), 2, NOT_HERS, False),
        (chef(2), 2, None, False),
    ],
)
def test_who_runs_an_atgard(actor, omrade, position, may):
    assert runs(actor, Atgard(omrade_id=omrade, position_id=position), TWO_OWNERS) is may


@pytest.mark.parametrize(
    ("position", "row", "may"),
    [
        (7, TWO_OWNERS, True),
        (8, TWO_OWNERS, False),
        (None, TWO_OWNERS, False),
        (7, case(party(SENDER, 1), party(OWNER, 2), reporter=1), False),  # in a case that she has reported
    ],
)
def test_for_which_position_a_substitute_answers(position, row, may):
    assert answers_for(substitute(7), position, 7, row) is may


@pytest.mark.parametrize(
    ("actor", "row", "omrade"),
    [
        (chef(2), TWO_OWNERS, 2),
        (chef(1), TWO_OWNERS, 1),
        (chef(1, 2), TWO_OWNERS, 2),  # who has the case reads for that side
        (chef(4), case(party(SENDER, 1), party(OWNER, 2), party(FORMER, 4)), 4),
        (chef(1, 4), case(party(FORMER, 4), party(SENDER, 1)), 1),  # now before once
        (Actor(5, "Rapportör"), case(party(OWNER, 2), party(SENDER, 1), reporter=5), 1),
        (Actor(None, "Med kod"), case(party(OWNER, 2), party(SENDER, 1)), None),
        (Actor(5, "Rapportör"), case(party(OWNER, 2), reporter=5), None),
    ],
)
def test_for_which_omrade_a_reading_is_logged(actor, row, omrade):
    assert omrade_read_for(actor, row) == omrade


@pytest.mark.parametrize(
    ("actor", "approves"),
    [
        (chef(2), {(OWNER, 2)}),
        (chef(1), set()),  # of the reporting side only the samordnare
        (samordnare(1), {(SENDER, 1)}),
        (samordnare(9), set()),
        (chef(4), set()),  # has had it
    ],
)
def test_for_whom_the_words_of_a_question_to_a_group_are_approved(actor, approves):
    row = case(party(SENDER, 1), party(OWNER, 2), party(FORMER, 4))
    assert approves_for(actor, row) == approves


def test_whoever_has_reported_the_case_does_not_stand_in_for_who_is_to_answer():
    reported = case(party(SENDER, 1), party(OWNER, 2), reporter=1)
    assert may_stand_in(substitute(2), TWO_OWNERS, TWO_OWNERS.parties[1])
    assert not may_stand_in(substitute(2), reported, reported.parties[1])
