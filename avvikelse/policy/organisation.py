"""Who may change the organisation: the administrator of a huvudman its own, the system's administrator all of it."""

from __future__ import annotations

from sqlalchemy import ColumnElement, false, true

from avvikelse.domain.actor import Actor
from avvikelse.domain.errors import Forbidden, NotFound
from avvikelse.domain.vocabulary import Role
from avvikelse.models.organisation import Huvudman


def administered_ids(actor: Actor) -> frozenset[int] | None:
    """Ids of the huvudmän that the actor administers; None = all of them."""
    if actor.is_system:
        return None
    ids = [grant.huvudman_id for grant in actor.having(Role.ADMINISTRATOR)]
    return None if None in ids else frozenset(i for i in ids if i is not None)


def administered(actor: Actor) -> ColumnElement[bool]:
    """The same as SQL over Huvudman."""
    ids = administered_ids(actor)
    if ids is None:
        return true()
    return Huvudman.id.in_(ids) if ids else false()


def require_administrator(actor: Actor, huvudman_id: int | None) -> None:
    """Raises Forbidden without the role, NotFound for another huvudman's.

    `huvudman_id` None = something that all share.
    """
    ids = administered_ids(actor)
    if ids is None:
        return
    if not ids:
        raise Forbidden
    if huvudman_id not in ids:
        raise NotFound


def may_mend_contacts(actor: Actor, omrade_id: int, huvudman_id: int) -> bool:
    """May the actor take care of a *Stämmer inte?*: the område's samordnare, or the huvudman's administrator."""
    ids = administered_ids(actor)
    return omrade_id in actor.omrade_ids(Role.SAMORDNARE) or ids is None or huvudman_id in ids
