"""Small lists for forms about a case."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from avvikelse.models.agreements import Avtal, Avtalspunkt
from avvikelse.models.avvikelse import Avvikelse


def pack_of_case(session: Session, avvikelse_id: int) -> int:
    """The pack (län) of a case that the caller has already been let into."""
    return session.scalars(select(Avvikelse.pack_id).where(Avvikelse.id == avvikelse_id)).one()


def avtalspunkt_choices(session: Session, pack_id: int) -> list[tuple[int, str]]:
    """(id, "Avtal, punkt: text") of the län's numbered points."""
    rows = session.execute(
        select(Avtalspunkt.id, Avtal.name, Avtalspunkt.number, Avtalspunkt.text)
        .join(Avtal, Avtal.id == Avtalspunkt.avtal_id)
        .where(Avtalspunkt.pack_id == pack_id)
        .order_by(Avtal.name, Avtalspunkt.id)
    )
    return [(r[0], f"{r[1]}, punkt {r[2]}: {r[3]}"[:120]) for r in rows]
