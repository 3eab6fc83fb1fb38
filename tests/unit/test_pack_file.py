"""Reading organisation packs: the real ones are whole; each mistake is named with file, table, id and remedy."""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import tomli_w

from avvikelse.adapters.pack_file import PackInvalid, PackProblem, own_packs, read_pack, read_tables
from avvikelse.domain.codes import known_unit_type

Tables = dict[str, Any]
Problems = Callable[[], tuple[PackProblem, ...]]
Spoil = Callable[[Tables], None]
VC = "chef-vc-ronneby"


@pytest.fixture
def tables() -> Tables:
    """A real pack, free to spoil."""
    return tomllib.loads(own_packs()["blekinge"].read_text(encoding="utf-8"))


@pytest.fixture
def problems(tmp_path: Path, tables: Tables) -> Problems:
    """What is said about `tables` as they are now; empty when the file is right."""

    def read() -> tuple[PackProblem, ...]:
        path = tmp_path / "prov.toml"
        path.write_text(tomli_w.dumps(tables), encoding="utf-8")
        try:
            read_tables(path)
        except PackInvalid as refused:
            return refused.problems
        return ()

    return read


def row(tables: Tables, table: str, slug: str) -> dict[str, Any]:
    return next(row for row in tables[table] if row["id"] == slug)


@pytest.mark.parametrize("slug", sorted(own_packs()))
def test_our_own_packs_are_whole(slug: str) -> None:
    organisation = read_pack(own_packs()[slug])
    assert organisation.pack == slug
    assert organisation.units
    assert all(known_unit_type(unit.kind) for unit in organisation.units.values())


def test_an_unspoilt_copy_has_no_problems(problems: Problems) -> None:
    assert problems() == ()


def change(table: str, slug: str, key: str, value: object) -> Spoil:
    def spoil(tables: Tables) -> None:
        row(tables, table, slug)[key] = value

    return spoil


def without(table: str, slug: str, key: str) -> Spoil:
    def spoil(tables: Tables) -> None:
        del row(tables, table, slug)[key]

    return spoil


def twice(tables: Tables) -> None:
    tables["verksamhet"].append(dict(row(tables, "verksamhet", "vc-ronneby")))


def ring_of_organisations(tables: Tables) -> None:
    row(tables, "organisation", "hsn")["overordnad"] = "nara-vard"


def ring_of_three_substitutes(tables: Tables) -> None:
    ring = ("chef-vc-ronneby", "chef-um-ronneby", "chef-bvc-ronneby")
    for slug, substitute in zip(ring, (*ring[1:], ring[0]), strict=True):
        row(tables, "chefsposition", slug)["ersattare"] = substitute


@pytest.mark.parametrize(
    ("spoil", "table", "slug"),
    [
        (twice, "verksamhet", "vc-ronneby"),
        (without("verksamhet", "vc-ronneby", "sekretessomrade"), "verksamhet", "vc-ronneby"),
        (change("verksamhet", "vc-ronneby", "sekretessomrade", "ingen/social"), "verksamhet", "vc-ronneby"),
        (change("verksamhet", "vc-ronneby", "typ", "trollkarl"), "verksamhet", "vc-ronneby"),
        (change("verksamhet", "vc-ronneby", "alder", [17, 0]), "verksamhet", "vc-ronneby"),
        (change("verksamhet", "vc-ronneby", "kommuner", ["9999"]), "verksamhet", "vc-ronneby"),
        (change("verksamhet", "vc-ronneby", "ersatt_av", "finns-inte"), "verksamhet", "vc-ronneby"),
        (change("verksamhet", "vc-ronneby", "aktiv_fran", "i höstas"), "verksamhet", "vc-ronneby"),
        (change("verksamhet", "vc-ronneby", "namnn", "felstavat"), "verksamhet", "vc-ronneby"),
        (change("huvudman", "kommun-1081", "typ", "kungarike"), "huvudman", "kommun-1081"),
        (change("chefsposition", VC, "ersattare", VC), "chefsposition", VC),
        (change("chefsposition", "chef-vc-ronneby", "organisation", "nara-vard"), "chefsposition", "chef-vc-ronneby"),
        (change("samverkansgrupp", "lsvo", "motesmanader", [0, 13]), "samverkansgrupp", "lsvo"),
        (change("samverkansgrupp", "regionchefsgruppen", "overordnad", "lokal-1081"), "samverkansgrupp", "lokal-1081"),
        (change("tidsfrist", "svar", "varde", -1), "tidsfrist", "svar"),
        (change("rapportplikt", "rp-lsvo", "till", "finns-inte"), "rapportplikt", "rp-lsvo"),
        (ring_of_organisations, "organisation", "hsn"),
        (ring_of_three_substitutes, "chefsposition", "chef-vc-ronneby"),
    ],
)
def test_a_mistake_is_named_where_it_stands(
    tables: Tables, problems: Problems, spoil: Spoil, table: str, slug: str
) -> None:
    spoil(tables)
    found = problems()
    assert (table, slug) in {(problem.table, problem.id) for problem in found}
    assert all(problem.file == "prov.toml" and problem.problem and problem.what_to_do for problem in found)


def test_all_mistakes_are_told_at_once(tables: Tables, problems: Problems) -> None:
    row(tables, "verksamhet", "vc-ronneby")["typ"] = "trollkarl"
    row(tables, "samverkansgrupp", "lsvo")["motesmanader"] = [13]
    assert {problem.id for problem in problems()} == {"vc-ronneby", "lsvo"}


def test_two_who_stand_in_for_each_other_are_no_mistake(tables: Tables, problems: Problems) -> None:
    assert row(tables, "chefsposition", "chef-bup-karlskrona")["ersattare"] == "chef-bup-karlshamn"
    assert row(tables, "chefsposition", "chef-bup-karlshamn")["ersattare"] == "chef-bup-karlskrona"
    assert problems() == ()


def test_what_is_not_toml_or_not_there_is_refused_with_a_remedy(tmp_path: Path) -> None:
    broken = tmp_path / "trasig.toml"
    broken.write_text("[paket\n", encoding="utf-8")
    for path in (broken, tmp_path / "finns-inte.toml"):
        with pytest.raises(PackInvalid) as refused:
            read_pack(path)
        (problem,) = refused.value.problems
        assert problem.file == path.name
        assert problem.what_to_do
