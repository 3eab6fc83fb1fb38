"""Who is away, who answers instead, and what nobody answers for. Open for the list *Vem svarar när någon är borta*.

For administrators (positions of their huvudman) and samordnare (positions and cases of their områden).
"""

from __future__ import annotations

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
from avvikelse.queries import recipients
from avvikelse.queries.organisation_map import Mapping, mapping_of

SHOWN = 200


@dataclass(frozen=True, slots=True)
class Standing:
    """One position of the list. `until`: the last day away; `instead`: who answers, None = nobody."""

    pack: str
    slug: str
    title: str
    unit: str
    missing: str | None
    until: date | None
    instead: str | None


@dataclass(frozen=True, slots=True)
class Unanswered:
    """An open case that nobody answers for today."""

    ref: str
    number: str
    position: str


@dataclass(frozen=True, slots=True)
class StandingList:
    """`now`: positions that do not answer today; `alone`: those that answer and have nobody behind them."""

    now: tuple[Standing, ...]
    alone: tuple[Standing, ...]
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
    huvudman_ids = {g.huvudman_id for g in actor.having(Role.ADMINISTRATOR)}
    omraden = actor.omrade_ids(Role.SAMORDNARE)
    query = (
        select(Position, Enhet, Pack.slug)
        .join(Enhet, Enhet.id == Position.enhet_id)
        .join(Pack, Pack.id == Position.pack_id)
        .where(Position.active_to.is_(None), or_(Enhet.active_to.is_(None), Enhet.active_to >= today))
        .order_by(Enhet.name, Position.id)
    )
    if None not in huvudman_ids:  # an administrator of the whole system looks after all
        query = query.where(
            or_(Enhet.huvudman_id.in_([h for h in huvudman_ids if h is not None]), Enhet.omrade_id.in_(omraden))
        )
    rows = session.execute(query).all()
    until = _away_until(session, [position.id for position, _, _ in rows], today)
    now, alone = [], []
    for position, unit, pack in rows:
        org = mapping_of(session, position.pack_id, today).organisation
        post = org.posts.get(position.slug)
        if post is None:
            continue
        missing, instead = presence.why_missing(org, post), _instead(org, post)
        line = Standing(
            pack, position.slug, position.title, unit.name, missing.label if missing else None, until.get(position.id),
            instead.title if instead else None,
        )  # fmt: skip
        if missing is not None:
            now.append(line)
        elif instead is None:
            alone.append(line)
    return StandingList(tuple(now), tuple(alone)[:SHOWN], _unanswered(session, omraden, today))


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
