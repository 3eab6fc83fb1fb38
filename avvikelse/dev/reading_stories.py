"""The demo's people open cases, so that the log reviewer of the region has something to review.

Each opens what she may see, as her page does. One has opened more than she has worked with: there a reviewer begins.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import select

from avvikelse.dev.town import Town
from avvikelse.models.avvikelse import Avvikelse
from avvikelse.policy.visibility import visible
from avvikelse.queries.case_page import case_page
from avvikelse.services import readings

# who, how many cases, and so many days ago the last of them
READERS: tuple[tuple[str, int, int], ...] = (
    ("samordnare.region@example.org", 5, 1),
    ("bupchef@example.org", 4, 2),
    ("bupmottagning@example.org", 3, 1),
    ("handlaggare@example.org", 9, 3),
)


def tell(town: Town, now: datetime) -> int:
    """Open them; returns how many readings that made."""
    told = 0
    for email, count, days in READERS:
        reader, at = town.person(email), now - timedelta(days=days)
        latest = select(Avvikelse.ref).where(visible(reader)).order_by(Avvikelse.submitted_at.desc(), Avvikelse.id)
        for ref in town.session.scalars(latest.where(Avvikelse.submitted_at < at).limit(count)).all():
            readings.remember(town.session, reader, case_page(town.session, reader, ref), now=at)
            at += timedelta(minutes=4)
            told += 1
    return told
