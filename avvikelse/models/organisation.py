"""Who exists: packs (län), huvudmän, sekretessområden, enheter, positions and functions.

Open to see what is stored about a party. Rows that come from an organisation pack keep the pack's id as `slug` and
the pack's own fields as `imported`. A new import compares the file with `imported` and writes only what the *file*
has changed, so that what an administrator has edited stays.
"""

from __future__ import annotations

import secrets
from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, Boolean, CheckConstraint, ForeignKey, Index, SmallInteger, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from avvikelse.domain.vocabulary import FunktionKind, HuvudmanKind
from avvikelse.models.base import Base, closed_list


def new_revision() -> str:
    return secrets.token_hex(8)


class FromPack:
    """A row that is known in its pack by `slug` (unique there together with `pack_id`)."""

    id: Mapped[int] = mapped_column(primary_key=True)
    pack_id: Mapped[int] = mapped_column(ForeignKey("pack.id"))
    slug: Mapped[str] = mapped_column(String(80))
    imported: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)


class Pack(Base):
    """A län or part of one.

    `revision` is a new random word after every change of the organisation below it and keys all caches of it; random,
    so that what a rolled back transaction has cached is never found again."""

    __tablename__ = "pack"

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(String(80), unique=True)
    name: Mapped[str] = mapped_column(String(160))
    version: Mapped[str] = mapped_column(String(20))
    lan: Mapped[str] = mapped_column(String(80))
    lanskod: Mapped[str] = mapped_column(String(2))
    valid_from: Mapped[date | None]
    number_prefix: Mapped[str] = mapped_column(String(4), unique=True)  # "JH" in the case number JH-2026-0001
    kommuner: Mapped[list[str]] = mapped_column(JSON)
    revision: Mapped[str] = mapped_column(String(16), default=new_revision)
    imported: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)


class Huvudman(FromPack, Base):
    """*Huvudman*: region, kommun, kommunalförbund, fristående or state authority."""

    __tablename__ = "huvudman"

    name: Mapped[str] = mapped_column(String(160))
    kind: Mapped[HuvudmanKind] = mapped_column(closed_list(HuvudmanKind, name="kind"))
    kommunkod: Mapped[str | None] = mapped_column(String(4))
    # a samordnare reads each answer before the reporter gets it
    answers_checked: Mapped[bool] = mapped_column(Boolean, default=False)

    __table_args__ = (UniqueConstraint("pack_id", "slug"),)


class Sekretessomrade(FromPack, Base):
    """*Sekretessområde*: what secrecy surrounds; what may be seen is decided on it."""

    __tablename__ = "sekretessomrade"

    name: Mapped[str] = mapped_column(String(200))
    huvudman_id: Mapped[int] = mapped_column(ForeignKey("huvudman.id"), index=True)
    # no = its samordnare distributes everything
    takes_cases_directly: Mapped[bool] = mapped_column(Boolean, default=True)
    own_reference_allowed: Mapped[bool] = mapped_column(Boolean, default=True)
    # friskola, private provider, state: reminded, never escalated above their own manager
    invited_party: Mapped[bool] = mapped_column(Boolean, default=False)

    huvudman: Mapped[Huvudman] = relationship()

    __table_args__ = (UniqueConstraint("pack_id", "slug"),)


class Organisation(FromPack, Base):
    """A nämnd, förvaltning or område (of management) above units."""

    __tablename__ = "organisation"

    name: Mapped[str] = mapped_column(String(160))
    kind: Mapped[str] = mapped_column(String(40))
    huvudman_id: Mapped[int] = mapped_column(ForeignKey("huvudman.id"), index=True)
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"))
    active_to: Mapped[date | None]  # last day; set when it vanishes from the pack

    huvudman: Mapped[Huvudman] = relationship()

    __table_args__ = (
        UniqueConstraint("pack_id", "slug"),
        CheckConstraint("parent_id IS NULL OR parent_id <> id", name="not_own_parent"),
    )


