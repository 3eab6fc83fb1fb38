"""Who is responsible? From a report to a position or a samordnare, with reasons. Proposed, never silently sent.

Which unit answers stands in routing_rules.py; here, which position answers for that unit today.
"""

from __future__ import annotations

from datetime import date

from avvikelse.domain import presence
from avvikelse.domain.organisation import OrganisationMap, Post, Unit
from avvikelse.domain.presence import Missing
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
    missing = presence.why_missing(org, ordinary) if ordinary is not None else None
    if ordinary is not None and not own and missing is None:
        if unit.omrade not in org.manual_omraden:
            return Route(ordinary, None, unit, unit.huvudman, RoutingMode.AUTOMATIC, reasons, copies=_copies(unit, org))
        reasons += (Reason("R20", "området vill att samordnaren fördelar alla ärenden"),)
    else:
        stand_in = _stand_in(ordinary, unit, s, org)
        if ordinary is not None and missing is not None and not own:
            rule = "R17" if missing is Missing.AWAY else "R18"
            reasons += (Reason(rule, f"{ordinary.title} {missing.label}"),)
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
    """The next in the order of domain/presence.py who is no party to the report.

    About the own unit a manager above comes first: a substitute would judge whom she stands in for.
    """

    def fits(post: Post) -> bool:
        return post.unit != s.sender_unit

    if unit.id == s.sender_unit:
        higher = presence.stand_in(org, None, unit.organisation, fits=fits)
        if higher is not None:
            return higher
    return presence.stand_in(org, ordinary, unit.organisation, fits=fits)


def _copies(unit: Unit, org: OrganisationMap) -> tuple[str, ...]:
    """R26: the other huvudmän of a shared unit know of it through their socialtjänst's manager, where there is one."""
    found = []
    for huvudman in unit.shared_with:
        partner = next((u for u in org.units.values() if u.huvudman == huvudman and u.kind == SOCIALTJANST), None)
        post = org.post_of(partner.id) if partner else None
        if post is not None:
            found.append(post.id)
    return tuple(found)
