"""Tell the demo: organisations, people, then sixteen months of cases in the order of their days, up to the present.

Everything is done by the services, each called with the time at which it happens in the story. Open to change which
case takes which way, or how many similar ones there are.
"""
# ruff: noqa: E501 -- tables are read across

from __future__ import annotations

import heapq
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from itertools import count
from random import Random

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from avvikelse.dev import (
    agreements,
    desk_stories,
    followup_stories,
    less_work,
    open_stories,
    reading_stories,
    ways,
    words,
)
from avvikelse.dev.case import Case, NobodyThere, Telling
from avvikelse.dev.group_stories import group_stories
from avvikelse.dev.narratives import Narrative, narratives
from avvikelse.dev.office_days import workday
from avvikelse.dev.people import PEOPLE
from avvikelse.dev.town import Town, is_built
from avvikelse.dev.ways import Way
from avvikelse.domain import months
from avvikelse.domain.actor import SYSTEM
from avvikelse.domain.codes import GOOD_EXAMPLE
from avvikelse.domain.errors import Conflict
from avvikelse.domain.vocabulary import Extent, Role
from avvikelse.domain.workdays import local_date
from avvikelse.models.avvikelse import Avvikelse
from avvikelse.models.identity import RoleAssignment
from avvikelse.models.organisation import Position
from avvikelse.models.outbox import OutboxMail
from avvikelse.services import board, organisation
from avvikelse.services.effects import ask_due
from avvikelse.services.ladder import climb
from avvikelse.services.month import make_month

MONTHS_BACK = 16
SEED = 2380
MAILS_KEPT = timedelta(days=1)

# Each narrative once, so many days ago, on its own way: together they show every status.
# fmt: off
STORIES: dict[str, tuple[int, Way]] = {
    "JH-01": (62, ways.asked),          "JH-05": (3, ways.waiting),          "JH-06": (75, ways.partly),
    "JH-08": (48, ways.no_then_yes),    "JH-09": (20, ways.halfway),         "JH-11": (9, ways.severe),
    "JH-13": (40, ways.lifted),         "JH-14": (15, ways.nobody_takes_it), "JH-15": (1, ways.undistributed),
    "JH-16": (12, ways.paused),         "JH-20": (31, ways.answered),        "JH-22": (27, ways.handed_over),
    "JH-23": (85, ways.helped),         "JH-24": (5, ways.undistributed),    "JH-25": (34, ways.lifted),
    "JH-28": (55, ways.helped),         "JH-29": (18, ways.working),         "JH-31": (44, ways.helped),
    "JH-32": (72, ways.working),        "JH-33": (22, ways.not_taken_up),
    "BL-01": (14, ways.paused),         "BL-04": (33, ways.declined),        "BL-05": (6, ways.waiting),
    "BL-06": (58, ways.solved_in_talk), "BL-10": (70, ways.lifted_and_decided), "BL-12": (24, ways.answered),
    "BL-13": (2, ways.undistributed),   "BL-14": (45, ways.bounced),         "BL-15": (90, ways.silent),
    "BL-17": (29, ways.lifted),         "BL-19": (36, ways.helped),
    "SK-01": (11, ways.working),        "SK-04": (4, ways.severe),           "SK-06": (50, ways.solved_in_talk),
    "SK-10": (66, ways.helped),         "SK-11": (8, ways.withdrawn),        "SK-12": (26, ways.partly),
    "SK-13": (80, ways.asked),          "SK-14": (38, ways.answered),        "SK-15": (37, ways.disagreed),
    "SK-17": (17, ways.waiting),        "SK-18": (92, ways.three_times_no),
}
# Told long enough ago for the åtgärd to have been asked about.
OLDER: tuple[tuple[str, int, Way], ...] = (("JH-01", 138, ways.still_there),)
# Besides: reports joined with one that is open, and what has piled up during the last three months.
DOUBLES: tuple[tuple[str, int, Way], ...] = (
    ("JH-05", 2, ways.merged), ("BL-05", 5, ways.merged), ("JH-01", 7, ways.working), ("JH-01", 16, ways.answered),
    ("JH-01", 25, ways.partly), ("JH-01", 39, ways.helped), ("JH-01", 47, ways.solved_in_talk), ("JH-20", 21, ways.partly),
    ("JH-20", 52, ways.helped), ("BL-05", 19, ways.working), ("BL-05", 41, ways.helped), ("BL-05", 60, ways.partly),
    ("SK-01", 23, ways.partly), ("SK-01", 43, ways.helped), ("SK-01", 61, ways.no_then_yes), ("SK-11", 30, ways.withdrawn),
)
# What happened to the similar reports of earlier months, and how often.
EARLIER_WAYS: tuple[tuple[Way, int], ...] = (
    (ways.helped, 26), (ways.partly, 16), (ways.silent, 12), (ways.asked, 10), (ways.solved_in_talk, 8), (ways.no_then_yes, 7),
    (ways.handed_over, 6), (ways.declined, 5), (ways.bounced, 3), (ways.not_taken_up, 3), (ways.withdrawn, 2),
    (ways.lifted_and_decided, 2),
)
# fmt: on
SAID_AGAIN = frozenset({"JH-01"})  # whose reporter says that it has happened again
# Where the reporter of every other similar report was then: a problem recurs when more than one unit tells of it.
OTHER_UNIT = {"JH-01": "bup-behandling", "JH-20": "bup-mottagning"}
SIMILAR = 120  # reports in the earlier months
MOST_ACTIVE = "jamtland-harjedalen"  # tells twice as much
QUIET_MONTHS = (7, 8, 12)  # holidays: fewer reports


