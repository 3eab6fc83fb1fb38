"""A file of made-up cases of any size for the benchmark, from the sixty of the tests. Open to change how they are spread."""

from __future__ import annotations

import csv
import json
import re
from datetime import datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
PATTERNS = ROOT / "tests" / "cases" / "earlier_cases.jsonl"
KOMMUNER = ROOT / "avvikelse" / "data" / "kommuner.csv"
FAVOURITE = ("23", "2380")  # so many cases happen here that somebody's list fills fifty rows, whatever the size:
FAVOURITE_CASES = 800  # growth is what others' cases cost the same person, so her own must be as many in both
REGIONAL_UNITS = 20
DAYS_BACK = 900
GOTLAND = "09"


def write(path: Path, count: int, seed: int = 1) -> None:
    """`count` lines, the same for the same seed, in the order of their days."""
    random = Random(seed)
    kommuner = [(row["lanskod"], row["kommunkod"]) for row in csv.DictReader(KOMMUNER.open(encoding="utf-8"))]
    kommuner = [place for place in kommuner if place[0] != GOTLAND]
    patterns = [json.loads(line) for line in PATTERNS.read_text(encoding="utf-8").splitlines()]
    patterns = [pattern for pattern in patterns if pattern["lanskod"] != GOTLAND]
    elsewhere = [place for place in kommuner if place != FAVOURITE]
    every = max(1, count // FAVOURITE_CASES)
    moved = []
    for number in range(count):
        place = FAVOURITE if number % every == 0 else random.choice(elsewhere)
        regional = 1 if place == FAVOURITE else random.randint(1, REGIONAL_UNITS)
        case = _moved(patterns[number % len(patterns)], place, regional, random.randint(0, DAYS_BACK))
        moved.append(case | {"id": f"B-{number:07d}"})
    moved.sort(key=lambda case: case["rapporterad"])
    with path.open("w", encoding="utf-8") as file:
        for case in moved:
            file.write(json.dumps(case, ensure_ascii=False, separators=(",", ":")) + "\n")


def _moved(case: dict[str, Any], place: tuple[str, str], regional: int, days: int) -> dict[str, Any]:
    """The case in another kommun, with another of the region's units, some days earlier."""
    lan, kommun = place

    def unit(slug: str | None) -> str | None:
        if slug is None or slug == "koordinator":
            return slug
        slug = re.sub(r"-\d{4}$", f"-{kommun}", slug)
        return re.sub(r"-\d\d(-\d+)?$", lambda m: f"-{lan}-{regional}" if m[1] else f"-{lan}", slug)

    def earlier(text: str) -> str:
        form = "%Y-%m-%dT%H:%M" if "T" in text else "%Y-%m-%d"
        return (datetime.strptime(text, form) - timedelta(days=days)).strftime(form)

    units = {
        name: unit(case[name])
        for name in case
        if name.startswith(("rapportor_", "mottagare_", "ratt_")) and not name.endswith("_typ")
    }
    history = [[word, earlier(at), unit(where)] for word, at, where in case["historik"]]
    days_moved = {name: earlier(case[name]) for name in ("rapporterad", "handelsedatum")}
    return case | units | days_moved | {"lanskod": lan, "kommunkod": kommun, "historik": history}
