"""A group's own problem types and the patterns that wait to be judged, on its month."""

from __future__ import annotations

from datetime import date

from avvikelse.analysis.month_content import MonthContent
from avvikelse.domain.group_words import CandidateStatus, ProblemTypeStatus
from avvikelse.domain.vocabulary import AtgardStatus
from avvikelse.models.avvikelse import Avvikelse
from avvikelse.models.dialogue import Atgard, AtgardRecurrence
from avvikelse.models.themes import ProblemType, ProblemTypeCase, ThemeCandidate, ThemeCandidateCase
from avvikelse.queries.group_desk import groups_beside
from avvikelse.queries.month import read_month
from avvikelse.services.refs import new_ref
from tests.support.group_cases import SECRET, case
from tests.support.world import World

GROUP, SUMMARY_GROUP = "birger", "jamtbus-regionalt"


def content(world: World, group: str = GROUP) -> MonthContent:
    row = world.group(group)
    groups = groups_beside(world.session, row.id)
    return read_month(world.session, groups, groups[row.id], "2026-02", now=world.now).content


def problem(world: World, *cases: Avvikelse, group: str = GROUP) -> ProblemType:
    row = ProblemType(
        ref=new_ref(), group_id=world.group(group).id, name="Ingen ersättare på SIP", sentence="Ingen kommer.",
        owner="Verksamhetschef BUP", status=ProblemTypeStatus.OPEN, created_at=world.now,
    )  # fmt: skip
    world.session.add(row)
    world.session.flush()
    for one in cases:
        world.session.add(ProblemTypeCase(problem_type_id=row.id, avvikelse_id=one.id, confirmed_at=world.now))
    world.session.flush()
    return row


def candidate(world: World, *cases: Avvikelse, status: CandidateStatus = CandidateStatus.WAITING) -> ThemeCandidate:
    row = ThemeCandidate(
        ref=new_ref(), group_id=world.group(GROUP).id, key=new_ref(), made_at=world.now, status=status,
        settled_at=None if status is CandidateStatus.WAITING else world.now,
    )  # fmt: skip
    world.session.add(row)
    world.session.flush()
    for place, one in enumerate(cases):
        world.session.add(ThemeCandidateCase(candidate_id=row.id, place=place, avvikelse_id=one.id))
    world.session.flush()
    return row


def test_confirmed_cases_count_under_their_problem_and_no_longer_under_the_category(world: World) -> None:
    senders = ("skola-2380", "bup-mottagning")
    known = [
        case(world, GROUP, date(2026, 2, 3 + n), sender=senders[n % 2], sender_kind="grundskola") for n in range(4)
    ]
    before = [case(world, GROUP, date(2025, month, 5)) for month in (3, 6)]
    for n in range(3):
        case(world, GROUP, date(2026, 1, 3 + n), sender=senders[n % 2], sender_kind="grundskola")
    case(world, GROUP, date(2025, 6, 6))
    problem(world, *known, *before)
    rows = {row.category: (row.recent, row.earlier) for row in content(world).recurring}
    assert rows == {"Ingen ersättare på SIP": (4, 2), "Kallad part uteblev": (3, 1)}
    assert content(world).news.total == 4
    assert sum(total.count for total in content(world).totals) == 10


def test_a_measure_against_the_same_category_and_receiver_stands_beside_the_problem(world: World) -> None:
    senders = ("skola-2380", "bup-mottagning")
    known = [
        case(world, GROUP, date(2026, 2, 3 + n), sender=senders[n % 2], sender_kind="grundskola") for n in range(4)
    ]
    known.append(case(world, GROUP, date(2025, 11, 3)))
    made = problem(world, *known)
    made.category, made.receiver_kind = "A1", "bup"
    measure = Atgard(
        avvikelse_id=known[-1].id, kind="M01", text="Ny rutin.", omrade_id=world.unit("bup-mottagning").omrade_id,
        status=AtgardStatus.DONE, created_at=world.now, decided_on=date(2025, 12, 1), done_on=date(2025, 12, 1),
        due_on=date(2025, 12, 1), changed="Ny rutin.", rounds_asked=0,
    )  # fmt: skip
    world.session.add(measure)
    world.session.flush()
    (row,) = content(world).recurring
    assert (row.category, row.measure) == ("Ingen ersättare på SIP", "Å1 har inte minskat än")
    assert content(world).measures[0].recurred == 0
    for again in known[:2]:
        world.session.add(AtgardRecurrence(atgard_id=measure.id, avvikelse_id=again.id, found_on=date(2026, 2, 20)))
    world.session.flush()
    (effect,) = content(world).measures
    assert (effect.recurred, effect.after) == (2, 4)  # the pair of kinds has had more than the very unit


def test_another_groups_problems_change_nothing_here(world: World) -> None:
    senders = ("skola-2380", "bup-mottagning")
    known = [
        case(world, GROUP, date(2026, 2, 3 + n), sender=senders[n % 2], sender_kind="grundskola") for n in range(4)
    ]
    problem(world, *known, group=SUMMARY_GROUP)
    assert [row.category for row in content(world).recurring] == ["Kallad part uteblev"]


def test_patterns_show_their_most_typical_approved_sentence(world: World) -> None:
    said = {"gruppmening": "Ingen skjuts till behandlingen.", "gruppmening_approved_at": world.now}
    rows = [
        case(world, GROUP, date(2026, 2, 3), **said),
        *(case(world, GROUP, date(2026, 2, 4), **said) for _ in range(2)),
    ]
    silent = case(world, GROUP, date(2026, 2, 5))
    waiting = candidate(world, *rows)
    candidate(world, silent, rows[0])  # its most typical case has no approved sentence
    candidate(world, rows[0], status=CandidateStatus.DISMISSED)
    found = content(world).candidates
    assert [(one.ref, one.sentence, one.count) for one in found] == [
        (waiting.ref, "Ingen skjuts till behandlingen.", 3)
    ]
    assert SECRET not in str(content(world).to_json())


def test_a_group_with_numbers_only_reads_no_pattern(world: World) -> None:
    said = {"gruppmening": "Ingen skjuts till behandlingen.", "gruppmening_approved_at": world.now}
    row = case(world, SUMMARY_GROUP, date(2026, 2, 3), **said)
    made = candidate(world, row)
    made.group_id = world.group(SUMMARY_GROUP).id
    world.session.flush()
    assert content(world, SUMMARY_GROUP).candidates == ()
