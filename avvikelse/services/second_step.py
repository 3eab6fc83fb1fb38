"""The second step of a log-in: set it up, take it, change the phone, start anew. Open to change when which counts.

What may be done before it is taken is decided in web/access.py. No way of getting a password (a link in a mail, an
invitation) comes here: only the phone, a recovery code, or a reset by somebody who answers for the account.
"""

from __future__ import annotations

from datetime import datetime
from typing import NoReturn

from sqlalchemy import delete, update
from sqlalchemy.orm import Session

from avvikelse.domain import second_step as codes
from avvikelse.domain.actor import Actor
from avvikelse.domain.errors import Forbidden, Invalid, TooMany
from avvikelse.domain.events import Event
from avvikelse.domain.notices import Notice
from avvikelse.domain.workdays import local_date
from avvikelse.models.identity import RecoveryCode, RoleAssignment, SecondStep, SessionEnd, User, UserSession
from avvikelse.queries.role_list import role_row
from avvikelse.services import audit, outbox, passwords, sealing, sessions, throttle
from avvikelse.services.accounts import WRONG_NOW
from avvikelse.services.login import Visitor, count_attempt
from avvikelse.services.throttle import Brake

WRONG = "Koden stämmer inte. Skriv den som appen visar just nu."
USED = "Den koden är redan använd. Vänta tills appen visar nästa."
WRONG_RECOVERY = "Reservkoden stämmer inte, eller så är den redan använd."
NOT_BEGUN = "Börja om: den här inloggningen har ingen kod att bekräfta."
NOT_YOURS = "Det gör personens egen administratör."
DEMANDED = "Med dina roller behöver du logga in i två steg."


# --- set it up --------------------------------------------------------------------------------------------------------


def offer(session: Session, actor: Actor, session_id: int, key: bytes) -> str:
    """A secret for a first phone, kept with this log-in until a right code confirms it. The same one until then.

    Raises Forbidden for somebody who has a phone already: that is changed with `change_phone`.
    """
    if waiting := offered(session, actor, session_id, key):
        return waiting
    person = _person(session, actor)
    if session.get(SecondStep, person.id) is not None:
        raise Forbidden
    return _new_offer(session, person, session.get_one(UserSession, session_id), key)


def offered(session: Session, actor: Actor, session_id: int, key: bytes) -> str | None:
    """The secret that waits to be confirmed in this log-in."""
    row = session.get_one(UserSession, session_id)
    return (
        sealing.unseal(key, row.offered_secret, about=_about(_person(session, actor))) if row.offered_secret else None
    )


def change_phone(
    session: Session, actor: Actor, session_id: int, password: str, visitor: Visitor, *, now: datetime
) -> None:
    """Offer a new secret to whoever writes her password once more. The former phone works until it is confirmed.

    Raises TooMany, Invalid at `password`.
    """
    _ask_password(session, actor, password, visitor, now=now)
    _new_offer(session, _person(session, actor), session.get_one(UserSession, session_id), visitor.secret)


def confirm(
    session: Session, actor: Actor, session_id: int, code: str, visitor: Visitor, *, now: datetime
) -> tuple[str, ...]:
    """The first right code: the phone counts from now, other log-ins end. Returns ten recovery codes, shown once.

    Raises TooMany, Invalid at `code`. Also a refused attempt writes: the caller commits in both cases.
    """
    person = _person(session, actor, lock=True)
    row = session.get_one(UserSession, session_id)
    held = session.get(SecondStep, person.id)
    secret = offered(session, actor, session_id, visitor.secret)
    if secret is None or (held is not None and row.second_step_at is None):
        raise Invalid(NOT_BEGUN)
    brakes = _brakes(actor, visitor)
    _count(session, person, brakes, visitor, now=now)
    step = codes.matching_step(secret, code, now)
    if step is None:
        raise Invalid(WRONG, field="code")
    throttle.succeeded(session, brakes, secret=visitor.secret, now=now)
    if held is None:
        held = SecondStep(user_id=person.id)
        session.add(held)
    held.sealed_secret, held.set_up_at, held.last_step = row.offered_secret or "", now, step
    row.offered_secret, row.second_step_at = None, now
    session.flush()
    sessions.end_all(session, person.id, SessionEnd.SECOND_STEP, keep=session_id, now=now)
    _tell(session, person, Notice.SECOND_STEP_SET_UP, now=now)
    audit.record(session, actor, Event.SECOND_STEP_SET_UP, now=now, detail={"user": person.id})
    return _new_codes(session, person, now=now)


