"""Which group pages exist for whom: each sign of the rule, and its denied twin.."""

from __future__ import annotations

from dataclasses import replace

import pytest

from avvikelse.domain.actor import NOBODY, Actor, Grant
from avvikelse.domain.vocabulary import GroupLevel, Role, SeesCases
from avvikelse.policy.group_reading import (
    GroupFacts,
    Reading,
    ancestors,
    area,
    children,
    desk_reading,
    next_above,
    reading,
)

TOP = GroupFacts(
    1, 1, "Länet", GroupLevel.STRATEGISK, SeesCases.ENSKILDA, True, None, frozenset(), None, None
)  # fmt: skip
LOCAL = replace(TOP, id=2, name="Orten", level=GroupLevel.LOKAL, parent_id=1, kommuner=frozenset({"1080"}))
BESIDE = replace(LOCAL, id=3, name="Byn", kommuner=frozenset({"1081"}))
GROUPS = {group.id: group for group in (TOP, LOCAL, BESIDE)}


def somebody(role: Role, group_id: int) -> Actor:
    return Actor(1, "Någon", (Grant(role, group_id=group_id),))


def among(*changed: GroupFacts) -> dict[int, GroupFacts]:
    return GROUPS | {group.id: group for group in changed}


@pytest.mark.parametrize("read", [reading, desk_reading])
@pytest.mark.parametrize(("role", "decides"), [(Role.SAMMANKALLANDE, True), (Role.MEDLEM, False)])
def test_the_own_group_is_read_and_its_convenor_decides(read, role, decides):
    mine = read(somebody(role, 2), GROUPS, 2)
    assert (mine.group, mine.own, mine.may_decide) == (LOCAL, True, decides)


@pytest.mark.parametrize("read", [reading, desk_reading])
@pytest.mark.parametrize("role", [Role.SAMORDNARE, Role.CHEF])
def test_another_role_with_the_groups_id_reads_nothing(read, role):
    assert read(somebody(role, 2), GROUPS, 2) is None


@pytest.mark.parametrize("read", [reading, desk_reading])
def test_who_is_nobody_and_a_group_that_is_none_read_nothing(read):
    member = somebody(Role.MEDLEM, 2)
    assert read(NOBODY, GROUPS, 2) is None
    assert read(replace(member, user_id=None), GROUPS, 2) is None
    assert read(member, GROUPS, 9) is None
    assert read(member, among(replace(LOCAL, active=False)), 2) is None
    assert read(member, GROUPS, 3) is None
    assert read(member, GROUPS, 1) is None  # from below nobody reads what is above


def test_a_group_that_gets_no_cases_has_a_desk_for_its_own_and_no_month():
    silent = among(replace(LOCAL, sees=SeesCases.NEJ))
    member, convenor = somebody(Role.MEDLEM, 2), somebody(Role.SAMMANKALLANDE, 2)
    assert reading(member, silent, 2) is None
    desk = silent[2]
    assert desk_reading(member, silent, 2) == Reading(desk, own=True, may_decide=False)
    assert desk_reading(convenor, silent, 2) == Reading(desk, own=True, may_decide=True)
    assert desk_reading(somebody(Role.MEDLEM, 1), silent, 2) is None
    assert desk_reading(replace(member, user_id=None), silent, 2) is None


@pytest.mark.parametrize("role", [Role.SAMMANKALLANDE, Role.MEDLEM])
@pytest.mark.parametrize("sees", [SeesCases.ENSKILDA, SeesCases.SAMMANSTALLNING])
def test_the_group_above_reads_along_and_decides_nothing(role, sees):
    groups = among(replace(LOCAL, sees=sees))
    assert reading(somebody(role, 1), groups, 2) == Reading(groups[2], own=False, may_decide=False)


SCHOOLS = frozenset({"skola"})


@pytest.mark.parametrize(
    "changed",
    [
        (replace(TOP, active=False),),
        (replace(TOP, sees=SeesCases.SAMMANSTALLNING),),
        (replace(LOCAL, sees=SeesCases.PA_BEGARAN),),
        (replace(LOCAL, level=GroupLevel.INTERN),),
        (replace(TOP, kinds=SCHOOLS),),
        (replace(TOP, kinds=SCHOOLS), replace(LOCAL, kinds=SCHOOLS | {"bup"})),
        (replace(LOCAL, parent_id=None),),
    ],
)
def test_the_group_above_does_not_read_along_when_one_sign_is_missing(changed):
    assert reading(somebody(Role.MEDLEM, 1), among(*changed), 2) is None


def test_the_same_kinds_of_units_above_and_below_are_read_along():
    same = among(replace(TOP, kinds=SCHOOLS), replace(LOCAL, kinds=SCHOOLS))
    assert reading(somebody(Role.MEDLEM, 1), same, 2) is not None


def test_a_question_is_lifted_past_groups_that_are_gone_or_ask_for_nothing():
    high = replace(TOP, id=4, name="Riket", sees=SeesCases.SAMMANSTALLNING)
    assert next_above(GROUPS, LOCAL) == TOP
    assert next_above(GROUPS, TOP) is None
    for passed in (
        replace(TOP, active=False),
        replace(TOP, sees=SeesCases.PA_BEGARAN),
        replace(TOP, sees=SeesCases.NEJ),
    ):
        assert next_above(among(replace(passed, parent_id=4), high), LOCAL) == high


def test_what_is_below_and_above_and_where():
    assert children(GROUPS, TOP) == (BESIDE, LOCAL)
    assert children(among(replace(LOCAL, active=False)), TOP) == (BESIDE,)
    assert children(GROUPS, LOCAL) == ()
    assert ancestors(GROUPS, LOCAL) == (TOP,)
    assert area(GROUPS, LOCAL) == {"1080"}
    assert area(GROUPS, TOP) == {"1080", "1081"}
    elsewhere = replace(LOCAL, id=5, parent_id=None, kommuner=frozenset({"1082"}))
    assert area(among(elsewhere), TOP) == {"1080", "1081"}


def test_a_circle_of_groups_ends():
    circle = among(replace(TOP, parent_id=2))
    assert ancestors(circle, circle[2]) == (circle[1],)
    own = among(replace(TOP, parent_id=1))
    assert ancestors(own, own[1]) == ()
    far = among(replace(TOP, parent_id=3), replace(BESIDE, parent_id=1))
    assert ancestors(far, LOCAL) == (far[1], far[3])
