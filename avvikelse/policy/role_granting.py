"""Who may give which role to somebody else.

Read the table; what stands not there is refused. Nobody gives oneself a role.

An administrator runs the organisation and reads no cases. So the roles that open cases come from the one who answers
for the secrecy: the område's samordnare. Two things an administrator must be able to do all the same: name managers
(the organisation page), and name an område's *first* samordnare, since nobody else could.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from avvikelse.domain.actor import Actor
from avvikelse.domain.vocabulary import Role


@dataclass(frozen=True, slots=True)
class Target:
    """What the role would be held for, with everything above it."""

    enhet_id: int | None = None
    omrade_id: int | None = None
    huvudman_id: int | None = None
    group_id: int | None = None
    pack_id: int | None = None
    omrade_has_samordnare: bool = True


Test = Callable[[Actor, Target], bool]


def system_administrator(actor: Actor, _target: Target) -> bool:
    return any(grant.huvudman_id is None for grant in actor.having(Role.ADMINISTRATOR))


def huvudman_administrator(actor: Actor, target: Target) -> bool:
    own = (grant.huvudman_id for grant in actor.having(Role.ADMINISTRATOR))
    return target.huvudman_id is not None and target.huvudman_id in own


def administrator(actor: Actor, target: Target) -> bool:
    return system_administrator(actor, target) or huvudman_administrator(actor, target)


def administrator_for_the_first(actor: Actor, target: Target) -> bool:
    return not target.omrade_has_samordnare and administrator(actor, target)


def own_samordnare(actor: Actor, target: Target) -> bool:
    return target.omrade_id is not None and target.omrade_id in actor.omrade_ids(Role.SAMORDNARE)


def own_chef(actor: Actor, target: Target) -> bool:
    return target.enhet_id is not None and target.enhet_id in actor.enhet_ids(Role.CHEF)


def convenor(actor: Actor, target: Target) -> bool:
    return target.group_id is not None and target.group_id in actor.group_ids(Role.SAMMANKALLANDE)


# fmt: off
GRANTERS: dict[Role, tuple[Test, ...]] = {
    Role.RAPPORTOR:      (administrator, own_samordnare, own_chef),
    Role.SAMORDNARE:     (own_samordnare, administrator_for_the_first),
    Role.CHEF:           (own_samordnare, administrator),
    Role.HANDLAGGARE:    (own_samordnare, own_chef),
    Role.SAMMANKALLANDE: (system_administrator,),
    Role.MEDLEM:         (system_administrator, convenor),
    Role.SIP_SAMORDNARE: (administrator,),
    Role.REVISOR:        (system_administrator,),
    Role.LOGGRANSKARE:   (administrator,),
    Role.ADMINISTRATOR:  (administrator,),
}
# fmt: on


def may_grant(actor: Actor, role: Role, target: Target) -> bool:
    """May the actor give this role to *another* person? The system (import, operator) may."""
    return actor.is_system or any(test(actor, target) for test in GRANTERS.get(role, ()))
