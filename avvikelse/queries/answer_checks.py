"""Does an answer of a case wait for a samordnare to read it, or has it come back? Open when a check is lost."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from avvikelse.models.dialogue import Answer


def unsent(session: Session, avvikelse_id: int) -> Answer | None:
    """The answer that the reporter has not got, in whatever it waits for."""
    query = select(Answer).where(Answer.avvikelse_id == avvikelse_id, Answer.sent_at.is_(None))
    return session.scalar(query.order_by(Answer.version.desc()).limit(1))


def waiting(session: Session, avvikelse_id: int) -> Answer | None:
    """The one that waits for a samordnare."""
    found = unsent(session, avvikelse_id)
    return found if found is not None and found.check_since is not None and found.check_returned_at is None else None
