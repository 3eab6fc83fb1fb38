"""Who acts: a person with roles for something, or the system. Passed to every query and service."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from avvikelse.domain.vocabulary import Role


@dataclass(frozen=True, slots=True)
class Grant:
    """One role for one thing, valid now. Ids are database ids; which of them is set follows from the role:

    chef: position_id, enhet_id, omrade_id (also when held as substitute, then `as_substitute`) ·
    handlaggare: enhet_id, omrade_id · samordnare, loggranskare: omrade_id · sammankallande, medlem: group_id ·
    sip_samordnare: huvudman_id · administrator: huvudman_id, or nothing for the whole system · revisor: pack_id ·
    rapportor: enhet_id (the own unit).
    """

    role: Role
    omrade_id: int | None = None
    enhet_id: int | None = None
    position_id: int | None = None
    group_id: int | None = None
    huvudman_id: int | None = None
    pack_id: int | None = None
    as_substitute: bool = False
    label: str = ""  # "Chef för BUP Karlskrona": what the person sees that she acts as


@dataclass(frozen=True, slots=True)
class Actor:
    """Somebody who acts. `user_id` None and `is_system` False = a person who is not logged in (sees nothing)."""

    user_id: int | None
    name: str
    grants: tuple[Grant, ...] = ()
    is_system: bool = False
    own_enhet_id: int | None = None  # default reporting unit
    code_case_id: int | None = None  # the case whose receipt code she has shown: she is its reporter, and nothing else

    def having(self, *roles: Role) -> Iterator[Grant]:
        """The grants with any of the roles."""
        return (grant for grant in self.grants if grant.role in roles)

    def has(self, *roles: Role) -> bool:
        return any(True for _ in self.having(*roles))

    def omrade_ids(self, *roles: Role) -> frozenset[int]:
        return frozenset(g.omrade_id for g in self.having(*roles) if g.omrade_id is not None)

    def enhet_ids(self, *roles: Role) -> frozenset[int]:
        return frozenset(g.enhet_id for g in self.having(*roles) if g.enhet_id is not None)

    def position_ids(self) -> frozenset[int]:
        return frozenset(g.position_id for g in self.having(Role.CHEF) if g.position_id is not None)

    def own_position_ids(self) -> frozenset[int]:
        """Without those that she stands in for."""
        chef = self.having(Role.CHEF)
        return frozenset(g.position_id for g in chef if g.position_id is not None and not g.as_substitute)

    def own_enhet_ids(self) -> frozenset[int]:
        """The units that she manages herself, without those that she stands in for."""
        chef = self.having(Role.CHEF)
        return frozenset(g.enhet_id for g in chef if g.enhet_id is not None and not g.as_substitute)

    def group_ids(self, *roles: Role) -> frozenset[int]:
        return frozenset(g.group_id for g in self.having(*roles) if g.group_id is not None)


def code_holder(case_id: int) -> Actor:
    """The reporter without account: whoever has the receipt code of the case."""
    return Actor(user_id=None, name="Den som har koden", code_case_id=case_id)


NOBODY = Actor(user_id=None, name="Inte inloggad")
SYSTEM = Actor(user_id=None, name="Systemet", is_system=True)
