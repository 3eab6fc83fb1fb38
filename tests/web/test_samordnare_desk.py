"""Samordnarens bord: what lies there and for whom, in a fixed number of questions, and gruppmeningar in a row."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from avvikelse.domain.actor import Actor
from avvikelse.domain.vocabulary import PartySide
from avvikelse.models.avvikelse import Avvikelse, Party
from avvikelse.models.group_work import GroupQuestion
from avvikelse.models.organisation import Enhet, Position
from avvikelse.models.outbox import OutboxMail
from avvikelse.queries import samordnare_desk as desks
from avvikelse.queries import standing_in
from avvikelse.queries.samordnare_desk import Pile
from avvikelse.queries.work_lists import PAGE_SIZE
from avvikelse.services import contact_reports, group_questions, handling, organisation, stories, triage
from tests.support.acting import Acting
from tests.support.client import CheckingClient
from tests.support.queries import counted
from tests.support.world import World

DESK = "/samordnarens-bord"
MOST_QUESTIONS = 25  # for the desk itself with all its lists full


class Stage:
    def __init__(self, world: World, client: CheckingClient) -> None:
        self.world, self.acting = world, Acting(client, world)
        self.reporter, self.bup = world.reporter("skola-2380"), world.chef("chef-bup-behandling")
        self.sam, self.other_sam = world.samordnare("kommun-2380/utbildning"), world.samordnare("region-jh")

    @property
    def now(self) -> datetime:
        return self.world.now

    def piles(self, who: Actor, *, days: int = 0) -> dict[Pile, int]:
        today = (self.now + timedelta(days=days)).date()
        found = desks.counts(self.world.session, desks.as_samordnare(who), today)
        return {pile: count for pile, count in found.items() if count and pile is not Pile.SUBSTITUTES}

    def changed(self) -> None:
        """The organisation has been changed past its service."""
        organisation.bump(self.world.session, self.world.pack.id)

    def desk(self, who: Actor) -> str:
        return self.acting.reads(who, DESK)

    def fill(self) -> Avvikelse:
        """Something in every list of the reporting område."""
        session, now = self.world.session, self.now
        case = self.world.report(self.reporter, "bup-behandling")
        self.world.report(self.reporter, None)
        self.world.report(self.reporter, "bup-behandling", routing_contested=True)
        handling.accept(session, self.bup, case.ref, now=now)
        group_questions.lift(session, self.bup, case.ref, "Vem kallar till mötet?", now=now)
        unit = self.world.unit("skola-2380")
        contact_reports.report(session, self.reporter, unit.id, text="Brevlådan används inte.", now=now)
        sender = next(party for party in case.parties if party.side is PartySide.SENDER)
        params = {"number": case.number, "ref": case.ref, "party": sender.id}
        session.add(
            OutboxMail(
                dedup_key="x", notice="unit_reported", recipient_mailbox="x@example.org", avvikelse_id=case.id,
                params=params, created_at=now, failed_at=now, attempts=9,
            )
        )  # fmt: skip
        session.flush()
        return case


@pytest.fixture
def stage(session: Session, client: CheckingClient, clock: Any) -> Stage:
    return Stage(World.of(session, clock.now), client)


def test_everything_that_waits_lies_on_the_desk_of_its_omrade(stage: Stage) -> None:
    case = stage.fill()
    assert stage.piles(stage.sam) == {
        Pile.UNCLEAR: 2, Pile.SENTENCES: 3, Pile.QUESTIONS: 1, Pile.MAILS: 1, Pile.CONTACTS: 1,
    }  # fmt: skip
    page = stage.desk(stage.sam)
    for words in (
        "Rapportören vet inte vem det gäller", "Rapportören säger emot förslaget", "Adressen går inte att nå",
        "Brevlådan används inte.", "Lyft fråga", "Chefer utan ersättare", case.number, "Försenade ärenden",
    ):  # fmt: skip
        assert words in page, words
    assert "Fråga till gruppen" not in stage.desk(stage.world.samordnare("kommun-2380/kultur-fritid"))


def test_what_is_not_ones_own_is_on_no_desk(stage: Stage) -> None:
    """The denied twins: another område's samordnare, a manager of the same case, the reporter, somebody at no desk."""
    case = stage.fill()
    stranger = stage.world.samordnare("kommun-2380/kultur-fritid")
    assert stage.piles(stranger) == {}
    for pile in Pile:
        assert case.number not in stage.acting.reads(stranger, f"{DESK}/{pile.value}"), pile
    own = stage.world.omrade("kommun-2380/utbildning").id
    assert stage.acting.get(stranger, f"{DESK}?omrade={own}").status_code == 404
    assert stage.acting.get(stranger, f"{DESK}/sena?omrade={own}").status_code == 404
    assert stage.acting.get(stranger, f"{DESK}/nagot-annat").status_code == 404
    assert stage.acting.get(stranger, f"{DESK}?omrade=abc").status_code == 404
    for who in (stage.bup, stage.reporter):
        for address in (DESK, f"{DESK}/sena", f"{DESK}/gruppmeningar/skriv"):
            assert stage.acting.get(who, address).status_code == 403, address
    assert Pile.SENTENCES not in stage.piles(stage.other_sam)  # the receiving side does not write them
    assert Pile.CONTACTS not in stage.piles(stage.other_sam)


