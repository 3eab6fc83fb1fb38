"""When the category was what decided the receiver, a samordnare's correction of it sends the case to the right one.

Only while nobody has taken it on, and never past the reporter's objection or a samordnare's own choice of receiver.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from avvikelse.domain.relation import Relation
from avvikelse.domain.vocabulary import Action, RoutingMode, Status, TransferKind
from avvikelse.domain.workdays import local_date
from avvikelse.queries.receivers import Proposal, receiver_by_rules
from avvikelse.services import ownership, succession
from avvikelse.services.case_access import CaseInHand
from avvikelse.services.transitions import perform


def after_recoding(session: Session, case: CaseInHand, before: Proposal | None, *, now: datetime) -> None:
    """`before` is where the case would have gone as it was coded. The reporter and both receivers are told."""
    row = case.row
    after = receiver_by_rules(session, row, today=local_date(now))
    if before is None or after is None or before.receiver == after.receiver:
        return
    held = [(party.position_id, party.funktion_id) for party in case.owners]
    as_before = held in (
        [(before.receiver.position_id, before.receiver.funktion_id)],
        [(before.triage.position_id, before.triage.funktion_id)],
    )
    if (
        not case.relations & {Relation.SENDER_SAMORDNARE, Relation.OWNER_SAMORDNARE}
        or row.status not in (Status.SUBMITTED, Status.ASSIGNED)
        or row.routing_contested
        or after.mode is not RoutingMode.AUTOMATIC
        or not as_before
    ):
        return
    row.routing_rule, row.routing_reason = ",".join(after.rules)[:40], after.reason[:600]
    step = ownership.give(session, row, after.receiver, TransferKind.ASSIGNED, now=now, by_user_id=case.actor.user_id)
    perform(session, case, Action.ASSIGN, now=now, detail={"crosses": step.crosses, "rules": list(after.rules)})
    ownership.lock_if_bouncing(session, row, step, now=now)
    succession.settle_case(session, row, now=now)
