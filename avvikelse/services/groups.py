"""Place a case in the samverkansgrupper that it belongs to. The rule stands in domain/group_membership.py."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from avvikelse.domain.group_membership import groups_of_case
from avvikelse.domain.workdays import local_date
from avvikelse.models.avvikelse import Avvikelse, GroupMembership
from avvikelse.models.organisation import Enhet
from avvikelse.queries.organisation_map import mapping_of


def place(session: Session, row: Avvikelse, *, now: datetime) -> None:
    """Write the memberships anew.

    Parties are the reporting unit and every unit that has held the case, so that a question between those who have said
    no lands where all of them sit. Before anybody has held it, the named counterpart counts.
    """
    mapping = mapping_of(session, row.pack_id, local_date(now))
    held = {t.to_enhet_id for t in row.transfers if t.to_position_id is not None} or {row.counterpart_enhet_id}
    units = session.execute(
        select(Enhet.kind, Enhet.huvudman_id).where(
            Enhet.id.in_([i for i in (*held, row.sender_enhet_id) if i is not None])
        )
    ).all()
    row.inside_huvudman = len({huvudman_id for _, huvudman_id in units}) == 1 and any(i is not None for i in held)
    membership = groups_of_case(
        mapping.organisation,
        kommunkod=row.kommunkod,
        types={
            row.sender_kind,
            *(kind for kind, _ in units),
            *((row.counterpart_kind,) if row.counterpart_kind and held == {None} else ()),
        },
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
    session.flush()
