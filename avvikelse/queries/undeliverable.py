"""Mails that cannot reach anybody, for the samordnare of the område: whose function or account needs mending.

Never the words of a mail and never a private address: which case, to whom as role and unit, since when, why in plain
words, and on which page the address is to be seen. Only mails to a side of the case that belongs to
the samordnare's own område, its reporter among them.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import Session

from avvikelse.domain.actor import Actor
from avvikelse.domain.notices import Notice
from avvikelse.domain.vocabulary import PartySide, Role
from avvikelse.models.avvikelse import Avvikelse, Party
from avvikelse.models.organisation import Enhet, Pack
from avvikelse.models.outbox import OutboxMail
from avvikelse.policy.visibility import CURRENT_SIDES, visible
from avvikelse.queries import role_list

MOST = 50


@dataclass(frozen=True, slots=True)
class Undeliverable:
    """`refused` = the mail server says no to the address; else the server has been away for a day.

    The address is to be seen on one of two pages: a person's with her role (`assignment_id`, where she has one that the
    reader may see), a function mailbox with the unit in Kontaktvägar (`place` = pack, slug).
    """

    number: str
    ref: str
    to: str
    unit: str | None
    since: datetime
    refused: bool
    place: tuple[str, str] | None = None
    assignment_id: int | None = None


def undeliverable(session: Session, actor: Actor, today: date) -> tuple[Undeliverable, ...]:
    """Those that have failed, the oldest first."""
    omraden = actor.omrade_ids(Role.SAMORDNARE)
    if not omraden:
        return ()
    told = OutboxMail.params["party"].as_integer()
    to_reporter = and_(
        Party.side == PartySide.SENDER,
        OutboxMail.recipient_user_id == Avvikelse.reporter_user_id,
        func.coalesce(told, 0) == 0,  # she is told as the one who reported, not through a party
    )
    rows = session.execute(
        select(
            OutboxMail.notice, OutboxMail.failed_at, OutboxMail.next_try_at, OutboxMail.recipient_user_id,
            Avvikelse.number, Avvikelse.ref, Enhet.name.label("unit"), Enhet.slug, Pack.slug.label("pack"),
        )
        .join(Avvikelse, Avvikelse.id == OutboxMail.avvikelse_id)
        .join(Party, and_(Party.avvikelse_id == Avvikelse.id, or_(Party.id == told, to_reporter)))
        .outerjoin(Enhet, Enhet.id == Party.enhet_id)
        .outerjoin(Pack, Pack.id == Enhet.pack_id)
        .where(
            OutboxMail.failed_at.is_not(None), OutboxMail.sent_at.is_(None), OutboxMail.dropped_at.is_(None),
            Party.omrade_id.in_(omraden), Party.side.in_(CURRENT_SIDES), visible(actor),
        )
        .order_by(OutboxMail.failed_at, OutboxMail.id)
        .limit(MOST)
    ).all()  # fmt: skip
    people = {row.recipient_user_id for row in rows} - {None}
    roles = _roles(session, actor, people, today)
    return tuple(
        Undeliverable(
            row.number, row.ref, Notice(row.notice).audience, row.unit, row.failed_at, row.next_try_at is None,
            place=(row.pack, row.slug) if row.pack and row.recipient_user_id is None else None,
            assignment_id=roles.get(row.recipient_user_id),
        )
        for row in rows
    )  # fmt: skip


def _roles(session: Session, actor: Actor, people: Collection[int], today: date) -> dict[int, int]:
    """A role of each person that the reader may see: its page says which address the person has."""
    return role_list.a_role_of(session, actor, people, today) if people else {}
