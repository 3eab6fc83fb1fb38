"""THE table of a case's free texts, each of which a samordnare can replace when something has slipped past the guard.

A text stands here once: which column, what it is called, who reads it, who wrote it. services/masking.py writes by it;
a test compares it with the guarded forms. Open to add a free text to a case.
"""
# ruff: noqa: E501 -- the table is read across

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session, object_session

from avvikelse.domain.actor import Actor
from avvikelse.domain.relation import Relation
from avvikelse.domain.sekretess import FieldGroup, may_read
from avvikelse.domain.vocabulary import GroupQuestionKind, PartySide
from avvikelse.domain.workflow import Audience
from avvikelse.models.avvikelse import Avvikelse, RecordEntry, Transfer
from avvikelse.models.dialogue import AddedFact, Answer, Atgard, EffectQuestion, Note, Question, Talk
from avvikelse.models.group_work import GroupQuestion
from avvikelse.models.joint_room import Commitment, CostPath, JointRoom, RoomAnswer, RoomMeeting
from avvikelse.models.learning import LearningStory
from avvikelse.policy import redaction
from avvikelse.policy.visibility import CURRENT_SIDES, my_parties

F = FieldGroup
REPORTER, OWNER, SAMORDNARE = Audience.REPORTER, Audience.OWNER, Audience.SENDER_SAMORDNARE


@dataclass(frozen=True, slots=True)
class Maskable:
    """`group` decides who reads it; `own` = only the område of the row does. `writer` = those who write such texts, or the
    column with the user who wrote it. `when` is the column with its time.
    """

    code: str
    label: str
    column: Any
    group: FieldGroup
    own: bool = False
    writer: Audience | str = ""
    when: str = ""

    @property
    def model(self) -> Any:
        return self.column.class_

    @property
    def longest(self) -> int:
        return self.column.type.length or 2000


