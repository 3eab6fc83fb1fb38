"""What has changed after a person's or a unit's reports: åtgärder that are in place, and published decisions.

Who reports without account reads hers on the case; her report counts in nobody's unit.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, Select, func, or_, select
from sqlalchemy.orm import Session

from avvikelse.domain import changed_words
from avvikelse.domain.actor import Actor
from avvikelse.domain.codes import category_label
from avvikelse.domain.vocabulary import WITHOUT_ACCOUNT, AtgardStatus, Outcome, PartySide
from avvikelse.domain.workdays import end_of_day, local_date, start_of_day
from avvikelse.models.avvikelse import Avvikelse, Party
from avvikelse.models.dialogue import Atgard
from avvikelse.models.group_decisions import DecisionCase, GroupDecision
from avvikelse.models.groups import Samverkansgrupp

# A case that was merged into another one has the other one's åtgärder.
_ITS_ATGARD = (Atgard.avvikelse_id == func.coalesce(Avvikelse.main_id, Avvikelse.id)) & (
    Atgard.changed.is_not(None) & (Atgard.status != AtgardStatus.DROPPED)
)
_COUNTS = or_(Avvikelse.outcome.is_(None), Avvikelse.outcome.not_in((Outcome.WITHDRAWN, Outcome.NOT_TAKEN_UP)))


@dataclass(frozen=True, slots=True)
class Change:
    """One change. `case` is the ref of the case that it came out of, `decision` that of the decision, if it is one."""

    sentence: str
    since: date
    case: str
    decision: str | None = None


@dataclass(frozen=True, slots=True)
class YearCount:
    """How many reports of a period there are, and how many of them have led to a change."""

    reports: int
    led_to_change: int


def of_reporter(session: Session, actor: Actor, first: date, last: date) -> tuple[Change, ...]:
    """What changed between two days after the actor's own reports, newest first."""
    return _changes(session, reported_by(actor), changed_words.REPORTER, first, last)


def of_unit(session: Session, enhet_id: int, first: date, last: date, limit: int) -> tuple[Change, ...]:
    """What changed between two days after the unit's reports, newest first; each change once."""
    return _changes(session, reported_from(enhet_id), changed_words.UNIT, first, last)[:limit]


def count(session: Session, mine: ColumnElement[bool], first: date, last: date) -> YearCount:
    """Of the reports that were sent between two days. A withdrawn one is none."""
    changed = or_(
        select(Atgard.id).where(_ITS_ATGARD).correlate(Avvikelse).exists(),
        select(GroupDecision.id)
        .join(DecisionCase, DecisionCase.decision_id == GroupDecision.id)
        .where(DecisionCase.avvikelse_id == Avvikelse.id, GroupDecision.published_at.is_not(None))
        .correlate(Avvikelse)
        .exists(),
    )
    row = session.execute(
        select(func.count(), func.count().filter(changed)).where(mine, sent_between(first, last), _COUNTS)
    ).one()
    return YearCount(row[0], row[1])


def reported_by(actor: Actor) -> ColumnElement[bool]:
    return Avvikelse.reporter_user_id == actor.user_id


def reported_from(enhet_id: int) -> ColumnElement[bool]:
    """Reports of the unit. Those without account are not: their own unit is told nothing."""
    sent = select(Party.avvikelse_id).where(Party.enhet_id == enhet_id, Party.side == PartySide.SENDER)
    return Avvikelse.id.in_(sent) & Avvikelse.channel.not_in(WITHOUT_ACCOUNT)


def sent_between(first: date, last: date) -> ColumnElement[bool]:
    return (Avvikelse.submitted_at >= start_of_day(first)) & (Avvikelse.submitted_at < end_of_day(last))


def _changes(session: Session, mine: ColumnElement[bool], who: str, first: date, last: date) -> tuple[Change, ...]:
    found = {
        change.sentence: change
        for change in (*_atgarder(session, mine, who, first, last), *_decisions(session, mine, who, first, last))
    }
    return tuple(sorted(found.values(), key=lambda change: change.since, reverse=True))


def _atgarder(session: Session, mine: ColumnElement[bool], who: str, first: date, last: date) -> Iterator[Change]:
    query: Select[*tuple[str, str | None, datetime, str | None, date | None]] = (
        select(Avvikelse.ref, Avvikelse.category, Avvikelse.submitted_at, Atgard.changed, Atgard.done_on)
        .join(Atgard, _ITS_ATGARD)
        .where(mine, Atgard.done_on.between(first, last))
        .order_by(Avvikelse.id)
    )
    for ref, category, at, changed, done_on in session.execute(query):
        if changed and done_on:
            yield Change(changed_words.atgard_sentence(who, _name(category, at), changed, done_on), done_on, ref)


def _decisions(session: Session, mine: ColumnElement[bool], who: str, first: date, last: date) -> Iterator[Change]:
    query = (
        select(Avvikelse.ref, Avvikelse.category, Avvikelse.submitted_at, GroupDecision, Samverkansgrupp.name)
        .join(DecisionCase, DecisionCase.avvikelse_id == Avvikelse.id)
        .join(GroupDecision, GroupDecision.id == DecisionCase.decision_id)
        .join(Samverkansgrupp, Samverkansgrupp.id == GroupDecision.group_id)
        .where(
            mine,
            GroupDecision.published_at.is_not(None),
            GroupDecision.decided_at >= start_of_day(first),
            GroupDecision.decided_at < end_of_day(last),
        )
        .order_by(Avvikelse.id)
    )
    for ref, category, at, decision, group in session.execute(query):
        day = local_date(decision.decided_at)
        words = decision.what_changes or decision.text
        sentence = changed_words.decision_sentence(who, _name(category, at), group, words, day)
        yield Change(sentence, day, ref, decision.ref)


def _name(category: str | None, submitted_at: datetime) -> str | None:
    return category_label(category, local_date(submitted_at)) if category else None


@dataclass(frozen=True, slots=True)
class Year:
    """A reporter's year: how many of her reports have led to a change, and what changed during it."""

    year: int
    count: YearCount
    changes: tuple[Change, ...]


def year_of(session: Session, actor: Actor, year: int) -> Year:
    """The actor's own reports alone."""
    first, last = date(year, 1, 1), date(year, 12, 31)
    return Year(year, count(session, reported_by(actor), first, last), of_reporter(session, actor, first, last))
