"""What each role is held *for*, and in which words.

Open to add a role; the table's CHECK and every label follow from here.
"""

from __future__ import annotations

from dataclasses import dataclass, fields

from avvikelse.domain.vocabulary import Role

# role: the one id that says what it is held for. An administrator without huvudman administers the whole system.
SCOPE: dict[Role, str] = {
    Role.RAPPORTOR: "enhet_id",
    Role.SAMORDNARE: "omrade_id",
    Role.CHEF: "position_id",
    Role.HANDLAGGARE: "enhet_id",
    Role.SAMMANKALLANDE: "group_id",
    Role.MEDLEM: "group_id",
    Role.SIP_SAMORDNARE: "huvudman_id",
    Role.REVISOR: "pack_id",
    Role.LOGGRANSKARE: "omrade_id",
    Role.ADMINISTRATOR: "huvudman_id",
}
MAY_BE_EMPTY = frozenset({Role.ADMINISTRATOR})
# Always with a last day: a revisor reads for the length of an audit, not for ever.
TIME_LIMITED = frozenset({Role.REVISOR})
# Roles that open cases. No administrator holds them by virtue of administering.
CASE_ROLES = frozenset({Role.SAMORDNARE, Role.CHEF, Role.HANDLAGGARE})

PHRASES: dict[Role, str] = {
    Role.RAPPORTOR: "Rapportör på {}",
    Role.SAMORDNARE: "Samordnare för {}",
    Role.CHEF: "Chef för {}",
    Role.HANDLAGGARE: "Handläggare på {}",
    Role.SAMMANKALLANDE: "Sammankallande för {}",
    Role.MEDLEM: "Medlem i {}",
    Role.SIP_SAMORDNARE: "SIP-samordnare för {}",
    Role.REVISOR: "Revisor för {}",
    Role.LOGGRANSKARE: "Logggranskare för {}",
    Role.ADMINISTRATOR: "Administratör för {}",
}


@dataclass(frozen=True, slots=True)
class Scope:
    """What a role is held for: database ids, at most one of them set."""

    omrade_id: int | None = None
    enhet_id: int | None = None
    position_id: int | None = None
    group_id: int | None = None
    huvudman_id: int | None = None
    pack_id: int | None = None

    def fits(self, role: Role) -> bool:
        """Is exactly the id set that the role needs (or none, where that means everything)?"""
        given = {name for name in SCOPE_COLUMNS if getattr(self, name) is not None}
        return given == {SCOPE[role]} or (not given and role in MAY_BE_EMPTY)


SCOPE_COLUMNS = tuple(field.name for field in fields(Scope))


def label(role: Role, name: str | None, *, as_substitute: bool = False) -> str:
    """ "Chef för BUP Karlskrona"; `name` None = the whole system."""
    if as_substitute:
        return f"Ersättare för chefen för {name}"
    return PHRASES[role].format(name or "hela systemet")


def check_sql() -> str:
    """The CHECK that lets only fitting ids into the table."""
    alternatives = []
    for role, column in SCOPE.items():
        others = [f"{name} IS NULL" for name in SCOPE_COLUMNS if name != column]
        needed = [] if role in MAY_BE_EMPTY else [f"{column} IS NOT NULL"]
        alternatives.append(f"(role = '{role.value}' AND " + " AND ".join(needed + others) + ")")
    return " OR ".join(alternatives)
