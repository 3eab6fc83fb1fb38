"""services/drafts: one row per draft, own only, guarded, purged after 30 days."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from avvikelse.domain.actor import NOBODY, Actor
from avvikelse.domain.errors import NotFound
from avvikelse.models.avvikelse import ReportDraft
from avvikelse.services import drafts, purging
from tests.support.world import World


@pytest.fixture
def her(world: World) -> Actor:
    return world.reporter("bup-behandling")


def count(session: Session) -> int:
    return session.scalar(select(func.count()).select_from(ReportDraft)) or 0


def test_saving_again_replaces(session: Session, her: Actor, now: datetime) -> None:
    first = drafts.save(session, her, "rapport", {"description": "Början."}, ref=None, now=now)
    later = now + timedelta(minutes=1)
    again = drafts.save(session, her, "rapport", {"description": "Slutet."}, ref=first.ref, now=later)
    assert (again.ref, count(session)) == (first.ref, 1)
    assert drafts.load(session, her, first.ref)["description"] == "Slutet."


def test_a_stopped_text_takes_its_earlier_version_with_it(session: Session, her: Actor, now: datetime) -> None:
    first = drafts.save(session, her, "rapport", {"description": "Början.", "proposal": "Ring."}, ref=None, now=now)
    fields = {"description": "Ring 070-174 06 05.", "proposal": "Ring."}
    saved = drafts.save(session, her, "rapport", fields, ref=first.ref, now=now)
    assert list(saved.stopped) == ["description"]
    assert drafts.load(session, her, first.ref) == {"proposal": "Ring."}


def test_nobody_reaches_anothers(session: Session, world: World, her: Actor, now: datetime) -> None:
    ref = drafts.save(session, her, "rapport", {"description": "Mitt."}, ref=None, now=now).ref
    other = world.reporter("skola-2380")
    with pytest.raises(NotFound):
        drafts.load(session, other, ref)
    with pytest.raises(NotFound):
        drafts.save(session, other, "rapport", {"description": "Ditt."}, ref=ref, now=now)
    with pytest.raises(NotFound):
        drafts.discard(session, other, ref)
    with pytest.raises(NotFound):
        drafts.save(session, NOBODY, "rapport", {}, ref=None, now=now)
    drafts.discard_if_mine(session, other, ref)
    assert drafts.load(session, her, ref)["description"] == "Mitt."


def test_purged_thirty_days_after_the_last_change(session: Session, her: Actor, now: datetime) -> None:
    ref = drafts.save(session, her, "rapport", {"description": "Text."}, ref=None, now=now).ref
    assert purging.drafts(session, now + timedelta(days=30)) == 0
    assert purging.drafts(session, now + timedelta(days=30, seconds=1)) == 1
    with pytest.raises(NotFound):
        drafts.load(session, her, ref)


def test_the_oldest_gives_way(session: Session, her: Actor, now: datetime) -> None:
    refs = [
        drafts.save(session, her, "rapport", {}, ref=None, now=now + timedelta(minutes=i)).ref
        for i in range(drafts.MAX_DRAFTS + 1)
    ]
    assert [draft.ref for draft in drafts.mine(session, her)] == refs[:0:-1]
