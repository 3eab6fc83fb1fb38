"""Which cases exist for me? The rule of domain/relation.py said in SQL. Every read of cases starts here.

A parity test (tests/integration/test_visibility_parity.py) compares the two on generated organisations.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, fields
from typing import Any

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Select,
    and_,
    bindparam,
    exists,
    false,
    func,
    not_,
    or_,
    select,
    union_all,
)
from sqlalchemy.orm import aliased

from avvikelse.domain.actor import Actor
from avvikelse.domain.relation import PartyFacts, Relation, partial_beside, partial_for_each, relations, through_each
from avvikelse.domain.vocabulary import PartySide, Role
from avvikelse.models.asking import exists_by_index
from avvikelse.models.avvikelse import Avvikelse, Party
from avvikelse.policy.permission_map import MAY_APPROVE_QUESTION

CURRENT_SIDES = (PartySide.SENDER, PartySide.OWNER)
Ids = Collection[int] | BindParameter[Any] | None


@dataclass(frozen=True, slots=True)
class Reach:
    """Through what somebody takes part in cases: ids, placeholders for ids, or None for nothing of the kind."""

    positions: Ids  # her own
    units: Ids  # as chef, for parties without position
    stood_in: Ids  # positions that she is a substitute for today
    units_stood_in: Ids
    omraden: Ids  # as samordnare
    handled: Ids  # units in which she may be the named handläggare
    user_id: Any
    code_case_id: Any = None  # without account: the case whose receipt code she has shown

    def values(self) -> dict[str, Any]:
        """What stands in for the placeholders of `placeholders_of` this."""
        found = {f"my_{field.name}": getattr(self, field.name) for field in fields(self)}
        return {name: list(value) if isinstance(value, frozenset) else value for name, value in found.items() if value}

    def kinds(self) -> frozenset[str]:
        """Which of the ways she has: people with the same share one statement."""
        return frozenset(self.values())


def reach_of(actor: Actor) -> Reach:
    stood_in = [grant for grant in actor.having(Role.CHEF) if grant.as_substitute]
    return Reach(
        actor.own_position_ids() or None,
        actor.own_enhet_ids() or None,
        frozenset(g.position_id for g in stood_in if g.position_id is not None) or None,
        frozenset(g.enhet_id for g in stood_in if g.enhet_id is not None) or None,
        actor.omrade_ids(Role.SAMORDNARE) or None,
        actor.enhet_ids(Role.HANDLAGGARE) or None,
        actor.user_id,
        actor.code_case_id,
    )


def placeholders_of(kinds: frozenset[str]) -> Reach:
    """A reach to build a statement with that is asked for many people (models/asking.py)."""

    def ids(name: str) -> BindParameter[Any] | None:
        return bindparam(name, expanding=True) if name in kinds else None

    def one(name: str) -> BindParameter[Any] | None:
        return bindparam(name) if name in kinds else None

    return Reach(
        ids("my_positions"),
        ids("my_units"),
        ids("my_stood_in"),
        ids("my_units_stood_in"),
        ids("my_omraden"),
        ids("my_handled"),
        one("my_user_id"),
        one("my_code_case_id"),
    )


def facts_of(party: Party) -> PartyFacts:
    """What the rule needs of the row."""
    return PartyFacts(
        party.side,
        party.omrade_id,
        party.enhet_id,
        party.position_id,
        party.handler_user_id,
        party.stand_in_position_id,
    )


def relations_to(actor: Actor, row: Avvikelse, question_group_ids: Iterable[int] = ()) -> frozenset[Relation]:
    """All relations of the actor to a case that has been read with its parties."""
    return relations(
        actor, row.reporter_user_id, map(facts_of, row.parties), question_group_ids,
        case_id=row.id, about_enhet_id=row.counterpart_enhet_id,
    )  # fmt: skip


def through_parties(actor: Actor, row: Avvikelse) -> list[tuple[Party, frozenset[Relation]]]:
    """What the actor is through each of the case's parties."""
    facts = map(facts_of, row.parties)
    found = through_each(actor, row.reporter_user_id, row.counterpart_enhet_id, facts)
    return list(zip(row.parties, found, strict=True))


