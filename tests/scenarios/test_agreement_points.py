"""MS10: which point of an avtal breaks most, which is missing, and one press that puts it on the agenda."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from avvikelse.domain.actor import SYSTEM
from avvikelse.domain.events import Event
from avvikelse.models.agreements import Avtal, Avtalspunkt
from avvikelse.models.avvikelse import Avvikelse
from avvikelse.models.meetings import AgendaItem
from avvikelse.services import audit
from tests.support.acting import Acting
from tests.support.browsing import words
from tests.support.client import CheckingClient
from tests.support.group_cases import SECRET, case
from tests.support.queries import counted
from tests.support.world import World

GROUP, ELSEWHERE = "birger", "lokal-2303"


@dataclass
class Stage(Acting):
    clock: Any

    def __post_init__(self) -> None:
        self.convenor, self.member = self.world.convenor(GROUP), self.world.member(GROUP)
        self.page = f"/grupper/{self.world.group(GROUP).id}/avtal"
        pack_id = self.world.pack.id
        avtal = self.world.session.scalars(select(Avtal).where(Avtal.pack_id == pack_id).order_by(Avtal.id)).first()
        assert avtal is not None
        self.first, self.second = (
            Avtalspunkt(
                pack_id=pack_id, slug=f"prov-{n}", avtal_id=avtal.id, number=f"{n}.1", text=f"Punkten {n} gäller."
            )
            for n in (1, 2)
        )
        self.world.session.add_all((self.first, self.second))
        self.world.session.flush()

    def cases(self, number: int, **changes: Any) -> None:
        for n in range(number):
            case(self.world, GROUP, date(2026, 1, 2 + n % 25), **changes)


@pytest.fixture
def stage(session: Session, client: CheckingClient, clock: Any) -> Stage:
    return Stage(client, World.of(session, clock.now), clock)


def test_ranked_with_pairs_and_small_ones_without_number(stage: Stage) -> None:
    stage.cases(3, avtalspunkt_id=stage.first.id)
    stage.cases(7, avtalspunkt_id=stage.second.id)
    stage.cases(4, category="C1")
    shown = stage.reads(stage.member, stage.page)
    assert "4 av 14 ärenden anger ingen punkt" in shown
    first, second = shown.index(stage.first.text[:40]), shown.index(stage.second.text[:40])
    assert second < first
    assert "färre än 5" in shown[first:]
    assert "rapporterar, gäller" in shown[second:first]
    assert "Saknas en punkt?" in shown
    assert SECRET not in shown
    # A point of an avtal that no longer holds stays under its old version.
    stage.world.session.get_one(Avtal, stage.second.avtal_id).active_to = date(2026, 2, 1)
    assert "tidigare version" in stage.reads(stage.member, stage.page)


def test_a_point_that_the_reporter_did_not_know_is_told_as_a_share(stage: Stage) -> None:
    stage.cases(9, avtalspunkt_id=stage.first.id)
    stage.cases(3, avtalspunkt_id=stage.second.id)
    rows = stage.world.session.scalars(select(Avvikelse).order_by(Avvikelse.id.desc())).all()

    def set_afterwards(row: Avvikelse, before: int | None) -> None:
        detail = {"point": [before, row.avtalspunkt_id], "none": False}
        now = stage.world.now
        audit.record(stage.world.session, SYSTEM, Event.AVTALSPUNKT_SET, now=now, avvikelse_id=row.id, detail=detail)

    mine = [row for row in rows if row.avtalspunkt_id == stage.first.id]
    for row in mine[:4]:
        set_afterwards(row, None)
    set_afterwards(mine[0], stage.second.id)  # changed again: still one case
    set_afterwards(mine[8], stage.second.id)  # the reporter named another: she knew of the avtal
    assert "9 färre än 5" in stage.reads(stage.member, stage.page)
    for row in mine[4:6]:
        set_afterwards(row, None)
    assert "9 6 av 9" in stage.reads(stage.member, stage.page)


def test_one_press_puts_it_on_the_agenda_once(stage: Stage) -> None:
    stage.cases(7, avtalspunkt_id=stage.first.id)
    press = f"{stage.page}/{stage.first.id}/revidera"
    no_meeting = stage.sends(stage.convenor, press)
    assert no_meeting.status_code == 409
    assert "Sätt dag för nästa möte" in words(no_meeting)
    day = (stage.clock.now + timedelta(days=9)).date().isoformat()
    stage.does(stage.convenor, stage.page.replace("avtal", "ny/mote"), meets_on=day, kind="ordinarie")
    stage.does(stage.convenor, press)
    assert stage.sends(stage.convenor, press).status_code == 409
    titles = stage.world.session.scalars(select(AgendaItem.title)).all()
    assert [title for title in titles if title.startswith("Förslag till revidering")] == [
        f"Förslag till revidering: {stage.first.avtal.name}, punkt {stage.first.number}"
    ]


def test_who_may_not(stage: Stage) -> None:
    stage.cases(7, avtalspunkt_id=stage.first.id)
    press = f"{stage.page}/{stage.first.id}/revidera"
    foreign = stage.world.convenor(ELSEWHERE)
    assert stage.get(foreign, stage.page).status_code == 404
    assert stage.sends(foreign, press).status_code == 404
    assert stage.sends(stage.member, press).status_code == 403
    assert stage.sends(stage.convenor, f"{stage.page}/999999/revidera").status_code == 404
    assert stage.world.session.scalars(select(AgendaItem)).all() == []


def test_the_page_asks_the_same_whatever_there_is(stage: Stage) -> None:
    sizes = []
    for number in (6, 30):
        stage.cases(number, avtalspunkt_id=stage.first.id)
        stage.get(stage.member, stage.page)
        with counted(stage.world.session) as statements:
            stage.get(stage.member, stage.page)
        sizes.append(len(statements))
    assert sizes[0] == sizes[1]
    assert sizes[0] <= 12, sizes
