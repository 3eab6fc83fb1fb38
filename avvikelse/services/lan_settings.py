"""What a län has agreed and its administrator writes down: limits of the clocks, and whom to call when it is urgent."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from avvikelse.domain.actor import Actor
from avvikelse.domain.deadlines import ClockId, Unit
from avvikelse.domain.errors import Invalid, NotFound
from avvikelse.domain.events import Event
from avvikelse.domain.workdays import local_date
from avvikelse.models.agreements import LimitChange
from avvikelse.models.organisation import Pack
from avvikelse.models.texts import LanText
from avvikelse.policy.organisation import require_administrator
from avvikelse.queries.emergency import LABELS, SWEDISH
from avvikelse.services import audit

LONGEST = 365
LONGEST_TEXT = 200


def change_limit(
    session: Session,
    actor: Actor,
    pack_slug: str,
    clock: ClockId,
    value: int,
    unit: Unit,
    from_on: date,
    *,
    now: datetime,
) -> LimitChange:
    """A limit for what starts on `from_on` or later. Only the system's administrator: all parties of a län share it."""
    require_administrator(actor, None)
    pack = _pack(session, pack_slug)
    if not 1 <= value <= LONGEST:
        raise Invalid(f"Skriv ett antal dagar mellan 1 och {LONGEST}.", field="value")
    if from_on < local_date(now):
        raise Invalid("Dagen har redan varit. Det som har börjat behåller sin gräns.", field="from_on")
    row = session.scalar(
        select(LimitChange).where(
            LimitChange.pack_id == pack.id, LimitChange.clock == clock.value, LimitChange.from_on == from_on
        )
    )
    if row is None:
        row = LimitChange(pack_id=pack.id, clock=clock.value, from_on=from_on)
        session.add(row)
    row.value, row.unit, row.changed_at, row.changed_by_user_id = value, unit.value, now, actor.user_id
    session.flush()
    session.info.pop("limits", None)
    detail = {"pack": pack.slug, "clock": clock.value, "value": value, "unit": unit.value, "from": from_on.isoformat()}
    audit.record(session, actor, Event.LIMITS_CHANGED, now=now, detail=detail)
    return row


def set_emergency_lines(
    session: Session, actor: Actor, pack_slug: str, texts: Mapping[str, str], *, now: datetime
) -> None:
    """The lines of the banner. Empty = the program's own words. Numbers to call are meant to stand here."""
    require_administrator(actor, None)
    pack = _pack(session, pack_slug)
    for key in LABELS:
        text = " ".join(texts.get(key, "").split())
        if len(text) > LONGEST_TEXT:
            raise Invalid(f"Skriv högst {LONGEST_TEXT} tecken.", field=key)
        row = session.get(LanText, (pack.id, key, SWEDISH))
        if text and row is not None:
            row.text, row.changed_at = text, now
        elif text:
            session.add(LanText(pack_id=pack.id, key=key, language=SWEDISH, text=text, changed_at=now))
        elif row is not None:
            session.delete(row)
    session.flush()
    audit.record(session, actor, Event.EMERGENCY_CHANGED, now=now, detail={"pack": pack.slug})


def _pack(session: Session, slug: str) -> Pack:
    pack = session.scalar(select(Pack).where(Pack.slug == slug))
    if pack is None:
        raise NotFound
    return pack
