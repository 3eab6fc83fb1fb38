"""Who is responsible? From a report to a position or a samordnare, with reasons. Proposed, never silently sent.

Which unit answers stands in routing_rules.py; here, which position answers for that unit today.
"""

from __future__ import annotations

from datetime import date

from avvikelse.domain.organisation import OrganisationMap, Post, Unit
from avvikelse.domain.routing_rules import SOCIALTJANST, UNIT_RULES
from avvikelse.domain.situation import Reason, Route, Situation
from avvikelse.domain.vocabulary import RoutingMode

__all__ = ["Reason", "Route", "Situation", "route"]


def route(s: Situation, org: OrganisationMap, today: date) -> Route:
    """The proposed receiver.

    Always with at least one reason; `post` and `office` are both None only without any samordnare in the pack.
    """
    choice = next((found for rule in UNIT_RULES if (found := rule(s, org, today))), None)
    if choice is None:
        return Route(
            None, None, None, None, RoutingMode.MANUAL, (Reason("R22", "ingen samordnare är registrerad för länet"),)
        )
    if choice.unit is None:
        office = choice.office
        return Route(
            None,
            office,
            None,
            office.huvudman if office else None,
            RoutingMode.MANUAL,
            (choice.reason,),
            alternatives=choice.alternatives,
        )
    return _answering(choice.unit, s, org, choice.reason)


def _answering(unit: Unit, s: Situation, org: OrganisationMap, why: Reason) -> Route:
    """The unit's position; else substitutes, the position above, the samordnare, or itself with a flag."""
    ordinary = org.post_of(unit.id)
    own = unit.id == s.sender_unit
    reasons: tuple[Reason, ...] = (why,)
    if ordinary is not None and not own and not org.away(ordinary):
        if unit.omrade not in org.manual_omraden:
            return Route(ordinary, None, unit, unit.huvudman, RoutingMode.AUTOMATIC, reasons, copies=_copies(unit, org))
        reasons += (Reason("R20", "området vill att samordnaren fördelar alla ärenden"),)
    else:
        stand_in = _stand_in(ordinary, unit, s, org)
        if ordinary is not None and not own:
            rule = ("R18", "är vakant") if ordinary.vacant else ("R17", "är borta just nu")
            reasons += (Reason(rule[0], f"{ordinary.title} {rule[1]}"),)
        if stand_in is not None:
            copies = (ordinary.id,) if ordinary is not None and not own and not ordinary.vacant else ()
            return Route(stand_in, None, unit, unit.huvudman, RoutingMode.AUTOMATIC, reasons, copies=copies)
        if ordinary is None:
            reasons += (Reason("R18", f"ingen chef är registrerad för {unit.name}"),)
    office = org.samordnare(unit.huvudman, unit.omrade)
    if office is not None:
        return Route(None, office, None, unit.huvudman, RoutingMode.MANUAL, reasons, alternatives=(unit.id,))
    if ordinary is not None and not own:
        return Route(ordinary, None, unit, unit.huvudman, RoutingMode.AUTOMATIC, reasons, flagged=True)
    office = org.samordnare_of_kommun(s.kommunkod) or org.samordnare_of_region()
    return Route(
        None, office, None, office.huvudman if office else None, RoutingMode.MANUAL, reasons, alternatives=(unit.id,)
    )


def _stand_in(ordinary: Post | None, unit: Unit, s: Situation, org: OrganisationMap) -> Post | None:
    """Substitutes in order, then the position above.

    One who is away, or a party in the case, is skipped; a loop ends.
    """
    seen = {ordinary.id} if ordinary else set()
    current = org.posts.get(ordinary.substitute or "") if ordinary else None
    while current is not None and current.id not in seen:
        seen.add(current.id)
        if not org.away(current) and current.unit != s.sender_unit:
            return current
        current = org.posts.get(current.substitute or "")
    above = org.post_above(unit.organisation)
    return above if above is not None and above.id not in seen and not org.away(above) else None


def _copies(unit: Unit, org: OrganisationMap) -> tuple[str, ...]:
    """R26: the other huvudmän of a shared unit know of it through their socialtjänst's manager, where there is one."""
    found = []
    for huvudman in unit.shared_with:
        partner = next((u for u in org.units.values() if u.huvudman == huvudman and u.kind == SOCIALTJANST), None)
        post = org.post_of(partner.id) if partner else None
        if post is not None:
            found.append(post.id)
    return tuple(found)