class Enhet(FromPack, Base):
    """*Enhet* (the packs' `verksamhet`).

    Never deleted: it closes (`active_to` = last day) and may point to a successor.
    """

    __tablename__ = "enhet"

    name: Mapped[str] = mapped_column(String(160))
    kind: Mapped[str] = mapped_column(String(40))  # codes.json verksamhetstyper
    huvudman_id: Mapped[int] = mapped_column(ForeignKey("huvudman.id"), index=True)
    omrade_id: Mapped[int] = mapped_column(ForeignKey("sekretessomrade.id"), index=True)
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"), index=True)
    age_min: Mapped[int] = mapped_column(SmallInteger)
    age_max: Mapped[int] = mapped_column(SmallInteger)
    active_from: Mapped[date | None]
    active_to: Mapped[date | None]
    successor_id: Mapped[int | None] = mapped_column(ForeignKey("enhet.id"))
    forsta_linje: Mapped[bool] = mapped_column(Boolean, default=False)
    tar_emot_remiss: Mapped[bool] = mapped_column(Boolean, default=True)
    function_mailbox: Mapped[str | None] = mapped_column(String(254))
    phone: Mapped[str | None] = mapped_column(String(40))
    assignment: Mapped[str | None] = mapped_column(Text)  # vad enheten gör, in its own words

    huvudman: Mapped[Huvudman] = relationship()
    omrade: Mapped[Sekretessomrade] = relationship()
    organisation: Mapped[Organisation | None] = relationship()
    successor: Mapped[Enhet | None] = relationship(remote_side="Enhet.id")
    kommuner: Mapped[list[EnhetKommun]] = relationship(
        back_populates="enhet", order_by="EnhetKommun.kommunkod", cascade="all, delete-orphan"
    )
    shared_with: Mapped[list[EnhetSharedWith]] = relationship(cascade="all, delete-orphan")
    earlier_names: Mapped[list[EnhetName]] = relationship(order_by="EnhetName.to_on.desc(), EnhetName.id.desc()")
    positions: Mapped[list[Position]] = relationship(back_populates="enhet", order_by="Position.id")

    __table_args__ = (
        UniqueConstraint("pack_id", "slug"),
        CheckConstraint("age_min BETWEEN 0 AND age_max AND age_max <= 120", name="ages"),
        CheckConstraint("active_from IS NULL OR active_to IS NULL OR active_from <= active_to", name="active_order"),
        CheckConstraint("successor_id IS NULL OR successor_id <> id", name="not_own_successor"),
        Index("ix_enhet_pack_kind", "pack_id", "kind"),
    )


class EnhetKommun(Base):
    """A kommun that the unit serves."""

    __tablename__ = "enhet_kommun"

    enhet_id: Mapped[int] = mapped_column(ForeignKey("enhet.id"), primary_key=True)
    kommunkod: Mapped[str] = mapped_column(String(4), primary_key=True)

    enhet: Mapped[Enhet] = relationship(back_populates="kommuner")

    __table_args__ = (Index("ix_enhet_kommun_kommun", "kommunkod", "enhet_id"),)


class EnhetSharedWith(Base):
    """Another huvudman that runs the unit together with its own (`gemensam_med`)."""

    __tablename__ = "enhet_shared_with"

    enhet_id: Mapped[int] = mapped_column(ForeignKey("enhet.id"), primary_key=True)
    huvudman_id: Mapped[int] = mapped_column(ForeignKey("huvudman.id"), primary_key=True)


class EnhetName(Base):
    """A name the unit has had, up to and including `to_on`. The present name stands in `enhet.name`."""

    __tablename__ = "enhet_name"

    id: Mapped[int] = mapped_column(primary_key=True)
    enhet_id: Mapped[int] = mapped_column(ForeignKey("enhet.id"), index=True)
    name: Mapped[str] = mapped_column(String(160))
    from_on: Mapped[date | None]  # empty = since before anybody wrote it down
    to_on: Mapped[date]

    __table_args__ = (CheckConstraint("from_on IS NULL OR from_on <= to_on", name="order"),)


