"""Read one case for one reader: through visibility, then part by part through redaction.

Nothing here changes anything.
"""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session, selectinload

from avvikelse.domain import workflow
from avvikelse.domain.actor import Actor
from avvikelse.domain.answering import asks_for_orosanmalan, quick_answer_is_enough
from avvikelse.domain.codes import category_label, unit_type_label
from avvikelse.domain.errors import NotFound
from avvikelse.domain.expectations import expected_of, words_for_reporter
from avvikelse.domain.relation import Relation, relations
from avvikelse.domain.swedish_dates import long_date
from avvikelse.domain.vocabulary import GroupQuestionStatus, PartySide, Role
from avvikelse.models.avvikelse import Avvikelse, Party
from avvikelse.models.group_work import GroupQuestion
from avvikelse.models.identity import RoleAssignment, User
from avvikelse.models.organisation import Enhet, Funktion, Huvudman, Position
from avvikelse.policy import redaction
from avvikelse.policy.permission_map import Permission, allows
from avvikelse.policy.visibility import CURRENT_SIDES, facts_of, my_parties, visible
from avvikelse.queries import case_parts
from avvikelse.queries.case_timeline import timeline_of
from avvikelse.queries.case_views import CaseView, OwnerView, SimilarCase, UnitView
from avvikelse.queries.similar_cases import similar_cases


def case_page(session: Session, actor: Actor, ref: str) -> CaseView:
    """The whole page for a reader with a present relation; the little that is left for one who has let the case go.

    Raises NotFound, the same for a foreign case as for one that does not exist.
    """
    row = session.scalar(
        select(Avvikelse)
        .where(Avvikelse.ref == ref, visible(actor, (*CURRENT_SIDES, PartySide.FORMER)))
        .options(selectinload(Avvikelse.parties), selectinload(Avvikelse.transfers))
    )
    if row is None:
        raise NotFound
    found = relations(actor, row.reporter_user_id, (facts_of(party) for party in row.parties))
    units = _units(session, row)
    if not allows(Permission.READ, found, row.status):
        return _former_page(session, actor, row, found, units)
    parts = case_parts.load(session, actor, row, found, units)
    mine = _my_party(actor, row)
    return CaseView(
        id=row.id,
        head=redaction.head(row, found),
        relations=found,
        actions=workflow.open_actions(row.status, found),
        permissions=frozenset(p for p in Permission if allows(p, found, row.status)),
        expected=expected_of(row.status, found, paused=row.paused_since is not None),
        reporter_words=_reporter_words(row) if Relation.REPORTER in found else None,
        sender=units.get(row.sender_enhet_id or 0),
        counterpart=_counterpart(row, units),
        counterpart_id=row.counterpart_enhet_id,
        owners=_owners(session, row, units, show_handler=bool(found - {Relation.REPORTER})),
        my_party_id=mine.id if mine else None,
        routing_reason=row.routing_reason,
        coding=redaction.coding(row, found),
        shared=redaction.shared_text(row, found),
        sender_only=redaction.sender_only(row, found),
        reporter=_reporter_name(session, row) if redaction.sees_reporter(row, found) else None,
        gruppmening=redaction.gruppmening(row, found),
        timeline=timeline_of(session, row.id, found),
        similar=similar_cases(session, actor, row) if found - {Relation.REPORTER} else (),
        closing_text=row.closing_text if row.closed_at else None,
        main=_linked(session, actor, row.main_id),
        earlier=_linked(session, actor, row.earlier_id),
        merged_count=_merged_count(session, row) if row.vaxlingar or row.answered_at else 0,
        named_handlers=_handlers(session, mine) if Relation.OWNER_CHEF in found else (),
        quick_is_enough=quick_answer_is_enough(
            row.severity, row.extent, row.nej_count, again=row.earlier_id is not None
        ),
        asks_orosanmalan=asks_for_orosanmalan(row.category),
        **parts,
    )


