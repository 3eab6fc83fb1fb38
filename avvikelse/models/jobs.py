"""What runs by itself: who runs it now, and what each run did. Open to see how processes take turns."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Boolean, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from avvikelse.models.base import Base


class JobLease(Base):
    """The right to run a job, until a time. A process that dies lets it run out."""

    __tablename__ = "job_lease"

    name: Mapped[str] = mapped_column(String(40), primary_key=True)
    owner: Mapped[str] = mapped_column(String(120))
    until: Mapped[datetime]


class JobRun(Base):
    """One slot of one job: a local date, or the start of an interval. `ok` empty = it began and has not ended."""

    __tablename__ = "job_run"

    id: Mapped[int] = mapped_column(primary_key=True)
    job: Mapped[str] = mapped_column(String(40))
    slot: Mapped[str] = mapped_column(String(40))
    started_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]
    ok: Mapped[bool | None] = mapped_column(Boolean)
    summary: Mapped[str | None] = mapped_column(String(200))

    __table_args__ = (
        UniqueConstraint("job", "slot"),
        Index("ix_job_run_latest", "job", "started_at"),
    )
