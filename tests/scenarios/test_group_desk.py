"""A question's way through the groups, by the forms: lifted, on the agenda, decided at a meeting, published, read by
the reporter, carried three times, lifted to the group above, sent back with reasons. And who may not.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from avvikelse.domain.actor import Actor
from avvikelse.domain.group_words import DecisionStatus, MeetingStatus
from avvikelse.domain.vocabulary import GroupQuestionStatus, Status
from avvikelse.models.avvikelse import Avvikelse
from avvikelse.models.group_decisions import DecisionCase, GroupDecision
from avvikelse.models.group_work import GroupQuestion
from avvikelse.models.meetings import GroupMeeting
from avvikelse.models.outbox import OutboxMail
from avvikelse.services import handling
from tests.support.browsing import words
from tests.support.client import CheckingClient
from tests.support.login import log_in
from tests.support.world import World

HOME, ABOVE, ELSEWHERE = "birger", "jamtbus-regionalt", "lokal-2303"
ASKED = "Vem kallar när skolan byter?"


class Stage:
    """The people around one case, and the browser that they take turns with."""

    def __init__(self, world: World, client: CheckingClient, clock: Any) -> None:
        self.world, self.client, self.clock = world, client, clock
        self.reporter = world.reporter("skola-2380")
        self.sam = world.samordnare("kommun-2380/utbildning")
        self.bup = world.chef("chef-bup-behandling")
        self.rektor = world.chef("chef-skola-2380")
        self.convenor, self.member = world.convenor(HOME), world.member(HOME)
        self.above, self.elsewhere = world.convenor(ABOVE), world.convenor(ELSEWHERE)
        self.case = world.report(self.reporter, "bup-behandling", severity=2)
        handling.accept(world.session, self.bup, self.case.ref, now=world.now)

    @property
    def session(self) -> Session:
        return self.world.session

    def become(self, actor: Actor) -> None:
        log_in(self.client, actor.user_id or 0, now=self.clock.now)

    def read(self, actor: Actor, address: str) -> str:
        self.become(actor)
        answer = self.client.get(address)
        assert answer.status_code == 200, (address, answer.status_code)
        return words(answer)

    def send(self, actor: Actor, address: str, *, status: int = 302, **fields: Any) -> TestResponse:
        """Open the page and send its form as a browser would."""
        self.become(actor)
        answer = self.client.post(address, data=fields)
        assert answer.status_code == status, (address, answer.status_code, words(answer)[:600])
        return answer

    def desk(self, group: str = HOME) -> str:
        return f"/grupper/{self.world.group(group).id}"

    def lift(self) -> GroupQuestion:
        """BUP lifts the question, the reporting side's samordnare approves the words."""
        page = f"/avvikelser/{self.case.ref}"
        self.send(self.bup, f"{page}/lyft", text=ASKED)
        question = self.session.scalars(select(GroupQuestion)).one()
        assert question.approved_at is None
        assert ASKED not in self.read(self.convenor, f"{self.desk()}/fragor")
        self.send(self.sam, f"{page}/godkann-fraga", question=question.id, text=ASKED)
        return question

    def meet(self, group: str = HOME, actor: Actor | None = None) -> str:
        """A meeting today, opened; returns its address."""
        who = actor or self.convenor
        day = self.clock.now.date().isoformat()
        self.send(who, f"{self.desk(group)}/ny/mote", meets_on=day, kind="ordinarie", clock="13.00", place="Rådhuset")
        group_id = self.world.group(group).id
        meeting = self.session.scalars(
            select(GroupMeeting).where(GroupMeeting.group_id == group_id).order_by(GroupMeeting.id.desc())
        ).first()
        assert meeting is not None
        page = f"{self.desk(group)}/moten/{meeting.ref}"
        self.send(who, f"{page}/oppna")
        return page

    def attend(self, page: str) -> None:
        self.become(self.convenor)
        form = self.client.get(f"{page}/narvaro")
        names = {part.split('"')[0] for part in form.get_data(as_text=True).split('name="seat_')[1:]}
        assert names
        fields: dict[str, Any] = {f"seat_{name}": "narvarande" for name in names}
        self.send(self.convenor, f"{page}/narvaro", **(fields | {f"seat_{min(names)}": "saknades"}))


