"""What a group is proposed to decide, and who would see to it: approved with the words of a case, or the group's own.

It is read in the month, in the lists, on the agenda and where the decision is written, and goes along when the question
is lifted. What the group itself proposes is not the case's to read.
"""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from avvikelse.models.group_work import GroupQuestion
from avvikelse.models.meetings import AgendaItem, GroupMeeting
from avvikelse.queries.minutes import draft_minutes
from tests.scenarios.test_group_desk import ABOVE, ASKED, Stage
from tests.support.client import CheckingClient
from tests.support.world import World

PROPOSED, OWNER = "Skolan kallar inom tio dagar.", "Rektor grundskola"
OTHER = "BUP kallar inom fem dagar."


@pytest.fixture
def stage(session: Session, client: CheckingClient, clock: Any) -> Stage:
    return Stage(World.of(session, clock.now), client, clock)


def newest(stage: Stage) -> GroupQuestion:
    stage.session.expire_all()
    return stage.session.scalars(select(GroupQuestion).order_by(GroupQuestion.id.desc())).first()  # type: ignore[return-value]


def test_a_proposal_from_a_case_is_approved_with_the_words_and_read_wherever_the_question_is(stage: Stage) -> None:
    page = f"/avvikelser/{stage.case.ref}"
    stage.send(stage.bup, f"{page}/lyft", text=ASKED, proposal=PROPOSED, proposed_owner=OWNER)
    question = newest(stage)
    stage.send(
        stage.sam, f"{page}/godkann-fraga", question=question.id, text=ASKED, proposal=OTHER, proposed_owner=OWNER
    )
    assert newest(stage).approved_at is None  # another proposal: the side that lifted it is asked again
    assert ASKED not in stage.read(stage.convenor, f"{stage.desk()}/fragor")
    stage.send(
        stage.bup, f"{page}/godkann-fraga", question=question.id, text=ASKED, proposal=OTHER, proposed_owner=OWNER
    )
    month = f"{stage.clock.now:%Y-%m}"
    for address in ("", "/fragor", f"/{month}"):
        read = stage.read(stage.member, stage.desk() + address)
        assert f"Förslag: {OTHER}" in read, address
        assert f"Föreslås ansvara: {OWNER}" in read, address
        assert "forslag" not in read, address
    writes = stage.read(stage.convenor, f"{stage.desk()}/fragor/{question.ref}")
    assert writes.count(OTHER) == 2  # said, and in the field of the decision
    assert OTHER in stage.read(stage.reporter, page)
    # Both sides have said yes to it: the group says otherwise in its decision.
    stage.send(
        stage.convenor, f"{stage.desk()}/fragor/{question.ref}/forslag", status=409, proposal="Ingen kallar.",
        proposed_owner="BUP",
    )  # fmt: skip
    assert newest(stage).proposal == OTHER


def test_the_group_proposes_about_a_question_that_came_without_one(stage: Stage) -> None:
    page = f"/avvikelser/{stage.case.ref}"
    stage.send(stage.reporter, f"{page}/fraga-gruppen", text="Vem svarar på kallelser?")
    question = newest(stage)
    stage.send(stage.sam, f"{page}/godkann-fraga", question=question.id, text="Vem svarar på kallelser?")
    month = f"{stage.desk()}/{stage.clock.now:%Y-%m}"
    assert "Inget förslag än." in stage.read(stage.member, month)
    assert "Skriv ett förslag" in stage.read(stage.convenor, month)
    write = f"{stage.desk()}/fragor/{question.ref}/forslag"
    assert "Vem föreslås ansvara" in stage.read(stage.convenor, write)
    stage.send(stage.member, write, status=403, proposal=PROPOSED, proposed_owner=OWNER)
    stage.send(stage.elsewhere, write, status=404, proposal=PROPOSED, proposed_owner=OWNER)
    stage.send(stage.convenor, write, status=422, proposal=PROPOSED)  # nobody would see to it
    assert newest(stage).proposal is None
    stage.send(stage.convenor, write, proposal=OTHER, proposed_owner=OWNER)
    stage.send(stage.convenor, write, proposal=PROPOSED, proposed_owner=OWNER)  # its own may be changed
    assert PROPOSED in stage.read(stage.member, month)
    for reader in (stage.reporter, stage.bup, stage.sam):
        assert PROPOSED not in stage.read(reader, page)
    assert PROPOSED not in stage.read(stage.sam, f"{page}/texter")


def test_it_stands_fast_when_the_meeting_opens_and_no_public_minutes_tell_it(stage: Stage) -> None:
    stage.send(stage.member, f"{stage.desk()}/ny/fraga", text=ASKED, proposal=PROPOSED, proposed_owner=OWNER)
    meeting = stage.meet()
    stage.send(
        stage.convenor, f"{stage.desk()}/fragor/{newest(stage).ref}/forslag", proposal=OTHER, proposed_owner=OWNER
    )
    assert PROPOSED in stage.read(stage.member, meeting)
    row = stage.session.scalars(select(AgendaItem).where(AgendaItem.title == ASKED)).one()
    assert (row.proposal, row.proposed_owner) == (PROPOSED, OWNER)
    held = stage.session.scalars(select(GroupMeeting)).one()
    said = {own: str(draft_minutes(stage.session, held, internal=own).to_json()) for own in (True, False)}
    assert PROPOSED in said[True]
    assert PROPOSED not in said[False]
    assert OWNER not in said[False]


def test_it_goes_along_when_the_question_is_lifted(stage: Stage) -> None:
    stage.send(stage.member, f"{stage.desk()}/ny/fraga", text=ASKED, proposal=PROPOSED, proposed_owner=OWNER)
    lift = f"{stage.desk()}/fragor/{newest(stage).ref}/lyft"
    assert PROPOSED in stage.read(stage.convenor, lift)  # in the field, to be changed
    stage.send(stage.convenor, lift, text="Vem kallar i länet?", proposal=OTHER, proposed_owner=OWNER)
    assert f"Förslag: {OTHER}" in stage.read(stage.above, f"{stage.desk(ABOVE)}/fragor")
