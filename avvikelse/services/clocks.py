"""Read what the clocks need of a case, set the day that its page shows, and say when the ladder must look again.

Open when a date on a page is wrong. The limits stand in domain/deadlines.py and per län, the rule for what runs in
domain/running.py.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

from sqlalchemy import BindParameter, ScalarSelect, Select, and_, bindparam, func, or_, select, update
from sqlalchemy.orm import Session, aliased

from avvikelse.domain.answering import asks_for_thanks
from avvikelse.domain.deadlines import ClockId, Limits
from avvikelse.domain.group_words import DecisionStatus
from avvikelse.domain.joint_money import CostDecision
from avvikelse.domain.joint_room import RoomOutcome
from avvikelse.domain.running import WAITS_IN, AtgardTimes, CaseTimes, Running, running, shown
from avvikelse.domain.severity import is_severe
from avvikelse.domain.vocabulary import AtgardStatus, EffectAsked, GroupQuestionStatus, PartySide, Status
from avvikelse.domain.workdays import local_date
from avvikelse.models.asking import ask
from avvikelse.models.avvikelse import Avvikelse, GroupMembership, Party
from avvikelse.models.dialogue import Atgard, EffectQuestion, Question, SupportConfirmation
from avvikelse.models.group_decisions import DecisionCase, GroupDecision
from avvikelse.models.group_work import GroupQuestion
from avvikelse.models.groups import Samverkansgrupp
from avvikelse.models.joint_room import Commitment, CostPath, JointRoom, RoomAnswer
from avvikelse.queries import answer_checks
from avvikelse.queries.limits import limits_of
from avvikelse.queries.lov import waits_of

NOW = date.min  # before every day: the ladder looks at its next run


def start(session: Session, row: Avvikelse) -> None:
    """Set `due_clock` and `due_on` for the present status. While a question is open the clock stands still."""
    row.next_step_on = NOW
    if row.status is Status.CLOSED or row.paused_since is not None:
        row.due_clock, row.due_on = None, None
        return
    clock, day = expected(session, row, limits_of(session, row.pack_id))
    row.due_clock, row.due_on = clock.value, day


def look_again(session: Session, row: Avvikelse) -> None:
    """Something beside the status has changed that a clock hangs on. No new version: nobody's open form grows stale."""
    session.flush()
    session.execute(update(Avvikelse.__table__).where(Avvikelse.__table__.c.id == row.id).values(next_step_on=NOW))  # type: ignore[arg-type]
    session.expire(row, ["next_step_on"])


def show(session: Session, row: Avvikelse, clock: ClockId, day: date) -> None:
    """Another day on the page because a limit or a lov has changed. No new version, as in look_again()."""
    session.flush()
    case, party = Avvikelse.__table__, Party.__table__
    session.execute(update(case).where(case.c.id == row.id).values(due_clock=clock.value, due_on=day))  # type: ignore[arg-type]
    session.execute(update(party).where(party.c.avvikelse_id == row.id, party.c.open).values(due_on=day))  # type: ignore[arg-type]
    session.expire(row, ["due_clock", "due_on"])
    for one in row.parties:
        session.expire(one, ["due_on"])


def expected(session: Session, row: Avvikelse, limits: Limits) -> tuple[ClockId, date]:
    """Which clock the page shows, and until which day."""
    found = shown(_own_times(session, row), limits)
    return found.clock, found.due_on


def running_clocks(session: Session, row: Avvikelse) -> tuple[Running, ...]:
    """All clocks that run for the case now."""
    return running(times_of(session, row), limits_of(session, row.pack_id))


def times_of(session: Session, row: Avvikelse) -> CaseTimes:
    """Everything the clocks need, read from the case and its child rows."""
    question = ask(session, _QUESTION, case=row.id).first()
    unapproved = ask(session, _UNAPPROVED, case=row.id).all()
    decisions = ask(session, _DECISIONS, case=row.id).all()
    return replace(
        _own_times(session, row),
        question=(question.id, local_date(question.asked_at)) if question else None,
        unconfirmed=_unconfirmed(session, row),
        silent=_silent(session, row) if row.status is Status.DISPUTED else (),
        unapproved=tuple((q.id, local_date(q.raised_at)) for q in unapproved),
        unpublished=tuple((d.id, local_date(d.decided_at)) for d in decisions if d.published_at is None),
        owned=tuple((d.id, local_date(d.decided_at), d.due_on) for d in decisions if d.owned and d.first == row.id),
        unchecked=_unchecked(session, row) if row.status is Status.IN_PROGRESS else None,
        atgarder=_atgarder(session, row),
        promised=_promised(session, row) if row.joint else (),
        undecided=_undecided(session, row) if row.joint else (),
    )


