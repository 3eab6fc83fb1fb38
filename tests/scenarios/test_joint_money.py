"""F 4.06, 4.07: two managers share a cost, with who decides on each side, and talk about it without the family."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from avvikelse.domain.actor import Actor
from avvikelse.domain.deadlines import ClockId
from avvikelse.domain.errors import Conflict, Forbidden, NotFound
from avvikelse.domain.joint_money import CostBand, CostDecider, CostDecision, MeetingForm, MeetingTopic
from avvikelse.domain.notices import Notice
from avvikelse.domain.swedish_dates import long_date
from avvikelse.domain.vocabulary import PartySide, Status
from avvikelse.domain.workdays import local_date
from avvikelse.models.avvikelse import Avvikelse
from avvikelse.models.joint_room import Cofinancing, Commitment, CostPath, RoomMeeting
from avvikelse.models.outbox import OutboxMail
from avvikelse.policy.visibility import relations_to
from avvikelse.queries.calendar_feed import due_days
from avvikelse.queries.joint_room import lifted_texts
from avvikelse.queries.maskable import texts_of
from avvikelse.services import calendar_feed, clocks, handling, joint, joint_money, organisation, room_meetings
from avvikelse.services.ladder import climb
from avvikelse.services.mail_rules import still_true
from avvikelse.services.sessions import token_hash
from tests.conftest import Clock
from tests.scenarios.test_joint_room import BUP, SOC, bounced
from tests.support import rooms
from tests.support.browsing import Visitor
from tests.support.client import CheckingClient
from tests.support.world import World

pytestmark = pytest.mark.usefixtures("clock")
DAY = "2026-03-20"


@pytest.fixture
def spoken(world: World) -> Avvikelse:
    """Both have answered the prompts."""
    case = bounced(world)
    rooms.answer(world.session, case.ref, world.actor(BUP), world.actor(SOC), now=world.now)
    return case


class Room:
    """The room's page as its two managers see it."""

    def __init__(self, client: CheckingClient, world: World, case: Avvikelse, clock: Clock) -> None:
        self.client, self.world, self.clock = client, world, clock
        self.path = f"/avvikelser/{case.ref}/rum"

    def visitor(self, who: Actor | str) -> Visitor:
        actor = self.world.actor(who) if isinstance(who, str) else who
        return Visitor.of(self.client, self.world.session, actor, self.clock.now)

    def send(self, who: str, step: str, **fields: str) -> int:
        status = self.visitor(who).post(f"{self.path}/{step}", on=self.path, **fields).status_code
        self.world.session.expire_all()
        return status

    def text(self, who: Actor | str) -> str:
        return self.visitor(who).text(self.path)


@pytest.fixture
def room(client: CheckingClient, world: World, spoken: Avvikelse, clock: Clock) -> Room:
    return Room(client, world, spoken, clock)


def mails(world: World, notice: Notice) -> list[int | None]:
    rows = world.session.scalars(select(OutboxMail).where(OutboxMail.notice == notice).order_by(OutboxMail.id))
    return [mail.recipient_user_id for mail in rows if still_true(world.session, mail, world.now)]


