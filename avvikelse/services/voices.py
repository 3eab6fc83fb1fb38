"""*Jag också*: what is offered, say it, take it back. What is told to voices stands in voice_news.py.

A voice is no part in the case: it opens nothing (queries/voices.py has what is read), and the parties only see how many
there are. Open when a voice was refused, or heard nothing.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from avvikelse.domain.actor import Actor
from avvikelse.domain.errors import NotFound, TooMany
from avvikelse.domain.events import Event
from avvikelse.domain.vocabulary import Role
from avvikelse.domain.workdays import local_date
from avvikelse.models.avvikelse import Avvikelse
from avvikelse.models.dialogue import EffectQuestion
from avvikelse.models.voices import AddedVoice
from avvikelse.queries.similar_open import Near, SimilarOpen, similar_open
from avvikelse.services import audit, throttle
from avvikelse.services.receipts import Knock
from avvikelse.services.refs import new_ref
from avvikelse.services.reporting import sender_unit
from avvikelse.services.throttle import Brake

SHOWN_PER_PERSON = 30  # times that something is shown, in a window of services/throttle.py


def offered(session: Session, actor: Actor, near: Near, knock: Knock, *, now: datetime) -> tuple[SimilarOpen, ...]:
    """What the reporter may join, for her page; nothing when she has looked too often.

    Raises Invalid when she does not work in the unit.
    """
    sender_unit(session, actor, near.sender_enhet_id, local_date(now))
    found = similar_open(session, actor, near, local_date(now))
    if not found:
        return ()
    brake = Brake("similar_person", str(actor.user_id), SHOWN_PER_PERSON)
    try:
        throttle.attempt(session, (brake,), secret=knock.secret, now=now)
    except TooMany:
        return ()
    return found


def join(session: Session, actor: Actor, near: Near, avvikelse_id: int, *, now: datetime) -> AddedVoice:
    """*Jag också*. Only what would be offered now can be joined; anything else is NotFound."""
    unit = sender_unit(session, actor, near.sender_enhet_id, local_date(now))
    offered_now = {one.id for one in similar_open(session, actor, near, local_date(now))}
    if actor.user_id is None or avvikelse_id not in offered_now:
        raise NotFound
    voice = AddedVoice(
        ref=new_ref(), avvikelse_id=avvikelse_id, user_id=actor.user_id, enhet_id=unit.id, said_on=local_date(now)
    )
    session.add(voice)
    session.flush()
    _count(session, avvikelse_id)
    _record(session, actor, Event.VOICE_ADDED, voice, now)
    return voice


def take_back(session: Session, actor: Actor, ref: str, *, now: datetime) -> None:
    """Raises NotFound for a voice that is not the actor's own."""
    voice = own(session, actor, ref)
    session.execute(delete(EffectQuestion).where(EffectQuestion.voice_id == voice.id))
    session.delete(voice)
    session.flush()
    _count(session, voice.avvikelse_id)
    _record(session, actor, Event.VOICE_TAKEN_BACK, voice, now)


def own(session: Session, actor: Actor, ref: str) -> AddedVoice:
    """The actor's own voice. Raises NotFound."""
    voice = session.scalar(select(AddedVoice).where(AddedVoice.ref == ref, AddedVoice.user_id == actor.user_id))
    if voice is None:
        raise NotFound
    return voice


def _count(session: Session, avvikelse_id: int) -> None:
    """Past the case's version: a voice must not make anybody's half-written answer stale."""
    number = (
        select(func.count()).select_from(AddedVoice).where(AddedVoice.avvikelse_id == avvikelse_id).scalar_subquery()
    )
    session.execute(update(Avvikelse).where(Avvikelse.id == avvikelse_id).values(voices=number))


def _record(session: Session, actor: Actor, event: Event, voice: AddedVoice, now: datetime) -> None:
    audit.record(
        session, actor, event, now=now, avvikelse_id=voice.avvikelse_id, role=Role.RAPPORTOR.value,
        enhet_id=voice.enhet_id,
    )  # fmt: skip