def may_stand_in(actor: Actor, row: Avvikelse, party: Party) -> bool:
    """Could the actor answer for a party that is not hers, being no party to the case herself?"""
    facts = map(facts_of, row.parties)
    partial = partial_for_each(actor, row.reporter_user_id, row.counterpart_enhet_id, facts)
    return not partial[row.parties.index(party)]


def may_stand_in_beside(actor: Actor, row: Avvikelse, *, omrade_id: int, enhet_id: int | None) -> bool:
    """The same for a position of the receiving side that need not have the case."""
    facts = map(facts_of, row.parties)
    return not partial_beside(
        actor, row.reporter_user_id, row.counterpart_enhet_id, facts, omrade_id=omrade_id, enhet_id=enhet_id
    )


def my_parties(actor: Actor, row: Avvikelse, *sides: PartySide) -> tuple[Party, ...]:
    """The parties through which the actor takes part, on any of `sides`."""
    return tuple(party for party, mine in through_parties(actor, row) if party.side in sides and mine)


def omrade_read_for(actor: Actor, row: Avvikelse) -> int | None:
    """The sekretessområde for which the actor opens the case: whoever answers for its log reads of it.

    The own side's as long as it has the case, else where she once had it; a reporter's is that of her unit. None =
    nobody's (the reporter has no account).
    """
    mine = my_parties(actor, row, PartySide.OWNER) or my_parties(actor, row, PartySide.SENDER)
    mine = mine or my_parties(actor, row, PartySide.FORMER)
    if not mine and actor.user_id is not None:
        mine = tuple(party for party in row.parties if party.side is PartySide.SENDER)
    return mine[0].omrade_id if mine else None


def approves_for(actor: Actor, row: Avvikelse) -> frozenset[tuple[PartySide, int]]:
    """(side, område) for which the actor may approve the words of a question to a group."""
    return frozenset(
        (party.side, party.omrade_id)
        for party, mine in through_parties(actor, row)
        if party.side in CURRENT_SIDES and mine & MAY_APPROVE_QUESTION
    )


def party_is_mine(actor: Actor) -> ColumnElement[bool]:
    """Rows of Party through which the actor takes part as chef, samordnare or named handläggare."""
    return party_within(reach_of(actor))


def party_within(reach: Reach, party: Any = Party) -> ColumnElement[bool]:
    """The same for a reach. `party` may be an alias of the table."""
    alternatives = party_ways(reach, party)
    return or_(*alternatives) if alternatives else false()


def party_ways(reach: Reach, party: Any = Party) -> list[ColumnElement[bool]]:
    """The ways of taking part, each of which is one index of the table: a list asks them one by one."""
    alternatives = chef_ways(reach, party)
    if reach.omraden is not None:
        alternatives.append(party.omrade_id.in_(reach.omraden))
    return alternatives + _handled_ways(reach, party)


def chef_ways(reach: Reach, party: Any = Party) -> list[ColumnElement[bool]]:
    """As manager: by position, and of the unit where the row has none."""
    alternatives = position_ways(reach, party)
    no_position = party.position_id.is_(None)
    if reach.units is not None:
        alternatives.append(and_(no_position, party.enhet_id.in_(reach.units)))
    if reach.units_stood_in is not None:
        alternatives.append(and_(no_position, party.enhet_id.in_(reach.units_stood_in), _impartial(reach, party)))
    return alternatives


def position_ways(reach: Reach, party: Any = Party) -> list[ColumnElement[bool]]:
    """As manager: of her own position, of what it has stepped into, of what she stands in for."""
    alternatives: list[ColumnElement[bool]] = []
    if reach.positions is not None:
        alternatives.append(party.position_id.in_(reach.positions))
        alternatives.append(and_(party.stand_in_position_id.in_(reach.positions), _impartial(reach, party)))
    if reach.stood_in is not None:
        alternatives.append(and_(party.position_id.in_(reach.stood_in), _impartial(reach, party)))
        alternatives.append(and_(party.stand_in_position_id.in_(reach.stood_in), _impartial(reach, party)))
    return alternatives


