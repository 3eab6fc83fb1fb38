"""The numbers of a län's board *Läget*, made once a day so that everybody reads the same."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from avvikelse.domain.workdays import local_date
from avvikelse.models.learning import BoardFigures
from avvikelse.models.organisation import Pack
from avvikelse.queries.situation import figures_of


def make_figures(session: Session, now: datetime) -> int:
    """For every län. Returns how many."""
    ids = list(session.scalars(select(Pack.id).order_by(Pack.id)))
    for pack_id in ids:
        row = session.get(BoardFigures, pack_id) or BoardFigures(pack_id=pack_id)
        row.made_at, row.content = now, dict(figures_of(session, pack_id, local_date(now)))
        session.add(row)
    session.flush()
    return len(ids)
