"""*Vi hittar ingen anmälan, ring oss*: where the reporter can ring, which is what the words are worth (MS12)."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from avvikelse.domain.vocabulary import OrosanmalanAnswer
from avvikelse.models.organisation import Enhet
from avvikelse.queries.answering import offices_of
from avvikelse.queries.case_views import UnitView

NOTHING_FOUND = "Vi hittar ingen anmälan"


def in_words(session: Session, given: OrosanmalanAnswer, unit: UnitView | None) -> str:
    """One of the three answers as the reporter reads it, with the way to reach those who gave it."""
    return not_found(session, unit) if given is OrosanmalanAnswer.NOT_FOUND else given.label


def not_found(session: Session, unit: UnitView | None) -> str:
    """The unit's phone, else its mailbox, else its samordnare's; nobody is told to ring a number that is not there."""
    if unit is not None and unit.phone:
        return f"{OrosanmalanAnswer.NOT_FOUND.label}: {_unbroken(unit.phone)}"
    if unit is not None and unit.mailbox:
        return f"{NOTHING_FOUND}, skriv till oss: {unit.mailbox}"
    office = _office(session, unit.id) if unit is not None else None
    if office is not None:
        name, where = office
        return f"{NOTHING_FOUND}. Fråga {name}: {_unbroken(where)}"
    return f"{NOTHING_FOUND}. Numret till enheten är inte inlagt här, så ring den på det nummer som du brukar."


def _office(session: Session, enhet_id: int) -> tuple[str, str] | None:
    unit = session.scalars(select(Enhet).where(Enhet.id == enhet_id)).one()
    office = offices_of(session, [unit]).get(unit.omrade_id)
    where = (office.phone or office.mailbox) if office is not None else None
    return (office.name, where) if office is not None and where else None


def _unbroken(number: str) -> str:
    """In one piece: the spaces of a number are no places to break a line."""
    return number.replace(" ", "\N{NO-BREAK SPACE}")
