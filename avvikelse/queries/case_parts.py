"""The child rows of a case, each read only when the reader may have its field group."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from avvikelse.domain.actor import Actor
from avvikelse.domain.codes import atgard_kind_label, factor_label
from avvikelse.domain.relation import Relation
from avvikelse.domain.sekretess import FieldGroup, may_read
from avvikelse.domain.vocabulary import AlsoHandledAs, AnswerKind, PartySide, Status
from avvikelse.models.avvikelse import Avvikelse, Party, RecordEntry
from avvikelse.models.dialogue import (
    AddedFact,
    Answer,
    Atgard,
    Investigation,
    Note,
    OutsideContact,
    OwnProcess,
    Question,
    Talk,
)
from avvikelse.models.group_work import Commitment, GroupQuestion
from avvikelse.models.groups import Samverkansgrupp
from avvikelse.models.identity import User
from avvikelse.models.organisation import Position
from avvikelse.policy.redaction import notes_until
from avvikelse.policy.visibility import CURRENT_SIDES, my_parties
from avvikelse.queries.case_views import (
    AnswerView,
    AtgardView,
    CommitmentView,
    FactView,
    GroupQuestionView,
    NoteView,
    QuestionView,
    TalkView,
    TransferView,
    UnitView,
)

ANSWER_PARTS: dict[AnswerKind, tuple[tuple[str, str], ...]] = {
    AnswerKind.QUICK: (("what_happened", "Vad hände hos oss?"), ("what_now", "Vad gör vi nu?")),
    AnswerKind.FULL: (
        ("orsak", "Vad det berodde på"),
        ("atgard", "Vad vi gör"),
        ("konsekvens", "Vad det innebär"),
        ("uppfoljning", "Hur vi följer upp"),
        ("no_atgard_reason", "Varför ingen åtgärd"),
    ),
    AnswerKind.TALK: (("to_reporter", "Det här kom cheferna fram till"),),
}


def load(
    session: Session, actor: Actor, row: Avvikelse, found: frozenset[Relation], units: dict[int, UnitView]
) -> dict[str, Any]:
    """The keyword arguments of CaseView that come from child tables."""
    own_parties = my_parties(actor, row, *CURRENT_SIDES)
    mine = {party.omrade_id for party in own_parties}
    owned = {party.omrade_id for party in own_parties if party.side is PartySide.OWNER}
    handled = row.status is not Status.SUBMITTED or bool(row.transfers[1:])
    factor_codes = factors(session, row.id, owned) if owned else ()
    own_processes = processes(session, row.id, owned) if owned else ()
    return {
        "questions": questions(session, row.id) if may_read(FieldGroup.DIALOGUE, found) else (),
        "facts": facts(session, row.id) if may_read(FieldGroup.DIALOGUE, found) else (),
        "answers": answers(session, row, found, units, owned) if may_read(FieldGroup.ANSWER, found) and handled else (),
        "atgarder": atgarder(session, row.id, owned) if may_read(FieldGroup.ANSWER, found) and handled else (),
        "factors": tuple(map(factor_label, factor_codes)) if may_read(FieldGroup.RECEIVER_ONLY, found) else None,
        "factor_codes": factor_codes,
        "processes": tuple(process.label for process in own_processes),
        "process_codes": tuple(process.value for process in own_processes),
        "contacts": contacts(session, row.id) if mine else (),
        "diarienummer": diarienummer(session, row.id, mine) if mine else None,
        "notes": notes(session, row.id, notes_until(actor, row)),
        "talk": talk(session, row, actor, found) if mine and handled else None,
        "commitments": commitments(session, row, units, own_parties)
        if row.joint and may_read(FieldGroup.JOINT, found)
        else (),
        "group_questions": group_questions(session, row.id)
        if may_read(FieldGroup.GRUPPMENING, found) and handled
        else (),
        "transfers": transfers(row, units, reasons=bool(mine) and may_read(FieldGroup.TRANSFERS, found)),
    }


def questions(session: Session, avvikelse_id: int) -> tuple[QuestionView, ...]:
    rows = session.scalars(select(Question).where(Question.avvikelse_id == avvikelse_id).order_by(Question.id))
    return tuple(
        QuestionView(
            q.id,
            q.asked_at,
            q.asked_as.label,
            q.text,
            q.answered_at,
            q.answer,
            q.answered_at is None and q.closed_at is None,
        )
        for q in rows
    )


def facts(session: Session, avvikelse_id: int) -> tuple[FactView, ...]:
    rows = session.execute(
        select(AddedFact.at, AddedFact.text).where(AddedFact.avvikelse_id == avvikelse_id).order_by(AddedFact.id)
    )
    return tuple(FactView(r[0], r[1]) for r in rows)


def answers(
    session: Session, row: Avvikelse, found: frozenset[Relation], units: dict[int, UnitView], owned: Collection[int]
) -> tuple[AnswerView, ...]:
    """Sent answers; an unsent joint one only for its owners."""
    query = select(Answer).where(Answer.avvikelse_id == row.id).order_by(Answer.version)
    if not owned:
        query = query.where(Answer.sent_at.is_not(None))
    unit_of = {p.omrade_id: units.get(p.enhet_id or 0) for p in row.parties}
    views = []
    for a in session.scalars(query):
        parts = [(heading, text) for name, heading in ANSWER_PARTS[a.kind] if (text := getattr(a, name))]
        if a.orosanmalan is not None:
            parts.insert(0, ("Återkoppling på orosanmälan", a.orosanmalan.label))
        unit = unit_of.get(a.omrade_id)
        views.append(
            AnswerView(
                a.version,
                a.kind,
                a.sent_at,
                unit.name if unit else None,
                tuple(parts),
                a.rating,
                a.rating_reason,
                a.rated_at,
                mine_to_confirm=a.sent_at is None and bool(set(owned) - {a.omrade_id}) and Relation.OWNER_CHEF in found,
            )
        )
    return tuple(views)


def atgarder(session: Session, avvikelse_id: int, owned: Collection[int]) -> tuple[AtgardView, ...]:
    rows = session.execute(
        select(Atgard, Position.title)
        .outerjoin(Position, Position.id == Atgard.position_id)
        .where(Atgard.avvikelse_id == avvikelse_id)
        .order_by(Atgard.id)
    )
    return tuple(
        AtgardView(a.id, atgard_kind_label(a.kind), a.text, title, a.due_on, a.status, a.done_on, a.omrade_id in owned)
        for a, title in rows
    )


def factors(session: Session, avvikelse_id: int, owned: Collection[int]) -> tuple[str, ...]:
    rows = session.scalars(
        select(Investigation.factors).where(
            Investigation.avvikelse_id == avvikelse_id, Investigation.omrade_id.in_(owned)
        )
    )
    return tuple(code for codes in rows for code in codes)


def processes(session: Session, avvikelse_id: int, owned: Collection[int]) -> tuple[AlsoHandledAs, ...]:
    rows = session.scalars(
        select(OwnProcess.process)
        .where(OwnProcess.avvikelse_id == avvikelse_id, OwnProcess.omrade_id.in_(owned))
        .order_by(OwnProcess.id)
    )
    return tuple(rows)


def contacts(session: Session, avvikelse_id: int) -> tuple[tuple[Any, str, str], ...]:
    """(day, role, outcome)."""
    rows = session.execute(
        select(OutsideContact.on, OutsideContact.as_role, OutsideContact.outcome)
        .where(OutsideContact.avvikelse_id == avvikelse_id)
        .order_by(OutsideContact.id)
    )
    return tuple((r[0], r[1].label, r[2].label) for r in rows)


def diarienummer(session: Session, avvikelse_id: int, mine: Collection[int]) -> str | None:
    return session.scalar(
        select(RecordEntry.diarienummer)
        .where(RecordEntry.avvikelse_id == avvikelse_id, RecordEntry.omrade_id.in_(mine))
        .limit(1)
    )


def notes(session: Session, avvikelse_id: int, until: Mapping[int, datetime | None]) -> tuple[NoteView, ...]:
    """The internal notes of the områden in `until`, each up to its moment (None = all)."""
    if not until:
        return ()
    rows = session.execute(
        select(Note.at, User.name, Note.text, Note.omrade_id)
        .join(User, User.id == Note.by_user_id)
        .where(Note.avvikelse_id == avvikelse_id, Note.omrade_id.in_(until))
        .order_by(Note.id)
    )
    return tuple(NoteView(r[0], r[1], r[2]) for r in rows if (end := until[r[3]]) is None or r[0] <= end)


def talk(session: Session, row: Avvikelse, actor: Actor, found: frozenset[Relation]) -> TalkView | None:
    waiting = session.scalar(
        select(Talk)
        .where(Talk.avvikelse_id == row.id, Talk.confirmed_at.is_(None), Talk.rejected_at.is_(None))
        .limit(1)
    )
    if waiting is None:
        return None
    needed = Relation.OWNER_CHEF if waiting.by_sender else Relation.SENDER_CHEF
    return TalkView(
        waiting.talk_on,
        waiting.agreed,
        waiting.to_reporter,
        waiting.by_sender,
        mine_to_confirm=needed in found and waiting.proposed_by_user_id != actor.user_id,
    )


def commitments(
    session: Session, row: Avvikelse, units: dict[int, UnitView], mine: Collection[Party]
) -> tuple[CommitmentView, ...]:
    """One's own word, and the other's when both have spoken: neither is to wait and see."""
    unit_of = {p.id: units.get(p.enhet_id or 0) for p in row.parties}
    rows = session.scalars(select(Commitment).where(Commitment.avvikelse_id == row.id).order_by(Commitment.id)).all()
    all_have_spoken = {p.id for p in row.parties if p.side is PartySide.OWNER} <= {c.party_id for c in rows}
    own = {party.id for party in mine}
    return tuple(
        CommitmentView(unit.name if (unit := unit_of.get(c.party_id)) else "", c.who, c.what, c.when_on, c.agreed)
        for c in rows
        if all_have_spoken or c.party_id in own
    )


def group_questions(session: Session, avvikelse_id: int) -> tuple[GroupQuestionView, ...]:
    rows = session.execute(
        select(GroupQuestion, Samverkansgrupp.name)
        .outerjoin(Samverkansgrupp, Samverkansgrupp.id == GroupQuestion.group_id)
        .where(GroupQuestion.avvikelse_id == avvikelse_id)
        .order_by(GroupQuestion.id)
    )
    return tuple(
        GroupQuestionView(
            q.id,
            q.ref,
            name,
            q.kind.label,
            q.text,
            q.raised_at,
            q.approved_at is not None,
            q.decision,
            q.decision_owner,
            q.decision_due_on,
            q.decided_at,
        )
        for q, name in rows
    )


def transfers(
    row: Avvikelse, units: dict[int, UnitView], *, reasons: bool, until: datetime | None = None
) -> tuple[TransferView, ...]:
    """The way of the case, up to `until` for those who have let it go."""

    def name(enhet_id: int | None) -> str | None:
        unit = units.get(enhet_id or 0)
        return unit.name if unit else None

    return tuple(
        TransferView(
            t.at,
            t.kind.label,
            name(t.from_enhet_id),
            name(t.to_enhet_id) or "Samordnare",
            t.crosses,
            t.reason if reasons else None,
            name(t.proposed_enhet_id) if reasons else None,
        )
        for t in row.transfers
        if until is None or t.at <= until
    )