@pytest.fixture
def stage(session: Session, client: CheckingClient, clock: Any) -> Stage:
    return Stage(World.of(session, clock.now), client, clock)


def decision_of(stage: Stage) -> GroupDecision:
    return stage.session.scalars(select(GroupDecision).order_by(GroupDecision.id)).first()  # type: ignore[return-value]


def notices(stage: Stage) -> list[str]:
    return list(stage.session.scalars(select(OutboxMail.notice)))


def test_from_question_to_the_group_above_and_back(stage: Stage) -> None:
    question = stage.lift()
    assert stage.case.status is Status.WITH_GROUP

    # The agenda has built itself; the group reads the words and nothing that leads to the case.
    page = stage.meet()
    agenda = stage.read(stage.member, page)
    assert ASKED in agenda
    assert "Nytt hos verksamheterna" in agenda
    assert stage.case.number not in agenda

    # At the meeting the group decides. Nothing is published yet: the reporter reads only that there is a decision.
    due = (stage.clock.now + timedelta(days=30)).date().isoformat()
    stage.send(
        stage.convenor, f"{stage.desk()}/fragor/{question.ref}", decision="Kallelse minst tio arbetsdagar före.",
        owner="Verksamhetschef BUP", due_on=due, what_changes="Du får kallelsen i tid.", internal_text="Känsligt läge.",
    )  # fmt: skip
    decision = decision_of(stage)
    assert decision.meeting_id is not None
    assert stage.case.status is Status.IN_PROGRESS
    own_page = f"/avvikelser/{stage.case.ref}"
    before = stage.read(stage.reporter, own_page)
    assert "tio arbetsdagar" not in before
    assert "Beslutet visas här när det publiceras." in before
    assert "tio arbetsdagar" in stage.read(stage.bup, own_page)  # who must answer reads it at once
    assert "case_decided" not in notices(stage)

    # The meeting cannot be closed without attendance; a verksamhet that was not there is pointed out.
    refused = stage.send(stage.convenor, f"{page}/avsluta", status=409)
    assert "Fyll i närvaron först" in words(refused)
    stage.attend(page)
    assert "Saknades" in stage.read(stage.member, page)
    stage.send(stage.convenor, f"{page}/avsluta")
    assert decision.carried == 0

    # Published: the reporter reads it and is told, once, without content. The marked part stays in the group.
    stage.send(stage.convenor, f"{stage.desk()}/beslut/{decision.ref}/publicera")
    after = stage.read(stage.reporter, own_page)
    for expected in ("Så här beslutade gruppen", "tio arbetsdagar", "Du får kallelsen i tid.", "Verksamhetschef BUP"):
        assert expected in after
    assert "Känsligt läge" not in after
    assert "En del av beslutet är bara till för gruppen" in after
    assert "Känsligt läge" in stage.read(stage.member, f"{stage.desk()}/beslut/{decision.ref}")
    assert notices(stage).count("case_decided") == 1
    assert notices(stage).count("unit_decided") == 1

    # Three meetings go by. At the fourth the group must choose.
    for time in range(3):
        stage.clock.move(days=30)
        page = stage.meet()
        stage.attend(page)
        stage.send(stage.convenor, f"{page}/avsluta")
        stage.session.refresh(decision)
        assert decision.carried == time + 1
    stage.clock.move(days=30)
    page = stage.meet()
    stage.attend(page)
    assert "Frågan kvarstår" in stage.read(stage.convenor, page)
    assert "har förts vidare 3 gånger" in words(stage.send(stage.convenor, f"{page}/avsluta", status=409))

    # Lifted: the group above reads the words it was given, and sends it back with reasons.
    asked = "Vår rutin för kallelser följs inte. Kan ni besluta för hela länet?"
    stage.send(stage.convenor, f"{stage.desk()}/beslut/{decision.ref}/lyft", text=asked)
    stage.send(stage.convenor, f"{page}/avsluta")
    higher = stage.session.scalars(select(GroupQuestion).order_by(GroupQuestion.id.desc())).first()
    assert higher is not None
    above = stage.read(stage.above, f"{stage.desk(ABOVE)}/fragor")
    assert asked in above
    assert stage.case.number not in above
    reasons = "Frågan är lokal. Ta upp den med verksamhetschefen."
    stage.send(stage.above, f"{stage.desk(ABOVE)}/fragor/{higher.ref}/sand-tillbaka", text=reasons)
    stage.session.refresh(decision)
    assert decision.status is DecisionStatus.OPEN
    home = stage.read(stage.convenor, f"{stage.desk()}/beslut/{decision.ref}")
    assert reasons in home
    assert "Lyft till" not in home
    again = stage.send(stage.convenor, f"{stage.desk()}/beslut/{decision.ref}/lyft", text=asked, status=409)
    assert "har redan sänt tillbaka" in words(again)

    # A new owner and day: the group has chosen, and the reporter reads how it stands.
    later = (stage.clock.now + timedelta(days=40)).date().isoformat()
    stage.send(stage.convenor, f"{stage.desk()}/beslut/{decision.ref}/ny-ansvarig", owner="Skolchefen", due_on=later)
    stage.session.refresh(decision)
    assert (decision.owner, decision.carried) == ("Skolchefen", 0)
    stage.send(stage.convenor, f"{stage.desk()}/beslut/{decision.ref}/klart", text="Rutinen gäller nu.")
    assert "Rutinen gäller nu." in stage.read(stage.reporter, own_page)


