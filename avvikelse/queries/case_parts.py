"""The child rows of a case, each read only when the reader may have its field group."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Integer, bindparam, func, select
from sqlalchemy.orm import Session

from avvikelse.domain.actor import Actor
from avvikelse.domain.codes import factor_label
from avvikelse.domain.relation import REPORTING, Relation
from avvikelse.domain.sekretess import FieldGroup, may_read
from avvikelse.domain.vocabulary import AlsoHandledAs, AnswerKind, PartySide, Status
from avvikelse.models.asking import ask
from avvikelse.models.avvikelse import Avvikelse, RecordEntry
from avvikelse.models.dialogue import (
    AddedFact,
    Answer,
    Investigation,
    Note,
    OutsideContact,
    OwnProcess,
    Question,
    Talk,
)
from avvikelse.models.identity import User
from avvikelse.policy.redaction import notes_until
from avvikelse.policy.visibility import CURRENT_SIDES, approves_for, my_parties
from avvikelse.queries import call_us, case_group_parts, joint_room, measures, support
from avvikelse.queries.avtal import point_of_case
from avvikelse.queries.case_row import FoundCase
from avvikelse.queries.case_views import (
    AnswerView,
    FactView,
    NoteView,
    QuestionView,
    TalkView,
    TransferView,
    UnitView,
)

_CASE = bindparam("case", type_=Integer)
_MINE = bindparam("mine", expanding=True, type_=Integer)

ANSWER_PARTS: dict[AnswerKind, tuple[tuple[str, str], ...]] = {
    AnswerKind.QUICK: (("what_happened", "Vad hände hos oss?"), ("what_now", "Vad gör vi nu?")),
    AnswerKind.FULL: (
        ("orsak", "Vad det berodde på"),
        ("atgard", "Vad vi gör"),
        ("konsekvens", "Vad det innebär"),
        ("uppfoljning", "Hur vi följer upp"),
        ("no_atgard_reason", "Varför ingen åtgärd"),
    ),
    AnswerKind.OROSANMALAN: (),  # one of three fixed answers, no text
    AnswerKind.THANKS: (("to_reporter", "Tack"),),
    AnswerKind.TALK: (("to_reporter", "Det här kom cheferna fram till"),),
}


def load(
    session: Session, actor: Actor, case: FoundCase, found: frozenset[Relation], units: dict[int, UnitView]
) -> dict[str, Any]:
    """The keyword arguments of CaseView that come from child tables."""
    row, has = case.row, case.has
    own_parties = my_parties(actor, row, *CURRENT_SIDES)
    mine = {party.omrade_id for party in own_parties}
    owned = {party.omrade_id for party in own_parties if party.side is PartySide.OWNER}
    approving = approves_for(actor, row)
    handled = row.status is not Status.SUBMITTED or bool(row.transfers[1:])
    reads_dialogue = may_read(FieldGroup.DIALOGUE, found)
    reads_answer = may_read(FieldGroup.ANSWER, found) and handled
    factor_codes = factors(session, row.id, owned) if owned and "factors" in has else ()
    own_processes = processes(session, row.id, owned) if owned and "processes" in has else ()
    return {
        "questions": questions(session, row.id) if reads_dialogue and "questions" in has else (),
        "facts": facts(session, row.id) if reads_dialogue and "facts" in has else (),
        "answers": answers(session, row, found, units, owned)
        if reads_answer and ("answers" in has or row.main_id is not None)
        else (),
        "atgarder": measures.of_case(session, actor, row, found)
        if reads_answer and ("atgarder" in has or row.main_id is not None)
        else (),
        "effect_asked": Relation.REPORTER in found
        and "effect_questions" in has
        and measures.effect_asked(session, row.id),
        "recurs": measures.recurs(session, row.id, owned) if owned and "recurrences" in has else (),
        "factors": tuple(map(factor_label, factor_codes)) if may_read(FieldGroup.RECEIVER_ONLY, found) else None,
        "factor_codes": factor_codes,
        "processes": tuple(process.label for process in own_processes),
        "process_codes": tuple(process.value for process in own_processes),
        "contacts": contacts(session, row.id) if mine and "contacts" in has else (),
        "diarienummer": diarienummer(session, row.id, mine) if mine and "diarienummer" in has else None,
        "notes": notes(session, row.id, notes_until(actor, row)) if "notes" in has else (),
        "talk": talk(session, row, actor, found) if mine and handled and "talks" in has else None,
        "room": joint_room.summary(session, actor, row, found) if row.vaxlingar or row.joint else None,
        "group_questions": case_group_parts.group_questions(session, row, found, approving)
        if may_read(FieldGroup.GRUPPMENING, found) and "group_questions" in has
        else (),
        "story": case_group_parts.story(session, actor, row) if mine and "stories" in has else None,
        "decisions": case_group_parts.decisions(session, row.id, found) if "decisions" in has else (),
        "merged_count": merged_count(session, row.id) if "merged" in has and (row.vaxlingar or row.answered_at) else 0,
        "support": support.of_case(session, actor, row, own_parties) if mine and row.severe_since is not None else None,
        "vaxlingar": row.vaxlingar if may_read(FieldGroup.PARTIES, found) else 0,
        "transfers": transfers(session, row, units, reasons=bool(mine) and may_read(FieldGroup.TRANSFERS, found))
        if may_read(FieldGroup.PARTIES, found)
        else (),
    }


def questions(session: Session, avvikelse_id: int) -> tuple[QuestionView, ...]:
    rows = ask(session, _QUESTIONS, case=avvikelse_id)
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


_QUESTIONS = select(*Question.__table__.c).where(Question.avvikelse_id == _CASE).order_by(Question.id)


def facts(session: Session, avvikelse_id: int) -> tuple[FactView, ...]:
    return tuple(FactView(*row) for row in ask(session, _FACTS, case=avvikelse_id))


_FACTS = select(AddedFact.at, AddedFact.text).where(AddedFact.avvikelse_id == _CASE).order_by(AddedFact.id)


def answers(
    session: Session, row: Avvikelse, found: frozenset[Relation], units: dict[int, UnitView], owned: Collection[int]
) -> tuple[AnswerView, ...]:
    """Sent answers; an unsent joint one only for its owners. Who reported a merged case gets the main case's too."""
    cases = [row.id, row.main_id] if row.main_id is not None and found & REPORTING else [row.id]
    named = may_read(FieldGroup.PARTIES, found)
    unit_of = {p.omrade_id: units.get(p.enhet_id or 0) for p in row.parties}
    views = []
    for a in ask(session, _ANSWERS if owned else _SENT_ANSWERS, cases=cases):
        parts = [(heading, text) for name, heading in ANSWER_PARTS[a.kind] if (text := getattr(a, name))]
        unit = unit_of.get(a.omrade_id)
        if a.orosanmalan is not None:  # whoever is told to ring gets the number, also who may not read the unit's name
            words = call_us.in_words(session, a.orosanmalan, unit)
            parts.insert(0, ("Återkoppling på orosanmälan", words))
        views.append(
            AnswerView(
                a.version,
                a.kind,
                a.sent_at,
                unit.name if unit and named else None,
                tuple(parts),
                a.rating,
                a.rating_reason,
                a.rated_at,
                mine_to_confirm=a.sent_at is None
                and a.check_since is None
                and bool(set(owned) - {a.omrade_id})
                and Relation.OWNER_CHEF in found,
                sent=a.sent_at is not None,
                waits_for_check=_waits(a),
                mine_to_check=_waits(a) and a.omrade_id in owned and Relation.OWNER_SAMORDNARE in found,
                comment=a.check_comment if a.sent_at is None else None,
                words=_written(a) if a.check_since is not None and a.sent_at is None else (),
            )
        )
    return tuple(views)


