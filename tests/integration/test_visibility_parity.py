"""The rule in Python and the rule in SQL are one: what relations() says of a case, visible() finds.

A generated organisation has four units in three områden; two positions may share a unit. All roles, all sides, with and
without position, with a named handläggare, a substitute, a former party.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from avvikelse.domain.actor import NOBODY, SYSTEM, Actor, Grant, code_holder
from avvikelse.domain.errors import NotFound
from avvikelse.domain.relation import REPORTING, PartyFacts, relations, through_each
from avvikelse.domain.vocabulary import AtgardStatus, Channel, PartySide, Role, Status
from avvikelse.models.avvikelse import NO_DAY, Avvikelse, Party
from avvikelse.models.dialogue import Atgard
from avvikelse.policy.measures import answers_for, atgard_is_mine, position_is_mine, runs
from avvikelse.policy.permission_map import Permission, allows
from avvikelse.policy.visibility import CURRENT_SIDES, party_is_mine, reach_of, visible, visible_ids
from avvikelse.queries.case_page import case_page
from tests.support.world import World

POSITIONS = ("chef-skola-2380", "chef-bup-behandling", "chef-barnhab", "chef-soc-2380")
ALL_SIDES = tuple(PartySide)


@dataclass(frozen=True, slots=True)
class Place:
    omrade_id: int
    enhet_id: int
    position_id: int


@dataclass
class Ground:
    """Where the generated cases and actors live: places, two people, one case that gets its parties anew each time."""

    session: Session
    places: tuple[Place, ...]
    me: int
    somebody: int
    group_id: int
    row: Avvikelse
    now: datetime

    def put(self, parties: list[PartyFacts], reporter: int | None, about: int | None = None) -> None:
        for party in list(self.row.parties):
            self.session.delete(party)
        self.row.parties.clear()
        self.row.reporter_user_id, self.row.counterpart_enhet_id = reporter, about
        for one in parties:
            self.session.add(
                Party(
                    avvikelse=self.row, side=one.side, omrade_id=one.omrade_id, enhet_id=one.enhet_id,
                    position_id=one.position_id, handler_user_id=one.handler_user_id, since=self.now, open=True,
                    stand_in_position_id=one.stand_in_position_id,
                    until=self.now if one.side is PartySide.FORMER else None, status=self.row.status, due_on=NO_DAY,
                )
            )  # fmt: skip
        self.session.flush()


@pytest.fixture
def ground(session: Session, now: datetime) -> Ground:
    world = World.of(session, now)
    places = []
    for slug in POSITIONS:
        position = world.position(slug)
        unit = position.enhet
        assert unit is not None
        places.append(Place(unit.omrade_id, unit.id, position.id))
    row = Avvikelse(
        ref="parityparity", number="JH-2026-9999", pack_id=world.pack.id, channel=Channel.WEB, status=Status.ASSIGNED,
        sender_kind="grundskola", occurred_on=now.date(), description="x", severity=1, submitted_at=now,
        status_since=now,
    )  # fmt: skip
    session.add(row)
    session.flush()
    me, somebody = world.user("jag").id, world.user("annan").id
    return Ground(session, tuple(places), me, somebody, world.group("birger").id, row, now)


# --- what is generated: indexes, so that one example means the same on both databases ---------------------------------

# (place, side, has a position, position of place, handler: 0 nobody, 1 me, 2 somebody, who has stepped in: 4 nobody)
parties_drawn = st.lists(
    st.tuples(
        st.integers(0, 3), st.sampled_from(ALL_SIDES), st.sampled_from(["position", "unit", "funktion"]),
        st.integers(0, 3), st.integers(0, 2), st.integers(0, 4),
    ),
    max_size=4,
)  # fmt: skip
# (role, place, as substitute)
grants_drawn = st.lists(st.tuples(st.sampled_from(list(Role)), st.integers(0, 3), st.booleans()), max_size=4)
reporter_drawn = st.integers(0, 2)


def party_of(ground: Ground, drawn: tuple[int, PartySide, str, int, int, int]) -> PartyFacts:
    place, side, kind, held_by, handler, stand_in = drawn
    at = ground.places[place]
    return PartyFacts(
        side,
        at.omrade_id,
        at.enhet_id if kind != "funktion" else None,
        ground.places[held_by].position_id if kind == "position" else None,
        (None, ground.me, ground.somebody)[handler],
        ground.places[stand_in].position_id if stand_in < len(ground.places) else None,
    )


def grant_of(ground: Ground, drawn: tuple[Role, int, bool]) -> Grant:
    role, place, substitute = drawn
    at = ground.places[place]
    if role is Role.CHEF:
        return Grant(role, at.omrade_id, at.enhet_id, at.position_id, as_substitute=substitute)
    if role in {Role.HANDLAGGARE, Role.RAPPORTOR}:
        return Grant(role, at.omrade_id, at.enhet_id)
    if role in {Role.SAMORDNARE, Role.LOGGRANSKARE}:
        return Grant(role, at.omrade_id)
    if role in {Role.SAMMANKALLANDE, Role.MEDLEM}:
        return Grant(role, group_id=ground.group_id)
    return Grant(role)


def found_by_sql(ground: Ground, actor: Actor, sides: tuple[PartySide, ...]) -> bool:
    """As one case is asked for, and as a search asks: the same answer."""
    both = visible(actor, sides), Avvikelse.id.in_(visible_ids(reach_of(actor), sides))
    query = select(Avvikelse.id).where(Avvikelse.id == ground.row.id)
    found, searched = (ground.session.scalar(query.where(mine)) is not None for mine in both)
    assert found == searched
    return found


@settings(max_examples=60, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(parties_drawn, grants_drawn, reporter_drawn, st.integers(0, 4))
@example([(1, PartySide.OWNER, "position", 1, 1, 4)], [(Role.HANDLAGGARE, 1, False)], 0, 4)  # the named handläggare
@example(
    [(1, PartySide.OWNER, "position", 1, 1, 4)], [(Role.HANDLAGGARE, 2, False)], 0, 4
)  # she has moved to another unit
@example(
    [(1, PartySide.FORMER, "position", 1, 1, 4)], [(Role.HANDLAGGARE, 1, False)], 0, 4
)  # the case has left her unit
@example([(1, PartySide.OWNER, "position", 2, 0, 4)], [(Role.CHEF, 1, False)], 0, 4)  # another position of her unit
@example([(1, PartySide.OWNER, "position", 2, 0, 4)], [(Role.CHEF, 2, True)], 0, 4)  # held as substitute
@example([(1, PartySide.OWNER, "position", 2, 0, 4)], [(Role.CHEF, 2, True)], 1, 4)  # the substitute has reported it
@example(
    [(1, PartySide.OWNER, "position", 2, 0, 4)], [(Role.CHEF, 2, True), (Role.CHEF, 3, False)], 0, 3
)  # it is about the substitute's own unit
@example(
    [(1, PartySide.OWNER, "position", 1, 0, 3)], [(Role.CHEF, 3, False)], 0, 3
)  # her position steps in all the same
@example(
    [(1, PartySide.OWNER, "position", 2, 0, 4), (0, PartySide.SENDER, "unit", 0, 0, 4)],
    [(Role.CHEF, 2, True), (Role.CHEF, 0, False)],
    0,
    4,
)  # she manages the reporting unit
@example([(0, PartySide.SENDER, "unit", 0, 0, 4)], [(Role.CHEF, 0, False)], 0, 4)
@example([(1, PartySide.OWNER, "funktion", 0, 0, 4)], [(Role.SAMORDNARE, 1, False)], 2, 4)
@example([(1, PartySide.OWNER, "position", 1, 0, 4)], [(Role.ADMINISTRATOR, 1, False), (Role.REVISOR, 1, False)], 2, 4)
@example([(1, PartySide.OWNER, "position", 1, 2, 2)], [(Role.CHEF, 2, False)], 0, 4)  # has stepped in
@example([(0, PartySide.SENDER, "unit", 0, 0, 3)], [(Role.CHEF, 3, True)], 0, 4)
@example([(1, PartySide.OWNER, "unit", 0, 0, 4)], [(Role.CHEF, 1, True)], 0, 4)  # a substitute, by unit
@example([], [], 1, 4)
def test_the_rule_and_the_sql_agree(
    ground: Ground,
    parties: list[tuple[int, PartySide, str, int, int, int]],
    grants: list[tuple[Role, int, bool]],
    by: int,
    about_place: int,
) -> None:
    facts = [party_of(ground, drawn) for drawn in parties]
    reporter = (None, ground.me, ground.somebody)[by]
    actor = Actor(ground.me, "Jag", tuple(grant_of(ground, drawn) for drawn in grants))
    about = ground.places[about_place].enhet_id if about_place < len(ground.places) else None
    ground.put(facts, reporter, about)
    through = through_each(actor, reporter, about, facts)

    for sides in (CURRENT_SIDES, (PartySide.FORMER,), ALL_SIDES, (PartySide.OWNER,)):
        takes_part = any(mine for one, mine in zip(facts, through, strict=True) if one.side in sides)
        assert found_by_sql(ground, actor, sides) is (takes_part or reporter == ground.me), sides

    mine = select(Party.id).where(Party.avvikelse_id == ground.row.id, party_is_mine(actor))
    assert len(ground.session.scalars(mine).all()) == sum(map(bool, through))

    # And the page exists for exactly those who have a relation, with the whole of it only for a present one.
    related = relations(actor, reporter, facts, about_enhet_id=about)
    assert allows(Permission.READ_FORMER, related, ground.row.status) is bool(related)
    if not related:
        with pytest.raises(NotFound):
            case_page(ground.session, actor, ground.row.ref)
    else:
        page = case_page(ground.session, actor, ground.row.ref)
        assert (page.shared is not None) is found_by_sql(ground, actor, CURRENT_SIDES)


@settings(max_examples=40, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(parties_drawn, grants_drawn, reporter_drawn, st.integers(0, 4), st.integers(0, 3))
@example([], [(Role.CHEF, 1, True)], 2, 4, 1)  # stands in for the position
@example([], [(Role.CHEF, 1, True)], 1, 4, 1)  # and has reported the case
@example([], [(Role.CHEF, 1, False)], 1, 4, 1)  # her own position, whoever has reported
@example([], [(Role.CHEF, 1, True), (Role.CHEF, 0, False)], 2, 0, 1)  # the case is about her own unit
@example([(0, PartySide.SENDER, "unit", 0, 0, 4)], [(Role.CHEF, 1, True), (Role.CHEF, 0, False)], 2, 4, 1)
@example([(1, PartySide.OWNER, "unit", 0, 1, 4)], [(Role.CHEF, 1, True), (Role.HANDLAGGARE, 1, False)], 2, 4, 1)
def test_rule_and_sql_agree_about_an_atgard(
    ground: Ground,
    parties: list[tuple[int, PartySide, str, int, int, int]],
    grants: list[tuple[Role, int, bool]],
    by: int,
    about_place: int,
    owned_by: int,
) -> None:
    """Whoever answers for the position of an åtgärd; its substitute only when the case is not her own."""
    reporter = (None, ground.me, ground.somebody)[by]
    about = ground.places[about_place].enhet_id if about_place < len(ground.places) else None
    ground.put([party_of(ground, drawn) for drawn in parties], reporter, about)
    at = ground.places[owned_by]
    atgard = Atgard(
        avvikelse_id=ground.row.id, kind="M01", text="x", omrade_id=at.omrade_id, position_id=at.position_id,
        status=AtgardStatus.PROPOSED, created_at=ground.now, rounds_asked=0,
    )  # fmt: skip
    ground.session.add(atgard)
    ground.session.flush()
    actor = Actor(ground.me, "Jag", tuple(grant_of(ground, drawn) for drawn in grants))
    try:
        found = ground.session.scalars(select(Atgard.id).where(Atgard.id == atgard.id, position_is_mine(actor))).all()
        assert bool(found) is answers_for(actor, at.position_id, at.omrade_id, ground.row)
        readable = ground.session.scalars(select(Atgard.id).where(Atgard.id == atgard.id, atgard_is_mine(actor))).all()
        assert readable or not runs(actor, atgard, ground.row)
    finally:
        ground.session.delete(atgard)
        ground.session.flush()


def test_nobody_and_the_system_find_nothing_through_visibility(ground: Ground) -> None:
    """The system takes a case in hand without asking visibility; it is never a reader."""
    ground.put([party_of(ground, (0, PartySide.OWNER, "position", 0, 0, 4))], None)
    for actor in (NOBODY, SYSTEM):
        assert not found_by_sql(ground, actor, ALL_SIDES)
    assert relations(NOBODY, None, []) == frozenset()


@settings(max_examples=25, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(parties_drawn, reporter_drawn, st.booleans())
def test_rule_and_sql_agree_about_who_holds_a_code(
    ground: Ground, parties: list[tuple[int, PartySide, str, int, int, int]], by: int, own: bool
) -> None:
    """Whatever the parties are: the case of the code and no other, on any side, and never through a party."""
    facts = [party_of(ground, drawn) for drawn in parties]
    ground.put(facts, (None, ground.me, ground.somebody)[by])
    actor = code_holder(ground.row.id if own else ground.row.id + 1)
    for sides in (CURRENT_SIDES, (PartySide.FORMER,), ALL_SIDES):
        rule = relations(actor, ground.row.reporter_user_id, facts, case_id=ground.row.id)
        assert rule == (REPORTING if own else frozenset())
        assert found_by_sql(ground, actor, sides) is own
    assert not ground.session.scalars(select(Party.id).where(party_is_mine(actor))).all()
    if own:
        assert case_page(ground.session, actor, ground.row.ref).owners == ()
    else:
        with pytest.raises(NotFound):
            case_page(ground.session, actor, ground.row.ref)


def test_a_case_without_a_known_reporter_is_not_everybodys(ground: Ground) -> None:
    """`reporter_user_id IS NULL` must not match an actor without an id."""
    ground.put([], None)
    assert not found_by_sql(ground, NOBODY, ALL_SIDES)
    assert not found_by_sql(ground, Actor(ground.me, "Jag"), ALL_SIDES)