# --- take it ----------------------------------------------------------------------------------------------------------


def take(session: Session, actor: Actor, session_id: int, code: str, visitor: Visitor, *, now: datetime) -> None:
    """The code of the phone makes a half log-in whole. Each code works once.

    Raises TooMany, Invalid at `code`. Also a refused attempt writes: the caller commits in both cases.
    """
    person = _person(session, actor)
    brakes = _brakes(actor, visitor)
    _count(session, person, brakes, visitor, now=now)
    held = session.get(SecondStep, person.id)
    secret = sealing.unseal(visitor.secret, held.sealed_secret, about=_about(person)) if held else None
    step = codes.matching_step(secret, code, now) if secret else None
    if step is None:
        _refuse(session, actor, WRONG, now=now)
    # One statement, so that the same code sent twice at once is taken once.
    newer = (SecondStep.user_id == person.id, SecondStep.last_step < step)
    taken = update(SecondStep).where(*newer).values(last_step=step).returning(SecondStep.user_id)
    if session.scalar(taken) is None:
        _refuse(session, actor, USED, now=now)
    throttle.succeeded(session, brakes, secret=visitor.secret, now=now)
    _passed(session, actor, session_id, Event.SECOND_STEP_PASSED, now=now)


def take_recovery(
    session: Session, actor: Actor, session_id: int, code: str, visitor: Visitor, *, now: datetime
) -> None:
    """A recovery code does the same, once, and its owner is told. Raises and writes as `take`."""
    person = _person(session, actor)
    brakes = _brakes(actor, visitor)
    _count(session, person, brakes, visitor, now=now)
    unused = (
        RecoveryCode.user_id == person.id,
        RecoveryCode.code_hash == sessions.token_hash(codes.plain_recovery_code(code)),
        RecoveryCode.used_at.is_(None),
    )
    used = session.scalar(update(RecoveryCode).where(*unused).values(used_at=now).returning(RecoveryCode.id))
    if used is None:
        _refuse(session, actor, WRONG_RECOVERY, now=now)
    throttle.succeeded(session, brakes, secret=visitor.secret, now=now)
    _tell(session, person, Notice.RECOVERY_CODE_USED, now=now)
    _passed(session, actor, session_id, Event.RECOVERY_CODE_USED, now=now)


# --- start anew -------------------------------------------------------------------------------------------------------


def new_codes(session: Session, actor: Actor, password: str, visitor: Visitor, *, now: datetime) -> tuple[str, ...]:
    """Ten new recovery codes instead of those that were. Raises TooMany, Invalid at `password`."""
    _ask_password(session, actor, password, visitor, now=now)
    person = _person(session, actor, lock=True)
    if session.get(SecondStep, person.id) is None:
        raise Forbidden
    return _new_codes(session, person, now=now)


def stop(
    session: Session, actor: Actor, session_id: int, password: str, visitor: Visitor, *, required: bool, now: datetime
) -> None:
    """Go back to the password alone, for whoever may. Raises TooMany, Invalid at `password`."""
    _ask_password(session, actor, password, visitor, now=now)
    if required and codes.is_demanded(actor):
        raise Invalid(DEMANDED)
    _reset(session, actor, _person(session, actor), keep=session_id, now=now)


def reset_for(session: Session, actor: Actor, assignment_id: int, *, now: datetime) -> None:
    """The administrator of a role's organisation takes its holder's second step away, when the phone is lost.

    Raises NotFound for a role out of reach, Forbidden for one that she sees without being its administrator, that is
    her own, or that has ended.
    """
    row = role_row(session, actor, assignment_id, local_date(now))
    if not row.may_reset or row.has_ended(local_date(now)):
        raise Forbidden(NOT_YOURS)
    reset(session, actor, session.get_one(RoleAssignment, assignment_id).user_id, now=now)


