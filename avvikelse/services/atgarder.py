"""Åtgärder: plan one, decide it, change it, say that it is in place, or that it will not be. Following up: effects.py.

An åtgärd is owned by a position in the område that has the case. It is decided at once when its owner writes it;
otherwise it is proposed, and the owner is asked.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from avvikelse.domain.actor import Actor
from avvikelse.domain.codes import known_atgard_kind
from avvikelse.domain.errors import Conflict, Forbidden, Invalid, NotFound
from avvikelse.domain.events import Event
from avvikelse.domain.measures import CHANGED_MAX, NO_ATGARD, AtgardStep, first_follow_up, open_steps
from avvikelse.domain.notices import Notice
from avvikelse.domain.relation import Relation
from avvikelse.domain.swedish_dates import long_date
from avvikelse.domain.vocabulary import AtgardStatus, PartySide, Role
from avvikelse.domain.workdays import local_date
from avvikelse.domain.workflow import Audience
from avvikelse.models.avvikelse import Avvikelse, Party
from avvikelse.models.dialogue import Atgard
from avvikelse.models.organisation import Enhet, Position
from avvikelse.policy.measures import answers_for, atgard_is_mine, runs
from avvikelse.policy.permission_map import Permission
from avvikelse.queries.limits import limits_of
from avvikelse.services import atgard_notices, audit, clocks, effects, telling, voice_news
from avvikelse.services.case_access import CaseInHand, find, require
from avvikelse.services.guarding import guard
from avvikelse.services.handling import begin

FAMILY_FIRST = "Familjen bär samordningen. Skriv vad familjen får veta om åtgärden."


@dataclass(frozen=True, slots=True)
class AtgardInHand:
    """A locked åtgärd, its locked case, and who acts."""

    row: Atgard
    case: Avvikelse
    actor: Actor

    @property
    def role(self) -> str:
        own = answers_for(self.actor, self.row.position_id, self.row.omrade_id, self.case)
        return Role.CHEF.value if own else Role.HANDLAGGARE.value


# --- planning ---------------------------------------------------------------------------------------------------------


def add(
    session: Session,
    actor: Actor,
    ref: str,
    kind: str,
    text: str,
    due_on: date | None,
    *,
    position_id: int | None = None,
    family_told: str = "",
    now: datetime,
) -> Atgard:
    """A new åtgärd, owned by `position_id` or else by the position that has the case. Raises Invalid at the field."""
    case = begin(session, actor, ref, now=now)
    require(case, Permission.ATGARD)
    guard(text=text, family_told=family_told)
    if not known_atgard_kind(kind):
        raise Invalid("Välj ett slag av åtgärd.", field="kind")
    _check_texts(kind, text, due_on, family_told, family=case.row.family_coordinates)
    party = case.my_party(PartySide.OWNER)
    owner = _owner(session, position_id or party.position_id, party.omrade_id, local_date(now))
    decided = _decides(case, owner, party)
    today = local_date(now)
    atgard = Atgard(
        avvikelse_id=case.row.id,
        kind=kind,
        text=text.strip(),
        omrade_id=party.omrade_id,
        position_id=owner,
        due_on=due_on if kind != NO_ATGARD else None,
        family_told=family_told.strip() or None,
        status=AtgardStatus.DECIDED if decided else AtgardStatus.PROPOSED,
        created_at=now,
        decided_on=today if decided else None,
        rounds_asked=0,
    )
    session.add(atgard)
    case.row.first_answer_at = case.row.first_answer_at or now  # a plan counts as the first answer
    session.flush()
    clocks.look_again(session, case.row)
    audit.record(
        session,
        actor,
        Event.ATGARD_ADDED,
        now=now,
        avvikelse_id=case.row.id,
        role=case.role,
        detail={"kind": kind, "atgard": atgard.id, "decided": decided},
    )
    if not decided:
        atgard_notices.to_owner(session, atgard, case.row, Notice.ATGARD_TO_DECIDE, now=now, key="new")
    return atgard


def _decides(case: CaseInHand, owner: int | None, party: Party) -> bool:
    """Does who writes the åtgärd decide it too? The position that will own it, or the chef for her own."""
    if owner is None or answers_for(case.actor, owner, party.omrade_id, case.row):
        return True
    return owner == party.position_id and Relation.OWNER_CHEF in case.relations


def _check_texts(kind: str, text: str, due_on: date | None, family_told: str, *, family: bool) -> None:
    if not text.strip():
        raise Invalid(
            "Skriv vad ni ska göra." if kind != NO_ATGARD else "Skriv varför ingen åtgärd behövs.", field="text"
        )
    if kind == NO_ATGARD:
        return
    if due_on is None:
        raise Invalid("Ange när åtgärden ska vara införd.", field="due_on")
    if family and not family_told.strip():
        raise Invalid(FAMILY_FIRST, field="family_told")


def _owner(session: Session, position_id: int | None, omrade_id: int, today: date) -> int | None:
    """A living position in the område: nobody else may be given what an åtgärd says. None = the samordnare owns it."""
    if position_id is None:
        return None
    known = session.scalar(
        select(Position.id)
        .join(Enhet, Enhet.id == Position.enhet_id)
        .where(
            Position.id == position_id,
            Enhet.omrade_id == omrade_id,
            (Position.active_to.is_(None)) | (Position.active_to >= today),
        )
    )
    if known is None:
        raise Invalid("Välj en ansvarig position i ert eget område.", field="position_id")
    return known


# --- on its way -------------------------------------------------------------------------------------------------------


def in_hand(session: Session, actor: Actor, atgard_id: int, step: AtgardStep) -> AtgardInHand:
    """The åtgärd and its case, locked, for a step that is open now.

    Raises NotFound when it does not exist for the actor, Forbidden when she only reads it, Conflict in a wrong state.
    """
    query = select(Atgard).where(Atgard.id == atgard_id)
    if not actor.is_system:
        query = query.where(atgard_is_mine(actor))
    case_id = session.scalar(query.with_only_columns(Atgard.avvikelse_id))
    if case_id is None:
        raise NotFound
    case = session.scalars(
        select(Avvikelse).where(Avvikelse.id == case_id).options(selectinload(Avvikelse.parties)).with_for_update()
    ).one()
    row = session.scalars(query.with_for_update().execution_options(populate_existing=True)).one()
    if not actor.is_system and not runs(actor, row, case):
        raise Forbidden("Den som ansvarar för åtgärden gör det här.")
    if step not in open_steps(row.status, row.kind):
        raise Conflict(f"Åtgärden har statusen ”{row.status.label}”. Då går det inte att göra det här.")
    return AtgardInHand(row, case, actor)


def decide(session: Session, actor: Actor, atgard_id: int, *, now: datetime) -> Atgard:
    """The owner says yes to a proposed åtgärd."""
    atgard = in_hand(session, actor, atgard_id, AtgardStep.DECIDE)
    atgard.row.status, atgard.row.decided_on = AtgardStatus.DECIDED, local_date(now)
    _record(session, atgard, Event.ATGARD_DECIDED, now=now)
    return atgard.row


def change(
    session: Session,
    actor: Actor,
    atgard_id: int,
    text: str,
    due_on: date | None,
    *,
    position_id: int | None = None,
    family_told: str = "",
    now: datetime,
) -> Atgard:
    """Other words, another day or another owner while it is not in place. A new owner decides anew."""
    atgard = in_hand(session, actor, atgard_id, AtgardStep.CHANGE)
    row = atgard.row
    guard(text=text, family_told=family_told)
    _check_texts(row.kind, text, due_on, family_told, family=atgard.case.family_coordinates)
    owner = _owner(session, position_id or row.position_id, row.omrade_id, local_date(now))
    moved = owner != row.position_id
    row.text, row.due_on, row.family_told, row.position_id = text.strip(), due_on, family_told.strip() or None, owner
    if moved and not answers_for(actor, owner, row.omrade_id, atgard.case):
        row.status, row.decided_on = AtgardStatus.PROPOSED, None
        stamp = f"v{atgard.case.version_id}-{local_date(now)}"
        atgard_notices.to_owner(session, row, atgard.case, Notice.ATGARD_TO_DECIDE, now=now, key=stamp)
    _record(session, atgard, Event.ATGARD_CHANGED, now=now, moved=moved)
    return row


def mark_done(
    session: Session, actor: Actor, ref: str, atgard_id: int, done_on: date, changed: str = "", *, now: datetime
) -> Atgard:
    """The same as `do`, from the case's page."""
    case = find(session, actor, ref)
    require(case, Permission.ATGARD)
    known = session.get(Atgard, atgard_id)
    if known is None or known.avvikelse_id != case.row.id:
        raise NotFound
    if known.done_on == done_on:
        return known
    if known.done_on is not None:
        raise Conflict(
            f"Någon annan har redan sparat att åtgärden är på plats sedan {long_date(known.done_on)}. "
            f"Du ville spara {long_date(done_on)}. Inget har ändrats."
        )
    return do(session, actor, atgard_id, done_on, changed, now=now)


