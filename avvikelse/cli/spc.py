"""`flask spc compute`: control charts, run charts and Kaplan–Meier curves from JSON Lines. Needs no database.

Open when the layout of its lines changes: one case a line, as in tests/cases/spc_expected.json without the answers.
The computing is in analysis/spc and analysis/survival.
"""

from __future__ import annotations

import json
import sys
from codecs import BOM_UTF8
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from typing import TYPE_CHECKING, Any, TypeVar

import click

if TYPE_CHECKING:
    from avvikelse.analysis.spc.individuals import XmrChart, XmrPoint

BAD_INPUT = 2
MEASURED = frozenset({"xmr", "i", "mr", "run"})  # of any number; the others are of counts, or of times
Row = Mapping[str, Any]
Series = list[tuple[Any, Any, Any]]  # x, y, n
Choice = TypeVar("Choice", bound=StrEnum)

group = click.Group("spc", help="Styrdiagram: räkna gränser, tecken och ikoner.")


class BadCase(ValueError):
    """What is wrong with a case, as the end of a Swedish sentence."""


@group.command("compute")
def compute() -> None:
    """Läser ett fall per rad (JSON) och skriver en rad med svar för vart och ett.

    Fallen ser ut som i tests/cases/spc_expected.json, utan svaren. Rader som inte går att räkna på redovisas med
    radnummer. Slutar med 0 om alla räknades, 2 om någon rad var fel.
    """
    bad = False
    target = sys.stdout.buffer
    for number, line in enumerate(sys.stdin.buffer, start=1):
        if not line.strip():
            continue
        try:
            answer = answer_to(_read(line.removeprefix(BOM_UTF8) if number == 1 else line))
        except BadCase as error:
            bad = True
            click.echo(f"Rad {number} {error}", err=True)
            continue
        text = json.dumps(answer, ensure_ascii=False, allow_nan=False)
        target.write(text.encode("utf-8", "backslashreplace") + b"\n")
    target.flush()
    sys.exit(BAD_INPUT if bad else 0)


def answer_to(case: Row) -> dict[str, Any]:
    """`{"id", …}` for one case. Raises BadCase."""
    kind = case.get("chart_type")
    if not isinstance(kind, str) or kind not in _ANSWERS:
        raise BadCase(f"har ett chart_type som inte räknas här. Välj något av {', '.join(sorted(_ANSWERS))}.")
    params = case.get("params") or {}
    if not isinstance(params, dict):
        raise BadCase("har params som inte är ett JSON-objekt.")
    _check_numbers(params)
    try:
        return {"id": case.get("id"), **_ANSWERS[kind](case, params)}
    except BadCase:
        raise
    except (ValueError, TypeError, ArithmeticError, OverflowError):
        raise BadCase(
            "går inte att räkna på. Kontrollera att y och n är tal (eller null) och rimliga för diagrammet: antal och "
            "nämnare inte under 0, andelar högst 1, tider över 0."
        ) from None


def _read(line: bytes) -> Row:
    def refuse(_: str) -> Any:
        raise BadCase("har ett tal som inte är ett tal (NaN eller oändligt). Skriv null för ett värde som saknas.")

    try:
        case = json.loads(line.decode("utf-8"), parse_float=Decimal, parse_constant=refuse)
    except BadCase:
        raise
    except (ValueError, RecursionError):
        raise BadCase("är inte JSON i UTF-8.") from None
    if not isinstance(case, dict) or "id" not in case:
        raise BadCase('ska vara ett JSON-objekt med "id" och "chart_type".')
    return case


def _series(case: Row) -> Series:
    """The rows in the order of x: by day where all are days, by number where all are numbers, else as they stand."""
    y, n, x = (case.get(name) for name in ("y", "n", "x"))
    if not isinstance(y, list):
        raise BadCase("saknar y, en lista med tal.")
    for name, other in (("n", n), ("x", x)):
        if other is not None and (not isinstance(other, list) or len(other) != len(y)):
            raise BadCase(f"har inte lika många {name} som y.")
    for name, numbers in (("y", y), ("n", n or [])):
        _check_series(name, numbers, least=None if case["chart_type"] in MEASURED and name == "y" else 0)
    rows = list(zip(x or range(len(y)), y, n or [None] * len(y), strict=True))
    for key in (date.fromisoformat, Decimal):
        try:
            keys = [key(value) for value, _, _ in rows]
        except (ValueError, TypeError, ArithmeticError):
            continue
        if len(set(keys)) < len(keys):
            raise BadCase("har samma x flera gånger. Slå ihop värdena till ett per x.")
        return [row for _, row in sorted(zip(keys, rows, strict=True), key=lambda pair: pair[0])]
    return rows