def test_a_new_report_moves_from_list_to_list(stage: Stage) -> None:
    """Straight to a manager: on nobody's desk until late. Declined: unclear. A question approved: gone."""
    case = stage.world.report(stage.reporter, "bup-behandling")
    assert stage.piles(stage.sam) == {Pile.SENTENCES: 1}
    assert stage.piles(stage.sam, days=60) == {Pile.LATE: 1, Pile.SENTENCES: 1}
    handling.decline(stage.world.session, stage.bup, case.ref, "Gäller skolan.", None, now=stage.now)
    assert stage.piles(stage.sam) == {Pile.UNCLEAR: 1, Pile.SENTENCES: 1}
    assert "Någon har svarat att det inte är deras" in stage.desk(stage.sam)
    stage.acting.step(stage.sam, case, "fordela", receiver=stage.world.position("chef-soc-2380").id)
    triage.write_gruppmening(stage.world.session, stage.sam, case.ref, "Kallelsen kom för sent.", now=stage.now)
    assert stage.piles(stage.sam) == {}


def test_a_question_waits_for_each_side_once(stage: Stage) -> None:
    case = stage.fill()
    assert stage.piles(stage.sam)[Pile.QUESTIONS] == 1
    assert Pile.QUESTIONS not in stage.piles(stage.other_sam)  # the own chef has lifted it: that is their yes
    page = stage.acting.reads(stage.sam, f"/avvikelser/{case.ref}/godkann-fraga")
    assert "Vem kallar till mötet?" in page
    question = next(q for q in stage.world.session.scalars(select(GroupQuestion)))
    stage.acting.step(stage.sam, case, "godkann-fraga", question=question.id, text=question.text, seen=question.text)
    assert Pile.QUESTIONS not in stage.piles(stage.sam)


def test_a_story_waits_for_the_side_that_has_not_read_it(stage: Stage) -> None:
    case = stage.world.report(stage.reporter, "bup-behandling")
    session, now = stage.world.session, stage.now
    handling.accept(session, stage.bup, case.ref, now=now)
    quick = {"kind": "snabbsvar", "what_happened": "Det gick för fort.", "what_now": "Vi kallar tidigare."}
    stage.acting.step(stage.bup, case, "svara", **quick)
    words = stories.StoryWords("Kallelsen kom sent", "Ingen hann komma.", "Kallas tidigare.", "Mötena blir av.")
    stories.write(session, stage.other_sam, case.ref, words, now=now)
    assert stage.piles(stage.sam)[Pile.STORIES] == 1
    assert Pile.STORIES not in stage.piles(stage.other_sam)
    assert "Kallelsen kom sent" in stage.desk(stage.sam)
    stories.approve(session, stage.sam, case.ref, now=now)
    assert Pile.STORIES not in stage.piles(stage.sam)


