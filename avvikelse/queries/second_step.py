"""Has somebody set up the second step of her log-in, and how many recovery codes are left?"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from avvikelse.models.identity import RecoveryCode, SecondStep, User


@dataclass(frozen=True, slots=True)
class SecondStepView:
    """What its owner sees of it. `set_up_at` None = she logs in with her password only."""

    email: str
    set_up_at: datetime | None
    codes_left: int


def second_step_of(session: Session, user_id: int) -> SecondStepView:
    left = select(func.count()).where(RecoveryCode.user_id == user_id, RecoveryCode.used_at.is_(None)).scalar_subquery()
    row = session.execute(
        select(User.email, SecondStep.set_up_at, left)
        .outerjoin(SecondStep, SecondStep.user_id == User.id)
        .where(User.id == user_id)
    ).one()
    return SecondStepView(*row)