def _check_series(name: str, numbers: Sequence[Any], *, least: int | None) -> None:
    for place, value in enumerate(numbers, start=1):
        if value is None:
            continue
        if not _is_number(value):
            raise BadCase(f"har {name} nummer {place} som inte är ett tal. Skriv null för ett värde som saknas.")
        if least is not None and value < least:
            raise BadCase(f"har {name} nummer {place} under {least}. Antal, nämnare och tider är aldrig det.")


def _check_numbers(params: Row) -> None:
    """What is given must be usable: a zero or a word would otherwise be taken for nothing given."""
    for name, what, allowed in _NUMBERS:
        value = params.get(name)
        if value is not None and not allowed(value):
            raise BadCase(f"har {name} som inte är {what}.")


def _is_number(value: Any) -> bool:
    return isinstance(value, int | Decimal) and not isinstance(value, bool)


def _is_whole(value: Any, least: int) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= least


_NUMBERS: tuple[tuple[str, str, Callable[[Any], bool]], ...] = (
    ("target", "ett tal", _is_number),
    *(
        (name, "ett tal över 0", lambda v: _is_number(v) and v > 0)
        for name in ("multiply", "multiplier", "d2", "mr_screen")
    ),
    *((name, "ett antal punkter, minst 1", lambda v: _is_whole(v, 1)) for name in ("freeze", "fix_after_n_points")),
    ("k", "ett antal punkter, minst 2", lambda v: _is_whole(v, 2)),
    *((name, "true eller false", lambda v: isinstance(v, bool)) for name in ("screen_outliers", "screened_mr")),
)


def _places(value: Any, name: str, among: int) -> list[int]:
    """Points by number, from 1. Raises BadCase for one that is not there: it is a slip, and would change nothing."""
    if value is None:
        return []
    listed = value if isinstance(value, list) else [value]
    if not all(_is_whole(place, 1) and place <= among for place in listed):
        raise BadCase(f"har ett {name} som inte är numret på någon punkt (1–{among}).")
    return listed


def _choice(params: Row, name: str, choices: type[Choice], default: Choice) -> Choice:
    value = params.get(name)
    if value is None:
        return default
    if not isinstance(value, str) or value not in {one.value for one in choices}:
        raise BadCase(f"har ett {name} som inte finns. Välj något av {', '.join(choices)}.")
    return choices(value)


# --- XmR --------------------------------------------------------------------------------------------------------------


def _xmr(case: Row, params: Row) -> dict[str, Any]:
    from avvikelse.analysis.spc.individuals import LIMIT, SCREEN, Improvement, xmr_chart
    from avvikelse.analysis.spc.rules import RUN_LENGTH, TwoOfThree

    rows = _series(case)
    rebase = params.get("rebase")
    days = {str(day) for day in (rebase if isinstance(rebase, list) else [rebase] if rebase else [])}
    starts = [place for place, (x, _, _) in enumerate(rows) if str(x) in days]
    if len(starts) < len(days):
        raise BadCase("har en rebase som inte är något av dess x.")
    excluded = [place - 1 for place in _places(params.get("exclude"), "exclude", len(rows))]
    chart = xmr_chart(
        [y for _, y, _ in rows],
        starts=starts,
        freeze=params.get("fix_after_n_points"),
        excluded=excluded,
        improvement=_choice(params, "improvement_direction", Improvement, Improvement.NEUTRAL),
        target=params.get("target"),
        k=params.get("k") or RUN_LENGTH,
        # A case that does not say comes from the R package, which reads the rule the earlier way.
        two_of_three=_choice(params, "two_of_three", TwoOfThree, TwoOfThree.PTD),
        screen=params.get("screen_outliers", True),
        multiplier=params.get("multiplier") or LIMIT,
        mr_screen=params.get("mr_screen") or SCREEN,
    )
    return _xmr_answer(chart, first_group=int(0 in starts))


def _xmr_answer(chart: XmrChart, first_group: int) -> dict[str, Any]:
    lines = [chart.segments[point.segment] for point in chart.points]
    return {
        "mean": [segment.mean for segment in lines],
        "lpl": [segment.lower for segment in lines],
        "upl": [segment.upper for segment in lines],
        "rebase_group": [point.segment + first_group for point in chart.points],
        "outside_limits": [point.outside for point in chart.points],
        "relative_to_mean": [point.side for point in chart.points],
        "close_to_limits": [point.near for point in chart.points],
        "special_cause_type": [special_cause(point, chart.k) for point in chart.points],
        "point_type": [point.judgement.value for point in chart.points],
        "short_group_warning": [segment.short for segment in lines],
        "variation_icon": chart.variation.value,
        "assurance_icon": chart.assurance.value if chart.assurance else None,
    }


