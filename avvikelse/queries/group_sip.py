"""SIP of a group's kommuner: added up, with the kommuner that have not reported by name. Open when I14 looks wrong."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from avvikelse.analysis.indicators.sip_totals import SipCount, added, sip_figure
from avvikelse.domain.kommuner import kommun_name, kommun_order
from avvikelse.domain.sip import HALVES, Half
from avvikelse.policy.group_reading import GroupFacts, Groups, area
from avvikelse.queries.sip import cells


@dataclass(frozen=True, slots=True)
class KommunSip:
    """A kommun over some half-years. `missing`: those that nobody has reported; `corrected`: some number is."""

    name: str
    count: SipCount
    missing: tuple[Half, ...]
    corrected: bool

    @property
    def reported(self) -> bool:
        """Something is there."""
        return self.count != SipCount()


@dataclass(frozen=True, slots=True)
class GroupSip:
    kommuner: tuple[KommunSip, ...]

    @property
    def reported(self) -> int:
        """How many kommuner have reported all of it."""
        return sum(not one.missing for one in self.kommuner)

    @property
    def who_reported(self) -> str:
        """ "3 av 8 kommuner har rapporterat"."""
        number = len(self.kommuner)
        return f"{self.reported} av {number} {'kommun' if number == 1 else 'kommuner'} har rapporterat"

    @property
    def missing(self) -> tuple[str, ...]:
        return tuple(one.name for one in self.kommuner if one.missing)

    @property
    def counts(self) -> tuple[SipCount, ...]:
        return tuple(one.count for one in self.kommuner if one.reported)

    @property
    def total(self) -> SipCount:
        return added(self.counts)

    def figure(self) -> dict[str, object]:
        """I14."""
        return sip_figure(self.counts)


def half_of_group(session: Session, groups: Groups, group: GroupFacts, half: Half, today: date) -> GroupSip:
    return _sip(session, groups, group, [half], today)


def year_of_group(session: Session, groups: Groups, group: GroupFacts, year: int, today: date) -> GroupSip:
    return _sip(session, groups, group, [(year, half) for half in HALVES], today)


def _sip(session: Session, groups: Groups, group: GroupFacts, halves: Sequence[Half], today: date) -> GroupSip:
    """One read."""
    codes = sorted(area(groups, group), key=kommun_order)
    found = cells(session, group.pack_id, codes, halves, today)
    kommuner = []
    for code in codes:
        of_kommun = [found[code, half] for half in halves]
        known = [cell.count for cell in of_kommun if cell.version]
        kommuner.append(
            KommunSip(
                kommun_name(code), added(known) if known else SipCount(),
                tuple(cell.half for cell in of_kommun if not cell.version), any(cell.version > 1 for cell in of_kommun),
            )
        )  # fmt: skip
    return GroupSip(tuple(kommuner))
