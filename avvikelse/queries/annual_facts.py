"""What a group's annual report is computed from: a dozen reads over the cases of one year. Open when a number is wrong.

Only coded and derived columns are read, the plan, SIP totals and decisions: never a case's own text.
"""

from __future__ import annotations

from collections import Counter
from datetime import date

from sqlalchemy import ColumnElement, and_, func, select
from sqlalchemy.orm import Session

from avvikelse.analysis.annual import ActivityLine, AnnualFacts, DecisionLine, SipLine
from avvikelse.analysis.month_wide import CannotPublish, Made, WideTable, publish
from avvikelse.domain.broad_parties import BROAD
from avvikelse.domain.codes import CATEGORY_GROUPS, atgard_strength, category_label
from avvikelse.domain.measures import NO_EFFECT_ASKED
from avvikelse.domain.party_words import as_concerned, as_reporter
from avvikelse.domain.sip import half_name
from avvikelse.domain.swedish_dates import long_date
from avvikelse.domain.vocabulary import AtgardStatus, Effect, Rating
from avvikelse.domain.workdays import local_date
from avvikelse.models.avvikelse import Avvikelse, GroupMembership
from avvikelse.models.dialogue import Answer, Atgard
from avvikelse.models.group_decisions import GroupDecision
from avvikelse.policy.group_reading import GroupFacts, Groups
from avvikelse.queries import action_plan, reporters_said, wide
from avvikelse.queries.annual import told_beside
from avvikelse.queries.group_sip import GroupSip, year_of_group
from avvikelse.queries.indicator_figures import period_rows
from avvikelse.queries.month_reads import CATEGORY, COUNTS, FIRST_OF_EVENT, RECEIVER

STRENGTHS = {"svag": "Svag (information, utbildning)", "medel": "Medel", "stark": "Stark"}
WEAK = "svag"
NO_RATING = "Inget betyg"
DECEMBER = 12


def annual_facts(
    session: Session, groups: Groups, group: GroupFacts, year: int, today: date
) -> tuple[AnnualFacts, Made | None]:
    """The facts as they are known today, and the wide publication that would tell them outside (None = it cannot)."""
    first, last = date(year, 1, 1), min(date(year, 12, 31), today)
    of_year = and_(
        GroupMembership.group_id == group.id, GroupMembership.reported_on.between(first, last), COUNTS, FIRST_OF_EVENT
    )
    categories, pairs = _counts(session, of_year)
    sip = year_of_group(session, groups, group, year, today)
    measures = _measures(session, of_year)
    made, table, refusal = _wide(session, group.id, year, today)
    facts = AnnualFacts(
        year=year,
        total=sum(categories.values()),
        sip=_sip_lines(sip),
        by_category=categories,
        by_pair=pairs,
        activities=_activities(session, group.id, year, today),
        indicators=period_rows(session, groups, group, first, last, today=today, sip=(str(year), sip)),
        ratings=_ratings(session, of_year),
        strengths={STRENGTHS[key]: sum(atgard_strength(kind) == key for kind, _ in measures) for key in STRENGTHS},
        weak=sum(atgard_strength(kind) == WEAK for kind, _ in measures),
        effects={effect.label: sum(found is effect for _, found in measures) for effect in Effect},
        said=reporters_said.in_group(session, group.id, first, last),
        decisions=_decisions(session, group.id, first, last),
        wide=table,
        wide_refusal=refusal,
        told_beside=told_beside(session, group.id, year),
    )
    return facts, made


def _counts(session: Session, of_year: ColumnElement[bool]) -> tuple[Counter[str], Counter[str]]:
    rows = session.execute(
        select(
            CATEGORY.label("category"), Avvikelse.sender_kind, RECEIVER.label("receiver"), func.count().label("number")
        )
        .join_from(GroupMembership, Avvikelse, Avvikelse.id == GroupMembership.avvikelse_id)
        .where(of_year)
        .group_by(CATEGORY, Avvikelse.sender_kind, RECEIVER)
    )
    categories: Counter[str] = Counter()
    pairs: Counter[str] = Counter()
    for row in rows:
        categories[category_label(row.category)] += row.number
        pairs[f"{as_reporter(row.sender_kind)} rapporterar, gäller {as_concerned(row.receiver)}"] += row.number
    return categories, pairs


