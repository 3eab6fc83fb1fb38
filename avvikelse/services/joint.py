"""*Löses tillsammans*, first version: commitments, "vi är överens" by both, or a disagreement to the group."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from avvikelse.domain.actor import Actor
from avvikelse.domain.errors import Invalid
from avvikelse.domain.events import Event
from avvikelse.domain.vocabulary import Action, GroupQuestionKind, PartySide
from avvikelse.domain.workdays import local_date
from avvikelse.models.group_work import Commitment
from avvikelse.policy.permission_map import Permission
from avvikelse.services import audit, group_questions
from avvikelse.services.case_access import find, require
from avvikelse.services.guarding import guard
from avvikelse.services.transitions import perform

DISAGREEMENT = (
    "Två verksamheter har försökt lösa ett ärende tillsammans och är inte överens. Gruppen behöver ta ställning."
)


def commit(
    session: Session,
    actor: Actor,
    ref: str,
    who: str,
    what: str,
    when_on: date,
    *,
    agreed: bool,
    version: int | None = None,
    now: datetime,
) -> Commitment:
    """One party's word: what it takes upon itself (agreed) or why it cannot agree.

    When both have said yes the case is under joint work; when both have spoken and one says no, it goes to the group.
    """
    case = find(session, actor, ref, version=version)
    require(case, Permission.COMMIT)
    guard(who=who, what=what)
    for field, text in (("who", who), ("what", what)):
        if not text.strip():
            raise Invalid(
                "Skriv vilken roll som gör det."
                if field == "who"
                else "Skriv vad ni åtar er, eller varför ni inte är överens.",
                field=field,
            )
    if when_on < local_date(now):
        raise Invalid("Dagen har redan varit.", field="when_on")
    party = case.my_party(PartySide.OWNER)
    mine = session.scalar(
        select(Commitment).where(Commitment.avvikelse_id == case.row.id, Commitment.party_id == party.id)
    )
    if mine is None:
        mine = Commitment(avvikelse_id=case.row.id, party_id=party.id, omrade_id=party.omrade_id)
        session.add(mine)
    mine.who, mine.what, mine.when_on, mine.agreed, mine.at = who.strip()[:120], what.strip(), when_on, agreed, now
    session.flush()
    audit.record(
        session,
        actor,
        Event.COMMITMENT_MADE,
        now=now,
        avvikelse_id=case.row.id,
        role=case.role,
        omrade_id=party.omrade_id,
        detail={"agreed": agreed},
    )
    said = session.scalars(
        select(Commitment).where(
            Commitment.avvikelse_id == case.row.id, Commitment.party_id.in_([p.id for p in case.owners])
        )
    ).all()
    if len(said) < len(case.owners):
        return mine
    if all(one.agreed for one in said):
        perform(session, case, Action.AGREE, now=now, both_confirmed=True)
    elif group_questions.has_home_group(session, case.row):
        group_questions.open_question(session, case.row, GroupQuestionKind.LIFTED, DISAGREEMENT, None, now, now)
        perform(session, case, Action.LIFT, now=now, detail={"disagreement": True})
    return mine
