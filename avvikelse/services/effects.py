"""Ask whether an åtgärd helps: its owner and the reporters behind it, on its days or as soon as it has happened again.

Open when somebody was asked too late, twice or not at all. What is answered stands in effect_answers.py; the rules and
days in domain/measures.py. Both the job and the arrival of a new case come here; each finds its work in the data.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import (
    ColumnElement,
    CompoundSelect,
    Date,
    Integer,
    Select,
    bindparam,
    delete,
    exists,
    or_,
    select,
    union,
    update,
)
from sqlalchemy.orm import Session, aliased

from avvikelse.domain.actor import SYSTEM
from avvikelse.domain.codes import GOOD_EXAMPLE
from avvikelse.domain.events import Event
from avvikelse.domain.measures import RECURRENCE_DAYS, closes_on, next_follow_up
from avvikelse.domain.notices import Notice
from avvikelse.domain.vocabulary import WITHOUT_ACCOUNT, AtgardStatus, EffectAsked, Outcome
from avvikelse.domain.workdays import local_date
from avvikelse.domain.workflow import Audience
from avvikelse.models import asking
from avvikelse.models.avvikelse import Avvikelse
from avvikelse.models.dialogue import Atgard, AtgardRecurrence, EffectQuestion
from avvikelse.models.themes import ProblemTypeCase
from avvikelse.models.voices import AddedVoice
from avvikelse.queries.limits import limits_of
from avvikelse.queries.same_problem import in_one_type, judged_beside, judged_by_one_group
from avvikelse.services import atgard_notices, audit, clocks, telling, voice_news

BATCH = 500  # a run takes at most so many; the next one takes the rest
IN_PLACE = (AtgardStatus.DONE, AtgardStatus.FOLLOWED_UP)
NOT_A_REPORT = (Outcome.MERGED, Outcome.NOT_TAKEN_UP, Outcome.WITHDRAWN)


def ask_due(session: Session, now: datetime) -> int:
    """Close what nobody answered; ask what has its day, and what has happened again unseen. Returns how many asked."""
    today = local_date(now)
    _close(session, EffectQuestion.closes_on < today, today=today)
    _forget_what_was_told_apart(session)
    found = _recurred(session, now)
    rows = session.execute(
        select(Atgard, Avvikelse)
        .join(Avvikelse, Avvikelse.id == Atgard.avvikelse_id)
        .where(Atgard.follow_up_on <= today, Atgard.status.in_(IN_PLACE))
        .order_by(Atgard.follow_up_on, Atgard.id)
        .limit(BATCH)
    ).all()
    for atgard, row in rows:
        ask(session, atgard, row, now=now)
        atgard_notices.to_owner(session, atgard, row, Notice.EFFECT_OWNER, now=now, key=f"round{atgard.rounds_asked}")
    return len(rows) + found


def _close(session: Session, *which: ColumnElement[bool], today: date) -> None:
    session.execute(
        update(EffectQuestion).where(EffectQuestion.closed_on.is_(None), *which).values(closed_on=today),
        execution_options={"synchronize_session": "fetch"},
    )


def ask(session: Session, atgard: Atgard, row: Avvikelse, *, now: datetime, brought_forward: bool = False) -> None:
    """One round: a question to the owner, each reporter and each voice behind it. Sets the day of the next round."""
    today = local_date(now)
    if atgard.done_on is None:
        raise ValueError("only what is in place is followed up")
    _close(session, EffectQuestion.atgard_id == atgard.id, today=today)
    atgard.rounds_asked += 1
    atgard.follow_up_on = next_follow_up(atgard.done_on, today, atgard.rounds_asked, limits_of(session, row.pack_id))
    behind = reports_behind(session, row)
    for asked, case in ((EffectAsked.OWNER, row), *((EffectAsked.REPORTER, report) for report in behind)):
        session.add(
            EffectQuestion(
                atgard_id=atgard.id, avvikelse_id=case.id, asked=asked, round=atgard.rounds_asked,
                brought_forward=brought_forward, asked_on=today, closes_on=closes_on(today),
            )
        )  # fmt: skip
    clocks.look_again(session, row)
    audit.record(
        session, SYSTEM, Event.EFFECT_ASKED, now=now, avvikelse_id=row.id,
        detail={"atgard": atgard.id, "round": atgard.rounds_asked, "forward": brought_forward},
    )  # fmt: skip
    for voice in _voices_apart(session, row, behind):
        session.add(
            EffectQuestion(
                atgard_id=atgard.id, avvikelse_id=voice.avvikelse_id, voice_id=voice.id, asked=EffectAsked.VOICE,
                round=atgard.rounds_asked, brought_forward=brought_forward, asked_on=today, closes_on=closes_on(today),
            )
        )  # fmt: skip
        voice_news.send(session, voice, Notice.EFFECT_VOICE, now=now, key=f"effekt{today}")
    for report in behind:
        telling.send(session, report, Notice.EFFECT_REPORTER, Audience.REPORTER, now=now, key=f"effekt{today}")


def reports_behind(session: Session, row: Avvikelse) -> list[Avvikelse]:
    """The case and those merged into it, one per reporter. A loaded case has nobody to ask."""
    rows = session.scalars(
        select(Avvikelse).where(or_(Avvikelse.id == row.id, Avvikelse.main_id == row.id)).order_by(Avvikelse.id)
    )
    found: dict[object, Avvikelse] = {}
    for report in rows:
        if report.reporter_user_id is not None:
            found.setdefault(report.reporter_user_id, report)
        elif report.channel in WITHOUT_ACCOUNT:
            found.setdefault(f"case{report.id}", report)
    return list(found.values())


def _voices_apart(session: Session, row: Avvikelse, reports: list[Avvikelse]) -> list[AddedVoice]:
    """Those who have said *jag också* and are not asked as reporters already."""
    asked = {report.reporter_user_id for report in reports}
    return [voice for voice in voice_news.behind(session, row) if voice.user_id not in asked]


# --- it has happened again --------------------------------------------------------------------------------------------


def note_recurrence(session: Session, row: Avvikelse, *, now: datetime) -> None:
    """A case has come to a unit: does it tell of what an åtgärd there was to end?"""
    if row.category is not None and row.receiver_enhet_id is not None:
        _recurred(session, now, row)


def _recurred(session: Session, now: datetime, new: Avvikelse | None = None) -> int:
    """Note every later report of the same problem at the same unit; bring the follow-up forward, once per åtgärd."""
    today = local_date(now)
    since = today - timedelta(days=RECURRENCE_DAYS)
    which = {"new": new.id} if new is not None else {}
    rows = asking.ask(session, _recurrences(only_one=new is not None), since=since, **which).all()
    forward = 0
    for atgard_id, case_id, later_id, occurred_on in rows:
        atgard, row = session.get_one(Atgard, atgard_id), session.get_one(Avvikelse, case_id)
        if atgard.done_on is not None and (occurred_on - atgard.done_on).days <= RECURRENCE_DAYS:
            session.add(AtgardRecurrence(atgard_id=atgard.id, avvikelse_id=later_id, found_on=today))
            session.flush()
            forward += _bring_forward(session, atgard, row, later_id, now=now)
    return forward


@cache
def _recurrences(*, only_one: bool) -> Select[*tuple[Any, ...]] | CompoundSelect[*tuple[Any, ...]]:
    """(åtgärd, its case, the later report, its day), of all reports or of one.

    By category and by problem type apart, so that each has its index. A report that has just come is in no problem type
    yet, so it is looked for by its category alone.
    """
    case, later = aliased(Avvikelse), aliased(Avvikelse)
    own, its = aliased(ProblemTypeCase), aliased(ProblemTypeCase)
    seen = exists().where(AtgardRecurrence.atgard_id == Atgard.id, AtgardRecurrence.avvikelse_id == later.id)
    wanted = (
        Atgard.status.in_(IN_PLACE),
        Atgard.done_on >= bindparam("since", type_=Date),
        or_(Atgard.follow_up_on.is_not(None), Atgard.rounds_asked > 0),
        later.receiver_enhet_id == case.receiver_enhet_id,
        later.occurred_on > Atgard.done_on,
        later.id != case.id,
        or_(later.outcome.is_(None), later.outcome.not_in(NOT_A_REPORT)),
        case.category != GOOD_EXAMPLE,  # what was good may well come again
        later.category != GOOD_EXAMPLE,
        ~seen,
    )
    found = select(
        Atgard.id.label("atgard_id"), case.id.label("case_id"), later.id.label("later_id"), later.occurred_on
    ).join(case, case.id == Atgard.avvikelse_id)
    by_category = found.join(later, later.category == case.category).where(*wanted)
    if only_one:
        new = bindparam("new", type_=Integer)
        query = by_category.where(later.id == new, case.id.not_in(judged_beside(new)))
        return query.order_by(Atgard.id).limit(BATCH)
    by_type = (
        found.join(own, own.avvikelse_id == case.id)
        .join(its, its.problem_type_id == own.problem_type_id)
        .join(later, later.id == its.avvikelse_id)
        .where(*wanted)
    )
    apart = judged_by_one_group(case.id, later.id)
    return union(by_category.where(~apart), by_type).order_by("atgard_id", "later_id").limit(BATCH)


def _forget_what_was_told_apart(session: Session) -> None:
    """A group has put the later report in another problem type than the åtgärd's case: it was something else."""
    ids = (Atgard.avvikelse_id, AtgardRecurrence.avvikelse_id)
    apart = exists().where(Atgard.id == AtgardRecurrence.atgard_id, judged_by_one_group(*ids), ~in_one_type(*ids))
    session.execute(delete(AtgardRecurrence).where(apart), execution_options={"synchronize_session": False})


def _bring_forward(session: Session, atgard: Atgard, row: Avvikelse, later_id: int, *, now: datetime) -> bool:
    """Tell the owner; ask now what would have been asked later, unless a round is under way."""
    audit.record(session, SYSTEM, Event.RECURRED, now=now, avvikelse_id=row.id, detail={"atgard": atgard.id})
    early = atgard.follow_up_on is not None and not _under_way(session, atgard)
    if early:
        ask(session, atgard, row, now=now, brought_forward=True)
    atgard_notices.to_owner(session, atgard, row, Notice.RECURRED, now=now, key=f"c{later_id}")
    return early


def _under_way(session: Session, atgard: Atgard) -> bool:
    query = select(EffectQuestion.id).where(EffectQuestion.atgard_id == atgard.id, EffectQuestion.closed_on.is_(None))
    return session.scalar(query.limit(1)) is not None
