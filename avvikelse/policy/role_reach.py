"""Whose roles may this person read? The list of roles, as a rule and the same rule as SQL; a test compares them.

Wider than who may give them (policy/role_granting.py): an administrator sees who is samordnare, but does not choose it.
Nothing of another huvudman, and nothing of a group except for its convenor and the system's administrator.
"""

from __future__ import annotations

from sqlalchemy import ColumnElement, SQLColumnExpression, false, or_, true

from avvikelse.domain.actor import Actor
from avvikelse.domain.vocabulary import Role
from avvikelse.policy.organisation import administered_ids
from avvikelse.policy.role_granting import Target, administrator, convenor, own_chef, own_samordnare


def may_read(actor: Actor, target: Target) -> bool:
    """May the actor see who holds roles for this?"""
    tests = (administrator, own_samordnare, own_chef, convenor)
    return actor.is_system or any(test(actor, target) for test in tests)


def readable(
    actor: Actor,
    *,
    enhet_id: SQLColumnExpression[int],
    omrade_id: SQLColumnExpression[int],
    huvudman_id: SQLColumnExpression[int],
    group_id: SQLColumnExpression[int | None],
) -> ColumnElement[bool]:
    """The same as SQL, over the columns that hold what a role is for and what lies above it."""
    administered = administered_ids(actor)
    if administered is None:
        return true()
    within = (
        (huvudman_id, administered),
        (omrade_id, actor.omrade_ids(Role.SAMORDNARE)),
        (enhet_id, actor.enhet_ids(Role.CHEF)),
        (group_id, actor.group_ids(Role.SAMMANKALLANDE)),
    )
    conditions = [column.in_(sorted(ids)) for column, ids in within if ids]
    return or_(*conditions) if conditions else false()
