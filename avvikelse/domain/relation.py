"""How a person relates to one avvikelse: side and role in one word.

The workflow and the secrecy table speak of nobody else.

`relations()` is the rule; `policy/visibility.py` says the same in SQL and a parity test keeps the two equal.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from avvikelse.domain.actor import Actor
from avvikelse.domain.vocabulary import Labelled, PartySide, Role


class Relation(Labelled):
    """One way of being concerned by a case."""

    REPORTER = "reporter", "Rapportören"
    BY_CODE = "by_code", "Rapportör utan konto"  # beside REPORTER, and takes some of what she reads away
    SENDER_CHEF = "sender_chef", "Rapporterande enhetens chef"
    SENDER_SAMORDNARE = "sender_samordnare", "Rapporterande områdets samordnare"
    OWNER_CHEF = "owner_chef", "Ansvarig chef"
    HANDLER = "handler", "Handläggare"
    OWNER_SAMORDNARE = "owner_samordnare", "Mottagande områdets samordnare"
    FORMER_CHEF = "former_chef", "Chef som har lämnat över"
    FORMER_SAMORDNARE = "former_samordnare", "Samordnare i ett område som har lämnat över"
    CONVENOR = "convenor", "Sammankallande i gruppen"
    SYSTEM = "system", "Systemet"


REPORTING = frozenset({Relation.REPORTER, Relation.BY_CODE})


@dataclass(frozen=True, slots=True)
class PartyFacts:
    """What the rule needs of one row of models.avvikelse.Party."""

    side: PartySide
    omrade_id: int
    enhet_id: int | None = None
    position_id: int | None = None
    handler_user_id: int | None = None
    stand_in_position_id: int | None = None


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

_AS_PARTY = frozenset({Relation.SENDER_CHEF, Relation.OWNER_CHEF, Relation.HANDLER})


def relations(
    actor: Actor,
    reporter_user_id: int | None,
    parties: Iterable[PartyFacts],
    question_group_ids: Iterable[int] = (),
    *,
    case_id: int | None = None,
    about_enhet_id: int | None = None,
) -> frozenset[Relation]:
    """All relations of `actor` to a case. Empty = the case does not exist for her.

    A chef is matched by position where the party has one (a substitute holds the position too), else by unit. Whoever
    has stepped in for the party has the chef's relation in this case.
    `question_group_ids` are the groups that have an open question about the case, `case_id` its own: who has its
    receipt code is its reporter. `about_enhet_id` is the unit that the report is about.
    """
    if actor.is_system:
        return frozenset({Relation.SYSTEM})
    if actor.user_id is None:
        return REPORTING if actor.code_case_id is not None and actor.code_case_id == case_id else frozenset()
    through = through_each(actor, reporter_user_id, about_enhet_id, parties)
    found = {relation for mine in through for relation in mine}
    if reporter_user_id == actor.user_id:
        found.add(Relation.REPORTER)
    if actor.group_ids(Role.SAMMANKALLANDE) & set(question_group_ids):
        found.add(Relation.CONVENOR)
    return frozenset(found)


def through_each(
    actor: Actor, reporter_user_id: int | None, about_enhet_id: int | None, parties: Iterable[PartyFacts]
) -> tuple[frozenset[Relation], ...]:
    """What the actor is through each of the parties, in their order; empty = it is somebody else's.

    Nobody stands in for the other side of her own case: who takes part through another party, has reported the case,
    or manages the unit that it is about, has only what is hers. Neither what she is a substitute for nor what her
    position has stepped into.
    """
    return _through_each(actor, reporter_user_id, about_enhet_id, tuple(parties))


@lru_cache(maxsize=64)  # the parts of a page ask the same of one case again and again
def _through_each(
    actor: Actor, reporter_user_id: int | None, about_enhet_id: int | None, parties: tuple[PartyFacts, ...]
) -> tuple[frozenset[Relation], ...]:
    partial = partial_for_each(actor, reporter_user_id, about_enhet_id, parties)
    return tuple(party_relations(actor, party, own_only=own) for party, own in zip(parties, partial, strict=True))


def partial_for_each(
    actor: Actor, reporter_user_id: int | None, about_enhet_id: int | None, parties: Iterable[PartyFacts]
) -> tuple[bool, ...]:
    """For each of the parties: would the actor, standing in for it, answer in her own case?"""
    parties = tuple(parties)
    own = [
        p.side is not PartySide.FORMER and bool(party_relations(actor, p, own_only=True) & _AS_PARTY) for p in parties
    ]
    reports = actor.user_id is not None and reporter_user_id == actor.user_id
    is_about_her = about_enhet_id in actor.own_enhet_ids()

    def is_party(nr: int) -> bool:
        receives = parties[nr].side is not PartySide.SENDER
        elsewhere = parties[nr].enhet_id != about_enhet_id
        return any(own[:nr] + own[nr + 1 :]) or (receives and (reports or (is_about_her and elsewhere)))

    return tuple(is_party(nr) for nr in range(len(parties)))


def partial_beside(
    actor: Actor,
    reporter_user_id: int | None,
    about_enhet_id: int | None,
    parties: Iterable[PartyFacts],
    *,
    omrade_id: int,
    enhet_id: int | None,
) -> bool:
    """Would the actor, standing in for a position of the receiving side that need not have the case (an åtgärd's),
    answer in her own case? Who has the case in the same område is not another side.
    """
    others = [p for p in parties if not (p.side is PartySide.OWNER and p.omrade_id == omrade_id)]
    place = PartyFacts(PartySide.OWNER, omrade_id, enhet_id)
    return partial_for_each(actor, reporter_user_id, about_enhet_id, [place, *others])[0]


def party_relations(actor: Actor, party: PartyFacts, *, own_only: bool = False) -> frozenset[Relation]:
    """The relations that the actor has through one party; `own_only` without those of standing in."""
    found: set[Relation] = set()
    held = {party.position_id} if own_only else {party.position_id, party.stand_in_position_id}
    by_position = bool(held & (actor.own_position_ids() if own_only else actor.position_ids()))
    units = actor.own_enhet_ids() if own_only else actor.enhet_ids(Role.CHEF)
    if by_position or (party.position_id is None and party.enhet_id in units):
        found.add(_CHEF[party.side])
    if party.omrade_id in actor.omrade_ids(Role.SAMORDNARE):
        found.add(_SAMORDNARE[party.side])
    handles = party.enhet_id in actor.enhet_ids(Role.HANDLAGGARE) and party.handler_user_id == actor.user_id
    if party.side is PartySide.OWNER and handles:
        found.add(Relation.HANDLER)
    return frozenset(found)
