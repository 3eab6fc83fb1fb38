"""A34: who has a file in making is sent away at the door, which is cheap, honest about it, and knows nobody."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import event, func, select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from avvikelse.domain.actor import Actor
from avvikelse.domain.errors import NotFound
from avvikelse.domain.events import Event
from avvikelse.domain.vocabulary import Role
from avvikelse.models.audit import AuditEvent
from avvikelse.models.base import db
from avvikelse.models.identity import Throttle
from avvikelse.reports.sections import sections_csv
from avvikelse.web import internal_control
from avvikelse.web.security_headers import HEADERS
from tests.support.client import CheckingClient
from tests.support.login import log_in
from tests.support.world import World

NINETEEN = 19


class Stage:
    """A samordnare who is logged in once, and what she asks for while her first file is made."""

    def __init__(self, app: Flask, world: World, client: CheckingClient, monkeypatch: pytest.MonkeyPatch) -> None:
        self.app, self.world, self.client, self.patch = app, world, client, monkeypatch
        self.sam = world.samordnare("kommun-2380/utbildning")
        self.page = self.of(self.sam)
        self.file = f"{self.page}/internkontroll.csv"
        log_in(client, self.sam.user_id or 0)

    def of(self, who: Actor) -> str:
        return f"/internkontroll/{min(who.omrade_ids(Role.SAMORDNARE))}/{self.world.now.year}"

    def somebody_else(self) -> tuple[CheckingClient, str]:
        other, client = self.world.samordnare("region-jh"), self.app.test_client()
        assert isinstance(client, CheckingClient)
        log_in(client, other.user_id or 0)
        return client, f"{self.of(other)}/internkontroll.csv"

    def while_made(self, ask: Callable[[], Any], *, fails: bool = False) -> tuple[TestResponse, list[Any]]:
        """Fetch the file, and `ask` when it is being made."""
        found: list[Any] = []

        def slow(*args: Any) -> bytes:
            patched.setattr(internal_control, "sections_csv", sections_csv)  # others' files are made meanwhile
            found.append(ask())
            if fails:
                raise NotFound
            return sections_csv(*args)

        with self.patch.context() as patched:
            patched.setattr(internal_control, "sections_csv", slow)
            return self.client.get(self.file), found

    def records(self) -> list[dict[str, Any]]:
        found = select(AuditEvent.user_id, AuditEvent.detail).where(AuditEvent.event == Event.REFUSED)
        rows = self.world.session.execute(found).all()
        assert {user_id for user_id, _ in rows} <= {self.sam.user_id}
        return [dict(detail) for _, detail in rows]


@pytest.fixture
def stage(app: Flask, session: Session, client: CheckingClient, clock: Any, monkeypatch: pytest.MonkeyPatch) -> Stage:
    return Stage(app, World.of(session, clock.now), client, monkeypatch)


def test_a34_nineteen_more_are_sent_away_without_a_word_with_the_database(stage: Stage) -> None:
    asked: list[str] = []

    def listen(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        if not statement.startswith("RELEASE SAVEPOINT"):  # the test client's own, around each request
            asked.append(statement)

    def nineteen() -> list[TestResponse]:
        event.listen(db.engine, "before_cursor_execute", listen)
        try:
            return [stage.client.get(stage.file) for _ in range(NINETEEN)]
        finally:
            event.remove(db.engine, "before_cursor_execute", listen)

    made, [answers] = stage.while_made(nineteen)
    assert made.status_code == 200
    assert {answer.status_code for answer in answers} == {429}
    assert asked == []
    assert stage.world.session.scalar(select(func.sum(Throttle.count))) == 1  # the file that was made
    assert stage.client.get(stage.file).status_code == 200


def test_a34_the_page_at_the_door_says_what_to_do(stage: Stage) -> None:
    _, [answer] = stage.while_made(lambda: stage.client.get(stage.file))
    text = answer.get_data(as_text=True)
    assert "Din förra fil är inte klar än. Vänta tills den är det, och försök sedan igen." in text
    assert "/static/css/app.css" in text
    assert int(answer.headers["Retry-After"]) > 0
    assert answer.headers["Cache-Control"] == "no-store"
    assert {name: answer.headers[name] for name in HEADERS} == HEADERS
    assert "Set-Cookie" not in answer.headers


def test_a34_what_was_sent_away_is_remembered_once_for_each_address_and_how_often(stage: Stage) -> None:
    def ask() -> None:
        for tail in ("internkontroll.csv", "internkontroll.csv", "internkontroll.xlsx"):
            assert stage.client.get(f"{stage.page}/{tail}").status_code == 429
        assert stage.client.get("/finns/inte.pdf").status_code == 429

    stage.while_made(ask)
    omrade, year = stage.page.split("/")[-2:]
    row = {"status": 429, "method": "GET", "omrade_id": int(omrade), "year": int(year)}
    assert sorted(stage.records(), key=lambda one: str(one["endpoint"])) == [
        row | {"endpoint": "internal_control.as_csv", "times": 2},
        row | {"endpoint": "internal_control.as_xlsx", "times": 1},
    ]


def test_a34_also_when_the_file_came_to_nothing(stage: Stage) -> None:
    made, [answer] = stage.while_made(lambda: stage.client.get(stage.file), fails=True)
    assert (made.status_code, answer.status_code) == (404, 429)
    assert sorted(one["status"] for one in stage.records()) == [404, 429]
    assert stage.client.get(stage.file).status_code == 200


def test_a34_pages_and_other_people_are_let_through(stage: Stage) -> None:
    other, file = stage.somebody_else()
    _, [answers] = stage.while_made(lambda: (stage.client.get(stage.page), other.get(file)))
    assert [answer.status_code for answer in answers] == [200, 200]
    assert stage.records() == []


def test_a34_who_has_logged_in_twice_is_refused_inside(stage: Stage) -> None:
    twice = stage.app.test_client()
    assert isinstance(twice, CheckingClient)
    log_in(twice, stage.sam.user_id or 0)
    _, [answer] = stage.while_made(lambda: twice.get(stage.file))
    assert answer.status_code == 429
    assert [one["status"] for one in stage.records()] == [429]


def test_a22_where_nobody_is_known_the_door_looks_at_no_cookie(stage: Stage) -> None:
    address = "/utan-konto/jamtland-harjedalen/affisch.pdf"
    _, [answer] = stage.while_made(lambda: stage.client.get(address))
    assert answer.status_code == 200
    assert stage.records() == []


def test_a34_a_forged_cookie_keeps_nobody_out(stage: Stage) -> None:
    """The door asks nothing about a cookie, so one that opens nothing must not be in the way of one that does."""
    stranger = stage.app.test_client()
    stranger.set_cookie("avvikelse", "pahittad")
    other, file = stage.somebody_else()
    assert stranger.get(stage.file).status_code == 302
    _, [answers] = stage.while_made(lambda: (stranger.get(stage.file), other.get(file)))
    assert [answer.status_code for answer in answers] == [302, 200]
