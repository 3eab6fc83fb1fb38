"""Random organisations: chains and rings of substitutes, vacancies, absences, people who leave, units that close.

Whatever happens, each open case has somebody who answers, or stands on the samordnare's list.
"""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from avvikelse.domain.actor import SYSTEM, Actor
from avvikelse.domain.vocabulary import PartySide
from avvikelse.domain.workdays import local_date
from avvikelse.models.avvikelse import Avvikelse, Party
from avvikelse.models.organisation import PositionAbsence
from avvikelse.queries import recipients
from avvikelse.queries.identity import actor_of
from avvikelse.queries.standing_in import standing_list
from avvikelse.services import accounts, organisation, succession
from tests.support.world import World

UNITS = ("bup-behandling", "bup-mottagning", "barnhab", "barnmedicin")
CHEFS = tuple(f"chef-{unit}" for unit in UNITS)
chefs = st.sampled_from(CHEFS)
changes = st.lists(
    st.one_of(
        st.tuples(st.just("substitute"), chefs, st.one_of(st.none(), chefs)),
        st.tuples(st.just("away"), chefs, st.integers(0, 9)),
        st.tuples(st.just("vacant"), chefs, st.booleans()),
        st.tuples(st.just("leaves"), chefs, st.none()),
        st.tuples(st.just("closes"), st.sampled_from(UNITS), st.one_of(st.none(), st.sampled_from(UNITS))),
        st.tuples(st.just("days"), st.integers(1, 6), st.none()),
    ),
    max_size=10,
)


class Town:
    """One förvaltning with a case at each unit."""

    def __init__(self, session: Session, now: datetime) -> None:
        self.session, self.now, self.world = session, now, World.of(session, now)
        self.people = {chef: self.world.chef(chef) for chef in CHEFS}
        self.sam = self.world.samordnare("region-jh")
        teacher = self.world.reporter("skola-2380")
        self.cases = [self.world.report(teacher, unit) for unit in UNITS]

    def change(self, what: str, whom: object, how: object) -> None:
        world, session, today = self.world, self.session, local_date(self.now)
        if what == "days":
            self.now += timedelta(days=int(str(whom)))
            succession.settle_all(session, now=self.now)
            return
        if what == "closes":
            unit = world.unit(str(whom))
            unit.active_to = today - timedelta(days=1)
            unit.successor_id = world.unit(str(how)).id if how is not None and how != whom else None
        elif what == "leaves":
            accounts.disable(session, SYSTEM, self.people[str(whom)].user_id or 0, now=self.now)
        else:
            position = world.position(str(whom))
            if what == "substitute":  # straight into the table: rings too, as an old pack may have them
                position.substitute_id = world.position(str(how)).id if how is not None and how != whom else None
            elif what == "vacant":
                position.vacant = bool(how)
            else:
                last = today + timedelta(days=int(str(how)))
                session.add(PositionAbsence(position_id=position.id, from_on=today, to_on=last))
        organisation.changed(session, world.pack.id, now=self.now)

    def owners(self, case: Avvikelse) -> list[Party]:
        query = select(Party).where(Party.avvikelse_id == case.id, Party.side == PartySide.OWNER)
        return list(self.session.scalars(query))

    def actor(self, user_id: int) -> Actor:
        return actor_of(self.session, user_id, local_date(self.now))


@pytest.fixture
def town(session: Session, now: datetime) -> Town:
    return Town(session, now)


@example(
    what=[
        ("leaves", "chef-barnhab", None),
        ("closes", "bup-behandling", None),
        ("substitute", "chef-barnhab", "chef-bup-behandling"),
    ]
)
@given(what=changes)
@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_nothing_is_orphaned(town: Town, what: list[tuple[str, object, object]]) -> None:
    session, start = town.session, town.now
    saved = session.begin_nested()
    try:
        before = {case.id: (case.due_on, case.first_received_at, case.vaxlingar) for case in town.cases}
        for change in what:
            town.change(*change)
        today = local_date(town.now)
        listed = {one.number for one in standing_list(session, town.actor(town.sam.user_id or 0), today).cases}
        for case in town.cases:
            session.refresh(case)
            assert (case.due_on, case.first_received_at, case.vaxlingar) == before[case.id]  # the days follow
            (owner,) = town.owners(case)
            people = recipients.of_party(session, owner, today).user_ids
            assert people or case.number in listed
            for user_id in people:  # who is told can open it
                actor = town.actor(user_id)
                assert {owner.position_id, owner.stand_in_position_id} & actor.position_ids()
        assert succession.settle_all(session, now=town.now) == 0  # twice is once
    finally:
        saved.rollback()
        session.expire_all()
        town.now = start
