"""Store what a kommun has counted of its SIP. A correction is a new version; nothing is written over."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime

from sqlalchemy.orm import Session

from avvikelse.analysis.indicators.sip_totals import SipCount
from avvikelse.domain.actor import Actor
from avvikelse.domain.errors import Conflict, Invalid, NotFound
from avvikelse.domain.events import Event
from avvikelse.domain.sip import Half, first_day, refusals
from avvikelse.domain.vocabulary import Role
from avvikelse.domain.workdays import local_date
from avvikelse.models.followup import SipReport
from avvikelse.queries import sip
from avvikelse.services import audit


def report(
    session: Session, actor: Actor, kommunkod: str, half: Half, count: SipCount, *, seen_version: int, now: datetime
) -> SipReport:
    """A new version of the half-year's numbers.

    Raises NotFound for a kommun that the actor does not count for and a half-year that has not begun, Invalid at the
    number that does not add up, Conflict when somebody has reported since version `seen_version`.
    """
    place = sip.place(session, actor, kommunkod)
    today = local_date(now)
    if first_day(half) > today:
        raise NotFound
    for name, sentence in refusals(asdict(count)):
        raise Invalid(sentence, field=name)
    known = sip.cell_of(session, place, half, today)
    if known.version != seen_version:
        raise Conflict("Någon annan har rapporterat halvåret medan du skrev. Läs de nya siffrorna och rätta dem.")
    row = SipReport(
        pack_id=place.pack_id, kommunkod=kommunkod, year=half[0], half=half[1], version=known.version + 1,
        huvudman_id=place.huvudman_id, written_at=now, written_by_user_id=actor.user_id, **asdict(count),
    )  # fmt: skip
    session.add(row)
    session.flush()
    audit.record(
        session, actor, Event.SIP_COUNTED, now=now, role=Role.SIP_SAMORDNARE.value,
        detail={"kommun": kommunkod, "year": half[0], "half": half[1], "version": row.version},
    )  # fmt: skip
    return row
