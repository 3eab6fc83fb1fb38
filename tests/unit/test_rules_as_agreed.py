"""The tables of flow and secrecy say what has been agreed, word for word, and their conditions mean what they say.

The other tests ask whether the program follows its tables; this one notices when a table itself has changed. After a
change that is meant, read the difference and write the file anew:

    .venv/bin/python -m tests.unit.test_rules_as_agreed > tests/cases/rules_as_agreed.txt
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest

from avvikelse.domain.actor import NOBODY, SYSTEM, Actor, Grant
from avvikelse.domain.relation import PartyFacts, Relation, party_relations, relations
from avvikelse.domain.sekretess import READ_BY_CODE, READERS, FieldGroup, may_read
from avvikelse.domain.vocabulary import Action, PartySide, Role, Status
from avvikelse.domain.workflow import (
    LOCK_AT_VAXLINGAR,
    MAX_NEJ_TO_HANDLER,
    WORKFLOW,
    CaseFacts,
    objection,
    open_actions,
    rows_for,
)
from avvikelse.policy.permission_map import MAY_APPROVE_QUESTION, NOT_OF_GOOD, PERMISSIONS, Permission, allows
from avvikelse.policy.role_granting import GRANTERS

AGREED = Path(__file__).parents[1] / "cases" / "rules_as_agreed.txt"
R = Relation


def as_text() -> Iterator[str]:
    """Every row of every table, in an order of its own."""
    for row in WORKFLOW:
        guards = " ".join(guard.__name__ for guard in row.guards)
        told = " ".join(sorted(row.told))
        way = f"{_sorted(row.sources)} → {row.target}"
        yield f"flow {row.action}: {way}; by {_sorted(row.who)}; if {guards}; tells {told}"
    for permission, (who, states) in PERMISSIONS.items():
        yield f"permission {permission}: {_sorted(who)}; in {_sorted(states)}"
    yield f"not of a good example: {_sorted(NOT_OF_GOOD)}"
    yield f"approves a question to a group: {_sorted(MAY_APPROVE_QUESTION)}"
    for group, readers in READERS.items():
        by_code = "; by code" if group in READ_BY_CODE else ""
        yield f"readers {group}: {_sorted(readers)}{by_code}"
    for role, tests in GRANTERS.items():
        yield f"granted {role}: {' '.join(test.__name__ for test in tests)}"


def _sorted(codes: Iterable[Any]) -> str:
    return " ".join(sorted(str(code) for code in codes))


def test_the_tables_say_what_was_agreed() -> None:
    agreed = AGREED.read_text(encoding="utf-8").splitlines()
    assert list(as_text()) == agreed


# --- conditions of the flow -------------------------------------------------------------------------------------------


def facts(**known: Any) -> CaseFacts:
    return CaseFacts(Status.ASSIGNED, **known)


# For each condition: facts with which the step may be taken, and facts with which it may not.
N = LOCK_AT_VAXLINGAR
# fmt: off
CONDITIONS: dict[str, tuple[list[CaseFacts], list[CaseFacts]]] = {
    "needs_reason":         ([facts(has_reason=True)], [facts()]),
    "needs_reporter_text":  ([facts(has_reporter_text=True)], [facts()]),
    "not_locked":           ([facts(), facts(vaxlingar=N), facts(vaxlingar=N - 1, returns=True)],
                             [facts(locked=True), facts(vaxlingar=N, returns=True)]),
    "no_open_question":     ([facts()], [facts(open_question=True)]),
    "not_accepted":         ([facts()], [facts(accepted=True)]),
    "both_agree":           ([facts(both_confirmed=True)], [facts()]),
    "goes_back_to_handler": ([facts(nej_count=MAX_NEJ_TO_HANDLER - 1)], [facts(nej_count=MAX_NEJ_TO_HANDLER)]),
    "goes_to_group":        ([facts(nej_count=MAX_NEJ_TO_HANDLER)], [facts(nej_count=MAX_NEJ_TO_HANDLER - 1)]),
    "comes_back":           ([facts(vaxlingar=N, returns=True)],
                             [facts(vaxlingar=N), facts(vaxlingar=N - 1, returns=True)]),
    "in_time_to_undo":      ([facts(may_undo=True)], [facts()]),
    "is_good":              ([facts(good=True)], [facts()]),
    "is_no_good":           ([facts()], [facts(good=True)]),
    "has_home_group":       ([facts(has_group=True)], [facts()]),
}
# fmt: on


def test_every_condition_is_tried() -> None:
    assert {guard.__name__ for row in WORKFLOW for guard in row.guards} <= set(CONDITIONS)


@pytest.mark.parametrize("name", CONDITIONS)
def test_a_condition_lets_through_and_stops(name: str) -> None:
    guard = next(guard for row in WORKFLOW for guard in row.guards if guard.__name__ == name)
    through, stopped = CONDITIONS[name]
    assert [guard(case) for case in through] == [None] * len(through)
    assert all(guard(case) for case in stopped)


def test_the_first_objection_is_told_and_none_is_none() -> None:
    row = rows_for(Action.HAND_OVER, Status.ASSIGNED)[0]
    assert "skäl" in (objection(row, facts(locked=True)) or "")
    assert "fram och tillbaka" in (objection(row, facts(locked=True, has_reason=True)) or "")
    assert objection(row, facts(has_reason=True)) is None


def test_rows_and_open_actions_follow_state_and_person() -> None:
    assert [row.target for row in rows_for(Action.FEEDBACK_NO, Status.ANSWERED)] == [
        Status.IN_PROGRESS,
        Status.WITH_GROUP,
    ]
    assert rows_for(Action.FEEDBACK_NO, Status.CLOSED) == ()
    assert open_actions(Status.ANSWERED, {R.REPORTER}, good=False) == (Action.FEEDBACK_HELPED, Action.FEEDBACK_NO)
    assert open_actions(Status.ANSWERED, {R.OWNER_CHEF}, good=False) == ()
    assert open_actions(Status.CLOSED, set(R), good=False) == ()


def test_of_a_good_example_nobody_asks_who_failed():
    plain, good = (open_actions(Status.IN_PROGRESS, {R.OWNER_CHEF}, good=good) for good in (False, True))
    assert Action.LIFT in plain
    assert Action.LIFT not in good
    assert set(good) == {Action.HAND_OVER, Action.ANSWER}
    assert Action.DECLINE not in open_actions(Status.ASSIGNED, {R.OWNER_CHEF}, good=True)


def test_permission_needs_both_person_and_state() -> None:
    assert allows(Permission.NAME_HANDLER, {R.OWNER_CHEF}, Status.ASSIGNED)
    assert not allows(Permission.NAME_HANDLER, {R.OWNER_CHEF}, Status.CLOSED)
    assert not allows(Permission.NAME_HANDLER, {R.HANDLER}, Status.ASSIGNED)
    assert not allows(Permission.NAME_HANDLER, set(), Status.ASSIGNED)
    assert not allows("påhitt", set(R), Status.ASSIGNED)  # type: ignore[arg-type]


def test_of_a_good_example_nobody_is_asked_what_failed() -> None:
    for permission, good in ((Permission.FACTORS, False), (Permission.NOTE, True)):
        assert allows(permission, {R.OWNER_CHEF}, Status.IN_PROGRESS)
        assert allows(permission, {R.OWNER_CHEF}, Status.IN_PROGRESS, good=True) is good


# --- who reads --------------------------------------------------------------------------------------------------------


def test_the_own_chef_reads_who_reported_only_when_the_reporter_lets_her() -> None:
    identity = FieldGroup.REPORTER_IDENTITY
    assert may_read(identity, {R.SENDER_CHEF}, chef_may_see_reporter=True)
    assert not may_read(identity, {R.SENDER_CHEF})
    assert not may_read(identity, {R.OWNER_CHEF}, chef_may_see_reporter=True)
    assert not may_read(FieldGroup.RECEIVER_ONLY, {R.SENDER_CHEF}, chef_may_see_reporter=True)
    assert may_read(identity, {R.SENDER_SAMORDNARE})


@pytest.mark.parametrize("group", FieldGroup)
def test_who_has_only_the_code_reads_no_more_than_is_said_for_it(group: FieldGroup) -> None:
    assert may_read(group, {R.REPORTER, R.BY_CODE}) == (group in READ_BY_CODE)
    assert not may_read(group, {R.BY_CODE})
    assert not may_read(group, set())


# --- how a person relates to a case -----------------------------------------------------------------------------------


def chef(*, position_id: int, enhet_id: int, omrade_id: int) -> Actor:
    held = Grant(Role.CHEF, position_id=position_id, enhet_id=enhet_id, omrade_id=omrade_id)
    return Actor(1, "Chef", (held,))


OWNER = PartyFacts(PartySide.OWNER, omrade_id=1, enhet_id=10, position_id=100)
# fmt: off
CASES: list[tuple[str, Actor, PartyFacts, set[Relation]]] = [
    ("the position's holder", chef(position_id=100, enhet_id=10, omrade_id=1), OWNER, {R.OWNER_CHEF}),
    ("another position of the unit", chef(position_id=101, enhet_id=10, omrade_id=1), OWNER, set()),
    ("who has stepped in", chef(position_id=101, enhet_id=11, omrade_id=1),
     PartyFacts(PartySide.OWNER, 1, 10, 100, stand_in_position_id=101), {R.OWNER_CHEF}),
    ("by unit, when the party has no position", chef(position_id=100, enhet_id=10, omrade_id=1),
     PartyFacts(PartySide.SENDER, 1, 10), {R.SENDER_CHEF}),
    ("another unit's chef", chef(position_id=100, enhet_id=11, omrade_id=1),
     PartyFacts(PartySide.SENDER, 1, 10), set()),
    ("the område's samordnare", Actor(1, "S", (Grant(Role.SAMORDNARE, omrade_id=1),)), OWNER, {R.OWNER_SAMORDNARE}),
    ("the reporting område's samordnare", Actor(1, "S", (Grant(Role.SAMORDNARE, omrade_id=1),)),
     PartyFacts(PartySide.SENDER, 1, 10), {R.SENDER_SAMORDNARE}),
    ("another område's samordnare", Actor(1, "S", (Grant(Role.SAMORDNARE, omrade_id=2),)), OWNER, set()),
    ("a chef of what has gone", chef(position_id=100, enhet_id=10, omrade_id=1),
     PartyFacts(PartySide.FORMER, 1, 10, 100), {R.FORMER_CHEF}),
    ("a samordnare of what has gone", Actor(1, "S", (Grant(Role.SAMORDNARE, omrade_id=1),)),
     PartyFacts(PartySide.FORMER, 1, 10, 100), {R.FORMER_SAMORDNARE}),
    ("the named handläggare", Actor(1, "H", (Grant(Role.HANDLAGGARE, enhet_id=10, omrade_id=1),)),
     PartyFacts(PartySide.OWNER, 1, 10, 100, handler_user_id=1), {R.HANDLER}),
    ("an unnamed handläggare", Actor(1, "H", (Grant(Role.HANDLAGGARE, enhet_id=10, omrade_id=1),)),
     PartyFacts(PartySide.OWNER, 1, 10, 100, handler_user_id=2), set()),
    ("named, but no longer there", Actor(1, "H", (Grant(Role.HANDLAGGARE, enhet_id=11, omrade_id=1),)),
     PartyFacts(PartySide.OWNER, 1, 10, 100, handler_user_id=1), set()),
    ("named at a time gone by", Actor(1, "H", (Grant(Role.HANDLAGGARE, enhet_id=10, omrade_id=1),)),
     PartyFacts(PartySide.FORMER, 1, 10, 100, handler_user_id=1), set()),
    ("a rapportör of the unit", Actor(1, "R", (Grant(Role.RAPPORTOR, enhet_id=10, omrade_id=1),)), OWNER, set()),
    ("an administrator", Actor(1, "A", (Grant(Role.ADMINISTRATOR),)), OWNER, set()),
]
# fmt: on


@pytest.mark.parametrize(("actor", "party", "expected"), [case[1:] for case in CASES], ids=[case[0] for case in CASES])
def test_a_relation_comes_through_a_party(actor: Actor, party: PartyFacts, expected: set[Relation]) -> None:
    assert party_relations(actor, party) == expected
    assert relations(actor, None, [party]) == expected
    own = set() if party.stand_in_position_id is not None else expected  # nobody stands in, in her own case
    assert relations(actor, 1, [party]) == own | {R.REPORTER}  # her own report
    assert relations(actor, 2, [party]) == expected


def test_nobody_the_system_the_code_and_the_convenor() -> None:
    assert relations(NOBODY, None, [OWNER]) == set()
    assert relations(SYSTEM, 1, [OWNER]) == {R.SYSTEM}
    by_code = Actor(None, "Kod", code_case_id=7)
    assert relations(by_code, None, [OWNER], case_id=7) == {R.REPORTER, R.BY_CODE}
    assert relations(by_code, None, [OWNER], case_id=8) == set()
    assert relations(by_code, None, [OWNER]) == set()
    convenor = Actor(1, "G", (Grant(Role.SAMMANKALLANDE, group_id=3),))
    assert relations(convenor, None, [OWNER], [3]) == {R.CONVENOR}
    assert relations(convenor, None, [OWNER], [4]) == set()
    assert relations(Actor(1, "M", (Grant(Role.MEDLEM, group_id=3),)), None, [OWNER], [3]) == set()


if __name__ == "__main__":
    print(*as_text(), sep="\n")  # noqa: T201 -- the file, to be written anew