_CASE: BindParameter[Any] = bindparam("case")
_QUESTION = (
    select(Question.id, Question.asked_at)
    .where(Question.avvikelse_id == _CASE, Question.answered_at.is_(None), Question.closed_at.is_(None))
    .limit(1)
)
_UNAPPROVED = select(GroupQuestion.id, GroupQuestion.raised_at).where(
    GroupQuestion.avvikelse_id == _CASE,
    GroupQuestion.status == GroupQuestionStatus.OPEN,
    GroupQuestion.approved_at.is_(None),
)


def _decided() -> Select[*tuple[Any, ...]]:
    """What the group has decided of the case and has not published, or a position has to carry out.

    `first`: of several cases behind a decision, the one on whose ladder its owner is reminded.
    """
    behind = aliased(DecisionCase)
    first = select(func.min(behind.avvikelse_id)).where(behind.decision_id == GroupDecision.id).scalar_subquery()
    owned = and_(GroupDecision.owner_position_id.is_not(None), GroupDecision.status == DecisionStatus.OPEN)
    return (
        select(
            GroupDecision.id, GroupDecision.decided_at, GroupDecision.published_at, GroupDecision.due_on,
            owned.label("owned"), first.label("first"),
        )
        .join(DecisionCase, DecisionCase.decision_id == GroupDecision.id)
        .where(DecisionCase.avvikelse_id == _CASE, or_(GroupDecision.published_at.is_(None), owned))
        .order_by(GroupDecision.id)
    )  # fmt: skip


_DECISIONS = _decided()


def _promised(session: Session, row: Avvikelse) -> tuple[tuple[int, date, date], ...]:
    """(owner, since, until) who has not done what both agreed on in the latest room."""
    rows = session.execute(
        select(Commitment.carrier_id, JointRoom.closed_at, Commitment.when_on)
        .join(JointRoom, JointRoom.id == Commitment.room_id)
        .join(Party, Party.id == Commitment.carrier_id)
        .where(
            Party.side == PartySide.OWNER,
            JointRoom.id == _latest_room(row),
            JointRoom.outcome == RoomOutcome.AGREED,
            Commitment.done_on.is_(None),
            Commitment.not_kept_on.is_(None),
        )
        .order_by(Commitment.id)
    )
    return tuple((party, local_date(since), until) for party, since, until in rows if since is not None)


def _undecided(session: Session, row: Avvikelse) -> tuple[tuple[int, date, date], ...]:
    """(owner, since, until) who has not decided on a cost that is shared; nobody once one has said no."""
    paths = session.scalars(select(CostPath).where(CostPath.room_id == _latest_room(row)).order_by(CostPath.party_id))
    found = paths.all()
    if any(path.decision is CostDecision.NO for path in found):
        return ()
    owners = {party.id for party in row.parties if party.side is PartySide.OWNER}
    waiting = (path for path in found if path.decision is None and path.party_id in owners)
    return tuple((path.party_id, local_date(path.at), path.decide_by) for path in waiting)


def _latest_room(row: Avvikelse) -> ScalarSelect[int]:
    return select(func.max(JointRoom.id)).where(JointRoom.avvikelse_id == row.id).scalar_subquery()


def _unchecked(session: Session, row: Avvikelse) -> tuple[int, date] | None:
    """The owner whose answer waits for a samordnare to read it, and since when."""
    answer = answer_checks.waiting(session, row.id)
    if answer is None or answer.check_since is None:
        return None
    since = local_date(answer.check_since)
    owners = (p.id for p in row.parties if p.side is PartySide.OWNER and p.omrade_id == answer.omrade_id)
    return next(((party, since) for party in owners), None)