def test_a_lifted_question_needs_both_sides_and_new_words_ask_again(stage: Stage) -> None:
    page = f"/avvikelser/{stage.case.ref}"
    stage.send(stage.sam, f"{page}/lyft", text=ASKED)
    question = stage.session.scalars(select(GroupQuestion)).one()
    assert question.approved_at is None  # the one who has the case has not said yes
    stage.send(stage.bup, f"{page}/godkann-fraga", question=question.id, text="Vem kallar, och när?")
    stage.session.refresh(question)
    assert question.approved_at is None  # other words: now the reporting side is asked again
    assert "Vem kallar, och när?" not in stage.read(stage.convenor, f"{stage.desk()}/fragor")
    stage.send(stage.sam, f"{page}/godkann-fraga", question=question.id, text="Vem kallar, och när?")
    assert "Vem kallar, och när?" in stage.read(stage.convenor, f"{stage.desk()}/fragor")


def test_a_case_question_lifted_on_is_decided_above_and_comes_all_the_way_down(stage: Stage) -> None:
    question = stage.lift()
    stage.send(stage.convenor, f"{stage.desk()}/fragor/{question.ref}/lyft", text="Vem kallar i länet?")
    stage.session.refresh(question)
    assert question.status is GroupQuestionStatus.LIFTED
    assert stage.case.status is Status.WITH_GROUP
    higher = stage.session.scalars(select(GroupQuestion).where(GroupQuestion.lifted_from_id == question.id)).one()
    due = (stage.clock.now + timedelta(days=30)).date().isoformat()
    stage.send(
        stage.above, f"{stage.desk(ABOVE)}/fragor/{higher.ref}", decision="Skolan kallar i hela länet.",
        owner="Skolcheferna", due_on=due, publish="y",
    )  # fmt: skip
    stage.session.refresh(question)
    assert question.status is GroupQuestionStatus.DECIDED
    assert question.decision_id == higher.decision_id
    assert stage.case.status is Status.IN_PROGRESS
    assert "Skolan kallar i hela länet." in stage.read(stage.reporter, f"/avvikelser/{stage.case.ref}")
    assert "Skolan kallar i hela länet." in stage.read(stage.member, f"{stage.desk()}/fragor")


def test_the_home_group_sends_a_question_back_and_the_case_goes_on(stage: Stage) -> None:
    question = stage.lift()
    reasons = "Det här avgör cheferna själva."
    stage.send(stage.convenor, f"{stage.desk()}/fragor/{question.ref}/sand-tillbaka", text=reasons)
    assert stage.case.status is Status.IN_PROGRESS
    for reader in (stage.reporter, stage.bup):
        assert reasons in stage.read(reader, f"/avvikelser/{stage.case.ref}")
    assert "group_answered" in notices(stage)


