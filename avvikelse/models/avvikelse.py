"""The avvikelse itself, its parties, its way between them and its register entries.

Open to see what is stored about a case.

No column here can hold data about a child: every free text passes the guard before it gets this far.
"""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import Boolean, CheckConstraint, ForeignKey, Index, SmallInteger, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from avvikelse.domain.vocabulary import (
    Channel,
    Extent,
    NotTakenUpReason,
    Outcome,
    PartySide,
    StandInReason,
    Status,
    StepOutcome,
    TransferKind,
)
from avvikelse.models.base import Base, closed_list

NO_DAY = date(9999, 12, 31)


class Avvikelse(Base):
    """One reported samverkansavvikelse.

    `ref` is the random name in URLs, `number` the one people say; neither gives access.
    """

    __tablename__ = "avvikelse"

    id: Mapped[int] = mapped_column(primary_key=True)
    ref: Mapped[str] = mapped_column(String(16), unique=True)
    number: Mapped[str] = mapped_column(String(20), unique=True)
    external_id: Mapped[str | None] = mapped_column(String(60), unique=True)
    idempotency_key: Mapped[str | None] = mapped_column(String(64), unique=True)
    version_id: Mapped[int] = mapped_column(default=1)

    pack_id: Mapped[int] = mapped_column(ForeignKey("pack.id"))
    channel: Mapped[Channel] = mapped_column(closed_list(Channel, name="channel"))
    status: Mapped[Status] = mapped_column(closed_list(Status, name="status"))
    outcome: Mapped[Outcome | None] = mapped_column(closed_list(Outcome, name="outcome"))

    # who reports
    reporter_user_id: Mapped[int | None] = mapped_column(ForeignKey("app_user.id"), index=True)
    reporter_named_to_chef: Mapped[bool] = mapped_column(Boolean, default=False)
    sender_enhet_id: Mapped[int | None] = mapped_column(ForeignKey("enhet.id"))
    sender_kind: Mapped[str] = mapped_column(String(40))
    # whom it concerns, as reported
    counterpart_enhet_id: Mapped[int | None] = mapped_column(ForeignKey("enhet.id"))
    counterpart_huvudman_id: Mapped[int | None] = mapped_column(ForeignKey("huvudman.id"))
    counterpart_kind: Mapped[str | None] = mapped_column(String(40))
    counterpart_unknown: Mapped[bool] = mapped_column(Boolean, default=False)
    # who answers now (copied from the owning party for statistics and lists)
    receiver_enhet_id: Mapped[int | None] = mapped_column(ForeignKey("enhet.id"))
    receiver_kind: Mapped[str | None] = mapped_column(String(40))
    kommunkod: Mapped[str | None] = mapped_column(String(4))
    inside_huvudman: Mapped[bool] = mapped_column(Boolean, default=False)

    # what happened (the shared text)
    occurred_on: Mapped[date]
    # a *samlerapport*: the same thing so many times, from this day to `occurred_on`
    occasions: Mapped[int | None] = mapped_column(SmallInteger)
    occurred_from: Mapped[date | None]
    description: Mapped[str] = mapped_column(Text)
    proposal: Mapped[str | None] = mapped_column(Text)
    masked_description: Mapped[str | None] = mapped_column(Text)
    category: Mapped[str | None] = mapped_column(String(4))
    reported_category: Mapped[str | None] = mapped_column(String(4))
    age_band: Mapped[str | None] = mapped_column(String(8))
    tillstand: Mapped[str | None] = mapped_column(String(40))
    niva: Mapped[int | None] = mapped_column(SmallInteger)
    severity: Mapped[int] = mapped_column(SmallInteger)
    possible_severity: Mapped[int | None] = mapped_column(SmallInteger)
    extent: Mapped[Extent | None] = mapped_column(closed_list(Extent, name="extent"))
    gap_weeks: Mapped[int | None] = mapped_column(
        SmallInteger
    )  # without help, on the way between two parts of the care
    child_waits: Mapped[bool] = mapped_column(Boolean, default=False)
    family_coordinates: Mapped[bool] = mapped_column(Boolean, default=False)
    family_cleared_reason: Mapped[str | None] = mapped_column(Text)  # why a party has taken the flag away again
    managers_talked: Mapped[bool | None] = mapped_column(Boolean)
    managers_talked_on: Mapped[date | None]
    managers_outcome: Mapped[str | None] = mapped_column(Text)  # what came of their talk
    avtalspunkt_id: Mapped[int | None] = mapped_column(ForeignKey("avtalspunkt.id"))
    matrix_version: Mapped[str | None] = mapped_column(String(20))  # the ansvarstabell of the day when it happened
    outside_reason: Mapped[str | None] = mapped_column(Text)  # why it was sent outside the ansvarstabell
    no_avtal: Mapped[bool | None] = mapped_column(Boolean)  # there is none about it; None = nobody has said
    no_notice_given: Mapped[bool | None] = mapped_column(
        Boolean
    )  # SIP quick report: did they say that they would not come?
    meeting_held: Mapped[bool | None] = mapped_column(Boolean)
    # only for the reporting område
    immediate_action: Mapped[str | None] = mapped_column(Text)
    own_reference: Mapped[str | None] = mapped_column(String(60))

    # what the group reads
    gruppmening: Mapped[str | None] = mapped_column(String(200))
    gruppmening_approved_at: Mapped[datetime | None]

    # routing as shown to the reporter
    routing_rule: Mapped[str | None] = mapped_column(String(40))
    routing_reason: Mapped[str | None] = mapped_column(String(600))
    routing_contested: Mapped[bool] = mapped_column(Boolean, default=False)

    # the way
    vaxlingar: Mapped[int] = mapped_column(SmallInteger, default=0)
    returned: Mapped[bool] = mapped_column(Boolean, default=False)  # a unit has held the case again after letting go
    nej_count: Mapped[int] = mapped_column(SmallInteger, default=0)
    joint: Mapped[bool] = mapped_column(Boolean, default=False)
    submitted_at: Mapped[datetime]
    first_received_at: Mapped[datetime | None]
    status_since: Mapped[datetime]
    accepted_at: Mapped[datetime | None]
    first_answer_at: Mapped[datetime | None]
    answered_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]
    paused_since: Mapped[datetime | None]
    paused_days: Mapped[int] = mapped_column(SmallInteger, default=0)
    status_paused_days: Mapped[int] = mapped_column(SmallInteger, default=0)  # of these, in the present status
    due_clock: Mapped[str | None] = mapped_column(String(20))
    due_on: Mapped[date | None]
    severe_since: Mapped[datetime | None]  # when both sides were told to look to the child's support
    again_since: Mapped[datetime | None]  # came back to be answered once more: a Nej, an agreement, a decision
    again_paused_days: Mapped[int] = mapped_column(SmallInteger, default=0)  # `paused_days` since then
    next_step_on: Mapped[date | None] = mapped_column(index=True)  # when the ladder looks at it; None = nothing runs
    not_taken_up_reason: Mapped[NotTakenUpReason | None] = mapped_column(
        closed_list(NotTakenUpReason, name="not_taken_up_reason")
    )
    closing_text: Mapped[str | None] = mapped_column(Text)
    main_id: Mapped[int | None] = mapped_column(ForeignKey("avvikelse.id"))
    earlier_id: Mapped[int | None] = mapped_column(ForeignKey("avvikelse.id"))
    voices: Mapped[int] = mapped_column(SmallInteger, default=0)  # others who have said *jag också*
    split_from_id: Mapped[int | None] = mapped_column(
        ForeignKey("avvikelse.id")
    )  # held this event, too, until a samordnare made two cases of it
    event_id: Mapped[int | None] = mapped_column(ForeignKey("avvikelse.id"))  # joined by kopplingskod

    parties: Mapped[list[Party]] = relationship(back_populates="avvikelse", order_by="Party.id")
    transfers: Mapped[list[Transfer]] = relationship(back_populates="avvikelse", order_by="Transfer.id")

    __mapper_args__ = {"version_id_col": version_id}  # noqa: RUF012 -- SQLAlchemy reads it from the class
    __table_args__ = (
        CheckConstraint("severity BETWEEN 0 AND 4", name="severity"),
        CheckConstraint("niva IS NULL OR niva BETWEEN 1 AND 4", name="niva"),
        CheckConstraint("gap_weeks IS NULL OR gap_weeks BETWEEN 0 AND 104", name="gap_weeks"),
        CheckConstraint(
            "(occasions IS NULL) = (occurred_from IS NULL) AND (occasions IS NULL OR occasions BETWEEN 2 AND 99)"
            " AND (occurred_from IS NULL OR occurred_from <= occurred_on)",
            name="occasions",
        ),
        CheckConstraint("vaxlingar >= 0 AND nej_count BETWEEN 0 AND 3", name="counts"),
        CheckConstraint("(status = 'closed') = (outcome IS NOT NULL)", name="outcome_when_closed"),
        CheckConstraint("status <> 'draft'", name="no_draft"),  # a draft lives in report_draft
        CheckConstraint("status <> 'closed' OR closing_text IS NOT NULL", name="closing_text"),
        Index("ix_avvikelse_open_due", "status", "due_on"),
        Index("ix_avvikelse_pack_submitted", "pack_id", "submitted_at"),
        Index("ix_avvikelse_reporter_submitted", "reporter_user_id", "submitted_at"),
        Index("ix_avvikelse_pair", "pack_id", "category", "sender_kind", "receiver_kind", "submitted_at"),
        Index("ix_avvikelse_receiver", "receiver_enhet_id", "category", "occurred_on"),
    )


