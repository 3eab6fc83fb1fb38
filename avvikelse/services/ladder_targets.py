"""To whom a step of the ladder goes: people and mailboxes, or the position that may step in. Open when it goes wrong.

The order when a position does not act stands in domain/presence.py. Left out are those who take part in the case
themselves, those in another sekretessområde or huvudman, and positions that nobody answers for today. Nothing goes
above the own manager of an inbjuden part.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from avvikelse.domain import presence
from avvikelse.domain.escalation import ABOVE_THE_MANAGER, Target
from avvikelse.domain.organisation import Post
from avvikelse.domain.vocabulary import FunktionKind, PartySide
from avvikelse.domain.workflow import Audience
from avvikelse.models.avvikelse import Avvikelse, Party
from avvikelse.models.dialogue import Atgard
from avvikelse.models.group_decisions import GroupDecision
from avvikelse.models.organisation import Enhet, Funktion, Organisation, Position, Sekretessomrade
from avvikelse.queries import recipients
from avvikelse.queries.organisation_map import Mapping, mapping_of
from avvikelse.queries.recipients import Recipients
from avvikelse.services import atgard_notices, decision_notices, telling

Found = list[tuple[int, Recipients]]  # (party id or 0, to whom)

_AUDIENCES = {
    Target.OWNER: Audience.OWNER,
    Target.REPORTER: Audience.REPORTER,
    Target.SENDER_SAMORDNARE: Audience.SENDER_SAMORDNARE,
    Target.CONVENOR: Audience.CONVENOR,
    Target.GROUP: Audience.CONVENOR,
    Target.GROUP_ABOVE: Audience.CONVENOR,
}


def recipients_of(session: Session, row: Avvikelse, target: Target, subject: str, today: date) -> Found:
    """Who is told. A position that has stepped in is asked for as it stands in the party."""
    if target in _AUDIENCES:
        return telling.resolve(session, row, _AUDIENCES[target], today)
    if target is Target.ATGARD_OWNER:
        atgard = session.get(Atgard, int(subject.removeprefix("a")))
        return [(0, atgard_notices.owner_recipients(session, atgard, today))] if atgard is not None else []
    if target is Target.DECISION_OWNER:
        decision = session.get(GroupDecision, int(subject.removeprefix("d")))
        return [(0, decision_notices.owner_recipients(session, decision, today))] if decision is not None else []
    parties = parties_of(row, subject)
    if target is Target.PARTY:
        return [(p.id, recipients.of_party(session, p, today)) for p in parties]
    if target is Target.HOLDER:
        return [(p.id, recipients.of_holder(session, p, today)) for p in parties]
    if target in {Target.SAMORDNARE, Target.OFFICE}:
        return [(p.id, office_of(session, p, today, also_mailbox=target is Target.OFFICE)) for p in parties]
    return [
        (p.id, Recipients(recipients.standing_in(session, p, p.stand_in_position_id, today)))
        for p in parties
        if p.stand_in_position_id is not None
    ]


def parties_of(row: Avvikelse, subject: str) -> list[Party]:
    """The party that the clock is about ("p12"), else all owners."""
    owners = [party for party in row.parties if party.side is PartySide.OWNER]
    return [party for party in owners if f"p{party.id}" == subject] if subject.startswith("p") else owners


def stand_in_for(session: Session, row: Avvikelse, party: Party, target: Target, today: date) -> int | None:
    """The position that steps in for the party now, and has not yet; None when there is none."""
    mapping = mapping_of(session, row.pack_id, today)
    tried = {party.position_id, party.stand_in_position_id}
    for post in _order(session, mapping, party, target):
        position_id = mapping.position_ids[post.id]
        there = not mapping.is_closed(post.id) and presence.why_missing(mapping.organisation, post) is None
        fits = there and position_id not in tried and _may_know(session, row, party, position_id)
        if fits and recipients.standing_in(session, party, position_id, today):
            return position_id
    return None


def is_invited(session: Session, party: Party) -> bool:
    return bool(session.scalar(select(Sekretessomrade.invited_party).where(Sekretessomrade.id == party.omrade_id)))


def _order(session: Session, mapping: Mapping, party: Party, target: Target) -> Iterator[Post]:
    """Substitutes first (for SUBSTITUTE), then upwards; for TOP only the head of the förvaltning."""
    org, slug = mapping.organisation, mapping.position_slug(party.position_id)
    post = org.posts.get(slug or "") or org.post_of(mapping.enhet_slug(party.enhet_id) or "")
    if target not in ABOVE_THE_MANAGER:
        yield from presence.substitutes(org, post)
    if is_invited(session, party):
        return
    unit = org.units.get(mapping.enhet_slug(party.enhet_id) or "")
    above = list(presence.above(org, unit.organisation if unit else presence.organisation_of(org, post)))
    yield from reversed(above) if target is Target.TOP else above


def _may_know(session: Session, row: Avvikelse, party: Party, position_id: int) -> bool:
    """Not a party to the case itself, and inside the same huvudman and sekretessområde."""
    found = session.execute(
        select(Position.enhet_id, Enhet.omrade_id, Organisation.huvudman_id)
        .outerjoin(Enhet, Enhet.id == Position.enhet_id)
        .outerjoin(Organisation, Organisation.id == Position.organisation_id)
        .where(Position.id == position_id)
    ).one()
    others = [p for p in row.parties if p.id != party.id]
    if any(p.position_id == position_id or (p.enhet_id and p.enhet_id == found.enhet_id) for p in others):
        return False
    if found.omrade_id is not None:
        return bool(found.omrade_id == party.omrade_id)
    huvudman = session.scalar(select(Sekretessomrade.huvudman_id).where(Sekretessomrade.id == party.omrade_id))
    return bool(found.huvudman_id == huvudman)


def office_of(session: Session, party: Party, today: date, *, also_mailbox: bool = False) -> Recipients:
    """The område's samordnare; their function mailbox too, or when there is nobody."""
    people = recipients.samordnare_of(session, party.omrade_id, today)
    if people and not also_mailbox:
        return Recipients(people)
    huvudman = select(Sekretessomrade.huvudman_id).where(Sekretessomrade.id == party.omrade_id).scalar_subquery()
    mailboxes = session.execute(
        select(Funktion.omrade_id, Funktion.mailbox)
        .where(
            Funktion.kind == FunktionKind.SAMORDNARE,
            Funktion.huvudman_id == huvudman,
            Funktion.mailbox.is_not(None),
            Funktion.active_to.is_(None),
        )
        .order_by(Funktion.id)
    ).all()
    own = [box for omrade_id, box in mailboxes if omrade_id == party.omrade_id]
    shared = [box for omrade_id, box in mailboxes if omrade_id is None]
    return Recipients(people, next(iter([*own, *shared]), None))
