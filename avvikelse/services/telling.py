"""Tell the audiences of a step: resolve each to people and queue one message per person.

Same transaction as the step.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from avvikelse.domain.answering import asks_for_thanks
from avvikelse.domain.notices import Notice
from avvikelse.domain.step_notices import notice_for
from avvikelse.domain.vocabulary import PartySide
from avvikelse.domain.workdays import local_date
from avvikelse.domain.workflow import Audience, Transition
from avvikelse.models.avvikelse import Avvikelse, GroupMembership, Party
from avvikelse.queries import recipients
from avvikelse.queries.recipients import Recipients
from avvikelse.services import outbox, question_approvals


def tell(session: Session, row: Avvikelse, step: Transition, *, now: datetime, except_user_id: int | None) -> None:
    """Queue what the table says about `step`. The one who acted is not told, except for the reporter's own receipt."""
    good = asks_for_thanks(row.category, row.reported_category)
    for audience in step.told:
        notice = notice_for(step.action, audience, good=good)
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
    except_user_id = None if audience is Audience.REPORTER else except_user_id
    found = resolve(session, row, audience, local_date(now))
    why = {"audience": audience.value}
    queue(session, row, notice, found, why, now=now, key=key or f"v{row.version_id}", except_user_id=except_user_id)


def queue(
    session: Session,
    row: Avvikelse,
    notice: Notice,
    found: Iterable[tuple[int, Recipients]],
    why: Mapping[str, str],
    *,
    now: datetime,
    key: str,
    except_user_id: int | None = None,
) -> int:
    """Queue `notice` to recipients that have been found. Returns how many there were.

    `why` says as what they get it, in codes: services/mail_rules.py asks again when the mail is to be sent.
    """
    count = 0
    for party_id, to in found:
        base = f"{notice.value}:{row.id}:{key}:{party_id}"
        params = {"number": row.number, "ref": row.ref, "party": party_id, **why}
        for user_id in to.user_ids:
            if user_id != except_user_id:
                outbox.queue(
                    session, notice, to_user_id=user_id, dedup_key=f"{base}:u{user_id}", avvikelse_id=row.id,
                    params=params, now=now,
                )  # fmt: skip
                count += 1
        if to.mailbox:
            outbox.queue(
                session, notice, to_mailbox=to.mailbox, dedup_key=f"{base}:m", avvikelse_id=row.id, params=params,
                now=now,
            )  # fmt: skip
            count += 1
    return count


def is_among(
    found: Iterable[tuple[int, Recipients]], *, party_id: int, user_id: int | None, mailbox: str | None
) -> bool:
    """Would a message to these still go to this recipient?"""
    mine = [to for party, to in found if party == party_id]
    return any(user_id in to.user_ids if user_id is not None else to.mailbox == mailbox for to in mine)


def resolve(session: Session, row: Avvikelse, audience: Audience, today: date) -> list[tuple[int, Recipients]]:
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
        return [(p.id, recipients.of_sender_chef(session, p, today)) for p in senders]
    if audience is Audience.OTHER_SIDE:
        return resolve(session, row, Audience.OWNER, today) + resolve(session, row, Audience.SENDER_CHEF, today)
    return [(0, Recipients(recipients.convenors_of(session, _groups(session, row), today)))]


def _groups(session: Session, row: Avvikelse) -> tuple[int, ...]:
    """The groups that can read an open question from the case, else its home group."""
    home = select(GroupMembership.group_id).where(GroupMembership.avvikelse_id == row.id, GroupMembership.is_home)
    return question_approvals.groups_asked(session, row.id) or tuple(session.scalars(home))
