"""*Genomläsning av svar*: where the huvudman wants it, a samordnare reads an answer before the reporter gets it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from avvikelse.domain.actor import SYSTEM, Actor
from avvikelse.domain.errors import Conflict, NotFound
from avvikelse.domain.vocabulary import OrosanmalanAnswer, Role, Status
from avvikelse.models.avvikelse import Avvikelse
from avvikelse.models.dialogue import Answer
from avvikelse.models.outbox import OutboxMail
from avvikelse.services import answer_checks, answers, dialogue, handling, quality
from avvikelse.services.answers import AnswerText
from avvikelse.services.ladder import climb
from avvikelse.services.mail_rules import still_true
from tests.conftest import Clock
from tests.scenarios.test_main_job import QUICK
from tests.support import rooms
from tests.support.acting import Acting
from tests.support.client import CheckingClient
from tests.support.world import World

BUP, SOC = "chef-bup-behandling", "chef-soc-2380"
WORDS = {"kind": "snabbsvar", "what_happened": "Kallelsen blev liggande.", "what_now": "Vi kallar samma dag."}


class Stage(Acting):
    """The region's answers are read first, by two samordnare; the kommun's are not."""

    def __init__(self, client: CheckingClient, session: Session, clock: Clock) -> None:
        super().__init__(client, World.of(session, clock.now))
        self.session, self.clock = session, clock
        world = self.world
        self.teacher, self.bup = world.reporter("skola-2380"), world.chef(BUP)
        self.reader = world.samordnare("region-jh")
        self.outsider = world.samordnare("kommun-2380/utbildning")
        self.office = world.administrator("region-jh")
        answer_checks.switch(session, SYSTEM, world.huvudman("region-jh").id, on=True, now=clock.now)
        self.case = world.report(self.teacher, "bup-behandling")
        handling.accept(session, self.bup, self.case.ref, now=clock.now)
        session.commit()

    def page(self, who: Actor) -> str:
        return self.reads(who, f"/avvikelser/{self.case.ref}")

    def writes(self) -> None:
        self.step(self.bup, self.case, "svara", **WORDS)
        self.session.expire_all()

    def mails(self, notice: str) -> list[int | None]:
        """Who would really get it now."""
        rows = self.session.scalars(select(OutboxMail).where(OutboxMail.notice == notice))
        return [mail.recipient_user_id for mail in rows if still_true(self.session, mail, self.clock.now)]

    def walk(self, days: int) -> None:
        for _ in range(days):
            moment = self.clock.move(self.clock.now + timedelta(days=1))
            climb(self.session, moment)
            self.session.commit()
            self.session.expire_all()


@pytest.fixture
def stage(client: CheckingClient, session: Session, clock: Clock) -> Stage:
    return Stage(client, session, clock)


def test_it_waits_for_the_samordnare_and_goes_when_she_has_read_it(stage: Stage) -> None:
    case = stage.case
    stage.writes()
    assert case.status is Status.IN_PROGRESS
    assert stage.mails("answer_to_check") == [stage.reader.user_id]
    assert stage.mails("answered") == []
    assert "Samordnaren läser svaret." in stage.page(stage.bup)
    for address in (f"/avvikelser/{case.ref}", f"/avvikelser/{case.ref}/svara"):
        again = stage.reads(stage.bup, address)
        assert "Skriv om svaret som väntar på att läsas" in again
        assert "Svara rapportören" not in again
    page = stage.page(stage.reader)
    assert "Läs svaret innan det går till rapportören." in page
    assert WORDS["what_now"] in page
    assert case.number in stage.reads(stage.reader, "/samordnarens-bord/svar")
    # Nobody else reads it, and nobody else may send it.
    for other in (stage.teacher, stage.outsider, stage.world.chef("chef-skola-2380")):
        assert WORDS["what_now"] not in stage.page(other)
        assert "Läs svaret innan" not in stage.page(other)
    check = f"/avvikelser/{case.ref}/las-svaret"
    for other in (stage.teacher, stage.outsider, stage.bup):
        assert stage.get(other, check).status_code == 403
        assert stage.sends(other, check, verdict="ja").status_code == 403
    assert stage.get(stage.world.chef(SOC), check).status_code == 404
    assert case.number not in stage.reads(stage.outsider, "/samordnarens-bord/svar")
    assert stage.get(stage.bup, f"/avvikelser/{case.ref}/fraga").status_code in {403, 409}
    with pytest.raises(Conflict, match="läser det"):
        dialogue.ask(stage.session, stage.bup, case.ref, "När kom kallelsen?", now=stage.clock.now)

    stage.step(stage.reader, case, "las-svaret", verdict="ja")
    stage.session.expire_all()
    assert case.status is Status.ANSWERED
    assert stage.mails("answered") == [stage.teacher.user_id]
    assert stage.mails("answer_to_check") == []  # not true any more
    assert WORDS["what_now"] in stage.page(stage.teacher)
    assert "Samordnaren läste svaret" not in stage.page(stage.teacher)
    assert stage.sends(stage.reader, check, verdict="ja").status_code == 409


def test_it_comes_back_with_a_comment_and_is_written_anew(stage: Stage) -> None:
    case = stage.case
    stage.writes()
    check = f"/avvikelser/{case.ref}/las-svaret"
    assert stage.sends(stage.reader, check, verdict="nej").status_code == 422
    assert stage.sends(stage.reader, check, verdict="nej", comment="Ring 070-174 06 05").status_code == 422
    stage.does(stage.reader, check, verdict="nej", comment="Skriv också när det gäller från.")
    assert stage.mails("answer_returned") == [stage.bup.user_id]
    form = stage.reads(stage.bup, f"/avvikelser/{case.ref}/svara")
    assert "Skriv också när det gäller från." in form
    assert WORDS["what_now"] in form  # nobody types it again
    for other in (stage.teacher, stage.outsider):
        assert "Skriv också när" not in stage.page(other)
    stage.walk(10)
    assert case.status is Status.IN_PROGRESS  # the clock was the samordnare's, and she has read it
    stage.step(stage.bup, case, "svara", **(WORDS | {"what_now": "Vi kallar samma dag från den 1 maj."}))
    stage.step(stage.reader, case, "las-svaret", verdict="ja")
    stage.session.expire_all()
    answer = stage.session.scalars(select(Answer)).one()
    assert (answer.check_comment, answer.checked_at is not None) == (None, True)
    assert case.status is Status.ANSWERED


def test_after_three_working_days_it_is_sent_as_it_is(stage: Stage) -> None:
    """Written on a Wednesday: she is reminded on Friday, Monday is the last day, on Tuesday it goes."""
    stage.writes()
    stage.walk(2)
    assert stage.mails("soon_genomlasning") == [stage.reader.user_id]
    stage.walk(3)
    assert stage.case.status is Status.IN_PROGRESS
    stage.walk(1)
    assert stage.case.status is Status.ANSWERED
    answer = stage.session.scalars(select(Answer)).one()
    assert (answer.sent_at is not None, answer.checked_at) == (True, None)


def test_nobody_reads_her_own_words(stage: Stage) -> None:
    """A samordnare who also manages the unit: another one reads it; without another it is sent."""
    world, session = stage.world, stage.session
    answer_checks.drop_unsent(session, stage.case)
    world.grant(BUP, Role.SAMORDNARE, omrade_id=world.omrade("region-jh").id)
    session.commit()
    both = world.actor(BUP)
    answers.answer(session, both, stage.case.ref, QUICK, now=stage.clock.now)
    assert stage.mails("answer_to_check") == [stage.reader.user_id]
    with pytest.raises(Conflict, match="Någon annan"):
        quality.check(session, both, stage.case.ref, approves=True, comment="", now=stage.clock.now)


def test_without_anybody_to_read_or_words_to_read_it_is_sent(stage: Stage) -> None:
    world, session, now = stage.world, stage.session, stage.clock.now
    answer_checks.switch(session, SYSTEM, world.huvudman("kommun-2380").id, on=True, now=now)
    soc = world.chef(SOC)
    nobody = world.report(stage.teacher, "soc-2380")
    handling.accept(session, soc, nobody.ref, now=now)
    answers.answer(session, soc, nobody.ref, QUICK, now=now)
    assert nobody.status is Status.ANSWERED
    world.samordnare("kommun-2380/social")
    fixed = world.report(world.reporter("forskola-2380"), "soc-2380", category="E3", severity=2)
    handling.accept(session, soc, fixed.ref, now=now)
    text = AnswerText(kind=QUICK.kind, orosanmalan=OrosanmalanAnswer.NOT_FOUND)
    answers.answer(session, soc, fixed.ref, text, now=now)
    assert fixed.status is Status.ANSWERED


def test_what_was_not_sent_is_gone_when_the_case_leaves(stage: Stage) -> None:
    world, case = stage.world, stage.case
    stage.writes()
    handling.hand_over(stage.session, stage.bup, case.ref, world.receiver(SOC), "Stöd i hemmet.", now=stage.clock.now)
    assert stage.session.scalars(select(Answer)).all() == []
    assert stage.mails("answer_to_check") == []
    soc = world.chef(SOC)
    handling.accept(stage.session, soc, case.ref, now=stage.clock.now)
    stage.session.commit()
    assert WORDS["what_now"] not in stage.page(soc)
    stage.walk(8)
    assert case.status is Status.IN_PROGRESS  # nothing is sent in another's name


def test_two_owners_agree_before_it_is_read(stage: Stage) -> None:
    world, session, now = stage.world, stage.session, stage.clock.now
    soc, case = world.chef(SOC), stage.case
    social = world.samordnare("kommun-2380/social")
    handling.hand_over(session, stage.bup, case.ref, world.receiver(SOC), "Stöd i hemmet.", now=now)
    handling.hand_over(session, soc, case.ref, world.receiver(BUP), "Vård.", now=now)
    rooms.meet(session, case.ref, stage.bup, soc, now=now)
    assert case.status is Status.IN_PROGRESS
    answers.answer(session, stage.bup, case.ref, QUICK, now=now)
    assert stage.mails("answer_to_check") == []
    answers.confirm_answer(session, soc, case.ref, now=now)
    assert stage.mails("answer_to_check") == [stage.reader.user_id]
    with pytest.raises(NotFound):
        answers.confirm_answer(session, stage.bup, case.ref, now=now)
    session.commit()
    assert stage.get(social, f"/avvikelser/{case.ref}/las-svaret").status_code == 403  # the other side's
    stage.step(stage.reader, case, "las-svaret", verdict="ja")
    session.expire_all()
    assert case.status is Status.ANSWERED


def test_the_administrator_switches_it(stage: Stage) -> None:
    world = stage.world
    page = f"/organisation/{world.pack.slug}/huvudman/region-jh"
    assert f'href="{page}/genomlasning"' in stage.get(stage.office, page).get_data(as_text=True)
    assert stage.sends(stage.office, f"{page}/genomlasning", on="kanske").status_code == 422
    stage.does(stage.office, f"{page}/genomlasning", on="nej")
    assert "svaren skickas direkt" in stage.reads(stage.office, page)
    other = world.administrator("kommun-2380")
    assert stage.get(other, f"{page}/genomlasning").status_code == 404
    assert stage.sends(other, f"{page}/genomlasning", on="ja").status_code == 404
    assert stage.get(stage.bup, f"{page}/genomlasning").status_code == 403
    stage.writes()
    case: Avvikelse = stage.case
    assert case.status is Status.ANSWERED
