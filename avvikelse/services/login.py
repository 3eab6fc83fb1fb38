"""Log in and ask for a new password, with their brakes.

The answer is the same, and takes as long, whether or not an account exists.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from avvikelse.domain.actor import NOBODY, Actor
from avvikelse.domain.errors import Invalid, TooMany
from avvikelse.domain.events import Event
from avvikelse.domain.notices import Notice
from avvikelse.models.identity import PasswordReset, User
from avvikelse.models.outbox import OutboxMail
from avvikelse.queries.identity import plain_email, user_by_email
from avvikelse.services import accounts, audit, outbox, passwords, sessions, throttle
from avvikelse.services.throttle import Brake

WRONG = "E-postadressen och lösenordet hör inte ihop. Kontrollera båda och försök igen."
DEAD_LINK = "Länken gäller inte längre. Be om en ny."
RESET_LIFETIME = timedelta(hours=1)

# Says whose address somebody has proved to have, None = nobody's. adapters/identity.py has the ways to prove it.
Identify = Callable[[Session, Mapping[str, str]], str | None]


@dataclass(frozen=True, slots=True)
class Visitor:
    """Where an attempt comes from: coarse network and device, and the key that the brakes are hashed with."""

    network: str
    device: str
    secret: bytes


@dataclass(frozen=True, slots=True)
class Started:
    """A new log-in; `token` goes into the cookie and nowhere else."""

    token: str


def log_in(
    session: Session,
    identify: Identify,
    answer: Mapping[str, str],
    visitor: Visitor,
    *,
    brings_second_step: bool = False,
    now: datetime,
) -> Started:
    """Try to log in with what somebody answered. Raises TooMany, or Invalid with the same sentence whatever was wrong.

    The log-in is half where a second step remains (services/sessions.py, find), unless the identity provider has
    already asked for one.
    Also a refused attempt writes (the count, the audit record): the caller commits in both cases.
    """
    email = plain_email(answer.get("email", ""))
    brakes = _login_brakes(email, visitor)
    count_attempt(session, brakes, visitor, now=now)
    proved = identify(session, answer)
    user = user_by_email(session, proved) if proved is not None else None
    if user is None or not user.active:
        known = user_by_email(session, email)
        audit.record(session, NOBODY, Event.LOGIN_FAILED, now=now, detail={"user": known.id if known else None})
        raise Invalid(WRONG)
    throttle.succeeded(session, brakes, secret=visitor.secret, now=now)
    password = answer.get("password")
    if password and user.password_hash and passwords.is_outdated(user.password_hash):
        user.password_hash = passwords.hash_password(password)
    second_step_at = now if brings_second_step else None
    token = sessions.start(session, user, device=visitor.device, second_step_at=second_step_at, now=now)
    audit.record(session, Actor(user.id, user.name), Event.LOGGED_IN, now=now)
    return Started(token)


def ask_for_reset(session: Session, email: str, visitor: Visitor, *, now: datetime) -> None:
    """Mail a link to choose a new password, if the address has an open account. Tells nobody which. Raises TooMany."""
    email = plain_email(email)
    brakes = (Brake("reset", email, 3), Brake("reset_network", visitor.network, 20))
    count_attempt(session, brakes, visitor, now=now)
    user = user_by_email(session, email)
    if user is not None and user.active:
        reset = PasswordReset(user_id=user.id, created_at=now, expires_at=now + RESET_LIFETIME)
        session.add(reset)
        session.flush()
        outbox.queue(
            session,
            Notice.PASSWORD_RESET,
            to_user_id=user.id,
            dedup_key=f"password_reset:{reset.id}",
            params={"reset": reset.id},
            now=now,
        )
    audit.record(session, NOBODY, Event.PASSWORD_RESET_ASKED, now=now, detail={"user": user.id if user else None})


def _is_wanted(session: Session, mail: OutboxMail, now: datetime) -> bool:
    reset = session.get(PasswordReset, mail.params["reset"])
    return reset is not None and reset.used_at is None and reset.expires_at > now


def _new_token(session: Session, mail: OutboxMail, _now: datetime) -> dict[str, str]:
    """The token of the mail that is about to be sent; only its hash is kept. Sent anew, the former stops."""
    token = sessions.new_token()
    session.get_one(PasswordReset, mail.params["reset"]).token_hash = sessions.token_hash(token)
    session.flush()
    return {"token": token}


outbox.RECHECK[Notice.PASSWORD_RESET] = _is_wanted
outbox.MADE_AT_SENDING[Notice.PASSWORD_RESET] = _new_token


def find_reset(session: Session, token: str, *, now: datetime) -> PasswordReset:
    """The reset of a link.

    Raises Invalid with one sentence for unknown, used and expired ones and for closed accounts.
    """
    query = (
        select(PasswordReset)
        .join(User, User.id == PasswordReset.user_id)
        .where(
            PasswordReset.token_hash == sessions.token_hash(token),
            PasswordReset.used_at.is_(None),
            PasswordReset.expires_at > now,
            User.active,
        )
    )
    found = session.scalar(query)
    if found is None:
        raise Invalid(DEAD_LINK)
    return found


def reset_password(session: Session, token: str, new: str, *, now: datetime) -> None:
    """Choose the password through a link; all log-ins and all other links of the person end.

    Raises Invalid (link, `new_password`).
    """
    reset = find_reset(session, token, now=now)
    accounts.set_password(session, session.get_one(User, reset.user_id), new, now=now)
    others = select(PasswordReset).where(PasswordReset.user_id == reset.user_id, PasswordReset.used_at.is_(None))
    for row in session.scalars(others):
        row.used_at = now


def _login_brakes(email: str, visitor: Visitor) -> tuple[Brake, ...]:
    """The pair first: who types wrong from her own desk is braked there only, not by a stranger elsewhere."""
    return (
        Brake("login_pair", f"{email}|{visitor.network}", 6),
        Brake("login_account", email, 30),
        Brake("login_network", visitor.network, 100),
    )


def count_attempt(session: Session, brakes: tuple[Brake, ...], visitor: Visitor, *, now: datetime) -> None:
    """As throttle.attempt, and a record when a brake begins to hold (not for each attempt against it).

    Raises TooMany.
    """
    try:
        throttle.attempt(session, brakes, secret=visitor.secret, now=now)
    except TooMany:
        began = [
            b.kind
            for b in brakes
            if throttle.count_of(session, b.kind, b.value, secret=visitor.secret, now=now) == b.limit + 1
        ]
        if began:
            audit.record(session, NOBODY, Event.REFUSED, now=now, detail={"brake": began[0]})
        raise
