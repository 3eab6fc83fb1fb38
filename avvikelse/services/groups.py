"""Place a case in the samverkansgrupper that it belongs to. The rule stands in domain/group_membership.py."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete
from sqlalchemy.orm import Session

from avvikelse.domain.group_membership import groups_of_case
from avvikelse.domain.workdays import local_date
from avvikelse.models.avvikelse import Avvikelse, GroupMembership
from avvikelse.queries.organisation_map import mapping_of


def place(session: Session, row: Avvikelse, *, now: datetime) -> None:
    """Write the memberships anew from kommun and both parties' types. Called whenever the parties change."""
    mapping = mapping_of(session, row.pack_id, local_date(now))
    membership = groups_of_case(
        mapping.organisation,
        kommunkod=row.kommunkod,
        types=tuple(kind for kind in (row.sender_kind, row.receiver_kind or row.counterpart_kind) if kind),
        inside_huvudman=row.inside_huvudman,
    )
    session.execute(delete(GroupMembership).where(GroupMembership.avvikelse_id == row.id))
    for slug in membership.groups:
        session.add(
            GroupMembership(
                avvikelse_id=row.id,
                group_id=mapping.group_ids[slug],
                is_home=slug == membership.home,
                reported_on=local_date(row.submitted_at),
            )
        )
