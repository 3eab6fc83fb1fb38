"""Make, comment and approve a group's annual report. Open when a version cannot be made or approved."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy.orm import Session

from avvikelse.analysis.annual import SECTIONS, annual_sections, as_told
from avvikelse.analysis.month_wide import from_json as wide_from_json
from avvikelse.analysis.month_wide import to_json as wide_to_json
from avvikelse.analysis.sections import to_json
from avvikelse.domain.actor import Actor
from avvikelse.domain.errors import Conflict, Invalid, NotFound
from avvikelse.domain.events import Event
from avvikelse.domain.workdays import local_date
from avvikelse.models.annual import AnnualReport
from avvikelse.models.group_work import WideSummary
from avvikelse.queries import wide
from avvikelse.queries.annual import approved_beside_since, newest, told_before
from avvikelse.queries.annual_facts import annual_facts
from avvikelse.services import audit
from avvikelse.services.ahead import Ahead, read_ahead
from avvikelse.services.case_access import STALE
from avvikelse.services.group_access import GroupInHand, convened, role_of
from avvikelse.services.guarding import guard
from avvikelse.services.month import SEEING_MONTHS

MAX_COMMENT = 2000
APPROVED = "Årsrapporten är godkänd och kan inte ändras. Gör en ny version i stället."


@dataclass(frozen=True, slots=True)
class Contents:
    """What a report says, for the group and outside it, and the wide publication that it brings with it."""

    sections: dict[str, Any]
    wide: dict[str, Any] | None


def report_ahead(session: Session, actor: Actor, group_id: int, year: int, *, now: datetime) -> Ahead[Contents]:
    """What make() will store, computed before it writes. Raises as it does."""
    return read_ahead(session, (group_id, year, now), lambda: _contents(session, actor, group_id, year, now))


def make(
    session: Session, actor: Actor, group_id: int, year: int, *, now: datetime, ahead: Ahead[Contents] | None = None
) -> AnnualReport:
    """The year as it is known now: a first version, the present one again, or a new one after an approved one, with
    the words that stood in it.

    Raises NotFound (also for a group that gets numbers on request only), Forbidden; Conflict for a year that has not
    begun or lies further back than the last one.
    """
    key = (group_id, year, now)
    made = ahead.value if ahead and ahead.holds(session, key) else _contents(session, actor, group_id, year, now)
    group = convened(session, actor, group_id)
    latest = newest(session, group.id, year)
    if latest is None or latest.approved_at is not None:
        row = AnnualReport(
            group_id=group.id, year=year, version=latest.version + 1 if latest else 1,
            comments=dict(latest.comments) if latest else {},
        )  # fmt: skip
    else:
        row = latest
    row.content, row.wide = made.sections, made.wide
    row.made_at, row.made_by_user_id = now, actor.user_id
    session.add(row)
    session.flush()
    _record(session, group, Event.ANNUAL_MADE, row, now)
    return row


def _contents(session: Session, actor: Actor, group_id: int, year: int, now: datetime) -> Contents:
    group = convened(session, actor, group_id)
    today = local_date(now)
    if group.facts.sees not in SEEING_MONTHS:
        raise NotFound
    if not today.year - 1 <= year <= today.year:
        raise Conflict("Årsrapporter görs för det år som är och för det förra.")
    facts, made = annual_facts(session, group.groups, group.facts, year, today)
    sections: dict[str, Any] = {
        "lists_told": not facts.told_beside,
        "own": to_json(annual_sections(facts, outward=False)),
        "outward": to_json(as_told(annual_sections(facts, outward=True), told_before(session, group_id, year))),
    }
    return Contents(sections, wide_to_json(made) if made else None)


def comment(
    session: Session, actor: Actor, group_id: int, year: int, section: str, text: str, *, now: datetime
) -> AnnualReport:
    """The convenor's words to a section; empty takes them away. Raises NotFound, Forbidden, Invalid, Conflict."""
    group, row = _draft(session, actor, group_id, year)
    if section not in SECTIONS:
        raise NotFound
    guard(text=text)
    if len(text.strip()) > MAX_COMMENT:
        raise Invalid(f"Skriv högst {MAX_COMMENT} tecken.", field="text")
    kept = {key: words for key, words in row.comments.items() if key != section}
    row.comments = kept | ({section: text.strip()} if text.strip() else {})
    session.flush()
    _record(session, group, Event.ANNUAL_COMMENTED, row, now)
    return row


def approve(session: Session, actor: Actor, group_id: int, year: int, *, seen: int, now: datetime) -> AnnualReport:
    """Lock what stands there, and let those outside the group read it without small numbers.

    Raises NotFound, Forbidden; Conflict when the year is not over, it is approved, it has been changed since version
    `seen` of the row, or a group of the län has told numbers of the year since it was made.
    """
    group, row = _draft(session, actor, group_id, year)
    if row.version_id != seen:
        raise Conflict(STALE.replace("ärendet", "årsrapporten"))
    if local_date(now) <= date(year, 12, 31):
        raise Conflict("Året är inte slut. Årsrapporten kan godkännas efter nyår.")
    wide.one_at_a_time(session, group.id)
    if approved_beside_since(session, group.id, year, row.made_at):
        raise Conflict(
            "En annan grupp i länet har fått sin årsrapport godkänd sedan er gjordes. Gör den igen och godkänn sedan."
        )
    if row.wide is not None:
        _publish(session, actor, group.id, row, now)
    row.approved_at, row.approved_by_user_id = now, actor.user_id
    session.flush()
    _record(session, group, Event.ANNUAL_APPROVED, row, now)
    return row


def _publish(session: Session, actor: Actor, group_id: int, row: AnnualReport, now: datetime) -> None:
    """What an approved report tells outside is a wide publication like any other: later ones must know of it."""
    if wide.published_since(session, group_id, row.year, row.made_at):
        raise Conflict(
            "Gruppen, eller en annan i länet, har publicerat siffror sedan rapporten gjordes. Gör den igen och godkänn "
            "sedan."
        )
    months = wide_from_json(row.wide or {}).table.months
    session.add(
        WideSummary(
            group_id=group_id, year=row.year, months=months, published_at=now,
            published_by_user_id=actor.user_id or 0, content=row.wide,
        )
    )  # fmt: skip
    session.flush()
    detail = {"year": row.year, "months": months}
    audit.record(session, actor, Event.WIDE_PUBLISHED, now=now, group_id=group_id, detail=detail)


def _draft(session: Session, actor: Actor, group_id: int, year: int) -> tuple[GroupInHand, AnnualReport]:
    group = convened(session, actor, group_id)
    row = newest(session, group.id, year)
    if row is None:
        raise NotFound
    if row.approved_at is not None:
        raise Conflict(APPROVED)
    return group, row


def _record(session: Session, group: GroupInHand, event: Event, row: AnnualReport, now: datetime) -> None:
    audit.record(
        session, group.actor, event, now=now, group_id=group.id, role=role_of(group.actor, group.id),
        detail={"year": row.year, "version": row.version},
    )  # fmt: skip
