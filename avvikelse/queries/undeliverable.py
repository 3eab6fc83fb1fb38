"""Mails that cannot reach anybody, for the samordnare of the område: whose function or account needs mending.

Never the words of a mail and never a private address: which case, to whom in roles, since when, and why in plain words.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from avvikelse.domain.actor import Actor
from avvikelse.domain.notices import Notice
from avvikelse.domain.vocabulary import Role
from avvikelse.models.avvikelse import Avvikelse, Party
from avvikelse.models.outbox import OutboxMail
from avvikelse.policy.visibility import CURRENT_SIDES, visible

MOST = 50


@dataclass(frozen=True, slots=True)
class Undeliverable:
    """`refused` = the mail server says no to the address; else the server has been away for a day."""

    number: str
    ref: str
    to: str
    since: datetime
    refused: bool


def undeliverable(session: Session, actor: Actor) -> tuple[Undeliverable, ...]:
    """Mails about cases of the samordnare's own områden, to parties of those områden, that have failed."""
    omraden = actor.omrade_ids(Role.SAMORDNARE)
    if not omraden:
        return ()
    rows = session.execute(
        select(
            OutboxMail.notice, OutboxMail.params, OutboxMail.failed_at, OutboxMail.next_try_at,
            Avvikelse.number, Avvikelse.ref,
        )
        .join(Avvikelse, Avvikelse.id == OutboxMail.avvikelse_id)
        .where(
            OutboxMail.failed_at.is_not(None), OutboxMail.sent_at.is_(None), OutboxMail.dropped_at.is_(None),
            visible(actor),
        )
        .order_by(OutboxMail.failed_at)
        .limit(MOST)
    ).all()  # fmt: skip
    wanted = {row.params.get("party") for row in rows}
    mine = set(
        session.scalars(
            select(Party.id).where(Party.id.in_(wanted), Party.omrade_id.in_(omraden), Party.side.in_(CURRENT_SIDES))
        )
    )
    return tuple(
        Undeliverable(row.number, row.ref, Notice(row.notice).audience, row.failed_at, row.next_try_at is None)
        for row in rows
        if row.params.get("party") in mine
    )
