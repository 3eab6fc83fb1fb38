"""MS8: an åtgärd is asked about after 90 and 180 days, of its owner and of the reporters; two "som förut" reach the
group, and what happens again is seen at once.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from avvikelse.domain.actor import Actor, code_holder
from avvikelse.domain.codes import GOOD_EXAMPLE
from avvikelse.domain.errors import NotFound
from avvikelse.domain.group_words import ProblemTypeStatus
from avvikelse.domain.vocabulary import (
    Again,
    AtgardStatus,
    Channel,
    Effect,
    GroupQuestionKind,
    Status,
)
from avvikelse.domain.whole_days import whole_day
from avvikelse.domain.workdays import local_date
from avvikelse.models.avvikelse import Avvikelse
from avvikelse.models.dialogue import Atgard, AtgardRecurrence, EffectQuestion
from avvikelse.models.group_work import GroupQuestion
from avvikelse.models.outbox import OutboxMail
from avvikelse.models.themes import ProblemType, ProblemTypeCase
from avvikelse.queries import measures
from avvikelse.queries.case_page import case_page
from avvikelse.queries.similar_open import Near
from avvikelse.services import effect_answers, effects, open_reports, voices
from avvikelse.services.receipts import Knock
from avvikelse.services.reporting import Report
from tests.conftest import Clock
from tests.support.acting import Acting

pytestmark = pytest.mark.usefixtures("clock")

CHANGED = "Kallelser går nu till funktionsbrevlådan tio dagar före."


def closed_case(acting: Acting, bup: Actor, *reporters: Actor) -> tuple[Avvikelse, Atgard]:
    """Reported by one or several, answered, closed, and with an åtgärd that is in place."""
    world = acting.world
    case, *others = (world.report(reporter, "bup-behandling") for reporter in reporters)
    samordnare = world.samordnare("region-jh")
    for other in others:
        acting.step(samordnare, other, "for-samman", main=case.number)
    acting.step(bup, case, "atgard", kind="M04", text="Vi skaffar en funktionsbrevlåda.", due_on="2026-04-01")
    acting.step(bup, case, "svara", kind="snabbsvar", what_happened="Den låg hos en person.", what_now="Vi ändrar.")
    acting.step(reporters[0], case, "betyg", rating="ja")
    atgard = world.session.scalars(select(Atgard).where(Atgard.avvikelse_id == case.id)).one()
    today = local_date(world.now).isoformat()
    acting.does(bup, f"/atgarder/{atgard.id}/infor", done_on=today, changed=CHANGED)
    return case, atgard


def days_pass(session: Session, clock: Clock, days: int) -> datetime:
    """The job runs every day."""
    for _ in range(days):
        clock.move(days=1)
        effects.ask_due(session, clock.now)
    session.commit()
    return clock.now


def mails(session: Session, notice: str) -> list[OutboxMail]:
    return list(session.scalars(select(OutboxMail).where(OutboxMail.notice == notice).order_by(OutboxMail.id)))


def test_after_90_days_the_owner_and_the_reporter_are_asked(
    acting: Acting, session: Session, clock: Clock, bup: Actor, teacher: Actor
) -> None:
    case, atgard = closed_case(acting, bup, teacher)
    days_pass(session, clock, 89)
    assert mails(session, "effect_owner") == mails(session, "effect_reporter") == []
    days_pass(session, clock, 3)
    assert [mail.recipient_user_id for mail in mails(session, "effect_owner")] == [bup.user_id]
    assert [mail.recipient_user_id for mail in mails(session, "effect_reporter")] == [teacher.user_id]

    assert "Säg om det har hänt igen" in acting.reads(teacher, "/")
    page = acting.reads(teacher, f"/avvikelser/{case.ref}")
    assert CHANGED in page
    acting.step(teacher, case, "har-det-hant-igen", again="nej", comment="Nu kommer kallelserna i tid.")
    assert "Säg om det har hänt igen" not in acting.reads(teacher, "/")

    owner_page = acting.reads(bup, f"/atgarder/{atgard.id}")
    assert "1 rapportör tillfrågade: 1 nej" in owner_page
    assert "Nu kommer kallelserna i tid." in owner_page
    assert "Fungerar åtgärden?" in owner_page
    unproven = acting.sends(bup, f"/atgarder/{atgard.id}/folj-upp", effect="effektiv", evidence="")
    assert unproven.status_code == 422
    acting.does(bup, f"/atgarder/{atgard.id}/folj-upp", effect="effektiv", evidence="Elva av elva kallelser i tid.")
    session.refresh(atgard)
    assert (atgard.status, atgard.effect) == (AtgardStatus.FOLLOWED_UP, Effect.WORKS)
    assert "Elva av elva kallelser i tid." in acting.reads(teacher, f"/avvikelser/{case.ref}")


def test_who_says_nothing_counts_as_vet_inte(
    acting: Acting, session: Session, clock: Clock, bup: Actor, teacher: Actor
) -> None:
    _, atgard = closed_case(acting, bup, teacher)
    days_pass(session, clock, 90)
    assert "1 har inte svarat än" in acting.reads(bup, f"/atgarder/{atgard.id}")
    days_pass(session, clock, 31)
    page = acting.reads(bup, f"/atgarder/{atgard.id}")
    assert "1 rapportör tillfrågade: 1 vet inte" in page
    late = acting.sends(teacher, f"/avvikelser/{atgard_case(session, atgard).ref}/har-det-hant-igen", again="nej")
    assert late.status_code == 409
    days_pass(session, clock, 59)
    assert [q.round for q in session.scalars(select(EffectQuestion).order_by(EffectQuestion.id))] == [1, 1, 2, 2]
    days_pass(session, clock, 200)
    assert len(mails(session, "effect_owner")) == 2  # 90 and 180 days, then never again


def atgard_case(session: Session, atgard: Atgard) -> Avvikelse:
    return session.get_one(Avvikelse, atgard.avvikelse_id)


def test_two_who_say_as_before_put_it_on_the_groups_agenda(
    acting: Acting, session: Session, clock: Clock, bup: Actor, teacher: Actor
) -> None:
    world = acting.world
    other, convenor = world.reporter("skola-2380", "kollega"), world.convenor("birger")
    case, atgard = closed_case(acting, bup, teacher, other)
    days_pass(session, clock, 90)
    merged = session.scalars(select(Avvikelse).where(Avvikelse.main_id == case.id)).one()
    told = {(mail.recipient_user_id, mail.avvikelse_id) for mail in mails(session, "changed")}
    assert told == {(teacher.user_id, case.id), (other.user_id, merged.id)}
    assert CHANGED in acting.reads(other, f"/avvikelser/{merged.ref}")
    acting.step(teacher, case, "har-det-hant-igen", again="som_forut", comment="Kallelsen kom dagen före.")
    assert session.scalar(select(GroupQuestion)) is None
    acting.step(other, merged, "har-det-hant-igen", again="som_forut")
    question = session.scalars(select(GroupQuestion)).one()
    assert question.kind is GroupQuestionKind.EFFECT
    session.refresh(case)
    assert case.status is Status.CLOSED  # the case is not opened again; the group has the question
    assert len(mails(session, "group_question")) == 1

    month = f"/grupper/{question.group_id}/{clock.now:%Y-%m}"
    desk = acting.reads(convenor, month)
    assert "Åtgärden biter inte" in desk
    assert "har inte minskat efter åtgärden" in desk
    assert "Kallelsen kom dagen före." not in desk
    assert "Samverkansgruppen har fått frågan igen" in acting.reads(bup, f"/atgarder/{atgard.id}")
    acting.does(
        convenor, f"/grupper/{question.group_id}/fragor/{question.ref}", decision="BUP och skolan ser över rutinen.",
        owner="BUP", due_on="2026-12-01", publish="y",
    )  # fmt: skip
    assert "BUP och skolan ser över rutinen." in acting.reads(teacher, f"/avvikelser/{case.ref}")
    days_pass(session, clock, 90)
    acting.step(teacher, case, "har-det-hant-igen", again="som_forut")
    assert len(session.scalars(select(GroupQuestion)).all()) == 1  # brought back once


def test_what_happens_again_brings_the_follow_up_forward(
    acting: Acting, session: Session, clock: Clock, bup: Actor, teacher: Actor
) -> None:
    _, atgard = closed_case(acting, bup, teacher)
    days_pass(session, clock, 20)
    acting.world.now = clock.now
    again = acting.world.report(acting.world.reporter("skola-2380", "kollega"), "bup-behandling")
    session.commit()
    assert [mail.notice for mail in mails(session, "recurred")] == ["recurred"]
    assert len(mails(session, "effect_reporter")) == 1
    assert "Det här har hänt igen." in acting.reads(bup, f"/avvikelser/{again.ref}")
    page = acting.reads(bup, f"/atgarder/{atgard.id}")
    assert "Återkommit efter åtgärd 1 ny rapport" in page
    assert "Det har hänt igen efter åtgärden. Fungerar den?" in page
    acting.world.report(acting.world.reporter("skola-2380", "tredje"), "bup-behandling")
    assert len(mails(session, "recurred")) == 2  # told each time, asked once
    assert len(mails(session, "effect_reporter")) == 1
    days_pass(session, clock, 100)
    assert session.scalars(select(EffectQuestion.round).distinct()).all() == [1]


@pytest.mark.parametrize(
    ("changes", "counts"),
    [({}, True), ({"category": "A1"}, False), ({"counterpart": "barnhab"}, False), ({"before": True}, False)],
)
def test_only_the_same_problem_at_the_same_unit_afterwards_recurs(
    acting: Acting, session: Session, clock: Clock, bup: Actor, teacher: Actor, changes: dict[str, Any], counts: bool
) -> None:
    closed_case(acting, bup, teacher)
    days_pass(session, clock, 10)
    world = acting.world
    changes = dict(changes)  # the next database gets the same
    day = local_date(world.now) if changes.pop("before", False) else local_date(clock.now)
    world.now = clock.now
    counterpart = changes.pop("counterpart", "bup-behandling")
    world.report(world.reporter("skola-2380", "kollega"), counterpart, occurred_on=day, **changes)
    effects.ask_due(session, clock.now)
    assert (session.scalar(select(AtgardRecurrence)) is not None) is counts


def test_what_was_good_may_come_again(
    acting: Acting, session: Session, clock: Clock, bup: Actor, teacher: Actor
) -> None:
    case, _ = closed_case(acting, bup, teacher)
    case.category = GOOD_EXAMPLE
    days_pass(session, clock, 10)
    acting.world.now = clock.now
    acting.world.report(acting.world.reporter("skola-2380", "kollega"), "bup-behandling", category=GOOD_EXAMPLE)
    effects.ask_due(session, clock.now)
    assert session.scalar(select(AtgardRecurrence)) is None


def test_the_job_finds_what_was_recoded_afterwards(
    acting: Acting, session: Session, clock: Clock, bup: Actor, teacher: Actor
) -> None:
    closed_case(acting, bup, teacher)
    days_pass(session, clock, 10)
    acting.world.now = clock.now
    again = acting.world.report(acting.world.reporter("skola-2380", "kollega"), "bup-behandling", category="D1")
    session.commit()
    assert session.scalar(select(AtgardRecurrence)) is None
    acting.step(bup, again, "koda", category="A2", severity=1)
    for _ in range(2):
        effects.ask_due(session, clock.now)
    assert session.scalars(select(AtgardRecurrence.avvikelse_id)).all() == [again.id]


def test_a_reporter_without_account_answers_with_the_code(
    acting: Acting, session: Session, clock: Clock, bup: Actor
) -> None:
    world = acting.world
    report = Report(
        sender_enhet_id=None, counterpart_enhet_id=world.unit("bup-behandling").id, occurred_on=local_date(world.now),
        description="Ingen kallade till mötet.", severity=1, category="A6", kommunkod="2380",
        idempotency_key="nyckel-ett",
    )  # fmt: skip
    knock = Knock("192.0.2.7/32", b"k" * 32)
    case = open_reports.file(session, report, world.pack.id, Channel.NO_ACCOUNT, knock, now=clock.now).row
    acting.step(
        world.samordnare("region-jh"), case, "fordela", receiver=world.position("chef-bup-behandling").id, reason=""
    )
    acting.step(bup, case, "atgard", kind="M01", text="Vi kallar.", due_on="2026-04-01")
    atgard = session.scalars(select(Atgard)).one()
    acting.does(bup, f"/atgarder/{atgard.id}/infor", done_on="2026-03-11", changed=CHANGED)
    days_pass(session, clock, 90)
    assert mails(session, "effect_reporter") == []  # nobody to write to: the page behind the code asks
    holder = code_holder(case.id)
    assert case_page(session, holder, case.ref).effect_asked
    day = whole_day(clock.now)
    effect_answers.answer_as_reporter(session, holder, case.ref, Again.SOMETIMES, "Ibland.", now=day)
    assert "1 rapportör tillfrågade: 1 ibland" in acting.reads(bup, f"/atgarder/{atgard.id}")
    own = case_page(session, holder, case.ref)
    assert not own.effect_asked
    assert own.atgarder[0].owner is None
    assert own.atgarder[0].changed == CHANGED
    with pytest.raises(NotFound):
        effect_answers.answer_as_reporter(session, code_holder(case.id + 1), case.ref, Again.NO, now=day)


# --- who may --------------------------------------------------------------------------------------------------------


def test_an_owner_outside_the_case_has_the_atgard_and_nothing_else(
    acting: Acting, session: Session, bup: Actor, teacher: Actor
) -> None:
    world = acting.world
    hab = world.chef("chef-barnhab")
    case = world.report(teacher, "bup-behandling")
    acting.step(
        bup, case, "atgard", kind="M06", text="Habiliteringen bjuds in.", due_on="2026-04-01",
        position_id=world.position("chef-barnhab").id,
    )  # fmt: skip
    atgard = session.scalars(select(Atgard)).one()
    assert atgard.status is AtgardStatus.PROPOSED
    assert [mail.recipient_user_id for mail in mails(session, "atgard_to_decide")] == [hab.user_id]
    assert acting.get(hab, f"/avvikelser/{case.ref}").status_code == 404
    page = acting.reads(hab, f"/atgarder/{atgard.id}")
    assert "Habiliteringen bjuds in." in page
    assert case.ref not in acting.get(hab, f"/atgarder/{atgard.id}").get_data(as_text=True)
    assert case.ref not in acting.get(hab, "/atgarder").get_data(as_text=True)
    acting.does(hab, f"/atgarder/{atgard.id}/besluta")
    session.refresh(atgard)
    assert atgard.status is AtgardStatus.DECIDED
    again = acting.sends(hab, f"/atgarder/{atgard.id}/besluta")
    assert again.status_code == 409


def test_others_meet_404_and_readers_403(acting: Acting, session: Session, bup: Actor, teacher: Actor) -> None:
    world = acting.world
    case, atgard = closed_case(acting, bup, teacher)
    page, step = f"/atgarder/{atgard.id}", f"/atgarder/{atgard.id}/folj-upp"
    for outsider in (world.chef("chef-skola-2380"), world.chef("chef-barnhab"), world.chef("chef-soc-2380")):
        assert acting.get(outsider, page).status_code == 404
        assert acting.sends(outsider, step, effect="ej", evidence="x").status_code == 404
    assert acting.get(world.chef("chef-barnhab"), "/atgarder/999999").status_code == 404
    reader = world.samordnare("region-jh")
    assert acting.get(reader, page).status_code == 200
    assert acting.get(reader, step).status_code == 403
    assert acting.sends(reader, step, effect="ej", evidence="x").status_code == 403
    assert acting.get(teacher, page).status_code == 403
    stranger = world.reporter("forskola-2380")
    answer = acting.sends(stranger, f"/avvikelser/{case.ref}/har-det-hant-igen", again="nej")
    assert answer.status_code == 404
    refused = acting.sends(bup, f"/avvikelser/{case.ref}/har-det-hant-igen", again="nej")
    assert refused.status_code == 403
    session.refresh(atgard)
    assert atgard.effect is None


def test_an_owner_in_another_omrade_is_refused(acting: Acting, bup: Actor, teacher: Actor) -> None:
    world = acting.world
    case = world.report(teacher, "bup-behandling")
    answer = acting.sends(
        bup, f"/avvikelser/{case.ref}/atgard", kind="M06", text="Socialtjänsten gör det.", due_on="2026-04-01",
        position_id=world.position("chef-soc-2380").id,
    )  # fmt: skip
    assert answer.status_code == 422
    assert world.session.scalar(select(Atgard)) is None


# --- the family -----------------------------------------------------------------------------------------------------


def test_where_the_family_coordinates_an_atgard_says_what_it_is_told(
    acting: Acting, session: Session, bup: Actor, teacher: Actor
) -> None:
    world = acting.world
    case = world.report(teacher, "bup-behandling")
    school = world.chef("chef-skola-2380")
    acting.step(school, case, "familjen", carries="ja")
    assert "Familjen bär samordningen" in acting.reads(bup, f"/avvikelser/{case.ref}")
    plan = {"kind": "M06", "text": "Ett möte.", "due_on": "2026-04-01"}
    refused = acting.sends(bup, f"/avvikelser/{case.ref}/atgard", **plan)
    assert refused.status_code == 422
    assert "Skriv vad familjen får veta" in refused.get_data(as_text=True)
    assert "Ett möte." in refused.get_data(as_text=True)
    acting.step(bup, case, "atgard", **plan, family_told="Chefen ringer familjen varje fredag.")
    assert "Chefen ringer familjen varje fredag." in acting.reads(teacher, f"/avvikelser/{case.ref}")
    without_reason = acting.sends(bup, f"/avvikelser/{case.ref}/familjen", carries="nej")
    assert without_reason.status_code == 422
    acting.step(bup, case, "familjen", carries="nej", reason="Skolan håller nu i kontakterna.")
    assert "Skolan håller nu i kontakterna." in acting.reads(school, f"/avvikelser/{case.ref}")
    session.refresh(case)
    assert not case.family_coordinates


def test_the_flag_shortens_the_first_answer(acting: Acting, session: Session, bup: Actor, teacher: Actor) -> None:
    case = acting.world.report(teacher, "bup-behandling")
    acting.step(bup, case, "ta-emot")
    session.refresh(case)
    assert case.due_on is not None
    before = case.due_on
    acting.step(bup, case, "familjen", carries="ja")
    session.refresh(case)
    assert case.due_on is not None
    assert case.due_on < before - timedelta(days=10)


def test_a_dropped_atgard_counts_no_more(acting: Acting, session: Session, bup: Actor, teacher: Actor) -> None:
    """It is told with its reason, and an answer in four parts needs another one."""
    case = acting.world.report(teacher, "bup-behandling", severity=2)
    acting.step(bup, case, "atgard", kind="M07", text="Vi anställer.", due_on="2026-04-01")
    atgard = session.scalars(select(Atgard)).one()
    silent = acting.sends(bup, f"/atgarder/{atgard.id}/avfor", reason=" ")
    assert silent.status_code == 422
    acting.does(bup, f"/atgarder/{atgard.id}/avfor", reason="Tjänsten blev inte beviljad.")
    assert "Tjänsten blev inte beviljad." in acting.reads(teacher, f"/avvikelser/{case.ref}")
    parts = dict.fromkeys(("orsak", "atgard", "konsekvens", "uppfoljning"), "Text.")
    answer = acting.sends(bup, f"/avvikelser/{case.ref}/svara", kind="fyra_delar", **parts)
    assert answer.status_code == 422
    assert acting.get(bup, "/atgarder?flik=avforda").status_code == 200


def test_who_has_said_me_too_is_asked_and_counts_as_a_reporter(
    acting: Acting, session: Session, clock: Clock, bup: Actor, teacher: Actor
) -> None:
    world = acting.world
    colleague = world.reporter("skola-2380", "kollega")
    case = world.report(teacher, "bup-behandling")
    near = Near(world.unit("skola-2380").id, world.unit("bup-behandling").id)
    voice = voices.join(session, colleague, near, case.id, now=clock.now)
    session.commit()
    acting.step(bup, case, "atgard", kind="M04", text="Vi skaffar en funktionsbrevlåda.", due_on="2026-04-01")
    acting.step(bup, case, "svara", kind="snabbsvar", what_happened="Den låg hos en person.", what_now="Vi ändrar.")
    acting.step(teacher, case, "betyg", rating="ja")
    atgard = session.scalars(select(Atgard).where(Atgard.avvikelse_id == case.id)).one()
    acting.does(bup, f"/atgarder/{atgard.id}/infor", done_on=local_date(clock.now).isoformat(), changed=CHANGED)
    assert [mail.recipient_user_id for mail in mails(session, "voice_news")] == [colleague.user_id] * 2
    assert CHANGED in acting.reads(colleague, f"/jag-ocksa/{voice.ref}")

    days_pass(session, clock, 90)
    assert [mail.recipient_user_id for mail in mails(session, "effect_voice")] == [colleague.user_id]
    assert "Säg om det har hänt igen" in acting.reads(colleague, "/")
    assert "2 rapportörer tillfrågade" in acting.reads(bup, f"/atgarder/{atgard.id}")
    # the reporter's own answer does not answer for the voice, and one is not enough
    acting.step(teacher, case, "har-det-hant-igen", again="som_forut")
    assert session.scalars(select(GroupQuestion)).all() == []
    acting.does(colleague, f"/jag-ocksa/{voice.ref}/har-det-hant-igen", again="som_forut", comment="Igen i går.")
    question = session.scalars(select(GroupQuestion)).one()
    assert question.kind is GroupQuestionKind.EFFECT
    assert "Igen i går." in acting.reads(bup, f"/atgarder/{atgard.id}")
    late = acting.sends(colleague, f"/jag-ocksa/{voice.ref}/har-det-hant-igen", again="nej")
    assert late.status_code == 409


def test_a_reporter_who_has_also_said_me_too_is_one(
    acting: Acting, session: Session, clock: Clock, bup: Actor, teacher: Actor
) -> None:
    world = acting.world
    colleague = world.reporter("skola-2380", "kollega")
    case = world.report(teacher, "bup-behandling")
    near = Near(world.unit("skola-2380").id, world.unit("bup-behandling").id)
    voices.join(session, colleague, near, case.id, now=clock.now)
    hers = world.report(colleague, "bup-behandling")
    acting.step(world.samordnare("region-jh"), hers, "for-samman", main=case.number)
    acting.step(bup, case, "atgard", kind="M04", text="Vi skaffar en funktionsbrevlåda.", due_on="2026-04-01")
    atgard = session.scalars(select(Atgard).where(Atgard.avvikelse_id == case.id)).one()
    acting.does(bup, f"/atgarder/{atgard.id}/infor", done_on=local_date(clock.now).isoformat(), changed=CHANGED)
    days_pass(session, clock, 90)
    assert mails(session, "effect_voice") == []
    assert "2 rapportörer tillfrågade" in acting.reads(bup, f"/atgarder/{atgard.id}")


# --- judged by the problem type that people have confirmed ------------------------------------------------------------


def confirmed(acting: Acting, theme: str, *cases: Avvikelse) -> None:
    """A group has found the cases to be one problem."""
    session = acting.world.session
    group = acting.world.group("birger")
    kept = session.scalar(select(ProblemType).where(ProblemType.name == theme))
    if kept is None:
        kept = ProblemType(
            ref=f"tema{theme[:4]}", group_id=group.id, name=theme, sentence=f"{theme} brister.", owner="BUP",
            status=ProblemTypeStatus.OPEN, created_at=acting.world.now,
        )  # fmt: skip
        session.add(kept)
        session.flush()
    session.add_all(
        ProblemTypeCase(problem_type_id=kept.id, avvikelse_id=case.id, confirmed_at=acting.world.now) for case in cases
    )
    session.commit()


def again_at_bup(acting: Acting, clock: Clock, **changes: Any) -> Avvikelse:
    """Another reporter tells of something at the same unit, today."""
    acting.world.now = clock.now
    row = acting.world.report(acting.world.reporter("skola-2380", "kollega"), "bup-behandling", **changes)
    acting.world.session.commit()
    return row


def come_again(session: Session) -> list[int]:
    return list(session.scalars(select(AtgardRecurrence.avvikelse_id).order_by(AtgardRecurrence.avvikelse_id)))


def test_what_is_one_problem_recurs_whatever_its_category(
    acting: Acting, session: Session, clock: Clock, bup: Actor, teacher: Actor
) -> None:
    case, atgard = closed_case(acting, bup, teacher)
    days_pass(session, clock, 10)
    later = again_at_bup(acting, clock, category="D1")
    elsewhere = acting.world.report(acting.world.reporter("skola-2380", "tredje"), "barnhab", category="D1")
    assert come_again(session) == []
    confirmed(acting, "Kallelser", case, later, elsewhere)
    for _ in range(2):
        effects.ask_due(session, clock.now)
    assert come_again(session) == [later.id]
    assert "Återkommit efter åtgärd 1 ny rapport" in acting.reads(bup, f"/atgarder/{atgard.id}")
    today = local_date(clock.now)
    assert measures.cases_in_year(session, case, today) == 2
    assert measures.latest_since(session, case, local_date(case.submitted_at)) == later.occurred_on


def test_what_a_group_has_told_apart_does_not_recur(
    acting: Acting, session: Session, clock: Clock, bup: Actor, teacher: Actor
) -> None:
    case, atgard = closed_case(acting, bup, teacher)
    confirmed(acting, "Kallelser", case)
    days_pass(session, clock, 10)
    first, second = again_at_bup(acting, clock), again_at_bup(acting, clock)
    assert come_again(session) == [first.id, second.id]  # at once, before anybody has sorted them
    confirmed(acting, "Remisser", first)
    days_pass(session, clock, 1)
    assert come_again(session) == [second.id]
    assert measures.cases_in_year(session, case, local_date(clock.now)) == 2
    confirmed(acting, "Kallelser", first)  # it is both
    days_pass(session, clock, 1)
    assert come_again(session) == [first.id, second.id]
    assert measures.recurrence_counts(session, [atgard.id]) == {atgard.id: 2}


def test_good_examples_in_a_problem_type_are_no_recurrence(
    acting: Acting, session: Session, clock: Clock, bup: Actor, teacher: Actor
) -> None:
    case, _ = closed_case(acting, bup, teacher)
    days_pass(session, clock, 10)
    confirmed(acting, "Kallelser", case, again_at_bup(acting, clock, category=GOOD_EXAMPLE))
    days_pass(session, clock, 1)
    assert come_again(session) == []
    assert measures.cases_in_year(session, case, local_date(clock.now)) == 1