_A = Answer.written_by_user_id.key
# fmt: off
MASKABLE: tuple[Maskable, ...] = (
    Maskable("beskrivning",       "Vad som hände",                        Avvikelse.description,           F.SHARED_TEXT, writer=REPORTER),
    Maskable("maskad",            "Texten som den andra parten läser",    Avvikelse.masked_description,    F.SHARED_TEXT, writer=SAMORDNARE),
    Maskable("forslag",           "Rapportörens förslag",                 Avvikelse.proposal,              F.SHARED_TEXT, writer=REPORTER),
    Maskable("chefernas-samtal",  "Vad chefernas samtal ledde till",      Avvikelse.managers_outcome,      F.SHARED_TEXT, writer=REPORTER),
    Maskable("utanfor-tabellen",  "Varför den gick utanför ansvarstabellen", Avvikelse.outside_reason,    F.SHARED_TEXT, writer=REPORTER),
    Maskable("gjordes-direkt",    "Vad som gjordes direkt",               Avvikelse.immediate_action,      F.SENDER_ONLY, writer=REPORTER),
    Maskable("egen-referens",     "Egen referens",                        Avvikelse.own_reference,         F.SENDER_ONLY, writer=REPORTER),
    Maskable("familjen",          "Varför familjen inte längre samordnar", Avvikelse.family_cleared_reason, F.CODING, writer=OWNER),
    Maskable("gruppmening",       "Gruppmening",                          Avvikelse.gruppmening,           F.GRUPPMENING, writer=SAMORDNARE),
    Maskable("avslut",            "Text till rapportören vid avslut",     Avvikelse.closing_text,          F.ANSWER, writer=SAMORDNARE),
    Maskable("tillagt",           "Tillagt av rapportören",               AddedFact.text,                  F.SHARED_TEXT, writer=REPORTER, when="at"),
    Maskable("fraga",             "Fråga till rapportören",               Question.text,                   F.DIALOGUE, writer="asked_by_user_id", when="asked_at"),
    Maskable("fragans-svar",      "Rapportörens svar på frågan",          Question.answer,                 F.DIALOGUE, writer=REPORTER, when="answered_at"),
    Maskable("svar-handelse",     "Svar: vad som hände hos oss",          Answer.what_happened,            F.ANSWER, writer=_A, when="written_at"),
    Maskable("svar-nu",           "Svar: vad vi gör nu",                  Answer.what_now,                 F.ANSWER, writer=_A, when="written_at"),
    Maskable("svar-orsak",        "Svar: orsak",                          Answer.orsak,                    F.ANSWER, writer=_A, when="written_at"),
    Maskable("svar-atgard",       "Svar: åtgärd",                         Answer.atgard,                   F.ANSWER, writer=_A, when="written_at"),
    Maskable("svar-konsekvens",   "Svar: konsekvens",                     Answer.konsekvens,               F.ANSWER, writer=_A, when="written_at"),
    Maskable("svar-uppfoljning",  "Svar: uppföljning",                    Answer.uppfoljning,              F.ANSWER, writer=_A, when="written_at"),
    Maskable("svar-ingen-atgard", "Svar: varför ingen åtgärd",            Answer.no_atgard_reason,         F.ANSWER, writer=_A, when="written_at"),
    Maskable("svar-samtal",       "Svar: det cheferna kom fram till",     Answer.to_reporter,              F.ANSWER, writer=_A, when="written_at"),
    Maskable("svar-kommentar",    "Svar: samordnarens kommentar",         Answer.check_comment,            F.ANSWER, writer=SAMORDNARE, when="check_returned_at"),
    Maskable("betyg",             "Vad rapportören saknar i svaret",      Answer.rating_reason,            F.ANSWER, writer=REPORTER, when="rated_at"),
    Maskable("samtal",            "Löst i samtal: vad ni kom fram till",  Talk.agreed,                     F.TRANSFERS, writer="proposed_by_user_id", when="proposed_at"),
    Maskable("samtal-rapportor",  "Löst i samtal: text till rapportören", Talk.to_reporter,                F.TRANSFERS, writer="proposed_by_user_id", when="proposed_at"),
    Maskable("anteckning",        "Intern anteckning",                    Note.text,                       F.HEAD, own=True, writer="by_user_id", when="at"),
    Maskable("atgard",            "Åtgärd",                               Atgard.text,                     F.ANSWER, writer=OWNER, when="created_at"),
    Maskable("atgard-familjen",   "Åtgärd: vad familjen får veta",        Atgard.family_told,              F.ANSWER, writer=OWNER, when="created_at"),
    Maskable("atgard-andrat",     "Åtgärd: vad som är ändrat",            Atgard.changed,                  F.ANSWER, writer=OWNER, when="created_at"),
    Maskable("atgard-avford",     "Åtgärd: varför den inte genomförs",    Atgard.dropped_reason,           F.ANSWER, writer=OWNER, when="created_at"),
    Maskable("effekt",            "Kommentar om det har hänt igen",       EffectQuestion.comment,          F.ANSWER, writer=REPORTER),
    Maskable("skal",              "Skäl när ärendet gick vidare",         Transfer.reason,                 F.TRANSFERS, writer="by_user_id", when="at"),
    Maskable("rum-bidrag",        "Gemensamt rum: vad vi kan bidra med",  RoomAnswer.offer,                F.JOINT, writer=OWNER, when="sent_at"),
    Maskable("rum-behov",         "Gemensamt rum: vad barnet behöver",    RoomAnswer.need,                 F.JOINT, writer=OWNER, when="sent_at"),
    Maskable("rum-hinder",        "Gemensamt rum: vad som hindrar oss",   RoomAnswer.hinder,               F.JOINT, writer=OWNER, when="sent_at"),
    Maskable("rum-oense",         "Gemensamt rum: vad ni inte är överens om", JointRoom.disagreement,      F.JOINT, writer=OWNER, when="closed_at"),
    Maskable("atagande",          "Åtagande: vad",                        Commitment.what,                 F.JOINT, writer=OWNER, when="at"),
    Maskable("atagande-roll",     "Åtagande: vilken roll",                Commitment.who,                  F.JOINT, writer=OWNER, when="at"),
    Maskable("pengar-skal",       "Gemensam kostnad: varför ni inte betalar", CostPath.reason,         F.JOINT, writer=OWNER, when="at"),
    Maskable("avstamning",        "Avstämning: vad ni kom fram till",     RoomMeeting.outcome,             F.JOINT, writer=OWNER, when="held_at"),
    Maskable("avstamning-familjen", "Avstämning: vad familjen får veta",  RoomMeeting.family_told,         F.JOINT, writer=OWNER, when="held_at"),
    Maskable("gruppfraga",        "Fråga till samverkansgruppen",         GroupQuestion.text,              F.GRUPPMENING, writer="raised_by_user_id", when="raised_at"),
    Maskable("gruppfraga-forslag", "Förslag till samverkansgruppen",      GroupQuestion.proposal,          F.GRUPPMENING, writer="raised_by_user_id", when="raised_at"),
    Maskable("gruppfraga-ansvarar", "Vem som föreslås ansvara",           GroupQuestion.proposed_owner,    F.GRUPPMENING, writer="raised_by_user_id", when="raised_at"),
    Maskable("gruppens-svar",     "Samverkansgruppens svar",              GroupQuestion.answer,            F.GRUPPMENING, when="answered_at"),
    Maskable("berattelse-rubrik", "Händelsebeskrivning: rubrik",          LearningStory.title,             F.HEAD, writer="written_by_user_id", when="written_at"),
    Maskable("berattelse-hande",  "Händelsebeskrivning: vad hände",       LearningStory.event,             F.HEAD, writer="written_by_user_id", when="written_at"),
    Maskable("berattelse-gjordes", "Händelsebeskrivning: vad gjordes",    LearningStory.measure,           F.HEAD, writer="written_by_user_id", when="written_at"),
    Maskable("berattelse-gick",   "Händelsebeskrivning: hur gick det",    LearningStory.effect,            F.HEAD, writer="written_by_user_id", when="written_at"),
    Maskable("diarienummer",      "Diarienummer",                         RecordEntry.diarienummer,        F.HEAD, own=True),
)
# fmt: on
BY_CODE = {one.code: one for one in MASKABLE}