def test_a_cost_is_shared_decided_on_each_side_and_part_of_what_both_say_yes_to(
    room: Room, world: World, spoken: Avvikelse
) -> None:
    session = world.session
    bup, soc = world.actor(BUP), world.actor(SOC)
    assert "Behöver ni dela en kostnad?" in room.text(BUP)
    assert room.send(BUP, "kostnad", band="below_200", own_share="140") == 422
    assert room.send(BUP, "kostnad", band="12345") == 422  # a band, never a sum
    assert room.send(BUP, "kostnad", band="below_200", own_share="40") == 302
    assert mails(world, Notice.ROOM_COST_WRITTEN) == [soc.user_id]
    page = room.text(SOC)
    assert "50 000–200 000 kronor om året" in page
    assert "Betalar 40 procent." in page
    assert "Betalar 60 procent." in page
    rooms.commit(session, spoken.ref, bup, soc, now=world.now)
    with pytest.raises(Conflict, match="beslutar om pengarna"):
        joint.agree(session, bup, spoken.ref, now=world.now)
    assert room.send(BUP, "kostnad-beslutare", decider="board", decide_by="2026-01-01") == 422
    for who, decider in ((BUP, "unit"), (SOC, "board")):
        assert room.send(who, "kostnad-beslutare", decider=decider, decide_by=DAY) == 302
    assert "Nämnden eller styrelsen beslutar senast 20 mars 2026." in room.text(BUP)
    joint.agree(session, bup, spoken.ref, now=world.now)
    # Another share is other words: nobody has said yes to it, and nobody has decided.
    joint_money.decide(session, bup, spoken.ref, CostDecision.YES, local_date(world.now), now=world.now)
    assert room.send(SOC, "kostnad", band="below_200", own_share="50") == 302
    assert [c.agreed for c in session.scalars(select(Commitment).order_by(Commitment.id))] == [False, False]
    assert [p.decision for p in session.scalars(select(CostPath).order_by(CostPath.id))] == [None, None]
    assert room.send(BUP, "overens", seen="Något annat") == 409
    for who in (BUP, SOC):
        seen = "procent" in room.text(who)
        assert seen
        joint.agree(session, world.actor(who), spoken.ref, now=world.now)
    assert spoken.status is Status.IN_PROGRESS  # the work begins; the money is decided beside it
    assert "Ni ska besluta om pengarna senast 20 mars 2026." in room.visitor(BUP).text(f"/avvikelser/{spoken.ref}")
    assert room.send(BUP, "kostnad-beslut", decision="yes", decided_on="2026-03-11") == 302
    assert mails(world, Notice.ROOM_COST_DECIDED)[-1] == soc.user_id
    assert room.send(SOC, "kostnad-beslut", decision="no", decided_on="2026-03-11") == 422  # why not?
    no = {"decision": "no", "decided_on": "2026-03-11"}
    assert room.send(SOC, "kostnad-beslut", **no, why_not="Ring 070-174 06 05") == 422
    assert room.send(SOC, "kostnad-beslut", **no, why_not="Uppdraget ligger hos regionen.") == 302
    page = room.text(BUP)
    assert "Uppdraget ligger hos regionen." in page
    assert "kan frågan lyftas till samverkansgruppen" in page


def test_nobody_but_the_two_owners_reads_of_the_money_or_the_talk(room: Room, world: World, spoken: Avvikelse) -> None:
    """The reporter may be a family: it shall not meet the question of who pays."""
    session = world.session
    bup, soc, teacher = world.actor(BUP), world.actor(SOC), world.actor("rapportor-skola-2380")
    sender_sam, principal = world.samordnare("kommun-2380/utbildning"), world.chef("chef-skola-2380")
    joint_money.share(session, bup, spoken.ref, CostBand.BELOW_50, 30, now=world.now)
    joint_money.set_path(session, bup, spoken.ref, CostDecider.BOARD, date(2026, 3, 20), now=world.now)
    reason = "Kanelbullar ingår inte i uppdraget."
    today = local_date(world.now)
    joint_money.decide(session, bup, spoken.ref, CostDecision.NO, today, reason, now=world.now)
    room_meetings.propose(session, soc, spoken.ref, today, "9.30", MeetingForm.PHONE, MeetingTopic.MONEY, now=world.now)
    room_meetings.held(session, bup, spoken.ref, "Vi delar på Vaniljhuset.", "Inget än.", now=world.now)
    for one in (teacher, sender_sam, principal):
        visitor = room.visitor(one)
        assert visitor.get(room.path).status_code == 404
        page = visitor.text(f"/avvikelser/{spoken.ref}")
        for word in ("Kanelbullar", "Vaniljhuset", "50 000", "pengar", "betala", "vstämning"):
            assert word not in page, word
        for step in ("kostnad", "kostnad-bort", "kostnad-beslutare", "kostnad-beslut", "avstamning"):
            token = visitor.post(f"{room.path}/{step}", on="/konto")
            assert token.status_code == 404
        with pytest.raises((Forbidden, NotFound)):
            joint_money.share(session, one, spoken.ref, CostBand.ABOVE, 1, now=world.now)
        with pytest.raises((Forbidden, NotFound)):
            room_meetings.propose(
                session, one, spoken.ref, today, "", MeetingForm.PHONE, MeetingTopic.BOTH, now=world.now
            )
    assert session.scalars(select(Cofinancing.band)).one() is CostBand.BELOW_50
    # A samordnare of an owner reads both, and may replace what has slipped past the guard.
    region = world.samordnare("region-jh")
    page = room.text(region)
    assert "Kanelbullar" in page
    assert "Vaniljhuset" in page
    assert "Spara" not in page
    codes = {text.code for text in texts_of(session, region, spoken, relations_to(region, spoken))}
    assert {"pengar-skal", "avstamning", "avstamning-familjen"} <= codes


