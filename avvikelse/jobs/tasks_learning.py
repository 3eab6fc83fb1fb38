"""What groups and all staff learn from, made by itself: patterns in the cases, and the board's numbers."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from avvikelse.jobs.house import House, in_transaction
from avvikelse.services import board, similar_order, themes


def find_patterns(house: House, now: datetime) -> str:
    """One transaction per group."""
    with house.transaction(writing=False) as session:
        groups = themes.groups_that_look(session)
    found = 0
    for group_id in groups:
        with house.transaction() as session:
            found += themes.look_for_patterns(session, group_id, now=now)
    return f"{found} mönster i {len(groups)} grupper"


def order_similar(house: House, now: datetime) -> str:
    """Nothing is locked while the texts are compared."""
    with house.transaction(writing=False) as session:
        orders = similar_order.work_out(session, now)
    if orders:
        with house.transaction() as session:
            similar_order.keep(session, orders)
    return f"{len(orders)} ärenden"


@in_transaction
def make_board(session: Session, now: datetime) -> str:
    return f"{board.make_figures(session, now)} län"
