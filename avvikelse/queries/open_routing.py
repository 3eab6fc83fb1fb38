"""Where does a report without account go? Always to a samordnare: the named party's, else the kommun's, the region's.

Open when such a report lands at the wrong desk. What happens then is the ordinary way (queries/receivers.py).
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from avvikelse.domain.errors import Forbidden, Invalid
from avvikelse.domain.organisation import Office, Unit
from avvikelse.domain.receiver import Receiver
from avvikelse.models.organisation import Enhet, Sekretessomrade
from avvikelse.queries.organisation_map import Mapping, mapping_of
from avvikelse.queries.receivers import NOBODY_DISTRIBUTES, Reported, kommun_of, office_receiver

RULE = "R20"


@dataclass(frozen=True, slots=True)
class Triage:
    """The samordnare who gets the report. `to` is who it is in words, `reason` a clause after "därför att"."""

    receiver: Receiver
    to: str
    reason: str
    rule: str
    kommunkod: str | None
    counterpart_kind: str | None
    counterpart_huvudman_id: int | None


def propose_open(session: Session, pack_id: int, unit: Enhet | None, report: Reported, *, today: date) -> Triage:
    """The samordnare of the named counterpart, else of the kommun, else of the region.

    Raises Invalid when the counterpart is unknown in the län or nobody at all can distribute.
    """
    mapping = mapping_of(session, pack_id, today)
    org = mapping.organisation
    target = _named(mapping, report)
    kommun = kommun_of(session, unit.id if unit else None, report)
    office = (
        (org.samordnare(target.huvudman, target.omrade) if target else None)
        or org.samordnare_of_kommun(kommun)
        or org.samordnare_of_region()
    )
    if office is None:
        raise Invalid(NOBODY_DISTRIBUTES)
    return _triage(mapping, report, kommun, office_receiver(session, mapping, office), office, _WHY)


def triage_at(
    session: Session, pack_id: int, unit: Enhet | None, report: Reported, omraden: Collection[int], *, today: date
) -> Triage:
    """The samordnare who has taken a call keeps it and distributes it: in the caller's område where it is hers, else in
    the named party's, else in her first one of the län. Raises Forbidden when she has none there.
    """
    mapping = mapping_of(session, pack_id, today)
    target = _named(mapping, report)
    wanted = [unit.omrade_id if unit else None, mapping.omrade_ids[target.omrade] if target else None]
    here = sorted(set(omraden) & set(mapping.omrade_ids.values()))
    if not here:
        raise Forbidden
    omrade = session.get_one(Sekretessomrade, next((one for one in wanted if one in here), here[0]))
    office = mapping.organisation.samordnare(mapping.slugs["huvudman"][omrade.huvudman_id], omrade.slug)
    receiver = Receiver(omrade.id, funktion_id=mapping.funktion_ids[office.id] if office else None)
    kommun = kommun_of(session, unit.id if unit else None, report)
    return _triage(mapping, report, kommun, receiver, office, _WHY_PHONE)


_WHY = "rapporten kom utan konto, och en samordnare läser alltid en sådan först"
_WHY_PHONE = "rapporten kom per telefon, och den samordnare som svarade fördelar den"


def _named(mapping: Mapping, report: Reported) -> Unit | None:
    """The unit that the reporter has named. Raises Invalid for one of another län."""
    slug = mapping.enhet_slug(report.counterpart_enhet_id)
    if report.counterpart_enhet_id is not None and slug is None:
        raise Invalid("Välj en verksamhet ur listan.", field="counterpart")
    return mapping.organisation.units.get(slug or "")


def _triage(
    mapping: Mapping, report: Reported, kommun: str | None, receiver: Receiver, office: Office | None, why: str
) -> Triage:
    target = _named(mapping, report)
    return Triage(
        receiver=receiver,
        to=office.name if office else "samordnaren",
        reason=why,
        rule=RULE,
        kommunkod=kommun,
        counterpart_kind=target.kind if target else report.counterpart_kind,
        counterpart_huvudman_id=mapping.huvudman_ids[target.huvudman] if target else report.counterpart_huvudman_id,
    )
