"""Which kind of answer a case needs."""

from __future__ import annotations

from avvikelse.domain.codes import GOOD_EXAMPLE
from avvikelse.domain.vocabulary import Extent

QUICK_MAX_SEVERITY = 1
NO_FEEDBACK_ON_OROSANMALAN = "E3"


def quick_answer_is_enough(severity: int, extent: Extent | None, nej_count: int, *, again: bool) -> bool:
    """*Snabbsvar* is for mild cases that have not happened before and whose answer has not been sent back."""
    return severity <= QUICK_MAX_SEVERITY and extent in (None, Extent.ENSTAKA) and nej_count == 0 and not again


def asks_for_orosanmalan(category: str | None) -> bool:
    """Only the three answers of OrosanmalanAnswer may be given; never whether an investigation began."""
    return category == NO_FEEDBACK_ON_OROSANMALAN


def asks_for_thanks(category: str | None, reported_category: str | None) -> bool:
    """A good example, told as one: it needs to be read and thanked for, and no more.

    What somebody else has made a good example of is answered like any report: no complaint can be praised away.
    """
    return category == GOOD_EXAMPLE == reported_category