def test_before_both_have_answered_there_is_no_cost(world: World) -> None:
    case = bounced(world)
    rooms.answer(world.session, case.ref, world.actor(BUP), now=world.now)
    with pytest.raises(Conflict, match="Båda behöver först svara"):
        joint_money.share(world.session, world.actor(BUP), case.ref, CostBand.ABOVE, 50, now=world.now)


def test_a_cost_that_is_dropped_leaves_nothing(room: Room, world: World) -> None:
    assert room.send(BUP, "kostnad", band="unknown") == 302
    assert room.send(SOC, "kostnad-beslutare", decider="head", decide_by=DAY) == 302
    assert room.send(SOC, "kostnad-bort") == 302
    assert "Behöver ni dela en kostnad?" in room.text(BUP)
    for table in (Cofinancing, CostPath):
        assert world.session.scalars(select(table)).all() == []


def test_the_group_reads_how_the_money_stood_when_the_question_is_lifted(world: World, spoken: Avvikelse) -> None:
    session, now = world.session, world.now
    world.convenor("birger")
    bup, soc = world.actor(BUP), world.actor(SOC)
    joint_money.share(session, bup, spoken.ref, CostBand.BELOW_500, 50, now=now)
    joint_money.set_path(session, soc, spoken.ref, CostDecider.BOARD, date(2026, 3, 20), now=now)
    today = local_date(now)
    joint_money.decide(session, soc, spoken.ref, CostDecision.NO, today, "Ligger utanför uppdraget.", now=now)
    question = joint.disagree(session, bup, spoken.ref, "Vem som betalar.", now=now)
    texts, _ = lifted_texts(session, question.room_id)
    lines = [one.cost for one in texts]
    assert "200 000–500 000 kronor om året: betalar 50 procent, har inte skrivit vem som beslutar" not in lines
    assert any(line and "nej, vi betalar inte, 11 mars 2026 (Ligger utanför uppdraget.)" in line for line in lines)
    assert all(line and line.startswith("200 000–500 000 kronor om året: betalar 50 procent") for line in lines)


def test_a_talk_is_proposed_accepted_held_and_tells_what_the_family_hears(
    room: Room, world: World, spoken: Avvikelse
) -> None:
    session = world.session
    bup, soc = world.actor(BUP), world.actor(SOC)
    talk = {"topic": "both", "how": "video", "day": "2026-03-13", "at": "13:30"}
    assert "inte på ett SIP-möte där barnet och vårdnadshavarna sitter med" in room.text(BUP)
    assert room.send(BUP, "avstamning", **(talk | {"day": "2026-03-01"})) == 422
    assert room.send(BUP, "avstamning", **(talk | {"at": "25:70"})) == 422
    assert room.send(BUP, "avstamning", **talk) == 302
    assert mails(world, Notice.ROOM_TALK_PROPOSED) == [soc.user_id]
    assert room.send(BUP, "avstamning-passar") == 409  # one's own proposal
    assert "Den andra parten har inte svarat än" in room.text(BUP)
    assert "Passar dagen?" in room.text(SOC)
    # Another day takes the first one's place, and asks the other side anew.
    assert room.send(SOC, "avstamning", **(talk | {"day": "2026-03-12"})) == 302
    assert session.scalars(select(RoomMeeting)).one().on == date(2026, 3, 12)
    assert room.send(BUP, "avstamning-passar") == 302
    assert mails(world, Notice.ROOM_TALK_ACCEPTED) == [soc.user_id]
    assert "Dagen passar båda" in room.text(SOC)
    words = {"outcome": "BUP betalar samtalen.", "family_told": "Kuratorn ringer och berättar vem som är kontakt."}
    assert room.send(SOC, "avstamning-hallen", **words) == 409  # tomorrow
    world.now = room.clock.move(days=1)
    assert room.send(SOC, "avstamning-hallen", **(words | {"family_told": ""})) == 422
    assert room.send(SOC, "avstamning-hallen", **(words | {"outcome": "Barnet är fött 2014-03-02."})) == 422
    assert room.send(SOC, "avstamning-hallen", **words) == 302
    page = room.text(BUP)
    assert "BUP betalar samtalen." in page
    assert "Kuratorn ringer" in page
    assert "Föreslå en avstämning" in page
    assert room.send(BUP, "avstamning-installd") == 409  # it has been
    assert room.send(BUP, "avstamning", **(talk | {"day": "2026-03-20"})) == 302
    assert room.send(SOC, "avstamning-installd") == 302
    assert bup.user_id in mails(world, Notice.ROOM_TALK_CANCELLED)
    assert "Avstämning 20 mars" not in room.text(BUP)


