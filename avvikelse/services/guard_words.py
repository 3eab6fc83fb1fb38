"""Add to and take from the guard's word list. Open when an administrator's word is refused.

A huvudman's administrator decides for those who work there, the system's administrator for everybody.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from avvikelse.domain.actor import Actor
from avvikelse.domain.errors import Invalid, NotFound
from avvikelse.domain.events import Event
from avvikelse.domain.vocabulary import WordUse
from avvikelse.models.guard_word import GuardWord
from avvikelse.models.organisation import Huvudman
from avvikelse.policy.organisation import require_administrator
from avvikelse.services import audit
from avvikelse.services.guarding import refuse

LONGEST, SHORTEST = 80, 2
MOST = 500  # words of one huvudman: every text is compared with them


def add(
    session: Session, actor: Actor, word: str, use: WordUse, huvudman_id: int | None, *, now: datetime
) -> GuardWord:
    """Let a word pass, or add a name. Raises Invalid at `word`, and what require_administrator raises."""
    require_administrator(actor, huvudman_id)
    if huvudman_id is not None and session.get(Huvudman, huvudman_id) is None:
        raise NotFound
    word = " ".join(word.split())
    refuse(word=word)
    if not SHORTEST <= len(word) <= LONGEST or not any(map(str.isalpha, word)):
        raise Invalid(f"Skriv ett ord, eller några ord, med {SHORTEST}–{LONGEST} tecken.", field="word")
    mine = select(GuardWord).where(GuardWord.huvudman_id.is_not_distinct_from(huvudman_id))
    if session.scalar(mine.where(func.lower(GuardWord.word) == word.lower())) is not None:
        raise Invalid("Ordet finns redan i listan.", field="word")
    if (session.scalar(select(func.count()).select_from(mine.subquery())) or 0) >= MOST:
        raise Invalid(f"Listan har redan {MOST} ord. Ta bort något som inte behövs.", field="word")
    row = GuardWord(word=word, use=use, huvudman_id=huvudman_id, added_at=now, added_by_user_id=actor.user_id)
    session.add(row)
    session.flush()
    audit.record(session, actor, Event.GUARD_WORD_ADDED, now=now, detail=_said(row))
    return row


def remove(session: Session, actor: Actor, word_id: int, *, now: datetime) -> None:
    """Take a word away. Raises NotFound when it is not the actor's to decide."""
    row = session.get(GuardWord, word_id)
    if row is None:
        raise NotFound
    require_administrator(actor, row.huvudman_id)
    detail = _said(row)
    session.delete(row)
    session.flush()
    audit.record(session, actor, Event.GUARD_WORD_REMOVED, now=now, detail=detail)


def _said(row: GuardWord) -> dict[str, object]:
    """Never the word: it may be somebody's name, and the log is kept."""
    return {"word_id": row.id, "use": row.use.value, "huvudman_id": row.huvudman_id}