def _former_page(
    session: Session, actor: Actor, row: Avvikelse, found: frozenset[Relation], units: dict[int, UnitView]
) -> CaseView:
    """Own notes and the way up to the hand-over. The shared part is gone the moment the case leaves."""
    left = max(
        (party.until for party in my_parties(actor, row, PartySide.FORMER) if party.until is not None), default=None
    )
    return CaseView(
        id=row.id,
        head=redaction.head(row, found),
        relations=found,
        actions=(),
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
        notes=case_parts.notes(session, row.id, redaction.notes_until(actor, row)),
        talk=None,
        commitments=(),
        group_questions=(),
        transfers=case_parts.transfers(row, units, reasons=True, until=left),
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


def _units(session: Session, row: Avvikelse) -> dict[int, UnitView]:
    """All units that the page names, in one query."""
    ids = {row.sender_enhet_id, row.counterpart_enhet_id, *(p.enhet_id for p in row.parties)}
    for t in row.transfers:
        ids |= {t.from_enhet_id, t.to_enhet_id, t.proposed_enhet_id}
    wanted = [unit_id for unit_id in ids if unit_id is not None]
    if not wanted:
        return {}
    rows = session.execute(
        select(Enhet.id, Enhet.name, Enhet.kind, Huvudman.name, Enhet.phone, Enhet.function_mailbox)
        .join(Huvudman, Huvudman.id == Enhet.huvudman_id)
        .where(Enhet.id.in_(wanted))
    )
    return {r[0]: UnitView(r[0], r[1], unit_type_label(r[2]), r[3], r[4], r[5]) for r in rows}


def _owners(
    session: Session, row: Avvikelse, units: dict[int, UnitView], *, show_handler: bool
) -> tuple[OwnerView, ...]:
    owners = [party for party in row.parties if party.side is PartySide.OWNER]
    if not owners:
        return ()
    party_ids = [party.id for party in owners]
    names = {
        r[0]: (r[1] or r[2], r[3])
        for r in session.execute(
            select(Party.id, Position.title, Funktion.name, User.name)
            .outerjoin(Position, Position.id == Party.position_id)
            .outerjoin(Funktion, Funktion.id == Party.funktion_id)
            .outerjoin(User, User.id == Party.handler_user_id)
            .where(Party.id.in_(party_ids))
        )
    }
    return tuple(
        OwnerView(names[p.id][0], units.get(p.enhet_id or 0), names[p.id][1] if show_handler else None, p.id)
        for p in owners
    )


def _counterpart(row: Avvikelse, units: dict[int, UnitView]) -> str:
    """Whom the reporter named, in words."""
    unit = units.get(row.counterpart_enhet_id or 0)
    if unit is not None:
        return unit.name
    if row.counterpart_kind:
        return unit_type_label(row.counterpart_kind)
    return "Vet inte"


def _reporter_words(row: Avvikelse) -> str:
    by = long_date(row.due_on) if row.due_on else ""
    return words_for_reporter(row.status, row.outcome, by, paused=row.paused_since is not None)


def _reporter_name(session: Session, row: Avvikelse) -> str | None:
    return session.scalar(select(User.name).where(User.id == row.reporter_user_id))


def _linked(session: Session, actor: Actor, avvikelse_id: int | None) -> SimilarCase | None:
    """A case this one points to, when the reader may open it."""
    if avvikelse_id is None:
        return None
    return next(iter(_cases(session, actor, Avvikelse.id == avvikelse_id, limit=1)), None)


def _cases(session: Session, actor: Actor, *where: ColumnElement[bool], limit: int) -> tuple[SimilarCase, ...]:
    rows = session.execute(
        select(Avvikelse.ref, Avvikelse.number, Avvikelse.submitted_at, Avvikelse.status, Avvikelse.category)
        .where(visible(actor), *where)
        .order_by(Avvikelse.submitted_at.desc())
        .limit(limit)
    )
    return tuple(SimilarCase(r[0], r[1], r[2], r[3].label, category_label(r[4]) if r[4] else "") for r in rows)


def _merged_count(session: Session, row: Avvikelse) -> int:
    return session.scalar(select(func.count()).select_from(Avvikelse).where(Avvikelse.main_id == row.id)) or 0


def _handlers(session: Session, mine: Party | None) -> tuple[tuple[int, str], ...]:
    """The handläggare of the own unit, to choose from."""
    if mine is None or mine.enhet_id is None:
        return ()
    rows = session.execute(
        select(User.id, User.name)
        .join(RoleAssignment, RoleAssignment.user_id == User.id)
        .where(RoleAssignment.role == Role.HANDLAGGARE, RoleAssignment.enhet_id == mine.enhet_id, User.active)
        .order_by(User.name)
        .distinct()
    )
    return tuple((r[0], r[1]) for r in rows)


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
