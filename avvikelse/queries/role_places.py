"""Where a role belongs, held or only offered, and who may read of it. Open when a list of roles is out of reach."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import ColumnElement, Select, func

from avvikelse.domain.actor import Actor
from avvikelse.models.groups import Samverkansgrupp
from avvikelse.models.organisation import Enhet, Huvudman, Organisation, Pack, Position, Sekretessomrade
from avvikelse.policy.role_reach import readable

PLACE: ColumnElement[str] = func.coalesce(
    Enhet.name, Organisation.name, Samverkansgrupp.name, Pack.name, Sekretessomrade.name
)
Scope = Mapping[str, Any]  # a column for each of domain/role_scope.SCOPE_COLUMNS


def omrade_of(scope: Scope) -> ColumnElement[int]:
    """The sekretessområde of the role, or of its unit. Only in a statement of `within_reach`."""
    return func.coalesce(scope["omrade_id"], Enhet.omrade_id)


def within_reach(query: Select[*tuple[Any, ...]], actor: Actor, scope: Scope) -> Select[*tuple[Any, ...]]:
    """Only what the actor may read, with `place`, `omrade`, `huvudman`, `enhet_id`, `omrade_id` and `huvudman_id`."""
    omrade_id = omrade_of(scope)
    huvudman_id = func.coalesce(
        scope["huvudman_id"], Enhet.huvudman_id, Organisation.huvudman_id, Sekretessomrade.huvudman_id
    )
    return (
        query.add_columns(
            PLACE.label("place"),
            Sekretessomrade.name.label("omrade"),
            Huvudman.name.label("huvudman"),
            Enhet.id.label("enhet_id"),
            omrade_id.label("omrade_id"),
            huvudman_id.label("huvudman_id"),
        )
        .outerjoin(Position, Position.id == scope["position_id"])
        .outerjoin(Enhet, Enhet.id == func.coalesce(scope["enhet_id"], Position.enhet_id))
        .outerjoin(Organisation, Organisation.id == Position.organisation_id)
        .outerjoin(Sekretessomrade, Sekretessomrade.id == omrade_id)
        .outerjoin(Huvudman, Huvudman.id == huvudman_id)
        .outerjoin(Samverkansgrupp, Samverkansgrupp.id == scope["group_id"])
        .outerjoin(Pack, Pack.id == scope["pack_id"])
        .where(
            readable(actor, enhet_id=Enhet.id, omrade_id=omrade_id, huvudman_id=huvudman_id, group_id=scope["group_id"])
        )
    )
