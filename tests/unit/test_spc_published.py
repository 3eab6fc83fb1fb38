"""More charts from the literature, through the command: their data in, the figures that their pages print out."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner

from avvikelse.cli.spc import group

SIX_MP = ([6, 6, 6, 7, 10, 13, 16, 22, 23, 6, 9, 10, 11, 17, 19, 20, 25, 32, 32, 34, 35], [1] * 9 + [0] * 12)
PLACEBO = ([1, 1, 2, 2, 3, 4, 4, 5, 5, 8, 8, 8, 8, 11, 11, 12, 12, 15, 17, 22, 23], [1] * 21)
MAINTAINED = ([9, 13, 13, 18, 23, 28, 31, 34, 45, 48, 161], [1, 1, 0, 1, 1, 0, 1, 1, 0, 1, 0])


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
