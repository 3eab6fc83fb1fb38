"""Which cases exist for me? The rule of domain/relation.py said in SQL. Every read of cases starts here.

A parity test (tests/integration/test_visibility_parity.py) compares the two on generated organisations.
"""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import ColumnElement, and_, exists, false, or_

from avvikelse.domain.actor import Actor
from avvikelse.domain.relation import PartyFacts, party_relations
from avvikelse.domain.vocabulary import PartySide, Role
from avvikelse.models.avvikelse import Avvikelse, Party

CURRENT_SIDES = (PartySide.SENDER, PartySide.OWNER)


def facts_of(party: Party) -> PartyFacts:
    """What the rule needs of the row."""
    return PartyFacts(party.side, party.omrade_id, party.enhet_id, party.position_id, party.handler_user_id)


def my_parties(actor: Actor, row: Avvikelse, *sides: PartySide) -> tuple[Party, ...]:
    """The parties through which the actor takes part, on any of `sides`."""
    return tuple(p for p in row.parties if p.side in sides and party_relations(actor, facts_of(p)))


def party_is_mine(actor: Actor) -> ColumnElement[bool]:
    """Rows of Party through which the actor takes part as chef, samordnare or named handläggare."""
    alternatives: list[ColumnElement[bool]] = []
    if positions := actor.position_ids():
        alternatives.append(Party.position_id.in_(positions))
    if units := actor.enhet_ids(Role.CHEF):
        alternatives.append(and_(Party.position_id.is_(None), Party.enhet_id.in_(units)))
    if omraden := actor.omrade_ids(Role.SAMORDNARE):
        alternatives.append(Party.omrade_id.in_(omraden))
    if handled := actor.enhet_ids(Role.HANDLAGGARE):
        alternatives.append(
            and_(
                Party.side == PartySide.OWNER,
                Party.handler_user_id == actor.user_id,
                Party.enhet_id.in_(handled),
            )
        )
    return or_(*alternatives) if alternatives else false()


def visible(actor: Actor, sides: Iterable[PartySide] = CURRENT_SIDES) -> ColumnElement[bool]:
    """Cases that the actor may open: own reports, and those in which she takes part on one of the `sides`.

    Former parties see only their own notes and the way up to the hand-over: ask for them with sides=(FORMER,).
    """
    if actor.user_id is None:
        return false()
    through_party = exists().where(
        Party.avvikelse_id == Avvikelse.id, Party.side.in_(tuple(sides)), party_is_mine(actor)
    )
    return or_(Avvikelse.reporter_user_id == actor.user_id, through_party)
