"""What is said about a case: questions, added facts, answers, talks, notes. Open to see which text belongs to whom.

Each table is one field group of domain/sekretess.py, so that no query can mix two audiences by accident.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    Boolean,
    CheckConstraint,
    ForeignKey,
    Index,
    SmallInteger,
    String,
    Text,
    UniqueConstraint,
    text,
)  # fmt: skip
from sqlalchemy.orm import Mapped, mapped_column

from avvikelse.domain.vocabulary import (
    Again,
    AlsoHandledAs,
    AnswerKind,
    AtgardStatus,
    ContactOutcome,
    Effect,
    EffectAsked,
    OrosanmalanAnswer,
    PartySide,
    Rating,
    Role,
)
from avvikelse.models.base import Base, closed_list


class Question(Base):
    """*Fråga* to the reporter. While one is open the clock stands still."""

    __tablename__ = "question"

    id: Mapped[int] = mapped_column(primary_key=True)
    avvikelse_id: Mapped[int] = mapped_column(ForeignKey("avvikelse.id"), index=True)
    asked_at: Mapped[datetime]
    asked_by_user_id: Mapped[int] = mapped_column(ForeignKey("app_user.id"))
    asked_as: Mapped[Role] = mapped_column(closed_list(Role, name="asked_as"))
    omrade_id: Mapped[int] = mapped_column(ForeignKey("sekretessomrade.id"))
    text: Mapped[str] = mapped_column(Text)
    answered_at: Mapped[datetime | None]
    answer: Mapped[str | None] = mapped_column(Text)
    closed_at: Mapped[datetime | None]  # unanswered after 30 days

    __table_args__ = (Index("ix_question_open", "closed_at", "asked_at"),)


class AddedFact(Base):
    """What the reporter adds after sending."""

    __tablename__ = "added_fact"

    id: Mapped[int] = mapped_column(primary_key=True)
    avvikelse_id: Mapped[int] = mapped_column(ForeignKey("avvikelse.id"), index=True)
    at: Mapped[datetime]
    text: Mapped[str] = mapped_column(Text)


class Answer(Base):
    """The answer to the reporter.

    A correction is a new version. `sent_at` empty = waits for the other owner's confirmation, or since `check_since`
    for a samordnare to read it; with `check_returned_at` it has come back to its writer, and the comment says why.
    """

    __tablename__ = "answer"

    id: Mapped[int] = mapped_column(primary_key=True)
    avvikelse_id: Mapped[int] = mapped_column(ForeignKey("avvikelse.id"))
    version: Mapped[int] = mapped_column(SmallInteger)
    kind: Mapped[AnswerKind] = mapped_column(closed_list(AnswerKind, name="kind"))
    written_at: Mapped[datetime]
    written_by_user_id: Mapped[int | None] = mapped_column(ForeignKey("app_user.id"))
    omrade_id: Mapped[int] = mapped_column(ForeignKey("sekretessomrade.id"))
    sent_at: Mapped[datetime | None]
    check_since: Mapped[datetime | None]
    check_returned_at: Mapped[datetime | None]
    check_comment: Mapped[str | None] = mapped_column(Text)  # between samordnare and writer, never sent with the answer
    checked_at: Mapped[datetime | None]  # somebody has read it; None with `sent_at` = sent without
    # snabbsvar
    what_happened: Mapped[str | None] = mapped_column(Text)
    what_now: Mapped[str | None] = mapped_column(Text)
    # four parts
    orsak: Mapped[str | None] = mapped_column(Text)
    atgard: Mapped[str | None] = mapped_column(Text)
    konsekvens: Mapped[str | None] = mapped_column(Text)
    uppfoljning: Mapped[str | None] = mapped_column(Text)
    # solved in talk
    talk_on: Mapped[date | None]
    to_reporter: Mapped[str | None] = mapped_column(Text)
    orosanmalan: Mapped[OrosanmalanAnswer | None] = mapped_column(closed_list(OrosanmalanAnswer, name="orosanmalan"))
    no_atgard_reason: Mapped[str | None] = mapped_column(Text)
    # the reporter's verdict
    rated_at: Mapped[datetime | None]
    rating: Mapped[Rating | None] = mapped_column(closed_list(Rating, name="rating"))
    rating_reason: Mapped[str | None] = mapped_column(Text)

    __table_args__ = (
        UniqueConstraint("avvikelse_id", "version"),
        CheckConstraint(
            "kind <> 'fyra_delar' OR (orsak IS NOT NULL AND atgard IS NOT NULL"
            " AND konsekvens IS NOT NULL AND uppfoljning IS NOT NULL)",
            name="four_parts",
        ),
        CheckConstraint(
            "kind <> 'snabbsvar' OR (what_happened IS NOT NULL AND what_now IS NOT NULL)", name="quick_parts"
        ),
        CheckConstraint("rating IS NULL OR rating <> 'nej' OR rating_reason IS NOT NULL", name="no_needs_reason"),
    )


_answer = Answer.__table__.c
_waits = _answer.sent_at.is_(None)
Index("ix_answer_unsent", _answer.omrade_id, sqlite_where=_waits, postgresql_where=_waits)


class Investigation(Base):
    """The receiving område's own side: causes (factor codes) and what it sees itself. Never read by the sender."""

    __tablename__ = "investigation"

    id: Mapped[int] = mapped_column(primary_key=True)
    avvikelse_id: Mapped[int] = mapped_column(ForeignKey("avvikelse.id"))
    omrade_id: Mapped[int] = mapped_column(ForeignKey("sekretessomrade.id"))
    factors: Mapped[list[Any]] = mapped_column(JSON)
    updated_at: Mapped[datetime]

    __table_args__ = (UniqueConstraint("avvikelse_id", "omrade_id"),)


