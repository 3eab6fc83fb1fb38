"""Who is away, who answers instead, and what nobody answers for. Open for the list *Vem svarar när någon är borta*.

For administrators (positions of their huvudman) and samordnare (positions and cases of their områden).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import or_, select
from sqlalchemy.orm import Session, selectinload

from avvikelse.domain import presence
from avvikelse.domain.actor import Actor
from avvikelse.domain.organisation import OrganisationMap, Post
from avvikelse.domain.vocabulary import PartySide, Role
from avvikelse.models.avvikelse import Avvikelse, Party
from avvikelse.models.organisation import Enhet, Pack, Position, PositionAbsence
from avvikelse.policy.organisation import administered_ids
from avvikelse.queries import recipients
from avvikelse.queries.organisation_map import Mapping, mapping_of

SHOWN = 200


@dataclass(frozen=True, slots=True)
class Standing:
    """One position of the list. `until`: the last day away; `instead`: who answers when it does not, None = nobody.

    `alone`: nobody is its substitute today, whether it answers itself or not; `place` is the unit's slug.
    """

    id: int
    huvudman_id: int
    pack: str
    slug: str
    title: str
    unit: str
    place: str
    missing: str | None
    until: date | None
    instead: str | None
    alone: bool


@dataclass(frozen=True, slots=True)
class Unanswered:
    """An open case that nobody answers for today."""

    ref: str
    number: str
    position: str


@dataclass(frozen=True, slots=True)
class StandingList:
    """`now`: positions that do not answer today; `alone`: all without substitute, of which `more` are not shown."""

    now: tuple[Standing, ...]
    alone: tuple[Standing, ...]
    more: int
    cases: tuple[Unanswered, ...]


@dataclass(frozen=True, slots=True)
class OwnPosition:
    """A position of one's own: who answers when one is away, and the days that are known."""

    id: int
    title: str
    instead: str | None
    absences: tuple[tuple[int, date, date], ...]


def standing_list(session: Session, actor: Actor, today: date) -> StandingList:
    """What the actor looks after. Cases only for a samordnare."""
    every = positions(session, actor, today)
    alone = _without_substitute(every)
    return StandingList(
        tuple(one for one in every if one.missing is not None),
        alone[:SHOWN],
        len(alone[SHOWN:]),
        _unanswered(session, actor.omrade_ids(Role.SAMORDNARE), today),
    )


def without_substitute(session: Session, actor: Actor, today: date) -> tuple[Standing, ...]:
    """*Saknar ersättare*, those that do not answer today first: for the list, and for the samordnare's desk."""
    return _without_substitute(positions(session, actor, today))


def _without_substitute(every: Iterable[Standing]) -> tuple[Standing, ...]:
    return tuple(sorted((one for one in every if one.alone), key=lambda one: one.missing is None))


def lacks_substitute(session: Session, pack_id: int, slug: str, today: date) -> bool:
    """The same of one position, also of one above units."""
    org = mapping_of(session, pack_id, today).organisation
    post = org.posts.get(slug)
    return post is not None and not presence.has_substitute(org, post)


def positions(session: Session, actor: Actor, today: date) -> tuple[Standing, ...]:
    """Every manager of a unit that the actor looks after, by unit."""
    huvudman_ids = administered_ids(actor)
    query = _POSITIONS.where(or_(Enhet.active_to.is_(None), Enhet.active_to >= today))
    if huvudman_ids is not None:  # an administrator of the whole system looks after all
        omraden = actor.omrade_ids(Role.SAMORDNARE)
        query = query.where(or_(Enhet.huvudman_id.in_(huvudman_ids), Enhet.omrade_id.in_(omraden)))
    rows = session.execute(query).all()
    maps = {pack_id: mapping_of(session, pack_id, today).organisation for pack_id in {row.pack_id for row in rows}}
    until = _away_until(session, [row.id for row in rows], today)
    found = []
    for row in rows:
        org = maps[row.pack_id]
        post = org.posts.get(row.slug)
        if post is None:
            continue
        missing, instead = presence.why_missing(org, post), _instead(org, post)
        found.append(
            Standing(
                row.id, row.huvudman_id, row.pack, row.slug, row.title, row.unit, row.place,
                missing.label if missing else None, until.get(row.id), instead.title if instead else None,
                not presence.has_substitute(org, post),
            )
        )  # fmt: skip
    return tuple(found)


