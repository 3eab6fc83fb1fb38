"""A group's signals from the database: what counts, and that the cost does not grow with history."""

from __future__ import annotations

import json
from datetime import date, timedelta
from typing import Any

from sqlalchemy import select

from avvikelse.analysis.scan import Cell, CellKind
from avvikelse.analysis.signals import Signals
from avvikelse.domain.group_words import ProblemTypeStatus
from avvikelse.domain.vocabulary import Outcome
from avvikelse.models.avvikelse import Avvikelse
from avvikelse.models.themes import ProblemType, ProblemTypeCase
from avvikelse.queries.signals import group_signals
from avvikelse.services.refs import new_ref
from tests.support.group_cases import case, closed
from tests.support.queries import counted
from tests.support.world import World

GROUP, FEBRUARY = "birger", "2026-02"  # the fixed time is 11 March 2026
BUP = Cell("A1", CellKind.RECEIVER, "bup")


def found(world: World, month: str = FEBRUARY) -> Signals:
    return group_signals(world.session, world.group(GROUP).id, month, today=world.now.date())


def reports(world: World, first: date, number: int, **changes: Any) -> None:
    for count in range(number):
        sender = "skola-2380" if count % 2 else "bup-mottagning"
        case(world, GROUP, first + timedelta(days=count), sender=sender, **changes)


def test_nothing_gives_nothing(world: World) -> None:
    assert found(world) == Signals((), (), ())


def test_a_rise_is_seen_in_each_of_its_cells(world: World) -> None:
    for month in range(1, 12):
        reports(world, date(2025, month, 3), 1)
    reports(world, date(2025, 12, 3), 4)
    reports(world, date(2026, 1, 3), 4)
    reports(world, date(2026, 2, 3), 4)
    signals = found(world)
    by_cell = {one.cell: one for one in signals.cells}
    assert (by_cell[BUP].month, by_cell[BUP].a, by_cell[BUP].b, by_cell[BUP].reporters) == (4, 12, 11, 2)
    assert by_cell[BUP].signal
    assert {one.cell.kind for one in signals.cells if one.signal} >= {CellKind.GROUP, CellKind.KOMMUN}
    assert len(signals.cells) == signals.tested == 5  # receiver, group, kommun and two pairs
    (chart,) = signals.charts
    assert sum(chart.values) == 23


def test_what_does_not_count(world: World) -> None:
    reports(world, date(2026, 2, 1), 3)
    reports(world, date(2026, 2, 1), 3, category="L1")  # a good example
    reports(world, date(2026, 2, 1), 3, **closed(outcome=Outcome.MERGED))
    reports(world, date(2026, 3, 1), 3)  # after the month
    reports(world, date(2023, 3, 1), 3)  # before the window
    signals = found(world)
    assert {one.a for one in signals.cells if one.cell.kind is CellKind.GROUP} == {3}
    assert sum(chart.values[-1] for chart in signals.charts) == 3


def test_what_is_confirmed_in_a_problem_type_counts_there_and_not_in_its_category(world: World) -> None:
    reports(world, date(2026, 2, 1), 6)
    rows = world.session.scalars(select(Avvikelse).order_by(Avvikelse.id)).all()
    own, elsewhere = (problem_type(world, group) for group in (GROUP, "lokal-2303"))
    for theme, some in ((own, rows[:4]), (elsewhere, rows)):  # another group's changes nothing here
        for row in some:
            confirmed = ProblemTypeCase(problem_type_id=theme.id, avvikelse_id=row.id, confirmed_at=world.now)
            world.session.add(confirmed)
    world.session.flush()
    whole = {one.cell.theme: one.a for one in found(world).cells if one.cell.kind is CellKind.GROUP}
    assert whole == {f"P{own.id}": 4}  # two are left in the category: too few for a cell
    reports(world, date(2026, 2, 20), 1)
    whole = {one.cell.theme: one.a for one in found(world).cells if one.cell.kind is CellKind.GROUP}
    assert whole == {f"P{own.id}": 4, "A1": 3}


def problem_type(world: World, group: str) -> ProblemType:
    row = ProblemType(
        ref=new_ref(), group_id=world.group(group).id, name="Sena kallelser", sentence="Kallelser kommer sent.",
        owner="BUP", status=ProblemTypeStatus.OPEN, created_at=world.now,
    )  # fmt: skip
    world.session.add(row)
    world.session.flush()
    return row


def test_who_is_sent_back_and_forth(world: World) -> None:
    for count in range(8):
        case(world, GROUP, date(2026, 2, 1 + count), returned=True)
        case(world, GROUP, date(2026, 1, 1 + count), sender="bup-mottagning", receiver_kind="grundskola")
        case(world, GROUP, date(2026, 1, 10 + count), sender="bup-mottagning", receiver_kind="grundskola")
    first, second = found(world).routes
    assert (first.returned.count, first.returned.total, first.stands_out) == (8, 8, True)
    assert (second.returned.count, second.returned.total, second.stands_out) == (0, 16, False)


def test_few_queries_however_many_cases(world: World) -> None:
    def cost() -> int:
        with counted(world.session) as statements:
            found(world)
        return len(statements)

    reports(world, date(2026, 2, 1), 3)
    before = cost()
    reports(world, date(2026, 1, 1), 20)
    assert cost() == before


def test_the_command(world: World, clock: Any, run_cli: Any) -> None:
    reports(world, date(2026, 2, 1), 4)
    result = run_cli("learning", "signals", "--group", GROUP, "--month", FEBRUARY)
    assert result.exit_code == 0
    answer = json.loads(result.stdout)
    assert answer["tested"] == len(answer["cells"])
    assert set(answer["cells"][0]) == {"cell", "a", "b", "p", "q", "signal", "kind"}
    assert run_cli("learning", "signals", "--group", "finns-inte", "--month", FEBRUARY).exit_code == 1
    wrong = run_cli("learning", "signals", "--group", GROUP, "--month", "februari")
    assert (wrong.exit_code, "Skriv så här: 2026-10" in wrong.stderr) == (2, True)
