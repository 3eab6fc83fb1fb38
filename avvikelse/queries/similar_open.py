"""*Jag också*: the open reports about the same unit that a reporter may join. Open with domain/joining.py.

A report from the own sekretessområde may be named when it is neither severe nor from somebody without account; one
from elsewhere when its gruppmening is approved: then a samordnare has judged what others may read. Nobody is told of
reports about the own område, so that nobody can look for who has complained.

A samordnare on the phone is shown her own områden's cases instead: she may open them, and joins the report herself.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, and_, exists, or_, select
from sqlalchemy.orm import Session

from avvikelse.domain import months
from avvikelse.domain.actor import Actor
from avvikelse.domain.codes import category_label
from avvikelse.domain.joining import LOOK_BACK, NEVER, SHOWN, UNREAD_SEVERITY, WAITING, group_of
from avvikelse.domain.party_words import as_concerned, as_reporter
from avvikelse.domain.vocabulary import WITHOUT_ACCOUNT, PartySide, Role
from avvikelse.domain.workdays import local_date
from avvikelse.models.avvikelse import Avvikelse, Party
from avvikelse.models.organisation import Enhet
from avvikelse.models.voices import AddedVoice
from avvikelse.policy.visibility import CURRENT_SIDES


@dataclass(frozen=True, slots=True)
class Near:
    """What the reporter has said so far: where she works, which unit it concerns, and the category if she chose one."""

    sender_enhet_id: int
    enhet_id: int
    category: str | None = None


@dataclass(frozen=True, slots=True)
class SimilarOpen:
    """What a reporter may know of somebody else's report. `sentence` = the approved gruppmening.

    `id` never reaches a page: web/voices.py makes a word of it that only this visitor can use.
    """

    id: int
    problem: str
    sender: str
    receiver: str
    month: str
    sentence: str | None
    voices: int


def similar_open(session: Session, actor: Actor, near: Near, today: date) -> tuple[SimilarOpen, ...]:
    """The newest first, at most SHOWN: of the category when she has chosen one, else about the unit.

    The caller has made sure that the actor works in `near.sender_enhet_id`.
    """
    units = _units(session, actor, near)
    mine, theirs = units.get(near.sender_enhet_id), units.get(near.enhet_id)
    if actor.user_id is None or mine is None or theirs is None or mine.pack_id != theirs.pack_id:
        return ()
    here = {grant.omrade_id for grant in actor.grants} | {u.omrade_id for u in units.values() if u.id != theirs.id}
    if theirs.omrade_id in here or theirs.id in {grant.enhet_id for grant in actor.grants}:
        return ()
    approved = Avvikelse.gruppmening_approved_at.is_not(None)
    own = exists().where(
        Party.avvikelse_id == Avvikelse.id, Party.side == PartySide.SENDER, Party.omrade_id == mine.omrade_id
    )
    plain = and_(
        own, Avvikelse.channel.not_in(WITHOUT_ACCOUNT), Avvikelse.severity < UNREAD_SEVERITY,
        Avvikelse.category.is_not(None),
    )  # fmt: skip
    joined = exists().where(AddedVoice.avvikelse_id == Avvikelse.id, AddedVoice.user_id == actor.user_id)
    query = (
        select(Avvikelse)
        .where(
            *_waiting_about(near.enhet_id, today),
            or_(approved, plain),
            or_(Avvikelse.reporter_user_id.is_(None), Avvikelse.reporter_user_id != actor.user_id),
            ~joined,
        )
        .order_by(Avvikelse.occurred_on.desc(), Avvikelse.id.desc())
    )
    if near.category is not None:
        query = query.where(Avvikelse.category == near.category)
    return tuple(_view(row) for row in session.scalars(query.limit(SHOWN)))


@dataclass(frozen=True, slots=True)
class OwnOpen:
    """An open case of the samordnare's, which a report that is phoned in may belong to."""

    ref: str
    number: str
    problem: str
    month: str
    sentence: str | None


def own_open(session: Session, actor: Actor, enhet_id: int, category: str | None, today: date) -> tuple[OwnOpen, ...]:
    """About the same unit and, once a category is chosen, of its group; the nearest first, at most SHOWN."""
    mine = exists().where(
        Party.avvikelse_id == Avvikelse.id, Party.side.in_(CURRENT_SIDES),
        Party.omrade_id.in_(actor.omrade_ids(Role.SAMORDNARE)),
    )  # fmt: skip
    query = (
        select(Avvikelse)
        .where(mine, *_waiting_about(enhet_id, today), Avvikelse.main_id.is_(None))
        .order_by(Avvikelse.occurred_on.desc(), Avvikelse.id.desc())
        .limit(SHOWN)
    )
    if category is not None:
        query = query.where(Avvikelse.category.startswith(group_of(category), autoescape=True))
    return tuple(
        OwnOpen(row.ref, row.number, _problem(row), _month(row), _approved(row)) for row in session.scalars(query)
    )


def _waiting_about(enhet_id: int, today: date) -> tuple[ColumnElement[bool], ...]:
    own_area = select(Enhet.omrade_id).where(Enhet.id == enhet_id).scalar_subquery()
    beside = Avvikelse.receiver_enhet_id.in_(select(Enhet.id).where(Enhet.omrade_id == own_area))
    return (
        # what is about the unit may lie with another of its område, as while its manager is away
        or_(Avvikelse.receiver_enhet_id == enhet_id, and_(Avvikelse.counterpart_enhet_id == enhet_id, beside)),
        Avvikelse.occurred_on.between(today - LOOK_BACK, today),
        Avvikelse.status.in_(WAITING),
        or_(Avvikelse.category.is_(None), Avvikelse.category.not_in(NEVER)),
    )


def _problem(row: Avvikelse) -> str:
    return category_label(row.category, local_date(row.submitted_at)) if row.category else "Inte kategoriserat än"


def _month(row: Avvikelse) -> str:
    return months.name_alone(months.month_of(row.occurred_on))


def _approved(row: Avvikelse) -> str | None:
    return row.gruppmening if row.gruppmening_approved_at else None


def _view(row: Avvikelse) -> SimilarOpen:
    return SimilarOpen(
        row.id,
        _problem(row),
        as_reporter(row.sender_kind),
        as_concerned(row.receiver_kind or ""),
        _month(row),
        _approved(row),
        row.voices,
    )


def _units(session: Session, actor: Actor, near: Near) -> Mapping[int, Enhet]:
    """The two units, and all in which the actor has a role."""
    ids = {near.sender_enhet_id, near.enhet_id, *(grant.enhet_id for grant in actor.grants if grant.enhet_id)}
    rows = session.scalars(select(Enhet).where(Enhet.id.in_(ids)))
    return {unit.id: unit for unit in rows}
