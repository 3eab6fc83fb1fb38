"""A händelsebeskrivning: written by one side, approved by the other, then read by all; nobody learns its case."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from avvikelse.domain.actor import Actor
from avvikelse.domain.group_words import StoryStatus
from avvikelse.domain.vocabulary import AnswerKind, Rating
from avvikelse.models.learning import LearningStory
from avvikelse.models.outbox import OutboxMail
from avvikelse.services import answers, handling
from avvikelse.services.answers import AnswerText
from tests.support.browsing import words
from tests.support.client import CheckingClient
from tests.support.login import log_in
from tests.support.world import World

WORDS: dict[str, Any] = {
    "title": "Kallelsen kom för sent", "event": "Den som behövdes kunde inte komma till mötet.",
    "measure": "Kallelsen går nu ut tio dagar före.", "effect": "Mötena hålls som planerat sedan i våras.",
    "tags": "SIP, Kallelser",
}  # fmt: skip


class Stage:
    def __init__(self, world: World, client: CheckingClient) -> None:
        self.world, self.client = world, client
        self.reporter, bup = world.reporter("skola-2380"), world.chef("chef-bup-behandling")
        self.sender, self.receiver = world.samordnare("kommun-2380/utbildning"), world.samordnare("region-jh")
        self.outsider = world.reporter("fritid-2380")
        self.case = world.report(self.reporter, "bup-behandling")
        session, now = world.session, world.now
        handling.accept(session, bup, self.case.ref, now=now)
        quick = AnswerText(AnswerKind.QUICK, what_happened="Sent.", what_now="Tidigare.")
        answers.answer(session, bup, self.case.ref, quick, now=now)
        answers.feedback(session, self.reporter, self.case.ref, Rating.JA, "", now=now)
        self.page = f"/avvikelser/{self.case.ref}"

    def get(self, actor: Actor, address: str) -> TestResponse:
        log_in(self.client, actor.user_id or 0, now=self.world.now)
        return self.client.get(address)

    def send(self, actor: Actor, slug: str, *, status: int = 302, **fields: Any) -> TestResponse:
        log_in(self.client, actor.user_id or 0, now=self.world.now)
        answer = self.client.post(f"{self.page}/{slug}", data=fields)
        assert answer.status_code == status, (slug, answer.status_code, words(answer)[:400])
        return answer

    def told(self) -> LearningStory:
        return self.world.session.scalars(select(LearningStory)).one()


@pytest.fixture
def stage(session: Session, client: CheckingClient, clock: Any) -> Stage:
    return Stage(World.of(session, clock.now), client)


def test_both_sides_approve_before_anybody_else_reads(stage: Stage) -> None:
    stage.send(stage.receiver, "beratta", **WORDS)
    story = stage.told()
    assert story.status is StoryStatus.WAITING
    assert stage.get(stage.outsider, f"/laget/bibliotek/{story.ref}").status_code == 404
    assert "Inget att visa" in words(stage.get(stage.outsider, "/laget/bibliotek"))
    told = stage.world.session.scalars(
        select(OutboxMail.recipient_user_id).where(OutboxMail.notice == "story_to_approve")
    )
    assert told.all() == [stage.sender.user_id]
    stage.send(stage.sender, "godkann-berattelse")
    page = stage.get(stage.outsider, f"/laget/bibliotek/{story.ref}")
    assert "Kallelsen går nu ut tio dagar före." in words(page)
    for secret in (stage.case.ref, stage.case.number, "Grundskola"):
        assert secret not in page.get_data(as_text=True)
    for query in ("kallelse", "kallelserna", "möten planera", "sip"):  # the same stems as everywhere
        assert "Kallelsen kom för sent" in words(stage.get(stage.outsider, f"/laget/bibliotek?q={query}")), query
    assert "Kallelsen kom för sent" in words(stage.get(stage.outsider, "/laget/bibliotek?etikett=sip"))
    assert "Kallelsen kom för sent" not in words(stage.get(stage.outsider, "/laget/bibliotek?q=habilitering"))


def test_other_words_need_the_other_side_again(stage: Stage) -> None:
    stage.send(stage.receiver, "beratta", **WORDS)
    stage.send(stage.sender, "beratta", **(WORDS | {"event": "Fel person kom till mötet."}))
    assert stage.told().status is StoryStatus.WAITING
    stage.send(stage.receiver, "godkann-berattelse")
    assert stage.told().status is StoryStatus.PUBLISHED
    stage.send(stage.receiver, "dra-in-berattelse")
    assert stage.get(stage.outsider, f"/laget/bibliotek/{stage.told().ref}").status_code == 404


def test_who_has_no_part_writes_nothing_and_personal_data_goes_nowhere(stage: Stage) -> None:
    stage.send(stage.outsider, "beratta", status=404, **WORDS)
    stage.send(stage.reporter, "beratta", status=403, **WORDS)
    refused = stage.send(stage.receiver, "beratta", status=422, **(WORDS | {"effect": "Ring 070-123 45 67."}))
    assert "elefon" in words(refused)
    assert stage.world.session.scalars(select(LearningStory)).all() == []
