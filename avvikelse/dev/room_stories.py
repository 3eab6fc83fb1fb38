"""What two managers do in the demo's joint rooms beside their answers: share a cost, plan a talk without the family."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from avvikelse.domain.joint_money import CostBand, CostDecider, CostDecision, MeetingForm, MeetingTopic
from avvikelse.domain.workdays import local_date
from avvikelse.services import joint, joint_money, room_meetings

if TYPE_CHECKING:
    from avvikelse.dev.case import Case

WHY_NOT = "Insatsen ligger utanför vårt uppdrag, och det finns inga medel avsatta för den."


def share_a_cost(case: Case) -> None:
    """Half each; one side's board says no."""
    session, now, ref = case.town.session, case.town.now, case.row.ref
    joint_money.share(session, case.owner(), ref, CostBand.BELOW_200, 50, now=now)
    for index, decider in enumerate((CostDecider.HEAD, CostDecider.BOARD)):
        until = local_date(now) + timedelta(days=14)
        joint_money.set_path(session, case.owner(index), ref, decider, until, now=now)
    joint_money.decide(session, case.owner(1), ref, CostDecision.NO, local_date(now), WHY_NOT, now=now)


def plan_a_talk(case: Case) -> None:
    """One of them proposes a day; the other has not answered."""
    day = local_date(case.town.now) + timedelta(days=7)
    room_meetings.propose(
        case.town.session, case.owner(), case.row.ref, day, "13:30", MeetingForm.VIDEO, MeetingTopic.BOTH,
        now=case.town.now,
    )  # fmt: skip


def keep_promises(case: Case) -> None:
    """Both have done what they took upon themselves."""
    for index in range(2):
        today = local_date(case.town.now)
        joint.done(case.town.session, case.owner(index), case.row.ref, today, now=case.town.now)