# Most cases point to no other: SQLite would take an index with all the NULLs for a useless one.
for _link in (Avvikelse.__table__.c[name] for name in ("main_id", "event_id", "split_from_id")):
    Index(f"ix_avvikelse_{_link.name}", _link, sqlite_where=_link.is_not(None), postgresql_where=_link.is_not(None))


_STOOD_IN, _HANDLED = text("stand_in_position_id IS NOT NULL"), text("handler_user_id IS NOT NULL")  # few have either


class Party(Base):
    """A sekretessområde (and unit) that takes part in a case: it reports, owns it now, or has let it go.

    `open`, `due_on` and `status` are copies of the case's, so that a work list is one index; only
    services/transitions.py writes them. An owner has a position, or a funktion while a samordnare has the case.
    """

    __tablename__ = "party"

    id: Mapped[int] = mapped_column(primary_key=True)
    avvikelse_id: Mapped[int] = mapped_column(ForeignKey("avvikelse.id"), index=True)
    side: Mapped[PartySide] = mapped_column(closed_list(PartySide, name="side"))
    omrade_id: Mapped[int] = mapped_column(ForeignKey("sekretessomrade.id"))
    enhet_id: Mapped[int | None] = mapped_column(ForeignKey("enhet.id"))
    position_id: Mapped[int | None] = mapped_column(ForeignKey("position.id"))
    funktion_id: Mapped[int | None] = mapped_column(ForeignKey("funktion.id"))
    handler_user_id: Mapped[int | None] = mapped_column(ForeignKey("app_user.id"))
    since: Mapped[datetime]
    until: Mapped[datetime | None]
    open: Mapped[bool] = mapped_column(Boolean)
    status: Mapped[Status] = mapped_column(closed_list(Status, name="status"))
    due_on: Mapped[date]  # NO_DAY when no clock runs, so that a list is read in index order on both databases

    # who has stepped in: may do here what the chef may (domain/escalation.py, services/succession.py)
    stand_in_position_id: Mapped[int | None] = mapped_column(ForeignKey("position.id"))
    stand_in_because: Mapped[StandInReason | None] = mapped_column(closed_list(StandInReason, name="stand_in_because"))

    avvikelse: Mapped[Avvikelse] = relationship(back_populates="parties")

    __table_args__ = (
        Index("ix_party_due", "side", "open", "due_on"),
        CheckConstraint("(side = 'former') = (until IS NOT NULL)", name="former_has_end"),
        Index("ix_party_omrade_list", "omrade_id", "side", "open", "due_on", "avvikelse_id"),
        Index("ix_party_enhet_list", "enhet_id", "side", "open", "due_on", "avvikelse_id"),
        Index("ix_party_position_list", "position_id", "side", "open", "due_on", "avvikelse_id"),
        Index(
            "ix_party_stand_in_list",
            "stand_in_position_id",
            "side",
            "open",
            "due_on",
            "avvikelse_id",
            sqlite_where=_STOOD_IN,
            postgresql_where=_STOOD_IN,
        ),
        Index(
            "ix_party_handler_list",
            "handler_user_id",
            "open",
            "due_on",
            sqlite_where=_HANDLED,
            postgresql_where=_HANDLED,
        ),
    )


