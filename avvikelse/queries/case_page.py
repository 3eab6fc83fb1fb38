"""Read one case for one reader: through visibility, then part by part through redaction.

Nothing here changes anything.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from sqlalchemy import ColumnElement, bindparam, func, or_, select
from sqlalchemy.orm import Session

from avvikelse.domain import workflow
from avvikelse.domain.actor import Actor
from avvikelse.domain.answering import asks_for_orosanmalan, asks_for_thanks, quick_answer_is_enough
from avvikelse.domain.codes import category_label, unit_type_label
from avvikelse.domain.errors import NotFound
from avvikelse.domain.expectations import expected_of, words_for_reporter
from avvikelse.domain.relation import REPORTING, Relation
from avvikelse.domain.sekretess import FieldGroup, may_read
from avvikelse.domain.swedish_dates import long_date
from avvikelse.domain.vocabulary import GroupQuestionStatus, PartySide
from avvikelse.domain.workdays import local_date
from avvikelse.models.asking import ask
from avvikelse.models.avvikelse import Avvikelse, Party
from avvikelse.models.group_work import GroupQuestion
from avvikelse.models.identity import User
from avvikelse.policy import redaction
from avvikelse.policy.permission_map import Permission, allows
from avvikelse.policy.visibility import (
    my_parties,
    omrade_read_for,
    relations_to,
    visible,
)
from avvikelse.queries import case_parts, responsibility
from avvikelse.queries.avtal import point_of_case
from avvikelse.queries.case_row import FoundCase, find_case, units_of
from avvikelse.queries.case_views import CaseView, OwnerView, RoomSummary, SimilarCase, UnitView
from avvikelse.queries.lov import shown_on_case


def case_page(session: Session, actor: Actor, ref: str) -> CaseView:
    """The whole page for a reader with a present relation; the little that is left for one who has let the case go.

    Raises NotFound, the same for a foreign case as for one that does not exist.
    """
    case = find_case(session, actor, ref)
    if case is None:
        raise NotFound
    row = case.row
    found = relations_to(actor, row)
    units = units_of(session, case)
    if not allows(Permission.READ, found, row.status):
        return _former_page(session, actor, row, found, units)
    parts = case_parts.load(session, actor, case, found, units)
    mine = _my_party(actor, row)
    return CaseView(
        id=row.id,
        read_for=omrade_read_for(actor, row),
        head=redaction.head(row, found),
        relations=found,
        actions=workflow.open_actions(row.status, found, good=_good(row)),
        permissions=frozenset(p for p in Permission if allows(p, found, row.status, good=_good(row))),
        expected=expected_of(
            row.status,
            found,
            paused=row.paused_since is not None,
            good=_good(row),
            checking=any(answer.waits_for_check for answer in parts["answers"]),
        ),
        reporter_words=_reporter_words(row, parts["room"]) if Relation.REPORTER in found else None,
        sender=units.get(row.sender_enhet_id or 0),
        counterpart=_counterpart(row, units),
        counterpart_id=row.counterpart_enhet_id,
        owners=_owners(case, units, show_handler=bool(found - REPORTING))
        if may_read(FieldGroup.PARTIES, found)
        else (),
        my_party_id=mine.id if mine else None,
        routing_reason=row.routing_reason if may_read(FieldGroup.PARTIES, found) else None,
        coding=redaction.coding(row, found),
        shared=redaction.shared_text(row, found),
        sender_only=redaction.sender_only(row, found),
        reporter=_reporter_name(session, row) if redaction.sees_reporter(row, found) else None,
        gruppmening=redaction.gruppmening(row, found),
        closing_text=row.closing_text if row.closed_at else None,
        main=_linked(session, actor, row.main_id),
        earlier=_linked(session, actor, row.earlier_id),
        split=_split(session, actor, row) if row.split_from_id is not None or "split" in case.has else (),
        has_handlers=Relation.OWNER_CHEF in found and mine is not None and case.holders[mine.id].has_handlers,
        quick_is_enough=quick_answer_is_enough(
            row.severity, row.extent, row.nej_count, again=row.earlier_id is not None
        ),
        asks_orosanmalan=asks_for_orosanmalan(row.category),
        asks_thanks=_good(row),
        waits=shown_on_case(session, row) if "lov" in case.has else (),
        **(_agreed(session, case) if may_read(FieldGroup.CODING, found) else {}),
        **parts,
    )


def _agreed(session: Session, case: FoundCase) -> dict[str, Any]:
    """What the parties have agreed that the case is about: the point that was not kept, and the ansvarstabell."""
    row = case.row
    return {
        "point": point_of_case(session, row.avtalspunkt_id, row.occurred_on),
        "responsibility": responsibility.of_case(
            session,
            row.pack_id,
            row.tillstand,
            row.niva,
            row.category,
            row.receiver_kind,
            row.occurred_on,
            row.matrix_version,
        )
        if "ansvarstabell" in case.has
        else None,
    }


def _former_page(
    session: Session, actor: Actor, row: Avvikelse, found: frozenset[Relation], units: dict[int, UnitView]
) -> CaseView:
    """Own notes and the way up to the hand-over. The shared part is gone the moment the case leaves."""
    left = max(
        (party.until for party in my_parties(actor, row, PartySide.FORMER) if party.until is not None), default=None
    )
    return CaseView(
        id=row.id,
        read_for=omrade_read_for(actor, row),
        head=redaction.head(row, found),
        relations=found,
        actions=workflow.open_actions(row.status, found, good=_good(row)),  # to take it back
        permissions=frozenset({Permission.READ_FORMER}),
        expected=None,
        reporter_words=None,
        sender=units.get(row.sender_enhet_id or 0),
        counterpart=_counterpart(row, units),
        counterpart_id=row.counterpart_enhet_id,
        owners=(),
        my_party_id=None,
        routing_reason=None,
        coding=None,
        shared=None,
        sender_only=None,
        reporter=None,
        gruppmening=None,
        factors=None,
        processes=(),
        contacts=(),
        diarienummer=None,
        questions=(),
        facts=(),
        answers=(),
        atgarder=(),
        effect_asked=False,
        recurs=(),
        notes=case_parts.notes(session, row.id, redaction.notes_until(actor, row)),
        talk=None,
        room=None,
        group_questions=(),
        decisions=(),
        story=None,
        transfers=case_parts.transfers(session, row, units, reasons=True, until=left),
        timeline=(),
        similar=(),
        closing_text=None,
        main=None,
        earlier=None,
        merged_count=0,
    )


def _my_party(actor: Actor, row: Avvikelse) -> Party | None:
    mine = (*my_parties(actor, row, PartySide.OWNER), *my_parties(actor, row, PartySide.SENDER))
    return next(iter(mine), None)


def _owners(case: FoundCase, units: dict[int, UnitView], *, show_handler: bool) -> tuple[OwnerView, ...]:
    owners = ((p, case.holders[p.id]) for p in case.row.parties if p.side is PartySide.OWNER)
    return tuple(
        OwnerView(
            holder.title,
            units.get(p.enhet_id or 0),
            holder.handler if show_handler else None,
            p.id,
            holder.stand_in if p.open else None,
            p.position_id,
        )
        for p, holder in owners
    )


def _counterpart(row: Avvikelse, units: dict[int, UnitView]) -> str:
    """Whom the reporter named, in words."""
    unit = units.get(row.counterpart_enhet_id or 0)
    if unit is not None:
        return unit.name
    if row.counterpart_kind:
        return unit_type_label(row.counterpart_kind)
    return "Vet inte"


def _reporter_words(row: Avvikelse, room: RoomSummary | None) -> str:
    by = long_date(row.due_on) if row.due_on else ""
    both = room is not None and room.both
    return words_for_reporter(
        row.status, row.outcome, by, paused=row.paused_since is not None, both_answered=both, good=_good(row)
    )


def _good(row: Avvikelse) -> bool:
    return asks_for_thanks(row.category, row.reported_category)


def _reporter_name(session: Session, row: Avvikelse) -> str | None:
    found: str | None = ask(session, _PERSON, person=row.reporter_user_id).scalar()
    return found


_PERSON = select(User.name).where(User.id == bindparam("person"))


def _linked(session: Session, actor: Actor, avvikelse_id: int | None) -> SimilarCase | None:
    """A case this one points to, when the reader may open it."""
    if avvikelse_id is None:
        return None
    return next(iter(_cases(session, actor, Avvikelse.id == avvikelse_id, limit=1)), None)


def _split(session: Session, actor: Actor, row: Avvikelse) -> tuple[SimilarCase, ...]:
    """The other cases that the same report became (services/splitting.py)."""
    root = row.split_from_id or row.id
    family = or_(Avvikelse.split_from_id == root, Avvikelse.id == root)
    return _cases(session, actor, family, Avvikelse.id != row.id, limit=10)


def _cases(session: Session, actor: Actor, *where: ColumnElement[bool], limit: int) -> tuple[SimilarCase, ...]:
    rows = session.execute(
        select(Avvikelse.ref, Avvikelse.number, Avvikelse.submitted_at, Avvikelse.status, Avvikelse.category)
        .where(visible(actor), *where)
        .order_by(Avvikelse.submitted_at.desc())
        .limit(limit)
    )
    return tuple(
        SimilarCase(r[0], r[1], r[2], r[3].label, category_label(r[4], local_date(r[2])) if r[4] else "") for r in rows
    )


def open_questions_of_groups(session: Session, group_ids: Collection[int]) -> int:
    """How many approved questions wait for a decision in these groups."""
    if not group_ids:
        return 0
    return (
        session.scalar(
            select(func.count())
            .select_from(GroupQuestion)
            .where(
                GroupQuestion.group_id.in_(group_ids),
                GroupQuestion.status == GroupQuestionStatus.OPEN,
                GroupQuestion.approved_at.is_not(None),
            )
        )
        or 0
    )
