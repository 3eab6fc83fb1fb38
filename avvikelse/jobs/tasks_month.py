"""What groups get by themselves: months, papers of meetings, what groups below lack. Thin: see services."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from avvikelse.jobs.house import House, in_transaction
from avvikelse.services import lacks, meeting_papers, month


def publish(house: House, now: datetime) -> str:
    """Computed while others may write; then a short transaction per group and month, so that no reporter waits."""
    with house.transaction(writing=False) as session:
        due = month.due_months(session, now=now)
    for group_id, name in due:
        with house.transaction(writing=False) as session:
            ahead = month.month_ahead(session, group_id, name, now)
        with house.transaction() as session:
            month.make_month(session, group_id, name, now, ahead=ahead)
    return f"{len(due)} månader fastställda"


def prepare(house: House, now: datetime) -> str:
    """As publish(), per meeting."""
    with house.transaction(writing=False) as session:
        due = meeting_papers.meetings_to_prepare(session, now=now)
    for meeting_id in due:
        with house.transaction(writing=False) as session:
            ahead = meeting_papers.papers_ahead(session, meeting_id, now=now)
        with house.transaction() as session:
            meeting_papers.make_papers(session, meeting_id, now=now, ahead=ahead)
    return f"{len(due)} underlag gjorda"


@in_transaction
def tell_above(session: Session, now: datetime) -> str:
    return f"{lacks.tell_above(session, now)} grupper fick veta"
