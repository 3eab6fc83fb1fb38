"""Whatever somebody sends, the answer is a page with a sentence: no address fails with 500.

Somebody with nearly every role walks from link to link, one page of each kind. Every address found gets crooked
arguments, every form on the pages crooked fields, all at once and some one at a time.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urljoin, urlsplit

import pytest
from flask import Flask
from sqlalchemy import Connection
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import HTTPException
from werkzeug.test import TestResponse

from avvikelse.domain.vocabulary import Role
from avvikelse.services import handling
from avvikelse.web import downloads
from tests.support.client import CheckingClient
from tests.support.forms import Form, parse
from tests.support.login import log_in
from tests.support.world import World

VALUES = (
    "", " ", "0", "-1", "9" * 25, "1e9", "٣", "null", "2026-02-30", "0001-01-01", "9999-12-31", "x" * 5_000, "a\x00b",
    "<script>alert(1)</script>", "%_\\'\"`;--", "\u202e\ufeff\u2028", "../../etc/passwd", "{{7*7}}", "å" * 300,
)  # fmt: skip
# Pages that end the visit; a form that really says yes to them is not crooked.
LEFT_OUT = frozenset({"login.leave", "account.end_session", "account.end_others", "static"})
LINK = re.compile(r'<a\b[^>]*\bhref="([^"#]+)"')
MOST_OF_A_KIND = 2  # pages of one endpoint
MOST_AT_A_TIME = 6  # fields of a form that are bent one by one


@dataclass
class Walk:
    """What has been seen: addresses by endpoint, and the forms on them by the endpoint that they are sent to."""

    app: Flask
    client: CheckingClient
    connection: Connection
    user_id: int | None
    inside: bool = False  # is she logged in, as far as the last answer shows?
    pages: dict[str, list[str]] = field(default_factory=dict)
    forms: dict[str, Form] = field(default_factory=dict)
    failures: list[str] = field(default_factory=list)

    def run(self, *starts: str) -> None:
        waiting = list(starts)
        while waiting:
            address = waiting.pop(0)
            endpoint = self.endpoint_of(address, "GET")
            known = self.pages.setdefault(endpoint, []) if endpoint else []
            if endpoint is None or endpoint in LEFT_OUT or address in known or len(known) >= MOST_OF_A_KIND:
                continue
            known.append(address)
            answer, head = self.ask("GET", address), self.ask("HEAD", address)
            if answer is None or head is None:
                continue
            if head.status_code != answer.status_code:
                self.failures.append(f"HEAD {address}: {head.status_code}, and GET {answer.status_code}")
            if answer.mimetype != "text/html":
                continue
            if answer.status_code in range(300, 400):
                waiting.append(urljoin(address, answer.location or "/"))
                continue
            page = answer.get_data(as_text=True)
            waiting += [urljoin(address, found.replace("&amp;", "&")) for found in LINK.findall(page)]
            for form in parse(page):
                action = urljoin(address, form.action) if form.action else address
                sent_to = self.endpoint_of(action, form.method.upper())
                if sent_to is not None and sent_to not in LEFT_OUT:
                    self.forms.setdefault(f"{form.method} {sent_to}", Form(action, form.method, *_rest(form)))

    def endpoint_of(self, address: str, method: str) -> str | None:
        parts = urlsplit(address)
        if parts.scheme not in {"", "http"} or parts.netloc not in {"", "localhost"}:
            return None
        try:
            endpoint, arguments = self.app.url_map.bind("localhost").match(parts.path, method=method)
        except HTTPException:
            return None
        # Some views are many: each step of a case has a form of its own.
        return f"{endpoint} {arguments['slug']}" if endpoint.endswith((".step", ".perform")) else endpoint

    def ask(self, method: str, address: str, data: Any = None, **more: Any) -> TestResponse | None:
        """One request; a 500, or an answer that is none, is noted."""
        if self.user_id is not None and not self.inside:
            log_in(self.client, self.user_id)
        self.inside = False
        if data is not None:
            data.setlist("csrf_token", [self.client.csrf_token()])
        try:
            answer = self.client.open(address, method=method, data=data, **more)
        except Exception as error:
            self.failures.append(f"{method} {address} {_shown(data)}: {type(error).__name__} {str(error)[:200]}")
            return None
        if answer.status_code >= 500:
            self.failures.append(f"{method} {address} {_shown(data)}: {answer.status_code}")
        self.inside = answer.status_code != 401 and "/logga-in" not in (answer.location or "")
        return answer

    def bend_addresses(self) -> None:
        for address in sorted({address for found in self.pages.values() for address in found}):
            path = urlsplit(address).path
            names = {name for form in self.forms.values() if form.method == "get" for name in form.names}
            for value in random.Random(path).sample(VALUES, 2):
                self.ask("GET", path, query_string=dict.fromkeys({"sida", "q", "flik", *names}, value))

    def bend_forms(self) -> None:
        for name, form in sorted(self.forms.items()):
            if form.method != "post":
                continue
            undone = self.connection.begin_nested()  # a form that is only a button does what it says
            # The two databases are given different crooked fields.
            for sent in _bent(form, random.Random(f"{name} {self.connection.dialect.name}")):
                self.ask("POST", form.action, MultiDict(sent))
            undone.rollback()
            self.inside = False  # she may have logged in after the savepoint


def _rest(form: Form) -> tuple[Any, ...]:
    return form.fields, form.names, form.buttons


def _bent(form: Form, chance: random.Random) -> Iterator[list[tuple[str, str]]]:
    """What is sent: nothing, every field the same nonsense, some fields one at a time, everything twice."""
    names = sorted(form.names - {"", "csrf_token"})
    yield []
    for value in chance.sample(VALUES, 2):
        yield [(name, value) for name in names]
    for name in chance.sample(names, min(len(names), MOST_AT_A_TIME)):
        yield [pair for pair in form.fields if pair[0] != name] + [(name, chance.choice(VALUES))]
    yield [*form.fields, *form.fields]


def _shown(data: Any) -> str:
    return "" if data is None else str({key: value[:40] for key, value in data.items() if key != "csrf_token"})[:300]


@pytest.fixture
def walk(
    app: Flask,
    database: Connection,
    session: Session,
    client: CheckingClient,
    clock: Any,
    monkeypatch: pytest.MonkeyPatch,
) -> Walk:
    """Somebody with nearly every role, in a world with cases in several states, hers among them."""
    world = World.of(session, clock.now)
    monkeypatch.setitem(app.config, "PROPAGATE_EXCEPTIONS", False)
    monkeypatch.setattr(downloads, "PER_PERSON", 1_000)  # she reads every file twice within one moment
    client.lint = False
    key = "alla-roller"
    world.grant(key, Role.RAPPORTOR, enhet_id=world.unit("skola-2380").id)
    for slug in ("region-jh", "kommun-2380/utbildning"):
        world.grant(key, Role.SAMORDNARE, omrade_id=world.omrade(slug).id)
        world.grant(key, Role.LOGGRANSKARE, omrade_id=world.omrade(slug).id)
    world.grant(key, Role.SAMMANKALLANDE, group_id=world.group("birger").id)
    world.grant(key, Role.ADMINISTRATOR)
    everybody = world.grant(key, Role.CHEF, position_id=world.position("chef-bup-mottagning").id)
    cases = [world.report(everybody, "bup-mottagning", sender_enhet_id=world.unit("skola-2380").id) for _ in range(3)]
    handling.accept(session, everybody, cases[0].ref, now=clock.now)
    session.commit()
    return Walk(app, client, database, everybody.user_id)


def test_no_crooked_input_fails(walk: Walk) -> None:
    walk.run("/")
    assert len(walk.pages) > 60, sorted(walk.pages)
    assert len(walk.forms) > 60, sorted(walk.forms)
    walk.bend_addresses()
    walk.bend_forms()
    assert walk.failures == []


def test_no_crooked_input_fails_without_log_in(walk: Walk) -> None:
    walk.user_id = None
    walk.client.delete_cookie("avvikelse")
    walk.run("/logga-in", "/utan-konto", "/tillganglighet", "/om")
    assert len(walk.pages) > 10, sorted(walk.pages)
    walk.bend_addresses()
    walk.bend_forms()
    assert walk.failures == []


def test_the_walk_finds_a_planted_failure(walk: Walk) -> None:
    from avvikelse.web.access import LOGGED_IN, requires

    @requires(LOGGED_IN)
    def planted() -> str:
        raise ZeroDivisionError

    walk.app.view_functions["start.show"], kept = planted, walk.app.view_functions["start.show"]
    try:
        walk.ask("GET", "/")
    finally:
        walk.app.view_functions["start.show"] = kept
    assert len(walk.failures) == 1