@dataclass(frozen=True, slots=True)
class Told:
    """What the seeding has made."""

    cases: int
    people: int


@dataclass(frozen=True, slots=True)
class Start:
    """A case that begins: when, and how it is told."""

    at: datetime
    telling: Telling
    way: Way


def seed(session: Session, *, now: datetime) -> Told | None:
    """Make the whole demo in the session's transaction; None when it is there already."""
    if is_built(session):
        return None
    town = Town(session, first_day(now))
    town.build(until=now)
    agreements.settle(town)
    followup_stories.set_goals(town)
    tell(town, plan(town.now, now), until=now)
    open_stories.tell(town, now)
    less_work.tell(town, now)
    agreements.move_on(town, now)
    followup_stories.tell(town, now)
    somebody_is_away(town, now)
    board.make_figures(session, now)
    forget_old_mails(session, now=now)
    desk_stories.tell(town, now)
    reading_stories.tell(town, now)
    reported = session.scalar(select(func.count()).select_from(Avvikelse)) or 0
    return Told(reported, sum(len(people) for people in PEOPLE.values()) + 1)


def somebody_is_away(town: Town, now: datetime) -> None:
    """A manager with a substitute is away this week and the next."""
    position, today = town.find(Position, MOST_ACTIVE, "chef-bup-mottagning"), local_date(now)
    first, last = today - timedelta(days=2), today + timedelta(days=9)
    organisation.add_absence(town.session, SYSTEM, position.id, from_on=first, to_on=last, now=now)


def first_day(now: datetime) -> datetime:
    month = months.first_day(months.shift(months.month_of(local_date(now)), -MONTHS_BACK))
    return datetime(month.year, month.month, 1, 6, tzinfo=UTC)


def plan(begin: datetime, now: datetime) -> list[Start]:
    """All cases that begin, the same for the same day."""
    random = Random(SEED)
    stories = {story.id: story for story in narratives()}
    starts = []
    for key, (days, way) in STORIES.items():
        starts.append(Start(workday(now - timedelta(days=days), later=False), _first(stories[key], way), way))
    for key, days, way in OLDER:
        starts.append(Start(workday(now - timedelta(days=days), later=False), _first(stories[key], way), way))
    for key, days, way in DOUBLES:
        telling = _again(stories[key], way, random)
        starts.append(
            Start(workday(now - timedelta(days=days), later=False), replace(telling, again=key in SAID_AGAIN), way)
        )
    recent = now - timedelta(days=95)
    chosen, weights = zip(*EARLIER_WAYS, strict=True)
    tellable = [story for story in stories.values() if story.receiver_enhet is not None]
    tellable += [story for story in tellable if story.pack == MOST_ACTIVE]
    while len(starts) < len(STORIES) + len(OLDER) + len(DOUBLES) + SIMILAR:
        at = workday(begin + timedelta(days=2 + random.random() * ((recent - begin).days - 2)))
        if at.month in QUIET_MONTHS and random.random() < 0.6:
            continue
        way = random.choices(chosen, weights)[0]
        starts.append(Start(at, _again(random.choice(tellable), way, random), way))
    good = [replace(start, way=ways.thanked) for start in starts if start.telling.narrative.category == GOOD_EXAMPLE]
    starts = good + [start for start in starts if start.telling.narrative.category != GOOD_EXAMPLE]
    return sorted(starts, key=lambda start: start.at)


