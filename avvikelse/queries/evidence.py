"""What a revisor reads of a län and a period: when something was done, by which role, and what became of it.

Open to add a page, or when one shows too much. No text of a case, no unit that reported, nobody's name; of decisions
only those that are published have their words. What came after the period is marked with its day.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from sqlalchemy import ColumnElement, Select, and_, func, literal, select, union_all
from sqlalchemy.orm import Session

from avvikelse.analysis.sections import Grid, Section, Value
from avvikelse.analysis.small_numbers import HIDDEN, hide
from avvikelse.domain.codes import category
from avvikelse.domain.events import Event
from avvikelse.domain.group_words import HELD, MeetingStatus
from avvikelse.domain.months import first_day, last_day, month_of, shift
from avvikelse.domain.swedish_dates import long_date, month_name
from avvikelse.domain.vocabulary import Status
from avvikelse.domain.workdays import end_of_day, local_date
from avvikelse.models.action_plan import ActionPlan, PlanActivity
from avvikelse.models.agreements import Avtal
from avvikelse.models.audit import AuditEvent
from avvikelse.models.avvikelse import Avvikelse
from avvikelse.models.followup import IndicatorYear
from avvikelse.models.group_decisions import GroupDecision
from avvikelse.models.groups import ReportingDuty, Samverkansgrupp
from avvikelse.models.meetings import GroupMandate, GroupMeeting
from avvikelse.queries.goals import year_of_row
from avvikelse.queries.month_reads import COUNTS, NO_CATEGORY

MOST_CASES = 500
RETENTION = (Event.PURGED, Event.DRAFTS_PURGED)


@dataclass(frozen=True, slots=True)
class Scope:
    """The län and the period, both days included."""

    pack_id: int
    first: date
    last: date

    def has(self, day: date) -> bool:
        return self.first <= day <= self.last

    def day(self, day: date | None) -> str:
        """In words; what came after the period says so."""
        if day is None:
            return "–"
        return long_date(day) + (" (efter perioden)" if day > self.last else "")

    @property
    def moments(self) -> tuple[datetime, datetime]:
        return end_of_day(self.first - timedelta(days=1)), end_of_day(self.last)


def routines(session: Session, scope: Scope) -> Section:
    agreements = session.scalars(select(Avtal).where(Avtal.pack_id == scope.pack_id).order_by(Avtal.name))
    duties = session.scalars(
        select(ReportingDuty).where(ReportingDuty.pack_id == scope.pack_id).order_by(ReportingDuty.id)
    )
    mandates = session.execute(
        select(Samverkansgrupp.name, GroupMandate)
        .join(GroupMandate, GroupMandate.group_id == Samverkansgrupp.id)
        .where(Samverkansgrupp.pack_id == scope.pack_id, GroupMandate.decided_on <= scope.last)
        .order_by(Samverkansgrupp.name, GroupMandate.decided_on)
    )
    return _section(
        "rutiner", "Avtal, uppdrag och rapportplikt",
        Grid(
            "avtal", "Avtal och rutiner", ("Namn", "Beslutat", "Gäller", "Reviderat", "Uppföljning"),
            tuple(
                (one.name, one.decided or "–", one.valid or "–", one.revised or "–", one.follow_up or "–")
                for one in agreements
                if one.active_to is None or one.active_to >= scope.first
            ),
        ),
        Grid(
            "uppdrag", "Gruppernas uppdrag", ("Grupp", "Uppdrag", "Beslutat av", "Beslutat", "Gäller till"),
            tuple(
                (name, one.text, one.decided_by, scope.day(one.decided_on), scope.day(one.valid_to))
                for name, one in mandates
                if one.valid_to is None or one.valid_to >= scope.first
            ),
        ),
        Grid("rapportplikt", "Rapportplikt", ("Vad", "Hur ofta"), tuple((one.what, one.interval) for one in duties)),
    )  # fmt: skip


def meetings(session: Session, scope: Scope) -> Section:
    rows = session.execute(
        select(Samverkansgrupp.name, Samverkansgrupp.meetings_min, GroupMeeting)
        .join(GroupMeeting, GroupMeeting.group_id == Samverkansgrupp.id)
        .where(Samverkansgrupp.pack_id == scope.pack_id, GroupMeeting.meets_on.between(scope.first, scope.last))
        .order_by(Samverkansgrupp.name, GroupMeeting.meets_on)
    ).all()
    known: dict[str, Counter[str]] = {}
    for name, _, one in rows:
        held = "hållna" if one.status in HELD else one.status.value
        known.setdefault(name, Counter()).update(["alla", held])
    least = {name: number for name, number, _ in rows}
    return _section(
        "moten", "Möten",
        Grid(
            "moten-per-grupp", "Möten per grupp", ("Grupp", "Minst per år", "Planerade", "Hållna", "Inställda"),
            tuple(
                (name, least[name], n["alla"], n["hållna"], n[MeetingStatus.CANCELLED.value])
                for name, n in known.items()
            ),
        ),
        Grid(
            "motesserie", "Möte för möte", ("Grupp", "Dag", "Slag", "Läge", "Protokoll publicerat"),
            tuple(
                (
                    name, long_date(one.meets_on), one.kind.label, one.status.label,
                    scope.day(local_date(one.minutes_published_at) if one.minutes_published_at else None),
                )
                for name, _, one in rows
            ),
            "Publicerade protokoll läses på Läget.",
        ),
    )  # fmt: skip


def decisions(session: Session, scope: Scope) -> Section:
    first, last = scope.moments
    rows = session.execute(
        select(Samverkansgrupp.name, GroupDecision)
        .join(GroupDecision, GroupDecision.group_id == Samverkansgrupp.id)
        .where(
            Samverkansgrupp.pack_id == scope.pack_id, GroupDecision.decided_at >= first, GroupDecision.decided_at < last
        )
        .order_by(GroupDecision.decided_at)
    )
    return _section(
        "beslut", "Beslut och hur de följts upp",
        Grid(
            "beslut", "Beslut",
            ("Grupp", "Beslut", "Ansvarar", "Beslutat", "Klart senast", "Läge", "Avslutat", "Publicerat"),
            tuple(
                (
                    name, one.text if one.published_at else "Inte publicerat", one.owner,
                    long_date(local_date(one.decided_at)),
                    long_date(one.due_on), one.status.label, scope.day(one.ended_on),
                    scope.day(local_date(one.published_at) if one.published_at else None),
                )
                for name, one in rows
            ),
            "Ansvariga är roller. Det som grupper har märkt som sitt eget finns inte här.",
        ),
    )  # fmt: skip


def plans(session: Session, scope: Scope) -> Section:
    rows = session.execute(
        select(Samverkansgrupp.name, ActionPlan, PlanActivity)
        .join(ActionPlan, ActionPlan.group_id == Samverkansgrupp.id)
        .join(PlanActivity, PlanActivity.plan_id == ActionPlan.id)
        .where(Samverkansgrupp.pack_id == scope.pack_id, PlanActivity.planned_on.between(scope.first, scope.last))
        .order_by(Samverkansgrupp.name, PlanActivity.planned_on)
    )
    return _section(
        "handlingsplaner", "Handlingsplaner",
        Grid(
            "aktiviteter", "Aktiviteter",
            ("Grupp", "Aktivitet", "Ansvarar", "Plan beslutad", "Planerad till", "Läge", "Avslutad"),
            tuple(
                (
                    name, one.text, one.owner, long_date(plan.decided_on), long_date(one.planned_on), one.status.label,
                    scope.day(one.ended_on),
                )
                for name, plan, one in rows
            ),
        ),
    )  # fmt: skip


def goals(session: Session, scope: Scope) -> Section:
    """Every version: also what was changed before the year began."""
    rows = session.execute(
        select(Samverkansgrupp.name, IndicatorYear)
        .join(IndicatorYear, IndicatorYear.group_id == Samverkansgrupp.id)
        .where(Samverkansgrupp.pack_id == scope.pack_id, IndicatorYear.year.between(scope.first.year, scope.last.year))
        .order_by(Samverkansgrupp.name, IndicatorYear.year, IndicatorYear.version)
    )
    cells: list[tuple[Value, ...]] = []
    for name, row in rows:
        written = scope.day(local_date(row.written_at))
        cells += [
            (name, row.year, row.version, goal.name, goal.words, goal.definition, written)
            for goal in year_of_row(row).rows
            if goal.words
        ]
    return _section(
        "matetal", "Mätetal och mål",
        Grid("mal", "Mål", ("Grupp", "År", "Version", "Mätetal", "Mål", "Så räknas det", "Skrivet"), tuple(cells)),
    )  # fmt: skip


def counts(session: Session, scope: Scope) -> Section:
    """Derived only: how many, when, which state. By category nothing small. Counted by the database: one row per month
    and category comes out, however many cases there are."""
    by_month = session.execute(union_all(*(_of_month(scope, *month) for month in _months(scope))))
    months = sorted((month, came, answered, closed) for month, came, answered, closed in by_month if came)
    groups: Counter[str] = Counter()
    code = func.coalesce(Avvikelse.category, NO_CATEGORY)
    for name, number in session.execute(select(code, func.count()).where(_of_period(scope)).group_by(code)):
        groups[category(name).group] += number
    categories = sorted(groups.items(), key=lambda item: (-item[1], item[0]))
    hidden = hide([[number] for _, number in categories]).rows
    return _section(
        "avvikelser", "Avvikelser",
        Grid(
            "manader", "Månad för månad", ("Månad", "Rapporter", "Har fått svar", "Är avslutade"),
            tuple((month_name(month), *numbers) for month, *numbers in months),
            "Rapporter per den månad de kom. Siffrorna är rapporter, inte händelser.",
        ),
        Grid(
            "kategorier", "Per kategori", ("Vad det gäller", "Antal"),
            tuple((label, HIDDEN if n in hidden else number) for n, (label, number) in enumerate(categories)),
        ),
    )  # fmt: skip


def _months(scope: Scope) -> Iterator[tuple[str, date, date]]:
    """The months of the period with their first and last day in it."""
    month = month_of(scope.first)
    while first_day(month) <= scope.last:
        yield month, max(first_day(month), scope.first), min(last_day(month), scope.last)
        month = shift(month, 1)


def _of_month(scope: Scope, month: str, first: date, last: date) -> Select[str, int, int, int]:
    """A range of the index on (pack, submitted_at): a month is one of local days, the moments are UTC."""
    here = replace(scope, first=first, last=last)
    return select(
        literal(month), func.count(), func.count(Avvikelse.first_answer_at), func.count(Avvikelse.closed_at)
    ).where(_of_period(here))


def cases(session: Session, scope: Scope) -> Section:
    """One line per case: that it came, when, and its state. Nothing of what it says or between whom it is."""
    rows = session.execute(
        select(
            Avvikelse.submitted_at, Avvikelse.accepted_at, Avvikelse.first_answer_at, Avvikelse.closed_at,
            Avvikelse.status, Avvikelse.outcome,
        )
        .where(_of_period(scope))
        .order_by(Avvikelse.submitted_at.desc(), Avvikelse.id.desc())
        .limit(MOST_CASES + 1)
    ).all()  # fmt: skip
    note = f"De senaste {MOST_CASES}." if len(rows) > MOST_CASES else ""
    return _section(
        "arenden", "Ärendenas gång",
        Grid(
            "arenden", "Ärende för ärende",
            ("Rapporterades", "Mottaget", "Första svaret", "Avslutat", "Läge", "Hur det slutade"),
            tuple(
                (
                    long_date(local_date(row.submitted_at)), _after(scope, row.accepted_at),
                    _after(scope, row.first_answer_at),
                    _after(scope, row.closed_at), row.status.label, row.outcome.label if row.outcome else "–",
                )
                for row in rows[:MOST_CASES]
            ),
            note,
        ),
    )  # fmt: skip


def retention(session: Session, scope: Scope) -> Section:
    """What the system has removed by itself or by decision."""
    first, last = scope.moments
    rows = session.execute(
        select(AuditEvent.at, AuditEvent.event)
        .where(
            AuditEvent.user_id.is_(None), AuditEvent.at >= first, AuditEvent.at < last,
            AuditEvent.event.in_([event.value for event in RETENTION]),
        )
        .order_by(AuditEvent.at)
    )  # fmt: skip
    return _section(
        "gallring", "Gallring",
        Grid(
            "gallring", "Det som har gallrats", ("Dag", "Händelse"),
            tuple((long_date(local_date(at)), Event(event).label) for at, event in rows),
        ),
    )  # fmt: skip


Page = Callable[[Session, Scope], Section]
# key: what makes the page, in the order of the evidence
PAGES: Mapping[str, Page] = {
    "rutiner": routines,
    "moten": meetings,
    "beslut": decisions,
    "handlingsplaner": plans,
    "matetal": goals,
    "avvikelser": counts,
    "arenden": cases,
    "gallring": retention,
}
NOTHING = "Det finns ingenting för perioden."


def evidence(session: Session, scope: Scope) -> tuple[Section, ...]:
    """All of it, for the overview and the files."""
    return tuple(page(session, scope) for page in PAGES.values())


def _of_period(scope: Scope) -> ColumnElement[bool]:
    first, last = scope.moments
    return and_(
        Avvikelse.pack_id == scope.pack_id, Avvikelse.status != Status.DRAFT, Avvikelse.submitted_at >= first,
        Avvikelse.submitted_at < last, COUNTS,
    )  # fmt: skip


def _after(scope: Scope, moment: datetime | None) -> str:
    return scope.day(local_date(moment) if moment else None)


def _section(key: str, title: str, *grids: Grid) -> Section:
    filled = _filled(grids)
    return Section(key, title, "" if filled else NOTHING, grids=filled)


def _filled(grids: Iterable[Grid]) -> tuple[Grid, ...]:
    return tuple(grid for grid in grids if grid.rows)
