"""Who may change the register of avtal: the system's administrator, since all parties of a län share it.

Whoever holds the position that owns an avtal may say that it has been looked over.
"""

from __future__ import annotations

from avvikelse.domain.actor import Actor
from avvikelse.policy.organisation import administered_ids


def may_change(actor: Actor) -> bool:
    return administered_ids(actor) is None


def may_review(actor: Actor, owner_position_id: int | None) -> bool:
    return may_change(actor) or (owner_position_id is not None and owner_position_id in actor.position_ids())
