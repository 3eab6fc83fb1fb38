"""*Löst i samtal*: one side's manager writes that it was solved by talking, the other side confirms."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from avvikelse.domain.actor import Actor
from avvikelse.domain.answering import asks_for_orosanmalan
from avvikelse.domain.errors import Conflict, Forbidden, Invalid, NotFound
from avvikelse.domain.events import Event
from avvikelse.domain.notices import Notice
from avvikelse.domain.relation import Relation
from avvikelse.domain.vocabulary import Action, AnswerKind, PartySide
from avvikelse.domain.workdays import local_date
from avvikelse.domain.workflow import Audience
from avvikelse.models.avvikelse import Avvikelse
from avvikelse.models.dialogue import Answer, Talk
from avvikelse.policy.permission_map import Permission
from avvikelse.services import audit, links, telling
from avvikelse.services.answers import next_version
from avvikelse.services.case_access import CaseInHand, require
from avvikelse.services.guarding import guard
from avvikelse.services.handling import begin
from avvikelse.services.transitions import perform


def propose_talk(
    session: Session,
    actor: Actor,
    ref: str,
    talk_on: date,
    agreed: str,
    to_reporter: str,
    *,
    version: int | None = None,
    now: datetime,
) -> Talk:
    """Write down day, what was agreed and what the reporter is told. The other side is asked to confirm."""
    case = begin(session, actor, ref, version=version, now=now)
    require(case, Permission.PROPOSE_TALK)
    if asks_for_orosanmalan(case.row.category):
        raise Conflict("Återkoppling på en orosanmälan ges med ett av de tre svaren, aldrig i egna ord.")
    guard(agreed=agreed, to_reporter=to_reporter)
    if talk_on > local_date(now):
        raise Invalid("Dagen ligger i framtiden.", field="talk_on")
    for field, text in (("agreed", agreed), ("to_reporter", to_reporter)):
        if not text.strip():
            raise Invalid("Skriv några rader.", field=field)
    if _open(session, case.row) is not None:
        raise Conflict("Det finns redan ett förslag som väntar på den andra sidan.")
    by_sender = _acts_for_sender(case)
    party = case.my_party(PartySide.SENDER if by_sender else PartySide.OWNER)
    talk = Talk(
        avvikelse_id=case.row.id,
        proposed_at=now,
        proposed_by_user_id=actor.user_id,
        by_sender=by_sender,
        omrade_id=party.omrade_id,
        talk_on=talk_on,
        agreed=agreed.strip(),
        to_reporter=to_reporter.strip(),
    )
    session.add(talk)
    session.flush()
    audit.record(
        session,
        actor,
        Event.TALK_PROPOSED,
        now=now,
        avvikelse_id=case.row.id,
        role=case.role,
        omrade_id=party.omrade_id,
    )
    audience = Audience.OWNER if by_sender else Audience.SENDER_CHEF
    telling.send(session, case.row, Notice.TALK_TO_CONFIRM, audience, now=now, key=f"talk{talk.id}")
    return talk


def confirm_talk(
    session: Session, actor: Actor, ref: str, *, agrees: bool, version: int | None = None, now: datetime
) -> Avvikelse:
    """The other side says yes (then the reporter gets the text as an answer) or no (then the case goes on)."""
    case = begin(session, actor, ref, version=version, now=now)
    talk = _open(session, case.row)
    if talk is None:
        raise NotFound
    if not _may_confirm(case, talk):
        raise Forbidden("Den andra sidans chef bekräftar.")
    if not agrees:
        talk.rejected_at = now
        audit.record(session, actor, Event.TALK_REJECTED, now=now, avvikelse_id=case.row.id, role=case.role)
        return case.row
    talk.confirmed_at, talk.confirmed_by_user_id = now, actor.user_id
    session.add(
        Answer(
            avvikelse_id=case.row.id,
            version=next_version(session, case.row),
            kind=AnswerKind.TALK,
            written_at=now,
            written_by_user_id=talk.proposed_by_user_id,
            omrade_id=case.owners[0].omrade_id,
            sent_at=now,
            talk_on=talk.talk_on,
            to_reporter=talk.to_reporter,
        )
    )
    case.row.closing_text = talk.to_reporter
    case.row.accepted_at = case.row.accepted_at or now
    session.flush()
    perform(session, case, Action.SOLVED_IN_TALK, now=now, both_confirmed=True, has_reporter_text=True)
    links.tell_answered(session, case.row, now=now)
    return case.row


def _acts_for_sender(case: CaseInHand) -> bool:
    return Relation.OWNER_CHEF not in case.relations


def _may_confirm(case: CaseInHand, talk: Talk) -> bool:
    needed = Relation.OWNER_CHEF if talk.by_sender else Relation.SENDER_CHEF
    return needed in case.relations and talk.proposed_by_user_id != case.actor.user_id


def _open(session: Session, row: Avvikelse) -> Talk | None:
    return session.scalar(
        select(Talk)
        .where(Talk.avvikelse_id == row.id, Talk.confirmed_at.is_(None), Talk.rejected_at.is_(None))
        .limit(1)
    )
