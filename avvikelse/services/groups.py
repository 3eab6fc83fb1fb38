"""Place a case in the samverkansgrupper that it belongs to. The rule stands in domain/group_membership.py."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete
from sqlalchemy.orm import Session

from avvikelse.domain.group_membership import groups_of_case
from avvikelse.domain.workdays import local_date
from avvikelse.models.asking import write_rows
from avvikelse.models.avvikelse import Avvikelse, GroupMembership
from avvikelse.queries.organisation_map import mapping_of


def place(session: Session, row: Avvikelse, *, now: datetime) -> None:
    """Write the memberships anew."""
    session.execute(delete(GroupMembership).where(GroupMembership.avvikelse_id == row.id))
    place_new(session, row, now=now)


def place_new(session: Session, row: Avvikelse, *, now: datetime) -> None:
    """Write the memberships of a case that has none.

    Parties are the reporting unit and every unit that has held the case, so that a question between those who have said
    no lands where all of them sit. Before anybody has held it, the named counterpart counts.
    """
    mapping = mapping_of(session, row.pack_id, local_date(now))
    held = {t.to_enhet_id for t in row.transfers if t.to_position_id is not None} or {row.counterpart_enhet_id}
    slugs = {mapping.enhet_slug(enhet_id) for enhet_id in (*held, row.sender_enhet_id)} - {None}
    units = [mapping.organisation.units[slug] for slug in slugs if slug is not None]
    one_huvudman = len({unit.huvudman for unit in units}) == 1
    known_sender = row.sender_enhet_id is not None  # who reports without account need not say where she works
    row.inside_huvudman = one_huvudman and known_sender and any(i is not None for i in held)
    membership = groups_of_case(
        mapping.organisation,
        kommunkod=row.kommunkod,
        types={
            *((row.sender_kind,) if known_sender else ()),
            *(unit.kind for unit in units),
            *((row.counterpart_kind,) if row.counterpart_kind and held == {None} else ()),
        },
        inside_huvudman=row.inside_huvudman,
    )
    day = local_date(row.submitted_at)
    write_rows(
        session,
        GroupMembership,
        (
            {
                "avvikelse_id": row.id, "group_id": mapping.group_ids[slug], "is_home": slug == membership.home,
                "reported_on": day,
            }
            for slug in membership.groups
        ),
    )  # fmt: skip