class Position(FromPack, Base):
    """*Position*: the manager of a unit, or of an organisation above units. A role; its holder is a role_assignment."""

    __tablename__ = "position"

    title: Mapped[str] = mapped_column(String(160))
    enhet_id: Mapped[int | None] = mapped_column(ForeignKey("enhet.id"), index=True)
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"), index=True)
    substitute_id: Mapped[int | None] = mapped_column(ForeignKey("position.id"))
    vacant: Mapped[bool] = mapped_column(Boolean, default=False)
    show_name: Mapped[bool] = mapped_column(Boolean, default=False)  # the party has chosen to show the manager's name
    active_to: Mapped[date | None]  # last day; set when it vanishes from the pack

    enhet: Mapped[Enhet | None] = relationship(back_populates="positions")
    organisation: Mapped[Organisation | None] = relationship()
    substitute: Mapped[Position | None] = relationship(remote_side="Position.id")
    absences: Mapped[list[PositionAbsence]] = relationship(
        back_populates="position", order_by="PositionAbsence.from_on", cascade="all, delete-orphan"
    )

    __table_args__ = (
        UniqueConstraint("pack_id", "slug"),
        CheckConstraint("(enhet_id IS NULL) <> (organisation_id IS NULL)", name="one_place"),
        CheckConstraint("substitute_id IS NULL OR substitute_id <> id", name="not_own_substitute"),
    )


# Most have none: SQLite would take an index with all the NULLs for a useless one.
_substitute = Position.__table__.c.substitute_id
Index(
    "ix_position_substitute_id",
    _substitute,
    sqlite_where=_substitute.is_not(None),
    postgresql_where=_substitute.is_not(None),
)


class PositionAbsence(Base):
    """Days, first and last included, when the holder is away and the substitute answers."""

    __tablename__ = "position_absence"

    id: Mapped[int] = mapped_column(primary_key=True)
    position_id: Mapped[int] = mapped_column(ForeignKey("position.id"))
    from_on: Mapped[date]
    to_on: Mapped[date]

    position: Mapped[Position] = relationship(back_populates="absences")

    __table_args__ = (
        CheckConstraint("from_on <= to_on", name="order"),
        Index("ix_position_absence_days", "position_id", "to_on"),
    )


class Funktion(FromPack, Base):
    """*Funktion*: a mailbox or role that is not a manager. `omrade_id` empty = all sekretessområden of the huvudman.

    Its holders are role_assignments: samordnare for the område(n), sip_samordnare for the huvudman.
    """

    __tablename__ = "funktion"

    name: Mapped[str] = mapped_column(String(160))
    kind: Mapped[FunktionKind] = mapped_column(closed_list(FunktionKind, name="kind"))
    huvudman_id: Mapped[int] = mapped_column(ForeignKey("huvudman.id"), index=True)
    omrade_id: Mapped[int | None] = mapped_column(ForeignKey("sekretessomrade.id"), index=True)
    mailbox: Mapped[str | None] = mapped_column(String(254))
    phone: Mapped[str | None] = mapped_column(String(40))
    assignment: Mapped[str | None] = mapped_column(Text)
    active_to: Mapped[date | None]

    huvudman: Mapped[Huvudman] = relationship()
    omrade: Mapped[Sekretessomrade | None] = relationship()

    __table_args__ = (UniqueConstraint("pack_id", "slug"),)


class ContactReport(Base):
    """*Stämmer inte?*: somebody says that a contact way is wrong.

    Lands at the unit's samordnare; `text` has passed the guard.
    """

    __tablename__ = "contact_report"

    id: Mapped[int] = mapped_column(primary_key=True)
    enhet_id: Mapped[int] = mapped_column(ForeignKey("enhet.id"))
    omrade_id: Mapped[int] = mapped_column(ForeignKey("sekretessomrade.id"))
    text: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime]
    created_by_user_id: Mapped[int | None] = mapped_column(ForeignKey("app_user.id"))
    due_on: Mapped[date]
    done_at: Mapped[datetime | None]
    done_by_user_id: Mapped[int | None] = mapped_column(ForeignKey("app_user.id"))

    enhet: Mapped[Enhet] = relationship()

    __table_args__ = (
        Index("ix_contact_report_open", "omrade_id", "done_at", "due_on"),
        Index("ix_contact_report_enhet", "enhet_id", "done_at"),
    )
