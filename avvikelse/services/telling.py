"""Tell the audiences of a step: resolve each to people and queue one message per person.

Same transaction as the step.
"""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from avvikelse.domain.notices import Notice, notice_for
from avvikelse.domain.vocabulary import PartySide
from avvikelse.domain.workdays import local_date
from avvikelse.domain.workflow import Audience, Transition
from avvikelse.models.avvikelse import Avvikelse, GroupMembership, Party
from avvikelse.queries import recipients
from avvikelse.queries.recipients import Recipients
from avvikelse.services import outbox


def tell(session: Session, row: Avvikelse, step: Transition, *, now: datetime, except_user_id: int | None) -> None:
    """Queue what the table says about `step`. The one who acted is not told, except for the reporter's own receipt."""
    for audience in step.told:
        notice = notice_for(step.action, audience)
        if notice is not None:
            send(session, row, notice, audience, now=now, except_user_id=except_user_id)


def send(
    session: Session,
    row: Avvikelse,
    notice: Notice,
    audience: Audience,
    *,
    now: datetime,
    except_user_id: int | None = None,
    key: str = "",
) -> None:
    """Queue `notice` to everybody in `audience`.

    `key` makes it distinct (a reminder's day); default the case version.
    """
    stamp = key or f"v{row.version_id}"
    today = local_date(now)
    for party_id, to in _resolve(session, row, audience, today):
        base = f"{notice.value}:{row.id}:{stamp}:{party_id}"
        for user_id in to.user_ids:
            if user_id == except_user_id and audience is not Audience.REPORTER:
                continue
            outbox.queue(
                session,
                notice,
                to_user_id=user_id,
                dedup_key=f"{base}:u{user_id}",
                avvikelse_id=row.id,
                params={"number": row.number, "ref": row.ref, "party": party_id, "audience": audience.value},
                now=now,
            )
        if to.mailbox:
            outbox.queue(
                session,
                notice,
                to_mailbox=to.mailbox,
                dedup_key=f"{base}:m",
                avvikelse_id=row.id,
                params={"number": row.number, "ref": row.ref, "party": party_id, "audience": audience.value},
                now=now,
            )


def concerns(
    session: Session,
    row: Avvikelse,
    audience: Audience,
    *,
    party_id: int,
    user_id: int | None,
    mailbox: str | None,
    today: date,
) -> bool:
    """Would a message to this audience still go to this recipient?"""
    found = [to for party, to in _resolve(session, row, audience, today) if party == party_id]
    return any(user_id in to.user_ids if user_id is not None else to.mailbox == mailbox for to in found)


def _resolve(session: Session, row: Avvikelse, audience: Audience, today: date) -> list[tuple[int, Recipients]]:
    """(party id or 0, recipients) pairs. An audience that does not exist for the case resolves to nothing."""

    def of(side: PartySide) -> list[Party]:
        return [party for party in row.parties if party.side is side]

    if audience is Audience.REPORTER:
        return [(0, Recipients((row.reporter_user_id,)))] if row.reporter_user_id is not None else []
    if audience is Audience.OWNER:
        return [(party.id, recipients.of_party(session, party, today)) for party in of(PartySide.OWNER)]
    if audience is Audience.FORMER_OWNER:
        latest = of(PartySide.FORMER)[-1:]
        return [(party.id, recipients.of_party(session, party, today)) for party in latest]
    if audience is Audience.SENDER_SAMORDNARE:
        return [(p.id, Recipients(recipients.samordnare_of(session, p.omrade_id, today))) for p in of(PartySide.SENDER)]
    if audience is Audience.SENDER_CHEF:
        senders = [p for p in of(PartySide.SENDER) if p.enhet_id is not None]
        return [(p.id, recipients.of_unit_chef(session, p.enhet_id, today)) for p in senders if p.enhet_id is not None]
    if audience is Audience.OTHER_SIDE:
        return _resolve(session, row, Audience.OWNER, today) + _resolve(session, row, Audience.SENDER_CHEF, today)
    home = session.scalars(
        select(GroupMembership.group_id).where(GroupMembership.avvikelse_id == row.id, GroupMembership.is_home)
    )
    return [(0, Recipients(recipients.convenors_of(session, home.all(), today)))]
