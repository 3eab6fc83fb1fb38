"""Work lists (mine, my unit's, late, waiting for others): indexed reads of Party, 50 rows a page."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from typing import Any

from sqlalchemy import (
    ColumnElement,
    ColumnExpressionArgument,
    Date,
    Integer,
    ScalarSelect,
    Select,
    and_,
    bindparam,
    exists,
    false,
    func,
    or_,
    select,
    union_all,
)
from sqlalchemy.orm import Session, aliased

from avvikelse.domain.actor import Actor
from avvikelse.domain.codes import GOOD_EXAMPLE, category_label
from avvikelse.domain.party_words import WITHOUT_UNIT
from avvikelse.domain.vocabulary import Channel, Labelled, PartySide, Role, Status
from avvikelse.domain.workdays import local_date
from avvikelse.models.asking import ask
from avvikelse.models.avvikelse import NO_DAY, Avvikelse, Party
from avvikelse.models.identity import User
from avvikelse.models.organisation import Enhet
from avvikelse.policy.visibility import (
    CURRENT_SIDES,
    Reach,
    party_ways,
    party_within,
    placeholders_of,
    position_ways,
    reach_of,
)  # fmt: skip
from avvikelse.queries.unclear_cases import UNCLEAR, WHY

PAGE_SIZE, COUNT_CAP = 50, 999


class Tab(Labelled):
    """The tabs of the work list."""

    MINE = "mina", "Väntar på mig"
    UNIT = "enheten", "Alla öppna hos oss"
    LATE = "sena", "Försenade"
    WAITING = "vantar", "Väntar på andra"
    NO_SENTENCE = "gruppmening", "Saknar gruppmening"
    CLOSED = "avslutade", "Avslutade"
    LEFT = "lamnade", "Lämnade vidare"
    NEW = "nya", "Att fördela"
    UNCLEAR = "oklara", "Oklart vem som ansvarar"


DESK_ONLY = frozenset({Tab.NEW, Tab.UNCLEAR})  # queries/samordnare_desk.py


@dataclass(frozen=True, slots=True)
class Filters:
    """What the reader has chosen above the list."""

    status: Status | None = None
    category: str | None = None
    severe: bool = False


@dataclass(frozen=True, slots=True)
class ListRow:
    """One line of a work list; no case text."""

    ref: str
    number: str
    status: Status
    category_label: str
    from_unit: str
    to_unit: str
    submitted_at: datetime
    due_on: date | None
    late: bool
    paused: bool
    severe: bool
    family: bool
    returned: bool
    channel: Channel
    handler: str | None
    good: bool  # a good example
    occasions: int | None  # of a samlerapport
    unclear: str = ""  # why nobody knows yet who answers; on the samordnare's desk only


@dataclass(frozen=True, slots=True)
class ListPage:
    rows: tuple[ListRow, ...]
    page: int
    has_next: bool


NO_CATEGORY = "Ingen kategori"
_WAITS_FOR_OWNER = (Status.SUBMITTED, Status.ASSIGNED, Status.IN_PROGRESS, Status.DISPUTED)
_ASK_PARTY_ONLY = (Tab.MINE, Tab.UNIT, Tab.LATE)  # whose conditions look at nothing of the case itself
_WAITS_FOR_OTHERS = (Status.WITH_GROUP, Status.ANSWERED)


def _mine_now(reach: Reach, party: Any) -> list[ColumnElement[bool]]:
    """Owner rows that wait for this person: her positions, cases she handles, what lies at her funktion.

    A chef sees what she has given to a handläggare too: she answers for it, also when the handläggare has left.
    """
    alternatives = position_ways(reach, party)
    if reach.handled is not None:
        alternatives.append(and_(party.handler_user_id == reach.user_id, party.enhet_id.in_(reach.handled)))
    if reach.omraden is not None:
        alternatives.append(and_(party.omrade_id.in_(reach.omraden), party.position_id.is_(None)))
    return alternatives


Conditions = tuple[ColumnExpressionArgument[bool], ...]
Ways = list[ColumnElement[bool]]


def _conditions(reach: Reach, tab: Tab, today: Any, party: Any) -> tuple[Conditions, Ways]:
    """Which rows of Party stand under a tab: those of which all conditions hold and any of the ways."""
    owner = (party.side == PartySide.OWNER, party.open)
    sender = (party.side == PartySide.SENDER, party.open)
    to_assign = (*owner, party.status == Status.SUBMITTED, party.position_id.is_(None))
    mine = party_ways(reach, party)
    of_omrade = [party.omrade_id.in_(reach.omraden)] if reach.omraden is not None else []
    # A samordnare follows what the own område has reported, too.
    late_side = party.side == PartySide.OWNER if reach.omraden is None else party.side.in_(CURRENT_SIDES)
    whose = mine if reach.omraden is None else [*(and_(party.side == PartySide.OWNER, way) for way in mine), *of_omrade]
    table: dict[Tab, tuple[Conditions, Ways]] = {
        # While the reporter is asked no day is set: then it waits for her.
        Tab.MINE: ((*owner, party.status.in_(_WAITS_FOR_OWNER), party.due_on < NO_DAY), _mine_now(reach, party)),
        Tab.UNIT: (owner, mine),
        Tab.LATE: ((late_side, party.open, party.due_on < today, party.status.in_(_WAITS_FOR_OWNER)), whose),
        Tab.WAITING: (
            (
                party.open,
                or_(
                    and_(party.side == PartySide.OWNER, party.status.in_(_WAITS_FOR_OTHERS)),
                    and_(party.side == PartySide.OWNER, Avvikelse.paused_since.is_not(None)),
                    party.side == PartySide.SENDER,
                ),
            ),
            mine,
        ),
        Tab.NO_SENTENCE: ((*sender, Avvikelse.gruppmening_approved_at.is_(None)), of_omrade),
        Tab.CLOSED: ((party.open.is_(False), party.side.in_(CURRENT_SIDES)), mine),
        Tab.LEFT: ((party.side == PartySide.FORMER, ~_takes_part(reach)), mine),
        Tab.NEW: ((*to_assign, ~UNCLEAR), of_omrade),
        Tab.UNCLEAR: ((*to_assign, UNCLEAR), of_omrade),
    }
    return table[tab]


def _found(reach: Reach, tab: Tab, chosen: Filters, at_most: Any, *order: Any) -> Select[*tuple[Any, ...]]:
    """(day, avvikelse_id) of a tab's cases, each once (who takes part in two ways would meet it twice).

    Every way is asked by itself, along its own index and no further than `at_most`: asked all together ("or") they
    would read everybody's rows.
    """
    conditions, ways = _conditions(reach, tab, _TODAY, Party)
    query = select(Party.due_on.label("day"), Party.avvikelse_id).distinct().where(*conditions, *_filter(chosen))
    query = query.order_by(*order).limit(at_most)
    if tab not in _ASK_PARTY_ONLY or chosen != Filters():
        query = query.join(Avvikelse, Avvikelse.id == Party.avvikelse_id)
    rows = union_all(*(select(query.where(way).subquery()) for way in ways or [false()])).subquery()
    return select(*rows.c).distinct()


def _takes_part(reach: Reach) -> ColumnElement[bool]:
    """The case is still (or again) theirs, on the other side or in another unit: then it is not left."""
    now = _Now
    return exists().where(
        now.avvikelse_id == Avvikelse.id,
        now.side.in_(CURRENT_SIDES),
        party_within(reach, now),
    )


def tabs_for(actor: Actor) -> tuple[Tab, ...]:
    """The tabs that make sense for this person."""
    hidden = DESK_ONLY | (frozenset() if actor.has(Role.SAMORDNARE) else {Tab.NO_SENTENCE})
    return tuple(tab for tab in Tab if tab not in hidden)


def work_list(
    session: Session, actor: Actor, tab: Tab, *, today: date, filters: Filters | None = None, page: int = 1
) -> ListPage:
    """One page of a tab, the earliest due first (closed and left: newest first).

    Who has let a case go does not read its coding any more: `LEFT` neither shows nor filters by it.
    """
    left = tab is Tab.LEFT
    chosen = Filters(status=filters.status) if left and filters else filters or Filters()
    reach = reach_of(actor)
    query = _list_query(reach.kinds(), tab, chosen)
    shown = {"coding": not left, "handlers": not left, "unclear": tab is Tab.UNCLEAR}
    return list_page(session, query, today, page, **shown, **reach.values())


@cache
def _list_query(kinds: frozenset[str], tab: Tab, chosen: Filters) -> Select[*tuple[Any, ...]]:
    """Find the page's cases in the order of the index, then what the page says of them."""
    newest_first = tab in (Tab.CLOSED, Tab.LEFT)

    def ordered(day: Any, number: Any) -> tuple[Any, Any]:
        return (day.desc(), number.desc()) if newest_first else (day, number)

    order = ordered(Party.due_on, Party.avvikelse_id)
    every = _found(placeholders_of(kinds), tab, chosen, _SKIPPED + PAGE_SIZE + 1, *order)
    found = (
        every.order_by(*ordered(every.selected_columns.day, every.selected_columns.avvikelse_id))
        .limit(PAGE_SIZE + 1)
        .offset(_SKIPPED)
        .subquery()
    )
    return (
        rows_of_cases().join(found, found.c.avvikelse_id == Avvikelse.id).order_by(*ordered(found.c.day, Avvikelse.id))
    )


