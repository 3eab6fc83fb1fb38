"""Keep what is searched in (models/search.py) in step with the texts of a case, per audience."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from avvikelse.domain.codes import category_label
from avvikelse.domain.searchterms import stems
from avvikelse.domain.workdays import local_date
from avvikelse.models.asking import write_rows
from avvikelse.models.avvikelse import Avvikelse
from avvikelse.models.dialogue import AddedFact, Note
from avvikelse.models.search import SearchDocument


def shared_stems(row: Avvikelse, facts: tuple[str, ...] = ()) -> str:
    """What both sides may search: the text as the other side reads it (masked where masked), category as it was called
    when it was reported, number.
    """
    text = row.masked_description or row.description
    category = category_label(row.category, local_date(row.submitted_at)) if row.category else ""
    words = (row.number, text, row.proposal or "", category, *facts)
    return " ".join(stems(" ".join(words)))


def refresh(session: Session, row: Avvikelse) -> None:
    """Write the shared document anew."""
    facts = tuple(session.scalars(select(AddedFact.text).where(AddedFact.avvikelse_id == row.id)))
    _put(session, row.id, None, shared_stems(row, facts))


def refresh_own(session: Session, row: Avvikelse, omrade_id: int, *, is_sender: bool) -> None:
    """Write what only one område searches: its notes, and the sender's own reference and immediate action."""
    notes = session.scalars(select(Note.text).where(Note.avvikelse_id == row.id, Note.omrade_id == omrade_id))
    words = [*notes]
    if is_sender:
        words += [row.own_reference or "", row.immediate_action or ""]
    text = " ".join(stems(" ".join(words)))
    if text:
        _put(session, row.id, omrade_id, text)


def write_new(session: Session, row: Avvikelse, omrade_id: int) -> None:
    """The documents of a case that was just born, from the område `omrade_id`: it has neither facts nor notes yet."""
    own = " ".join(stems(" ".join((row.own_reference or "", row.immediate_action or ""))))
    documents = [(None, shared_stems(row)), *([(omrade_id, own)] if own else [])]
    write_rows(
        session,
        SearchDocument,
        ({"avvikelse_id": row.id, "omrade_id": omrade, "stems": text} for omrade, text in documents),
    )


def _put(session: Session, avvikelse_id: int, omrade_id: int | None, text: str) -> None:
    found = session.scalar(
        select(SearchDocument).where(
            SearchDocument.avvikelse_id == avvikelse_id,
            SearchDocument.omrade_id.is_(None) if omrade_id is None else SearchDocument.omrade_id == omrade_id,
        )
    )
    if found is None:
        session.add(SearchDocument(avvikelse_id=avvikelse_id, omrade_id=omrade_id, stems=text))
    else:
        found.stems = text