def _waits(row: Any) -> bool:
    """For a samordnare to read it."""
    return row.sent_at is None and row.check_since is not None and row.check_returned_at is None


def _written(row: Any) -> tuple[tuple[str, str], ...]:
    return tuple((name, text) for name, _ in ANSWER_PARTS[row.kind] if (text := getattr(row, name)))


_ANSWERS = (
    select(*Answer.__table__.c)
    .where(Answer.avvikelse_id.in_(bindparam("cases", expanding=True, type_=Integer)))
    .order_by(Answer.avvikelse_id, Answer.version)
)
_SENT_ANSWERS = _ANSWERS.where(Answer.sent_at.is_not(None))


def factors(session: Session, avvikelse_id: int, owned: Collection[int]) -> tuple[str, ...]:
    rows = ask(session, _FACTORS, case=avvikelse_id, mine=list(owned)).scalars()
    return tuple(code for codes in rows for code in codes)


_FACTORS = select(Investigation.factors).where(Investigation.avvikelse_id == _CASE, Investigation.omrade_id.in_(_MINE))


def processes(session: Session, avvikelse_id: int, owned: Collection[int]) -> tuple[AlsoHandledAs, ...]:
    return tuple(ask(session, _PROCESSES, case=avvikelse_id, mine=list(owned)).scalars())


