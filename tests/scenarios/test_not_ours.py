"""MS2 through the pages: two say that it is not theirs, with the words they lean on; one may take that back in time."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from avvikelse.domain.actor import Actor
from avvikelse.domain.codes import unit_type_label
from avvikelse.domain.errors import Invalid
from avvikelse.domain.group_words import GapOutcome
from avvikelse.domain.party_words import position_words
from avvikelse.domain.vocabulary import GroupQuestionKind, GroupQuestionStatus, PartySide, Status, TransferKind
from avvikelse.models.agreements import Avtal, Avtalspunkt
from avvikelse.models.avvikelse import Avvikelse
from avvikelse.models.group_decisions import GroupDecision
from avvikelse.models.group_work import GroupQuestion
from avvikelse.models.outbox import OutboxMail
from avvikelse.services import group_decisions, handling, triage
from avvikelse.services.group_decisions import DecisionText
from tests.conftest import Clock
from tests.support.acting import Acting
from tests.support.client import CheckingClient
from tests.support.world import World

BUP, SOC = "chef-bup-behandling", "chef-soc-2380"


class Stage:
    """BUP and socialtjänsten, a teacher who reports, both samordnare, and two points of an avtal."""

    def __init__(self, client: CheckingClient, session: Session, clock: Clock) -> None:
        self.session, self.clock = session, clock
        self.world = World.of(session, clock.now)
        self.acting = Acting(client, self.world)
        self.bup, self.soc = self.world.chef(BUP), self.world.chef(SOC)
        self.teacher = self.world.reporter("skola-2380")
        self.sam = self.world.samordnare("kommun-2380/utbildning")
        self.convenor = self.world.convenor("birger")
        pack_id = self.world.pack.id
        avtal = session.scalars(select(Avtal).where(Avtal.pack_id == pack_id).order_by(Avtal.id).limit(1)).one()
        self.points = [
            Avtalspunkt(
                pack_id=pack_id, slug=f"prov-{n}", avtal_id=avtal.id, number=f"{n}.7", text=f"Den {n}:a ansvarar."
            )
            for n in (1, 2)
        ]
        session.add_all(self.points)
        session.commit()

    @property
    def now(self) -> datetime:
        return self.clock.now

    def report(self, **changes: Any) -> Avvikelse:
        return self.world.report(self.teacher, "bup-behandling", severity=2, **changes)

    def declines(self, who: Actor, case: Avvikelse, to: str, point: Avtalspunkt) -> None:
        """With the point, which is shown before anything is saved."""
        address = f"/avvikelser/{case.ref}/inte-vart-ansvar"
        fields = {
            "reason": "Det här ligger inte hos oss.", "proposed_enhet_id": self.world.unit(to).id,
            "avtalspunkt_id": point.id,
        }  # fmt: skip
        shown = self.acting.sends(who, address, **fields)
        assert shown.status_code == 200
        page = shown.get_data(as_text=True)
        assert "Läs punkten innan du skickar." in page
        assert "Det här ligger inte hos oss." in page  # what was typed is kept
        self.session.expire_all()
        assert case.status is Status.ASSIGNED
        self.acting.does(who, address, **fields, point_read=point.id)
        self.session.expire_all()
        assert case.status is Status.SUBMITTED

    def gap(self) -> GroupQuestion:
        return self.session.scalars(select(GroupQuestion).where(GroupQuestion.kind == GroupQuestionKind.GAP)).one()


@pytest.fixture
def stage(client: CheckingClient, session: Session, clock: Clock) -> Stage:
    return Stage(client, session, clock)


def test_two_decline_and_the_group_gets_the_gap_with_what_they_leaned_on(stage: Stage) -> None:
    world, acting, case = stage.world, stage.acting, stage.report()
    first, second = stage.points
    stage.declines(stage.bup, case, "soc-2380", first)
    acting.step(stage.sam, case, "fordela", receiver=world.position(SOC).id)
    page = acting.reads(stage.soc, f"/avvikelser/{case.ref}/inte-vart-ansvar")
    assert " ".join(first.text.split()) in page  # the other one's point, before she writes her own
    stage.declines(stage.soc, case, "bup-behandling", second)
    gap = stage.gap()
    assert gap.group_id == world.group("birger").id
    assert first.number in gap.text
    assert second.number in gap.text
    assert "Vem ansvarar?" in acting.reads(stage.convenor, f"/grupper/{gap.group_id}/fragor")
    words = DecisionText("Socialtjänsten ansvarar.", "Socialtjänsten", date(2026, 5, 1))
    group_decisions.decide_question(stage.session, stage.convenor, gap.group_id or 0, gap.ref, words, now=stage.now)
    assert gap.status is GroupQuestionStatus.DECIDED


def test_the_gap_says_condition_level_points_and_the_two_positions_and_nothing_of_the_case(stage: Stage) -> None:
    """MS2's four, and the denied twin: no text of the report or of the reasons, no unit, no kommun, nobody's name."""
    world, acting = stage.world, stage.acting
    case = stage.report(tillstand="trauma", niva=3, description="Kanarieorden i berättelsen.")
    for who, position in ((stage.bup, SOC), (stage.soc, BUP)):
        handling.decline(stage.session, who, case.ref, "Kanarieskälet är hemligt.", None, now=stage.now)
        triage.assign(stage.session, stage.sam, case.ref, world.receiver(position), now=stage.now)
    stage.session.commit()
    gap = stage.gap()
    assert "tillståndet trauma och lever i utsatt situation, vårdnivå 3 (specialistnivå)" in gap.text
    for slug, position in (("bup-behandling", BUP), ("soc-2380", SOC)):
        role = world.position(position).title.split()[0]
        assert f"{unit_type_label(world.unit(slug).kind)} ({role})" in gap.text
    secrets = ["Kanarie", case.number, case.ref, "Östersund"]
    secrets += [world.position(slug).title for slug in (BUP, SOC)] + [world.user(slug).name for slug in (BUP, SOC)]
    secrets += [world.unit(slug).name for slug in ("bup-behandling", "soc-2380", "skola-2380")]
    for secret in secrets:
        assert secret not in gap.text
    for who in (stage.convenor, world.member("birger")):
        page = acting.reads(who, f"/grupper/{gap.group_id}/fragor")
        assert gap.text in page
        assert "Kanarie" not in page


def test_a_gap_whose_report_says_no_condition_says_so(stage: Stage) -> None:
    case = stage.report()
    for who, position in ((stage.bup, SOC), (stage.soc, BUP)):
        handling.decline(stage.session, who, case.ref, "Inte vårt.", None, now=stage.now)
        triage.assign(stage.session, stage.sam, case.ref, stage.world.receiver(position), now=stage.now)
    assert "Rapporten säger inget om tillstånd eller vårdnivå." in stage.gap().text


@pytest.mark.parametrize(
    ("kind", "title", "words"),
    [
        ("Socialtjänst", "enhetschef Östersund", "Socialtjänst (enhetschef)"),
        ("Socialtjänst", "Anna Svensson", "Socialtjänst"),  # not a role: nothing of it is said
        (None, "verksamhetschef BUP", "Verksamhetschef"),
        (None, None, "En part"),
    ],
)
def test_of_a_position_only_the_role_and_the_kind_of_unit_are_said(
    kind: str | None, title: str | None, words: str
) -> None:
    assert position_words(kind, title) == words


def test_the_decision_on_a_gap_names_a_position_of_the_parties(stage: Stage) -> None:
    world, acting, case = stage.world, stage.acting, stage.report()
    for who, position in ((stage.bup, SOC), (stage.soc, BUP)):
        handling.decline(stage.session, who, case.ref, "Inte vårt.", None, now=stage.now)
        triage.assign(stage.session, stage.sam, case.ref, world.receiver(position), now=stage.now)
    stage.session.commit()
    gap = stage.gap()
    address = f"/grupper/{gap.group_id}/fragor/{gap.ref}"
    page = acting.get(stage.convenor, address).get_data(as_text=True)
    mine, foreign = world.position(SOC), world.position("chef-soc-bou-2326")
    assert f'value="{mine.id}"' in page
    assert f'value="{foreign.id}"' not in page  # of a kommun that is not the group's
    assert world.user(SOC).name not in page  # a role, never a person
    typed = {"outcome": "ansvar", "decision": "Socialtjänsten ansvarar.", "due_on": "2026-05-01"}

    refused: tuple[tuple[dict[str, str], str], ...] = (
        ({}, "Välj vem som ansvarar."),
        ({"owner_position": "0"}, "Skriv vilken roll eller verksamhet som ansvarar."),
        ({"owner_position": str(foreign.id), "owner": "Socialtjänsten"}, ""),
    )
    for fields, sentence in refused:
        answer = acting.sends(stage.convenor, address, **typed, **fields)
        assert answer.status_code == 422
        assert sentence in answer.get_data(as_text=True)
        assert typed["decision"] in answer.get_data(as_text=True)
    words = DecisionText("Vi beslutar.", "", date(2026, 5, 1), owner_position_id=foreign.id)
    with pytest.raises(Invalid, match="gruppens parter"):  # whoever goes round the form meets the same
        group_decisions.decide_question(stage.session, stage.convenor, gap.group_id or 0, gap.ref, words, now=stage.now)

    acting.does(stage.convenor, address, **typed, owner_position=str(mine.id))
    decision = stage.session.scalars(select(GroupDecision)).one()
    assert decision.owner_position_id == mine.id
    assert decision.owner.startswith(mine.title[:1].upper() + mine.title[1:])
    assert stage.gap().status is GroupQuestionStatus.DECIDED


def test_the_responsible_of_a_gap_is_written_in_words_only_without_a_position(stage: Stage) -> None:
    case = stage.report()
    for who, position in ((stage.bup, SOC), (stage.soc, BUP)):
        handling.decline(stage.session, who, case.ref, "Inte vårt.", None, now=stage.now)
        triage.assign(stage.session, stage.sam, case.ref, stage.world.receiver(position), now=stage.now)
    stage.session.commit()
    gap = stage.gap()
    fields = {
        "outcome": "ansvar",
        "decision": "Försäkringskassan bjuds in.",
        "owner_position": "0",
        "owner": "Försäkringskassans samordnare",
    }
    stage.acting.does(stage.convenor, f"/grupper/{gap.group_id}/fragor/{gap.ref}", **fields, due_on="2026-05-01")
    decision = stage.session.scalars(select(GroupDecision)).one()
    assert (decision.owner, decision.owner_position_id) == ("Försäkringskassans samordnare", None)


def test_the_group_may_find_that_it_is_nobodys_task_and_says_what_it_does_about_it(stage: Stage) -> None:
    """An outcome to choose, with an action, who sees to it and a day; told as such in the month and on the board."""
    acting, case = stage.acting, stage.report()
    for who, position in ((stage.bup, SOC), (stage.soc, BUP)):
        handling.decline(stage.session, who, case.ref, "Inte vårt.", None, now=stage.now)
        triage.assign(stage.session, stage.sam, case.ref, stage.world.receiver(position), now=stage.now)
    stage.session.commit()
    gap = stage.gap()
    address = f"/grupper/{gap.group_id}/fragor/{gap.ref}"
    fields = {"owner_position": str(stage.world.position(SOC).id), "due_on": "2026-05-01", "publish": "y"}
    nothing_chosen = acting.sends(stage.convenor, address, **fields, decision="Vi skriver ett uppdrag.")
    assert nothing_chosen.status_code == 422
    assert "Välj om någon ansvarar eller om inget uppdrag finns." in nothing_chosen.get_data(as_text=True)
    assert "Vi skriver ett uppdrag." in nothing_chosen.get_data(as_text=True)
    no_action = acting.sends(stage.convenor, address, **fields, outcome="inget_uppdrag", decision="")
    assert no_action.status_code == 422
    assert "Finns inget uppdrag: skriv vad ni gör åt det." in no_action.get_data(as_text=True)
    words = DecisionText("", "Socialtjänsten", date(2026, 5, 1), gap_outcome=GapOutcome.NO_MANDATE)
    with pytest.raises(Invalid, match="vad ni gör åt att uppdraget saknas"):  # whoever goes round the form, too
        group_decisions.decide_question(stage.session, stage.convenor, gap.group_id or 0, gap.ref, words, now=stage.now)
    assert stage.gap().status is GroupQuestionStatus.OPEN

    acting.does(stage.convenor, address, **fields, outcome="inget_uppdrag", decision="Vi skriver ett uppdrag.")
    decision = stage.session.scalars(select(GroupDecision)).one()
    assert (decision.gap_outcome, decision.text) == (GapOutcome.NO_MANDATE, "Vi skriver ett uppdrag.")
    group = f"/grupper/{gap.group_id}"
    for page in (f"{group}/beslut/{decision.ref}", f"{group}/2026-03"):
        assert "Inget uppdrag finns" in acting.reads(stage.convenor, page)
    teacher_reads = acting.reads(stage.teacher, f"/laget/{stage.world.pack.slug}")
    assert "Vi skriver ett uppdrag." in teacher_reads
    assert "inget uppdrag finns, det här görs" in teacher_reads
    assert "ingen har uppdraget i dag" in acting.reads(stage.teacher, f"/laget/beslut/{decision.ref}")


def test_a_decision_on_another_question_has_no_such_outcome(stage: Stage) -> None:
    decision = group_decisions.decide(
        stage.session, stage.convenor, stage.world.group("birger").id,
        DecisionText("Vi kallar tio dagar före.", "BUP", date(2026, 5, 1), gap_outcome=GapOutcome.NO_MANDATE),
        now=stage.now,
    )  # fmt: skip
    assert decision.gap_outcome is None


def test_one_takes_it_back_within_five_working_days(stage: Stage) -> None:
    world, acting, case = stage.world, stage.acting, stage.report()
    handling.decline(stage.session, stage.bup, case.ref, "Inte vårt.", None, now=stage.now)
    triage.assign(stage.session, stage.sam, case.ref, world.receiver(SOC), now=stage.now)
    first_day, crossings = case.first_received_at, case.vaxlingar
    back = f"/avvikelser/{case.ref}/ta-tillbaka"
    assert "Ta tillbaka ärendet" not in acting.reads(stage.bup, f"/avvikelser/{case.ref}")  # socialtjänsten has it now
    assert acting.get(stage.bup, back).status_code == 409
    handling.decline(stage.session, stage.soc, case.ref, "Inte heller vårt.", None, now=stage.now)
    stage.session.commit()

    for who in (stage.bup, stage.soc):  # either of them
        assert "Ta tillbaka ärendet" in acting.reads(who, f"/avvikelser/{case.ref}")
    for other in (stage.teacher, stage.sam, world.samordnare("region-jh"), world.chef("chef-barnhab")):
        assert "Ta tillbaka ärendet" not in acting.get(other, f"/avvikelser/{case.ref}").get_data(as_text=True)
        assert acting.sends(other, back).status_code in {403, 404}
    assert "fem arbetsdagar" in acting.reads(stage.bup, back)
    acting.does(stage.bup, back)
    stage.session.expire_all()
    owner = next(party for party in case.parties if party.side is PartySide.OWNER)
    assert (case.status, owner.position_id) == (Status.ASSIGNED, world.position(BUP).id)
    assert (case.first_received_at, case.vaxlingar) == (first_day, crossings)  # no växling, the same days
    assert case.transfers[-1].kind is TransferKind.TAKEN_BACK
    gap = stage.gap()
    assert gap.status is GroupQuestionStatus.OPEN  # only the group's decision closes it
    assert "tagit tillbaka" in gap.text
    told = stage.session.execute(
        select(OutboxMail.notice, OutboxMail.recipient_user_id).where(OutboxMail.avvikelse_id == case.id)
    ).all()
    assert ("case_assigned", stage.teacher.user_id) in [tuple(one) for one in told]
    acting.step(stage.bup, case, "ta-emot")
    assert acting.get(stage.soc, back).status_code == 409  # nobody takes it from her


def test_after_five_working_days_it_is_too_late(stage: Stage) -> None:
    acting, case = stage.acting, stage.report()
    handling.decline(stage.session, stage.bup, case.ref, "Inte vårt.", None, now=stage.now)
    stage.session.commit()
    back = f"/avvikelser/{case.ref}/ta-tillbaka"
    stage.clock.move(stage.now + timedelta(days=7))  # Wednesday to Wednesday: the fifth working day
    assert "Ta tillbaka ärendet" in acting.reads(stage.bup, f"/avvikelser/{case.ref}")
    stage.clock.move(stage.now + timedelta(days=1))
    assert "Ta tillbaka ärendet" not in acting.reads(stage.bup, f"/avvikelser/{case.ref}")
    assert acting.sends(stage.bup, back).status_code == 409
    stage.session.expire_all()
    assert case.status is Status.SUBMITTED


def test_a_hand_over_is_taken_back_until_the_other_one_acts(stage: Stage) -> None:
    world, acting, case = stage.world, stage.acting, stage.report()
    handling.hand_over(stage.session, stage.bup, case.ref, world.receiver(SOC), "Stöd i hemmet.", now=stage.now)
    stage.session.commit()
    acting.step(stage.bup, case, "ta-tillbaka")
    stage.session.expire_all()
    assert (case.status, case.vaxlingar, case.joint, case.returned) == (Status.ASSIGNED, 1, False, False)
    assert ("taken_back", stage.soc.user_id) in [
        (mail.notice, mail.recipient_user_id)
        for mail in stage.session.scalars(select(OutboxMail).where(OutboxMail.avvikelse_id == case.id))
    ]
    assert acting.get(stage.soc, f"/avvikelser/{case.ref}/ta-emot").status_code in {403, 404}
    other = stage.report()
    handling.hand_over(stage.session, stage.bup, other.ref, world.receiver(SOC), "Stöd i hemmet.", now=stage.now)
    handling.accept(stage.session, stage.soc, other.ref, now=stage.now)
    stage.session.commit()
    assert acting.sends(stage.bup, f"/avvikelser/{other.ref}/ta-tillbaka").status_code == 409


def test_what_was_taken_back_does_not_count_as_a_decline(stage: Stage) -> None:
    """BUP declines and regrets; when socialtjänsten declines later, only one has said that it is not theirs."""
    world, case = stage.world, stage.report()
    handling.decline(stage.session, stage.bup, case.ref, "Inte vårt.", None, now=stage.now)
    stage.session.commit()
    stage.acting.step(stage.bup, case, "ta-tillbaka")
    stage.session.expire_all()
    handling.hand_over(stage.session, stage.bup, case.ref, world.receiver(SOC), "Stöd i hemmet.", now=stage.now)
    handling.decline(stage.session, stage.soc, case.ref, "Inte vårt.", None, now=stage.now)
    assert stage.session.scalars(select(GroupQuestion)).all() == []
