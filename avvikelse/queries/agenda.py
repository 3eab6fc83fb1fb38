"""The agenda of a meeting, as it builds itself: questions, decisions that are not done, themes, standing items.

Until the meeting opens the sources are read anew each time, and what people have done to the items is laid over them.
From then on the rows stand. Only words that the group may read come here: nothing leads to a case.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from avvikelse.domain import agenda as rules
from avvikelse.domain.agenda import Item
from avvikelse.domain.carrying import days_late, must_choose
from avvikelse.domain.group_words import AgendaKind, CandidateStatus, DecisionStatus, MeetingStatus
from avvikelse.domain.lifting import reasons
from avvikelse.domain.swedish_dates import long_date
from avvikelse.domain.vocabulary import GroupQuestionKind, GroupQuestionStatus
from avvikelse.domain.workdays import local_date
from avvikelse.models.group_decisions import GroupDecision
from avvikelse.models.group_work import GroupQuestion
from avvikelse.models.groups import Samverkansgrupp
from avvikelse.models.meetings import AgendaItem, GroupMeeting
from avvikelse.models.themes import ThemeCandidate
from avvikelse.policy.group_reading import GroupFacts, Groups, next_above
from avvikelse.queries.theme_facts import ThemeRow, theme_rows


@dataclass(frozen=True, slots=True)
class Line:
    """An item with what people have done to it. `new` = has come since the order was set by hand."""

    item: Item
    new: bool = False
    removed: bool = False
    note: str | None = None
    internal_note: str | None = None


def agenda_of(
    session: Session, groups: Groups, group: GroupFacts, meeting: GroupMeeting, *, now: datetime, left_out: bool = False
) -> tuple[Line, ...]:
    """The items in order. `left_out` adds those that were left out of this meeting."""
    rows = {
        row.key: row
        for row in session.scalars(
            select(AgendaItem).where(AgendaItem.meeting_id == meeting.id).order_by(AgendaItem.id)
        )
    }
    if meeting.status is MeetingStatus.PLANNED:
        built = {item.key: item for item in _sources(session, groups, group, local_date(now))}
        own = (AgendaKind.OWN, AgendaKind.FORUM_GAP)
        items = [*built.values(), *(_item(row) for row in rows.values() if row.kind in own and row.key not in built)]
    else:
        items = [_item(row) for row in rows.values()]
    places = {key: row.place for key, row in rows.items() if row.place is not None}
    lines = (_line(item, rows.get(item.key), bool(places)) for item in rules.in_order(items, places))
    return tuple(line for line in lines if left_out or not line.removed)


def _item(row: AgendaItem) -> Item:
    ref = row.key.partition(":")[2] if row.kind in _WITH_PAGE else None
    return Item(row.key, row.kind, row.title, row.about or "", ref, row.proposal or "", row.proposed_owner or "")


def _line(item: Item, row: AgendaItem | None, ordered: bool) -> Line:
    if row is None:
        return Line(item, new=ordered)
    return Line(item, ordered and row.place is None, row.removed, row.note, row.internal_note)


_WITH_PAGE = frozenset(
    {
        AgendaKind.REMAINS, AgendaKind.GAP, AgendaKind.QUESTION, AgendaKind.ESCALATION, AgendaKind.NOT_HELPED,
        AgendaKind.DECISION, AgendaKind.THEME,
    }
)  # fmt: skip


# --- where items come from --------------------------------------------------------------------------------------------


def _sources(session: Session, groups: Groups, group: GroupFacts, today: date) -> Iterator[Item]:
    yield from _questions(session, group.id)
    yield from _decisions(session, group.id, today)
    yield from _candidates(session, group.id)
    yield from _themes(theme_rows(session, group.id, today), next_above(groups, group))
    own = session.scalar(select(Samverkansgrupp.standing_items).where(Samverkansgrupp.id == group.id))
    for place, title in enumerate(rules.standing(own)):
        yield Item(rules.key_of(AgendaKind.STANDING, place), AgendaKind.STANDING, title)


def _questions(session: Session, group_id: int) -> Iterator[Item]:
    query = (
        select(GroupQuestion)
        .where(
            GroupQuestion.group_id == group_id,
            GroupQuestion.status == GroupQuestionStatus.OPEN,
            GroupQuestion.approved_at.is_not(None),
        )
        .order_by(GroupQuestion.raised_at, GroupQuestion.id)
    )
    for row in session.scalars(query):
        kind = AgendaKind.GAP if row.kind is GroupQuestionKind.GAP else AgendaKind.QUESTION
        came = f"{row.kind.label}, kom {long_date(local_date(row.raised_at))}"
        proposed = (row.proposal or "", row.proposed_owner or "")
        yield Item(rules.key_of(kind, row.ref), kind, row.text, came, row.ref, *proposed)


def _decisions(session: Session, group_id: int, today: date) -> Iterator[Item]:
    query = (
        select(GroupDecision)
        .where(GroupDecision.group_id == group_id, GroupDecision.status == DecisionStatus.OPEN)
        .order_by(GroupDecision.due_on, GroupDecision.id)
    )
    for row in session.scalars(query):
        kind = AgendaKind.REMAINS if must_choose(row.status, row.carried) else AgendaKind.DECISION
        late = days_late(row.due_on, today)
        words = [row.owner, f"klart {long_date(row.due_on)}"]
        words += [f"{late} {'dag' if late == 1 else 'dagar'} sent"] if late else []
        words += [f"fört vidare {row.carried} gånger"] if row.carried > 1 else []
        words += ["fört vidare en gång"] if row.carried == 1 else []
        yield Item(rules.key_of(kind, row.ref), kind, row.text, ", ".join(words), row.ref)


def _candidates(session: Session, group_id: int) -> Iterator[Item]:
    waiting = session.scalar(
        select(func.count()).where(
            ThemeCandidate.group_id == group_id, ThemeCandidate.status == CandidateStatus.WAITING
        )
    )
    if waiting:
        title = "Ett möjligt mönster" if waiting == 1 else f"{waiting} möjliga mönster"
        yield Item(
            rules.key_of(AgendaKind.CANDIDATE, "alla"), AgendaKind.CANDIDATE, f"{title} att bekräfta eller avfärda"
        )


def _themes(themes: tuple[ThemeRow, ...], above: GroupFacts | None) -> Iterator[Item]:
    for theme in themes:
        if not theme.living:
            continue
        if theme.after_decision >= BACK_AGAIN:
            about = f"{theme.after_decision} nya fall sedan beslutet genomfördes. Problemet har inte försvunnit."
            kind = AgendaKind.NOT_HELPED
            yield Item(rules.key_of(kind, theme.ref), kind, theme.name, about, theme.ref)
        if above is not None and (why := reasons(theme.facts)):
            kind = AgendaKind.ESCALATION
            yield Item(
                rules.key_of(kind, theme.ref), kind, f"{theme.name}: lyfta till {above.name}?", " ".join(why), theme.ref
            )
        kind = AgendaKind.THEME
        yield Item(rules.key_of(kind, theme.ref), kind, theme.name, theme.counted, theme.ref)


BACK_AGAIN = 2  # new cases after a decision was carried out
