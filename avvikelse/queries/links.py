"""What a reporter sees of the reports that are joined to her own: the shared summary and the answer, never the text."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from avvikelse.domain.actor import Actor
from avvikelse.domain.codes import category_label, known_unit_type, unit_type_label
from avvikelse.domain.errors import NotFound
from avvikelse.domain.vocabulary import Status
from avvikelse.domain.workdays import local_date
from avvikelse.models.avvikelse import Avvikelse
from avvikelse.models.dialogue import Answer
from avvikelse.models.links import LinkCode
from avvikelse.queries.case_parts import ANSWER_PARTS


@dataclass(frozen=True, slots=True)
class Linked:
    """Another party's report of the same event. `sentence` = the approved gruppmening."""

    sender: str
    category: str
    reported_on: date
    status: Status
    sentence: str | None
    answer: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class LinksPage:
    ref: str
    number: str
    good_to: date | None  # of the code; None = there is none
    linked: tuple[Linked, ...]


def links_page(session: Session, actor: Actor, ref: str, today: date) -> LinksPage:
    """Raises NotFound for a report that is not the actor's own."""
    if actor.user_id is None:
        raise NotFound
    row = session.scalar(select(Avvikelse).where(Avvikelse.ref == ref, Avvikelse.reporter_user_id == actor.user_id))
    if row is None:
        raise NotFound
    good_to = session.scalar(select(LinkCode.good_to).where(LinkCode.avvikelse_id == row.id, LinkCode.good_to >= today))
    return LinksPage(row.ref, row.number, good_to, _linked(session, row))


def linked_to(session: Session, avvikelse_id: int) -> tuple[Linked, ...]:
    """The reports of the same event, for a reporter who has been let in by her code."""
    return _linked(session, session.get_one(Avvikelse, avvikelse_id))


def _linked(session: Session, row: Avvikelse) -> tuple[Linked, ...]:
    if row.event_id is None:
        return ()
    others = session.scalars(
        select(Avvikelse).where(Avvikelse.event_id == row.event_id, Avvikelse.id != row.id).order_by(Avvikelse.id)
    ).all()
    answers: dict[int, Answer] = {}
    sent = select(Answer).where(Answer.avvikelse_id.in_([one.id for one in others]), Answer.sent_at.is_not(None))
    for answer in session.scalars(sent.order_by(Answer.version)):
        answers[answer.avvikelse_id] = answer
    return tuple(
        Linked(
            unit_type_label(one.sender_kind) if known_unit_type(one.sender_kind) else "En annan verksamhet",
            category_label(one.category, local_date(one.submitted_at)) if one.category else "Inte angivet",
            local_date(one.submitted_at),
            one.status,
            one.gruppmening if one.gruppmening_approved_at else None,
            _parts(answers.get(one.id)),
        )
        for one in others
    )


def _parts(answer: Answer | None) -> tuple[tuple[str, str], ...]:
    """The answer as its reporter reads it. What is said of an orosanmälan is for whoever made it."""
    if answer is None:
        return ()
    return tuple((heading, text) for name, heading in ANSWER_PARTS[answer.kind] if (text := getattr(answer, name)))
