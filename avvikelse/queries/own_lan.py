"""Which län somebody belongs to, by the first of her roles that says so. Open when a page begins with another län."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from avvikelse.domain.actor import Actor
from avvikelse.domain.errors import NotFound
from avvikelse.models.groups import Samverkansgrupp
from avvikelse.models.organisation import Enhet, Huvudman, Pack, Position, Sekretessomrade

_PLACES: dict[str, Any] = {
    "enhet_id": Enhet,
    "omrade_id": Sekretessomrade,
    "position_id": Position,
    "group_id": Samverkansgrupp,
    "huvudman_id": Huvudman,
}


def own_pack(session: Session, actor: Actor) -> int | None:
    """The id of its pack; None when no role belongs to a län."""
    for grant in actor.grants:
        if grant.pack_id is not None:
            return grant.pack_id
        for name, model in _PLACES.items():
            row_id = getattr(grant, name)
            if row_id is not None:
                return session.scalar(select(model.pack_id).where(model.id == row_id))
    return None


def own_lan(session: Session, actor: Actor) -> str:
    """Its slug, for addresses; the first län there is when no role says. Raises NotFound when there is none at all."""
    pack_id = own_pack(session, actor)
    first = select(Pack.slug).order_by(Pack.lan).limit(1)
    slug: str | None = session.scalar(first if pack_id is None else select(Pack.slug).where(Pack.id == pack_id))
    if slug is None:
        raise NotFound
    return slug
