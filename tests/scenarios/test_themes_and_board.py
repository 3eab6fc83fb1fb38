"""A pattern is confirmed, becomes a question, a decision goes back to everybody behind it (MS4), and stands on *Läget*
(MS21). Nobody in the group learns which cases they are, and nothing counts before a person has said so.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from avvikelse.domain.actor import Actor
from avvikelse.domain.errors import NotFound
from avvikelse.domain.vocabulary import SeesCases
from avvikelse.models.avvikelse import Avvikelse
from avvikelse.models.group_decisions import GroupDecision
from avvikelse.models.group_work import GroupQuestion
from avvikelse.models.outbox import OutboxMail
from avvikelse.models.themes import ProblemType, ProblemTypeCase, ThemeCandidate, ThemeCandidateCase
from avvikelse.queries import unsorted
from avvikelse.services import board, themes
from tests.support.browsing import words
from tests.support.client import CheckingClient
from tests.support.group_cases import case
from tests.support.login import log_in
from tests.support.world import World

HOME, ELSEWHERE = "birger", "lokal-2303"
LATE = "Kallelsen till mötet kom några dagar före, så att den som behövdes inte kunde delta."
DECIDED = "Kallelse minst tio arbetsdagar före."


class Stage:
    def __init__(self, world: World, client: CheckingClient) -> None:
        self.world, self.client = world, client
        self.convenor, self.member = world.convenor(HOME), world.member(HOME)
        self.elsewhere = world.convenor(ELSEWHERE)
        self.reporters = [world.reporter("skola-2380", f"rapportor{number}") for number in range(3)]
        owners = [*self.reporters, self.reporters[0], None, None]  # six cases, five reporters, two without account
        units = ["skola-2380", "skola-2303"]
        self.cases = [
            case(
                world, HOME, date(2026, 3, 2) - timedelta(days=number), gruppmening=f"{LATE[:-1]} ({number}).",
                gruppmening_approved_at=world.now, reporter_user_id=who.user_id if who else None,
                sender=units[number % 2],
            )
            for number, who in enumerate(owners)
        ]  # fmt: skip
        self.desk = f"/grupper/{world.group(HOME).id}"

    @property
    def session(self) -> Session:
        return self.world.session

    def read(self, actor: Actor, address: str, status: int = 200) -> str:
        log_in(self.client, actor.user_id or 0, now=self.world.now)
        answer = self.client.get(address)
        assert answer.status_code == status, (address, answer.status_code)
        for row in self.cases:
            assert row.ref not in answer.get_data(as_text=True) or address.startswith("/avvikelser")
        return words(answer)

    def send(self, actor: Actor, address: str, *, status: int = 302, **fields: Any) -> str:
        log_in(self.client, actor.user_id or 0, now=self.world.now)
        answer = self.client.post(address, data=fields)
        assert answer.status_code == status, (address, answer.status_code, words(answer)[:500])
        return words(answer)

    def candidate(self) -> ThemeCandidate:
        themes.look_for_patterns(self.session, self.world.group(HOME).id, now=self.world.now)
        return self.session.scalars(select(ThemeCandidate)).one()

    def confirmed(self) -> ProblemType:
        """The whole pattern, as a new theme."""
        page = f"{self.desk}/kandidater/{self.candidate().ref}"
        self.send(
            self.convenor, page, places=[str(place) for place in range(6)], theme="", name="Sena kallelser",
            sentence="Kallelser till SIP kommer för sent.", owner="Verksamhetschef BUP",
        )  # fmt: skip
        return self.session.scalars(select(ProblemType)).one()


@pytest.fixture
def stage(session: Session, client: CheckingClient, clock: Any) -> Stage:
    return Stage(World.of(session, clock.now), client)


def test_a_pattern_counts_when_a_person_has_confirmed_it(stage: Stage) -> None:
    candidate = stage.candidate()
    listed = stage.read(stage.member, f"{stage.desk}/teman")
    assert "6 fall" in listed
    assert "Gruppens teman" not in listed
    page = f"{stage.desk}/kandidater/{candidate.ref}"
    assert "(3)." in stage.read(stage.convenor, page)
    refused = stage.send(stage.convenor, page, status=422, theme="", name="Sena kallelser", sentence="x", owner="y")
    assert "Välj vilka som hör ihop" in refused
    stage.send(
        stage.convenor, page, places=["0", "1", "2", "3", "4"], theme="", name="Sena kallelser",
        sentence="Kallelser till SIP kommer för sent.", owner="Verksamhetschef BUP",
    )  # fmt: skip
    assert "5 fall" in stage.read(stage.member, f"{stage.desk}/teman")
    assert themes.look_for_patterns(stage.session, stage.world.group(HOME).id, now=stage.world.now) == 0
    stage.read(stage.convenor, page, status=404)  # settled: it is there no more


def test_the_likeliest_themes_are_suggested_and_a_person_chooses(stage: Stage) -> None:
    group = stage.world.group(HOME).id
    for name, sentence in (
        ("Avbruten placering", "Vården bröts vid flytten."), ("Sena kallelser", "Kallelse till möten kommer sent."),
    ):  # fmt: skip
        words_ = themes.ThemeWords(name, sentence, "Verksamhetschef BUP")
        themes.add(stage.session, stage.convenor, group, words_, now=stage.world.now)
    page = f"{stage.desk}/kandidater/{stage.candidate().ref}"
    shown = stage.read(stage.convenor, page)
    assert "Liknar mest: Sena kallelser" in shown
    assert "Ett nytt tema Sena kallelser Avbruten placering" in shown
    stage.read(stage.member, page, status=403)
    stage.world.group(HOME).sees_cases = SeesCases.SAMMANSTALLNING
    stage.session.flush()
    assert "Liknar mest" not in stage.read(stage.convenor, page)


def test_a_single_sentence_gets_its_likeliest_themes_and_a_person_puts_it_there(stage: Stage) -> None:
    group, page = stage.world.group(HOME).id, f"{stage.desk}/meningar"
    assert "Gruppen har inga teman än" in stage.read(stage.convenor, page)
    late, _ = (
        themes.add(stage.session, stage.convenor, group, themes.ThemeWords(name, text, "BUP"), now=stage.world.now)
        for name, text in (
            ("Sena kallelser", "Kallelse till möten kommer sent."), ("Avbruten placering", "Vården bröts vid flytten."),
        )
    )  # fmt: skip
    for row in stage.cases[1:]:
        row.gruppmening_approved_at = None  # not read yet: neither shown nor counted
    first, again = stage.cases[:2]
    again.gruppmening, again.gruppmening_approved_at = first.gruppmening, stage.world.now
    stage.session.flush()
    assert "Gå igenom meningar" in stage.read(stage.convenor, f"{stage.desk}/teman")
    shown = stage.read(stage.convenor, page)
    assert "2 fall med samma mening. Liknar mest: Sena kallelser" in shown
    assert "Inget tema än Sena kallelser Avbruten placering" in shown
    assert "(3)." not in shown
    field = f"mening_{unsorted.key_of(first.gruppmening or '')}"
    nothing, another, hers = (dict[str, Any]({field: value}) for value in ("", "annat", late.ref))
    assert "minst en mening" in stage.send(stage.convenor, page, status=422, **nothing)
    stage.send(stage.convenor, page, status=422, **another)
    assert stage.session.scalars(select(ProblemTypeCase)).all() == []
    stage.send(stage.convenor, page, **hers)
    confirmed = stage.session.scalars(select(ProblemTypeCase).order_by(ProblemTypeCase.avvikelse_id)).all()
    assert [(row.problem_type_id, row.avvikelse_id) for row in confirmed] == [(late.id, first.id), (late.id, again.id)]
    assert {row.confirmed_by_user_id for row in confirmed} == {stage.convenor.user_id}
    assert "Inga meningar väntar" in stage.read(stage.convenor, page)


@pytest.mark.parametrize(("who", "status"), [("member", 403), ("elsewhere", 404)])
def test_who_does_not_convene_sorts_nothing(stage: Stage, who: str, status: int) -> None:
    group, page = stage.world.group(HOME).id, f"{stage.desk}/meningar"
    words_ = themes.ThemeWords("Sena kallelser", "Kallelse till möten kommer sent.", "BUP")
    theme = themes.add(stage.session, stage.convenor, group, words_, now=stage.world.now)
    chosen: dict[str, Any] = {f"mening_{unsorted.key_of(stage.cases[0].gruppmening or '')}": theme.ref}
    actor = getattr(stage, who)
    stage.read(actor, page, status=status)
    stage.send(actor, page, status=status, **chosen)
    if who == "elsewhere":  # nor into a theme of another group, from her own
        other = stage.world.group(ELSEWHERE).id
        stage.send(actor, f"/grupper/{other}/meningar", status=422, **chosen)
        with pytest.raises(NotFound):
            themes.sort_in(stage.session, actor, other, {"x": theme.ref}, now=stage.world.now)
    stage.world.group(HOME).sees_cases = SeesCases.SAMMANSTALLNING  # reads no sentence, and sorts none
    stage.session.flush()
    stage.read(stage.convenor, page, status=404)
    stage.send(stage.convenor, page, status=404, **chosen)
    assert stage.session.scalars(select(ProblemTypeCase)).all() == []


def test_cases_that_say_the_same_are_one_row_of_a_pattern(stage: Stage) -> None:
    for row in stage.cases[:4]:
        row.gruppmening = LATE
    stage.session.flush()
    page = f"{stage.desk}/kandidater/{stage.candidate().ref}"
    assert f"{LATE} (4 fall)" in stage.read(stage.convenor, page)
    said = stage.session.execute(
        select(ThemeCandidateCase.place).join(Avvikelse, Avvikelse.id == ThemeCandidateCase.avvikelse_id).where(
            Avvikelse.gruppmening == LATE
        ).order_by(ThemeCandidateCase.place)
    ).scalars()  # fmt: skip
    together = ",".join(map(str, said))
    words_: dict[str, Any] = {"name": "Sena kallelser", "sentence": "Kallelser kommer sent.", "owner": "BUP"}
    stage.send(stage.convenor, page, status=422, places=[together.partition(",")[0]], theme="", **words_)
    stage.send(stage.convenor, page, places=[together], theme="", **words_)
    assert len(stage.session.scalars(select(ProblemTypeCase)).all()) == 4


def test_a_dismissed_pattern_does_not_come_back(stage: Stage) -> None:
    page = f"{stage.desk}/kandidater/{stage.candidate().ref}"
    stage.send(stage.convenor, f"{page}/avfarda", reason="Olika slags möten.")
    themes.look_for_patterns(stage.session, stage.world.group(HOME).id, now=stage.world.now)
    assert "Gruppen har inga teman än" in stage.read(stage.member, f"{stage.desk}/teman")
    assert stage.session.scalars(select(ProblemTypeCase)).all() == []


def test_the_decision_about_a_theme_reaches_everybody_behind_it(stage: Stage) -> None:
    theme = stage.confirmed()
    stage.send(stage.convenor, f"{stage.desk}/teman/{theme.ref}/fraga", text="Hur långt före ska vi kalla?")
    question = stage.session.scalars(select(GroupQuestion)).one()
    due = (stage.world.now + timedelta(days=60)).date().isoformat()
    stage.send(
        stage.convenor, f"{stage.desk}/fragor/{question.ref}", decision=DECIDED, owner="Verksamhetschef BUP",
        due_on=due, what_changes="Du får kallelsen i tid.", ask="Samordnaren för SIP", publish="y",
    )  # fmt: skip
    for row, who in zip(stage.cases, [*stage.reporters, stage.reporters[0]], strict=False):
        page = stage.read(who, f"/avvikelser/{row.ref}")
        for expected in ("Så här beslutade gruppen", DECIDED, "Du får kallelsen i tid.", "Samordnaren för SIP"):
            assert expected in page
    mails = stage.session.scalars(select(OutboxMail).where(OutboxMail.notice == "case_decided")).all()
    assert len(mails) == 3  # one to each reporter with an account, however many reports she has behind it
    decision = stage.session.scalars(select(GroupDecision)).one()
    public = stage.read(stage.elsewhere, f"/laget/beslut/{decision.ref}")
    assert "6 rapporter ligger bakom" in public
    assert "Hur långt före" not in public  # the question is the group's


def test_the_board_is_for_all_staff_and_says_no_small_number(stage: Stage) -> None:
    theme = stage.confirmed()
    stage.send(
        stage.convenor, f"{stage.desk}/teman/{theme.ref}/andra", name="Sena kallelser",
        sentence="Kallelser till SIP kommer för sent.", owner="Verksamhetschef BUP",
        contribute="Kalla tio dagar före.", monday="Lägg in alla möten i kalendern.",
    )  # fmt: skip
    stage.send(
        stage.convenor, f"{stage.desk}/ny/tema", name="Byte av handläggare", sentence="Hemligt så länge det är litet.",
        owner="Socialtjänsten",
    )  # fmt: skip
    board.make_figures(stage.session, stage.world.now)
    teacher = stage.reporters[1]
    log_in(stage.client, teacher.user_id or 0, now=stage.world.now)
    assert stage.client.get("/laget").headers["Location"].endswith("/laget/jamtland-harjedalen")
    page = stage.read(teacher, "/laget/jamtland-harjedalen")
    for expected in ("6 bekräftade fall", "Kalla tio dagar före.", "Lägg in alla möten", "Byte av handläggare"):
        assert expected in page
    assert "Hemligt så länge" not in page  # fewer than five: by name only
    assert LATE[:30] not in page


@pytest.mark.parametrize(("who", "status"), [("member", 403), ("elsewhere", 404)])
def test_who_does_not_convene_confirms_nothing(stage: Stage, who: str, status: int) -> None:
    candidate, theme_page = stage.candidate(), f"{stage.desk}/teman"
    actor = getattr(stage, who)
    page = f"{stage.desk}/kandidater/{candidate.ref}"
    stage.send(actor, page, status=status, places=["0"], theme="", name="x", sentence="y", owner="z")
    stage.send(actor, f"{page}/avfarda", status=status, reason="Nej.")
    stage.send(actor, f"{stage.desk}/ny/tema", status=status, name="x", sentence="y", owner="z")
    stage.read(actor, page, status=status)
    if who == "elsewhere":
        stage.read(actor, theme_page, status=404)
        other = f"/grupper/{stage.world.group(ELSEWHERE).id}/kandidater/{candidate.ref}"
        stage.send(actor, other, status=404, places=["0"], theme="", name="x", sentence="y", owner="z")
    assert stage.session.scalars(select(ProblemType)).all() == []


def test_a_group_that_reads_summaries_confirms_a_whole_pattern_unread(stage: Stage) -> None:
    stage.world.group(HOME).sees_cases = SeesCases.SAMMANSTALLNING
    candidate = stage.candidate()
    page = f"{stage.desk}/kandidater/{candidate.ref}"
    text = stage.read(stage.convenor, page)
    assert "läser inga enskilda meningar" in text
    assert LATE[:30] not in text
    stage.send(stage.convenor, page, theme="", name="Sena kallelser", sentence="Kallelser kommer sent.", owner="BUP")
    assert len(stage.session.scalars(select(ProblemTypeCase)).all()) == 6
    theme = stage.session.scalars(select(ProblemType)).one()
    assert LATE[:30] not in stage.read(stage.member, f"{stage.desk}/teman/{theme.ref}")