def test_what_was_agreed_is_asked_about_until_it_is_done(world: World, room: Room, spoken: Avvikelse) -> None:
    """A commitment and a decision about money have their own day: before it, after it, and at last the samordnare."""
    session = world.session
    bup, soc = world.actor(BUP), world.actor(SOC)
    sam = world.samordnare("region-jh")
    joint_money.share(session, bup, spoken.ref, CostBand.UNKNOWN, None, now=world.now)
    for who in (bup, soc):
        day = local_date(world.now) + timedelta(days=20)
        joint_money.set_path(session, who, spoken.ref, CostDecider.HEAD, day, now=world.now)
    rooms.commit(session, spoken.ref, bup, soc, now=world.now)
    for who in (bup, soc):
        joint.agree(session, who, spoken.ref, now=world.now)
    found = {(one.clock, one.subject) for one in clocks.running_clocks(session, spoken)}
    assert len([1 for clock, _ in found if clock is ClockId.ATAGANDE]) == 2
    assert len([1 for clock, _ in found if clock is ClockId.KOSTNAD]) == 2
    token = calendar_feed.begin(session, bup, now=world.now)
    promised = [day for day in due_days(session, token_hash(token), local_date(world.now)) or () if "/rum" in day.path]
    assert [day.text for day in promised] == [f"Frist: åtagande i {spoken.number}", f"Frist: beslut i {spoken.number}"]
    joint.done(session, soc, spoken.ref, local_date(world.now), now=world.now)
    joint_money.decide(session, soc, spoken.ref, CostDecision.YES, local_date(world.now), now=world.now)
    handling.begin(session, bup, spoken.ref, now=world.now)
    for _ in range(40):
        climb(session, room.clock.move(days=1))
    world.now = room.clock.now
    for notice in (Notice.SOON_ATAGANDE, Notice.SOON_KOSTNAD, Notice.REMIND_ATAGANDE, Notice.REMIND_KOSTNAD):
        told = session.scalars(select(OutboxMail.recipient_user_id).where(OutboxMail.notice == notice)).all()
        assert told == [bup.user_id], notice
    told = session.scalars(select(OutboxMail.recipient_user_id).where(OutboxMail.notice == Notice.LATE_AGREED)).all()
    assert set(told) == {sam.user_id}
    assert "Inte gjort än" in room.text(SOC)
    assert room.send(BUP, "klart", done_on="2026-12-01") == 422
    assert room.send(BUP, "klart", done_on=local_date(world.now).isoformat()) == 302
    assert room.send(BUP, "kostnad-beslut", decision="yes", decided_on=local_date(world.now).isoformat()) == 302
    assert mails(world, Notice.LATE_AGREED) == []  # no longer true when it is sent
    assert {one.clock for one in clocks.running_clocks(session, spoken)}.isdisjoint({ClockId.ATAGANDE, ClockId.KOSTNAD})
    days = due_days(session, token_hash(token), local_date(world.now)) or ()
    assert [day for day in days if "/rum" in day.path] == []
    assert "Båda har sagt ja till sin del" in room.text(SOC)