def _atgarder(session: Session, row: Avvikelse) -> tuple[AtgardTimes, ...]:
    """What is to be done, and what its owner has not followed up although she was asked; the latest round counts."""
    rows = ask(session, _TO_DO, case=row.id)
    return tuple(AtgardTimes(r[0], local_date(r[1]), r[2], r[3], r[4] or 0, r[5], r[6]) for r in rows)


def _to_do() -> Select[*tuple[Any, ...]]:
    latest = (
        (EffectQuestion.atgard_id == Atgard.id)
        & (EffectQuestion.round == Atgard.rounds_asked)
        & (EffectQuestion.asked == EffectAsked.OWNER)
        & EffectQuestion.answered_on.is_(None)
        & or_(Atgard.followed_up_on.is_(None), Atgard.followed_up_on < EffectQuestion.asked_on)
    )
    return (
        select(
            Atgard.id, Atgard.created_at, Atgard.due_on, Atgard.done_on, EffectQuestion.round, EffectQuestion.asked_on,
            EffectQuestion.closes_on,
        )
        .outerjoin(EffectQuestion, latest)
        .where(Atgard.avvikelse_id == _CASE, Atgard.status != AtgardStatus.DROPPED)
        .order_by(Atgard.id)
    )  # fmt: skip


_TO_DO = _to_do()


def _own_times(session: Session, row: Avvikelse) -> CaseTimes:
    """What stands in the case's own row (and the group's meetings, while it is there)."""

    def day(moment: object) -> date | None:
        return local_date(moment) if moment is not None else None  # type: ignore[arg-type]

    return CaseTimes(
        status=row.status,
        since=local_date(row.status_since),
        submitted_on=local_date(row.submitted_at),
        received_on=day(row.first_received_at),
        again_since=day(row.again_since),
        again_paused_days=row.again_paused_days,
        first_answer_given=row.first_answer_at is not None,
        family=row.family_coordinates,
        severe=is_severe(row.severity, child_waits=row.child_waits),
        good=asks_for_thanks(row.category, row.reported_category),
        paused=row.paused_since is not None,
        paused_days=row.paused_days,
        status_paused_days=row.status_paused_days,
        meeting_months=_meeting_months(session, row) if row.status is Status.WITH_GROUP else (),
        waits=waits_of(session, row) if row.status in WAITS_IN else (),
    )


def _meeting_months(session: Session, row: Avvikelse) -> tuple[int, ...]:
    """Of the group that has the open question, else of the home group."""
    asked = (
        select(Samverkansgrupp.meeting_months)
        .join(GroupQuestion, GroupQuestion.group_id == Samverkansgrupp.id)
        .where(GroupQuestion.avvikelse_id == row.id, GroupQuestion.status == GroupQuestionStatus.OPEN)
        .order_by(GroupQuestion.id.desc())
        .limit(1)
    )
    home = (
        select(Samverkansgrupp.meeting_months)
        .join(GroupMembership, GroupMembership.group_id == Samverkansgrupp.id)
        .where(GroupMembership.avvikelse_id == row.id, GroupMembership.is_home)
    )
    return tuple(session.scalar(asked) or session.scalar(home) or ())


def _unconfirmed(session: Session, row: Avvikelse) -> tuple[tuple[int, date], ...]:
    """The managers who have the case and have not confirmed that the child has support, and since when they have it."""
    living = (Status.ASSIGNED, Status.IN_PROGRESS, Status.DISPUTED, Status.WITH_GROUP)
    if row.severe_since is None or row.status not in living:
        return ()
    if not is_severe(row.severity, child_waits=row.child_waits):
        return ()
    done = set(session.scalars(select(SupportConfirmation.party_id).where(SupportConfirmation.avvikelse_id == row.id)))
    since = local_date(row.severe_since)
    return tuple(
        (p.id, max(since, local_date(p.since)))
        for p in row.parties
        if p.side is PartySide.OWNER and p.position_id is not None and p.id not in done
    )


def _silent(session: Session, row: Avvikelse) -> tuple[int, ...]:
    """The owners who have not answered in the joint room."""
    spoken = set(
        session.scalars(
            select(RoomAnswer.party_id)
            .join(JointRoom, JointRoom.id == RoomAnswer.room_id)
            .where(JointRoom.avvikelse_id == row.id, JointRoom.closed_at.is_(None))
        )
    )
    return tuple(p.id for p in row.parties if p.side is PartySide.OWNER and p.id not in spoken)