def _sip_lines(sip: GroupSip) -> tuple[SipLine, ...]:
    return tuple(SipLine(one.name, one.count, tuple(half_name(half) for half in one.missing)) for one in sip.kommuner)


def _activities(session: Session, group_id: int, year: int, today: date) -> tuple[ActivityLine, ...]:
    return tuple(
        ActivityLine(
            row.text, row.owner,
            long_date(row.planned_on) + (f", flyttad till {long_date(row.due_on)}" if row.moved else ""),
            _state(row.status.label, row.ended_on) + (", sen" if row.late else ""), row.said,
        )
        for row in action_plan.activities_of_year(session, group_id, year, today)
    )  # fmt: skip


def _state(label: str, ended_on: date | None) -> str:
    return f"{label} {long_date(ended_on)}" if ended_on else label


def _ratings(session: Session, of_year: ColumnElement[bool]) -> dict[str, int]:
    """What the reporters said of the last answer that they got; silence is no rating."""
    rows = session.execute(
        select(Answer.avvikelse_id, Answer.rating)
        .join_from(GroupMembership, Avvikelse, Avvikelse.id == GroupMembership.avvikelse_id)
        .join(Answer, Answer.avvikelse_id == Avvikelse.id)
        .where(of_year, Answer.sent_at.is_not(None))
        .order_by(Answer.version)
    )
    latest: dict[int, Rating | None] = {case_id: rating for case_id, rating in rows}  # noqa: C416 -- the last one stays
    said = Counter(latest.values())
    return {**{rating.label: said[rating] for rating in Rating}, NO_RATING: said[None]}


def _measures(session: Session, of_year: ColumnElement[bool]) -> list[tuple[str, Effect | None]]:
    """Kind and judged effect of the åtgärder that were decided for the year's cases."""
    rows = session.execute(
        select(Atgard.kind, Atgard.effect)
        .join_from(GroupMembership, Avvikelse, Avvikelse.id == GroupMembership.avvikelse_id)
        .join(Atgard, Atgard.avvikelse_id == Avvikelse.id)
        .where(
            of_year, Atgard.kind.not_in(NO_EFFECT_ASKED),
            Atgard.status.in_((AtgardStatus.DECIDED, AtgardStatus.DONE, AtgardStatus.FOLLOWED_UP)),
        )
    )  # fmt: skip
    return [(kind, effect) for kind, effect in rows]


def _decisions(session: Session, group_id: int, first: date, last: date) -> tuple[DecisionLine, ...]:
    rows = session.scalars(
        select(GroupDecision).where(GroupDecision.group_id == group_id).order_by(GroupDecision.decided_at)
    )
    return tuple(
        DecisionLine(
            row.text, row.owner, long_date(local_date(row.decided_at)), long_date(row.due_on),
            _state(row.status.label, row.ended_on),
            row.published_at is not None,
        )
        for row in rows
        if first <= local_date(row.decided_at) <= last
    )  # fmt: skip


def _wide(session: Session, group_id: int, year: int, today: date) -> tuple[Made | None, WideTable | None, str]:
    """What would be published (None when the year is told already), its table, or why there is none."""
    earlier = wide.earlier(session, group_id, year)
    if earlier and earlier[-1].table.months == DECEMBER:
        return None, earlier[-1].table, ""
    if today <= date(year, 12, 31):
        return None, None, "Året är inte slut: tabellen publiceras när årsrapporten godkänns."
    counts = wide.monthly_counts(session, group_id, year, DECEMBER)
    try:
        made = publish(year, counts, CATEGORY_GROUPS, BROAD, earlier, family=wide.family(session, group_id, year))
    except CannotPublish as error:
        return None, None, f"Antalen visas inte utanför gruppen. {error}"
    return made, made.table, ""