def _first(story: Narrative, way: Way) -> Telling:
    return Telling(story, story.text, story.severity, story.extent, contested=way is ways.not_taken_up)


def _again(story: Narrative, way: Way, random: Random) -> Telling:
    """The same thing happening once more, told a little differently."""
    text = f"{story.text} {random.choice(words.AGAIN)}".strip()
    mild = way in {ways.helped, ways.asked, ways.silent} and random.random() < 0.4
    return Telling(
        story, text, severity=1 if mild else story.severity, extent=Extent.ENSTAKA if mild else story.extent,
        contested=way is ways.not_taken_up, days_before=(days := random.randint(1, 6)),
        sender_enhet=OTHER_UNIT.get(story.id, "") if days % 2 else "",
    )  # fmt: skip


def tell(town: Town, starts: list[Start], *, until: datetime) -> None:
    """Let all stories happen in the order of their moments, until `until`."""
    order = count()
    queue: list[tuple[datetime, int, Iterator[float]]] = []
    for start in starts:
        number = next(order)
        queue.append((start.at, number, start.way(Case(town, start.telling, number))))
    queue.append((workday(town.now), next(order), publish(town, until)))
    queue.append((workday(town.now), next(order), watch(town)))
    queue.append((workday(town.now), next(order), ask_about_effects(town)))
    queue += [(workday(town.now), next(order), story) for story in group_stories(town, until)]
    heapq.heapify(queue)
    while queue and queue[0][0] <= until:
        at, number, story = heapq.heappop(queue)
        town.now = at
        try:
            days = next(story)
        except (StopIteration, NobodyThere, Conflict):  # the last: the ladder has moved the case on meanwhile
            continue
        heapq.heappush(queue, (workday(at + timedelta(days=days)), number, story))


def watch(town: Town) -> Iterator[float]:
    """Every other morning the ladder is climbed: reminders go out, and others step in where nobody acts."""
    while True:
        climb(town.session, town.now)
        yield 2


def publish(town: Town, until: datetime) -> Iterator[float]:
    """Fix each month when its day has come, for the groups where somebody of the demo sits."""
    group_ids = town.session.scalars(
        select(RoleAssignment.group_id)
        .where(RoleAssignment.role.in_((Role.SAMMANKALLANDE, Role.MEDLEM)), RoleAssignment.group_id.is_not(None))
        .distinct()
        .order_by(RoleAssignment.group_id)
    ).all()
    month = months.month_of(local_date(town.now))
    while months.freezes_on(month) <= local_date(until):
        yield max((months.freezes_on(month) - local_date(town.now)).days, 0)
        for group_id in group_ids:
            make_month(town.session, group_id or 0, month, town.now)
        month = months.shift(month, 1)


def ask_about_effects(town: Town) -> Iterator[float]:
    """What the job does every hour is done every fourth day of the story."""
    while True:
        yield 4
        ask_due(town.session, town.now)


def forget_old_mails(session: Session, *, now: datetime) -> None:
    """What was queued in the story counts as sent then; only the last day's mails are still to go out."""
    session.execute(
        update(OutboxMail)
        .where(OutboxMail.created_at < now - MAILS_KEPT, OutboxMail.sent_at.is_(None), OutboxMail.dropped_at.is_(None))
        .values(sent_at=OutboxMail.created_at, next_try_at=None)
    )