def do(session: Session, actor: Actor, atgard_id: int, done_on: date, changed: str = "", *, now: datetime) -> Atgard:
    """The åtgärd is in place since `done_on`. From then on its effect is asked about.

    `changed` is one sentence about what is different now, for everybody who reported it and for their units.
    """
    atgard = in_hand(session, actor, atgard_id, AtgardStep.DO)
    guard(changed=changed)
    if done_on > local_date(now):
        raise Invalid("Dagen ligger i framtiden.", field="done_on")
    if len(changed) > CHANGED_MAX:
        raise Invalid(f"Skriv högst {CHANGED_MAX} tecken.", field="changed")
    row = atgard.row
    row.status, row.done_on, row.changed = AtgardStatus.DONE, done_on, changed.strip() or None
    row.decided_on = row.decided_on or done_on
    row.follow_up_on = first_follow_up(row.kind, done_on, limits_of(session, atgard.case.pack_id))
    _record(session, atgard, Event.ATGARD_DONE, now=now)
    if row.changed:
        _tell_what_changed(session, atgard, now=now)
    return row


def _tell_what_changed(session: Session, atgard: AtgardInHand, *, now: datetime) -> None:
    """*Du rapporterade – det här ändrades*: to every reporter behind it, and to the manager of the reporting unit."""
    key = f"atgard{atgard.row.id}"
    for report in effects.reports_behind(session, atgard.case):
        telling.send(session, report, Notice.CHANGED, Audience.REPORTER, now=now, key=key)
    voice_news.tell(session, atgard.case, now=now, key=key)
    telling.send(session, atgard.case, Notice.UNIT_CHANGED, Audience.SENDER_CHEF, now=now, key=key)


def drop(session: Session, actor: Actor, atgard_id: int, reason: str, *, now: datetime) -> Atgard:
    """It will not be carried out; why is told to those who read the case."""
    atgard = in_hand(session, actor, atgard_id, AtgardStep.DROP)
    guard(reason=reason)
    if not reason.strip():
        raise Invalid("Skriv varför åtgärden inte genomförs.", field="reason")
    atgard.row.status, atgard.row.dropped_reason = AtgardStatus.DROPPED, reason.strip()
    _record(session, atgard, Event.ATGARD_DROPPED, now=now)
    return atgard.row


def _record(session: Session, atgard: AtgardInHand, event: Event, *, now: datetime, **detail: bool) -> None:
    clocks.look_again(session, atgard.case)
    audit.record(
        session,
        atgard.actor,
        event,
        now=now,
        avvikelse_id=atgard.case.id,
        role=atgard.role,
        detail={"atgard": atgard.row.id, **detail},
    )
