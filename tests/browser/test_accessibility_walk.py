"""Every page, as somebody who may see it, on the demo's data: axe, narrow screens, one heading, visible focus.

The pages are found, not listed: each persona starts at the addresses without parts that are open to her and follows the
links, one of each kind. A new page is walked as soon as it is linked; one without parts is walked even if it is not.
"""

from __future__ import annotations

import html
import re
import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.exceptions import HTTPException
from werkzeug.routing import Rule
from werkzeug.serving import make_server

from avvikelse.dev.people import PEOPLE, SYSTEM_ADMINISTRATOR
from avvikelse.models.base import db
from avvikelse.models.identity import User
from tests.conftest import LiveServer, build_app, dispose
from tests.support.client import CheckingClient, apart
from tests.support.databases import demo_database
from tests.support.login import log_in
from tests.support.looking import sticks_out, violations
from tests.support.settings import make_settings

pytestmark = [pytest.mark.browser, pytest.mark.slow]
LAN = "jamtland-harjedalen"
NOT_PAGES = {"static"}
PER_STEP = {"cases.step"}  # each step is a page of its own
LINK = re.compile(r'<a\b[^>]*\bhref="(/[^"#]*)')
NARROW = (320, 640)  # a small phone; 1280 px at 200 %
# What can have the focus must look different with it: an outline, a shadow, another colour or background.
FOCUS = """() => {
  const look = e => {
    const s = getComputedStyle(e);
    return [s.outlineStyle, s.outlineWidth, s.boxShadow, s.backgroundColor, s.color].join();
  };
  const shown = e => e.getClientRects().length && getComputedStyle(e).visibility !== 'hidden';
  const known = new Set(), faults = [];
  for (const e of document.querySelectorAll('a[href], button, input:not([type=hidden]), select, textarea, summary')) {
    const kind = e.tagName + ' ' + e.className + ' ' + (e.type || '');
    if (known.has(kind) || !shown(e) || e.disabled) continue;
    known.add(kind);
    document.activeElement.blur();
    // Radios and checkboxes of GOV.UK are drawn beside the input.
    const drawn = /radios__input|checkboxes__input/.test(e.className) ? e.nextElementSibling : e;
    const before = look(drawn) + (drawn !== e ? getComputedStyle(drawn, '::before').boxShadow : '');
    e.focus({focusVisible: true});
    const after = look(drawn) + (drawn !== e ? getComputedStyle(drawn, '::before').boxShadow : '');
    if (document.activeElement === e && before === after) faults.push(kind);
  }
  return faults;
}"""


@dataclass(frozen=True, slots=True)
class Found:
    """One page to look at, and as whom (None = nobody)."""

    kind: str
    path: str
    who: str | None


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveServer]:
    """The demo on a server."""
    with demo_database("sqlite") as url:
        app = build_app(make_settings(url, tmp_path_factory.mktemp("demo")))
        app.config["PROPAGATE_EXCEPTIONS"] = False
        server = make_server("127.0.0.1", 0, app, threaded=True)
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield LiveServer(f"http://localhost:{server.server_port}", app)
        server.shutdown()
        thread.join(10)
        server.server_close()
        dispose(app)


def personas() -> list[str]:
    """Those who stand in the table of log-ins of one län: every role is among them."""
    return [person.email for person in (*PEOPLE[LAN], SYSTEM_ADMINISTRATOR) if person.shown_as]


def session_of(app: Flask, email: str) -> FlaskClient:
    client = app.test_client()
    assert isinstance(client, CheckingClient)
    client.lint = False  # other tests do; here it would be twice a page

    def enter() -> None:
        with app.app_context():
            user = db.session.scalars(select(User).where(User.email == email)).one()
            log_in(client, user, now=datetime.now(UTC))
            db.session.commit()

    apart(enter)
    return client


def kind_of(rule: Rule, parts: Mapping[str, Any]) -> str:
    return f"{rule.endpoint} {parts['slug']}" if rule.endpoint in PER_STEP else rule.endpoint


def pages_of(app: Flask, client: FlaskClient, who: str | None) -> Iterator[Found]:
    """Fetch one page of each kind, beginning where no part of the address has to be known."""
    adapter = app.url_map.bind("localhost")
    waiting = [rule.rule for rule in app.url_map.iter_rules() if not rule.arguments and "GET" in (rule.methods or ())]
    seen: set[str] = set()
    while waiting:
        path = waiting.pop(0)
        try:
            rule, parts = adapter.match(urlsplit(path).path, method="GET", return_rule=True)
        except HTTPException:  # a link to what is not a page
            continue
        kind = kind_of(rule, parts)
        if kind in seen or rule.endpoint in NOT_PAGES:
            continue
        answer = client.get(path, headers={"Accept": "text/html"})
        if answer.status_code in {302, 303} and who is not None:
            waiting.append(urlsplit(answer.location).path)
            continue
        if answer.status_code not in {200, 503} or answer.mimetype != "text/html":  # 503: the health page without jobs
            continue
        seen.add(kind)
        yield Found(kind, path, who)
        waiting += [html.unescape(link) for link in LINK.findall(answer.get_data(as_text=True))]


def test_every_page(demo: LiveServer, browser: Any, tmp_path: Path) -> None:
    clients = {email: session_of(demo.app, email) for email in personas()}
    found: dict[str, Found] = {}
    for page in pages_of(demo.app, demo.app.test_client(), None):
        found.setdefault(page.kind, page)
    for email, client in clients.items():
        for page in pages_of(demo.app, client, email):
            found.setdefault(page.kind, page)
    pages = {rule.endpoint for rule in demo.app.url_map.iter_rules() if "GET" in (rule.methods or ())} - NOT_PAGES
    reached = {page.kind.split()[0] for page in found.values()}
    print("Not walked, because no page links there:", *sorted(pages - reached), sep="\n  ")  # noqa: T201 -- seen with -s
    assert len(reached) >= 25

    faults: list[str] = []
    for who in [None, *clients]:
        mine = [page for page in found.values() if page.who == who]
        if mine:
            faults += look_at(demo, browser, clients[who] if who else None, mine)
    assert not faults, "\n".join(faults)


def look_at(demo: LiveServer, browser: Any, client: FlaskClient | None, pages: list[Found]) -> list[str]:
    """What is wrong with the pages of one person."""
    context = browser.new_context(locale="sv-SE", timezone_id="Europe/Stockholm")
    if client is not None:
        cookie = client.get_cookie("avvikelse", domain="localhost")
        assert cookie is not None
        context.add_cookies([{"name": "avvikelse", "value": cookie.value, "url": demo.url}])
    tab = context.new_page()
    faults = []
    for page in pages:
        tab.set_viewport_size({"width": 1280, "height": 900})
        tab.goto(demo.url + page.path)
        name = f"{page.kind} ({page.path})"
        headings = tab.locator("h1").count()
        if headings != 1:
            faults.append(f"{name}: {headings} h1")
        if unseen := tab.evaluate(FOCUS):
            faults.append(f"{name}: no visible focus on {unseen}")
        faults += [f"{name}, 1280: {fault}" for fault in violations(tab)]
        tab.set_viewport_size({"width": 390, "height": 844})
        faults += [f"{name}, 390: {fault}" for fault in violations(tab)]
        for width in NARROW:
            tab.set_viewport_size({"width": width, "height": 800})
            faults += [f"{name}: {fault}" for fault in sticks_out(tab)]
    context.close()
    return faults
