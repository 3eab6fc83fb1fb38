"""Which åtgärder exist for me beside the case page, and which of them may I act on?

An åtgärd belongs to a position, which need not have the case: its holder reads and runs the åtgärd, and nothing else of
the case. Who handles the case now runs the own område's åtgärder too. A samordnare reads those of the område. Nobody
stands in for the position in her own case.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, Row, and_, exists, false, or_, true

from avvikelse.domain.actor import Actor
from avvikelse.domain.relation import Relation
from avvikelse.domain.vocabulary import PartySide, Role
from avvikelse.models.avvikelse import Avvikelse, Party
from avvikelse.models.dialogue import Atgard
from avvikelse.policy.visibility import (
    OTHER_PARTY,
    impartial,
    may_stand_in_beside,
    party_is_mine,
    reach_of,
    through_parties,
)

_RUNS = frozenset({Relation.OWNER_CHEF, Relation.HANDLER})


def atgard_is_mine(actor: Actor) -> ColumnElement[bool]:
    """Rows of Atgard that exist for the actor."""
    alternatives = [position_is_mine(actor)]
    if omraden := actor.omrade_ids(Role.SAMORDNARE):
        alternatives.append(Atgard.omrade_id.in_(omraden))
    if actor.has(Role.CHEF, Role.HANDLAGGARE):
        in_hand = and_(Party.avvikelse_id == Atgard.avvikelse_id, Party.omrade_id == Atgard.omrade_id)
        alternatives.append(exists().where(in_hand, Party.side == PartySide.OWNER, party_is_mine(actor)))
    return or_(*alternatives)


def position_is_mine(actor: Actor) -> ColumnElement[bool]:
    """Rows of Atgard for whose position the actor answers: `answers_for` in SQL."""
    alternatives: list[ColumnElement[bool]] = []
    if own := actor.own_position_ids():
        alternatives.append(Atgard.position_id.in_(own))
    has_the_case = and_(OTHER_PARTY.side == PartySide.OWNER, OTHER_PARTY.omrade_id == Atgard.omrade_id)
    for unit, positions in _stood_in(actor).items():
        no_party = impartial(reach_of(actor), Atgard.avvikelse_id, enhet_id=unit, receives=true(), same=has_the_case)
        alternatives.append(and_(Atgard.position_id.in_(positions), no_party))
    return or_(*alternatives) if alternatives else false()


def answers_for(actor: Actor, position_id: int | None, omrade_id: int, case: Avvikelse) -> bool:
    """Does the actor answer for a position that owns an åtgärd in the case, or would own it? As its substitute only
    when the case is not her own.
    """
    if position_id is None:
        return False
    if position_id in actor.own_position_ids():
        return True
    return any(
        position_id in positions and may_stand_in_beside(actor, case, omrade_id=omrade_id, enhet_id=unit)
        for unit, positions in _stood_in(actor).items()
    )


def runs(actor: Actor, atgard: Atgard | Row[Any], case: Avvikelse) -> bool:
    """May the actor decide, change, carry out, follow up or drop it?

    Its position, who has the case in the same område, and the samordnare where no position owns it.
    """
    if atgard.position_id is None:
        return atgard.omrade_id in actor.omrade_ids(Role.SAMORDNARE)
    if answers_for(actor, atgard.position_id, atgard.omrade_id, case):
        return True
    return any(
        mine & _RUNS
        for party, mine in through_parties(actor, case)
        if party.side is PartySide.OWNER and party.omrade_id == atgard.omrade_id
    )


def _stood_in(actor: Actor) -> dict[int | None, set[int]]:
    """The positions that the actor is a substitute for today, by unit."""
    found: dict[int | None, set[int]] = {}
    for grant in actor.having(Role.CHEF):
        if grant.as_substitute and grant.position_id is not None:
            found.setdefault(grant.enhet_id, set()).add(grant.position_id)
    return found