def counts(
    session: Session, actor: Actor, today: date, tabs: tuple[Tab, ...] = (Tab.MINE, Tab.UNIT, Tab.LATE)
) -> dict[Tab, int]:
    """How many stand under each tab, counted up to COUNT_CAP so that the cost does not grow with history; one query."""
    reach = reach_of(actor)
    found = ask(session, _counts_query(reach.kinds(), tabs), today=today, **reach.values()).one()
    return dict(zip(tabs, found, strict=True))


@cache
def _counts_query(kinds: frozenset[str], tabs: tuple[Tab, ...]) -> Select[*tuple[Any, ...]]:
    reach = placeholders_of(kinds)
    return select(*(_count(reach, tab) for tab in tabs))


def _count(reach: Reach, tab: Tab) -> ScalarSelect[int]:
    every = _found(reach, tab, Filters(), COUNT_CAP).limit(COUNT_CAP)
    return select(func.count()).select_from(every.subquery()).scalar_subquery()


def my_reports(session: Session, actor: Actor, *, today: date, page: int = 1) -> ListPage:
    """The reporter's own reports, newest first."""
    return list_page(session, _MY_REPORTS, today, page, my_user_id=actor.user_id)


def of_unit(session: Session, mine: ColumnElement[bool], today: date) -> ListPage:
    """The latest of some reports, newest first. `mine` starts from what the reader may see (policy/visibility.py)."""
    return list_page(session, one_page(rows_of_cases().where(mine).order_by(Avvikelse.submitted_at.desc())), today, 1)


