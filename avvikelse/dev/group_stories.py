"""What the demo's groups do and when: meetings held, cancelled and planned, decisions in every state, themes, stories.

A story is a table of (so many days ago, what happens then); negative = in the coming days.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import date, datetime, timedelta

from avvikelse.dev import group_words as words
from avvikelse.dev.case import Case
from avvikelse.dev.desk import Desk
from avvikelse.dev.group_words import Decision, Place
from avvikelse.dev.office_days import workday
from avvikelse.dev.people import DOMAIN
from avvikelse.dev.town import Town
from avvikelse.domain.errors import Conflict
from avvikelse.domain.group_words import StoryStatus
from avvikelse.domain.vocabulary import PartySide, Status
from avvikelse.domain.workdays import local_date
from avvikelse.services import stories

Days = Iterator[float]
Step = Callable[[Desk], Days | None]
Table = Iterable[tuple[int, Step]]
JAMTLAND, BLEKINGE, SKANE = "jamtland-harjedalen", "blekinge", "skane-trelleborg"
PLANNED_BEFORE = 21  # days
MEMBER = f"medlem@{DOMAIN}"
TOLD = (Status.ANSWERED, Status.CLOSED)


def group_stories(town: Town, until: datetime) -> tuple[Days, ...]:
    """One per group, and the library."""
    return (
        _life(town, until, JAMTLAND, "birger", birger(until)),
        _life(town, until, JAMTLAND, "jamtbus-regionalt", regional(until)),
        _life(town, until, BLEKINGE, "lokal-1080", karlskrona(until)),
        _life(town, until, SKANE, "styrgrupp-trelleborg", trelleborg(until)),
        _library(town, until),
    )


def birger(until: datetime) -> Table:
    """Everything that a desk can show."""
    yield 300, _settle(until, words.BIRGER_PLACES, "Birger", "Regionalt Jämtbus")
    yield _meeting(until, 252, words.CONTACTS)
    yield _meeting(until, 224, absent="Kommunpolis")
    yield _meeting(until, 196, words.RESERVE, invited="Länets brukarråd")
    yield 180, lambda d: d.done(words.CONTACTS, "Alla verksamheter har en brevlåda i kontaktvägarna.")
    yield _meeting(until, 168)
    yield _meeting(until, 140, words.HANDOVERS, absent="Kommunpolis")
    yield 134, lambda d: d.done(words.RESERVE, "Varje part har en ersättare.")
    yield _meeting(until, 112, words.TRANSFERS)
    yield _meeting(until, 84, absent="Verksamhetschef barn och unga vuxna, BUP")
    yield 79, lambda d: d.lift(words.HANDOVERS, words.LIFTED_WORDS, words.LIFTED_PROPOSAL)
    yield 78, lambda d: _then(d.look, lambda: d.confirm(words.LONG_ABSENCE))
    yield _meeting(until, 56, words.ABSENCE)
    yield 50, lambda d: d.cancel(d.plan(_day(until, 38)), words.CANCELLED)
    yield 47, lambda d: d.ask(d.town.person(MEMBER), words.ASKED_EARLIER)
    yield 24, lambda d: _then(d.look, lambda: d.confirm(words.LATE_CALLS))
    yield _meeting(until, 21, words.CALLS, absent="Verksamhetschef socialtjänst barn och unga")
    yield 16, lambda d: d.answer(words.ASKED_EARLIER, words.ANSWERED_EARLIER)
    yield 12, lambda d: d.comment(words.COMMENT)
    yield 5, lambda d: _then(d.look, lambda: d.gather(words.LATE_CALLS))
    yield 4, lambda d: d.ask(d.town.person(MEMBER), words.ASKED_NOW, words.PROPOSED_NOW)
    yield 3, lambda d: d.decide(words.TEMPLATE)
    yield 2, lambda d: _then(d.look, lambda: d.prepare(d.plan(_day(until, -9))))


def regional(until: datetime) -> Table:
    yield _meeting(until, 75, words.REGIONAL)
    yield 10, lambda d: _then(lambda: d.plan(_day(until, -40)))


def karlskrona(until: datetime) -> Table:
    yield 200, _settle(until, words.KARLSKRONA_PLACES, "Gruppen", "Samverkansgrupp Barn och unga")
    yield _meeting(until, 90, words.REFERRALS)
    yield _meeting(until, 40, words.CALENDAR, absent="Rektor grundskola")
    yield 20, lambda d: d.done(words.REFERRALS, "Rutinen gäller på alla vårdcentraler.")
    yield 8, lambda d: _then(d.look, lambda: d.plan(_day(until, -16)))


def trelleborg(until: datetime) -> Table:
    yield 210, _settle(until, words.TRELLEBORG_PLACES, "Styrgruppen", "Parternas överenskommelse")
    yield 120, lambda d: _then(d.look, lambda: d.confirm(words.MISSING_PARTS))
    yield _meeting(until, 60, words.HOLDS_ON)
    yield 6, lambda d: _then(d.look, lambda: d.plan(_day(until, -23)))


# --- how a table is told ----------------------------------------------------------------------------------------------


def _life(town: Town, until: datetime, pack: str, slug: str, table: Table) -> Days:
    """Raises RuntimeError where a service refuses: a story of a case may end so, a group's may not."""
    desk = Desk.of(town, pack, slug)
    try:
        for days, step in table:
            yield max((_day(until, days) - local_date(town.now)).days, 0)
            going_on = step(desk)
            if going_on is not None:
                yield from going_on
    except Conflict as error:
        raise RuntimeError(f"{slug}, {town.now:%Y-%m-%d}: {error.reason}") from error


def _settle(until: datetime, places: tuple[Place, ...], group: str, decided_by: str) -> Step:
    return lambda desk: desk.settle(places, words.MANDATE.format(group=group), decided_by, until)


def _meeting(until: datetime, days: int, *decisions: Decision, absent: str = "", invited: str = "") -> tuple[int, Step]:
    def hold(desk: Desk) -> Days:
        return desk.meeting(_day(until, days), decisions, absent=absent, invited=invited)

    return days + PLANNED_BEFORE, hold


def _then(*acts: Callable[[], object]) -> None:
    for act in acts:
        act()


def _day(until: datetime, days: int) -> date:
    """The workday so many days ago."""
    return workday(until - timedelta(days=days)).date()


def _library(town: Town, until: datetime) -> Days:
    """Some of the cases that went well are told to everybody; both sides approve the words."""
    yield (_day(until, 12) - local_date(town.now)).days
    for key, story in words.STORIES.items():
        case = next((c for c in town.cases if c.narrative.id == key and c.row.status in TOLD), None)
        if case is not None:
            _publish(town, case, story)


def _publish(town: Town, case: Case, story: stories.StoryWords) -> None:
    session, writer = town.session, case.samordnare()
    told = stories.write(session, writer, case.row.ref, story, now=town.now)
    for party in case.row.parties:
        other = town.samordnare(party.omrade_id) if party.side is PartySide.OWNER else None
        if told.status is StoryStatus.WAITING and other is not None and other is not writer:
            stories.approve(session, other, case.row.ref, now=town.now)
