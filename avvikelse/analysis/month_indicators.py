"""Indicators as rows of a group's month: numerator and denominator, value, interval and goal, in plain words.

Open with month.py. What an indicator is stands in indicators/; here it only gets its words. A row without denominator
is left out: nothing is not 0 %.
"""

from __future__ import annotations

from collections.abc import Mapping
from math import floor
from typing import Any

from avvikelse.analysis.month_content import IndicatorRow

# id in indicators/figures.py → name on the page, in the order of the page
NAMES: dict[str, str] = {
    "I05_kvitterade_3_arbetsdagar": "Mottagna inom 3 arbetsdagar",
    "I06_besvarade_30_dagar": "Besvarade inom 30 dagar",
    "I07_median_dagar_till_aterkoppling": "Hälften hade svar efter",
    "I08_andel_aterkoppling_dag_60": "Har svar efter 60 dagar",
    "I13_bollade": "Skickade fram och tillbaka",
    "I10_atgarder_uppfoljda_i_tid": "Åtgärder uppföljda i tid",
    "I11_atgarder_effektiva": "Uppföljda åtgärder som hjälpte",
    "I12_aterkomst_efter_effektiv_atgard_90_dagar": "Kom tillbaka inom 90 dagar efter åtgärd som hjälpt",
    "I14_sip": "SIP-möten där alla kallade kom",
    "I15_aktiviteter_i_tid": "Aktiviteter i handlingsplanen klara i tid",
}
SIP = "I14_sip"
MEDIAN, CURVE_SHARE = "I07_median_dagar_till_aterkoppling", "I08_andel_aterkoppling_dag_60"


def indicator_rows(
    figures: Mapping[str, Mapping[str, Any]],
    goals: Mapping[str, str],
    *,
    about: Mapping[str, str] | None = None,
    names: Mapping[str, str] | None = None,
) -> tuple[IndicatorRow, ...]:
    """`figures` as indicators() gives them, I14 also as sip_figure() does. The rest by the same ids: `goals` in the
    group's own words, `about` what is to be said of a name, `names` those of a year whose definitions are frozen.
    """
    said, called = about or {}, names or {}
    rows = (
        _row(id_, _named(called.get(id_, name), said.get(id_, "")), figures[id_], goals.get(id_, ""))
        for id_, name in NAMES.items()
        if id_ in figures
    )
    return tuple(row for row in rows if row is not None)


def _named(name: str, about: str) -> str:
    return f"{name} ({about})" if about else name


def _row(id_: str, name: str, figure: Mapping[str, Any], goal: str) -> IndicatorRow | None:
    if id_ == MEDIAN:
        return _median(id_, name, figure, goal)
    if id_ == CURVE_SHARE:
        value = figure.get("value")
        return None if value is None else IndicatorRow(id_, name, "", _percent(value), "–", goal)
    if id_ == SIP:
        figure = figure["full_narvaro"]
    total = figure.get("denominator") or 0
    if not total:
        return None
    fraction = f"{figure['numerator']} av {total}"
    if figure.get("show") == "bara antal" or figure.get("ci95") is None:
        return IndicatorRow(id_, name, fraction, "–", "–", goal)
    low, high = figure["ci95"]
    interval = f"{_whole(100 * low)}–{_percent(high)}"
    return IndicatorRow(id_, name, fraction, _percent(figure["value"]), interval, goal)


def _median(id_: str, name: str, figure: Mapping[str, Any], goal: str) -> IndicatorRow | None:
    if not figure.get("n"):
        return None
    days, waiting = figure.get("value"), figure.get("censored") or 0
    fraction = f"{figure['n']} rapporter" + (f", {waiting} väntar" if waiting else "")
    return IndicatorRow(id_, name, fraction, "inte än" if days is None else f"{days} dagar", "–", goal)


def _percent(share: float) -> str:
    return f"{_whole(100 * share)} %"


def _whole(value: float) -> int:
    """Halves go up."""
    return floor(value + 0.5)
