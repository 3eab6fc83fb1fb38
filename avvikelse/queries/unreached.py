"""Mails without a case that cannot reach anybody: invitations, reminders, whatever is about an account, a role or SIP.

For those who can mend the address: who may read the person's role, the invitation, or what the mailbox belongs to.
Never the words of a mail and never an address; those about cases are in queries/undeliverable.py.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Integer, Row, cast, func, null, select
from sqlalchemy.orm import Session

from avvikelse.domain.actor import Actor
from avvikelse.domain.notices import Notice
from avvikelse.domain.role_scope import label
from avvikelse.domain.workdays import start_of_day
from avvikelse.models.identity import Invitation, User
from avvikelse.models.organisation import Enhet, Funktion, Pack
from avvikelse.models.outbox import OutboxMail
from avvikelse.policy.role_reach import readable
from avvikelse.queries import role_list
from avvikelse.queries.waiting_invitations import offered_within, waits

MOST = 200  # failed mails looked through, the oldest first


@dataclass(frozen=True, slots=True)
class Unreached:
    """`to` whom as a role, a unit or an invitation; `refused` = the mail server says no to the address.

    Where the address is to be seen: on the page of a role, among the invitations, or with the unit in Kontaktvägar.
    """

    to: str
    since: datetime
    refused: bool
    assignment_id: int | None = None
    is_invitation: bool = False
    unit: tuple[str, str] | None = None


def unreached(session: Session, actor: Actor, today: date) -> tuple[Unreached, ...]:
    """Those within the actor's reach, the oldest first."""
    found = [*_people(session, actor, today), *_invited(session, actor, today), *_mailboxes(session, actor)]
    return tuple(sorted(found, key=lambda one: (one.since, one.to)))


_FAILED: tuple[ColumnElement[bool], ...] = (
    OutboxMail.avvikelse_id.is_(None),
    OutboxMail.failed_at.is_not(None),
    OutboxMail.sent_at.is_(None),
    OutboxMail.dropped_at.is_(None),
)
_STATE = (OutboxMail.failed_at, OutboxMail.next_try_at)


def _people(session: Session, actor: Actor, today: date) -> list[Unreached]:
    """To somebody with a role that the actor may read; each person once."""
    rows = session.execute(
        select(*_STATE, User.id, User.name)
        .join(User, User.id == OutboxMail.recipient_user_id)
        .where(*_FAILED)
        .order_by(OutboxMail.failed_at, OutboxMail.id)
        .limit(MOST)
    ).all()
    roles = role_list.a_role_of(session, actor, {row.id for row in rows}, today) if rows else {}
    first = {row.id: row for row in reversed(rows) if row.id in roles}
    return [_one(row, row.name, assignment_id=roles[id_]) for id_, row in first.items()]


def _invited(session: Session, actor: Actor, today: date) -> list[Unreached]:
    """Invitations that can still be accepted and whose mail has not arrived."""
    query = (
        offered_within(actor)
        .add_columns(*_STATE)
        .join(OutboxMail, OutboxMail.params["invitation"].as_integer() == Invitation.id)
    )
    rows = session.execute(
        query.where(*_FAILED, OutboxMail.notice == Notice.INVITATION.value, waits(start_of_day(today))).limit(MOST)
    )
    return [
        _one(
            row,
            f"Inbjudan: {row.Invitation.name}, {label(row.Invitation.role, row.place or row.huvudman)}",
            is_invitation=True,
        )
        for row in rows
    ]


def _mailboxes(session: Session, actor: Actor) -> list[Unreached]:
    """To a unit's or a funktion's own mailbox, found by its address."""
    no_group = cast(null(), Integer)
    of_unit = readable(
        actor, enhet_id=Enhet.id, omrade_id=Enhet.omrade_id, huvudman_id=Enhet.huvudman_id, group_id=no_group
    )
    of_funktion = readable(
        actor,
        enhet_id=no_group,
        omrade_id=func.coalesce(Funktion.omrade_id, 0),
        huvudman_id=Funktion.huvudman_id,
        group_id=no_group,
    )
    units = session.execute(
        select(*_STATE, Enhet.name, Enhet.slug, Pack.slug.label("pack"))
        .join(Enhet, Enhet.function_mailbox == OutboxMail.recipient_mailbox)
        .join(Pack, Pack.id == Enhet.pack_id)
        .where(*_FAILED, of_unit)
        .limit(MOST)
    )
    funktioner = session.execute(
        select(*_STATE, Funktion.kind)
        .join(Funktion, Funktion.mailbox == OutboxMail.recipient_mailbox)
        .where(*_FAILED, of_funktion)
        .limit(MOST)
    )
    return [
        *(_one(row, row.name, unit=(row.pack, row.slug)) for row in units),
        *(_one(row, row.kind.label) for row in funktioner),
    ]


def _one(row: Row[*tuple[Any, ...]], to: str, **where: Any) -> Unreached:
    return Unreached(to, row.failed_at, row.next_try_at is None, **where)
