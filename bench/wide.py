"""How long does it take to publish wide tables in a län whose groups lie in three levels and share cases?

    python -m bench.wide [--cases 1500] [--kommuner 9] [--months 6,12] [--seed 1]

Made-up counts, no database: reading them is a handful of queries, and the time is in the computing. Each kommun has a group, half of
them a group in between, and the län one of its own; they publish in that order, once for each of the months. Prints a line each.
"""

from __future__ import annotations

import argparse
import random
import time
from collections import Counter
from collections.abc import Sequence

from avvikelse.analysis.month_wide import CannotPublish, Made, publish
from avvikelse.analysis.publication_family import Counts, Family, FamilyTable
from avvikelse.domain.broad_parties import BROAD
from avvikelse.domain.codes import CATEGORY_GROUPS

BETWEEN, LAN = 98, 99
OUTSIDE, ALSO = 0.05, 0.05  # cases of the län alone, and of two kommuner


def main(argv: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--cases", type=int, default=1500)
    parser.add_argument("--kommuner", type=int, default=9)
    parser.add_argument("--months", default="6,12")
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args(argv)
    counts = made_up(given.cases, given.kommuner, random.Random(given.seed))
    told: list[FamilyTable] = []
    own: dict[int, tuple[Made, ...]] = {}
    for months in map(int, given.months.split(",")):
        for group in (*range(1, given.kommuner + 1), BETWEEN, LAN):
            began, used = time.perf_counter(), time.process_time()
            said = publish_one(counts, told, own, group, months)
            print(
                f"month {months:2}  group {group:2}  {time.perf_counter() - began:6.1f} s  "
                f"{time.process_time() - used:6.1f} s of processor  {said}",
                flush=True,
            )


def made_up(number: int, kommuner: int, chance: random.Random) -> tuple[Counts, ...]:
    """A year's cases: few kommuner have many, few categories are common."""
    weights = [1 / n**0.8 for n in range(1, kommuner + 1)]
    common = [1 / n**0.6 for n in range(1, len(CATEGORY_GROUPS) + 1)]
    parties = [1 / n for n in range(1, len(BROAD) + 1)]
    found: Counter[tuple[frozenset[int], int, str, str]] = Counter()
    for _ in range(number):
        (kommun,) = chance.choices(range(1, kommuner + 1), weights)
        groups = {LAN} if chance.random() < OUTSIDE else {LAN, kommun}
        groups |= {chance.randint(1, kommuner)} if chance.random() < ALSO else set()
        groups |= {BETWEEN} if kommun % 2 else set()
        (about,), (party,) = chance.choices(CATEGORY_GROUPS, common), chance.choices(BROAD, parties)
        found[frozenset(groups), chance.randint(1, 12), about, party] += 1
    return tuple(Counts(*key, count) for key, count in found.items())


def publish_one(
    counts: Sequence[Counts], told: list[FamilyTable], own: dict[int, tuple[Made, ...]], group: int, months: int
) -> str:
    """As queries/wide.py and services/wide.py do it. Says what came of it."""
    by_month: list[Counter[tuple[str, str]]] = [Counter() for _ in range(months)]
    beside = {group, *(table.group for table in told)}
    shared: Counter[tuple[frozenset[int], int, str, str]] = Counter()
    for one in counts:
        if group in one.groups and one.month <= months:
            by_month[one.month - 1][one.row, one.column] += one.number
        if one.groups & beside:
            shared[one.groups & beside, one.month, one.row, one.column] += one.number
    family = Family(group, tuple(Counts(*key, count) for key, count in shared.items()), tuple(told))
    try:
        made = publish(
            2026, by_month, CATEGORY_GROUPS, BROAD, own.get(group, ()),
            family=family if any(table.group != group for table in told) else None,
        )  # fmt: skip
    except CannotPublish as error:
        return str(error)
    own[group] = (*own.get(group, ()), made)
    table = made.table
    told.append(FamilyTable(group, table.months, table.rows, table.columns, table.hidden))
    return f"{len(table.rows)} x {len(table.columns)}, {len(table.hidden)} hidden"


if __name__ == "__main__":
    main()