def test_another_omrade_in_a_partys_place_begins_anew(world: World, room: Room, spoken: Avvikelse) -> None:
    """BUP's unit goes up in a school: what the two had said of money is over, and socialtjänsten keeps its answers."""
    session = world.session
    bup, soc = world.actor(BUP), world.actor(SOC)
    school = world.chef("chef-skola-2303")
    joint_money.share(session, bup, spoken.ref, CostBand.BELOW_50, 30, now=world.now)
    unit = world.unit("bup-behandling")
    unit.active_to, unit.successor_id = local_date(world.now) - timedelta(days=1), world.unit("skola-2303").id
    organisation.changed(session, world.pack.id, now=world.now)
    assert mails(world, Notice.MOVED_TO_YOU) == [school.user_id]
    assert mails(world, Notice.ROOM_OTHER_REPLACED) == [soc.user_id]
    assert "Har svarat. Svaren visas när båda har svarat." in room.text(school)
    assert "kostnad" not in room.text(SOC).lower()
    assert room.visitor(bup).get(room.path).status_code == 404
    rooms.answer(session, spoken.ref, school, now=world.now)
    rooms.commit(session, spoken.ref, soc, school, now=world.now)
    for who in (soc, school):
        joint.agree(session, who, spoken.ref, now=world.now)
    assert spoken.status is Status.IN_PROGRESS


def test_what_was_promised_follows_to_whoever_comes_in_a_partys_place(
    world: World, room: Room, spoken: Avvikelse
) -> None:
    """BUP's unit goes up in a school after both have agreed: the school has to do it, or says that it is not done."""
    session, today = world.session, local_date(world.now)
    bup, soc, school = world.actor(BUP), world.actor(SOC), world.chef("chef-skola-2303")
    rooms.commit(session, spoken.ref, bup, soc, now=world.now)
    for who in (bup, soc):
        joint.agree(session, who, spoken.ref, now=world.now)
    unit = world.unit("bup-behandling")
    unit.active_to, unit.successor_id = today - timedelta(days=1), world.unit("skola-2303").id
    organisation.changed(session, world.pack.id, now=world.now)
    assert mails(world, Notice.MOVED_WITH_PROMISE) == [school.user_id]
    assert mails(world, Notice.MOVED_TO_YOU) == []

    def waits() -> set[str]:
        found = clocks.running_clocks(session, spoken)
        return {one.subject for one in found if one.clock is ClockId.ATAGANDE}

    assert waits() == {f"p{party.id}" for party in spoken.parties if party.side is PartySide.OWNER}
    read = room.text(school)
    assert read.count("Vi tar första kontakten.") == 1  # what it has to do, and nothing else of the former room
    assert "Ni har tagit över det här." in read
    assert rooms.ANSWERS["offer"] not in read
    assert "Bara de som var i rummet läser svaren." in read
    assert "Det som var lovat när ni tog över ska vara gjort" in room.visitor(school).text(f"/avvikelser/{spoken.ref}")
    assert f"{world.unit('skola-2303').name} har tagit över det här." in room.text(SOC)
    token = calendar_feed.begin(session, school, now=world.now)
    assert [day.text for day in due_days(session, token_hash(token), today) or () if "/rum" in day.path] == [
        f"Frist: åtagande i {spoken.number}"
    ]

    assert "Det blir inte gjort" not in room.text(SOC)
    with pytest.raises(Conflict):  # its own promise
        joint.not_kept(session, soc, spoken.ref, now=world.now)
    with pytest.raises(NotFound):
        joint.not_kept(session, bup, spoken.ref, now=world.now)
    assert room.send("chef-skola-2303", "blir-inte-gjort") == 302
    assert mails(world, Notice.ROOM_NOT_KEPT) == [soc.user_id]
    assert len(waits()) == 1
    assert f"Blir inte gjort, {long_date(today)}" in room.text(SOC)
    assert room.send("chef-skola-2303", "klart", done_on=today.isoformat()) == 302  # it was done after all
    assert "Blir inte gjort" not in room.text(SOC)
    with pytest.raises(Conflict):
        joint.not_kept(session, school, spoken.ref, now=world.now)
