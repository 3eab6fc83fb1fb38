"""Break the rules one place at a time, and see whether a test notices: `make mutants`, and a part of `make promises`.

A mutant is one small change in a file of RULES: a comparison turned, an `and` for an `or`, a member of a set or a row
of a table left out, True for False. A body that is changed meets, quickest first, the tests that run its lines; what
runs at import meets the tests of its file, and so does whatever is still alive. The first red test kills. What survives
is a hole in the tests, or a change that changes nothing: HARMLESS says why. docs/adr/0260

    python scripts/mutants.py [--minutes 40] [--file policy/redaction.py] [--result FILE.md] [--list]
"""

from __future__ import annotations

import argparse
import importlib
import random
import shutil
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from harmless_mutants import HARMLESS
from mutant_trials import AGREED, Learnt, Outcome, learn, try_imported, try_in_place
from mutations import Mutant, mutants_of

ROOT = Path(__file__).resolve().parents[1]
# The rules of flow and secrecy, and which tests know them.
RULES: dict[str, tuple[str, ...]] = {
    "domain/workflow.py": (AGREED, "tests/scenarios/test_main_job.py"),
    "domain/relation.py": (AGREED, "tests/unit/test_standing_in.py", "tests/integration/test_visibility_parity.py"),
    "domain/sekretess.py": (AGREED, "tests/scenarios/test_canaries.py"),
    "policy/permission_map.py": (AGREED, "tests/integration/test_permissions.py"),
    "policy/role_granting.py": (AGREED, "tests/unit/test_role_granting.py", "tests/integration/test_roles.py"),
    "policy/role_reach.py": (
        "tests/unit/test_role_granting.py",
        "tests/web/test_role_list.py",
    ),
    "policy/organisation.py": (
        "tests/unit/test_role_granting.py",
        "tests/web/test_organisation.py",
        "tests/web/test_contacts.py",
    ),
    "policy/visibility.py": (
        "tests/unit/test_measure_and_log_rules.py",
        "tests/integration/test_visibility_parity.py",
        "tests/integration/test_search_visibility.py",
        "tests/web/test_log_review.py",
    ),
    "policy/redaction.py": (
        "tests/unit/test_redaction.py",
        "tests/scenarios/test_canaries.py",
        "tests/scenarios/test_abuse.py",
    ),
    "policy/group_reading.py": (
        "tests/unit/test_group_reading.py",
        "tests/web/test_groups.py",
        "tests/scenarios/test_group_desk.py",
    ),
    "policy/measures.py": (
        "tests/unit/test_measure_and_log_rules.py",
        "tests/scenarios/test_effects.py",
        "tests/scenarios/test_canaries_measures.py",
    ),
}
SEED = 5
COPIED = ("avvikelse", "migrations", "templates", "tests", "docs", "config.py", "wsgi.py", "pyproject.toml")
LINKED = ("static",)
LIBRARIES = (
    "alembic.autogenerate", "alembic.command", "apscheduler.schedulers.background", "argon2", "flask_babel",
    "flask_login", "flask_sqlalchemy", "holidays", "html5lib", "hypothesis", "numpy", "psycopg", "scipy.optimize",
    "scipy.stats", "sklearn.cluster", "sklearn.feature_extraction.text", "structlog", "time_machine", "wtforms",
    "xlsxwriter",
)  # fmt: skip


