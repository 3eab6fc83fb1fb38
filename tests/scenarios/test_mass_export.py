"""A34: whoever fetches file after file is stopped, it is remembered, and nobody else has to wait for it."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask, Response
from sqlalchemy import func, select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from avvikelse.domain.actor import Actor
from avvikelse.domain.errors import NotFound
from avvikelse.domain.events import Event
from avvikelse.domain.vocabulary import Role
from avvikelse.models.audit import AuditEvent
from avvikelse.models.identity import Throttle
from avvikelse.services import throttle
from avvikelse.web import internal_control
from avvikelse.web.downloads import PER_NETWORK, PER_PERSON, assert_named_as_file
from tests.support.acting import Acting
from tests.support.client import CheckingClient
from tests.support.world import World

TWENTY = 20
NETWORK = "203.0.113.7"


class Stage:
    def __init__(self, world: World, acting: Acting, clock: Any) -> None:
        self.world, self.acting, self.clock, self.session = world, acting, clock, world.session
        self.sam = world.samordnare("kommun-2380/utbildning")
        self.other = world.samordnare("region-jh")
        self.year = clock.now.year

    def file(self, who: Actor) -> TestResponse:
        return self.acting.get(
            who, f"/internkontroll/{min(who.omrade_ids(Role.SAMORDNARE))}/{self.year}/internkontroll.csv"
        )

    def refused(self) -> list[dict[str, Any]]:
        return list(self.session.scalars(select(AuditEvent.detail).where(AuditEvent.event == Event.REFUSED)))


@pytest.fixture
def stage(session: Session, client: CheckingClient, clock: Any) -> Stage:
    world = World.of(session, clock.now)
    return Stage(world, Acting(client, world), clock)


def test_a34_twenty_files_in_a_row_meet_the_brake_and_are_remembered(stage: Stage) -> None:
    answers = [stage.file(stage.sam) for _ in range(TWENTY)]
    assert [answer.status_code for answer in answers] == [200] * PER_PERSON + [429] * (TWENTY - PER_PERSON)
    last = answers[-1]
    assert 0 < int(last.headers["Retry-After"]) <= throttle.WINDOW.total_seconds() + 1
    assert "Du har hämtat många filer på kort tid" in last.get_data(as_text=True)
    assert "Content-Disposition" not in last.headers
    records = stage.refused()
    assert [(one["status"], one["endpoint"]) for one in records] == [(429, "internal_control.as_csv")] * 5


def test_a34_only_files_and_only_hers_are_braked_and_only_for_a_while(stage: Stage) -> None:
    for _ in range(PER_PERSON + 1):
        held = stage.file(stage.sam)
    assert held.status_code == 429
    assert stage.file(stage.other).status_code == 200
    assert stage.acting.get(stage.sam, "/internkontroll").status_code == 200
    stage.clock.move(seconds=int(held.headers["Retry-After"]))
    assert stage.file(stage.sam).status_code == 200


def test_a34_many_others_do_not_make_the_brake_tighter(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where passwords are guessed limits shrink under attack; here one in a hurry could stop a whole region."""
    monkeypatch.setattr(throttle, "GLOBAL_LIMIT", 1)
    for _ in range(PER_PERSON + 1):
        stage.file(stage.other)
    assert [stage.file(stage.sam).status_code for _ in range(PER_PERSON)] == [200] * PER_PERSON


def test_a34_the_next_file_waits_until_the_one_before_is_made(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    """While one is made the same person gets no other, others do; afterwards, also when it failed, she does again."""
    meanwhile: list[int] = []

    def slow(*args: Any) -> Any:
        monkeypatch.undo()
        meanwhile.extend([stage.file(stage.sam).status_code, stage.file(stage.other).status_code])
        raise NotFound

    monkeypatch.setattr(internal_control, "sections_csv", slow)
    assert stage.file(stage.sam).status_code == 404
    assert meanwhile == [429, 200]
    assert stage.file(stage.sam).status_code == 200


def test_a34_a_stranger_is_sent_to_log_in_and_not_counted(stage: Stage) -> None:
    """What is refused at the door costs nothing: no counter is written for it."""
    address = f"/internkontroll/{min(stage.sam.omrade_ids(Role.SAMORDNARE))}/{stage.year}/internkontroll.csv"
    stage.acting.client.post("/logga-ut")
    assert {stage.acting.client.get(address).status_code for _ in range(TWENTY)} == {302}
    assert stage.session.scalar(select(func.count()).select_from(Throttle)) == 0


def test_a34_where_nobody_is_logged_in_the_network_is_counted(
    client: CheckingClient, stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("avvikelse.web.downloads.PER_NETWORK", 2)
    address = f"/sammanstallningar/1/{stage.year}/tabell.csv"

    def ask(network: str) -> int:
        return client.get(address, environ_base={"REMOTE_ADDR": network}).status_code

    client.post("/logga-ut")
    assert [ask(NETWORK) for _ in range(3)] == [404, 404, 429]
    assert ask("198.51.100.9") == 404
    assert PER_NETWORK > PER_PERSON


def test_a34_a_file_behind_an_address_like_a_page_is_found_by_the_tests(app: Flask) -> None:
    """The brake goes by how the address ends."""
    file = Response("x", headers={"Content-Disposition": "attachment"})
    with app.test_request_context("/internkontroll"), pytest.raises(AssertionError, match="does not end like one"):
        assert_named_as_file(file)
    with app.test_request_context("/internkontroll/1/2026/internkontroll.csv"):
        assert assert_named_as_file(file) is file
