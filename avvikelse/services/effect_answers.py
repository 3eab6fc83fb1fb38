"""What is answered about an åtgärd: by its owner (following up) and by the reporters. Two who say "som förut" bring it
back to the group.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from avvikelse.domain.actor import SYSTEM, Actor
from avvikelse.domain.codes import atgard_kind_label, category_label
from avvikelse.domain.errors import Conflict, Invalid
from avvikelse.domain.events import Event
from avvikelse.domain.measures import AtgardStep, heard
from avvikelse.domain.notices import Notice
from avvikelse.domain.swedish_dates import long_date
from avvikelse.domain.vocabulary import Again, AtgardStatus, Effect, EffectAsked, GroupQuestionKind, Role
from avvikelse.domain.workdays import local_date
from avvikelse.domain.workflow import Audience
from avvikelse.models.avvikelse import Avvikelse
from avvikelse.models.dialogue import Atgard, EffectQuestion
from avvikelse.models.group_work import GroupQuestion
from avvikelse.policy.permission_map import Permission
from avvikelse.queries import measures
from avvikelse.services import atgarder, audit, clocks, group_questions, telling, voices
from avvikelse.services.case_access import find, require
from avvikelse.services.guarding import guard


def follow_up(
    session: Session, actor: Actor, atgard_id: int, effect: Effect, evidence: str, *, now: datetime
) -> Atgard:
    """*Fungerar åtgärden?* The owner's answer, with what it builds on. May be given anew, also before anybody asks."""
    atgard = atgarder.in_hand(session, actor, atgard_id, AtgardStep.FOLLOW_UP)
    guard(evidence=evidence)
    if effect is not Effect.TOO_EARLY and not evidence.strip():
        raise Invalid("Skriv vad du bygger det på, till exempel vad ni har sett eller räknat.", field="evidence")
    today, row = local_date(now), atgard.row
    row.status, row.effect, row.followed_up_on = AtgardStatus.FOLLOWED_UP, effect, today
    for question in _open_questions(session, EffectAsked.OWNER, EffectQuestion.atgard_id == row.id):
        question.answered_on = question.closed_on = today
        question.effect, question.comment = effect, evidence.strip() or None
    clocks.look_again(session, atgard.case)
    audit.record(
        session, actor, Event.ATGARD_FOLLOWED_UP, now=now, avvikelse_id=atgard.case.id, role=atgard.role,
        detail={"atgard": row.id, "effect": effect.value},
    )  # fmt: skip
    return row


def answer_as_reporter(
    session: Session, actor: Actor, ref: str, again: Again, comment: str = "", *, now: datetime
) -> Avvikelse:
    """*Har det hänt igen?* One answer to all that is asked about the case now.

    Raises NotFound for a foreign case, Conflict when nothing is asked.
    """
    case = find(session, actor, ref)
    require(case, Permission.EFFECT)
    questions = _open_questions(session, EffectAsked.REPORTER, EffectQuestion.avvikelse_id == case.row.id)
    _answered(session, actor, questions, again, comment, role=case.role, now=now)
    return case.row


def answer_as_voice(
    session: Session, actor: Actor, voice_ref: str, again: Again, comment: str = "", *, now: datetime
) -> None:
    """The same from somebody who has said *jag också*.

    Raises NotFound for a voice that is not the actor's own, Conflict when nothing is asked.
    """
    voice = voices.own(session, actor, voice_ref)
    questions = _open_questions(session, EffectAsked.VOICE, EffectQuestion.voice_id == voice.id)
    _answered(session, actor, questions, again, comment, role=Role.RAPPORTOR.value, now=now)


def _answered(
    session: Session, actor: Actor, questions: list[EffectQuestion], again: Again, comment: str, *, role: str,
    now: datetime,
) -> None:  # fmt: skip
    guard(comment=comment)
    today = local_date(now)
    if not questions:
        raise Conflict("Det finns ingen fråga att svara på just nu.")
    for question in questions:
        question.answered_on = question.closed_on = today
        question.again, question.comment = again, comment.strip() or None
    session.flush()
    for atgard_id in sorted({question.atgard_id for question in questions}):
        atgard = session.get_one(Atgard, atgard_id)
        row = session.get_one(Avvikelse, atgard.avvikelse_id)
        audit.record(
            session, actor, Event.EFFECT_ANSWERED, now=now, avvikelse_id=row.id, role=role,
            detail={"atgard": atgard_id, "again": again.value},
        )  # fmt: skip
        if heard(measures.voices(session, [atgard_id])[atgard_id]).does_not_bite:
            _bring_back(session, atgard, row, now=now)


def _open_questions(session: Session, whom: EffectAsked, about: ColumnElement[bool]) -> list[EffectQuestion]:
    query = select(EffectQuestion).where(EffectQuestion.asked == whom, EffectQuestion.closed_on.is_(None), about)
    return list(session.scalars(query.order_by(EffectQuestion.id).with_for_update()))


def _bring_back(session: Session, atgard: Atgard, row: Avvikelse, *, now: datetime) -> None:
    """A question on the group's agenda, once per åtgärd. Of codes and a day only, so it needs nobody's approval."""
    known = session.scalar(select(GroupQuestion.id).where(GroupQuestion.atgard_id == atgard.id))
    if known is not None or atgard.done_on is None:
        return
    problem = f"”{category_label(row.category, local_date(row.submitted_at))}”" if row.category else "Problemet"
    text = (
        f"{problem} har inte minskat efter åtgärden ”{atgard_kind_label(atgard.kind)}”, som är på plats sedan"
        f" {long_date(atgard.done_on)}. Flera som rapporterade svarar att det är som förut. Vad behöver ändras?"
    )
    question = group_questions.open_question(session, row, GroupQuestionKind.EFFECT, text, None, now, now)
    question.atgard_id = atgard.id
    session.flush()
    audit.record(
        session, SYSTEM, Event.EFFECT_LIFTED, now=now, avvikelse_id=row.id,
        detail={"atgard": atgard.id, "question": question.id},
    )  # fmt: skip
    telling.send(session, row, Notice.GROUP_QUESTION, Audience.CONVENOR, now=now, key=f"q{question.id}")
