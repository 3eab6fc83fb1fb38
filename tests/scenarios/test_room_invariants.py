"""What must hold in the joint room's money and talks, whatever its two managers do there in any order (F 4.06, 4.07).

A stateful model like tests/scenarios/test_invariants.py, which begins where both have answered the prompts.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TypeVar

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import initialize, invariant, precondition, rule
from sqlalchemy import select
from sqlalchemy.orm import Session

from avvikelse.domain.actor import Actor
from avvikelse.domain.deadlines import ClockId
from avvikelse.domain.joint_money import CostBand, CostDecider, CostDecision, MeetingForm, MeetingTopic
from avvikelse.domain.joint_room import RoomOutcome
from avvikelse.domain.vocabulary import PartySide, Status
from avvikelse.domain.workdays import local_date
from avvikelse.models.avvikelse import Party
from avvikelse.models.joint_room import Cofinancing, Commitment, CostPath, JointRoom, RoomAnswer, RoomMeeting
from avvikelse.models.organisation import Enhet
from avvikelse.queries.case_page import case_page
from avvikelse.queries.joint_room import room_page
from avvikelse.services import clocks, handling, joint, joint_money, organisation, room_meetings
from avvikelse.services.rooms import open_room_of
from tests.support import rooms
from tests.support.flow import CHEFS, HeldFlow, hold
from tests.support.world import World

BUP, SOC = "chef-bup-behandling", "chef-soc-2380"
SECRET = "Kanelbullar"  # what the two write to each other
SIDES = st.integers(0, 1)
Row = TypeVar("Row", Commitment, CostPath, Cofinancing, RoomAnswer)


class RoomFlow(HeldFlow):
    """Two managers who have read each other's answers."""

    @initialize(written=st.booleans(), agreed=st.booleans())
    def bounce(self, written: bool, agreed: bool) -> None:
        self.now += timedelta(days=6)
        self.reporter, self.kept = self.people["reporter"], dict[int, str]()
        self.holders = {self.world.position(chef).id: self.people[chef] for chef in CHEFS}
        bup, soc, to = self.people[BUP], self.people[SOC], self.world.receiver
        self.case = self.world.report(self.reporter, "bup-behandling", severity=2)
        for who, other in ((bup, SOC), (soc, BUP)):
            handling.hand_over(self.session, who, self.case.ref, to(other), "Skäl.", now=self.now)
        rooms.answer(self.session, self.case.ref, bup, soc, now=self.now)
        if written:
            rooms.commit(self.session, self.case.ref, bup, soc, now=self.now)
            joint_money.share(self.session, bup, self.case.ref, CostBand.BELOW_50, 30, now=self.now)
        for who in (bup, soc) if written and agreed else ():
            by = local_date(self.now) + timedelta(days=9)
            joint_money.set_path(self.session, who, self.case.ref, CostDecider.HEAD, by, now=self.now)
            joint.agree(self.session, who, self.case.ref, now=self.now)

    def owners(self) -> list[Party]:
        return sorted((p for p in self.parties() if p.side is PartySide.OWNER), key=lambda p: p.id)

    def of(self, party: Party) -> Actor | None:
        """The manager whose case it is."""
        return self.holders.get(party.position_id or 0)

    def who(self, side: int) -> Actor:
        """The manager of one side; somebody else when she has let it go."""
        owners = self.owners()
        return self.of(owners[min(side, len(owners) - 1)]) or self.people["chef-skola-2380"]

    @precondition(lambda self: open_room_of(self.session, self.case) is not None)
    @rule(side=SIDES)
    def answers_anew(self, side: int) -> None:
        self.attempt(lambda: joint.answer(self.session, self.who(side), self.case.ref, rooms.ANSWERS, now=self.now))

    @rule(side=SIDES)
    def commits(self, side: int) -> None:
        self.attempt(lambda: rooms.commit(self.session, self.case.ref, self.who(side), now=self.now))

    @rule(side=SIDES)
    def agrees(self, side: int) -> None:
        self.attempt(lambda: joint.agree(self.session, self.who(side), self.case.ref, now=self.now))

    @precondition(lambda self: self.rooms()[-1].outcome is RoomOutcome.AGREED)
    @rule(side=SIDES)
    def has_done_it(self, side: int) -> None:
        today = local_date(self.now)
        self.attempt(lambda: joint.done(self.session, self.who(side), self.case.ref, today, now=self.now))

    @precondition(lambda self: any(one.carried_by_party_id for one in self.latest(Commitment)))
    @rule(side=SIDES)
    def it_is_not_kept(self, side: int) -> None:
        self.attempt(lambda: joint.not_kept(self.session, self.who(side), self.case.ref, now=self.now))

    @rule(side=SIDES, band=st.sampled_from(list(CostBand)), own=st.sampled_from([None, 0, 40, 100, 101]))
    def shares(self, side: int, band: CostBand, own: int | None) -> None:
        """Other words than before: nobody has said yes to them, and nobody has decided."""
        before = self.cost_words()
        self.attempt(lambda: joint_money.share(self.session, self.who(side), self.case.ref, band, own, now=self.now))
        if self.cost_words() != before:
            assert not any(one.agreed for one in self.latest(Commitment))
            assert not any(one.decision for one in self.latest(CostPath))

    @precondition(lambda self: self.latest(Cofinancing))
    @rule(side=SIDES)
    def drops(self, side: int) -> None:
        self.attempt(lambda: joint_money.drop(self.session, self.who(side), self.case.ref, now=self.now))

    @precondition(lambda self: self.latest(Cofinancing))
    @rule(side=SIDES, decider=st.sampled_from(list(CostDecider)), days=st.integers(-1, 30))
    def says_who_decides(self, side: int, decider: CostDecider, days: int) -> None:
        by, who = local_date(self.now) + timedelta(days=days), self.who(side)
        self.attempt(lambda: joint_money.set_path(self.session, who, self.case.ref, decider, by, now=self.now))

    @precondition(lambda self: self.latest(Cofinancing))
    @rule(side=SIDES, yes=st.booleans())
    def decides(self, side: int, yes: bool) -> None:
        who, decision = self.who(side), CostDecision.YES if yes else CostDecision.NO
        today, why = local_date(self.now), "" if yes else SECRET
        self.attempt(lambda: joint_money.decide(self.session, who, self.case.ref, decision, today, why, now=self.now))

    @rule(side=SIDES, days=st.integers(-1, 2), topic=st.sampled_from(list(MeetingTopic)))
    def proposes_a_talk(self, side: int, days: int, topic: MeetingTopic) -> None:
        day, who, how = local_date(self.now) + timedelta(days=days), self.who(side), MeetingForm.PHONE
        self.attempt(
            lambda: room_meetings.propose(self.session, who, self.case.ref, day, "13.30", how, topic, now=self.now)
        )

    @precondition(lambda self: self.talk_ahead())
    @rule(side=SIDES)
    def a_talk_fits(self, side: int) -> None:
        self.attempt(lambda: room_meetings.accept(self.session, self.who(side), self.case.ref, now=self.now))

    @precondition(lambda self: self.talk_ahead())
    @rule(side=SIDES)
    def a_talk_is_cancelled(self, side: int) -> None:
        self.attempt(lambda: room_meetings.cancel(self.session, self.who(side), self.case.ref, now=self.now))

    @precondition(lambda self: self.talk_ahead())
    @rule(side=SIDES)
    def they_have_talked(self, side: int) -> None:
        who = self.who(side)
        self.attempt(lambda: room_meetings.held(self.session, who, self.case.ref, SECRET, SECRET, now=self.now))

    @precondition(lambda self: open_room_of(self.session, self.case) is not None)
    @rule()
    def two_can_come_to_an_end(self) -> None:
        """Nothing that was written before hinders two managers who want to agree, whoever they are by now."""
        both = [who for party in self.owners() if (who := self.of(party)) is not None]
        if len(both) < len(self.owners()):
            return
        trial, today, ref = self.session.begin_nested(), local_date(self.now), self.case.ref
        done = {one.party_id for one in self.latest(RoomAnswer)}
        for party, who in zip(self.owners(), both, strict=True):
            if party.id not in done:
                rooms.answer(self.session, ref, who, now=self.now)
        if self.latest(Cofinancing):
            decided = {one.party_id for one in self.latest(CostPath) if one.decision}
            for party, who in zip(self.owners(), both, strict=True):
                if party.id not in decided:
                    joint_money.set_path(self.session, who, ref, CostDecider.UNIT, today, now=self.now)
        rooms.commit(self.session, ref, *both, now=self.now)
        for who in both:
            joint.agree(self.session, who, ref, now=self.now)
        assert self.case.status is Status.IN_PROGRESS
        trial.rollback()
        self.session.expire_all()

    @rule(side=SIDES, successor=st.sampled_from(["skola-2380", "hc-ostersund"]))
    def a_side_goes_up_in_another_unit(self, side: int, successor: str) -> None:
        """Inside its område (the hälsocentral is the region's, as BUP) or in another one."""
        owners = self.owners()
        unit = self.session.get_one(Enhet, owners[min(side, len(owners) - 1)].enhet_id)
        if unit.slug not in {"skola-2380", "hc-ostersund"}:
            unit.active_to, unit.successor_id = local_date(self.now) - timedelta(days=1), self.world.unit(successor).id
            self.attempt(lambda: organisation.changed(self.session, self.world.pack.id, now=self.now))

    # --- what must hold after every step

    @invariant()
    def money_stands_where_two_have_answered(self) -> None:
        for cost in self.session.scalars(select(Cofinancing)):
            answered = self.session.scalars(select(RoomAnswer.party_id).where(RoomAnswer.room_id == cost.room_id)).all()
            assert len(answered) >= 2
        priced = set(self.session.scalars(select(Cofinancing.room_id)))
        assert {path.room_id for path in self.session.scalars(select(CostPath))} <= priced

    @invariant()
    def a_yes_knows_who_decides_about_the_money(self) -> None:
        if not self.latest(Cofinancing):
            return
        paths = {path.party_id for path in self.latest(CostPath)}
        assert {one.party_id for one in self.latest(Commitment) if one.agreed} <= paths

    @invariant()
    def the_two_read_the_same_whole_cost(self) -> None:
        for party in self.owners() if self.latest(Cofinancing) else ():
            who = self.of(party)
            if who is None or not self.answers_for(who):
                continue
            page = room_page(self.session, who, self.case.ref)
            if page.cost is None:  # not before the own side has answered
                assert party.id not in {one.party_id for one in self.latest(RoomAnswer)}
                continue
            shares = [side.share for side in page.cost.sides]
            assert len(shares) == 2
            assert shares == [None, None] or sum(share or 0 for share in shares) == 100

    @invariant()
    def at_most_one_talk_is_ahead(self) -> None:
        talks = self.session.scalars(select(RoomMeeting)).all()
        assert sum(one.held_at is None and one.cancelled_at is None for one in talks) <= len(self.rooms())
        for one in talks:
            assert one.held_at is None or (one.family_told and one.on <= local_date(one.held_at) and one.accepted_at)

    @invariant()
    def a_closed_room_keeps_its_words(self) -> None:
        """Afterwards one may write how it went, and nothing else."""
        for room in self.rooms():
            if room.closed_at is not None:
                said = self.session.scalars(select(Commitment).where(Commitment.room_id == room.id))
                words = f"{sorted((c.party_id, c.what, c.agreed) for c in said)} {self.cost_words()}"
                assert self.kept.setdefault(room.id, words) == words

    @invariant()
    def only_an_owner_is_reminded_of_what_was_agreed(self) -> None:
        owners = {f"p{party.id}" for party in self.owners()} if self.case.joint else set()
        found = clocks.running_clocks(self.session, self.case)
        assert {one.subject for one in found if one.clock in {ClockId.ATAGANDE, ClockId.KOSTNAD}} <= owners
        undone = {f"p{c.carrier_id}" for c in self.latest(Commitment) if c.done_on is None and c.not_kept_on is None}
        agreed = any(room.outcome is RoomOutcome.AGREED for room in self.rooms()[-1:])
        expected = undone if agreed and self.case.joint else set()  # nothing that was promised is nobody's
        assert {one.subject for one in found if one.clock is ClockId.ATAGANDE} == expected

    @invariant()
    def nobody_else_reads_of_the_money(self) -> None:
        page = repr(case_page(self.session, self.reporter, self.case.ref))
        assert SECRET not in page
        assert "ostnad" not in page

    def answers_for(self, who: Actor) -> bool:
        """Is the case hers to decide about now?"""
        return self.case.joint and any(self.of(party) == who for party in self.owners())

    def talk_ahead(self) -> bool:
        return room_meetings.ahead(self.session, self.rooms()[-1]) is not None

    def rooms(self) -> list[JointRoom]:
        query = select(JointRoom).where(JointRoom.avvikelse_id == self.case.id).order_by(JointRoom.id)
        return list(self.session.scalars(query))

    def latest(self, table: type[Row]) -> list[Row]:
        """What stands in the latest room."""
        return list(self.session.scalars(select(table).where(table.room_id == self.rooms()[-1].id)))

    def cost_words(self) -> str:
        return str([(one.band, one.party_id, one.share) for one in self.latest(Cofinancing)])


@pytest.mark.one_database
def test_the_room_keeps_its_invariants(session: Session, now: datetime) -> None:
    hold(RoomFlow, World.of(session, now), examples=7, steps=20)
