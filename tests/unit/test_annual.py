"""The annual report's sections: the agreement's order, missing is not zero, and nothing small outside the group."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from avvikelse.analysis.annual import (
    SECTIONS,
    ActivityLine,
    AnnualFacts,
    DecisionLine,
    ReportersSaid,
    SipLine,
    annual_sections,
    as_told,
    values,
)
from avvikelse.analysis.indicators.sip_totals import SipCount
from avvikelse.analysis.month_content import IndicatorRow
from avvikelse.analysis.ranges import Ranges
from avvikelse.analysis.sections import Section, from_json, to_json
from avvikelse.analysis.small_numbers import HIDDEN, hide, may_show
from avvikelse.reports.parts import Heading, table_data
from avvikelse.reports.sections import sections_csv, sections_pdf, sections_xlsx, tables
from tests.unit.test_pdf import accessible


def sip(name: str, new: int, persons: int, missing: tuple[str, ...] = ()) -> SipLine:
    return SipLine(name, SipCount(new=new, held=persons, once=persons, twice=0, more=0), missing)


FACTS = AnnualFacts(
    2025, 31,
    sip=(
        sip("Alby", 12, 20), sip("Berga", 3, 4), sip("Ceby", 9, 11),
        SipLine("Dalby", SipCount(), ("januari–juni 2025",)), sip("Enby", 0, 0),
    ),
    by_category={"Kallelse sent": 28, "Ingen återkoppling": 3},
    by_pair={"Skolan rapporterar, gäller BUP": 31},
    activities=(ActivityLine("Mall", "Rektor", "1 maj 2025", "Klar 1 juni 2025", "Används."),),
    indicators=(
        IndicatorRow("I06_x", "Besvarade", "27 av 31", "87 %", "71–95 %", "minst 80 %"),
        IndicatorRow("I08_x", "Kurva", "", "91 %", "–", ""),
        IndicatorRow("I14_x", "Alla kom", "20 av 31", "65 %", "47–79 %", ""),
        IndicatorRow("I11_x", "Hjälpte", "6 av 12", "50 %", "25–75 %", ""),
    ),
    ratings={"Ja": 14, "Delvis": 6, "Nej": 2, "Inget betyg": 9},
    strengths={"Svag": 6, "Medel": 7, "Stark": 0}, weak=6,
    effects={"Ja": 7, "Nej": 2},
    decisions=(
        DecisionLine("Offentligt beslut", "Rektor", "1 mars", "1 maj", "Klart", published=True),
        DecisionLine("Internt beslut", "Rektor", "1 mars", "1 maj", "Öppet", published=False),
    ),
    wide_refusal="Antalen visas inte.",
)  # fmt: skip


def cells(facts: AnnualFacts, key: str, *, outward: bool = False) -> dict[Any, tuple[Any, ...]]:
    grids = [g for s in annual_sections(facts, outward=outward) for g in s.grids if g.key == key]
    return {row[0]: row[1:] for row in grids[0].rows} if grids else {}


@pytest.mark.parametrize("outward", [False, True])
def test_the_order_is_the_agreements(outward: bool) -> None:
    assert [section.key for section in annual_sections(FACTS, outward=outward)] == list(SECTIONS)
    assert [s.key for s in annual_sections(AnnualFacts(2025, 0), outward=outward)] == list(SECTIONS)


def test_a_missing_kommun_is_named_and_a_zero_is_a_number() -> None:
    section = annual_sections(FACTS, outward=False)[0]
    assert section.lead == "Saknas: Dalby."
    rows = cells(FACTS, "sip")
    assert rows["Dalby"] == (None, None, None, None, "saknas: januari–juni 2025")
    assert rows["Enby"] == (0, 0, 0, None, None)
    assert rows["Alla som har räknat"][:3] == (24, 35, 35)


def test_no_column_and_no_cell_is_empty() -> None:
    everybody = replace(FACTS, sip=(sip("Alby", 12, 20), sip("Ceby", 9, 11)))
    for facts in (FACTS, everybody):
        for section in annual_sections(facts, outward=False):
            for grid in section.grids:
                assert "" not in [value for row in grid.rows for value in row]
                assert all(len(row) == len(grid.columns) for row in grid.rows)
    grid = annual_sections(everybody, outward=False)[0].grids[0]
    assert grid.columns[-1] == "Möten per person"  # nobody is missing: nothing to say about that


def test_per_person_never_shows_few() -> None:
    assert cells(FACTS, "sip")["Alby"][3] == 1.0
    assert cells(FACTS, "sip")["Berga"][3] is None  # four persons
    assert cells(FACTS, "sip-fordelning") == {"Ett möte": (35,), "Två möten": (0,), "Tre möten eller fler": (0,)}
    few = replace(FACTS, sip=(sip("Berga", 3, 4),))
    assert cells(few, "sip-fordelning") == {}


def test_outside_nothing_small_stands() -> None:
    told = annual_sections(FACTS, outward=True)
    assert not [v for v in values(told) if isinstance(v, int) and 0 < v < 5]
    rows = cells(FACTS, "sip", outward=True)
    assert rows["Berga"][:4] == (HIDDEN,) * 4
    assert (rows["Alby"][0], rows["Ceby"][0]) == (12, 9)
    # No sum either: with another group's report of the others it would tell.
    assert rows["Alla som har räknat"][:4] == (HIDDEN,) * 4
    assert not cells(FACTS, "sip-fordelning", outward=True)
    assert "Alla kom" not in cells(FACTS, "matetal", outward=True)
    large = replace(FACTS, sip=(sip("Alby", 12, 20), sip("Ceby", 9, 11)))
    assert cells(large, "sip", outward=True)["Alla som har räknat"][0] == 21
    assert cells(large, "matetal", outward=True)["Alla kom"][0] == "20 av 31"
    assert rows["Enby"][0] == 0
    assert list(cells(FACTS, "beslut", outward=True)) == ["Offentligt beslut"]
    assert cells(FACTS, "matetal", outward=True)["Besvarade"][0] == HIDDEN  # four of 31 were not
    assert "Kurva" not in cells(FACTS, "matetal", outward=True)
    assert cells(FACTS, "matetal-effekt", outward=True)["Hjälpte"][0] == "6 av 12"
    assert cells(FACTS, "betyg", outward=True)["Nej"] == (HIDDEN,)
    assert "Internt beslut" not in str(to_json(told))
    assert "gäller BUP" not in str(to_json(told))  # pairs stay inside


def test_the_share_of_weak_measures_is_said() -> None:
    assert annual_sections(FACTS, outward=False)[4].lead == "6 av 13 åtgärder är bara information eller utbildning."
    assert annual_sections(replace(FACTS, weak=2), outward=True)[4].lead == ""


SAID, ALL_OF, FEW = "effekt-rapportorer", "100 %", (HIDDEN, None)
OK, OWNERS, AGAIN, SILENT, ALL = (
    "Rapportörerna säger att det fungerar", "Ägarna säger att det fungerar", "Rapportörer säger att det har hänt igen",
    "Ingen rapportör har svarat", "Alla åtgärder som rapportörer har fått frågan om",
)  # fmt: skip


@pytest.mark.parametrize(
    ("said", "inside"),
    [
        (ReportersSaid(3, 2, 3, owners=6), {OK: (3, "38 %"), OWNERS: (6, "75 %"), ALL: (8, ALL_OF)}),
        (ReportersSaid(2, 1, 2, owners=0), {OK: (2, "40 %"), OWNERS: (0, "0 %"), ALL: (5, ALL_OF)}),
        (ReportersSaid(3, 1, 0, owners=4), {OK: (3, None), OWNERS: (4, None), AGAIN: (1, None), ALL: (4, None)}),
    ],
    ids=["eight", "five", "four"],
)  # fmt: skip
def test_the_reporters_stand_beside_the_owners(said: ReportersSaid, inside: dict[str, Any]) -> None:
    shown = cells(replace(FACTS, said=said), SAID)
    assert list(shown) == [OK, OWNERS, AGAIN, SILENT, ALL]
    assert shown | inside == shown
    assert not cells(FACTS, SAID)  # nobody was asked


@pytest.mark.parametrize(
    ("said", "outside"),
    [
        (ReportersSaid(9, 6, 5, owners=12), {OK: (9, "45 %"), OWNERS: (12, "60 %"), ALL: (20, ALL_OF)}),
        # Two are hidden together, or the sum would tell; of the owners three did not say yes.
        (ReportersSaid(9, 2, 9, owners=17), {OK: FEW, AGAIN: FEW, OWNERS: FEW, SILENT: (9, "45 %"), ALL: (20, ALL_OF)}),
        (ReportersSaid(1, 1, 0, owners=0), {OK: FEW, OWNERS: FEW, ALL: FEW}),
        (ReportersSaid(4, 0, 0, owners=0), {OK: FEW, OWNERS: FEW, ALL: FEW}),
    ],
    ids=["large", "one-small", "two", "four"],
)  # fmt: skip
def test_outside_few_reporters_are_hidden(said: ReportersSaid, outside: dict[str, Any]) -> None:
    facts = replace(FACTS, said=said)
    shown = cells(facts, SAID, outward=True)
    assert shown | outside == shown
    assert not cells(replace(facts, told_beside=True), SAID, outward=True)


def test_sections_survive_being_stored() -> None:
    import json

    told = annual_sections(FACTS, outward=False)
    assert from_json(json.loads(json.dumps(to_json(told)))) == told


def test_the_document_says_the_shares_as_they_stand() -> None:
    told = annual_sections(replace(FACTS, said=ReportersSaid(3, 2, 3, owners=6)), outward=False)
    (table,) = [one for one in tables(told) if one.key == SAID]
    assert [OWNERS, "6", "75 %"] in table_data(table)["rows"]
    assert table_data(table)["numeric"] == [1, 2]


def test_the_files(tmp_path: Any) -> None:
    said = ReportersSaid(3, 2, 3, owners=6)
    told = annual_sections(replace(FACTS, by_category={"=HYPERLINK(1)": 7}, said=said), outward=False)
    moment = datetime(2026, 2, 1, 9, tzinfo=UTC)
    heading = Heading("Birger", "Årsrapport 2025", "Utkast, version 1")
    accessible(sections_pdf(heading, told, comments={"sip": "Egna *ord*.\n\n#panic()"}, foot="Birger", made_at=moment))
    text = sections_csv(told).decode()
    assert "'=HYPERLINK(1);7" in text
    assert "saknas: januari–juni 2025" in text
    assert f"{OK};3;38 %" in text
    assert sections_xlsx("Årsrapport", ("Om",), told)[:2] == b"PK"


# --- small numbers ----------------------------------------------------------------------------------------------------


@given(st.lists(st.tuples(st.integers(0, 12), st.integers(0, 12)), max_size=6))
def test_no_hidden_number_can_be_worked_out(rows: list[tuple[int, int]]) -> None:
    hidden = hide(rows)
    shown = [row for place, row in enumerate(rows) if place not in hidden.rows]
    assert not any(0 < number < 5 for row in shown for number in row)
    if hidden.rows and not hidden.sums:
        # Of several hidden numbers with a known sum each may be anything from 0 to it.
        assert len(hidden.rows) > 1
        for column in range(2):
            together = sum(rows[place][column] for place in hidden.rows)
            assert together == 0 or together >= 5


@pytest.mark.parametrize(
    ("rows", "hidden", "sums"),
    [
        ([], set(), False), ([[9], [0], [7]], set(), False), ([[3]], {0}, True), ([[3], [9], [20]], {0, 1}, False),
        ([[3], [4], [20]], {0, 1}, False), ([[1], [2], [0]], {0, 1}, True), ([[None], [3], [8]], {1, 2}, False),
    ],
)  # fmt: skip
def test_what_is_hidden(rows: list[list[int | None]], hidden: set[int], sums: bool) -> None:
    found = hide(rows)
    assert (set(found.rows), found.sums) == (hidden, sums)


@pytest.mark.parametrize(
    ("count", "total", "shown"), [(5, 10, True), (0, 5, True), (4, 20, False), (18, 20, False), (0, 4, False)]
)
def test_a_share_is_told_when_neither_side_is_few(count: int, total: int, shown: bool) -> None:
    assert may_show(count, total) is shown


def test_beside_another_groups_lists_nothing_of_ours_is_told_outside() -> None:
    beside = replace(FACTS, told_beside=True)
    sections = {section.key: section for section in annual_sections(beside, outward=True)}
    assert [sections[key].grids for key in ("svar", "effekt")] == [(), ()]
    assert "En annan grupp" in sections["svar"].lead
    assert annual_sections(beside, outward=False) == annual_sections(FACTS, outward=False)


# --- two versions of one year, one held against the other -------------------------------------------------------------

FIRST = replace(FACTS, ratings={"Ja": 14, "Delvis": 8, "Nej": 9, "Inget betyg": 9})
LATE = {"Ja": 14, "Delvis": 8, "Nej": 11, "Inget betyg": 9}  # two answers came late


def rows_of(sections: tuple[Section, ...], key: str) -> dict[Any, Any]:
    return {row[0]: row[1:] for one in sections for grid in one.grids if grid.key == key for row in grid.rows}


def late_answers(first: tuple[Section, ...], second: tuple[Section, ...]) -> tuple[int, int]:
    """How closely a reader of both knows how many said "Nej" late: by the linear programme, as for tables."""
    names = list(LATE)
    late = [LATE[name] - FIRST.ratings[name] for name in names]
    counts = np.array([*(FIRST.ratings[name] for name in names), *late], dtype=float)
    equations = []
    for tells_late, sections in ((False, first), (True, second)):
        for name, (number,) in rows_of(sections, "betyg").items():
            if isinstance(number, int):
                told = np.zeros(len(counts), dtype=bool)
                told[names.index(name)] = True
                told[names.index(name) + len(names)] = tells_late
                equations.append(told)
    target = np.zeros(len(counts), dtype=bool)
    target[names.index("Nej") + len(names)] = True
    return Ranges(counts, equations).range_of(target, enough=4)[:2]


def test_a_late_change_is_told_by_two_versions_and_not_when_the_first_stands() -> None:
    first, second = (annual_sections(replace(FIRST, ratings=r), outward=True) for r in (FIRST.ratings, LATE))
    assert late_answers(first, second) == (2, 2)  # so it was: neither tells a small number, both together do
    kept = as_told(second, [(1, first)])
    assert rows_of(kept, "betyg") == rows_of(first, "betyg")
    assert "Som i version 1." in next(one.lead for one in kept if one.key == "svar")
    again = as_told(annual_sections(replace(FIRST, ratings={"Ja": 99}), outward=True), [(1, first), (2, kept)])
    assert [one for one in again if one.key == "svar"] == [one for one in kept if one.key == "svar"]


@pytest.mark.parametrize(
    ("persons", "stands"), [(22, True), (26, False), (20, False), (3, False)], ids=["few", "many", "same", "hidden"]
)
def test_sip_stands_only_where_a_row_has_changed_by_a_few(persons: int, stands: bool) -> None:
    facts = replace(FACTS, sip=(sip("Alby", 12, 20), sip("Ceby", 9, 11)))
    told = annual_sections(facts, outward=True)
    made = annual_sections(replace(facts, sip=(sip("Alby", 12, persons), *facts.sip[1:])), outward=True)
    kept = as_told(made, [(1, told)])
    assert (rows_of(kept, "sip") == rows_of(told, "sip") != rows_of(made, "sip")) is stands


def test_a_kommun_that_was_missing_is_told_in_the_next_version() -> None:
    late = SipLine("Dalby", SipCount(), ("januari–juni 2025",))
    facts = replace(FACTS, sip=(sip("Alby", 12, 20), late))
    told = annual_sections(facts, outward=True)
    made = annual_sections(replace(facts, sip=(sip("Alby", 12, 20), sip("Dalby", 7, 9))), outward=True)
    assert rows_of(as_told(made, [(1, told)]), "sip")["Dalby"][0] == 7
