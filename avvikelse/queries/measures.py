"""Åtgärder as they are read: on a case, and what the reporters have said about them.

Lists and the page of one åtgärd stand in measure_list.py.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Row, func, or_, select
from sqlalchemy.orm import Session

from avvikelse.domain.actor import Actor
from avvikelse.domain.codes import atgard_kind_label, atgard_strength
from avvikelse.domain.measures import Heard, Voice, heard, open_steps
from avvikelse.domain.relation import REPORTING, Relation
from avvikelse.domain.sekretess import FieldGroup, may_read
from avvikelse.domain.vocabulary import EffectAsked, Outcome
from avvikelse.models.avvikelse import Avvikelse
from avvikelse.models.dialogue import Atgard, AtgardRecurrence, EffectQuestion
from avvikelse.models.group_work import GroupQuestion
from avvikelse.models.voices import AddedVoice
from avvikelse.policy.measures import runs
from avvikelse.queries.case_views import AtgardView, RecursView
from avvikelse.queries.same_problem import same_problem

NOT_A_REPORT = (Outcome.MERGED, Outcome.NOT_TAKEN_UP, Outcome.WITHDRAWN)
YEAR = timedelta(days=365)
SAMORDNARE = "Samordnaren"  # owns what no position owns


def of_case(
    session: Session, actor: Actor, row: Avvikelse, rows: Sequence[Any], found: frozenset[Relation]
) -> tuple[AtgardView, ...]:
    """The åtgärder of a case (queries/case_rows.py).

    What the reporters say of them is read by the parties, not by one another.
    """
    if not rows:
        return ()
    ids = [atgard.id for atgard in rows]
    party, named = bool(found - REPORTING), may_read(FieldGroup.PARTIES, found)
    asked = any(atgard.rounds_asked for atgard in rows)
    said = voices(session, ids) if party and asked else {}
    again = recurrence_counts(session, ids) if party and any(atgard.done_on for atgard in rows) else {}
    owner_said = evidence(session, ids) if asked else {}
    return tuple(
        view(
            atgard, (atgard.position_title or SAMORDNARE) if named else None, owner_said.get(atgard.id),
            heard(said.get(atgard.id, ())) if party else None,
            again.get(atgard.id, 0), mine=runs(actor, atgard, row),
        )
        for atgard in rows
    )  # fmt: skip


def view(
    atgard: Atgard | Row[Any],
    owner: str | None,
    owner_said: str | None,
    said: Heard | None,
    recurrences: int,
    *,
    mine: bool,
) -> AtgardView:
    return AtgardView(
        atgard.id, atgard_kind_label(atgard.kind), atgard_strength(atgard.kind), atgard.text, owner, atgard.due_on,
        atgard.status, atgard.done_on, atgard.changed, atgard.family_told, atgard.dropped_reason, atgard.effect,
        owner_said, said, recurrences, mine, open_steps(atgard.status, atgard.kind),
    )  # fmt: skip


def voices(session: Session, atgard_ids: Collection[int]) -> Mapping[int, list[Voice]]:
    """What each reporter, and each who has said *jag också*, has said about each åtgärd, asking by asking."""
    rows = session.execute(
        select(EffectQuestion, func.coalesce(AddedVoice.user_id, Avvikelse.reporter_user_id))
        .join(Avvikelse, Avvikelse.id == EffectQuestion.avvikelse_id)
        .outerjoin(AddedVoice, AddedVoice.id == EffectQuestion.voice_id)
        .where(EffectQuestion.atgard_id.in_(atgard_ids), EffectQuestion.asked != EffectAsked.OWNER)
    )
    found: defaultdict[int, list[Voice]] = defaultdict(list)
    for q, user_id in rows:
        found[q.atgard_id].append(voice(q, user_id))
    return found


def voice(question: EffectQuestion, user_id: int | None) -> Voice:
    """Reporters are told apart by their account, and without one by their case."""
    who = f"u{user_id}" if user_id else f"c{question.avvikelse_id}"
    return Voice(who, question.asked_on, question.again, question.closed_on is None)


def evidence(session: Session, atgard_ids: Collection[int]) -> dict[int, str]:
    """What the owner's latest answer builds on."""
    rows = session.execute(
        select(EffectQuestion.atgard_id, EffectQuestion.comment)
        .where(
            EffectQuestion.atgard_id.in_(atgard_ids),
            EffectQuestion.asked == EffectAsked.OWNER,
            EffectQuestion.comment.is_not(None),
        )
        .order_by(EffectQuestion.id)
    )
    return {atgard_id: comment for atgard_id, comment in rows if comment}