def _handled_ways(reach: Reach, party: Any) -> list[ColumnElement[bool]]:
    """As the named handläggare, in a unit where she may be one."""
    if reach.handled is None:
        return []
    mine = and_(party.handler_user_id == reach.user_id, party.enhet_id.in_(reach.handled))
    return [and_(party.side == PartySide.OWNER, mine)]


# Made once: an alias takes longer than the question it is asked in.
_CASE, OTHER_PARTY = aliased(Avvikelse), aliased(Party)


def _impartial(reach: Reach, party: Any) -> ColumnElement[bool]:
    """She is no party to the case herself, but through this row: domain/relation.through_each in SQL."""
    return impartial(
        reach, party.avvikelse_id, enhet_id=party.enhet_id, receives=party.side != PartySide.SENDER,
        same=OTHER_PARTY.id == party.id,
    )  # fmt: skip


def impartial(
    reach: Reach, case_id: Any, *, enhet_id: Any, receives: ColumnElement[bool], same: ColumnElement[bool]
) -> ColumnElement[bool]:
    """She is no party to the case herself. `enhet_id` is the unit of what she would stand in for; `receives`: it is on
    the receiving side; `same`: which rows of OTHER_PARTY are not another side.
    """
    about = and_(
        _CASE.counterpart_enhet_id.in_(reach.units), func.coalesce(enhet_id, 0) != _CASE.counterpart_enhet_id
    ) if reach.units is not None else false()  # fmt: skip
    hers = exists().where(
        _CASE.id == case_id,
        receives,
        or_(_CASE.reporter_user_id == reach.user_id, about),
    )
    own = _handled_ways(reach, OTHER_PARTY)
    if reach.positions is not None:
        own.append(OTHER_PARTY.position_id.in_(reach.positions))
    if reach.units is not None:
        own.append(and_(OTHER_PARTY.position_id.is_(None), OTHER_PARTY.enhet_id.in_(reach.units)))
    takes_part = exists().where(
        OTHER_PARTY.avvikelse_id == case_id,
        not_(same),
        OTHER_PARTY.side.in_(CURRENT_SIDES),
        or_(false(), *own),
    )
    return and_(~hers, ~takes_part)


def visible(actor: Actor, sides: Iterable[PartySide] = CURRENT_SIDES) -> ColumnElement[bool]:
    """Cases that the actor may open: own reports, and those in which she takes part on one of the `sides`.

    Without account: the one case whose receipt code she has shown.

    Former parties see only their own notes and the way up to the hand-over: ask for them with sides=(FORMER,).
    """
    return visible_within(reach_of(actor), sides)


def visible_within(reach: Reach, sides: Iterable[PartySide] = CURRENT_SIDES) -> ColumnElement[bool]:
    """The same for a reach."""
    if reach.user_id is None:
        return Avvikelse.id == reach.code_case_id if reach.code_case_id is not None else false()
    there = and_(Party.avvikelse_id == Avvikelse.id, Party.side.in_(tuple(sides)))
    through_party = (  # one by one: docs/adr/0201
        exists_by_index(select(Party.id).where(there, way).correlate(Avvikelse)) for way in party_ways(reach)
    )
    return or_(Avvikelse.reporter_user_id == reach.user_id, *through_party)


def visible_ids(reach: Reach, sides: Iterable[PartySide] = CURRENT_SIDES) -> Select[int]:
    """The same again, for a search: ids of the reader's own cases, way by way and not by looking at everybody's."""
    if reach.user_id is None:
        return select(Avvikelse.id).where(visible_within(reach, sides))
    of_side = Party.side.in_(tuple(sides))
    ways = (select(Party.avvikelse_id.label("id")).where(of_side, way) for way in party_ways(reach))
    mine = union_all(select(_CASE.id).where(_CASE.reporter_user_id == reach.user_id), *ways).subquery()
    return select(mine.c.id)
