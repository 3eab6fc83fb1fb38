"""More charts from the literature, through the command: their data in, the figures that their pages print out."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner

from avvikelse.analysis.spc.rules import shift
from avvikelse.cli.spc import group

SIX_MP = ([6, 6, 6, 7, 10, 13, 16, 22, 23, 6, 9, 10, 11, 17, 19, 20, 25, 32, 32, 34, 35], [1] * 9 + [0] * 12)
PLACEBO = ([1, 1, 2, 2, 3, 4, 4, 5, 5, 8, 8, 8, 8, 11, 11, 12, 12, 15, 17, 22, 23], [1] * 21)
MAINTAINED = ([9, 13, 13, 18, 23, 28, 31, 34, 45, 48, 161], [1, 1, 0, 1, 1, 0, 1, 1, 0, 1, 0])


# fmt: off
BETWEEN = [
    16, 20, 5, 13, 1, 26, 46, 12, 12, 5, 19, 4, 3, 15, 14, 9, 8, 15, 21, 6, 3, 1, 56, 117, 1, 33, 9, 9, 19, 12, 1, 16,
    13, 18, 1, 35, 16, 5, 21, 38, 3, 25, 3, 11, 13, 20, 9, 3, 8, 21, 24, 38, 8, 13, 9, 1, 30, 23, 3, 7, 22, 19, 11, 31,
    6, 1, 1,
]
# fmt: on


def compute(**case: object) -> dict:
    result = CliRunner().invoke(group, ["compute"], input=json.dumps({"id": "x", **case}))
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


def test_defects_on_wafers() -> None:
    """NIST/SEMATECH e-Handbook of Statistical Methods, 6.3.3.1: c-bar 16, limits 28 and 4, one point outside."""
    wafers = [16, 14, 28, 16, 12, 20, 10, 12, 10, 17, 19, 17, 14, 16, 15, 13, 14, 16, 11, 20, 11, 19, 16, 31, 13]
    found = compute(chart_type="c", y=wafers)
    assert (found["cl"][0], found["ucl"][0], found["lcl"][0]) == (16, 28, 4)
    assert [number for number, out in enumerate(found["sigma_signal"], start=1) if out] == [24]


def test_flowrate_individuals() -> None:
    """NIST/SEMATECH e-Handbook of Statistical Methods, 6.3.2.2: mean moving range 1.8778, limits to four decimals."""
    flowrate = [49.6, 47.6, 49.9, 51.3, 47.8, 51.2, 52.6, 52.4, 53.6, 52.1]
    found = compute(chart_type="i", y=flowrate)
    assert found["cl"][0] == pytest.approx(50.81, abs=1e-9)
    assert found["ucl"][0] == pytest.approx(55.8041, abs=5e-5)
    assert found["lcl"][0] == pytest.approx(45.8159, abs=5e-5)
    assert compute(chart_type="mr", y=flowrate)["cl"][1] == pytest.approx(1.8778, abs=5e-5)


def test_viscosity_of_paint_primer() -> None:
    """Montgomery, Introduction to Statistical Quality Control, example of the individuals chart: mean 33.52, average
    moving range 0.48 with upper limit 1.57, limits 34.80 and 32.24."""
    viscosity = [33.75, 33.05, 34, 33.81, 33.46, 34.02, 33.68, 33.27, 33.49, 33.2, 33.62, 33, 33.54, 33.12, 33.84]
    found = compute(chart_type="i", y=viscosity)
    assert [round(found[key][0], 2) for key in ("cl", "ucl", "lcl")] == [33.52, 34.8, 32.24]
    moving = compute(chart_type="mr", y=viscosity)
    assert [round(moving[key][1], 2) for key in ("cl", "ucl")] == [0.48, 1.57]


@pytest.mark.parametrize(
    ("data", "median", "interval", "survival"),
    [
        # Freireich et al. 1963 as Cox & Oakes and Kleinbaum & Klein print it: remission in weeks, 6-MP and placebo.
        (SIX_MP, 23, (16, None), {6: 0.857, 7: 0.807, 10: 0.753, 13: 0.690, 16: 0.627, 22: 0.538, 23: 0.448}),
        (PLACEBO, 8, (4, 12), {1: 0.905, 2: 0.810, 3: 0.762, 5: 0.571, 8: 0.381, 12: 0.190, 23: 0}),
        # Miller 1981, acute myelogenous leukaemia, maintained.
        (MAINTAINED, 31, (18, None), {9: 0.909, 13: 0.818, 18: 0.716, 23: 0.614, 31: 0.491, 34: 0.368, 48: 0.184}),
    ],
)
def test_remission_of_leukaemia(data, median, interval, survival) -> None:
    found = compute(chart_type="kaplan-meier", y=data[0], status=data[1])
    assert found["median"] == found["median_smallest_t_with_S_le_half"] == median
    assert (found["median_lo"], found["median_hi"]) == interval
    printed = dict(zip(found["times"], found["surv"], strict=True))
    assert {time: printed[time] for time in survival} == pytest.approx(survival, abs=6e-4)


# Emergency departments, seen within four hours of all who came, as Mohammed et al. print them: "Statistical process
# control charts for attribute data involving very large sample sizes", BMJ Quality & Safety 22 (2013). The limits are
# those that the test suite of PowerBI-SPC prints for them (test/Chart Types/pprime.test.ts and uprime.test.ts).
SEEN = [
    266501, 264225, 276532, 281461, 269071, 261215, 270409, 279778, 270483, 270320,
    267923, 271478, 255353, 256820, 261835, 259144, 255910, 260863, 264465, 260989,
]  # fmt: skip
CAME = [
    280443, 276823, 291681, 296155, 282343, 275888, 283867, 295251, 284468, 282529,
    279618, 283932, 266629, 268091, 276803, 271578, 266005, 273520, 278574, 273772,
]  # fmt: skip
P_PRIME_UPPER = [
    96.567, 96.5753, 96.5421, 96.5326, 96.5627, 96.5775, 96.5593, 96.5345, 96.5579, 96.5623,
    96.5689, 96.5591, 96.5996, 96.5961, 96.5753, 96.5877, 96.6012, 96.583, 96.5713, 96.5824,
]  # fmt: skip
P_PRIME_LOWER = [
    94.013, 94.0046, 94.0378, 94.0473, 94.0173, 94.0025, 94.0207, 94.0454, 94.022, 94.0177,
    94.0111, 94.0208, 93.9803, 93.9839, 94.0046, 93.9923, 93.9788, 93.9969, 94.0087, 93.9975,
]  # fmt: skip
U_PRIME_UPPER = [
    0.9657, 0.9658, 0.9654, 0.9653, 0.9656, 0.9658, 0.9656, 0.9653, 0.9656, 0.9656,
    0.9657, 0.9656, 0.966, 0.966, 0.9658, 0.9659, 0.966, 0.9658, 0.9657, 0.9658,
]  # fmt: skip
U_PRIME_LOWER = [
    0.9401, 0.940, 0.9404, 0.9405, 0.9402, 0.94, 0.9402, 0.9405, 0.9402, 0.9402,
    0.9401, 0.9402, 0.9398, 0.9398, 0.94, 0.9399, 0.9398, 0.94, 0.9401, 0.94,
]  # fmt: skip


def test_emergency_departments_by_laneys_method() -> None:
    shares = compute(chart_type="pp", y=SEEN, n=CAME)
    assert [100 * value for value in shares["ucl"]] == pytest.approx(P_PRIME_UPPER, abs=6e-5)
    assert [100 * value for value in shares["lcl"]] == pytest.approx(P_PRIME_LOWER, abs=6e-5)
    rates = compute(chart_type="up", y=SEEN, n=CAME)
    assert rates["ucl"] == pytest.approx(U_PRIME_UPPER, abs=6e-5)
    assert rates["lcl"] == pytest.approx(U_PRIME_LOWER, abs=6e-5)


def test_shares_with_uneven_denominators() -> None:
    """PowerBI-SPC, test/Chart Types/p.test.ts: 36 months, limits in percent with two decimals."""
    count = [14, 12, 15, 8, 16, 11, 12, 14, 16, 17, 5, 11, 13, 10, 14, 5, 12, 10]
    count += [11, 5, 10, 8, 11, 12, 11, 18, 18, 21, 14, 15, 18, 22, 17, 16, 20, 15]
    of = [52, 64, 70, 60, 67, 69, 67, 54, 79, 59, 49, 61, 41, 51, 56, 43, 57, 48]
    of += [69, 41, 40, 46, 59, 62, 57, 65, 75, 70, 76, 69, 64, 67, 84, 67, 69, 78]
    found = compute(chart_type="p", y=count, n=of)
    upper = [round(100 * value, 2) for value in found["ucl"]]
    lower = [round(100 * value, 2) for value in found["lcl"]]
    assert upper[:6] == [38.76, 37.07, 36.4, 37.58, 36.72, 36.5]
    assert lower[:6] == [4.5, 6.19, 6.87, 5.69, 6.54, 6.76]
    assert (upper[-4:], lower[-4:]) == ([35.11, 36.72, 36.5, 35.62], [8.16, 6.54, 6.76, 7.65])


def test_three_counts() -> None:
    """PowerBI-SPC, test/Limit Calculations/c.test.ts, after qicharts2."""
    found = compute(chart_type="c", y=[5, 7, 9])
    assert (found["cl"][0], found["lcl"][0]) == (7, 0)
    assert found["ucl"][0] == pytest.approx(14.937253933193773, abs=1e-12)


def test_three_numbers_between_events() -> None:
    """PowerBI-SPC, test/Limit Calculations/g.test.ts, after qicharts2: 0, 10 and 4 give the median 4, 20.09 and 0."""
    found = compute(chart_type="g", y=[0, 10, 4])
    assert (found["cl"][0], found["lcl"][0]) == (4, 0)
    assert found["ucl"][0] == pytest.approx(20.09391528720818, abs=1e-12)


def test_times_between_events() -> None:
    """PowerBI-SPC, test/fixtures/golden/t, after Nelson 1994 in R: 67 intervals, one of them above the limits."""
    found = compute(chart_type="t", y=BETWEEN)
    assert [round(found[key][0], 4) for key in ("cl", "ucl", "lcl")] == [11.2051, 106.0418, 0.0079]
    assert [n for n, out in enumerate(found["sigma_signal"], start=1) if out] == [24]


@pytest.mark.parametrize(
    ("values", "targets", "k", "signs"),
    [
        # PowerBI-SPC, test/Outlier Flagging/shift.test.ts
        ([5, 6, 4, 5, 6, 4, 5], 5, 7, [0, 0, 0, 0, 0, 0, 0]),
        ([5, 6, 6, 6, 6, 6, 5], 5, 5, [0, 1, 1, 1, 1, 1, 0]),
        ([5, 4, 4, 4, 4, 4, 5], 5, 5, [0, -1, -1, -1, -1, -1, 0]),
        ([5, 6, 6, 6, 5], 5, 3, [0, 1, 1, 1, 0]),
        ([5, 6, 6, 6, 5], 5, 4, [0, 0, 0, 0, 0]),
        ([6, 6, 6, 5, 6, 6, 6, 6], 5, 4, [0, 0, 0, 0, 1, 1, 1, 1]),
        ([5, 5, 5, 5, 5], 5, 3, [0, 0, 0, 0, 0]),
        ([5, 6, 5, 4, 5], 5, 1, [0, 1, 0, -1, 0]),
        ([6, 6, 6, 6, 4, 4, 4, 4, 5], 5, 3, [1, 1, 1, 1, -1, -1, -1, -1, 0]),
        ([6, 6, 6, 6, 6, 6, 6, 5], 5, 7, [1, 1, 1, 1, 1, 1, 1, 0]),
        ([6, 4, 6, 4, 6, 4], 5, 3, [0, 0, 0, 0, 0, 0]),
        ([-2, -2, -2, -2], -3, 3, [1, 1, 1, 1]),
        ([], 5, 5, []),
    ],
)
def test_shifts(values: list[int], targets: int, k: int, signs: list[int]) -> None:
    assert shift([(value > targets) - (value < targets) for value in values], k) == signs