_TODAY = bindparam("today", type_=Date)
_SKIPPED = bindparam("skipped", type_=Integer)
_Now = aliased(Party)
_Sender = aliased(Enhet)
_Receiver = aliased(Enhet)
_HANDLER = (
    select(User.name)
    .join(Party, Party.handler_user_id == User.id)
    .where(Party.avvikelse_id == Avvikelse.id, Party.side == PartySide.OWNER)
    .limit(1)
    .correlate(Avvikelse)
    .scalar_subquery()
)


def rows_of_cases() -> Select[*tuple[Any, ...]]:
    """What a line of a list says."""
    return (
        select(
            Avvikelse.ref, Avvikelse.number, Avvikelse.status, Avvikelse.category, _Sender.name, _Receiver.name,
            Avvikelse.submitted_at, Avvikelse.due_on, Avvikelse.paused_since, Avvikelse.severity,
            Avvikelse.family_coordinates, Avvikelse.returned, Avvikelse.channel, _HANDLER, Avvikelse.occasions,
            WHY,
        )
        .select_from(Avvikelse)
        .outerjoin(_Sender, _Sender.id == Avvikelse.sender_enhet_id)
        .outerjoin(
            _Receiver, _Receiver.id == func.coalesce(Avvikelse.receiver_enhet_id, Avvikelse.counterpart_enhet_id)
        )
    )  # fmt: skip


def one_page(query: Select[*tuple[Any, ...]]) -> Select[*tuple[Any, ...]]:
    """Of an ordered query; one row more tells that there is another page."""
    return query.limit(PAGE_SIZE + 1).offset(_SKIPPED)


_MY_REPORTS = one_page(
    rows_of_cases().where(Avvikelse.reporter_user_id == bindparam("my_user_id")).order_by(Avvikelse.submitted_at.desc())
)


def _filter(chosen: Filters) -> tuple[ColumnElement[bool], ...]:
    found: list[ColumnElement[bool]] = []
    if chosen.status:
        found.append(Avvikelse.status == chosen.status)
    if chosen.category:
        found.append(Avvikelse.category == chosen.category)
    if chosen.severe:
        found.append(Avvikelse.severity >= 3)
    return tuple(found)


def _category(code: str | None, on: date) -> str:
    return category_label(code, on) if code else NO_CATEGORY


def list_page(
    session: Session,
    query: Select[*tuple[Any, ...]],
    today: date,
    page: int,
    *,
    coding: bool = True,
    handlers: bool = False,
    unclear: bool = False,
    **values: Any,
) -> ListPage:
    """Ask for a page. Who handles a case inside its unit is for those who take part in it, not for the reporter."""
    page = max(1, page)
    rows = ask(session, query, today=today, skipped=(page - 1) * PAGE_SIZE, **values).all()
    views = tuple(
        ListRow(
            ref=r[0], number=r[1], status=r[2], category_label=_category(r[3], local_date(r[6])) if coding else "–",
            from_unit=r[4] or WITHOUT_UNIT.get(r[12], "Okänd enhet"), to_unit=r[5] or "Vet inte", submitted_at=r[6],
            due_on=r[7], late=r[7] is not None and r[7] < today, paused=r[8] is not None, severe=coding and r[9] >= 3,
            family=coding and r[10], returned=r[11], channel=r[12],
            handler=r[13] if handlers else None, good=coding and r[3] == GOOD_EXAMPLE, occasions=r[14],
            unclear=r[15] if unclear else "",
        )
        for r in rows[:PAGE_SIZE]
    )  # fmt: skip
    return ListPage(views, page, len(rows) > PAGE_SIZE)
