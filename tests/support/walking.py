"""People with browsers of their own on one running server. Open for tests that walk as several people."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import select

from avvikelse.jobs import registry, runner
from avvikelse.jobs.house import House
from avvikelse.models.avvikelse import Avvikelse
from avvikelse.models.base import db
from avvikelse.models.organisation import Pack
from avvikelse.services.passwords import hash_password
from tests.conftest import Clock, LiveServer
from tests.support.looking import look
from tests.support.pressing import press
from tests.support.world import World

PASSWORD = "en lång mening att minnas"
WIDTHS = (1280, 390)


@dataclass
class Walk:
    """Somebody's browser by her key in tests/support/world.py; `nobody` is a visitor without account."""

    server: LiveServer
    browser: Any
    scripts: bool = True
    pages: dict[str, Any] = field(default_factory=dict)
    contexts: list[Any] = field(default_factory=list)

    def _page(self) -> Any:
        context = self.browser.new_context(
            locale="sv-SE", timezone_id="Europe/Stockholm", java_script_enabled=self.scripts,
            viewport={"width": 1280, "height": 900},
        )  # fmt: skip
        self.contexts.append(context)
        return context.new_page()

    def nobody(self) -> Any:
        """A page of somebody who is not logged in."""
        return self._page()

    def as_(self, who: str) -> Any:
        """The page of a logged-in person."""
        if who not in self.pages:
            page = self._page()
            page.goto(f"{self.server.url}/logga-in")
            page.locator("input[type=email]").fill(f"{who}@example.org".lower())
            page.locator("input[type=password]").fill(PASSWORD)
            press(page.locator("main button"))
            page.wait_for_url(f"{self.server.url}/")
            self.pages[who] = page
        return self.pages[who]

    def leave(self) -> None:
        """Everybody closes the browser; whoever comes back logs in anew."""
        for context in self.contexts:
            context.close()
        self.contexts.clear()
        self.pages.clear()

    def look(self, page: Any, name: str) -> None:
        """Without faults at both widths."""
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 900})
            look(self.server, page, name, scripts=self.scripts)
        page.set_viewport_size({"width": 1280, "height": 900})

    def step(self, page: Any, link: str, fill: dict[str, str], button: str, pick: tuple[str, ...] = ()) -> None:
        """Follow a link, fill in by label, choose radios, send."""
        press(page.get_by_role("link", name=link, exact=True))
        for label in pick:
            page.get_by_label(label, exact=True).check()
        for label, text in fill.items():
            page.get_by_label(label).first.fill(text)
        press(page.get_by_role("button", name=button, exact=True))

    def open(self, who: str, number: str) -> Any:
        """The case page, found as people find it: in the work list."""
        page = self.as_(who)
        page.goto(f"{self.server.url}/arenden?flik=enheten")
        if not page.get_by_role("link", name=number).count():
            page.goto(f"{self.server.url}/sok?q={number}")
        press(page.get_by_role("link", name=number).first)
        return page


@dataclass
class Story:
    """The walk, the clock of the house, and what happens beside the browser: through services and jobs."""

    walk: Walk
    clock: Clock
    people: dict[str, int] = field(default_factory=dict)

    def on(self, day: datetime) -> None:
        """Another day: nobody is logged in any more."""
        self.clock.move(to=day)
        self.walk.leave()

    def does(self, act: Callable[[World], Any]) -> Any:
        with self.walk.server.app.app_context():
            world = World(db.session(), self.clock.now, db.session.scalars(select(Pack)).one(), self.people)
            found = act(world)
            db.session.commit()
            db.session.remove()
            return found

    def job(self, name: str) -> str:
        return runner.run_once(House.of(self.walk.server.app), registry.find(name), self.clock.now)

    def go(self, who: str, path: str) -> Any:
        page = self.walk.as_(who)
        page.goto(self.walk.server.url + path)
        return page


def settle(server: LiveServer, people: Callable[[World], None], now: datetime | None = None) -> World:
    """A real pack and people who can log in, since `now`."""
    with server.app.app_context():
        world = World.of(db.session(), now or datetime.now(UTC))
        people(world)
        one_hash = hash_password(PASSWORD)  # hashing is slow on purpose
        for key in world.people:
            world.user(key).password_hash = one_hash
        db.session.commit()
        db.session.remove()
    return world


def newest(server: LiveServer) -> str:
    """The number of the latest case."""
    with server.app.app_context():
        return db.session.scalars(select(Avvikelse.number).order_by(Avvikelse.id.desc())).first() or ""


def choose(page: Any, label: str, beginning: str) -> None:
    """Choose the first option that begins so."""
    control = page.get_by_label(label)
    options = control.locator("option").all_text_contents()
    control.select_option(label=next(text for text in options if text.startswith(beginning)))
