"""The samverkansgrupper that I may read, one group's page for a month, and one question to decide.

Open for `/grupper`. Who may read stands in policy/group_reading.py, what the month says in queries/month.py.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from avvikelse.analysis.month_content import MonthContent
from avvikelse.domain import months
from avvikelse.domain.actor import Actor
from avvikelse.domain.codes import category_label
from avvikelse.domain.errors import Conflict, NotFound
from avvikelse.domain.meetings import next_meeting_by
from avvikelse.domain.party_words import as_concerned, as_reporter
from avvikelse.domain.swedish_order import swedish
from avvikelse.domain.vocabulary import GroupLevel, GroupQuestionKind, GroupQuestionStatus, Role, SeesCases
from avvikelse.domain.workdays import local_date
from avvikelse.models.avvikelse import Avvikelse
from avvikelse.models.group_decisions import GroupDecision
from avvikelse.models.group_work import GroupQuestion
from avvikelse.models.groups import Samverkansgrupp
from avvikelse.policy.group_reading import GroupFacts, Groups, Reading, desk_reading, reading
from avvikelse.queries import group_units
from avvikelse.queries.group_units import CoveredPosition
from avvikelse.queries.month import levels_of, newest_comment, read_month

OLDEST_MONTHS_BACK = 60


@dataclass(frozen=True, slots=True)
class GroupLine:
    """One of my groups. `open_questions` wait for its decision; `newest` is the last month that is over."""

    id: int
    name: str
    level: GroupLevel
    role: str
    own: bool
    open_questions: int
    newest: str
    current: str
    has_month: bool


@dataclass(frozen=True, slots=True)
class Later:
    """What became of a question after the month was published."""

    status: GroupQuestionStatus
    decision: str
    decided_on: date | None


@dataclass(frozen=True, slots=True)
class MonthPage:
    """A group's month for one reader. `content` is None for a group that gets its numbers on request only.

    `later`: by question, what has happened since a published month; `new_questions` have come since then.
    """

    group_id: int
    name: str
    level: GroupLevel
    convenor: str | None
    sees: SeesCases
    own: bool
    may_decide: bool
    month: str
    previous: str | None
    following: str | None
    meets_by: date | None
    today: date
    content: MonthContent | None
    version: int
    made_at: datetime
    frozen: bool
    freezes_on: date
    later: dict[str, Later]
    new_questions: int
    comment: Comment | None = None
    comment_version: int = 0
    levels: tuple[NewLevel, ...] = ()


@dataclass(frozen=True, slots=True)
class Comment:
    """The convenor's words about a month."""

    text: str
    written_on: date
    version: int


@dataclass(frozen=True, slots=True)
class NewLevel:
    """A documented new level of a chart."""

    id: int
    chart: str
    month: str
    cause: str
    reason: str


@dataclass(frozen=True, slots=True)
class QuestionToDecide:
    """An open question and its group, for the convenor. `behind` = category and who reports about whom, where the
    group reads of single cases."""

    ref: str
    kind: str
    text: str
    raised_on: date
    group_id: int
    group_name: str
    behind: str | None
    positions: tuple[CoveredPosition, ...] = ()  # of a gap in the responsibility: who may be made responsible


def my_groups(session: Session, actor: Actor, *, now: datetime) -> tuple[GroupLine, ...]:
    """Own groups first, then those below that one reads along with; by name."""
    mine = actor.group_ids(Role.SAMMANKALLANDE, Role.MEDLEM)
    if not mine:
        return ()
    packs = select(Samverkansgrupp.pack_id).where(Samverkansgrupp.id.in_(mine))
    groups = _facts(session, select(Samverkansgrupp).where(Samverkansgrupp.pack_id.in_(packs)))
    found = [read for group_id in groups if (read := desk_reading(actor, groups, group_id)) is not None]
    waiting = _open_questions(session, [read.group.id for read in found])
    current = months.month_of(local_date(now))
    lines = (
        GroupLine(
            read.group.id, read.group.name, read.group.level, _role(read), read.own, waiting.get(read.group.id, 0),
            newest=months.shift(current, -1), current=current, has_month=read.group.sees is not SeesCases.NEJ,
        )
        for read in found
    )  # fmt: skip
    return tuple(sorted(lines, key=lambda line: (not line.own, swedish(line.name))))


def month_page(
    session: Session, actor: Actor, group_id: int, month: str, *, now: datetime, version: int | None = None
) -> MonthPage:
    """The newest published version, or the one asked for, else the month as it looks now.

    Raises NotFound for a group that the actor may not read and for a month or version that is not there to read.
    """
    groups = groups_beside(session, group_id)
    read = reading(actor, groups, group_id)
    today = local_date(now)
    current = months.month_of(today)
    oldest = months.shift(current, -OLDEST_MONTHS_BACK)
    if read is None or not oldest <= month <= current:
        raise NotFound
    group = read.group
    page = MonthPage(
        group_id=group.id, name=group.name, level=group.level, convenor=group.convenor, sees=group.sees, own=read.own,
        may_decide=read.may_decide, month=month, previous=months.shift(month, -1) if month > oldest else None,
        following=months.shift(month, 1) if month < current else None,
        meets_by=next_meeting_by(group.meeting_months, today), today=today, content=None, version=0, made_at=now,
        frozen=False, freezes_on=months.freezes_on(month), later={}, new_questions=0,
    )  # fmt: skip
    if group.sees is SeesCases.PA_BEGARAN:
        return page
    stored = read_month(session, groups, group, month, now=now, version=version)
    said = newest_comment(session, group.id, month)
    page = replace(
        page, content=stored.content, version=stored.version, made_at=stored.made_at, frozen=stored.frozen,
        comment=Comment(said.text, local_date(said.written_at), said.version) if said and said.text else None,
        comment_version=said.version if said else 0,
        levels=tuple(
            NewLevel(row.id, row.chart, row.month, row.cause, row.reason) for row in levels_of(session, group.id)
        ),
    )  # fmt: skip
    if not stored.frozen:
        return page
    later, new_questions = what_came_later(session, group.id, stored.content)
    return replace(page, later=later, new_questions=new_questions)


