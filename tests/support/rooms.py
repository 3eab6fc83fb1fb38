"""Two managers in the joint room, for tests in which it is only passed through.

meet(session, case.ref, bup, soc, now=now)     # both answer, commit and say yes
"""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from avvikelse.domain.actor import Actor
from avvikelse.domain.workdays import local_date
from avvikelse.services import joint

ANSWERS = {"offer": "Vi kan ge en tid.", "need": "En vuxen som håller ihop.", "hinder": "Två köer."}


def answer(session: Session, ref: str, *people: Actor, now: datetime) -> None:
    for actor in people:
        joint.answer(session, actor, ref, ANSWERS, now=now)


def commit(session: Session, ref: str, *people: Actor, now: datetime) -> None:
    when = local_date(now) + timedelta(days=20)
    for actor in people:
        joint.commit(session, actor, ref, "Enhetschef", "Vi tar första kontakten.", when, now=now)


def meet(session: Session, ref: str, *people: Actor, now: datetime) -> None:
    answer(session, ref, *people, now=now)
    commit(session, ref, *people, now=now)
    for actor in people:
        joint.agree(session, actor, ref, now=now)
