"""The open *Stämmer inte?* of those who may mend them. Open for the samordnare's list."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import false, or_, select
from sqlalchemy.orm import Session

from avvikelse.domain.actor import Actor
from avvikelse.domain.vocabulary import Role
from avvikelse.domain.workdays import local_date
from avvikelse.models.organisation import ContactReport, Enhet, Huvudman, Pack
from avvikelse.policy.organisation import administered, administered_ids


@dataclass(frozen=True, slots=True)
class OpenReport:
    """Who told it is not here: it is about a contact way, not about people."""

    id: int
    pack: str
    unit_slug: str
    unit: str
    text: str
    told_on: date
    due_on: date
    late: bool
    may_edit: bool  # the reader administers the unit and can mend it


def open_reports(session: Session, actor: Actor, today: date) -> tuple[OpenReport, ...]:
    """Reports about units of the actor's områden (samordnare) or huvudmän (administrator), the most urgent first."""
    omraden = actor.omrade_ids(Role.SAMORDNARE)
    rows = session.execute(
        select(ContactReport, Enhet, Pack.slug)
        .join(Enhet, Enhet.id == ContactReport.enhet_id)
        .join(Huvudman, Huvudman.id == Enhet.huvudman_id)
        .join(Pack, Pack.id == Enhet.pack_id)
        .where(
            ContactReport.done_at.is_(None),
            or_(administered(actor), ContactReport.omrade_id.in_(omraden) if omraden else false()),
        )
        .order_by(ContactReport.due_on, ContactReport.id)
    )
    ids = administered_ids(actor)
    return tuple(
        OpenReport(
            id=report.id,
            pack=pack,
            unit_slug=unit.slug,
            unit=unit.name,
            text=report.text,
            told_on=local_date(report.created_at),
            due_on=report.due_on,
            late=report.due_on < today,
            may_edit=ids is None or unit.huvudman_id in ids,
        )
        for report, unit, pack in rows
    )