class Talk(Base):
    """*Löst i samtal*, said by one side and waiting for, or confirmed by, the other."""

    __tablename__ = "talk"

    id: Mapped[int] = mapped_column(primary_key=True)
    avvikelse_id: Mapped[int] = mapped_column(ForeignKey("avvikelse.id"), index=True)
    proposed_at: Mapped[datetime]
    proposed_by_user_id: Mapped[int] = mapped_column(ForeignKey("app_user.id"))
    by_sender: Mapped[bool] = mapped_column(Boolean)
    omrade_id: Mapped[int] = mapped_column(ForeignKey("sekretessomrade.id"))
    talk_on: Mapped[date]
    agreed: Mapped[str] = mapped_column(Text)
    to_reporter: Mapped[str] = mapped_column(Text)
    confirmed_at: Mapped[datetime | None]
    confirmed_by_user_id: Mapped[int | None] = mapped_column(ForeignKey("app_user.id"))
    rejected_at: Mapped[datetime | None]


class Note(Base):
    """Internal note of one sekretessområde; nobody outside it ever reads it."""

    __tablename__ = "note"

    id: Mapped[int] = mapped_column(primary_key=True)
    avvikelse_id: Mapped[int] = mapped_column(ForeignKey("avvikelse.id"))
    omrade_id: Mapped[int] = mapped_column(ForeignKey("sekretessomrade.id"))
    at: Mapped[datetime]
    by_user_id: Mapped[int] = mapped_column(ForeignKey("app_user.id"))
    text: Mapped[str] = mapped_column(Text)

    __table_args__ = (Index("ix_note_case", "avvikelse_id", "omrade_id"),)


class OutsideContact(Base):
    """*Kontakt utanför systemet*: that the parties have spoken to know which matter it is; never what was said."""

    __tablename__ = "outside_contact"

    id: Mapped[int] = mapped_column(primary_key=True)
    avvikelse_id: Mapped[int] = mapped_column(ForeignKey("avvikelse.id"), index=True)
    on: Mapped[date]
    omrade_id: Mapped[int] = mapped_column(ForeignKey("sekretessomrade.id"))
    as_role: Mapped[Role] = mapped_column(closed_list(Role, name="as_role"))
    outcome: Mapped[ContactOutcome] = mapped_column(closed_list(ContactOutcome, name="outcome"))


class SupportConfirmation(Base):
    """A party has checked in its own system that the child has support; never what it found there."""

    __tablename__ = "support_confirmation"

    id: Mapped[int] = mapped_column(primary_key=True)
    avvikelse_id: Mapped[int] = mapped_column(ForeignKey("avvikelse.id"), index=True)
    party_id: Mapped[int] = mapped_column(ForeignKey("party.id"), unique=True)
    omrade_id: Mapped[int] = mapped_column(ForeignKey("sekretessomrade.id"))
    side: Mapped[PartySide] = mapped_column(closed_list(PartySide, name="side"))
    at: Mapped[datetime]


class OwnProcess(Base):
    """*Hanteras även som*: that the område also handles it in its own process; it does not close the case."""

    __tablename__ = "own_process"

    id: Mapped[int] = mapped_column(primary_key=True)
    avvikelse_id: Mapped[int] = mapped_column(ForeignKey("avvikelse.id"), index=True)
    omrade_id: Mapped[int] = mapped_column(ForeignKey("sekretessomrade.id"))
    process: Mapped[AlsoHandledAs] = mapped_column(closed_list(AlsoHandledAs, name="process"))
    at: Mapped[datetime]

    __table_args__ = (UniqueConstraint("avvikelse_id", "omrade_id", "process"),)