_POSITIONS = (
    select(
        Position.id, Position.slug, Position.title, Position.pack_id, Enhet.huvudman_id, Enhet.name.label("unit"),
        Enhet.slug.label("place"), Pack.slug.label("pack"),
    )
    .join(Enhet, Enhet.id == Position.enhet_id)
    .join(Pack, Pack.id == Position.pack_id)
    .order_by(Enhet.name, Position.id)
)  # fmt: skip


def own_positions(session: Session, actor: Actor, today: date) -> tuple[OwnPosition, ...]:
    """The positions that the actor holds herself."""
    positions = session.scalars(
        select(Position)
        .where(Position.id.in_(actor.own_position_ids()))
        .options(selectinload(Position.absences))
        .order_by(Position.id)
    )
    found = []
    for position in positions:
        org = mapping_of(session, position.pack_id, today).organisation
        post = org.posts.get(position.slug)
        instead = _instead(org, post) if post is not None else None
        days = tuple((a.id, a.from_on, a.to_on) for a in position.absences if a.to_on >= today)
        found.append(OwnPosition(position.id, position.title, instead.title if instead else None, days))
    return tuple(found)


def chain_of_case(session: Session, avvikelse_id: int, today: date) -> tuple[str, ...]:
    """Everybody in the order who should have answered before the one who does; for the first owner that has one."""
    row = session.get_one(Avvikelse, avvikelse_id)
    mapping = mapping_of(session, row.pack_id, today)
    for party in row.parties:
        if party.side is PartySide.OWNER and party.stand_in_position_id is not None:
            return _chain(mapping, party)
    return ()


def _chain(mapping: Mapping, party: Party) -> tuple[str, ...]:
    org = mapping.organisation
    post = org.posts.get(mapping.position_slug(party.position_id) or "")
    last = org.posts.get(mapping.position_slug(party.stand_in_position_id) or "")
    if post is None or last is None:
        return ()
    return (*(one.title for one in presence.passed_over(org, post, last.id)), last.title)


def nobody_answers(session: Session, party_id: int | None, today: date) -> bool:
    """Is there nobody for this owner today: holder, substitute, stand-in or handläggare?"""
    party = session.get(Party, party_id) if party_id is not None else None
    if party is None or party.side is not PartySide.OWNER or party.position_id is None or not party.open:
        return False
    return not recipients.of_party(session, party, today).user_ids


def _unanswered(session: Session, omraden: frozenset[int], today: date) -> tuple[Unanswered, ...]:
    """Asked once per position; per case only where a substitute would answer, who may be a party to it herself."""
    rows = session.execute(
        select(Party, Avvikelse.ref, Avvikelse.number, Position.title)
        .join(Avvikelse, Avvikelse.id == Party.avvikelse_id)
        .join(Position, Position.id == Party.position_id)
        .where(Party.side == PartySide.OWNER, Party.open, Party.omrade_id.in_(omraden))
        .order_by(Party.due_on, Party.id)
    )
    there: dict[int, bool] = {}
    found: list[Unanswered] = []
    for party, ref, number, title in rows:
        position_id = party.position_id or 0  # the join above leaves nobody without one
        if position_id not in there:
            there[position_id] = recipients.answers_itself(session, position_id, today)
        if not there[position_id] and len(found) < SHOWN and nobody_answers(session, party.id, today):
            found.append(Unanswered(ref, number, title))
    return tuple(found)


def _instead(org: OrganisationMap, post: Post) -> Post | None:
    """Who would answer, as far as positions go."""
    return presence.stand_in(org, post, fits=lambda _: True)


def _away_until(session: Session, position_ids: list[int], today: date) -> dict[int, date]:
    query = select(PositionAbsence.position_id, PositionAbsence.to_on).where(
        PositionAbsence.position_id.in_(position_ids),
        PositionAbsence.from_on <= today,
        PositionAbsence.to_on >= today,
    )
    return dict(session.execute(query).all())
