"""What somebody who has said *jag också* reads: the problem and what became of it, nothing else of the case.

No number, no text of the reporter, no unit. Open when a voice reads too much or too little.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import Select, exists, select
from sqlalchemy.orm import Session

from avvikelse.domain.actor import Actor
from avvikelse.domain.codes import category_label
from avvikelse.domain.errors import NotFound
from avvikelse.domain.expectations import ENDED_UNANSWERED, words_for_voice
from avvikelse.domain.party_words import as_concerned, as_reporter
from avvikelse.domain.relation import Relation
from avvikelse.domain.vocabulary import Status
from avvikelse.domain.workdays import local_date
from avvikelse.models.avvikelse import Avvikelse
from avvikelse.models.dialogue import Answer, Atgard, EffectQuestion
from avvikelse.models.voices import AddedVoice
from avvikelse.queries.case_group_parts import decisions
from avvikelse.queries.case_parts import ANSWER_PARTS
from avvikelse.queries.case_views import DecisionView

SHOWN = 50


@dataclass(frozen=True, slots=True)
class VoiceLine:
    """One *jag också* in the list. `asked` = "Har det hänt igen?" waits."""

    ref: str
    problem: str
    receiver: str
    said_on: date
    status: Status
    asked: bool


@dataclass(frozen=True, slots=True)
class VoicePage:
    """`sentence` = the approved gruppmening; `changes` = (what, since when); `ended` = no answer will come."""

    ref: str
    problem: str
    sender: str
    receiver: str
    said_on: date
    status: Status
    words: str
    sentence: str | None
    answer: tuple[tuple[str, str], ...]
    changes: tuple[tuple[str, date], ...]
    decisions: tuple[DecisionView, ...]
    asked: bool
    ended: bool


def my_voices(session: Session, actor: Actor) -> tuple[VoiceLine, ...]:
    """The newest first."""
    rows = session.execute(_mine(actor).order_by(AddedVoice.id.desc()).limit(SHOWN))
    return tuple(
        VoiceLine(voice.ref, _problem(row), as_concerned(row.receiver_kind or ""), voice.said_on, row.status, asked)
        for voice, row, asked in rows
    )


def asked(session: Session, actor: Actor) -> tuple[VoiceLine, ...]:
    """Those of which "Har det hänt igen?" waits, for the start page."""
    return tuple(line for line in my_voices(session, actor) if line.asked)


def voice_page(session: Session, actor: Actor, ref: str) -> VoicePage:
    """Raises NotFound for a voice that is not the actor's own."""
    found = session.execute(_mine(actor).where(AddedVoice.ref == ref)).one_or_none()
    if found is None:
        raise NotFound
    voice, row, asked = found
    main = session.get_one(Avvikelse, row.main_id) if row.main_id is not None else row
    return VoicePage(
        voice.ref, _problem(row), as_reporter(row.sender_kind), as_concerned(row.receiver_kind or ""), voice.said_on,
        main.status, words_for_voice(main.status, main.outcome),
        row.gruppmening if row.gruppmening_approved_at else None,
        _answer(session, main.id), _changes(session, main.id),
        decisions(session, main.id, frozenset({Relation.REPORTER})),
        asked, main.outcome in ENDED_UNANSWERED,
    )  # fmt: skip


def _mine(actor: Actor) -> Select[AddedVoice, Avvikelse, bool]:
    waits = exists().where(EffectQuestion.voice_id == AddedVoice.id, EffectQuestion.closed_on.is_(None))
    return (
        select(AddedVoice, Avvikelse, waits)
        .join(Avvikelse, Avvikelse.id == AddedVoice.avvikelse_id)
        .where(AddedVoice.user_id == actor.user_id)
    )


def _answer(session: Session, avvikelse_id: int) -> tuple[tuple[str, str], ...]:
    """The answer as its reporter reads it. What is said of an orosanmälan is for whoever made it."""
    query = select(Answer).where(Answer.avvikelse_id == avvikelse_id, Answer.sent_at.is_not(None))
    answer = session.scalar(query.order_by(Answer.version.desc()).limit(1))
    if answer is None:
        return ()
    return tuple((heading, text) for name, heading in ANSWER_PARTS[answer.kind] if (text := getattr(answer, name)))


def _changes(session: Session, avvikelse_id: int) -> tuple[tuple[str, date], ...]:
    query = select(Atgard.changed, Atgard.done_on).where(
        Atgard.avvikelse_id == avvikelse_id, Atgard.changed.is_not(None), Atgard.done_on.is_not(None)
    )
    return tuple((text, day) for text, day in session.execute(query.order_by(Atgard.done_on)) if text and day)


def _problem(row: Avvikelse) -> str:
    return category_label(row.category, local_date(row.submitted_at)) if row.category else "Inte kategoriserat än"
