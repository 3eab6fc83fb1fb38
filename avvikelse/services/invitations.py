"""Invite somebody by mail to an account with a role, and let her accept. Open to change how long a link works."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from avvikelse.domain.actor import SYSTEM, Actor
from avvikelse.domain.errors import DomainError, Forbidden, Invalid
from avvikelse.domain.events import Event
from avvikelse.domain.notices import Notice
from avvikelse.domain.role_scope import TIME_LIMITED, Scope
from avvikelse.domain.vocabulary import Role
from avvikelse.domain.workdays import local_date
from avvikelse.models.identity import Invitation, User
from avvikelse.models.outbox import OutboxMail
from avvikelse.queries.identity import actor_of, user_by_email
from avvikelse.queries.waiting_invitations import invitation_row, waits
from avvikelse.services import accounts, audit, outbox, roles, sessions

LIFETIME = timedelta(days=7)
DEAD_LINK = "Länken gäller inte längre. Be den som bjöd in dig om en ny."


def invite(
    session: Session,
    actor: Actor,
    *,
    email: str,
    name: str,
    role: Role,
    scope: Scope,
    valid_to: date | None = None,
    now: datetime,
) -> None:
    """Offer a role to somebody.

    Whoever has an account gets the role at once, everybody else a link by mail; the inviter is not told which.

    Raises Forbidden (not the actor's to give, or to oneself), Invalid at `email`, `name`, `scope` or `valid_to`.
    """
    email, name = accounts.check_person(email, name)
    user = user_by_email(session, email)
    roles.require(session, actor, role, scope, user_id=user.id if user else None, now=now)
    if role in TIME_LIMITED and valid_to is None:
        raise Invalid("Rollen måste ha en sista dag.", field="valid_to")
    if valid_to is not None and valid_to < local_date(now):
        raise Invalid("Sista dagen har redan varit.", field="valid_to")
    if user is not None:
        roles.grant(session, actor, user_id=user.id, role=role, scope=scope, valid_to=valid_to, now=now)
        return
    ids = {column: value for column, value in asdict(scope).items() if value is not None}
    invitation = Invitation(
        email=email,
        name=name,
        role=role,
        scope=ids,
        valid_to=valid_to,
        invited_by_user_id=actor.user_id,
        created_at=now,
        expires_at=now + LIFETIME,
    )
    session.add(invitation)
    session.flush()
    outbox.queue(
        session,
        Notice.INVITATION,
        to_mailbox=email,
        dedup_key=f"invitation:{invitation.id}",
        params={"invitation": invitation.id},
        now=now,
    )
    audit.record(
        session,
        actor,
        Event.INVITED,
        now=now,
        omrade_id=scope.omrade_id,
        detail={"invitation": invitation.id, "role": role.value, **ids},
    )


def take_back(session: Session, actor: Actor, invitation_id: int, *, now: datetime) -> bool:
    """End an invitation now: its link, and its mail if that still waits. False when it waited no longer.

    Raises NotFound for one out of reach, Forbidden for one that the actor sees and could not have sent.
    """
    row = invitation_row(session, actor, invitation_id, now)
    if not row.may_take_back:
        raise Forbidden(roles.NOT_YOURS_TO_GIVE)
    still = select(Invitation).where(Invitation.id == invitation_id, waits(now)).with_for_update(of=Invitation)
    invitation = session.scalar(still.execution_options(populate_existing=True))
    if invitation is None:
        return False
    invitation.expires_at = now
    session.flush()
    detail = {"invitation": invitation.id, "role": invitation.role.value, **invitation.scope}
    audit.record(session, actor, Event.INVITATION_TAKEN_BACK, now=now, omrade_id=row.omrade_id, detail=detail)
    return True


def _is_wanted(session: Session, mail: OutboxMail, now: datetime) -> bool:
    invitation = session.get(Invitation, mail.params["invitation"])
    return invitation is not None and invitation.used_at is None and invitation.expires_at > now


def _new_token(session: Session, mail: OutboxMail, _now: datetime) -> dict[str, str]:
    """The token of the mail that is about to be sent; only its hash is kept. Sent anew, the former stops."""
    token = sessions.new_token()
    session.get_one(Invitation, mail.params["invitation"]).token_hash = sessions.token_hash(token)
    session.flush()
    return {"token": token}


outbox.RECHECK[Notice.INVITATION] = _is_wanted
outbox.MADE_AT_SENDING[Notice.INVITATION] = _new_token


def find(session: Session, token: str, *, now: datetime) -> Invitation:
    """The invitation of a link. Raises Invalid with one sentence for unknown, used and expired ones."""
    query = select(Invitation).where(
        Invitation.token_hash == sessions.token_hash(token), Invitation.used_at.is_(None), Invitation.expires_at > now
    )
    found = session.scalar(query)
    if found is None or user_by_email(session, found.email) is not None:
        raise Invalid(DEAD_LINK)
    return found


def accept(session: Session, token: str, *, name: str, password: str, now: datetime) -> User:
    """Make the account, with the roles of all invitations that wait for the address.

    A role is given only if whoever offered it may still give it. Raises Invalid (link, `name`, `new_password`).
    """
    email = find(session, token, now=now).email
    user = accounts.create(session, email=email, name=name, password=password, now=now)
    waiting = select(Invitation).where(
        Invitation.email == email, Invitation.used_at.is_(None), Invitation.expires_at > now
    )
    for invitation in session.scalars(waiting.order_by(Invitation.id)).all():
        invitation.used_at = now
        _give(session, invitation, user, now=now)
    audit.record(session, Actor(user.id, user.name), Event.INVITATION_ACCEPTED, now=now, detail={"user": user.id})
    return user


def _give(session: Session, invitation: Invitation, user: User, *, now: datetime) -> None:
    inviter = SYSTEM
    if invitation.invited_by_user_id is not None:
        inviter = actor_of(session, invitation.invited_by_user_id, local_date(now))
    try:
        roles.grant(
            session,
            inviter,
            user_id=user.id,
            role=invitation.role,
            scope=Scope(**invitation.scope),
            valid_to=invitation.valid_to,
            now=now,
        )
    except DomainError:
        audit.record(session, inviter, Event.REFUSED, now=now, detail={"invitation": invitation.id})
