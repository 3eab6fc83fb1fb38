"""*Samfinansiering* and *avstämning*: the words of sharing a cost in the joint room, and of talking about it without
the family. Open to change a band, who may decide, or what is asked.

A cost is told as a band a year, never as a sum: a sum can be the price of one child's placement.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from avvikelse.domain.vocabulary import Labelled

MAX_REASON, MAX_FAMILY = 1000, 500


class CostBand(Labelled):
    """What it costs together, a year."""

    UNKNOWN = "unknown", "Vi vet inte än"
    BELOW_50 = "below_50", "Under 50 000 kronor om året"
    BELOW_200 = "below_200", "50 000–200 000 kronor om året"
    BELOW_500 = "below_500", "200 000–500 000 kronor om året"
    BELOW_1500 = "below_1500", "500 000–1,5 miljoner kronor om året"
    ABOVE = "above", "Mer än 1,5 miljoner kronor om året"


class CostDecider(Labelled):
    """Who says yes to the money, on one side."""

    UNIT = "unit", "Chefen för verksamheten"
    ABOVE = "above", "Områdes- eller verksamhetschefen"
    HEAD = "head", "Förvaltningschefen eller motsvarande"
    BOARD = "board", "Nämnden eller styrelsen"
    JOINT = "joint", "En gemensam beredning för samfinansiering"


class CostDecision(Labelled):
    """What came of it, on one side."""

    YES = "yes", "Ja, vi betalar vår del"
    NO = "no", "Nej, vi betalar inte"


class MeetingForm(Labelled):
    """How the managers meet."""

    PHONE = "phone", "Telefon"
    VIDEO = "video", "Video"
    PLACE = "place", "Vi träffas"


class MeetingTopic(Labelled):
    """What is not to be settled in front of the family."""

    RESPONSIBILITY = "responsibility", "Vem som ansvarar"
    MONEY = "money", "Vem som betalar"
    BOTH = "both", "Både ansvar och pengar"


WITHOUT_THE_FAMILY = (
    "Vem som ansvarar och vem som betalar är verksamheternas sak. Ta det för er själva, inte på ett SIP-möte där "
    "barnet och vårdnadshavarna sitter med. Barnets insatser väntar inte på pengarna."
)  # fmt: skip


def share_of(share: int | None, *, mine: bool) -> int | None:
    """The percentage of one side, from the one that was written."""
    if share is None:
        return None
    return share if mine else 100 - share


def words_of_cost(band: CostBand, shares: Iterable[int | None]) -> str:
    """The cost as both say yes to it; `shares` in the order of the parties."""
    told = [f"{share} procent" for share in shares if share is not None]
    return f"Kostnad: {band.label.lower()}" + (f" ({' och '.join(told)})" if told else "")


def waits_for_money(decisions: Sequence[CostDecision | None]) -> bool:
    """Does somebody still have to decide? One no settles it."""
    return CostDecision.NO not in decisions and None in decisions