def recurrence_counts(session: Session, atgard_ids: Collection[int]) -> dict[int, int]:
    """How many later reports tell of the same problem; those that did not stand do not count."""
    rows = session.execute(
        select(AtgardRecurrence.atgard_id, func.count())
        .join(Avvikelse, Avvikelse.id == AtgardRecurrence.avvikelse_id)
        .where(
            AtgardRecurrence.atgard_id.in_(atgard_ids),
            or_(Avvikelse.outcome.is_(None), Avvikelse.outcome.not_in(NOT_A_REPORT)),
        )
        .group_by(AtgardRecurrence.atgard_id)
    )
    return dict(rows.all())


def recurs(session: Session, avvikelse_id: int, owned: Collection[int]) -> tuple[RecursView, ...]:
    """The own område's åtgärder after which this case tells that it has happened again."""
    rows = session.execute(
        select(Atgard.id, Atgard.kind, Atgard.done_on)
        .join(AtgardRecurrence, AtgardRecurrence.atgard_id == Atgard.id)
        .where(AtgardRecurrence.avvikelse_id == avvikelse_id, Atgard.omrade_id.in_(owned), Atgard.done_on.is_not(None))
        .order_by(Atgard.id)
    )
    return tuple(RecursView(atgard_id, atgard_kind_label(kind), day) for atgard_id, kind, day in rows if day)


def effect_asked(session: Session, avvikelse_id: int) -> bool:
    """Does "Har det hänt igen?" wait for the reporter of this case?"""
    query = select(EffectQuestion.id).where(
        EffectQuestion.avvikelse_id == avvikelse_id,
        EffectQuestion.asked == EffectAsked.REPORTER,
        EffectQuestion.closed_on.is_(None),
    )
    return session.scalar(query.limit(1)) is not None


def cases_in_year(session: Session, row: Avvikelse, until: date) -> int:
    """How many reports of the same problem the same unit has had in the year up to `until`."""
    if row.category is None or row.receiver_enhet_id is None:
        return 0
    query = select(func.count()).where(
        same_problem(row),
        Avvikelse.occurred_on > until - YEAR,
        Avvikelse.occurred_on <= until,
        or_(Avvikelse.outcome.is_(None), Avvikelse.outcome.not_in(NOT_A_REPORT)),
    )
    return session.scalar(query) or 0


def cases_in_year_of(session: Session, avvikelse_id: int, until: date) -> int:
    """The same for a case that the caller has been let into."""
    return cases_in_year(session, session.get_one(Avvikelse, avvikelse_id), until)


def latest_since(session: Session, row: Avvikelse, day: date) -> date | None:
    """The day of the latest report of the same problem at the same unit after `day`."""
    query = select(func.max(Avvikelse.occurred_on)).where(
        same_problem(row),
        Avvikelse.occurred_on > day,
        or_(Avvikelse.outcome.is_(None), Avvikelse.outcome.not_in(NOT_A_REPORT)),
    )
    return session.scalar(query)


def brought_back(session: Session, atgard_id: int) -> bool:
    """Has the group got the question again, because the åtgärd does not bite?"""
    return session.scalar(select(GroupQuestion.id).where(GroupQuestion.atgard_id == atgard_id)) is not None
