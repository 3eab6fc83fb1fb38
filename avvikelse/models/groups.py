"""Samverkansgrupper and who owes whom a report. Open to see what is known of a group before any case reaches it."""

from __future__ import annotations

from sqlalchemy import JSON, Boolean, CheckConstraint, ForeignKey, SmallInteger, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from avvikelse.domain.vocabulary import GroupLevel, SeesCases
from avvikelse.models.base import Base, closed_list
from avvikelse.models.organisation import FromPack


class Samverkansgrupp(FromPack, Base):
    """*Samverkansgrupp*. Empty `kommuner` = its descendants' kommuner; `verksamhetstyper` NULL = all types."""

    __tablename__ = "samverkansgrupp"

    name: Mapped[str] = mapped_column(String(160))
    level: Mapped[GroupLevel] = mapped_column(closed_list(GroupLevel, name="level"))
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("samverkansgrupp.id"), index=True)
    sees_cases: Mapped[SeesCases] = mapped_column(closed_list(SeesCases, name="sees_cases"))
    active: Mapped[bool] = mapped_column(Boolean)
    kommuner: Mapped[list[str]] = mapped_column(JSON)
    verksamhetstyper: Mapped[list[str] | None] = mapped_column(JSON(none_as_null=True))
    meetings_min: Mapped[int | None] = mapped_column(SmallInteger)  # planned meetings a year
    meetings_max: Mapped[int | None] = mapped_column(SmallInteger)
    meeting_months: Mapped[list[int]] = mapped_column(JSON)
    members: Mapped[list[str]] = mapped_column(JSON)  # roles in words, never persons
    member_positions: Mapped[list[str]] = mapped_column(JSON)  # slugs of positions, where the pack says
    convenor: Mapped[str | None] = mapped_column(String(160))  # a role; unknown is shown as vacant, never invented
    purpose: Mapped[str | None] = mapped_column(Text)
    target_group: Mapped[str | None] = mapped_column(String(160))
    # what stands on every agenda; NULL = the usual (domain/agenda.py)
    standing_items: Mapped[list[str] | None] = mapped_column(JSON(none_as_null=True))

    parent: Mapped[Samverkansgrupp | None] = relationship(remote_side="Samverkansgrupp.id")

    __table_args__ = (
        UniqueConstraint("pack_id", "slug"),
        CheckConstraint("parent_id IS NULL OR parent_id <> id", name="not_own_parent"),
        CheckConstraint(
            "(meetings_min IS NULL) = (meetings_max IS NULL)"
            " AND (meetings_min IS NULL OR meetings_min <= meetings_max)",
            name="meetings",
        ),
    )


class ReportingDuty(FromPack, Base):
    """*Rapportplikt*: who reports what to whom, how often.

    `from_slug` and `to_slug` name a group or an organisation of the pack.
    """

    __tablename__ = "reporting_duty"

    from_slug: Mapped[str] = mapped_column(String(80))
    to_slug: Mapped[str] = mapped_column(String(80))
    what: Mapped[str] = mapped_column(Text)
    interval: Mapped[str] = mapped_column(String(40))
    month: Mapped[int | None] = mapped_column(SmallInteger)

    __table_args__ = (
        UniqueConstraint("pack_id", "slug"),
        CheckConstraint("month IS NULL OR month BETWEEN 1 AND 12", name="month"),
    )