class Transfer(Base):
    """*Överlämning*: one step on the case's way between positions. Never changed, except that it is accepted."""

    __tablename__ = "transfer"

    id: Mapped[int] = mapped_column(primary_key=True)
    avvikelse_id: Mapped[int] = mapped_column(ForeignKey("avvikelse.id"), index=True)
    kind: Mapped[TransferKind] = mapped_column(closed_list(TransferKind, name="kind"))
    at: Mapped[datetime]
    from_omrade_id: Mapped[int | None] = mapped_column(ForeignKey("sekretessomrade.id"))
    from_enhet_id: Mapped[int | None] = mapped_column(ForeignKey("enhet.id"))
    from_position_id: Mapped[int | None] = mapped_column(ForeignKey("position.id"))
    to_omrade_id: Mapped[int] = mapped_column(ForeignKey("sekretessomrade.id"))
    to_enhet_id: Mapped[int | None] = mapped_column(ForeignKey("enhet.id"))
    to_position_id: Mapped[int | None] = mapped_column(ForeignKey("position.id"))
    crosses: Mapped[bool] = mapped_column(Boolean)
    reason: Mapped[str | None] = mapped_column(Text)
    avtalspunkt_id: Mapped[int | None] = mapped_column(ForeignKey("avtalspunkt.id"))
    proposed_enhet_id: Mapped[int | None] = mapped_column(ForeignKey("enhet.id"))
    by_user_id: Mapped[int | None] = mapped_column(ForeignKey("app_user.id"))
    accepted_at: Mapped[datetime | None]

    avvikelse: Mapped[Avvikelse] = relationship(back_populates="transfers")


