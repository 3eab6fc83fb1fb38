"""A page that shows a case's texts remembers first that it was read (services/readings.py). Open for such a page."""

from __future__ import annotations

from sqlalchemy.orm import Session

from avvikelse.adapters.clock import now
from avvikelse.domain.events import Event
from avvikelse.queries.case_views import CaseView
from avvikelse.services import readings
from avvikelse.web.access import current_actor
from avvikelse.web.transaction import record_first


def record_reading(view: CaseView, event: Event = Event.CASE_READ, **detail: str) -> None:
    """Record it before anything is shown (web/transaction.py)."""

    def record(session: Session) -> None:
        readings.remember(session, current_actor(), view, event, now=now(), **detail)

    record_first(record)
