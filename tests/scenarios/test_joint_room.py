"""Nothing bounces (MS1, MS2) and the joint room (MS19), through the pages."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from avvikelse.domain.errors import Conflict
from avvikelse.domain.joint_room import GROUP_IS_ASKED, RoomOutcome
from avvikelse.domain.vocabulary import GroupQuestionKind, PartySide, Status
from avvikelse.models.avvikelse import Avvikelse
from avvikelse.models.group_work import GroupQuestion
from avvikelse.models.joint_room import JointRoom
from avvikelse.services import handling, joint, questions_at_desk, triage
from avvikelse.services.ladder import climb
from tests.support import rooms
from tests.support.browsing import Visitor
from tests.support.client import CheckingClient
from tests.support.world import World

pytestmark = pytest.mark.usefixtures("clock")
BUP, SOC = "chef-bup-behandling", "chef-soc-2380"
ANSWERS = {"offer": "Vi kan ge en tid.", "need": "En vuxen som håller ihop.", "hinder": "Två köer."}


def bounced(world: World) -> Avvikelse:
    """From BUP to socialtjänsten and back."""
    session, now = world.session, world.now
    bup, soc = world.chef(BUP), world.chef(SOC)
    case = world.report(world.reporter("skola-2380"), "bup-behandling", severity=2)
    handling.hand_over(session, bup, case.ref, world.receiver(SOC), "Stöd i hemmet.", now=now)
    handling.hand_over(session, soc, case.ref, world.receiver(BUP), "Vård.", now=now)
    return case


def test_a_case_that_comes_back_is_locked_for_both(client: CheckingClient, world: World) -> None:
    """MS1: no more hand-over for either, a room, 15 working days, and plain words for the reporter."""
    session, now = world.session, world.now
    convenor = world.convenor("birger")
    case = bounced(world)
    assert (case.status, case.vaxlingar, case.joint) == (Status.DISPUTED, 2, True)
    assert case.due_on == date(2026, 4, 1)
    for slug in (BUP, SOC):
        page = Visitor.of(client, session, world.actor(slug), now).text(f"/avvikelser/{case.ref}")
        assert "Lämna över till någon annan" not in page
        assert "Gå till det gemensamma rummet" in page
        assert "Överlämnad till" in page  # the way
    teacher = Visitor.of(client, session, world.reporter("skola-2380"), now)
    words = teacher.text(f"/avvikelser/{case.ref}")
    assert "Två verksamheter löser det här tillsammans. Besked senast 1 april 2026." in words
    assert "Båda har berättat" not in words
    assert teacher.get(f"/avvikelser/{case.ref}/rum").status_code == 404
    assert Visitor.of(client, session, convenor, now).get(f"/avvikelser/{case.ref}/rum").status_code == 404
    rooms.answer(session, case.ref, world.actor(BUP), world.actor(SOC), now=now)
    teacher = Visitor.of(client, session, world.actor("rapportor-skola-2380"), now)
    assert "Båda har berättat vad de kan bidra med." in teacher.text(f"/avvikelser/{case.ref}")


def test_three_parties_in_a_row_are_warned_and_not_locked(client: CheckingClient, world: World) -> None:
    """MS1: A to B to C is no way back. Whoever would let it go once more reads how often it has been let go."""
    session, now = world.session, world.now
    bup, soc, school = world.chef(BUP), world.chef(SOC), world.chef("chef-skola-2303")
    reporter = world.reporter("skola-2380")
    case = world.report(reporter, "bup-behandling", severity=2)
    warns = "löser ni det tillsammans, i ett gemensamt rum"
    address = f"/avvikelser/{case.ref}"
    assert warns not in Visitor.of(client, session, bup, now).text(f"{address}/lamna-over")
    handling.hand_over(session, bup, case.ref, world.receiver(SOC), "Stöd i hemmet.", now=now)
    assert "Ärendet har bytt part en gång. Går det" in Visitor.of(client, session, soc, now).text(
        f"{address}/lamna-over"
    )
    handling.hand_over(session, soc, case.ref, world.receiver("chef-skola-2303"), "Skolans stöd.", now=now)
    session.refresh(case)
    assert (case.vaxlingar, case.status, case.joint) == (2, Status.ASSIGNED, False)
    hers = Visitor.of(client, session, school, now)
    for step in ("lamna-over", "inte-vart-ansvar"):
        page = hers.text(f"{address}/{step}")
        assert "Ärendet har bytt part två gånger." in page
        assert warns in page
    assert "Ärendet har bytt part två gånger." in hers.text(address)
    assert "bytt part" not in Visitor.of(client, session, reporter, now).text(address)


def test_both_agree_on_the_same_words(client: CheckingClient, world: World) -> None:
    """MS19: three prompts, side by side, commitments, and "Vi är överens" by both."""
    session, now = world.session, world.now
    case = bounced(world)
    room = f"/avvikelser/{case.ref}/rum"

    def send(slug: str, step: str, **fields: str) -> int:
        return Visitor.of(client, session, world.actor(slug), now).post(f"{room}/{step}", on=room, **fields).status_code

    def page(slug: str) -> str:
        return Visitor.of(client, session, world.actor(slug), now).text(room)

    assert send(BUP, "svar", **(ANSWERS | {"offer": ""})) == 422
    assert send(BUP, "svar", **(ANSWERS | {"need": "Ring 070-174 06 05"})) == 422
    assert send(BUP, "svar", **ANSWERS) == 302
    assert "Har svarat. Svaren visas när båda har svarat." in page(SOC)
    with pytest.raises(Conflict, match="Båda behöver först svara"):
        joint.commit(session, world.actor(BUP), case.ref, "Chef", "Vi gör det.", date(2026, 4, 1), now=now)
    assert send(SOC, "svar", **(ANSWERS | {"offer": "Vi kan vara med."})) == 302
    assert "Vi kan vara med." in page(BUP)
    commitment = {"what": "Vi kallar.", "who": "Enhetschefen", "when_on": "2026-04-01"}
    assert send(BUP, "atagande", **(commitment | {"when_on": "2026-01-01"})) == 422
    assert send(BUP, "atagande", **commitment) == 302
    assert "Vi är överens" not in page(BUP)  # the other one has not written
    assert send(SOC, "atagande", **commitment) == 302
    assert send(BUP, "overens", seen="Enhetschefen: Något annat (2026-04-01)") == 409
    joint.agree(session, world.actor(BUP), case.ref, now=now)
    assert "Ni har sagt ja. Den andra parten har inte gjort det än." in page(BUP)
    assert send(SOC, "atagande", **(commitment | {"what": "Vi kallar och bokar rum."})) == 302
    assert "Vi är överens" in page(BUP)  # other words: the yes is gone
    joint.agree(session, world.actor(BUP), case.ref, now=now)
    joint.agree(session, world.actor(SOC), case.ref, now=now)
    assert case.status is Status.IN_PROGRESS
    assert case.joint
    assert "Parterna kom överens." in page(BUP)
    assert session.scalars(select(JointRoom.outcome)).one() is RoomOutcome.AGREED


def test_time_that_runs_out_takes_both_texts_or_the_silence_to_the_group(world: World) -> None:
    session, now = world.session, world.now
    world.convenor("birger")
    spoken, silent = bounced(world), bounced(world)
    bup, soc = world.actor(BUP), world.actor(SOC)
    rooms.answer(session, spoken.ref, bup, soc, now=now)
    rooms.answer(session, silent.ref, bup, now=now)
    moment = now
    for _ in range(25):
        moment += timedelta(days=1)
        climb(session, moment)
    for case, outcome in ((spoken, RoomOutcome.RAN_OUT), (silent, RoomOutcome.SILENT)):
        assert case.status is Status.WITH_GROUP
        question = session.scalars(select(GroupQuestion).where(GroupQuestion.avvikelse_id == case.id)).one()
        assert question.text == GROUP_IS_ASKED[outcome]
        room = session.get_one(JointRoom, question.room_id)
        assert (room.outcome, room.avvikelse_id) == (outcome, case.id)


def test_a_samordnare_gives_the_case_to_one_of_the_two_for_a_reason(client: CheckingClient, world: World) -> None:
    session, now = world.session, world.now
    case = bounced(world)
    sender_sam = world.samordnare("kommun-2380/utbildning")
    region_sam = world.samordnare("region-jh")
    owners = {p.omrade_id: p for p in case.parties if p.side is PartySide.OWNER}
    ours = owners[world.unit("bup-behandling").omrade_id]
    theirs = owners[world.unit("soc-2380").omrade_id]
    address = f"/avvikelser/{case.ref}/las-upp"
    region = Visitor.of(client, session, region_sam, now)
    assert region.post(address, on=address, keeps=str(theirs.id), reason="Er sak.").status_code == 422  # not the other
    sender = Visitor.of(client, session, sender_sam, now)
    assert sender.post(address, on=address, keeps=str(ours.id), reason="").status_code == 422
    assert sender.post(address, on=address, keeps=str(ours.id), reason="Avtalet är tydligt.").status_code == 302
    session.expire_all()
    assert (case.status, case.joint, case.vaxlingar) == (Status.ASSIGNED, False, 2)
    assert [p.id for p in case.parties if p.side is PartySide.OWNER] == [ours.id]
    assert case.transfers[-1].reason == "Avtalet är tydligt."
    assert Visitor.of(client, session, world.actor(SOC), now).get(f"/avvikelser/{case.ref}/rum").status_code == 404
    # It bounces again: a new room, without the old words.
    handling.hand_over(session, world.actor(BUP), case.ref, world.receiver(SOC), "Igen.", now=now)
    assert case.status is Status.DISPUTED
    assert len(session.scalars(select(JointRoom)).all()) == 2


def test_two_who_say_that_it_is_not_theirs_open_a_gap_that_only_a_decision_closes(world: World) -> None:
    """MS2."""
    session, now = world.session, world.now
    convenor, sam = world.convenor("birger"), world.samordnare("kommun-2380/utbildning")
    bup, soc = world.chef(BUP), world.chef(SOC)
    case = world.report(world.reporter("skola-2380"), "bup-behandling", severity=2)
    handling.decline(session, bup, case.ref, "Inte vårt.", world.unit("soc-2380").id, now=now)
    assert session.scalars(select(GroupQuestion)).all() == []
    triage.assign(session, sam, case.ref, world.receiver(SOC), now=now)
    handling.decline(session, soc, case.ref, "Inte vårt.", world.unit("bup-behandling").id, now=now)
    question = session.scalars(select(GroupQuestion)).one()
    assert question.kind is GroupQuestionKind.GAP
    assert "Vem ansvarar?" in question.text
    assert question.group_id is not None
    for close in (questions_at_desk.answer, questions_at_desk.decline):
        with pytest.raises(Conflict, match="beslut"):
            close(session, convenor, question.group_id, question.ref, "Vi släpper det.", now=now)