def test_any_member_asks_and_gets_an_answer(stage: Stage) -> None:
    stage.send(stage.member, f"{stage.desk()}/ny/fraga", text="När kommer den nya mallen?")
    question = stage.session.scalars(select(GroupQuestion)).one()
    stage.send(stage.convenor, f"{stage.desk()}/fragor/{question.ref}/svara", text="Den kommer i april.")
    assert "Den kommer i april." in stage.read(stage.member, f"{stage.desk()}/fragor")
    assert "proposal_answered" in notices(stage)


def test_the_reporter_asks_through_the_own_case(stage: Stage) -> None:
    page = f"/avvikelser/{stage.case.ref}"
    stage.send(stage.reporter, f"{page}/fraga-gruppen", text="Vad gör gruppen åt sena kallelser?")
    assert stage.case.status is Status.IN_PROGRESS  # the case stays where it is
    question = stage.session.scalars(select(GroupQuestion)).one()
    assert "sena kallelser" not in stage.read(stage.convenor, f"{stage.desk()}/fragor")
    assert "sena kallelser" not in stage.read(stage.bup, page)  # nor the other side, before the own one has approved it
    stage.send(stage.sam, f"{page}/godkann-fraga", question=question.id, text="Vad gör gruppen åt sena kallelser?")
    assert "sena kallelser" in stage.read(stage.member, f"{stage.desk()}/fragor")
    stage.send(stage.convenor, f"{stage.desk()}/fragor/{question.ref}/svara", text="Vi tar fram en rutin.")
    assert "Vi tar fram en rutin." in stage.read(stage.reporter, page)


@pytest.mark.parametrize("who", ["member", "elsewhere", "bup"])
def test_who_does_not_convene_the_group_changes_nothing(stage: Stage, who: str) -> None:
    question = stage.lift()
    page = stage.meet()
    due = (stage.clock.now + timedelta(days=30)).date().isoformat()
    decision = {"decision": "Så här.", "owner": "BUP", "due_on": due}
    stage.send(stage.convenor, f"{stage.desk()}/ny/beslut", **decision)
    taken = decision_of(stage)
    wanted = {"member": 403, "elsewhere": 404, "bup": 403}[who]
    actor = getattr(stage, who)
    desk = stage.desk()
    for address, fields in (
        (f"{desk}/fragor/{question.ref}/sand-tillbaka", {"text": "Nej."}),
        (f"{desk}/fragor/{question.ref}/lyft", {"text": "Vad säger ni?"}),
        (f"{desk}/fragor/{question.ref}/forslag", {"proposal": "BUP kallar.", "proposed_owner": "BUP"}),
        (f"{desk}/beslut/{taken.ref}/avsluta", {"text": "Nej."}),
        (f"{desk}/beslut/{taken.ref}/publicera", {}),
        (f"{page}/avsluta", {}),
        (f"{desk}/ny/mote", {"meets_on": due, "kind": "ordinarie"}),
        (f"{desk}/ny/plats", {"name": "Enhetschef", "kind": "ledamot"}),
        (f"{desk}/ny/beslut", decision),
    ):
        stage.send(actor, address, status=wanted, **fields)
    if who == "elsewhere":
        for address in (desk, f"{desk}/moten", page, f"{desk}/beslut/{taken.ref}", f"{desk}/gruppen"):
            stage.become(actor)
            assert stage.client.get(address).status_code == 404
        # Another group's own address does not open a foreign decision either.
        stage.send(actor, f"{stage.desk(ELSEWHERE)}/beslut/{taken.ref}/avsluta", status=404, text="Nej.")
        stage.send(actor, f"{stage.desk(ELSEWHERE)}/fragor/{question.ref}/sand-tillbaka", status=404, text="Nej.")
    stage.session.refresh(taken)
    stage.session.refresh(question)
    assert (taken.status, taken.published_at) == (DecisionStatus.OPEN, None)
    assert question.status is GroupQuestionStatus.OPEN
    assert stage.session.scalars(select(GroupMeeting)).one().status is MeetingStatus.OPEN


