"""Who may give which role, read about whose, and change which organisation: each test of the tables, by one sign."""

from __future__ import annotations

import pytest

from avvikelse.domain.actor import NOBODY, SYSTEM, Actor, Grant
from avvikelse.domain.errors import Forbidden, NotFound
from avvikelse.domain.vocabulary import Role
from avvikelse.policy.organisation import administered_ids, may_mend_contacts, require_administrator
from avvikelse.policy.role_granting import GRANTERS, Target, may_grant
from avvikelse.policy.role_reach import may_read

ALL, ADMINISTRATOR, SAMORDNARE, CHEF, CONVENOR = (
    Grant(Role.ADMINISTRATOR),
    Grant(Role.ADMINISTRATOR, huvudman_id=1),
    Grant(Role.SAMORDNARE, omrade_id=2),
    Grant(Role.CHEF, enhet_id=3, omrade_id=2, position_id=30),
    Grant(Role.SAMMANKALLANDE, group_id=4),
)
HERE = Target(enhet_id=3, omrade_id=2, huvudman_id=1, group_id=4)
ELSEWHERE = Target(enhet_id=13, omrade_id=12, huvudman_id=11, group_id=14)
NO_SAMORDNARE = Target(omrade_id=2, huvudman_id=1, omrade_has_samordnare=False)
ROLES = set(GRANTERS)
OF_THE_ADMINISTRATOR = {
    Role.RAPPORTOR, Role.CHEF, Role.SIP_SAMORDNARE, Role.LOGGRANSKARE, Role.ADMINISTRATOR,
}  # fmt: skip
OF_THE_SYSTEM = OF_THE_ADMINISTRATOR | {Role.SAMMANKALLANDE, Role.MEDLEM, Role.REVISOR}


def acting(*grants: Grant) -> Actor:
    return Actor(1, "Någon", grants)


@pytest.mark.parametrize(
    ("actor", "target", "roles"),
    [
        (acting(ALL), HERE, OF_THE_SYSTEM),
        (acting(ALL), NO_SAMORDNARE, OF_THE_SYSTEM | {Role.SAMORDNARE}),
        (acting(ADMINISTRATOR), HERE, OF_THE_ADMINISTRATOR),
        (acting(ADMINISTRATOR), NO_SAMORDNARE, OF_THE_ADMINISTRATOR | {Role.SAMORDNARE}),
        (acting(ADMINISTRATOR), ELSEWHERE, set()),
        (acting(ADMINISTRATOR, ALL), ELSEWHERE, OF_THE_SYSTEM),
        (acting(SAMORDNARE), HERE, {Role.RAPPORTOR, Role.SAMORDNARE, Role.CHEF, Role.HANDLAGGARE}),
        (acting(SAMORDNARE), ELSEWHERE, set()),
        (acting(CHEF), HERE, {Role.RAPPORTOR, Role.HANDLAGGARE}),
        (acting(CHEF), ELSEWHERE, set()),
        (acting(CONVENOR), HERE, {Role.MEDLEM}),
        (acting(CONVENOR), ELSEWHERE, set()),
        (acting(), HERE, set()),
        (acting(ADMINISTRATOR, SAMORDNARE, CHEF, CONVENOR), Target(), set()),
        (NOBODY, Target(), set()),
        (SYSTEM, Target(), ROLES),
    ],
)
def test_the_roles_that_she_gives(actor, target, roles):
    assert {role for role in ROLES if may_grant(actor, role, target)} == roles


@pytest.mark.parametrize(
    ("actor", "target", "may"),
    [
        *((acting(grant), HERE, True) for grant in (ALL, ADMINISTRATOR, SAMORDNARE, CHEF, CONVENOR)),
        *((acting(grant), ELSEWHERE, False) for grant in (ADMINISTRATOR, SAMORDNARE, CHEF, CONVENOR)),
        (acting(), HERE, False),
        (SYSTEM, ELSEWHERE, True),
    ],
)
def test_whose_roles_she_reads(actor, target, may):
    assert may_read(actor, target) is may


@pytest.mark.parametrize(
    ("actor", "ids"),
    [
        (SYSTEM, None),
        (acting(ALL), None),
        (acting(ADMINISTRATOR, ALL), None),
        (acting(ADMINISTRATOR), {1}),
        (acting(ADMINISTRATOR, Grant(Role.ADMINISTRATOR, huvudman_id=5)), {1, 5}),
        (acting(SAMORDNARE), set()),
        (NOBODY, set()),
    ],
)
def test_whose_organisation_she_administers(actor, ids):
    assert administered_ids(actor) == ids


def test_without_the_role_it_is_forbidden_and_of_another_it_does_not_exist():
    require_administrator(SYSTEM, 11)
    require_administrator(acting(ALL), None)
    require_administrator(acting(ADMINISTRATOR), 1)
    for somebody, huvudman, refusal in (
        (acting(SAMORDNARE), 1, Forbidden),
        (acting(ADMINISTRATOR), 11, NotFound),
        (acting(ADMINISTRATOR), None, NotFound),  # what all share
    ):
        with pytest.raises(refusal):
            require_administrator(somebody, huvudman)


@pytest.mark.parametrize(
    ("actor", "may"),
    [
        (acting(SAMORDNARE), True),
        (acting(ADMINISTRATOR), True),
        (acting(ALL), True),
        (acting(Grant(Role.SAMORDNARE, omrade_id=12)), False),
        (acting(Grant(Role.ADMINISTRATOR, huvudman_id=11)), False),
        (acting(CHEF), False),
    ],
)
def test_who_takes_care_of_a_wrong_contact(actor, may):
    assert may_mend_contacts(actor, omrade_id=2, huvudman_id=1) is may
