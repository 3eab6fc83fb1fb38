"""What is told to those who have said *jag också*, and whether it is still true when it is sent.

Open when a voice heard nothing, or too much. A mail to a voice has no case number: she is no part in the case.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from avvikelse.domain.notices import Notice
from avvikelse.models.avvikelse import Avvikelse
from avvikelse.models.dialogue import EffectQuestion
from avvikelse.models.outbox import OutboxMail
from avvikelse.models.voices import AddedVoice
from avvikelse.services import outbox


def behind(session: Session, row: Avvikelse) -> list[AddedVoice]:
    """The voices to a case and to those merged into it, one per person."""
    cases = select(Avvikelse.id).where(or_(Avvikelse.id == row.id, Avvikelse.main_id == row.id))
    rows = session.scalars(select(AddedVoice).where(AddedVoice.avvikelse_id.in_(cases)).order_by(AddedVoice.id))
    return list({voice.user_id: voice for voice in rows}.values())


def tell(session: Session, row: Avvikelse, *, now: datetime, key: str) -> None:
    """That there is something new, to everybody who has said *jag också*. Costs nothing where nobody has."""
    for voice in behind(session, row):
        send(session, voice, Notice.VOICE_NEWS, now=now, key=key)


def send(session: Session, voice: AddedVoice, notice: Notice, *, now: datetime, key: str) -> None:
    """Queue `notice`, with the address of the voice's own page."""
    outbox.queue(
        session, notice, to_user_id=voice.user_id, dedup_key=f"{notice.value}:{voice.id}:{key}",
        avvikelse_id=voice.avvikelse_id, params={"voice": voice.ref}, now=now,
    )  # fmt: skip


def _still_hers(session: Session, mail: OutboxMail, _now: datetime) -> bool:
    query = select(AddedVoice.id).where(
        AddedVoice.ref == mail.params.get("voice"), AddedVoice.user_id == mail.recipient_user_id
    )
    return session.scalar(query) is not None


def _still_asked(session: Session, mail: OutboxMail, _now: datetime) -> bool:
    query = (
        select(EffectQuestion.id)
        .join(AddedVoice, AddedVoice.id == EffectQuestion.voice_id)
        .where(
            AddedVoice.ref == mail.params.get("voice"), AddedVoice.user_id == mail.recipient_user_id,
            EffectQuestion.closed_on.is_(None),
        )
        .limit(1)
    )  # fmt: skip
    return session.scalar(query) is not None


outbox.RECHECK[Notice.VOICE_NEWS] = _still_hers
outbox.RECHECK[Notice.EFFECT_VOICE] = _still_asked