class Atgard(Base):
    """*Åtgärd*: what will be done, by which position, by when, and what came of it.

    `follow_up_on` is the day on which its effect is asked about next (services/effects.py); empty = it is not.
    """

    __tablename__ = "atgard"

    id: Mapped[int] = mapped_column(primary_key=True)
    avvikelse_id: Mapped[int] = mapped_column(ForeignKey("avvikelse.id"), index=True)
    kind: Mapped[str] = mapped_column(String(4))  # codes.json atgardstyper
    text: Mapped[str] = mapped_column(Text)
    omrade_id: Mapped[int] = mapped_column(ForeignKey("sekretessomrade.id"))
    position_id: Mapped[int | None] = mapped_column(ForeignKey("position.id"))
    due_on: Mapped[date | None]
    family_told: Mapped[str | None] = mapped_column(Text)  # what the family is told, where it carries the coordination
    status: Mapped[AtgardStatus] = mapped_column(closed_list(AtgardStatus, name="status"))
    created_at: Mapped[datetime]
    decided_on: Mapped[date | None]
    done_on: Mapped[date | None]
    changed: Mapped[str | None] = mapped_column(String(200))  # what is different now, for all who reported it
    dropped_reason: Mapped[str | None] = mapped_column(Text)
    follow_up_on: Mapped[date | None]
    rounds_asked: Mapped[int] = mapped_column(SmallInteger, default=0)
    followed_up_on: Mapped[date | None]
    effect: Mapped[Effect | None] = mapped_column(closed_list(Effect, name="effect"))

    __table_args__ = (
        Index("ix_atgard_due", "status", "due_on"),
        Index("ix_atgard_follow_up", "follow_up_on"),
        Index("ix_atgard_position", "position_id", "status"),
        Index("ix_atgard_omrade", "omrade_id", "status"),
        CheckConstraint("(status = 'uppfoljd') = (effect IS NOT NULL)", name="effect_when_followed_up"),
        CheckConstraint("status NOT IN ('inford', 'uppfoljd') OR done_on IS NOT NULL", name="done_has_day"),
        CheckConstraint("status <> 'avford' OR dropped_reason IS NOT NULL", name="dropped_has_reason"),
    )


class EffectQuestion(Base):
    """One asking about the effect of an åtgärd: of its owner, of the reporter of one case, or of a voice to it.

    Open until it is answered, or closed unanswered after `closes_on`, which counts as "vet inte". Days, not moments:
    some reporters have no account, and nothing here may tell when they were at their screen.
    """

    __tablename__ = "effect_question"

    id: Mapped[int] = mapped_column(primary_key=True)
    atgard_id: Mapped[int] = mapped_column(ForeignKey("atgard.id"))
    avvikelse_id: Mapped[int] = mapped_column(ForeignKey("avvikelse.id"))  # whose reporter is asked; the åtgärd's own
    voice_id: Mapped[int | None] = mapped_column(ForeignKey("voice.id", ondelete="CASCADE"), index=True)
    asked: Mapped[EffectAsked] = mapped_column(closed_list(EffectAsked, name="asked"))
    round: Mapped[int] = mapped_column(SmallInteger)
    brought_forward: Mapped[bool] = mapped_column(Boolean)  # it has happened again: asked before its day
    asked_on: Mapped[date]
    closes_on: Mapped[date]
    closed_on: Mapped[date | None]
    answered_on: Mapped[date | None]
    effect: Mapped[Effect | None] = mapped_column(closed_list(Effect, name="effect"))
    again: Mapped[Again | None] = mapped_column(closed_list(Again, name="again"))
    comment: Mapped[str | None] = mapped_column(Text)

    __table_args__ = (
        # one asking per round of the owner, of each report's reporter, and of each voice
        Index(
            "uq_effect_question_case",
            "atgard_id",
            "round",
            "asked",
            "avvikelse_id",
            unique=True,
            sqlite_where=text("voice_id IS NULL"),
            postgresql_where=text("voice_id IS NULL"),
        ),
        UniqueConstraint("atgard_id", "round", "voice_id"),
        Index("ix_effect_question_case", "avvikelse_id", "asked"),
        Index("ix_effect_question_open", "closed_on", "closes_on"),
        CheckConstraint("answered_on IS NULL OR closed_on IS NOT NULL", name="answered_is_closed"),
        CheckConstraint(
            "(answered_on IS NOT NULL) = (effect IS NOT NULL OR again IS NOT NULL)"
            " AND (asked = 'agare' OR effect IS NULL) AND (asked <> 'agare' OR again IS NULL)",
            name="answer_of_the_asked",
        ),
        CheckConstraint("(asked = 'rost') = (voice_id IS NOT NULL)", name="voice"),
    )


class AtgardRecurrence(Base):
    """That a later report tells of the same problem at the same receiver although the åtgärd was in place."""

    __tablename__ = "atgard_recurrence"

    atgard_id: Mapped[int] = mapped_column(ForeignKey("atgard.id"), primary_key=True)
    avvikelse_id: Mapped[int] = mapped_column(ForeignKey("avvikelse.id"), primary_key=True, index=True)
    found_on: Mapped[date]
