"""Work lists: mine, my unit's, late, waiting for others; and search.

Each tab is one indexed read of Party, 50 rows a page.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, ColumnExpressionArgument, Select, and_, exists, false, func, or_, select, text
from sqlalchemy.orm import Session, aliased

from avvikelse.domain.actor import Actor
from avvikelse.domain.codes import category_label
from avvikelse.domain.searchterms import fts5_query, query_stems, tsquery
from avvikelse.domain.vocabulary import Labelled, PartySide, Role, Status
from avvikelse.models.avvikelse import Avvikelse, Party
from avvikelse.models.organisation import Enhet
from avvikelse.models.search import SearchDocument
from avvikelse.policy.visibility import party_is_mine, visible

PAGE_SIZE = 50
COUNT_CAP = 999


class Tab(Labelled):
    """The tabs of the work list."""

    MINE = "mina", "Väntar på mig"
    UNIT = "enheten", "Alla öppna hos oss"
    LATE = "sena", "Försenade"
    WAITING = "vantar", "Väntar på andra"
    NO_SENTENCE = "gruppmening", "Saknar gruppmening"
    CLOSED = "avslutade", "Avslutade"
    LEFT = "lamnade", "Lämnade vidare"


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


@dataclass(frozen=True, slots=True)
class ListPage:
    rows: tuple[ListRow, ...]
    page: int
    has_next: bool


_WAITS_FOR_OWNER = (Status.SUBMITTED, Status.ASSIGNED, Status.IN_PROGRESS, Status.DISPUTED)
_WAITS_FOR_OTHERS = (Status.WITH_GROUP, Status.ANSWERED)


def _mine_now(actor: Actor) -> ColumnElement[bool]:
    """Owner rows that wait for this person: her positions, cases she handles, what lies at her funktion."""
    alternatives: list[ColumnElement[bool]] = []
    if positions := actor.position_ids():
        alternatives.append(and_(Party.position_id.in_(positions), Party.handler_user_id.is_(None)))
    if handled := actor.enhet_ids(Role.HANDLAGGARE):
        alternatives.append(and_(Party.handler_user_id == actor.user_id, Party.enhet_id.in_(handled)))
    if omraden := actor.omrade_ids(Role.SAMORDNARE):
        alternatives.append(and_(Party.omrade_id.in_(omraden), Party.position_id.is_(None)))
    return or_(*alternatives) if alternatives else false()


def _conditions(actor: Actor, tab: Tab, today: date) -> tuple[ColumnExpressionArgument[bool], ...]:
    owner = (Party.side == PartySide.OWNER, Party.open)
    mine = party_is_mine(actor)
    samordnare = Party.omrade_id.in_(actor.omrade_ids(Role.SAMORDNARE))
    table: dict[Tab, tuple[ColumnExpressionArgument[bool], ...]] = {
        Tab.MINE: (*owner, Party.status.in_(_WAITS_FOR_OWNER), _mine_now(actor)),
        Tab.UNIT: (*owner, mine),
        Tab.LATE: (*owner, Party.due_on < today, Party.status.in_(_WAITS_FOR_OWNER), mine),
        Tab.WAITING: (
            Party.open,
            or_(
                and_(Party.side == PartySide.OWNER, Party.status.in_(_WAITS_FOR_OTHERS)),
                and_(Party.side == PartySide.OWNER, Avvikelse.paused_since.is_not(None)),
                Party.side == PartySide.SENDER,
            ),
            mine,
        ),
        Tab.NO_SENTENCE: (
            Party.open,
            Party.side == PartySide.SENDER,
            Avvikelse.gruppmening_approved_at.is_(None),
            samordnare,
        ),
        Tab.CLOSED: (Party.open.is_(False), Party.side.in_((PartySide.SENDER, PartySide.OWNER)), mine),
        Tab.LEFT: (Party.side == PartySide.FORMER, mine),
    }
    return table[tab]


def tabs_for(actor: Actor) -> tuple[Tab, ...]:
    """The tabs that make sense for this person."""
    if actor.has(Role.SAMORDNARE):
        return tuple(Tab)
    return tuple(tab for tab in Tab if tab is not Tab.NO_SENTENCE)


def work_list(
    session: Session, actor: Actor, tab: Tab, *, today: date, filters: Filters | None = None, page: int = 1
) -> ListPage:
    """One page of a tab, the earliest due first (closed and left: newest first).

    Who has let a case go does not read its coding any more: `LEFT` neither shows nor filters by it.
    """
    left = tab is Tab.LEFT
    chosen = Filters(status=filters.status) if left and filters else filters or Filters()
    newest_first = tab in (Tab.CLOSED, Tab.LEFT)
    order = (Party.due_on.desc(), Party.avvikelse_id.desc()) if newest_first else (Party.due_on, Party.avvikelse_id)
    query = (
        _rows()
        .join(Party, Party.avvikelse_id == Avvikelse.id)
        .where(*_conditions(actor, tab, today), *_filter(chosen))
        .order_by(*order)
    )
    return _page(session, query, today, page, coding=not left)


def counts(
    session: Session, actor: Actor, today: date, tabs: tuple[Tab, ...] = (Tab.MINE, Tab.UNIT, Tab.LATE)
) -> dict[Tab, int]:
    """How many stand under each tab, counted up to COUNT_CAP so that the cost does not grow with history; one query."""
    columns = [
        select(func.count())
        .select_from(
            select(Party.id)
            .join(Avvikelse, Avvikelse.id == Party.avvikelse_id)
            .where(*_conditions(actor, tab, today))
            .limit(COUNT_CAP)
            .subquery()
        )
        .scalar_subquery()
        for tab in tabs
    ]
    found = session.execute(select(*columns)).one()
    return dict(zip(tabs, found, strict=True))


def my_reports(session: Session, actor: Actor, *, today: date, page: int = 1) -> ListPage:
    """The reporter's own reports, newest first."""
    query = _rows().where(Avvikelse.reporter_user_id == actor.user_id).order_by(Avvikelse.submitted_at.desc())
    return _page(session, query, today, page)