_PROCESSES = (
    select(OwnProcess.process)
    .where(OwnProcess.avvikelse_id == _CASE, OwnProcess.omrade_id.in_(_MINE))
    .order_by(OwnProcess.id)
)


def contacts(session: Session, avvikelse_id: int) -> tuple[tuple[Any, str, str], ...]:
    """(day, role, outcome)."""
    return tuple((r[0], r[1].label, r[2].label) for r in ask(session, _CONTACTS, case=avvikelse_id))


_CONTACTS = (
    select(OutsideContact.on, OutsideContact.as_role, OutsideContact.outcome)
    .where(OutsideContact.avvikelse_id == _CASE)
    .order_by(OutsideContact.id)
)


def diarienummer(session: Session, avvikelse_id: int, mine: Collection[int]) -> str | None:
    found: str | None = ask(session, _DIARIENUMMER, case=avvikelse_id, mine=list(mine)).scalar()
    return found


_DIARIENUMMER = (
    select(RecordEntry.diarienummer).where(RecordEntry.avvikelse_id == _CASE, RecordEntry.omrade_id.in_(_MINE)).limit(1)
)


def merged_count(session: Session, avvikelse_id: int) -> int:
    """How many other reports get the same answer."""
    found: int = ask(session, _MERGED, case=avvikelse_id).scalar_one()
    return found


_MERGED = select(func.count()).select_from(Avvikelse).where(Avvikelse.main_id == _CASE)


def notes(session: Session, avvikelse_id: int, until: Mapping[int, datetime | None]) -> tuple[NoteView, ...]:
    """The internal notes of the områden in `until`, each up to its moment (None = all)."""
    if not until:
        return ()
    rows = ask(session, _NOTES, case=avvikelse_id, mine=list(until))
    return tuple(NoteView(r[0], r[1], r[2]) for r in rows if (end := until[r[3]]) is None or r[0] <= end)


_NOTES = (
    select(Note.at, User.name, Note.text, Note.omrade_id)
    .join(User, User.id == Note.by_user_id)
    .where(Note.avvikelse_id == _CASE, Note.omrade_id.in_(_MINE))
    .order_by(Note.id)
)


def talk(session: Session, row: Avvikelse, actor: Actor, found: frozenset[Relation]) -> TalkView | None:
    waiting = ask(session, _WAITING_TALK, case=row.id).first()
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


_WAITING_TALK = (
    select(*Talk.__table__.c)
    .where(Talk.avvikelse_id == _CASE, Talk.confirmed_at.is_(None), Talk.rejected_at.is_(None))
    .limit(1)
)


def transfers(
    session: Session, row: Avvikelse, units: dict[int, UnitView], *, reasons: bool, until: datetime | None = None
) -> tuple[TransferView, ...]:
    """The way of the case, up to `until` for those who have let it go."""
    cited = {t.avtalspunkt_id for t in row.transfers if t.avtalspunkt_id} if reasons else set()
    points = {one: point_of_case(session, one, row.occurred_on) for one in cited}

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
            points.get(t.avtalspunkt_id or 0),
        )
        for t in row.transfers
        if until is None or t.at <= until
    )
