"""*Samordnarens bord*: what waits for the samordnare of a sekretessområde, in short lists with counts.

Lists of cases are tabs of queries/work_lists.py, read as the samordnare alone; the others are said here. A fixed number
of questions whatever has piled up, each through an index of what is open. Open to add a list: a Pile, and its Other.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import Select, and_, exists, func, or_, select
from sqlalchemy.orm import Session

from avvikelse.domain.actor import Actor
from avvikelse.domain.errors import NotFound
from avvikelse.domain.group_words import StoryStatus
from avvikelse.domain.quarters import quarter_of
from avvikelse.domain.vocabulary import GroupQuestionKind, GroupQuestionStatus, Labelled, PartySide, Role
from avvikelse.domain.workdays import local_date
from avvikelse.models.avvikelse import Avvikelse, Party
from avvikelse.models.dialogue import Answer
from avvikelse.models.group_work import GroupQuestion, QuestionApproval
from avvikelse.models.learning import LearningStory, StoryApproval
from avvikelse.models.organisation import ContactReport, Enhet, Sekretessomrade
from avvikelse.policy.visibility import CURRENT_SIDES
from avvikelse.queries import role_list, standing_in, work_lists
from avvikelse.queries.role_list import RoleFilters
from avvikelse.queries.standing_in import Standing
from avvikelse.queries.undeliverable import Undeliverable, undeliverable
from avvikelse.queries.unreached import Unreached, unreached
from avvikelse.queries.work_lists import COUNT_CAP, PAGE_SIZE, ListPage, Tab

SHORT = 5  # rows of a list on the desk itself


class Pile(Labelled):
    """A list on the desk, in the order in which it stands there. The code is its address."""

    NEW = "nya", "Nya rapporter att fördela"
    UNCLEAR = "oklara", "Oklart vem som ansvarar"
    LATE = "sena", "Försenade ärenden"
    ANSWERS = "svar", "Svar att läsa innan de skickas"
    SENTENCES = "gruppmeningar", "Gruppmeningar att skriva eller godkänna"
    QUESTIONS = "fragor", "Frågor till gruppen att godkänna"
    STORIES = "berattelser", "Händelsebeskrivningar att godkänna"
    MAILS = "mejl", "Mejl som inte når fram"
    CONTACTS = "kontaktvagar", "Kontaktvägar som inte stämmer"
    SUBSTITUTES = "ersattare", "Chefer utan ersättare"
    ROLES = "roller", "Roller att gå igenom i kvartalet"


TABS: dict[Pile, Tab] = {
    Pile.NEW: Tab.NEW,
    Pile.UNCLEAR: Tab.UNCLEAR,
    Pile.LATE: Tab.LATE,
    Pile.SENTENCES: Tab.NO_SENTENCE,
}


@dataclass(frozen=True, slots=True)
class Line:
    """One row of a list that is no list of cases. `ref` = a case of the reader's; `unit` = (pack, slug) of a unit;
    `role_id` = a person's role, with her address.
    """

    title: str
    about: str
    ref: str | None = None
    unit: tuple[str, str] | None = None
    role_id: int | None = None
    since: date | None = None
    due_on: date | None = None
    urgent: bool = False


@dataclass(frozen=True, slots=True)
class Heap:
    """A list as it lies on the desk: how many there are, and the first of them."""

    pile: Pile
    count: int
    cases: ListPage | None = None
    lines: tuple[Line, ...] = ()
    has_next: bool = False


def own_omraden(session: Session, actor: Actor) -> tuple[tuple[int, str], ...]:
    """(id, name) of the områden that the actor is samordnare for, by name."""
    mine = actor.omrade_ids(Role.SAMORDNARE)
    query = select(Sekretessomrade.id, Sekretessomrade.name).where(Sekretessomrade.id.in_(mine))
    return tuple((row[0], row[1]) for row in session.execute(query.order_by(Sekretessomrade.name)))


def as_samordnare(actor: Actor, omrade_id: int | None = None) -> Actor:
    """The actor with nothing but her place as samordnare, of one område where it is given.

    Raises NotFound for an område that is not hers.
    """
    grants = tuple(g for g in actor.having(Role.SAMORDNARE) if omrade_id in (None, g.omrade_id))
    if not grants:
        raise NotFound
    return replace(actor, grants=grants)


def counts(session: Session, actor: Actor, today: date) -> dict[Pile, int]:
    """How many lie in each pile, capped, in a fixed number of questions. `actor` as `as_samordnare` made her."""
    found = work_lists.counts(session, actor, today, tuple(TABS.values()))
    mine = actor.omrade_ids(Role.SAMORDNARE)
    capped = [select(func.count()).select_from(_ids(other, mine, today)).scalar_subquery() for other in OTHERS.values()]
    others = dict(zip(OTHERS, session.execute(select(*capped)).one(), strict=True))
    others |= {pile: len(lines(session, actor, today)) for pile, lines in COMPUTED.items()}
    others[Pile.ROLES] = role_list.count(session, actor, today, _to_review(today))
    return {pile: found[TABS[pile]] if pile in TABS else others[pile] for pile in Pile}


def desk(session: Session, actor: Actor, today: date) -> tuple[Heap, ...]:
    """All piles, each with its first rows."""
    return tuple(
        heap(session, actor, pile, today, count=count, short=True) if count else Heap(pile, 0)
        for pile, count in counts(session, actor, today).items()
    )


def heap(
    session: Session, actor: Actor, pile: Pile, today: date, *, count: int = 0, page: int = 1, short: bool = False
) -> Heap:
    """One pile: its first rows, or a page of all of them."""
    if pile in TABS:
        cases = work_lists.work_list(session, actor, TABS[pile], today=today, page=page)
        cases = replace(cases, rows=cases.rows[:SHORT], has_next=False) if short else cases
        return Heap(pile, count, cases=cases, has_next=cases.has_next)
    size, skip = (SHORT, 0) if short else (PAGE_SIZE, PAGE_SIZE * (page - 1))
    if pile in COMPUTED:
        every = COMPUTED[pile](session, actor, today)
        more = not short and len(every) > skip + size
        return Heap(pile, count, lines=tuple(every[skip : skip + size]), has_next=more)
    if pile is Pile.ROLES:
        page_of_roles = role_list.role_list(session, actor, today, _to_review(today), page)
        roles = tuple(Line(row.person, row.text) for row in page_of_roles.rows[:size])
        return Heap(pile, count, lines=roles, has_next=not short and page_of_roles.total > page * role_list.PAGE_SIZE)
    other = OTHERS[pile]
    query = other.rows(actor.omrade_ids(Role.SAMORDNARE), today).order_by(*other.order(today))
    rows = session.execute(query.offset(skip).limit(size + 1)).all()
    lines = tuple(other.line(row, today) for row in rows[:size])
    return Heap(pile, count, lines=lines, has_next=not short and len(rows) > size)


def _mails(session: Session, actor: Actor, today: date) -> list[Line]:
    about_cases = [_mail(one) for one in undeliverable(session, actor, today)]
    return about_cases + [_other_mail(one) for one in unreached(session, actor, today)]


def _other_mail(mail: Unreached) -> Line:
    """One that is about no case: the page with the address is all that it leads to."""
    about = REFUSED if mail.refused else SERVER_AWAY
    return Line(mail.to, about, unit=mail.unit, role_id=mail.assignment_id, since=_day(mail.since))


def _mail(mail: Undeliverable) -> Line:
    to = f"{mail.to}, {mail.unit}" if mail.unit else mail.to
    why = REFUSED if mail.refused else SERVER_AWAY
    return Line(
        mail.number, f"{to}. {why}", ref=mail.ref, unit=mail.place, role_id=mail.assignment_id, since=_day(mail.since)
    )


def _without_substitute(session: Session, actor: Actor, today: date) -> list[Line]:
    return [
        Line(
            one.unit, f"{one.title[:1].upper()}{one.title[1:]}. {_answers_instead(one)}", unit=(one.pack, one.place),
            urgent=one.missing is not None,
        )
        for one in standing_in.without_substitute(session, actor, today)
    ]  # fmt: skip


def _answers_instead(one: Standing) -> str:
    away = one.missing is not None
    if one.instead is None:
        return NOBODY if away else ALONE
    return f"I chefens ställe svarar {one.instead}" if away else f"Är chefen borta svarar {one.instead}"


# Piles that are worked out elsewhere, where the same is asked of one position or one mail.
COMPUTED: dict[Pile, Callable[[Session, Actor, date], list[Line]]] = {
    Pile.MAILS: _mails,
    Pile.SUBSTITUTES: _without_substitute,
}


def _to_review(today: date) -> RoleFilters:
    return RoleFilters(to_review=quarter_of(today))


REFUSED = "Adressen går inte att nå"
NOBODY = "Ingen svarar i chefens ställe"
ALONE = "Ingen tar över om chefen är borta"
SERVER_AWAY = "Mejlservern har inte svarat på ett dygn"


# --- the piles that are no lists of cases -----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Other:
    """How a pile is read: its rows for some områden (the first column is an id), their order, and a row in words."""

    rows: Callable[[Collection[int], date], Select[*tuple[Any, ...]]]
    order: Callable[[date], tuple[Any, ...]]
    line: Callable[[Any, date], Line]


def _ids(other: Other, omraden: Collection[int], today: date) -> Any:
    return other.rows(omraden, today).limit(COUNT_CAP).subquery()


def _questions(omraden: Collection[int], _today: date) -> Select[*tuple[Any, ...]]:
    """Questions whose words wait for the yes of one of these områden (services/question_approvals.py).

    What a reporter asks waits for the reporting side alone, where it has one.
    """
    has_sender = exists().where(Party.avvikelse_id == GroupQuestion.avvikelse_id, Party.side == PartySide.SENDER)
    mine = exists().where(
        Party.avvikelse_id == GroupQuestion.avvikelse_id,
        Party.omrade_id.in_(omraden),
        or_(
            Party.side == PartySide.SENDER,
            and_(Party.side == PartySide.OWNER, or_(GroupQuestion.kind == GroupQuestionKind.LIFTED, ~has_sender)),
        ),
        ~exists().where(
            QuestionApproval.question_id == GroupQuestion.id,
            QuestionApproval.side == Party.side,
            QuestionApproval.omrade_id == Party.omrade_id,
        ),
    )
    return (
        select(GroupQuestion.id, GroupQuestion.kind, GroupQuestion.raised_at, Avvikelse.ref, Avvikelse.number)
        .join(Avvikelse, Avvikelse.id == GroupQuestion.avvikelse_id)
        .where(GroupQuestion.approved_at.is_(None), GroupQuestion.status == GroupQuestionStatus.OPEN, mine)
    )


def _answers(omraden: Collection[int], _today: date) -> Select[*tuple[Any, ...]]:
    """Answers that wait for these områden (services/answer_checks.py)."""
    return (
        select(Answer.id, Answer.check_since, Avvikelse.ref, Avvikelse.number)
        .join(Avvikelse, Avvikelse.id == Answer.avvikelse_id)
        .where(
            Answer.omrade_id.in_(omraden),
            Answer.sent_at.is_(None),
            Answer.check_since.is_not(None),
            Answer.check_returned_at.is_(None),
        )
    )


def _stories(omraden: Collection[int], _today: date) -> Select[*tuple[Any, ...]]:
    mine = exists().where(
        Party.avvikelse_id == LearningStory.avvikelse_id,
        Party.omrade_id.in_(omraden),
        Party.side.in_(CURRENT_SIDES),
        ~exists().where(StoryApproval.story_id == LearningStory.id, StoryApproval.omrade_id == Party.omrade_id),
    )
    packs = select(Sekretessomrade.pack_id).where(Sekretessomrade.id.in_(omraden))
    return (
        select(LearningStory.id, LearningStory.title, LearningStory.written_at, Avvikelse.ref, Avvikelse.number)
        .join(Avvikelse, Avvikelse.id == LearningStory.avvikelse_id)
        .where(LearningStory.pack_id.in_(packs), LearningStory.status == StoryStatus.WAITING, mine)
    )


def _contacts(omraden: Collection[int], _today: date) -> Select[*tuple[Any, ...]]:
    return (
        select(ContactReport.id, ContactReport.text, ContactReport.created_at, ContactReport.due_on, Enhet.name)
        .join(Enhet, Enhet.id == ContactReport.enhet_id)
        .where(ContactReport.omrade_id.in_(omraden), ContactReport.done_at.is_(None))
    )


def _day(moment: datetime) -> date:
    return local_date(moment)


OTHERS: dict[Pile, Other] = {
    Pile.ANSWERS: Other(
        _answers,
        lambda _: (Answer.check_since, Answer.id),
        lambda r, _: Line(
            r.number, "Skickas till rapportören när du har läst det", ref=r.ref, since=_day(r.check_since)
        ),
    ),
    Pile.QUESTIONS: Other(
        _questions,
        lambda _: (GroupQuestion.raised_at, GroupQuestion.id),
        lambda r, _: Line(r.number, r.kind.label, ref=r.ref, since=_day(r.raised_at)),
    ),
    Pile.STORIES: Other(
        _stories,
        lambda _: (LearningStory.written_at, LearningStory.id),
        lambda r, _: Line(r.number, r.title, ref=r.ref, since=_day(r.written_at)),
    ),
    Pile.CONTACTS: Other(
        _contacts,
        lambda _: (ContactReport.due_on, ContactReport.id),
        lambda r, today: Line(r.name, r.text, since=_day(r.created_at), due_on=r.due_on, urgent=r.due_on < today),
    ),
}
