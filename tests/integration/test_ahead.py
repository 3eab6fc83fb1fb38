"""What takes long is computed before anything is locked, and again if something has happened meanwhile."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from itertools import pairwise
from typing import Any

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from avvikelse.analysis.month_content import from_json
from avvikelse.domain.actor import SYSTEM
from avvikelse.domain.errors import Conflict
from avvikelse.domain.events import Event
from avvikelse.domain.group_words import MeetingKind, MeetingStatus
from avvikelse.jobs import tasks_month
from avvikelse.jobs.house import House
from avvikelse.models.meetings import GroupMeeting
from avvikelse.services import annual, audit, meeting_papers, refs, wide
from avvikelse.services import month as months
from tests.support.group_cases import case
from tests.support.world import World

GROUP, FEBRUARY = "birger", "2026-02"


def happened(world: World, event: Event, **about: Any) -> None:
    audit.record(world.session, SYSTEM, event, now=world.now, **about)
    world.session.flush()


def planned(world: World) -> GroupMeeting:
    row = GroupMeeting(
        ref=refs.new_ref(), group_id=world.group(GROUP).id, meets_on=date(2026, 3, 20), kind=MeetingKind.ORDINARY,
        status=MeetingStatus.PLANNED,
    )  # fmt: skip
    world.session.add(row)
    world.session.flush()
    return row


def test_a_month_that_was_read_ahead_is_stored_as_it_was_read(world: World) -> None:
    group_id = world.group(GROUP).id
    ahead = months.month_ahead(world.session, group_id, FEBRUARY, world.now)
    row = case(world, GROUP, date(2026, 2, 3))  # unseen: nothing in the log says that it came
    happened(world, Event.CASE_READ, avvikelse_id=row.id)
    made = months.make_month(world.session, group_id, FEBRUARY, world.now, ahead=ahead)
    assert from_json(made.content).news.total == 0


def test_it_is_computed_again_when_something_has_happened(world: World) -> None:
    group_id = world.group(GROUP).id
    ahead = months.month_ahead(world.session, group_id, FEBRUARY, world.now)
    row = case(world, GROUP, date(2026, 2, 3))
    happened(world, Event.MASKED, avvikelse_id=row.id)
    made = months.make_month(world.session, group_id, FEBRUARY, world.now, ahead=ahead)
    assert from_json(made.content).news.total == 1


def test_what_was_read_for_another_month_is_not_used(world: World) -> None:
    group_id = world.group(GROUP).id
    case(world, GROUP, date(2026, 1, 3))
    ahead = months.month_ahead(world.session, group_id, "2026-01", world.now)
    made = months.make_month(world.session, group_id, FEBRUARY, world.now, ahead=ahead)
    assert made.content["month"] == FEBRUARY


def test_papers_and_annual_reports_do_the_same(world: World) -> None:
    meeting, actor, group_id = planned(world), world.convenor(GROUP), world.group(GROUP).id
    papers = meeting_papers.papers_ahead(world.session, meeting.id, now=world.now)
    report = annual.report_ahead(world.session, actor, group_id, 2026, now=world.now)
    row = case(world, GROUP, date(2026, 3, 3))
    unseen = annual.make(world.session, actor, group_id, 2026, now=world.now, ahead=report)
    assert "1 rapport" not in str(unseen.content["own"])
    happened(world, Event.GRUPPMENING_APPROVED, avvikelse_id=row.id)
    seen = annual.make(world.session, actor, group_id, 2026, now=world.now, ahead=report)
    assert "1 rapport" in str(seen.content["own"])
    made = meeting_papers.make_papers(world.session, meeting.id, now=world.now, ahead=papers)
    assert from_json(made.content).news.total == 1


def test_two_groups_do_not_publish_past_each_other(world: World) -> None:
    for number in range(12):
        case(world, GROUP, date(2026, 1, 3), category="A1" if number % 2 else "C1")
    actor, group_id = world.convenor(GROUP), world.group(GROUP).id
    ahead = wide.wide_ahead(world.session, actor, group_id, now=world.now)
    happened(world, Event.WIDE_PUBLISHED, group_id=group_id + 1)
    with pytest.raises(Conflict, match="medan era räknades fram"):
        wide.publish_wide(world.session, actor, group_id, ahead, now=world.now)
    again = wide.wide_ahead(world.session, actor, group_id, now=world.now)
    happened(world, Event.MASKED, avvikelse_id=1)  # no other table: it stands as it was read
    assert wide.publish_wide(world.session, actor, group_id, again, now=world.now).months == 2


def noting(compute: Callable[..., Any], seen: list[str]) -> Callable[..., Any]:
    def noted(*arguments: Any, **named: Any) -> Any:
        seen.append("computed")
        return compute(*arguments, **named)

    return noted


def test_the_jobs_compute_while_others_may_write(
    app: Flask, database: Any, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    case(world, GROUP, date(2026, 2, 3))
    planned(world)
    world.session.commit()
    seen: list[str] = []
    transaction = House.transaction

    @contextmanager
    def noted(house: House, *, writing: bool = True) -> Iterator[Session]:
        with transaction(house, writing=writing) as session:
            seen.append("writing" if writing else "reading")
            yield session

    monkeypatch.setattr(House, "transaction", noted)
    for module in (months, meeting_papers):
        monkeypatch.setattr(module, "compute_month", noting(module.compute_month, seen))
    house = House(app.extensions["settings"], database)
    tasks_month.publish(house, world.now)
    tasks_month.prepare(house, world.now)
    assert "computed" in seen
    assert all(before == "reading" for before, this in pairwise(seen) if this == "computed")
