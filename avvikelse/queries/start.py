"""What waits for somebody beside the work list: answers and questions to her own reports, questions to her groups.

Open when the start page should lift something out.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import Integer, bindparam, case, func, or_, select
from sqlalchemy.orm import Session

from avvikelse.domain.actor import Actor
from avvikelse.domain.vocabulary import GroupQuestionStatus, Role, Status
from avvikelse.models.asking import ask
from avvikelse.models.avvikelse import Avvikelse
from avvikelse.models.group_work import GroupQuestion
from avvikelse.models.groups import Samverkansgrupp

SHOWN = 5


@dataclass(frozen=True, slots=True)
class OwnReportWaits:
    """A report of hers that waits for her: a question to answer, or an answer to judge."""

    ref: str
    number: str
    asked: bool
    by: date | None


@dataclass(frozen=True, slots=True)
class GroupWaits:
    """A group of hers with questions to decide."""

    group_id: int
    name: str
    questions: int


def own_reports(session: Session, actor: Actor) -> tuple[OwnReportWaits, ...]:
    """Questions first: while one is open nobody gets further."""
    if actor.user_id is None:
        return ()
    return tuple(
        OwnReportWaits(row.ref, row.number, row.paused_since is not None, row.due_on)
        for row in ask(session, _REPORTS, me=actor.user_id)
    )


def groups(session: Session, actor: Actor) -> tuple[GroupWaits, ...]:
    """Only what the reader may decide: as sammankallande."""
    mine = actor.group_ids(Role.SAMMANKALLANDE)
    return tuple(GroupWaits(*row) for row in ask(session, _GROUPS, groups=list(mine))) if mine else ()


_REPORTS = (
    select(Avvikelse.ref, Avvikelse.number, Avvikelse.paused_since, Avvikelse.due_on)
    .where(
        Avvikelse.reporter_user_id == bindparam("me", type_=Integer),
        Avvikelse.status != Status.CLOSED,
        or_(Avvikelse.paused_since.is_not(None), Avvikelse.status == Status.ANSWERED),
    )
    .order_by(case((Avvikelse.paused_since.is_not(None), 0), else_=1), Avvikelse.due_on, Avvikelse.id)
    .limit(SHOWN)
)
_GROUPS = (
    select(Samverkansgrupp.id, Samverkansgrupp.name, func.count())
    .join(GroupQuestion, GroupQuestion.group_id == Samverkansgrupp.id)
    .where(
        Samverkansgrupp.id.in_(bindparam("groups", expanding=True, type_=Integer)),
        GroupQuestion.status == GroupQuestionStatus.OPEN,
        GroupQuestion.approved_at.is_not(None),
    )
    .group_by(Samverkansgrupp.id, Samverkansgrupp.name)
    .order_by(Samverkansgrupp.name)
)
