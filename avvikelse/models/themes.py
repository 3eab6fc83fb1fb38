"""*Problemtyper* of a samverkansgrupp: confirmed cases, and patterns that wait to be confirmed."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, SmallInteger, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from avvikelse.domain.group_words import CandidateStatus, ProblemTypeStatus
from avvikelse.models.base import Base, closed_list


class ProblemType(Base):
    """*Problemtyp*, to people *tema*: one sentence with a name. All staff read it; its cases are read by nobody."""

    __tablename__ = "problem_type"

    id: Mapped[int] = mapped_column(primary_key=True)
    ref: Mapped[str] = mapped_column(String(16), unique=True)
    group_id: Mapped[int] = mapped_column(ForeignKey("samverkansgrupp.id"))
    name: Mapped[str] = mapped_column(String(80))
    sentence: Mapped[str] = mapped_column(String(300))
    owner: Mapped[str] = mapped_column(String(120))  # a role or verksamhet, never a person
    status: Mapped[ProblemTypeStatus] = mapped_column(closed_list(ProblemTypeStatus, name="status"))
    contribute: Mapped[str | None] = mapped_column(Text)  # *Så kan du bidra*
    monday: Mapped[str | None] = mapped_column(Text)  # *Vad ändras på måndag?*
    category: Mapped[str | None] = mapped_column(String(4))  # where the pattern was first seen
    sender_kind: Mapped[str | None] = mapped_column(String(40))
    receiver_kind: Mapped[str | None] = mapped_column(String(40))
    created_at: Mapped[datetime]
    created_by_user_id: Mapped[int | None] = mapped_column(ForeignKey("app_user.id"))
    closed_on: Mapped[date | None]
    closed_text: Mapped[str | None] = mapped_column(Text)
    version_id: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version_id}  # noqa: RUF012 -- SQLAlchemy reads it from the class
    __table_args__ = (
        UniqueConstraint("group_id", "name"),
        CheckConstraint(
            "(status = 'stangd') = (closed_on IS NOT NULL) AND (status <> 'stangd' OR closed_text IS NOT NULL)",
            name="closed_has_text",
        ),
    )


class ProblemTypeCase(Base):
    """That a person has confirmed: this case is one of the problem."""

    __tablename__ = "problem_type_case"

    problem_type_id: Mapped[int] = mapped_column(ForeignKey("problem_type.id"), primary_key=True)
    avvikelse_id: Mapped[int] = mapped_column(ForeignKey("avvikelse.id"), primary_key=True, index=True)
    confirmed_at: Mapped[datetime]
    confirmed_by_user_id: Mapped[int | None] = mapped_column(ForeignKey("app_user.id"))


class ThemeCandidate(Base):
    """A pattern that the system has seen: a new problem, or more of a known one (`problem_type_id`).

    `key` says how it was found. The same for everybody until somebody has confirmed or dismissed it.
    """

    __tablename__ = "theme_candidate"

    id: Mapped[int] = mapped_column(primary_key=True)
    ref: Mapped[str] = mapped_column(String(16), unique=True)
    group_id: Mapped[int] = mapped_column(ForeignKey("samverkansgrupp.id"))
    problem_type_id: Mapped[int | None] = mapped_column(ForeignKey("problem_type.id"))
    key: Mapped[str] = mapped_column(String(120))
    category: Mapped[str | None] = mapped_column(String(4))
    sender_kind: Mapped[str | None] = mapped_column(String(40))
    receiver_kind: Mapped[str | None] = mapped_column(String(40))
    made_at: Mapped[datetime]
    status: Mapped[CandidateStatus] = mapped_column(closed_list(CandidateStatus, name="status"))
    reason: Mapped[str | None] = mapped_column(String(300))
    settled_at: Mapped[datetime | None]

    __table_args__ = (
        CheckConstraint("(status = 'waiting') = (settled_at IS NULL)", name="settled"),
        Index("ix_theme_candidate_desk", "group_id", "status"),
    )


class ThemeCandidateCase(Base):
    """A case of a pattern. People see `place` and the gruppmening, never which case it is."""

    __tablename__ = "theme_candidate_case"

    candidate_id: Mapped[int] = mapped_column(ForeignKey("theme_candidate.id"), primary_key=True)
    place: Mapped[int] = mapped_column(SmallInteger, primary_key=True)
    avvikelse_id: Mapped[int] = mapped_column(ForeignKey("avvikelse.id"), index=True)

    __table_args__ = (UniqueConstraint("candidate_id", "avvikelse_id"),)
