"""In how many åtgärder of a group the reporters say that it works, beside its owners. Open when the annual report shows
another number than the åtgärder's own pages.

Mätetal I11 counts what the owners say; this is what the reporters say of those they were asked about in the period.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session, aliased

from avvikelse.analysis.annual import ReportersSaid
from avvikelse.domain.measures import Voice, heard
from avvikelse.domain.vocabulary import Effect, EffectAsked
from avvikelse.models.avvikelse import Avvikelse, GroupMembership
from avvikelse.models.dialogue import Atgard, EffectQuestion
from avvikelse.models.voices import AddedVoice
from avvikelse.queries.measures import voice
from avvikelse.queries.month_reads import COUNTS, FIRST_OF_EVENT


def in_group(session: Session, group_id: int, first: date, last: date) -> ReportersSaid:
    """By the day when it was asked, not when the case was reported: an åtgärd is asked about months later."""
    report = aliased(Avvikelse)  # a merged one's reporter is asked too
    rows = session.execute(
        select(EffectQuestion, Atgard.effect, func.coalesce(AddedVoice.user_id, report.reporter_user_id))
        .join_from(GroupMembership, Avvikelse, Avvikelse.id == GroupMembership.avvikelse_id)
        .join(Atgard, Atgard.avvikelse_id == Avvikelse.id)
        .join(EffectQuestion, EffectQuestion.atgard_id == Atgard.id)
        .join(report, report.id == EffectQuestion.avvikelse_id)
        .outerjoin(AddedVoice, AddedVoice.id == EffectQuestion.voice_id)
        .where(
            GroupMembership.group_id == group_id, COUNTS, FIRST_OF_EVENT,
            EffectQuestion.asked != EffectAsked.OWNER, EffectQuestion.asked_on.between(first, last),
        )
    )  # fmt: skip
    voices: defaultdict[int, list[Voice]] = defaultdict(list)
    judged: dict[int, Effect | None] = {}
    for question, effect, user_id in rows:
        voices[question.atgard_id].append(voice(question, user_id))
        judged[question.atgard_id] = effect
    said = [heard(of_one) for of_one in voices.values()]
    confirmed = sum(one.confirmed for one in said)
    silent = sum(one.unanswered for one in said)
    return ReportersSaid(
        confirmed, len(said) - confirmed - silent, silent, sum(found is Effect.WORKS for found in judged.values())
    )
