"""Write a group's *handlingsplan* and follow its activities. Open when a step of an activity is refused."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from avvikelse.domain.action_plan import AFTER, LIVING, YEARS, ActivityStatus, ActivityStep
from avvikelse.domain.actor import Actor
from avvikelse.domain.errors import Conflict, Invalid, NotFound
from avvikelse.domain.events import Event
from avvikelse.domain.workdays import local_date
from avvikelse.models.action_plan import ActionPlan, PlanActivity, PlanActivityEvent
from avvikelse.models.group_decisions import GroupDecision
from avvikelse.models.themes import ProblemType
from avvikelse.services import audit
from avvikelse.services.group_access import GroupInHand, convened, role_of
from avvikelse.services.guarding import guard
from avvikelse.services.refs import new_ref

MAX_AIM = 600
MAX_ACTIVITY = 300
MAX_OWNER = 120
MAX_FOLLOW_UP = 1000


@dataclass(frozen=True, slots=True)
class ActivityWords:
    """An activity as it is written. `theme` and `decision` are the refs of what it comes from, "" = of nothing."""

    text: str
    owner: str
    due_on: date
    theme: str = ""
    decision: str = ""


def add_plan(
    session: Session, actor: Actor, group_id: int, first_year: int, aim: str, decided_on: date, *, now: datetime
) -> ActionPlan:
    """A plan for two years. Raises Invalid at the field, also when the group has one for any of the years."""
    group = convened(session, actor, group_id)
    guard(aim=aim)
    _text("aim", aim, MAX_AIM, "Skriv vad gruppen vill uppnå.")
    this_year = local_date(now).year
    if not this_year - 1 <= first_year <= this_year + 1:
        raise Invalid("En plan börjar i år, förra året eller nästa år.", field="first_year")
    if decided_on > local_date(now):
        raise Invalid("Skriv den dag då planen beslutades.", field="decided_on")
    years = [first_year + n for n in range(1 - YEARS, YEARS)]
    query = select(ActionPlan.id).where(ActionPlan.group_id == group.id, ActionPlan.first_year.in_(years))
    if session.scalar(query.limit(1)) is not None:
        raise Invalid("Gruppen har redan en plan för något av de åren.", field="first_year")
    row = ActionPlan(
        ref=new_ref(), group_id=group.id, first_year=first_year, aim=aim.strip(), decided_on=decided_on,
        written_at=now, written_by_user_id=actor.user_id,
    )  # fmt: skip
    session.add(row)
    session.flush()
    _record(session, group, Event.PLAN_WRITTEN, now, plan=row.id)
    return row


def add_activity(
    session: Session, actor: Actor, group_id: int, plan_ref: str, words: ActivityWords, *, now: datetime
) -> PlanActivity:
    """A new activity. Raises NotFound for another group's plan, Invalid at the field."""
    group = convened(session, actor, group_id)
    plan = session.scalar(select(ActionPlan).where(ActionPlan.ref == plan_ref, ActionPlan.group_id == group.id))
    if plan is None:
        raise NotFound
    guard(text=words.text, owner=words.owner)
    _text("text", words.text, MAX_ACTIVITY, "Skriv vad som ska göras.")
    _owner(words.owner)
    _within(plan, words.due_on)
    row = PlanActivity(
        ref=new_ref(), plan_id=plan.id, text=words.text.strip(), owner=words.owner.strip(), planned_on=words.due_on,
        due_on=words.due_on, status=ActivityStatus.PLANNED,
        problem_type_id=_linked(session, ProblemType, group, words.theme),
        decision_id=_linked(session, GroupDecision, group, words.decision),
    )  # fmt: skip
    session.add(row)
    session.flush()
    _happened(session, group, row, ActivityStep.ADDED, now)
    return row


def follow_up(session: Session, actor: Actor, group_id: int, ref: str, text: str, *, now: datetime) -> PlanActivity:
    """What has been done so far."""
    return _step(session, actor, group_id, ref, ActivityStep.FOLLOWED_UP, text, now=now)


