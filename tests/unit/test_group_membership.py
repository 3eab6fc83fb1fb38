"""Which groups a case belongs to, over the real packs and over small changes of them."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import pytest
from hypothesis import given
from hypothesis import strategies as st

from avvikelse.adapters.pack_file import own_packs, read_pack
from avvikelse.domain.group_membership import Membership, groups_of_case, kommuner_of
from avvikelse.domain.organisation import OrganisationMap
from avvikelse.domain.vocabulary import GroupLevel, SeesCases


@cache
def packs() -> dict[str, OrganisationMap]:
    return {slug: read_pack(path) for slug, path in own_packs().items()}


@pytest.fixture
def blekinge() -> OrganisationMap:
    return packs()["blekinge"]


def belongs(org: OrganisationMap, kommunkod: str | None, *types: str, inside: bool = False) -> Membership:
    return groups_of_case(org, kommunkod=kommunkod, types=types, inside_huvudman=inside)


def test_own_kommun_and_the_groups_above_count_it_and_the_lowest_is_home(blekinge: OrganisationMap) -> None:
    found = belongs(blekinge, "1081", "socialtjanst_bou", "bup")
    assert set(found.groups) == {"lokal-1081", "sg-barn-unga", "lsvo", "regionchefsgruppen"}
    assert found.home == "lokal-1081"


def test_groups_without_kommuner_anywhere_below_count_nothing(blekinge: OrganisationMap) -> None:
    assert kommuner_of(blekinge.groups["sg-vuxna"], blekinge) == frozenset()
    assert kommuner_of(blekinge.groups["sg-barn-unga"], blekinge) == frozenset(blekinge.kommuner)


def test_inside_one_huvudman_the_local_group_does_not_count_it(blekinge: OrganisationMap) -> None:
    found = belongs(blekinge, "1081", "vardcentral", "bup", inside=True)
    assert "lokal-1081" not in found.groups
    assert found.home == "sg-barn-unga"


def test_an_intern_group_counts_only_what_stays_inside(blekinge: OrganisationMap) -> None:
    intern = replace(blekinge.groups["lokal-1081"], id="intern-1081", level=GroupLevel.INTERN, parent=None)
    org = replace(blekinge, groups={**blekinge.groups, intern.id: intern})
    assert intern.id in belongs(org, "1081", "vardcentral", "bup", inside=True).groups
    assert intern.id not in belongs(org, "1081", "socialtjanst_bou", "bup").groups


def test_without_kommun_or_group_it_is_registered_nowhere(blekinge: OrganisationMap) -> None:
    assert belongs(blekinge, None, "bup") == Membership((), None)
    assert belongs(blekinge, "2380", "bup") == Membership((), None)


@pytest.mark.parametrize("change", [{"active": False}, {"sees": SeesCases.NEJ}, {"kinds": ("polis",)}])
def test_a_group_that_rests_sees_nothing_or_is_for_others_does_not_count_it(
    blekinge: OrganisationMap, change: dict[str, object]
) -> None:
    group = replace(blekinge.groups["lokal-1081"], **change)  # type: ignore[arg-type]
    org = replace(blekinge, groups={**blekinge.groups, group.id: group})
    assert "lokal-1081" not in belongs(org, "1081", "socialtjanst_bou", "bup").groups


def test_sspf_has_no_bup() -> None:
    org = packs()["jamtland-harjedalen"]
    with_police = belongs(org, "2380", "socialtjanst_bou", "polis")
    assert {"sspf", "birger"} <= set(with_police.groups)
    assert with_police.home == "sspf"
    with_bup = belongs(org, "2380", "socialtjanst_bou", "bup")
    assert "sspf" not in with_bup.groups
    assert with_bup.home == "birger"


def test_kaa_is_seen_in_the_network_of_elevhalsochefer() -> None:
    org = packs()["jamtland-harjedalen"]
    assert {"elevhalsochefer", "lpo-ph"} <= set(belongs(org, "2380", "ungdomsmottagning", "kaa").groups)


@given(st.data())
def test_every_group_that_counts_a_case_may_see_it(data: st.DataObject) -> None:
    org = packs()[data.draw(st.sampled_from(sorted(packs())))]
    kinds = sorted({unit.kind for unit in org.units.values()})
    types = data.draw(st.lists(st.sampled_from(kinds), max_size=2))
    kommunkod, inside = data.draw(st.sampled_from(org.kommuner)), data.draw(st.booleans())
    found = belongs(org, kommunkod, *types, inside=inside)
    assert (found.home is None) == (not found.groups)
    assert found.home is None or found.home in found.groups
    for slug in found.groups:
        group = org.groups[slug]
        assert group.active
        assert group.sees is not SeesCases.NEJ
        assert kommunkod in kommuner_of(group, org)
        assert group.kinds is None or set(types) <= set(group.kinds)
        assert not inside or kommuner_of(group, org) >= frozenset(org.kommuner) or group.level is GroupLevel.INTERN