def test_an_empty_desk_says_that_all_is_well(stage: Stage) -> None:
    lonely = stage.world.samordnare("kommun-2380/kultur-fritid")
    assert "Chefer utan ersättare" in stage.desk(lonely)
    omrade = stage.world.omrade("kommun-2380/kultur-fritid").id
    chefs = stage.world.session.scalars(
        select(Position)
        .join(Enhet, Enhet.id == Position.enhet_id)
        .where(Enhet.omrade_id == omrade)
        .order_by(Position.id.desc())
    ).all()
    for position in chefs:
        position.substitute_id = stage.world.position("chef-skola-2380").id
    stage.changed()
    assert "Chefer utan ersättare" in stage.desk(lonely)  # one in another område may not read the cases
    for position, other in zip(chefs, (*chefs[1:], chefs[0]), strict=True):
        position.substitute_id = other.id
    stage.changed()
    assert "Allt är i ordning" in stage.desk(lonely)
    assert "Här väntar inget" in stage.acting.reads(lonely, f"{DESK}/sena")
    assert "På samordnarens bord" in stage.acting.reads(lonely, "/")
    assert "samordnarens bord" not in stage.acting.reads(stage.bup, "/").casefold()


def test_a_manager_nobody_has_named_yet_answers_as_the_list_of_absences_says(stage: Stage) -> None:
    lonely = stage.world.samordnare("kommun-2380/kultur-fritid")
    assert "Svarar inte i dag" not in stage.desk(lonely)
    assert "Alla chefer svarar i dag" in stage.acting.reads(lonely, "/ersattare")
    stage.world.position("chef-fritid-2380").vacant = True
    stage.changed()
    assert "Svarar inte i dag" in stage.desk(lonely)


def test_the_desk_counts_what_its_list_and_the_page_of_absences_show(stage: Stage) -> None:
    """A substitute who does not answer is none; the manager above is nobody's substitute, but answers."""
    session, today = stage.world.session, stage.now.date()
    region = desks.as_samordnare(stage.other_sam)
    slugs = ("chef-bup-behandling", "chef-bup-mottagning", "chef-barnhab")
    first, second, third = (stage.world.position(slug) for slug in slugs)

    def lacking() -> list[int]:
        stage.changed()
        found = standing_in.without_substitute(session, region, today)
        heap = desks.heap(session, region, Pile.SUBSTITUTES, today)
        assert desks.counts(session, region, today)[Pile.SUBSTITUTES] == len(found)
        assert [line.title for line in heap.lines] == [one.unit for one in found[:PAGE_SIZE]]
        assert standing_in.standing_list(session, stage.other_sam, today).alone == found
        return [one.id for one in found]

    first.substitute_id, second.substitute_id, third.substitute_id = second.id, third.id, None
    assert {first.id, second.id, third.id} & set(lacking()) == {third.id}
    third.vacant = True
    assert lacking()[0] == third.id  # who does not answer today comes first
    assert {first.id, second.id} & set(lacking()) == {second.id}
    second.vacant = True
    assert {first.id, second.id, third.id} <= set(lacking())
    own = desks.as_samordnare(stage.sam)
    assert not {one.id for one in standing_in.without_substitute(session, own, today)} & {first.id, second.id, third.id}


def test_several_omraden_can_be_looked_at_one_by_one(stage: Stage) -> None:
    stage.fill()
    both = stage.world.samordnare("kommun-2380/utbildning", "kommun-2380/kultur-fritid")
    own, empty = (stage.world.omrade(f"kommun-2380/{name}").id for name in ("utbildning", "kultur-fritid"))
    number = stage.world.session.scalars(select(Avvikelse.number)).first() or ""
    assert number in stage.acting.reads(both, f"{DESK}?omrade={own}")
    assert number not in stage.acting.reads(both, f"{DESK}?omrade={empty}")
    assert "Alla mina områden" in stage.acting.reads(both, DESK)


