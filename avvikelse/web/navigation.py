"""The main menu: which pages stand there, for whom, in which order. Open to add a page to it.

An endpoint that does not exist (yet) is left out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from flask import current_app, request, url_for

from avvikelse.domain.actor import Actor
from avvikelse.domain.vocabulary import Role


def anybody(actor: Actor) -> bool:
    return actor.user_id is not None


def holding(*roles: Role) -> Callable[[Actor], bool]:
    return lambda actor: actor.has(*roles)


def at_a_unit(actor: Actor) -> bool:
    """Works at a unit: as rapportör, handläggare or its manager."""
    return bool(actor.enhet_ids(Role.RAPPORTOR, Role.CHEF, Role.HANDLAGGARE))


INVITING = holding(Role.ADMINISTRATOR, Role.SAMORDNARE, Role.CHEF, Role.SAMMANKALLANDE)

# text, endpoint, for whom
# fmt: off
MENU: tuple[tuple[str, str, Callable[[Actor], bool]], ...] = (
    ("Start",          "start.show",          anybody),
    ("Rapportera",     "report.new",          anybody),
    ("Samordna",       "samordnare.show",     holding(Role.SAMORDNARE)),
    ("Telefonrapport", "phone.new",           holding(Role.SAMORDNARE)),
    ("Mina rapporter", "report.mine",         anybody),
    ("Min enhet",      "own_unit.index",      at_a_unit),
    ("Ärenden",        "cases.index",         holding(Role.CHEF, Role.HANDLAGGARE, Role.SAMORDNARE)),
    ("Åtgärder",       "measures.index",      holding(Role.CHEF, Role.HANDLAGGARE, Role.SAMORDNARE)),
    ("Grupper",        "groups.index",        holding(Role.SAMMANKALLANDE, Role.MEDLEM)),
    ("SIP-siffror",    "sip.index",           holding(Role.SIP_SAMORDNARE)),
    ("Granskning",     "reviews.mine",        holding(Role.REVISOR)),
    ("Läget",          "situation.index",     anybody),
    ("Kontaktvägar",   "contacts.index",      anybody),
    ("Organisation",   "organisation.index",  holding(Role.ADMINISTRATOR)),
    ("Roller",         "roles.index",         INVITING),
    ("Läslogg",        "log_review.index",    holding(Role.LOGGRANSKARE)),
    ("Mitt konto",     "account.show",        anybody),
)
# fmt: on


@dataclass(frozen=True, slots=True)
class Item:
    """One line of the menu. `current` = the page, or one below it, is open."""

    text: str
    href: str
    current: bool


def items_for(actor: Actor) -> tuple[Item, ...]:
    """The menu of a person; empty for somebody who is not logged in."""
    return tuple(_items(actor)) if actor.user_id is not None else ()


def _items(actor: Actor) -> Iterator[Item]:
    addresses: dict[str, str] = current_app.extensions.get("menu") or _addresses()
    for text, endpoint, is_for in MENU:
        if endpoint in addresses and is_for(actor):
            href = addresses[endpoint]
            yield Item(text, href, request.path == href or (href != "/" and request.path.startswith(href + "/")))


def _addresses() -> dict[str, str]:
    """Worked out at the first page and kept: they are the same for everybody."""
    found = {endpoint: url_for(endpoint) for _, endpoint, _ in MENU if endpoint in current_app.view_functions}
    current_app.extensions["menu"] = found
    return found