def copy_of_project(folder: Path) -> None:
    for name in COPIED:
        source, target = ROOT / name, folder / name
        if source.is_dir():
            shutil.copytree(source, target, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(source, target)
    for name in LINKED:
        (folder / name).symlink_to(ROOT / name)


def load_libraries() -> None:
    """What the project imports and is not the project."""
    for name in LIBRARIES:
        importlib.import_module(name)


def chosen(file: str | None) -> list[Mutant]:
    """The mutants in an order that gives each file its share when time runs out; the same every time."""
    found = [
        mutant
        for name in RULES
        if file in {None, name}
        for mutant in mutants_of(name, (ROOT / "avvikelse" / name).read_text(encoding="utf-8"))
    ]
    random.Random(SEED).shuffle(found)
    return found


def tried(folder: Path, mutants: list[Mutant], learnt: Learnt, tests: list[str]) -> Iterator[tuple[Mutant, Outcome]]:
    """Each mutant with how it fared: first all meet what is quick, then those that are left meet everything."""
    imported = [mutant for mutant in mutants if not learnt.can_be_put_in_place(mutant)]
    in_place = [mutant for mutant in mutants if learnt.can_be_put_in_place(mutant)]
    alive = list[Mutant]()
    for mutant, outcome in try_in_place(folder, tests, [(m, learnt.quick(m)) for m in in_place], learnt):
        if outcome is Outcome.ELSEWHERE:
            imported.append(mutant)
        elif outcome is Outcome.ALIVE:
            alive.append(mutant)
        else:
            yield mutant, outcome
    alive_imported = list[Mutant]()
    for mutant in imported:
        known = AGREED in RULES[mutant.file]
        outcome = try_imported(folder, mutant, [AGREED], 60) if known else Outcome.ALIVE
        if outcome is Outcome.ALIVE:
            alive_imported.append(mutant)
        else:
            yield mutant, outcome
    trials = [(mutant, learnt.thorough(mutant, RULES[mutant.file], learnt.quick(mutant))) for mutant in alive]
    yield from try_in_place(folder, tests, trials, learnt)
    for mutant in alive_imported:
        all_tests = learnt.thorough(mutant, RULES[mutant.file])
        yield mutant, try_imported(folder, mutant, all_tests, learnt.limit(all_tests))


def reason(mutant: Mutant) -> str:
    """Why the change changes nothing; empty = nobody has said so."""
    return HARMLESS.get((mutant.file, mutant.text, mutant.what), "")


def lines(results: list[tuple[Mutant, Outcome]], known: int, minutes: float) -> list[str]:
    """The result, for docs/promises."""
    counted = Counter(outcome for _, outcome in results)
    by_file = Counter(mutant.file for mutant, _ in results)
    alive = Counter(mutant.file for mutant, outcome in results if outcome is Outcome.ALIVE)
    harmless = sum(1 for mutant, outcome in results if outcome is Outcome.ALIVE and reason(mutant))
    said = [
        f"{len(results)} av {known} prövade på {minutes:.0f} min",
        f"{counted[Outcome.DEAD]} upptäckta",
        f"{counted[Outcome.ALIVE]} överlevde, varav {harmless} inte ändrar något",
        f"{counted[Outcome.UNCLEAR]} oklara (hann inte, eller avbröts)",
    ]
    return [
        f"- Mutanter: {', '.join(said)}",
        *(f"  - {file}: {number} prövade, {alive[file]} överlevde" for file, number in sorted(by_file.items())),
        *(
            f"  - {outcome.value}: {mutant.file} rad {mutant.line}, {mutant.what}. {reason(mutant)}".rstrip()
            for mutant, outcome in results
            if outcome is not Outcome.DEAD
        ),
    ]


def main() -> int:
    """0 = all that were tried are dead or harmless, 1 = some are not, 2 = the tests are red without any mutant."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--minutes", type=float, help="begin no more after so long")
    parser.add_argument("--file", choices=RULES)
    parser.add_argument("--line", type=int, help="only what was changed in this line")
    parser.add_argument("--result", type=Path)
    parser.add_argument("--list", action="store_true", help="only count them")
    asked = parser.parse_args()
    mutants = [mutant for mutant in chosen(asked.file) if asked.line in {None, mutant.line}]
    if asked.list:
        print(*sorted(Counter(mutant.file for mutant in mutants).items()), len(mutants), sep="\n")
        return 0
    if asked.file is asked.line is None and (gone := set(HARMLESS) - {(m.file, m.text, m.what) for m in mutants}):
        print("HARMLESS nämner vad som inte finns:", *gone, sep="\n", file=sys.stderr)
        return 2
    load_libraries()
    began = time.monotonic()
    tests = list(dict.fromkeys(test for file in RULES if asked.file in {None, file} for test in RULES[file]))
    results = list[tuple[Mutant, Outcome]]()
    with tempfile.TemporaryDirectory(prefix="avvikelse-mutants-") as name:
        folder = Path(name)
        copy_of_project(folder)
        learnt = learn(folder, RULES, tests)
        if learnt is None:
            print("Proven är röda redan utan mutant.", file=sys.stderr)
            return 2
        for mutant, outcome in tried(folder, mutants, learnt, tests):
            results.append((mutant, outcome))
            if outcome is not Outcome.DEAD:
                print(f"{outcome.value}: {mutant.file}:{mutant.line} {mutant.what}", flush=True)
            if asked.minutes and time.monotonic() > began + asked.minutes * 60:
                break
    report = lines(results, len(mutants), (time.monotonic() - began) / 60)
    print(*report, sep="\n")
    if asked.result:
        with asked.result.open("a", encoding="utf-8") as result:
            result.write("\n".join(report) + "\n")
    holes = [m for m, outcome in results if outcome is Outcome.UNCLEAR or (outcome is Outcome.ALIVE and not reason(m))]
    return 1 if holes else 0


if __name__ == "__main__":
    sys.dont_write_bytecode = False  # or each twin compiles the whole project anew
    sys.exit(main())
