"""*Ta tillbaka*: may a manager have back what she has handed over or declined? Open when she may not, or too long.

Five working days, and: a case that lies with a samordnare, whoever of the former managers regrets; a case that has been
handed over, until the other one's first action.
"""

from __future__ import annotations

from datetime import date

from avvikelse.domain.actor import Actor
from avvikelse.domain.relation import Relation
from avvikelse.domain.vocabulary import PartySide, Status, TransferKind
from avvikelse.domain.workdays import add_workdays, local_date
from avvikelse.models.avvikelse import Avvikelse, Transfer
from avvikelse.policy.visibility import through_parties

UNDO_WORKDAYS = 5
LET_GO = frozenset({TransferKind.HANDED_OVER, TransferKind.DECLINED})


def last_let_go(actor: Actor, row: Avvikelse, today: date) -> Transfer | None:
    """The actor's own step that she may take back today; None when there is none."""
    hers = {
        party.position_id
        for party, mine in through_parties(actor, row)
        if party.side is PartySide.FORMER and Relation.FORMER_CHEF in mine and party.position_id is not None
    }
    steps = [one for one in row.transfers if one.kind in LET_GO and one.from_position_id in hers]
    if not steps or row.joint or add_workdays(local_date(steps[-1].at), UNDO_WORKDAYS) < today:
        return None
    if row.status is Status.SUBMITTED:
        return steps[-1]
    waits = steps[-1] is row.transfers[-1] and row.status is Status.ASSIGNED and steps[-1].accepted_at is None
    return steps[-1] if waits else None
