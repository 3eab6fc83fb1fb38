"""What a samverkansgrupp lacks to do its work, from plain facts. Open to change what is pointed out, and to whom.

Some of it is for the group itself; what it cannot mend alone is also shown to the level above.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from avvikelse.domain.swedish_dates import long_date
from avvikelse.domain.vocabulary import Labelled

SOON = timedelta(days=90)
YEAR = timedelta(days=365)
MISSED_PERIODS = 2


class Lack(Labelled):
    NO_CONVENOR = "sammankallande", "Ingen sammankallande"
    NO_MEETINGS = "inga_moten", "Planerade möten har inte hållits"
    TOO_FEW = "for_fa", "Färre möten än uppdraget säger"
    TERM_ENDS = "mandat_slut", "Mandat går ut"
    VACANT = "vakant", "Vakanta platser"
    NO_SEATS = "inga_platser", "Inga platser är inskrivna"
    NO_MANDATE = "uppdrag", "Inget uppdrag är inskrivet"
    NO_FOLLOW_UP = "uppfoljning", "Årlig uppföljning saknas"


ALSO_ABOVE = frozenset({Lack.NO_CONVENOR, Lack.NO_MEETINGS, Lack.TOO_FEW, Lack.TERM_ENDS, Lack.VACANT})


@dataclass(frozen=True, slots=True)
class Seat:
    name: str
    vacant: bool
    term_to: date | None


@dataclass(frozen=True, slots=True)
class GroupFacts:
    """`missed` = planned meeting months in a row, up to the latest that is over, in which no meeting was held."""

    has_convenor: bool
    convenor_above: str | None
    seats: tuple[Seat, ...]
    has_mandate: bool
    meetings_min: int | None
    held: int  # in the last twelve months
    known_for_a_year: bool  # the system has followed the group's meetings that long
    missed: int
    follow_up_on: date | None  # the latest yearly follow-up to which a user organisation was invited


@dataclass(frozen=True, slots=True)
class Finding:
    lack: Lack
    text: str

    @property
    def also_above(self) -> bool:
        return self.lack in ALSO_ABOVE


def findings(group: GroupFacts, today: date) -> tuple[Finding, ...]:
    """Everything that is lacking, the gravest first."""
    found: list[Finding] = []
    if not group.has_convenor:
        found.append(Finding(Lack.NO_CONVENOR, f"Ingen kallar gruppen. Förslag: {proposed_convenor(group)}."))
    if group.missed >= MISSED_PERIODS:
        found.append(Finding(Lack.NO_MEETINGS, f"Inget möte i de {group.missed} senaste mötesmånaderna."))
    if group.known_for_a_year and group.meetings_min is not None and group.held < group.meetings_min:
        text = f"{group.held} möten på tolv månader. Uppdraget säger minst {group.meetings_min}."
        found.append(Finding(Lack.TOO_FEW, text))
    ending = [(seat.term_to, seat.name) for seat in group.seats if seat.term_to and seat.term_to - today <= SOON]
    for last_day, name in sorted(ending):
        when = "gick ut" if last_day < today else "går ut"
        found.append(Finding(Lack.TERM_ENDS, f"Mandatet för {name} {when} {long_date(last_day)}."))
    if vacant := [seat.name for seat in group.seats if seat.vacant]:
        found.append(Finding(Lack.VACANT, f"Utan innehavare: {', '.join(vacant)}."))
    if not group.seats:
        found.append(Finding(Lack.NO_SEATS, "Skriv in vilka roller och verksamheter som sitter i gruppen."))
    if not group.has_mandate:
        found.append(Finding(Lack.NO_MANDATE, "Skriv in vad gruppen ska göra, och vem som har beslutat det."))
    if group.follow_up_on is None or today - group.follow_up_on > YEAR:
        text = "Planera ett möte för årlig uppföljning och bjud in en brukarorganisation."
        found.append(Finding(Lack.NO_FOLLOW_UP, text))
    return tuple(found)


def proposed_convenor(group: GroupFacts) -> str:
    """Who could call the group until it has chosen: the one above, else the first place that somebody holds."""
    if group.convenor_above:
        return f"{group.convenor_above} kallar tills vidare"
    held = next((seat.name for seat in group.seats if not seat.vacant), None)
    return held or "gruppen ovanför utser någon"


def missed_months(meeting_months: tuple[int, ...], held_on: tuple[date, ...], today: date, since: date) -> int:
    """How many planned months in a row, counted back from the last one that is over, went by without a meeting.

    Months before `since` are not counted: nobody wrote meetings down then.
    """
    held = {(day.year, day.month) for day in held_on}
    missed, year, month = 0, today.year, today.month
    for _ in range(24):
        year, month = (year, month - 1) if month > 1 else (year - 1, 12)
        if date(year, month, 1) < since.replace(day=1) or (year, month) in held:
            break
        missed += month in meeting_months
    return missed
