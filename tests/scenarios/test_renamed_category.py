"""F 13.04: a category gets another name. An old case goes on under the name of its day, wherever it is told of."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from avvikelse.domain import codes
from avvikelse.domain.codes import Category
from avvikelse.domain.searchterms import stems
from avvikelse.domain.vocabulary import AnswerKind, Rating
from avvikelse.domain.workdays import local_date
from avvikelse.models.avvikelse import Avvikelse
from avvikelse.models.search import SearchDocument
from avvikelse.queries import changes, library, similar_open
from avvikelse.queries import voices as voice_pages
from avvikelse.queries.similar_open import Near
from avvikelse.services import answers, atgarder, handling, search_index, stories, voices
from avvikelse.services.answers import AnswerText
from avvikelse.services.stories import StoryWords
from tests.conftest import Clock
from tests.support.world import World

pytestmark = pytest.mark.usefixtures("clock")
OLD, NEW = "Giraffen uteblev", "Zebran dröjde"
LAST_DAY = date(2026, 3, 11)


@pytest.fixture(autouse=True)
def renamed(monkeypatch: pytest.MonkeyPatch) -> None:
    """The day after the case was reported."""
    known = codes._CATEGORY["A2"]
    row = Category("A2", NEW, "", known.group_code, known.group, earlier=((LAST_DAY, OLD),))
    monkeypatch.setitem(codes._CATEGORY, "A2", row)


def search_words(world: World, case: Avvikelse) -> str:
    return world.session.query(SearchDocument.stems).filter_by(avvikelse_id=case.id, omrade_id=None).scalar()


def test_an_old_case_keeps_the_name_wherever_it_is_told_of(world: World, clock: Clock) -> None:
    session = world.session
    teacher, colleague = world.reporter("skola-2380"), world.reporter("skola-2380", "kollegan")
    bup = world.chef("chef-bup-behandling")
    sender, receiver = world.samordnare("kommun-2380/utbildning"), world.samordnare("region-jh")
    old = world.report(teacher, "bup-behandling")
    world.now = clock.move(days=1)
    new = world.report(teacher, "bup-behandling")

    # Those who are about to report, and those who have said "jag också".
    near = Near(world.unit("skola-2380").id, world.unit("bup-behandling").id)
    offered = similar_open.similar_open(session, colleague, near, local_date(world.now))
    assert {one.id: one.problem for one in offered} == {old.id: OLD, new.id: NEW}
    mine = similar_open.own_open(session, receiver, near.enhet_id, None, local_date(world.now))
    assert {one.ref: one.problem for one in mine} == {old.ref: OLD, new.ref: NEW}
    voice = voices.join(session, colleague, near, old.id, now=world.now)
    assert [line.problem for line in voice_pages.my_voices(session, colleague)] == [OLD]
    assert voice_pages.voice_page(session, colleague, voice.ref).problem == OLD

    # The search index, also when it is written anew.
    giraffe, zebra = stems(OLD)[0], stems(NEW)[0]
    search_index.refresh(session, old)
    assert giraffe in search_words(world, old)
    assert zebra not in search_words(world, old)
    assert zebra in search_words(world, new)

    # What changed, and the story of it.
    handling.accept(session, bup, old.ref, now=world.now)
    atgard = atgarder.add(session, bup, old.ref, "M01", "Vi ringer.", LAST_DAY + timedelta(days=9), now=world.now)
    atgarder.do(session, bup, atgard.id, local_date(world.now), "Vi ringer.", now=world.now)
    (change,) = changes.of_reporter(session, teacher, LAST_DAY, LAST_DAY + timedelta(days=30))
    assert OLD.lower() in change.sentence.lower()
    quick = AnswerText(AnswerKind.QUICK, what_happened="Sent.", what_now="Tidigare.")
    answers.answer(session, bup, old.ref, quick, now=world.now)
    answers.feedback(session, teacher, old.ref, Rating.JA, "", now=world.now)
    told = StoryWords("Kallelsen kom sent", "Mötet blev utan BUP.", "Vi ringer.", "Det fungerar.", "sip")
    story = stories.write(session, receiver, old.ref, told, now=world.now)
    stories.approve(session, sender, old.ref, now=world.now)
    assert library.story(session, story.ref).about.startswith(OLD)
    assert [one.about.split(".")[0] for one in library.shelf(session, "giraffen", "", 1).rows] == [OLD]
    assert library.shelf(session, "zebran", "", 1).rows == ()
    assert library.newest(session, world.pack.slug)[0].about.startswith(OLD)