def finish(session: Session, actor: Actor, group_id: int, ref: str, text: str, *, now: datetime) -> PlanActivity:
    return _step(session, actor, group_id, ref, ActivityStep.DONE, text, now=now)


def cancel(session: Session, actor: Actor, group_id: int, ref: str, text: str, *, now: datetime) -> PlanActivity:
    return _step(session, actor, group_id, ref, ActivityStep.CANCELLED, text, now=now)


def move(
    session: Session, actor: Actor, group_id: int, ref: str, owner: str, due_on: date, text: str, *, now: datetime
) -> PlanActivity:
    """Another owner or another day, with the reason. What was planned first stays, and is what "in time" means."""
    group, row, plan = _in_hand(session, actor, group_id, ref)
    guard(owner=owner, text=text)
    _owner(owner)
    _text("text", text, MAX_FOLLOW_UP, "Skriv varför.")
    _within(plan, due_on)
    row.owner, row.due_on = owner.strip(), due_on
    _happened(session, group, row, ActivityStep.MOVED, now, text=text, owner=row.owner, due_on=due_on)
    return row


def _step(
    session: Session, actor: Actor, group_id: int, ref: str, step: ActivityStep, text: str, *, now: datetime
) -> PlanActivity:
    group, row, _ = _in_hand(session, actor, group_id, ref)
    guard(text=text)
    _text("text", text, MAX_FOLLOW_UP, "Skriv vad som har hänt.")
    status = AFTER[step] or row.status
    row.status = status
    row.ended_on = None if status in LIVING else local_date(now)
    _happened(session, group, row, step, now, text=text)
    return row


def _in_hand(session: Session, actor: Actor, group_id: int, ref: str) -> tuple[GroupInHand, PlanActivity, ActionPlan]:
    """The activity, locked. Raises NotFound, Forbidden; Conflict when it has ended."""
    group = convened(session, actor, group_id)
    found = session.execute(
        select(PlanActivity, ActionPlan)
        .join(ActionPlan, ActionPlan.id == PlanActivity.plan_id)
        .where(PlanActivity.ref == ref, ActionPlan.group_id == group.id)
        .with_for_update(of=PlanActivity)
    ).one_or_none()
    if found is None:
        raise NotFound
    row, plan = found
    if row.status not in LIVING:
        raise Conflict(f"Aktiviteten har läget ”{row.status.label}”. Då går det inte att göra det här.")
    return group, row, plan


def _linked(
    session: Session, model: type[ProblemType] | type[GroupDecision], group: GroupInHand, ref: str
) -> int | None:
    """The id of the group's own theme or decision. Raises NotFound for another's."""
    if not ref:
        return None
    found: int | None = session.scalar(select(model.id).where(model.ref == ref, model.group_id == group.id))
    if found is None:
        raise NotFound
    return found


def _within(plan: ActionPlan, day: date) -> None:
    if not plan.first_year <= day.year < plan.first_year + YEARS:
        raise Invalid(
            f"Dagen ligger utanför planen, som gäller {plan.first_year} och {plan.first_year + 1}.", field="due_on"
        )


def _owner(owner: str) -> None:
    _text("owner", owner, MAX_OWNER, "Skriv vilken roll eller verksamhet som ansvarar.")


def _text(field: str, text: str, longest: int, missing: str) -> None:
    if not text.strip():
        raise Invalid(missing, field=field)
    if len(text.strip()) > longest:
        raise Invalid(f"Skriv högst {longest} tecken.", field=field)


def _happened(
    session: Session,
    group: GroupInHand,
    row: PlanActivity,
    step: ActivityStep,
    now: datetime,
    *,
    text: str = "",
    owner: str | None = None,
    due_on: date | None = None,
) -> None:
    session.add(
        PlanActivityEvent(activity_id=row.id, at=now, step=step, text=text.strip() or None, owner=owner, due_on=due_on)
    )
    session.flush()
    _record(session, group, Event.ACTIVITY_CHANGED, now, activity=row.id)


def _record(session: Session, group: GroupInHand, event: Event, now: datetime, **detail: int) -> None:
    audit.record(
        session, group.actor, event, now=now, group_id=group.id, role=role_of(group.actor, group.id), detail=detail
    )