class LadderStep(Base):
    """A step of the ladder that has been taken, so that it is taken once per clock and last day.

    `step` is the row's name in domain/escalation.py; `subject` says of what, where a case has several (a party, a
    question, an åtgärd).
    """

    __tablename__ = "ladder_step"

    id: Mapped[int] = mapped_column(primary_key=True)
    avvikelse_id: Mapped[int] = mapped_column(ForeignKey("avvikelse.id"))
    clock: Mapped[str] = mapped_column(String(20))
    subject: Mapped[str] = mapped_column(String(20))
    due_on: Mapped[date]
    step: Mapped[str] = mapped_column(String(40))
    taken_on: Mapped[date]
    outcome: Mapped[StepOutcome] = mapped_column(closed_list(StepOutcome, name="outcome"))

    __table_args__ = (UniqueConstraint("avvikelse_id", "clock", "subject", "due_on", "step"),)


class GroupMembership(Base):
    """That a case counts in a samverkansgrupp; `is_home` marks where lifts go.

    `reported_on` is a copy for the month page.
    """

    __tablename__ = "avvikelse_group"

    avvikelse_id: Mapped[int] = mapped_column(ForeignKey("avvikelse.id"), primary_key=True)
    group_id: Mapped[int] = mapped_column(ForeignKey("samverkansgrupp.id"), primary_key=True)
    is_home: Mapped[bool] = mapped_column(Boolean, default=False)
    reported_on: Mapped[date]

    __table_args__ = (Index("ix_avvikelse_group_month", "group_id", "reported_on"),)


class RecordEntry(Base):
    """One område's line about the case in its registreringslista (allmän handling); the diarienummer is its own."""

    __tablename__ = "record_entry"

    id: Mapped[int] = mapped_column(primary_key=True)
    avvikelse_id: Mapped[int] = mapped_column(ForeignKey("avvikelse.id"), index=True)
    omrade_id: Mapped[int] = mapped_column(ForeignKey("sekretessomrade.id"))
    registered_on: Mapped[date]
    diarienummer: Mapped[str | None] = mapped_column(String(40))

    __table_args__ = (
        UniqueConstraint("avvikelse_id", "omrade_id"),
        Index("ix_record_entry_list", "omrade_id", "registered_on"),
    )


class NumberSeries(Base):
    """The last used case number per pack and year."""

    __tablename__ = "number_series"

    pack_id: Mapped[int] = mapped_column(ForeignKey("pack.id"), primary_key=True)
    year: Mapped[int] = mapped_column(primary_key=True)
    last: Mapped[int]


class ReportDraft(Base):
    """*Utkast*: what a logged-in person has typed but not sent. Purged 30 days after the last change."""

    __tablename__ = "report_draft"

    id: Mapped[int] = mapped_column(primary_key=True)
    ref: Mapped[str] = mapped_column(String(16), unique=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("app_user.id"), index=True)
    form: Mapped[str] = mapped_column(String(20))
    payload: Mapped[str] = mapped_column(Text)  # JSON of the form's fields; guarded: a stopped text is left out
    updated_at: Mapped[datetime]
