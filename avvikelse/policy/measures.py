"""Which åtgärder exist for me beside the case page, and which of them may I act on?

An åtgärd belongs to a position, which need not have the case: its holder reads and runs the åtgärd, and nothing else of
the case. Who handles the case now runs the own område's åtgärder too. A samordnare reads those of the område.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, Row, and_, exists, false, or_

from avvikelse.domain.actor import Actor
from avvikelse.domain.relation import Relation
from avvikelse.domain.vocabulary import PartySide, Role
from avvikelse.models.avvikelse import Avvikelse, Party
from avvikelse.models.dialogue import Atgard
from avvikelse.policy.visibility import party_is_mine, through_parties

_RUNS = frozenset({Relation.OWNER_CHEF, Relation.HANDLER})


def atgard_is_mine(actor: Actor) -> ColumnElement[bool]:
    """Rows of Atgard that exist for the actor."""
    alternatives: list[ColumnElement[bool]] = []
    if positions := actor.position_ids():
        alternatives.append(Atgard.position_id.in_(positions))
    if omraden := actor.omrade_ids(Role.SAMORDNARE):
        alternatives.append(Atgard.omrade_id.in_(omraden))
    if actor.has(Role.CHEF, Role.HANDLAGGARE):
        in_hand = and_(Party.avvikelse_id == Atgard.avvikelse_id, Party.omrade_id == Atgard.omrade_id)
        alternatives.append(exists().where(in_hand, Party.side == PartySide.OWNER, party_is_mine(actor)))
    return or_(*alternatives) if alternatives else false()


def runs(actor: Actor, atgard: Atgard | Row[Any], case: Avvikelse) -> bool:
    """May the actor decide, change, carry out, follow up or drop it?

    Its position, who has the case in the same område, and the samordnare where no position owns it.
    """
    if atgard.position_id is None:
        return atgard.omrade_id in actor.omrade_ids(Role.SAMORDNARE)
    if atgard.position_id in actor.position_ids():
        return True
    return any(
        mine & _RUNS
        for party, mine in through_parties(actor, case)
        if party.side is PartySide.OWNER and party.omrade_id == atgard.omrade_id
    )
