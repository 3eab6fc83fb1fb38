"""A case that comes back to a unit inside one förvaltning goes to whoever leads both units. Open when it bounces there.

Between sekretessområden it is the joint room instead (services/ownership.lock_if_bouncing).
"""

from __future__ import annotations

from datetime import date

from sqlalchemy.orm import Session

from avvikelse.domain import presence
from avvikelse.domain.receiver import Receiver, step_to
from avvikelse.domain.vocabulary import PartySide
from avvikelse.models.avvikelse import Avvikelse
from avvikelse.queries.organisation_map import mapping_of
from avvikelse.queries.receivers import office_receiver
from avvikelse.services.ownership import way_of


def redirected(session: Session, row: Avvikelse, to: Receiver, today: date) -> Receiver:
    """Where a hand-over really goes: the nearest common manager, else the samordnare, when it would return to a unit
    of the same område; else where it was meant to go.
    """
    step = step_to(way_of(row), to)
    owner = next((party for party in row.parties if party.side is PartySide.OWNER), None)
    if not step.back_to_enhet or step.crosses or owner is None:
        return to
    mapping = mapping_of(session, row.pack_id, today)
    org = mapping.organisation
    mine, theirs = (org.posts.get(mapping.position_slug(p) or "") for p in (owner.position_id, to.position_id))
    common = presence.nearest_common(org, mine, theirs)
    if common is not None:
        return Receiver(to.omrade_id, position_id=mapping.position_ids[common.id])
    unit = org.units.get(mapping.enhet_slug(to.enhet_id) or "")
    office = org.samordnare(unit.huvudman, unit.omrade) if unit is not None else None
    if office is None:
        return to
    return Receiver(to.omrade_id, funktion_id=office_receiver(session, mapping, office).funktion_id)