def search(session: Session, actor: Actor, words: str, *, today: date, page: int = 1) -> ListPage:
    """Cases that the actor may open and whose number or readable text matches all words.

    Other people's fields never match.
    """
    words = words.strip()
    if not words:
        return ListPage((), 1, False)
    number = words.upper().replace(" ", "")
    found = query_stems(words)
    matches: list[ColumnElement[bool]] = [Avvikelse.number == number]
    if found:
        matches.append(Avvikelse.id.in_(_matching(session, found, actor)))
    query = _rows().where(visible(actor), or_(*matches)).order_by(Avvikelse.submitted_at.desc())
    return _page(session, query, today, page)


def _matching(session: Session, found: tuple[str, ...], actor: Actor) -> Select[*tuple[Any, ...]]:
    """Ids of cases whose shared document, or one of the actor's own områden's documents, has the stems."""
    of_sender = and_(
        Party.avvikelse_id == SearchDocument.avvikelse_id,
        Party.omrade_id == SearchDocument.omrade_id,
        Party.side == PartySide.SENDER,
    )
    # The sender's document holds the own reference too: for that side only, also where one område is on both sides.
    readable = or_(
        SearchDocument.omrade_id.is_(None),
        exists().where(of_sender, party_is_mine(actor)),
        and_(
            exists().where(
                Party.avvikelse_id == SearchDocument.avvikelse_id,
                Party.omrade_id == SearchDocument.omrade_id,
                Party.side == PartySide.OWNER,
                party_is_mine(actor),
            ),
            ~exists().where(of_sender),
        ),
    )
    query = select(SearchDocument.avvikelse_id).where(readable)
    if session.get_bind().dialect.name == "sqlite":
        inside = text("search_document.id IN (SELECT rowid FROM search_index WHERE search_index MATCH :match)")
        return query.where(inside.bindparams(match=fts5_query(found)))
    inside = text("to_tsvector('simple', search_document.stems) @@ to_tsquery('simple', :match)")
    return query.where(inside.bindparams(match=tsquery(found)))


_Sender = aliased(Enhet)
_Receiver = aliased(Enhet)


def _rows() -> Select[*tuple[Any, ...]]:
    return (
        select(
            Avvikelse.ref,
            Avvikelse.number,
            Avvikelse.status,
            Avvikelse.category,
            _Sender.name,
            _Receiver.name,
            Avvikelse.submitted_at,
            Avvikelse.due_on,
            Avvikelse.paused_since,
            Avvikelse.severity,
            Avvikelse.family_coordinates,
            Avvikelse.returned,
        )
        .select_from(Avvikelse)
        .outerjoin(_Sender, _Sender.id == Avvikelse.sender_enhet_id)
        .outerjoin(
            _Receiver, _Receiver.id == func.coalesce(Avvikelse.receiver_enhet_id, Avvikelse.counterpart_enhet_id)
        )
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


def _category(code: str | None) -> str:
    return category_label(code) if code else "Ingen kategori"


def _page(
    session: Session, query: Select[*tuple[Any, ...]], today: date, page: int, *, coding: bool = True
) -> ListPage:
    page = max(1, page)
    rows = session.execute(query.limit(PAGE_SIZE + 1).offset((page - 1) * PAGE_SIZE)).all()
    views = tuple(
        ListRow(
            ref=r[0], number=r[1], status=r[2], category_label=_category(r[3]) if coding else "–",
            from_unit=r[4] or "Okänd enhet", to_unit=r[5] or "Vet inte", submitted_at=r[6], due_on=r[7],
            late=r[7] is not None and r[7] < today, paused=r[8] is not None, severe=coding and r[9] >= 3,
            family=coding and r[10], returned=r[11],
        )
        for r in rows[:PAGE_SIZE]
    )  # fmt: skip
    return ListPage(views, page, len(rows) > PAGE_SIZE)
