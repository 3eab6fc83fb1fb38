"""The child rows of a case, each read only when the reader may have its field group."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Integer, bindparam, func, select
from sqlalchemy.orm import Session

from avvikelse.domain.actor import Actor
from avvikelse.domain.codes import factor_label
from avvikelse.domain.relation import REPORTING, Relation
from avvikelse.domain.sekretess import FieldGroup, may_read
from avvikelse.domain.vocabulary import AnswerKind, PartySide, Status
from avvikelse.models.asking import ask
from avvikelse.models.avvikelse import Avvikelse
from avvikelse.policy.redaction import notes_until
from avvikelse.policy.visibility import CURRENT_SIDES, approves_for, my_parties
from avvikelse.queries import call_us, case_group_parts, case_rows, joint_room, measures, similar_cases, support
from avvikelse.queries.avtal import point_of_case
from avvikelse.queries.case_row import FoundCase
from avvikelse.queries.case_timeline import timeline_of
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
    until = notes_until(actor, row)
    handled = row.status is not Status.SUBMITTED or bool(row.transfers[1:])
    reads_answer = may_read(FieldGroup.ANSWER, found) and handled
    merged_into = row.main_id if found & REPORTING else None
    similar = similar_cases.candidates(actor, row) if found - REPORTING else None
    wanted: dict[str, bool] = {
        "questions": may_read(FieldGroup.DIALOGUE, found),
        "facts": may_read(FieldGroup.DIALOGUE, found),
        "answers": reads_answer and bool(owned),
        "sent_answers": reads_answer and not owned,
        "atgarder": reads_answer,
        "factors": bool(owned),
        "processes": bool(owned),
        "contacts": bool(mine),
        "diarienummer": bool(mine),
        "notes": bool(until),
        "talks": bool(mine) and handled,
        "timeline": True,
    }
    rows = case_rows.read(
        session,
        row.id,
        frozenset(kind for kind, allowed in wanted.items() if allowed),
        answered_in=[row.id] if merged_into is None else [row.id, merged_into],
        owned=owned,
        mine=mine,
        noted=until,
        also=similar,
    )
    factor_codes = tuple(code for one in rows.factors for code in one.factors)
    own_processes = tuple(one.process for one in rows.processes)
    return {
        "questions": tuple(map(_question, rows.questions)),
        "facts": tuple(FactView(*one) for one in rows.facts),
        "answers": answers(session, row, (*rows.answers, *rows.sent_answers), found, units, owned),
        "atgarder": measures.of_case(session, actor, row, rows.atgarder, found),
        "effect_asked": Relation.REPORTER in found
        and "effect_questions" in has
        and measures.effect_asked(session, row.id),
        "recurs": measures.recurs(session, row.id, owned) if owned and "recurrences" in has else (),
        "factors": tuple(map(factor_label, factor_codes)) if may_read(FieldGroup.RECEIVER_ONLY, found) else None,
        "factor_codes": factor_codes,
        "processes": tuple(process.label for process in own_processes),
        "process_codes": tuple(process.value for process in own_processes),
        "contacts": tuple((one.on, one.as_role.label, one.outcome.label) for one in rows.contacts),
        "diarienummer": next((one.diarienummer for one in rows.diarienummer), None),
        "notes": _notes(rows.notes, until),
        "talk": next((_talk(one, actor, found) for one in rows.talks), None),
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
        "timeline": timeline_of(rows.timeline, found),
        "similar": similar_cases.likest(row, rows.similar) if similar else (),
    }


def _question(q: Any) -> QuestionView:
    is_open = q.answered_at is None and q.closed_at is None
    return QuestionView(q.id, q.asked_at, q.asked_as.label, q.text, q.answered_at, q.answer, is_open)


def answers(
    session: Session,
    row: Avvikelse,
    written: Iterable[Any],
    found: frozenset[Relation],
    units: dict[int, UnitView],
    owned: Collection[int],
) -> tuple[AnswerView, ...]:
    """Sent answers; an unsent joint one only for its owners. Who reported a merged case gets the main case's too."""
    named = may_read(FieldGroup.PARTIES, found)
    unit_of = {p.omrade_id: units.get(p.enhet_id or 0) for p in row.parties}
    views = []
    for a in written:
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


def merged_count(session: Session, avvikelse_id: int) -> int:
    """How many other reports get the same answer."""
    found: int = ask(session, _MERGED, case=avvikelse_id).scalar_one()
    return found


_MERGED = select(func.count()).select_from(Avvikelse).where(Avvikelse.main_id == _CASE)


def notes(session: Session, avvikelse_id: int, until: Mapping[int, datetime | None]) -> tuple[NoteView, ...]:
    """The internal notes of the områden in `until`, each up to its moment (None = all)."""
    kinds = frozenset({"notes"} if until else ())
    return _notes(case_rows.read(session, avvikelse_id, kinds, noted=until).notes, until)


def _notes(rows: Iterable[Any], until: Mapping[int, datetime | None]) -> tuple[NoteView, ...]:
    ends = ((one, until[one.omrade_id]) for one in rows)
    return tuple(NoteView(one.at, one.name, one.text) for one, end in ends if end is None or one.at <= end)


def _talk(waiting: Any, actor: Actor, found: frozenset[Relation]) -> TalkView:
    needed = Relation.OWNER_CHEF if waiting.by_sender else Relation.SENDER_CHEF
    return TalkView(
        waiting.talk_on,
        waiting.agreed,
        waiting.to_reporter,
        waiting.by_sender,
        mine_to_confirm=needed in found and waiting.proposed_by_user_id != actor.user_id,
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