def test_which_case_lies_behind_is_nobodys_in_the_group(stage: Stage) -> None:
    question = stage.lift()
    due = (stage.clock.now + timedelta(days=30)).date().isoformat()
    stage.send(
        stage.convenor,
        f"{stage.desk()}/fragor/{question.ref}",
        decision="Så här.",
        owner="BUP",
        due_on=due,
        publish="y",
    )
    assert stage.session.scalars(select(DecisionCase.avvikelse_id)).all() == [stage.case.id]
    decision = decision_of(stage)
    for address in ("", "/fragor", "/beslut", f"/beslut/{decision.ref}", "/moten", "/gruppen"):
        stage.become(stage.convenor)
        body = stage.client.get(stage.desk() + address).get_data(as_text=True)
        assert stage.case.ref not in body
        assert stage.case.number not in body
    stage.become(stage.convenor)
    assert stage.client.get(f"/avvikelser/{stage.case.ref}").status_code == 404


def test_text_with_personal_data_goes_nowhere(stage: Stage) -> None:
    page = stage.meet()
    bad = "Ring 070-123 45 67."
    due = (stage.clock.now + timedelta(days=30)).date().isoformat()
    for address, fields in (
        (f"{stage.desk()}/ny/fraga", {"text": bad}),
        (f"{stage.desk()}/ny/fraga", {"text": ASKED, "proposal": bad}),
        (f"{stage.desk()}/ny/fraga", {"text": ASKED, "proposed_owner": bad}),
        (f"{stage.desk()}/ny/beslut", {"decision": "Så.", "owner": "BUP", "due_on": due, "internal_text": bad}),
        (f"{stage.desk()}/ny/uppdrag", {"text": bad, "decided_by": "Rådet", "decided_on": "2026-01-01"}),
        (f"{stage.desk()}/ny/plats", {"name": bad, "kind": "ledamot"}),
        (f"{stage.desk()}/ny/punkter", {"items": bad}),
        (f"{page}/punkt", {"title": bad}),
    ):
        answer = stage.send(stage.convenor, address, status=422, **fields)
        assert "elefon" in words(answer), address
    assert stage.session.scalars(select(Avvikelse.id)).all() == [stage.case.id]


def test_minutes_are_split_before_they_are_published(stage: Stage) -> None:
    question = stage.lift()
    page = stage.meet()
    stage.send(stage.convenor, f"{page}/punkt", title="Ny rutin för kallelser")
    text = stage.client.get(page).get_data(as_text=True)
    key = next(part.split('"')[0] for part in text.split("punkt-anteckning?nyckel=")[1:] if part.startswith("egen"))
    stage.send(
        stage.convenor, f"{page}/punkt-anteckning?nyckel={key}", note="Alla är överens om rutinen.",
        internal_note="En part är pressad just nu.",
    )  # fmt: skip
    due = (stage.clock.now + timedelta(days=30)).date().isoformat()
    stage.send(
        stage.convenor, f"{stage.desk()}/fragor/{question.ref}", decision="Skolan kallar.", owner="Skolchefen",
        due_on=due, internal_text="Budgeten är inte klar.",
    )  # fmt: skip
    stage.attend(page)
    stage.send(stage.convenor, f"{page}/protokoll", status=409)  # not closed yet
    stage.send(stage.convenor, f"{page}/avsluta")
    review = stage.read(stage.convenor, f"{page}/protokoll")
    assert "Alla är överens om rutinen." in review
    stage.send(stage.member, f"{page}/protokoll", status=403)
    stage.send(stage.elsewhere, f"{page}/protokoll", status=404)
    stage.send(stage.convenor, f"{page}/protokoll")
    assert "Skolan kallar." in stage.read(stage.reporter, f"/avvikelser/{stage.case.ref}")
    ref = page.rsplit("/", 1)[-1]
    public = stage.read(stage.reporter, f"/laget/protokoll/{ref}")
    for there in ("Alla är överens om rutinen.", "Skolan kallar.", "Ny rutin för kallelser", "Saknades"):
        assert there in public
    for absent in ("pressad", "Budgeten", ASKED, stage.case.number):
        assert absent not in public
    for reader, address, status in (
        (stage.reporter, f"/laget/protokoll/{ref}/protokoll.pdf", 200),
        (stage.member, f"{page}/protokoll.pdf", 200),
        (stage.elsewhere, f"{page}/protokoll.pdf", 404),
    ):
        stage.become(reader)
        answer = stage.client.get(address)
        assert answer.status_code == status
        assert (answer.data[:5] == b"%PDF-") is (status == 200)
    stage.send(stage.convenor, f"{page}/protokoll", status=409)  # once
