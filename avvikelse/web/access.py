"""Who may call which endpoint.

Every view says `@requires(rule)`, or its endpoint stands in PUBLIC_ENDPOINTS; else the app does not start.

This is the outer door, about roles. Which rows exist for a person is policy/visibility.py, what may be done with a
case is policy/.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TypeVar
from urllib.parse import urlsplit

from flask import Flask, current_app, g, redirect, request, url_for
from werkzeug.exceptions import Unauthorized
from werkzeug.wrappers import Response

from avvikelse.domain.actor import NOBODY, Actor
from avvikelse.domain.errors import Forbidden
from avvikelse.domain.vocabulary import Role
from avvikelse.web.unlinked import is_unlinked

View = TypeVar("View", bound=Callable[..., object])
LOGIN_ENDPOINT = "login.show"
SECOND_STEP_ENDPOINT = "second_step.show"
START = "/"


@dataclass(frozen=True, slots=True)
class Rule:
    """A condition on the actor. `name` is Swedish and stands in docs/generated.

    `half`: also open to somebody who has only passed the password, and who is nobody everywhere else.
    """

    name: str
    allows: Callable[[Actor], bool]
    half: bool = False


LOGGED_IN = Rule("inloggad", lambda actor: actor.user_id is not None)
AFTER_PASSWORD = Rule("har skrivit rätt lösenord", LOGGED_IN.allows, half=True)

# Endpoints open to everybody, each with the reason.
PUBLIC_ENDPOINTS: dict[str, str] = {
    "static": "css, skript, typsnitt och bilder",
    "login.show": "inloggningen själv",
    "login.forgotten": "den som glömt sitt lösenord kan inte logga in",
    "login.choose_password": "länk i mejl; länken är nyckeln",
    "login.accept": "inbjudan i mejl; länken är nyckeln",
    "wide.index": "publicerade sammanställningar, utan små tal, är till för alla",
    "wide.show": "publicerade sammanställningar, utan små tal, är till för alla",
    "wide.as_csv": "publicerade sammanställningar, utan små tal, är till för alla",
    "health.show": "övervakning frågar utan att logga in; inget om personer eller ärenden",
    "calendar.feed": "kalenderadress; adressen är nyckeln och visar bara dagar och ärendenummer",
    "information.about": "fast text, samma för alla",
    "information.about_in": "fast text, samma för alla i länet",
    "information.words": "fast text, samma för alla",
    "open_report.index": "rapport utan konto; visar bara vilka län som finns",
    "open_report.start": "rapport utan konto: vägen in",
    "open_report.start_at_unit": "rapport utan konto: enhetens egen adress, på affischen",
    "open_report.new": "rapport utan konto: formuläret",
    "open_report.review": "rapport utan konto: granska, inget sparas",
    "open_report.send": "rapport utan konto: skicka och få koden; broms per adress",
    "open_report.poster": "affisch att skriva ut, samma för alla",
    "open_report.unit_poster": "affisch att skriva ut, samma för alla",
    "family.start": "så här blev det för oss: vägen in",
    "family.complaint": "vart man vänder sig med klagomål, samma för alla",
    "family.new": "så här blev det för oss: formuläret",
    "family.review": "så här blev det för oss: granska, inget sparas",
    "family.send": "så här blev det för oss: skicka och få koden; broms per adress",
    "follow.index": "leder till nästa, kort nog att säga i telefon",
    "follow.show": "följ en rapport; koden är nyckeln",
    "follow.enter": "följ en rapport; koden är nyckeln, broms per adress",
    "follow.step": "följ en rapport; passet i formuläret är nyckeln",
    "information.accessibility": "fast text, samma för alla; ska kunna läsas av vem som helst",
    "information.accessibility_in": "fast text, samma för alla i länet; ska kunna läsas av vem som helst",
    "feedback.index": "berätta om en sida som är svår att använda: lagen kräver att alla kan det",
    "feedback.show": "berätta om en sida som är svår att använda: lagen kräver att alla kan det",
    "feedback.tell": "berätta om en sida som är svår att använda; broms per adress",
    "feedback.thanks": "tack för synpunkten, samma för alla",
}


def roles(*wanted: Role) -> Rule:
    """Anybody with at least one of the roles, for whatever it is held."""
    return Rule(", ".join(role.label.lower() for role in wanted), lambda actor: actor.has(*wanted))


def requires(rule: Rule) -> Callable[[View], View]:
    """Declare who may call a view. Put it directly under the route."""

    def mark(view: View) -> View:
        view.__access__ = rule  # type: ignore[attr-defined]
        return view

    return mark


def rule_of(app: Flask, endpoint: str) -> Rule | None:
    """The declared rule of an endpoint, None when there is none."""
    return getattr(app.view_functions.get(endpoint), "__access__", None)


def undeclared(app: Flask) -> Iterator[str]:
    """Endpoints that say nothing about access."""
    for endpoint in app.view_functions:
        if endpoint not in PUBLIC_ENDPOINTS and rule_of(app, endpoint) is None:
            yield endpoint


def check_declarations(app: Flask) -> None:
    """Raise RuntimeError if an endpoint is without access, so that the app cannot start with an open door."""
    if forgotten := sorted(undeclared(app)):
        raise RuntimeError("endpoints without @requires and not in PUBLIC_ENDPOINTS: " + ", ".join(forgotten))


def current_actor() -> Actor:
    """Who makes this request; NOBODY when nobody is logged in."""
    actor: Actor = g.get("actor", NOBODY)
    return actor


def identify() -> None:
    """Before each request: find out who it is. Static files are nobody's business; on some pages nobody is known."""
    if request.endpoint == "static" or is_unlinked():
        return
    from avvikelse.web import identity  # here, because its menu and forms need this file

    g.actor = identity.load_actor()
    g.half = identity.is_half()


def guard() -> Response | None:
    """Before each request: let in, send to log in or to its second step (401 for JSON), or refuse with 403."""
    if request.endpoint is None or request.endpoint in PUBLIC_ENDPOINTS:
        return None
    rule = rule_of(current_app, request.endpoint)
    actor = current_actor()
    if g.get("half"):
        return None if rule is not None and rule.half else _to_login(then=SECOND_STEP_ENDPOINT)
    if rule is not None and rule.allows(actor):
        return None
    if actor.user_id is None:
        return _to_login()
    raise Forbidden


def wants_json() -> bool:
    """Does the caller want JSON rather than a page?"""
    accepted = request.accept_mimetypes
    return request.is_json or accepted["application/json"] > accepted["text/html"]


def safe_next(target: str | None) -> str:
    """`target` if it is a path inside this site, else the start page. For ?next= after logging in."""
    if (
        not target
        or not target.startswith("/")
        or target.startswith("//")
        or not target.isprintable()
        or "\\" in target
    ):
        return START
    parts = urlsplit(target)
    return START if parts.scheme or parts.netloc else target


def _to_login(then: str = LOGIN_ENDPOINT) -> Response:
    if wants_json() or then not in current_app.view_functions:
        raise Unauthorized
    if request.method == "POST":
        from avvikelse.web import auth, errors, resume, second_step

        if resume.is_worth_keeping():
            return auth.ask_to_log_in() if then == LOGIN_ENDPOINT else second_step.ask_first()
        if errors.typed_texts():  # the browser has forgotten its cookie too: the text is given back, not sent on
            raise Unauthorized
    # Coming back makes sense for a page only; after a POST the form's own page is the better place.
    target = request.full_path.rstrip("?") if request.method != "POST" else None
    return redirect(url_for(then, next=safe_next(target) if target not in {None, START} else None))
