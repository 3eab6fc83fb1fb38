"""*Ansvarslucka*: two områden have each said that it is not theirs. Open for how it comes to the group.

Only the group's decision closes it (services/group_questions.py refuses the rest).
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from avvikelse.domain.actor import SYSTEM
from avvikelse.domain.codes import NIVAER, tillstand_label, unit_type_label
from avvikelse.domain.events import Event
from avvikelse.domain.notices import Notice
from avvikelse.domain.party_words import position_words
from avvikelse.domain.swedish_order import swedish
from avvikelse.domain.vocabulary import GroupQuestionKind, GroupQuestionStatus, SeesCases, TransferKind
from avvikelse.domain.workflow import Audience
from avvikelse.models.agreements import Avtal, Avtalspunkt
from avvikelse.models.avvikelse import Avvikelse, Transfer
from avvikelse.models.group_work import GroupQuestion
from avvikelse.models.groups import Samverkansgrupp
from avvikelse.models.organisation import Enhet, Position
from avvikelse.services import audit, group_questions, telling


def open_gap(session: Session, row: Avvikelse, *, now: datetime) -> GroupQuestion:
    """Written from roles, kinds of units, codes and the points that were cited, so that it needs nobody's approval."""
    declined = standing_declines(row)
    text = f"{_who(session, declined)} har var för sig svarat att frågan inte är deras ansvar. Vem ansvarar?"
    points = _points(session, [t.avtalspunkt_id for t in declined if t.avtalspunkt_id])
    if points:
        text += f" De hänvisar till: {points}."
    question = group_questions.open_question(session, row, GroupQuestionKind.GAP, text, None, now, now)
    if _reads_single_cases(session, question.group_id):
        question.text += f" {_about(row)}"
    audit.record(session, SYSTEM, Event.GAP_OPENED, now=now, avvikelse_id=row.id, detail={"question": question.id})
    telling.send(session, row, Notice.GAP_OPENED, Audience.CONVENOR, now=now, key=f"q{question.id}")
    return question


def _who(session: Session, declined: list[Transfer]) -> str:
    """ "Barn- och ungdomspsykiatri (verksamhetschef) och Socialtjänst (enhetschef)": never which unit, or who."""
    latest = {(step.from_enhet_id, step.from_position_id): step for step in declined}
    units, positions = {unit for unit, _ in latest}, {position for _, position in latest}
    kinds = dict(session.execute(select(Enhet.id, Enhet.kind).where(Enhet.id.in_(units - {None}))).all())
    titles = dict(session.execute(select(Position.id, Position.title).where(Position.id.in_(positions - {None}))).all())
    names = [
        position_words(unit_type_label(kinds[unit]) if unit in kinds else None, titles.get(position or 0))
        for unit, position in latest
    ]
    return " och ".join(sorted(names, key=swedish))


def _about(row: Avvikelse) -> str:
    """The cell of the ansvarstabell that the question is about, as far as the reporter has said."""
    what = [f"tillståndet {tillstand_label(row.tillstand).lower()}"] if row.tillstand else []
    what += [f"vårdnivå {row.niva} ({dict(NIVAER)[row.niva].lower()})"] if row.niva else []
    return f"Det gäller {', '.join(what)}." if what else "Rapporten säger inget om tillstånd eller vårdnivå."


def _reads_single_cases(session: Session, group_id: int | None) -> bool:
    sees = session.scalar(select(Samverkansgrupp.sees_cases).where(Samverkansgrupp.id == group_id))
    return sees is SeesCases.ENSKILDA


def standing_declines(row: Avvikelse) -> list[Transfer]:
    """The declines that nobody has taken back."""
    found: list[Transfer] = []
    for step in row.transfers:
        if step.kind is TransferKind.TAKEN_BACK:
            found = [one for one in found if one.from_position_id != step.to_position_id]
        elif step.kind is TransferKind.DECLINED:
            found.append(step)
    return found


TAKEN_BACK = " En av dem har sedan tagit tillbaka sitt svar och har ärendet."


def note_taken_back(session: Session, row: Avvikelse) -> None:
    """The group still decides: that nobody knew is what it needs to settle. But it reads how things are now."""
    for question in session.scalars(
        select(GroupQuestion).where(
            GroupQuestion.avvikelse_id == row.id,
            GroupQuestion.kind == GroupQuestionKind.GAP,
            GroupQuestion.status == GroupQuestionStatus.OPEN,
        )
    ):
        question.text = question.text.removesuffix(TAKEN_BACK) + TAKEN_BACK


def _points(session: Session, ids: list[int]) -> str:
    """The cited points of agreements, each once."""
    rows = session.execute(
        select(Avtal.name, Avtalspunkt.number)
        .join(Avtal, Avtal.id == Avtalspunkt.avtal_id)
        .where(Avtalspunkt.id.in_(ids))
        .order_by(Avtal.name, Avtalspunkt.number)
    )
    return ", ".join(f"{name} {number}" for name, number in rows)