@dataclass(frozen=True, slots=True)
class TextOfCase:
    """A text as the samordnare reads it. `row_id` is the row's own id."""

    code: str
    row_id: int
    label: str
    text: str
    at: datetime | None


def readable(actor: Actor, case: Avvikelse, found: frozenset[Relation], field: Maskable, row: Any) -> bool:
    """May the actor read this text? As the case's page shows it (domain/sekretess.py, policy/redaction.py)."""
    if not may_read(field.group, found):
        return False
    if field.own:
        return row.omrade_id in {party.omrade_id for party in my_parties(actor, case, *CURRENT_SIDES)}
    rule = _NARROWER.get(field.model)
    return rule is None or rule(actor, case, found, field, row)


def texts_of(session: Session, actor: Actor, case: Avvikelse, found: frozenset[Relation]) -> tuple[TextOfCase, ...]:
    """All texts of the case that the actor may read, in the order of the table."""
    return tuple(
        TextOfCase(field.code, row.id, field.label, text, getattr(row, field.when) if field.when else None)
        for field, row in rows_of(session, case)
        if (text := getattr(row, field.column.key)) and readable(actor, case, found, field, row)
    )


def rows_of(session: Session, case: Avvikelse) -> Iterator[tuple[Maskable, Any]]:
    """Each field with each of the case's rows that has it, for everybody: to be asked `readable` about."""
    rows: dict[Any, list[Any]] = {Avvikelse: [case]}
    for field in MASKABLE:
        model = field.model
        if model not in rows:
            rows[model] = list(session.scalars(select(model).where(of_case(model, case)).order_by(model.id)))
        for row in rows[model]:
            yield field, row


def of_case(model: Any, case: Avvikelse) -> ColumnElement[bool]:
    """The rows of a table that belong to the case."""
    if model is RoomAnswer:
        return RoomAnswer.room_id.in_(select(JointRoom.id).where(JointRoom.avvikelse_id == case.id))
    belongs: ColumnElement[bool] = model.avvikelse_id == case.id
    return belongs


# --- where a row is read by fewer than its group ----------------------------------------------------------------------


def _of_case(_: Actor, case: Avvikelse, found: frozenset[Relation], field: Maskable, row: Any) -> bool:  # noqa: ARG001
    """The original of a masked description is the reporting side's."""
    if field.column.key == Avvikelse.description.key and case.masked_description:
        return may_read(F.SENDER_ONLY, found)
    return field.column.key != Avvikelse.closing_text.key or case.closed_at is not None


def _answer(actor: Actor, case: Avvikelse, _found: frozenset[Relation], field: Maskable, row: Any) -> bool:
    """One that is not sent yet is its owners', and so is what their samordnare has said of it."""
    is_theirs = row.sent_at is None or field.column.key == Answer.check_comment.key
    return not is_theirs or bool(my_parties(actor, case, PartySide.OWNER))


def _question(_: Actor, _case: Avvikelse, found: frozenset[Relation], field: Maskable, row: Any) -> bool:
    """What a reporter asks the group is the own side's until it is approved; what a group proposes is the group's."""
    if row.proposed_by_group and field.column.key in {GroupQuestion.proposal.key, GroupQuestion.proposed_owner.key}:
        return False
    open_to_all = row.approved_at is not None or row.kind is not GroupQuestionKind.PROPOSAL
    return open_to_all or may_read(F.SENDER_ONLY, found)


def _in_room(actor: Actor, case: Avvikelse, found: frozenset[Relation], _field: Maskable, row: Any) -> bool:
    """The other party's words when both have answered; what they do not agree on is both parties'."""
    session = cast("Session", object_session(row))
    room = row if isinstance(row, JointRoom) else session.get_one(JointRoom, row.room_id)
    answered = session.scalars(select(RoomAnswer.party_id).where(RoomAnswer.room_id == room.id)).all()
    readable_parties = redaction.room_parties(actor, case, found, answered, closed=room.closed_at is not None)
    return len(readable_parties) > 1 if isinstance(row, JointRoom | CostPath) else row.party_id in readable_parties


Rule = Callable[[Actor, Avvikelse, frozenset[Relation], Maskable, Any], bool]
_NARROWER: dict[Any, Rule] = {
    Avvikelse: _of_case, Answer: _answer, GroupQuestion: _question,
    JointRoom: _in_room, RoomAnswer: _in_room, Commitment: _in_room,
    CostPath: _in_room,
}  # fmt: skip