def question_to_decide(session: Session, actor: Actor, group_id: int, ref: str, today: date) -> QuestionToDecide:
    """An open question of a group that the actor convenes.

    Raises NotFound for anybody else, Conflict when it has been decided.
    """
    row = session.scalar(
        select(GroupQuestion).where(
            GroupQuestion.ref == ref, GroupQuestion.group_id == group_id, GroupQuestion.approved_at.is_not(None)
        )
    )
    groups = groups_beside(session, group_id)
    read = desk_reading(actor, groups, group_id)
    if row is None or read is None or not read.may_decide:
        raise NotFound
    if row.status is not GroupQuestionStatus.OPEN:
        raise Conflict("Frågan är redan beslutad. Gå tillbaka till gruppens sida och läs beslutet.")
    behind = _behind(session, row.avvikelse_id) if read.group.sees is SeesCases.ENSKILDA else None
    raised_on = local_date(row.raised_at)
    positions: tuple[CoveredPosition, ...] = ()
    if row.kind is GroupQuestionKind.GAP:
        positions = group_units.positions(session, groups, read.group, today)
    return QuestionToDecide(row.ref, row.kind.label, row.text, raised_on, group_id, read.group.name, behind, positions)


def _behind(session: Session, avvikelse_id: int | None) -> str | None:
    """As the group's month says it of a gruppmening; no unit, no number."""
    if avvikelse_id is None:
        return None
    category, submitted_at, sender, receiver = session.execute(
        select(
            Avvikelse.category,
            Avvikelse.submitted_at,
            Avvikelse.sender_kind,
            func.coalesce(Avvikelse.receiver_kind, Avvikelse.counterpart_kind),
        ).where(Avvikelse.id == avvikelse_id)
    ).one()
    route = f"{as_reporter(sender or '')} rapporterar, gäller {as_concerned(receiver or '')}"
    return f"{category_label(category, local_date(submitted_at))} · {route}" if category else route


def groups_beside(session: Session, group_id: int) -> Groups:
    """All groups of the pack that the group stands in, by id; empty when there is no such group."""
    pack = select(Samverkansgrupp.pack_id).where(Samverkansgrupp.id == group_id).scalar_subquery()
    return _facts(session, select(Samverkansgrupp).where(Samverkansgrupp.pack_id == pack))


def _facts(session: Session, query: Select[Samverkansgrupp]) -> Groups:
    return {
        row.id: GroupFacts(
            row.id, row.pack_id, row.name, row.level, row.sees_cases, row.active, row.parent_id,
            frozenset(row.kommuner),
            frozenset(row.verksamhetstyper) if row.verksamhetstyper is not None else None, row.convenor,
            tuple(row.meeting_months),
        )
        for row in session.scalars(query)
    }  # fmt: skip


def what_came_later(session: Session, group_id: int, content: MonthContent) -> tuple[dict[str, Later], int]:
    """What is published stands; what has happened to its questions since then, and how many are new, is told beside."""
    shown = {question.ref for question in content.to_decide}
    rows = session.execute(
        select(GroupQuestion, GroupDecision)
        .outerjoin(GroupDecision, GroupDecision.id == GroupQuestion.decision_id)
        .where(
            GroupQuestion.group_id == group_id,
            GroupQuestion.approved_at.is_not(None),
            (GroupQuestion.status == GroupQuestionStatus.OPEN) | GroupQuestion.ref.in_(shown),
        )
    ).all()
    later = {row.ref: _later(row, decision) for row, decision in rows if row.ref in shown}
    return later, sum(row.ref not in shown for row, _ in rows)


def _later(row: GroupQuestion, decision: GroupDecision | None) -> Later:
    settled_at = decision.decided_at if decision is not None else row.answered_at
    words = decision.text if decision is not None else row.answer
    return Later(row.status, words or "", local_date(settled_at) if settled_at is not None else None)


def _open_questions(session: Session, group_ids: Sequence[int]) -> dict[int, int]:
    query = (
        select(GroupQuestion.group_id, func.count())
        .where(
            GroupQuestion.group_id.in_(group_ids),
            GroupQuestion.status == GroupQuestionStatus.OPEN,
            GroupQuestion.approved_at.is_not(None),
        )
        .group_by(GroupQuestion.group_id)
    )
    return {group_id: number for group_id, number in session.execute(query) if group_id is not None}


def _role(read: Reading) -> str:
    if not read.own:
        return "Läser som grupp ovanför"
    return (Role.SAMMANKALLANDE if read.may_decide else Role.MEDLEM).label
