"""How a person relates to one avvikelse: side and role in one word.

The workflow and the secrecy table speak of nobody else.

`relations()` is the rule; `policy/visibility.py` says the same in SQL and a parity test keeps the two equal.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from avvikelse.domain.actor import Actor
from avvikelse.domain.vocabulary import Labelled, PartySide, Role


class Relation(Labelled):
    """One way of being concerned by a case."""

    REPORTER = "reporter", "Rapportören"
    SENDER_CHEF = "sender_chef", "Rapporterande enhetens chef"
    SENDER_SAMORDNARE = "sender_samordnare", "Rapporterande områdets samordnare"
    OWNER_CHEF = "owner_chef", "Ansvarig chef"
    HANDLER = "handler", "Handläggare"
    OWNER_SAMORDNARE = "owner_samordnare", "Mottagande områdets samordnare"
    FORMER_CHEF = "former_chef", "Chef som har lämnat över"
    FORMER_SAMORDNARE = "former_samordnare", "Samordnare i ett område som har lämnat över"
    CONVENOR = "convenor", "Sammankallande i gruppen"
    SYSTEM = "system", "Systemet"


@dataclass(frozen=True, slots=True)
class PartyFacts:
    """What the rule needs of one row of models.avvikelse.Party."""

    side: PartySide
    omrade_id: int
    enhet_id: int | None = None
    position_id: int | None = None
    handler_user_id: int | None = None


_CHEF = {
    PartySide.SENDER: Relation.SENDER_CHEF,
    PartySide.OWNER: Relation.OWNER_CHEF,
    PartySide.FORMER: Relation.FORMER_CHEF,
}
_SAMORDNARE = {
    PartySide.SENDER: Relation.SENDER_SAMORDNARE,
    PartySide.OWNER: Relation.OWNER_SAMORDNARE,
    PartySide.FORMER: Relation.FORMER_SAMORDNARE,
}


def relations(
    actor: Actor, reporter_user_id: int | None, parties: Iterable[PartyFacts], question_group_ids: Iterable[int] = ()
) -> frozenset[Relation]:
    """All relations of `actor` to a case. Empty = the case does not exist for her.

    A chef is matched by position where the party has one (a substitute holds the position too), else by unit.
    `question_group_ids` are the groups that have an open question about the case.
    """
    if actor.is_system:
        return frozenset({Relation.SYSTEM})
    if actor.user_id is None:
        return frozenset()
    found = {relation for party in parties for relation in party_relations(actor, party)}
    if reporter_user_id == actor.user_id:
        found.add(Relation.REPORTER)
    if actor.group_ids(Role.SAMMANKALLANDE) & set(question_group_ids):
        found.add(Relation.CONVENOR)
    return frozenset(found)


def party_relations(actor: Actor, party: PartyFacts) -> frozenset[Relation]:
    """The relations that the actor has through one party; empty = it is somebody else's."""
    found: set[Relation] = set()
    by_position = party.position_id in actor.position_ids()
    by_unit = party.position_id is None and party.enhet_id in actor.enhet_ids(Role.CHEF)
    if by_position or by_unit:
        found.add(_CHEF[party.side])
    if party.omrade_id in actor.omrade_ids(Role.SAMORDNARE):
        found.add(_SAMORDNARE[party.side])
    handles = party.enhet_id in actor.enhet_ids(Role.HANDLAGGARE) and party.handler_user_id == actor.user_id
    if party.side is PartySide.OWNER and handles:
        found.add(Relation.HANDLER)
    return frozenset(found)
