"""Search and lists find only what the searcher may read (SECRECY A05), also where one område is on both sides."""

from __future__ import annotations

import pytest

from avvikelse.domain.actor import NOBODY, Actor
from avvikelse.domain.vocabulary import Role
from avvikelse.models.avvikelse import Avvikelse
from avvikelse.queries.case_search import search
from avvikelse.queries.work_lists import Filters, Tab, counts, work_list
from avvikelse.services import dialogue, handling, triage
from tests.support.world import World


@pytest.fixture
def case(world: World) -> Avvikelse:
    """School to BUP, each field with a word of its own."""
    session, now = world.session, world.now
    row = world.report(
        world.reporter("skola-2380"), "bup-behandling", description="Ordet kastanj stod i beskrivningen.",
        proposal="Ordet hassel i förslaget.", immediate_action="Ordet syren gjordes direkt.", own_reference="jasmin-17",
    )  # fmt: skip
    handling.add_note(session, world.samordnare("kommun-2380/utbildning"), row.ref, "Ordet hortensia.", now=now)
    handling.add_note(session, world.chef("chef-bup-behandling"), row.ref, "Ordet magnolia.", now=now)
    dialogue.add_fact(session, world.reporter("skola-2380"), row.ref, "Ordet björkris tillagt.", now=now)
    return row


def hits(world: World, actor: Actor, words: str) -> int:
    return len(search(world.session, actor, words, today=world.now.date()).rows)


SHARED, SENDERS, RECEIVERS = ("kastanj", "hassel", "björkris"), ("syren", "jasmin", "hortensia"), ("magnolia",)
# fmt: off
FINDS = {  # persona: the words that she finds; every other word gives nothing
    "reporter":        SHARED,
    "sender_sam":      SHARED + SENDERS,
    "sender_chef":     SHARED + SENDERS,
    "receiver_chef":   SHARED + RECEIVERS,
    "receiver_sam":    SHARED + RECEIVERS,
    "other_unit":      (),
    "administrator":   (),
    "convenor":        (),
    "nobody":          (),
}
# fmt: on


def persona(world: World, name: str) -> Actor:
    made = {
        "reporter": lambda: world.reporter("skola-2380"),
        "sender_sam": lambda: world.samordnare("kommun-2380/utbildning"),
        "sender_chef": lambda: world.chef("chef-skola-2380"),
        "receiver_chef": lambda: world.chef("chef-bup-behandling"),
        "receiver_sam": lambda: world.samordnare("region-jh"),
        "other_unit": lambda: world.chef("chef-barnhab"),
        "administrator": lambda: world.administrator("kommun-2380"),
        "convenor": lambda: world.convenor("birger"),
        "nobody": lambda: NOBODY,
    }
    return made[name]()


@pytest.mark.parametrize("name", FINDS)
def test_a_word_is_found_by_those_who_may_read_it(world: World, case: Avvikelse, name: str) -> None:
    actor = persona(world, name)
    found = [word for word in (*SHARED, *SENDERS, *RECEIVERS) if hits(world, actor, word)]
    assert sorted(found) == sorted(FINDS[name])
    assert hits(world, actor, case.number) == bool(FINDS[name])
    assert hits(world, actor, "kastanj magnolia") == 0  # words of two fields' readers are not joined into one match


def test_a_masked_word_is_found_by_nobody(world: World, case: Avvikelse) -> None:
    triage.mask(world.session, persona(world, "sender_sam"), case.ref, "Ordet pion i stället.", now=world.now)
    for name in ("receiver_chef", "receiver_sam", "reporter"):
        assert hits(world, persona(world, name), "kastanj") == 0
        assert hits(world, persona(world, name), "pion") == 1


def test_the_own_reference_stays_with_the_sender_inside_one_omrade(world: World) -> None:
    """BUP reports about barnhabiliteringen: both lie in region-jh, but only one of them reported."""
    row = world.report(
        world.reporter("bup-behandling"), "barnhab", own_reference="jasmin-17", immediate_action="Ordet syren."
    )
    if row.parties[-1].position_id is None:
        triage.assign(
            world.session, world.samordnare("region-jh"), row.ref, world.receiver("chef-barnhab"), now=world.now
        )
    receiver, sender = world.chef("chef-barnhab"), world.chef("chef-bup-behandling")
    assert hits(world, receiver, row.number) == 1
    assert (hits(world, receiver, "jasmin"), hits(world, receiver, "syren")) == (0, 0)
    assert (hits(world, sender, "jasmin"), hits(world, sender, "syren")) == (1, 1)


def test_a_reporter_who_manages_a_unit_of_the_receiving_omrade_does_not_search_its_notes(
    world: World, case: Avvikelse
) -> None:
    """Her other hat is a unit that has nothing to do with the case."""
    world.reporter("skola-2380")
    two_hats = world.grant("rapportor-skola-2380", Role.CHEF, position_id=world.position("chef-barnhab").id)
    assert hits(world, two_hats, "kastanj") == 1
    assert hits(world, two_hats, "magnolia") == 0


def test_a_case_that_has_left_is_found_no_more_and_its_coding_is_gone_from_the_list(
    world: World, case: Avvikelse
) -> None:
    session, now, today = world.session, world.now, world.now.date()
    bup, soc = world.chef("chef-bup-behandling"), world.chef("chef-soc-2380")
    handling.hand_over(session, bup, case.ref, world.receiver("chef-soc-2380"), "Det gäller stöd.", now=now)
    handling.recode(session, soc, case.ref, category="B2", severity=4, now=now)
    for word in (case.number, "kastanj", "magnolia"):
        assert hits(world, bup, word) == 0
    left = work_list(session, bup, Tab.LEFT, today=today).rows
    assert [(r.number, r.category_label, r.severe, r.family) for r in left] == [(case.number, "–", False, False)]
    # A filter on a hidden column answers nothing: the list is the same whatever is asked.
    for filters in (Filters(category="B2"), Filters(category="A2"), Filters(severe=True)):
        assert work_list(session, bup, Tab.LEFT, today=today, filters=filters).rows == left
    shown = work_list(session, soc, Tab.UNIT, today=today, filters=Filters(category="B2", severe=True)).rows
    assert [r.number for r in shown] == [case.number]


def test_a_handlaggare_who_has_changed_unit_sees_the_case_in_no_list(world: World, case: Avvikelse) -> None:
    session, today = world.session, world.now.date()
    handler = world.handler("bup-behandling", "hedda")
    handling.name_handler(session, world.chef("chef-bup-behandling"), case.ref, handler.user_id, now=world.now)
    assert [r.number for r in work_list(session, handler, Tab.MINE, today=today).rows] == [case.number]
    grants = tuple(g for g in world.handler("barnhab", "hedda").grants if g.enhet_id == world.unit("barnhab").id)
    moved = Actor(handler.user_id, "Hedda", grants)
    for tab in Tab:
        assert work_list(session, moved, tab, today=today).rows == (), tab
    assert set(counts(session, moved, today).values()) == {0}
    assert hits(world, moved, "kastanj") == 0