def special_cause(point: XmrPoint, k: int) -> str:
    """The name that the field uses for a point's sign."""
    from avvikelse.analysis.spc.rules import Rule

    high = point.direction > 0
    names = {
        None: "Common Cause",
        Rule.OUTSIDE: "Above UCL" if high else "Below LCL",
        Rule.TREND: f"{k} Point Trend ({'In' if high else 'De'}creasing)",
        Rule.TWO_OF_THREE: f"2 in 3 {'Above' if high else 'Below'} CL",
        Rule.SHIFT: f"{k} Points {'Above' if high else 'Below'} CL",
    }
    return names[point.rule]


# --- charts of counts and shares --------------------------------------------------------------------------------------


def _control(case: Row, params: Row) -> dict[str, Any]:
    from avvikelse.analysis.spc.attributes import D2, SCREEN, WITH_DENOMINATOR, Kind, control_chart

    kind = Kind(case["chart_type"])
    if kind is Kind.RUN and case.get("y") is None and isinstance(case.get("x"), list):
        return _run_limits(case["x"])
    if kind in WITH_DENOMINATOR and case.get("n") is None:
        raise BadCase("saknar n, en lista med nämnare.")
    rows = _series(case)
    chart = control_chart(
        kind,
        [y for _, y, _ in rows],
        [n for _, _, n in rows] if case.get("n") is not None else None,
        parts=_places(params.get("part") or params.get("split_after"), "part", len(rows)),
        freeze=params.get("freeze"),
        exclude=_places(params.get("exclude"), "exclude", len(rows)),
        multiply=1 if (factor := params.get("multiply")) is None else factor,
        screened=bool(params.get("screened_mr", False)),
        d2=params.get("d2") or D2,
        screen=params.get("mr_screen") or SCREEN,
    )
    points = chart.points
    return {
        "plotted": [point.plotted for point in points],
        "cl": [point.centre for point in points],
        "lcl": [point.lower for point in points],
        "ucl": [point.upper for point in points],
        "lcl95": [point.lower_warning for point in points],
        "ucl95": [point.upper_warning for point in points],
        "sigma_signal": [point.outside for point in points],
        "part": [point.part for point in points],
        "runs": [
            {
                "part": number,
                "n_obs": found.observed,
                "n_useful": found.useful,
                "longest_run": found.longest,
                "longest_run_max": found.longest_max,
                "n_crossings": found.crossings,
                "n_crossings_min": found.crossings_min,
                "runs_signal": found.signal,
            }
            for number, found in enumerate(chart.runs, start=1)
        ],
    }


def _run_limits(useful: Sequence[int]) -> dict[str, Any]:
    """A run case without values: the limits for each number of useful points in x."""
    from avvikelse.analysis.spc.runs import least_crossings, longest_run_max

    return {
        "longest_run_max": [longest_run_max(n) for n in useful],
        "n_crossings_min": [least_crossings(n) for n in useful],
    }


# --- others -----------------------------------------------------------------------------------------------------------


def _survival(case: Row, _params: Row) -> dict[str, Any]:
    from avvikelse.analysis.survival import kaplan_meier

    times, status = case.get("y"), case.get("status")
    if isinstance(times, list):
        _check_series("y", times, least=0)
    if not isinstance(times, list) or not isinstance(status, list) or len(times) != len(status):
        raise BadCase("ska ha lika många y (tider) som status (1 = har hänt, 0 = väntar).")
    if any(value not in (0, 1, None) for value in status):
        raise BadCase("har en status som varken är 0 eller 1.")
    rows = [(t, bool(s)) for t, s in zip(times, status, strict=True) if t is not None and s is not None]
    curve = kaplan_meier(rows)
    low, high = curve.median_interval()
    numbers = {
        "median": curve.midpoint_median(),
        "median_lo": low,
        "median_hi": high,
        "q25": curve.midpoint_quantile(Fraction(1, 4)),
        "q75": curve.midpoint_quantile(Fraction(3, 4)),
        "median_smallest_t_with_S_le_half": curve.quantile(),
    }
    return {
        "times": [_plain(step.time) for step in curve.steps],
        "n_risk": [step.at_risk for step in curve.steps],
        "n_event": [step.events for step in curve.steps],
        "n_censor": [step.censored for step in curve.steps],
        "surv": [float(step.survival) for step in curve.steps],
        "events": curve.events,
        **{name: _plain(value) for name, value in numbers.items()},
    }


def _fdr(case: Row, _params: Row) -> dict[str, Any]:
    from avvikelse.analysis.probability import adjusted

    return {"adjusted": adjusted([float(p) for p in case["y"]])}


def _plain(value: Any) -> Any:
    return float(value) if isinstance(value, Decimal) else value


_ANSWERS: dict[str, Callable[[Row, Row], dict[str, Any]]] = {
    "xmr": _xmr,
    **dict.fromkeys(("run", "i", "mr", "c", "u", "up", "p", "pp", "t", "g"), _control),
    "kaplan-meier": _survival,
    "fdr": _fdr,
}
