"""SIP as totals: the same I14 as the meetings one by one, unknown is not 0, and what does not add up is refused."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import date

import pytest

from avvikelse.analysis.indicators.sip_totals import SipCount, sip_figure
from avvikelse.domain.sip import before, first_day, half_name, half_of, has_ended, last_day, refusals
from config import ROOT
from tests.unit.test_spc_cases import differences

EXPECTED = json.loads((ROOT / "tests/cases/indicators/expected.json").read_text("utf-8"))["I14_sip"]
# The meetings of the example, added up by hand: 7 new, 9 held for 7 persons, 5 of them full, 39 called.
EXAMPLE = SipCount(new=7, held=9, once=5, twice=2, more=0, full=5, called=39, attended=35, cancelled=1, short=1)


def test_totals_give_the_same_figure_as_the_meetings_one_by_one() -> None:
    assert differences(sip_figure([EXAMPLE]), EXPECTED, 1e-9) == []


def test_kommuner_are_added_and_their_order_does_not_matter() -> None:
    parts = [SipCount(new=3, held=4, once=2, twice=1, more=0), SipCount(new=4, held=5, once=3, twice=1, more=0)]
    assert sip_figure(parts) == sip_figure(parts[::-1])
    assert sip_figure(parts)["nya_sip"] == EXPECTED["nya_sip"]
    assert sip_figure(parts)["personer_med_genomford"] == EXPECTED["personer_med_genomford"]


def test_what_nobody_has_counted_is_unknown_and_zero_is_zero() -> None:
    assert sip_figure([SipCount(new=0)])["nya_sip"] == 0
    assert sip_figure([SipCount(new=0)])["genomforda_moten"] is None
    assert sip_figure([])["nya_sip"] is None
    # A share goes over those who know both numbers.
    mixed = sip_figure([SipCount(held=8, full=6), SipCount(held=100)])["full_narvaro"]
    assert (mixed["numerator"], mixed["denominator"]) == (6, 8)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"new": 10}, "new"), ({"full": 10}, "full"), ({"short": 10}, "short"), ({"attended": 40}, "attended"),
        ({"twice": 3}, "once"), ({"once": 4}, "once"), ({"new": -1}, "new"), ({"called": 10**6}, "called"),
    ],
)  # fmt: skip
def test_what_does_not_add_up_is_refused_at_its_field(changes: dict[str, int], field: str) -> None:
    assert next(refusals(asdict(EXAMPLE) | changes))[0] == field


@pytest.mark.parametrize("count", [EXAMPLE, SipCount(new=0), SipCount(held=9, once=1, twice=1, more=2)])
def test_what_adds_up_or_is_not_known_is_taken(count: SipCount) -> None:
    assert list(refusals(asdict(count))) == []


def test_nothing_at_all_is_refused() -> None:
    assert [name for name, _ in refusals(asdict(SipCount()))] == ["new"]


def test_half_years() -> None:
    assert half_of(date(2026, 6, 30)) == (2026, 1)
    assert half_of(date(2026, 7, 1)) == (2026, 2)
    assert before((2026, 1)) == (2025, 2)
    assert before((2026, 2), 3) == (2025, 1)
    assert (first_day((2026, 2)), last_day((2026, 2))) == (date(2026, 7, 1), date(2026, 12, 31))
    assert half_name((2026, 1)) == "januari–juni 2026"
    assert not has_ended((2026, 1), date(2026, 6, 30))
    assert has_ended((2026, 1), date(2026, 7, 1))