def test_a_thousand_rows_are_asked_for_with_the_same_few_questions(stage: Stage) -> None:
    case = stage.fill()
    session, today = stage.world.session, stage.now.date()
    sam = desks.as_samordnare(stage.sam)
    desks.desk(session, sam, today)

    def ask() -> int:
        with counted(session) as statements:
            desks.desk(session, sam, today)
        return len(statements)

    few = ask()
    _copies(session, case, 1_000)
    assert desks.counts(session, sam, today)[Pile.SENTENCES] == 999  # counted so far and no further
    assert ask() == few <= MOST_QUESTIONS
    heaps = {heap.pile: heap for heap in desks.desk(session, sam, today)}
    assert len(heaps[Pile.SENTENCES].cases.rows) == desks.SHORT  # type: ignore[union-attr]
    page = stage.acting.get(stage.sam, f"{DESK}/gruppmeningar?sida=2")
    assert page.get_data(as_text=True).count("av-table__lead") == 50


def _copies(session: Session, case: Avvikelse, number: int) -> None:
    """The same case many times over, past the services."""
    session.flush()
    table, party = Avvikelse.__table__, Party.__table__
    row = dict(session.execute(select(table).where(table.c.id == case.id)).mappings().one())
    parties = [dict(r) for r in session.execute(select(party).where(party.c.avvikelse_id == case.id)).mappings()]
    start = 10_000
    session.execute(
        insert(Avvikelse),
        [
            row | {"id": start + n, "ref": f"copy{n:012}", "number": f"C-{n}", "idempotency_key": None}
            for n in range(number)
        ],
    )
    for one in parties:
        one.pop("id")
        session.execute(insert(Party), [one | {"avvikelse_id": start + n} for n in range(number)])


# --- gruppmeningar in a row -------------------------------------------------------------------------------------------


def test_sentences_are_written_one_after_the_other(stage: Stage) -> None:
    cases = [stage.world.report(stage.reporter, "bup-behandling") for _ in range(3)]
    page = stage.acting.reads(stage.sam, f"{DESK}/gruppmeningar/skriv")
    assert "3 meningar kvar" in page
    assert cases[0].number in page
    triage.write_gruppmening(
        stage.world.session, stage.other_sam, cases[1].ref, "Kallelsen kom för sent till oss.", now=stage.now
    )
    write = f"{DESK}/gruppmeningar/skriv/{{ref}}"
    stage.acting.does(stage.sam, write.format(ref=cases[0].ref), gruppmening="Kallelsen kom tre dagar före mötet.")
    page = stage.acting.get(stage.sam, f"{DESK}/gruppmeningar/skriv").get_data(as_text=True)
    assert "Kallelsen kom för sent till oss." in page  # the other side's words, to approve or to change
    stage.acting.does(stage.sam, write.format(ref=cases[1].ref), gruppmening="Kallelsen kom för sent till oss.")
    assert "Du har gått igenom alla" in stage.acting.reads(stage.sam, f"{DESK}/gruppmeningar/skriv?hoppa=1")
    stage.acting.does(stage.sam, write.format(ref=cases[2].ref), gruppmening="Ingen visste vem som skulle kalla.")
    assert "Alla ärenden har en gruppmening" in stage.acting.reads(stage.sam, f"{DESK}/gruppmeningar/skriv")
    for case in cases:
        stage.world.session.refresh(case)
        assert case.gruppmening_approved_at is not None


def test_a_sentence_with_personal_data_is_given_back_and_nobody_else_writes(stage: Stage) -> None:
    case = stage.world.report(stage.reporter, "bup-behandling")
    address = f"{DESK}/gruppmeningar/skriv/{case.ref}"
    answer = stage.acting.sends(stage.sam, address, gruppmening="Ring mamman på 070-123 45 67.")
    assert answer.status_code == 422
    assert "Ring mamman" in answer.get_data(as_text=True)
    stranger = stage.world.samordnare("kommun-2380/kultur-fritid")
    assert stage.acting.sends(stranger, address, gruppmening="Kallelsen kom för sent.").status_code == 404
    assert stage.acting.sends(stage.bup, address, gruppmening="Kallelsen kom för sent.").status_code == 403
    stage.world.session.refresh(case)
    assert case.gruppmening is None
