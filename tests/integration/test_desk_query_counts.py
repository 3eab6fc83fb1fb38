"""The pages of a group's desk, and Läget, ask the same number of questions with 3 rows as with 30."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from itertools import count

import pytest
from sqlalchemy.orm import Session

from avvikelse.domain.actor import Actor
from avvikelse.domain.group_words import MeetingStatus, StoryStatus
from avvikelse.models.learning import LearningStory
from avvikelse.models.meetings import GroupMeeting
from avvikelse.models.themes import ProblemTypeCase
from avvikelse.services import group_decisions, group_questions, themes
from avvikelse.services.group_decisions import DecisionText
from avvikelse.services.refs import new_ref
from avvikelse.services.themes import ThemeWords
from tests.support.client import CheckingClient
from tests.support.group_cases import case
from tests.support.login import log_in
from tests.support.queries import counted
from tests.support.world import World

pytestmark = pytest.mark.usefixtures("clock")
FEW, MANY = 3, 30
GROUP = "birger"


def decision(world: World, convenor: Actor, number: int) -> None:
    words = DecisionText(f"Beslut {number}.", "BUP", world.now.date() + timedelta(days=30))
    group_decisions.decide(world.session, convenor, world.group(GROUP).id, words, publish=True, now=world.now)


def question(world: World, convenor: Actor, number: int) -> None:
    group_questions.put(world.session, convenor, world.group(GROUP).id, f"Fråga {number}?", now=world.now)


def theme(world: World, convenor: Actor, number: int) -> None:
    words = ThemeWords(f"Tema {number}", "Något som kommer igen.", "BUP")
    made = themes.add(world.session, convenor, world.group(GROUP).id, words, now=world.now)
    row = case(world, GROUP, date(2026, 3, 2))
    world.session.add(ProblemTypeCase(problem_type_id=made.id, avvikelse_id=row.id, confirmed_at=world.now))


def sentence(world: World, convenor: Actor, number: int) -> None:
    theme(world, convenor, number)
    case(
        world, GROUP, date(2026, 3, 2), gruppmening=f"Mening {number} kommer igen.",
        gruppmening_approved_at=world.now,
    )  # fmt: skip


def meeting(world: World, _convenor: Actor, number: int) -> None:
    world.session.add(
        GroupMeeting(
            ref=new_ref(), group_id=world.group(GROUP).id, meets_on=date(2026, 3, 12) + timedelta(days=number),
            kind="ordinarie", status=MeetingStatus.PLANNED,
        )
    )  # fmt: skip


def story(world: World, convenor: Actor, number: int) -> None:
    world.session.add(
        LearningStory(
            ref=new_ref(), pack_id=world.pack.id, avvikelse_id=case(world, GROUP, date(2026, 3, 2)).id,
            category="A1", sender_kind="grundskola", receiver_kind="bup", title=f"Berättelse {number}", event="x",
            measure="y", effect="z", tags=[], stems=" x ", status=StoryStatus.PUBLISHED, written_at=world.now,
            written_by_user_id=convenor.user_id, published_at=world.now,
        )
    )  # fmt: skip


# page: what there is more of, its address, at most so many statements in the request (with log-in and roles)
PAGES: dict[str, tuple[Callable[[World, Actor, int], None], str, int]] = {
    "overview": (decision, "/grupper/{group}", 28),
    "decisions": (decision, "/grupper/{group}/beslut", 16),
    "questions": (question, "/grupper/{group}/fragor", 18),
    "themes": (theme, "/grupper/{group}/teman", 18),
    "sentences": (sentence, "/grupper/{group}/meningar", 20),
    "meetings": (meeting, "/grupper/{group}/moten", 16),
    "board": (theme, "/laget/jamtland-harjedalen", 22),
    "library": (story, "/laget/bibliotek", 14),
}


@pytest.mark.parametrize("name", PAGES)
def test_the_number_of_statements_does_not_grow(
    client: CheckingClient, session: Session, now: datetime, name: str
) -> None:
    more, address, at_most = PAGES[name]
    world = World.of(session, now)
    convenor, numbers = world.convenor(GROUP), count(1)
    log_in(client, convenor.user_id or 0)
    page = address.format(group=world.group(GROUP).id)

    def ask(number: int, numbers: Iterator[int]) -> tuple[int, int]:
        for _ in range(number):
            more(world, convenor, next(numbers))
        session.flush()
        client.get(page)  # what is read once per process is read now
        with counted(session) as statements:
            answer = client.get(page)
        assert answer.status_code == 200
        return len(statements), len(answer.data)

    few, short = ask(FEW, numbers)
    many, long = ask(MANY - FEW, numbers)
    assert long > short  # the page really shows more
    assert many == few
    assert many <= at_most, many
