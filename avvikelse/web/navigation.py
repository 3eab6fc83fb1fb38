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


INVITING = holding(Role.ADMINISTRATOR, Role.SAMORDNARE, Role.CHEF, Role.SAMMANKALLANDE)

# text, endpoint, for whom
# fmt: off
MENU: tuple[tuple[str, str, Callable[[Actor], bool]], ...] = (
    ("Start",          "start.show",          anybody),
    ("Rapportera",     "report.new",          anybody),
    ("Mina rapporter", "report.mine",         anybody),
    ("Ärenden",        "cases.index",         holding(Role.CHEF, Role.HANDLAGGARE, Role.SAMORDNARE)),
    ("Grupper",        "groups.index",        holding(Role.SAMMANKALLANDE, Role.MEDLEM)),
    ("Kontaktvägar",   "contacts.index",      anybody),
    ("Organisation",   "organisation.index",  holding(Role.ADMINISTRATOR)),
    ("Bjud in",        "invite.show",         INVITING),
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
    for text, endpoint, is_for in MENU:
        if endpoint in current_app.view_functions and is_for(actor):
            href = url_for(endpoint)
            yield Item(text, href, request.path == href or (href != "/" and request.path.startswith(href + "/")))
