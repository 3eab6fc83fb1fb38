"""Does the learning find what is there? Cases with known changes, and what the signals make of them.

    python -m bench.learning --cases cases.jsonl --truth truth.json [--database sqlite:///… | --no-database] [--only-cost]

The files come from the generator of cases with its truth. Without --database they are loaded (`flask cases load`) into a
new SQLite file in a temporary directory; with it, they are taken to be there. Prints what is found, what is not, how much is
false, and what making a group's signals costs. With --only-cost no truth is judged.

A signal is false when none of the changes put in touches its cell in the window that it compares (the three months). A cell
of a kommun is touched by what was put into the län too, and a county cell by what was put into one of its kommuner.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from itertools import groupby
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, create_engine, select
from sqlalchemy.orm import Session

from avvikelse.analysis.scan import RECENT_MONTHS, CellKind, Counted, Signal
from avvikelse.analysis.signals import WINDOW, SignalFacts, Signals, signals
from avvikelse.analysis.spc.individuals import XmrChart
from avvikelse.domain.months import shift
from avvikelse.models import schema
from avvikelse.models.groups import Samverkansgrupp
from avvikelse.models.organisation import Pack
from avvikelse.queries.signals import group_signals

FIRST = 5  # the first month with three recent and three earlier ones
TODAY = date(2100, 1, 1)  # every month is over

Key = tuple[int, str, str, str, str]  # month, theme, sender, receiver, kommun


# the generator's names of categories, and our codes
CODES = {
    "sip_kallelse": "A2", "sip_narvaro": "A1", "sip_kvalitet": "A7", "remiss": "C1", "ansvar": "B1",
    "tillganglighet": "I1", "information": "D1", "orosanmalan": "E3", "sekretess": "D3", "overgang": "H2",
    "placering": "G1", "utskrivning": "H3", "franvaro": "F3", "it_stod": "D5", "utredning_sprak": "B4", "ovrigt": "X1",
}  # fmt: skip


@dataclass(slots=True)
class Tally:
    tested: int = 0
    signals: int = 0
    false: list[str] = field(default_factory=list)
    false_by_kind: dict[str, int] = field(default_factory=dict)
    charts: int = 0
    chart_false: int = 0
    found: dict[str, str] = field(default_factory=dict)
    seconds: list[float] = field(default_factory=list)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--cases", type=Path)
    parser.add_argument("--truth", type=Path, required=True)
    parser.add_argument("--database", help="en databas där ärendena redan finns")
    parser.add_argument("--no-database", action="store_true", help="räkna direkt ur filen: snabbt, samma analys")
    parser.add_argument("--only-cost", action="store_true")
    options = parser.parse_args()
    truth = json.loads(options.truth.read_text("utf-8"))
    if options.no_database:
        report(judge_file(options.cases, truth), truth)
        return
    with tempfile.TemporaryDirectory() as folder:
        url = options.database or load(options.cases, Path(folder))
        schema.load_models()
        engine = create_engine(url)
        report(judge(engine, truth, only_cost=options.only_cost), truth)
        engine.dispose()


def load(cases: Path, folder: Path) -> str:
    env = {**os.environ, "AVVIKELSE_ENV": "test", "AVVIKELSE_INSTANCE": str(folder)}
    flask = [sys.executable, "-m", "flask", "--app", "wsgi"]
    started = time.perf_counter()
    for command in (["database", "keys"], ["database", "upgrade"], ["cases", "load", str(cases)]):
        subprocess.run([*flask, *command], env=env, check=True)
    print(f"Inläsning: {time.perf_counter() - started:.0f} s")
    return f"sqlite:///{folder / 'avvikelse.sqlite3'}"


# --- the judge --------------------------------------------------------------------------------------------------------


def judge(engine: Engine, truth: dict[str, Any], *, only_cost: bool) -> Tally:
    tally, months = Tally(), truth["manader"]
    with Session(engine) as session:
        groups = session.execute(
            select(Samverkansgrupp.id, Pack.lanskod)
            .join(Pack, Pack.id == Samverkansgrupp.pack_id)
            .where(Samverkansgrupp.slug.like("lansgrupp-%"))
            .order_by(Pack.lanskod)
        ).all()
        for group_id, lan in groups:
            for place in [len(months) - 1] if only_cost else range(FIRST, len(months)):
                started = time.perf_counter()
                made = group_signals(session, group_id, months[place], today=TODAY)
                tally.seconds.append(time.perf_counter() - started)
                if not only_cost:
                    judge_month(tally, made, truth["signaler"], Place(lan, place, months))
    return tally


def judge_file(cases: Path, truth: dict[str, Any]) -> Tally:
    """The counts that queries/signals.py would read, straight from the file; the receiver is the right one."""
    tally, months = Tally(), truth["manader"]
    places = {month: place for place, month in enumerate(months)}
    counts: dict[str, Counter[Key]] = defaultdict(Counter)
    returned: dict[str, Counter[Key]] = defaultdict(Counter)
    units: dict[str, set[tuple[Key, int | None]]] = defaultdict(set)
    unit_ids: dict[str, int] = {}
    for line in cases.open("rb"):
        row = json.loads(line)
        lan, receiver = row["lanskod"], row["ratt_mottagare_enhet"].partition("-")[0]
        key = (places[row["rapporterad"][:7]], row["kategori"], row["rapportor_typ"], receiver, row["kommunkod"])
        way = [unit for unit, _ in groupby(step[2] for step in row["historik"] if step[2] not in {None, "koordinator"})]
        counts[lan][key] += 1
        returned[lan][key] += len(set(way)) < len(way)
        units[lan].add((key, unit_ids.setdefault(row["rapportor_enhet"], len(unit_ids) + 1)))
    for lan in sorted(counts):
        for place in range(FIRST, len(months)):
            first = place - WINDOW + 1
            facts = SignalFacts(
                lan,
                tuple(shift(months[place], n) for n in range(1 - WINDOW, 1)),
                tuple(
                    Counted(key[0] - first, *key[1:], number, returned[lan][key])
                    for key, number in counts[lan].items()
                    if first <= key[0] <= place
                ),
                tuple(
                    (Counted(WINDOW - 1, *key[1:], 1), unit)
                    for key, unit in units[lan]
                    if place - RECENT_MONTHS < key[0] <= place
                ),
                months[0],
            )
            started = time.perf_counter()
            made = signals(facts)
            tally.seconds.append(time.perf_counter() - started)
            judge_month(tally, made, truth["signaler"], Place(lan, place, months))
    return tally


@dataclass(frozen=True, slots=True)
class Place:
    """One group's month: the län, and its number in the truth's months."""

    lan: str
    place: int
    months: list[str]


def judge_month(tally: Tally, made: Signals, put_in: dict[str, Any], here: Place) -> None:
    tally.tested += made.tested
    for signal in made.cells:
        if signal.signal:
            judge_signal(tally, signal, put_in, here)
    for chart in made.charts:
        if chart.chart is not None:
            judge_chart(tally, chart.theme, chart.months, chart.chart, put_in, here)
    for bounce in put_in["B"]:
        if bounce["lanskod"] == here.lan and bounce["fran"] <= here.place:
            for row in made.routes:
                if (row.sender, row.receiver) == (bounce["rapportor"], bounce["mottagare"]) and row.stands_out:
                    share = f"{row.returned.count} av {row.returned.total}"
                    tally.found.setdefault(
                        bounce["id"], f"{row.sender} → {row.receiver}, {here.months[here.place]}: {share}"
                    )


def judge_signal(tally: Tally, signal: Signal, put_in: dict[str, Any], here: Place) -> None:
    tally.signals += 1
    causes = list(causes_of(signal, put_in, here.lan, here.place))
    month = here.months[here.place]
    for cause in causes:
        tally.found.setdefault(cause, f"{signal.cell.name}, {month}: {signal.a} mot {signal.expected:.0f}")
    if not causes:
        tally.false.append(f"{here.lan} {month} {signal.cell.name}: {signal.sentence}")
        kind = signal.cell.kind.value
        tally.false_by_kind[kind] = tally.false_by_kind.get(kind, 0) + 1


def judge_chart(
    tally: Tally, theme: str, months: tuple[str, ...], chart: XmrChart, put_in: dict[str, Any], here: Place
) -> None:
    tally.charts += 1
    changes = [c for c in put_in["M"] if (c["lanskod"], CODES[c["kategori"]]) == (here.lan, theme)]
    for change in changes:
        inside = [point for point, month in zip(chart.points, months, strict=True) if month in change["manader"]]
        if any(point.direction == (1 if change.get("faktor", 2) > 1 else -1) for point in inside):
            tally.found.setdefault(f"{change['id']} diagram", f"{theme}, sidan för {here.months[here.place]}")
    if chart.points[-1].rule and not any(window(change, here.place, WINDOW - 1) for change in changes):
        tally.chart_false += 1


def window(change: dict[str, Any], place: int, back: int = 2) -> bool:
    return bool(change["fran"] <= place and change["till"] >= place - back)


def causes_of(signal: Signal, put_in: dict[str, Any], lan: str, place: int) -> Iterator[str]:
    for change in put_in["M"]:
        if change["lanskod"] == lan and CODES[change["kategori"]] == signal.cell.theme and window(change, place):
            yield change["id"]
    for change in put_in["R"]:
        if CODES[change["kategori"]] == signal.cell.theme and window(change, place):
            kommuner = change["kommuner"]
            here = kommuner == "nationellt" or any(kommun.startswith(lan) for kommun in kommuner)
            where = {
                CellKind.KOMMUN: kommuner == "nationellt" or signal.cell.place in kommuner,
                CellKind.PAIR: signal.cell.place == f"{change['rapportor']}>{change['mottagare']}",
                CellKind.RECEIVER: signal.cell.place == change["mottagare"],
                CellKind.GROUP: True,
            }[signal.cell.kind]
            if here and where:
                yield f"{change['id']} {signal.cell.kind.value}"


def report(tally: Tally, truth: dict[str, Any]) -> None:
    print(
        f"{truth['n']} ärenden, {len(tally.seconds)} gruppmånader, {statistics.median(tally.seconds):.3f} s i median,"
    )
    print(f"som mest {max(tally.seconds):.3f} s per gruppmånad.")
    if not tally.tested:
        return
    share = len(tally.false) / tally.tested
    print(
        f"Prövade celler {tally.tested}, tecken {tally.signals}, falska {len(tally.false)} ({share:.2%} av de prövade)"
    )
    print(f"Falska per slag: {tally.false_by_kind}")
    print(f"Falska per län: {Counter(line[:2] for line in tally.false).most_common(6)}")
    print(f"Falska per kalendermånad: {sorted(Counter(line[8:10] for line in tally.false).items())}")
    print(f"Diagram {tally.charts}, tecken på sista punkten utan inlagd ändring {tally.chart_false}")
    for key, value in sorted(tally.found.items()):
        print(f"  hittad {key}: {value}")
    wanted = [
        "M2 diagram",
        "M3 diagram",
        "M4 diagram",
        "M1",
        "M5",
        "B1",
        *(f"{r['id']} kommun" for r in truth["signaler"]["R"]),
    ]
    print("Inte hittade:", ", ".join(key for key in wanted if key not in tally.found) or "inga")
    for line in tally.false[:10]:
        print("  falsk", line)


if __name__ == "__main__":
    main()