def reset(session: Session, actor: Actor, user_id: int, *, now: datetime) -> bool:
    """Without asking who may: the next log-in sets it up anew, all others end. False when there was none."""
    if session.get(SecondStep, user_id) is None:
        return False
    _reset(session, actor, session.get_one(User, user_id), keep=None, now=now)
    return True


def _reset(session: Session, actor: Actor, person: User, *, keep: int | None, now: datetime) -> None:
    session.execute(delete(SecondStep).where(SecondStep.user_id == person.id))
    session.execute(delete(RecoveryCode).where(RecoveryCode.user_id == person.id))
    sessions.end_all(session, person.id, SessionEnd.SECOND_STEP, keep=keep, now=now)
    _tell(session, person, Notice.SECOND_STEP_RESET, now=now)
    audit.record(session, actor, Event.SECOND_STEP_RESET, now=now, detail={"user": person.id})


# --- shared -----------------------------------------------------------------------------------------------------------


def _person(session: Session, actor: Actor, *, lock: bool = False) -> User:
    if actor.user_id is None:
        raise Forbidden
    return session.get_one(User, actor.user_id, with_for_update=lock or None)


def _about(person: User) -> str:
    return f"second_step:{person.id}"


def _new_offer(session: Session, person: User, row: UserSession, key: bytes) -> str:
    secret = codes.new_secret()
    row.offered_secret = sealing.seal(key, secret, about=_about(person))
    session.flush()
    return secret


def _new_codes(session: Session, person: User, *, now: datetime) -> tuple[str, ...]:
    session.execute(delete(RecoveryCode).where(RecoveryCode.user_id == person.id))
    made = tuple(codes.new_recovery_code() for _ in range(codes.RECOVERY_CODES))
    for code in made:
        hashed = sessions.token_hash(codes.plain_recovery_code(code))
        session.add(RecoveryCode(user_id=person.id, code_hash=hashed, made_at=now))
    session.flush()
    who = Actor(person.id, person.name)
    audit.record(session, who, Event.RECOVERY_CODES_MADE, now=now, detail={"user": person.id, "count": len(made)})
    return made


def _brakes(actor: Actor, visitor: Visitor) -> tuple[Brake, ...]:
    """The pair first, as for passwords. Few: whoever guesses here has the password already."""
    return (
        Brake("second_step_pair", f"{actor.user_id}|{visitor.network}", 6),
        Brake("second_step", str(actor.user_id), 12),
    )


def _count(session: Session, person: User, brakes: tuple[Brake, ...], visitor: Visitor, *, now: datetime) -> None:
    """Count the attempt; when the brake takes hold, tell the owner that somebody has her password. Raises TooMany."""
    try:
        count_attempt(session, brakes, visitor, now=now)
    except TooMany:
        day = local_date(now).isoformat()
        _tell(session, person, Notice.SECOND_STEP_GUESSED, key=f"second_step_guessed:{person.id}:{day}", now=now)
        raise


def _refuse(session: Session, actor: Actor, reason: str, *, now: datetime) -> NoReturn:
    audit.record(session, actor, Event.SECOND_STEP_FAILED, now=now, detail={"user": actor.user_id})
    raise Invalid(reason, field="code")


def _passed(session: Session, actor: Actor, session_id: int, event: Event, *, now: datetime) -> None:
    session.get_one(UserSession, session_id).second_step_at = now
    session.flush()
    audit.record(session, actor, event, now=now, detail={"user": actor.user_id})


def _ask_password(session: Session, actor: Actor, password: str, visitor: Visitor, *, now: datetime) -> None:
    person = _person(session, actor)
    brakes = (Brake("password_again", str(person.id), 10),)
    count_attempt(session, brakes, visitor, now=now)
    if not passwords.verify(person.password_hash, password):
        raise Invalid(WRONG_NOW, field="password")
    throttle.succeeded(session, brakes, secret=visitor.secret, now=now)


def _tell(session: Session, person: User, notice: Notice, *, key: str | None = None, now: datetime) -> None:
    outbox.queue(
        session,
        notice,
        to_user_id=person.id,
        dedup_key=key or f"{notice.value}:{person.id}:{int(now.timestamp())}",
        now=now,
    )
