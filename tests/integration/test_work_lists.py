"""Which cases stand under which tab, and each of them once."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

import pytest
from sqlalchemy import select

from avvikelse.domain.actor import Actor
from avvikelse.domain.errors import Invalid
from avvikelse.domain.vocabulary import PartySide
from avvikelse.models.avvikelse import Avvikelse
from avvikelse.models.dialogue import Question
from avvikelse.models.identity import RoleAssignment
from avvikelse.queries import work_lists
from avvikelse.queries.case_page import case_page
from avvikelse.queries.choices import handlers_of_party
from avvikelse.queries.work_lists import Tab
from avvikelse.services import dialogue, handling, reporting
from tests.support.world import World


def numbers(world: World, actor: Actor, tab: Tab, *, days: int = 0) -> list[str]:
    today = (world.now + timedelta(days=days)).date()
    rows = work_lists.work_list(world.session, actor, tab, today=today).rows
    assert work_lists.counts(world.session, actor, today, (tab,)) == {tab: len(rows)}
    return [row.number for row in rows]


@pytest.fixture
def case(world: World) -> Avvikelse:
    return world.report(world.reporter("bup-behandling"), "skola-2380")


def both_sides(world: World) -> Actor:
    """A samordnare for the reporting and for the receiving område."""
    skola = world.unit("skola-2380").omrade.slug
    bup = world.unit("bup-behandling").omrade.slug
    return world.samordnare(bup, skola)


def test_a_case_between_my_own_omraden_stands_once_under_each_tab(world: World, case: Avvikelse) -> None:
    actor = both_sides(world)
    assert numbers(world, actor, Tab.UNIT) == [case.number]
    assert numbers(world, actor, Tab.WAITING) == [case.number]
    assert numbers(world, actor, Tab.LATE, days=60) == [case.number]
    reporting.withdraw(world.session, world.actor("rapportor-bup-behandling"), case.ref, now=world.now)
    assert numbers(world, actor, Tab.CLOSED) == [case.number]


def test_pages_of_fifty_hold_every_case_once(world: World, case: Avvikelse) -> None:
    reporter, actor = world.actor("rapportor-bup-behandling"), both_sides(world)
    sent = {case.number} | {world.report(reporter, "skola-2380").number for _ in range(60)}
    today = world.now.date()
    pages = [work_lists.work_list(world.session, actor, Tab.WAITING, today=today, page=n) for n in (1, 2)]
    assert [page.has_next for page in pages] == [True, False]
    assert Counter(row.number for page in pages for row in page.rows) == Counter(sent)


def test_a_samordnare_sees_what_is_late_on_both_sides(world: World, case: Avvikelse) -> None:
    """The chef of the reporting unit cannot hurry anybody; the own samordnare can."""
    sender = world.samordnare(world.unit("bup-behandling").omrade.slug)
    sending_chef, chef = world.chef("chef-bup-behandling"), world.chef("chef-skola-2380")
    stranger = world.samordnare(world.unit("soc-2380").omrade.slug)
    assert numbers(world, sender, Tab.LATE) == []
    assert numbers(world, sender, Tab.LATE, days=60) == [case.number]
    assert numbers(world, chef, Tab.LATE, days=60) == [case.number]
    assert numbers(world, sending_chef, Tab.LATE, days=60) == []
    assert numbers(world, stranger, Tab.LATE, days=60) == []


def test_the_chef_still_sees_what_a_named_handlaggare_works_on(world: World, case: Avvikelse) -> None:
    chef, handler = world.chef("chef-skola-2380"), world.handler("skola-2380", "eva")
    handling.accept(world.session, chef, case.ref, now=world.now)
    handling.name_handler(world.session, chef, case.ref, handler.user_id, now=world.now)
    for actor in (chef, handler):
        view = case_page(world.session, actor, case.ref)
        assert view.expected is not None
        assert view.expected.mine
        rows = work_lists.work_list(world.session, actor, Tab.MINE, today=world.now.date()).rows
        assert [(row.number, row.handler) for row in rows] == [(case.number, handler.name)]
    reporter = world.actor("rapportor-bup-behandling")
    mine = work_lists.my_reports(world.session, reporter, today=world.now.date()).rows
    assert [row.handler for row in mine] == [None]  # who it is inside the unit is not the reporter's


def test_nobody_whose_role_has_ended_can_be_named(world: World, case: Avvikelse) -> None:
    session, today = world.session, world.now.date()
    chef, handler = world.chef("chef-skola-2380"), world.handler("skola-2380", "eva")
    held = session.scalars(select(RoleAssignment).where(RoleAssignment.user_id == handler.user_id)).one()
    party = case.parties[-1]
    assert party.side is PartySide.OWNER
    assert [name for _, name in handlers_of_party(session, party.id, today)] == [handler.name]
    held.valid_to = today - timedelta(days=1)
    assert handlers_of_party(session, party.id, today) == []
    with pytest.raises(Invalid):
        handling.name_handler(session, chef, case.ref, handler.user_id, now=world.now)
    held.valid_to = today  # her last day
    handling.name_handler(session, chef, case.ref, handler.user_id, now=world.now)


def test_what_is_still_ours_is_not_left(world: World, case: Avvikelse) -> None:
    """Handed to another unit of the område: left by the unit, not by the område's samordnare."""
    chef = world.chef("chef-skola-2380")
    omrade = world.samordnare(world.unit("skola-2380").omrade.slug)
    handling.hand_over(
        world.session,
        chef,
        case.ref,
        world.receiver("chef-narvaroteam-2380"),
        "Närvaroteamet kallar till SIP.",
        now=world.now,
    )
    assert numbers(world, chef, Tab.LEFT) == [case.number]
    assert world.unit("narvaroteam-2380").omrade_id == world.unit("skola-2380").omrade_id
    assert numbers(world, omrade, Tab.LEFT) == []
    assert numbers(world, omrade, Tab.UNIT) == [case.number]
    assert numbers(world, omrade, Tab.NO_SENTENCE) == []  # the reporting side writes the gruppmening


def test_a_case_whose_reporter_is_asked_waits_for_her(world: World) -> None:
    reporter, chef = world.reporter("skola-2380"), world.chef("chef-bup-behandling")
    case = world.report(reporter, "bup-behandling")
    assert numbers(world, chef, Tab.MINE) == [case.number]
    dialogue.ask(world.session, chef, case.ref, "Vem fick kallelsen?", now=world.now)
    assert numbers(world, chef, Tab.MINE) == []
    assert numbers(world, chef, Tab.WAITING) == numbers(world, chef, Tab.UNIT) == [case.number]
    question = world.session.scalars(select(Question.id)).one()
    dialogue.answer_question(world.session, reporter, case.ref, question, "Samordnaren.", now=world.now)
    assert numbers(world, chef, Tab.MINE) == [case.number]
    assert numbers(world, chef, Tab.WAITING) == []
