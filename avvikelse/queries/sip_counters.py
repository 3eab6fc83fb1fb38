"""Who is to count the SIP of a half-year and has not. Open when a reminder goes to the wrong person, or to nobody.

A kommun's own SIP-samordnare counts; where it has none, the region's does (queries/sip.py lets her count for all).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from avvikelse.domain.sip import Half
from avvikelse.domain.vocabulary import FunktionKind, HuvudmanKind, Role
from avvikelse.models.followup import SipReport
from avvikelse.models.identity import RoleAssignment, User
from avvikelse.models.organisation import Funktion, Huvudman, Pack
from avvikelse.queries.identity import valid_on

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class LateCounters:
    """Everybody once, whatever number of kommuner: people, and mailboxes where a funktion has no holder."""

    user_ids: tuple[int, ...]
    mailboxes: tuple[str, ...]


def late_counters(session: Session, half: Half, today: date) -> LateCounters:
    """Those whose kommuner lack numbers for the half-year. Five reads, however many kommuner there are."""
    known = {
        (row.pack_id, row.kommunkod)
        for row in session.execute(
            select(SipReport.pack_id, SipReport.kommunkod).where(SipReport.year == half[0], SipReport.half == half[1])
        )
    }
    own, regions = _huvudman(session)
    people, mailboxes = _holders(session, today), _mailboxes(session, today)
    users: set[int] = set()
    boxes: set[str] = set()
    for pack_id, kommuner in session.execute(select(Pack.id, Pack.kommuner)):
        for code in kommuner:
            if (pack_id, code) in known:
                continue
            candidates = (*own[pack_id, code], *regions[pack_id])
            found = _first(people, candidates)
            users.update(found)
            if not found:
                boxes.update(_first(mailboxes, candidates))
    return LateCounters(tuple(sorted(users)), tuple(sorted(boxes)))


def _first(of: dict[int, list[T]], huvudman_ids: Iterable[int]) -> list[T]:
    """What the first of the huvudmän that has anything has."""
    return next((of[id_] for id_ in huvudman_ids if id_ in of), [])


def _huvudman(session: Session) -> tuple[dict[tuple[int, str], list[int]], dict[int, list[int]]]:
    """The kommun of a kommunkod, and the region, of each pack."""
    own: dict[tuple[int, str], list[int]] = defaultdict(list)
    regions: dict[int, list[int]] = defaultdict(list)
    for row in session.execute(
        select(Huvudman.id, Huvudman.pack_id, Huvudman.kind, Huvudman.kommunkod)
        .where(Huvudman.kind.in_((HuvudmanKind.KOMMUN, HuvudmanKind.REGION)))
        .order_by(Huvudman.id)
    ):
        if row.kind is HuvudmanKind.REGION:
            regions[row.pack_id].append(row.id)
        elif row.kommunkod:
            own[row.pack_id, row.kommunkod].append(row.id)
    return own, regions


def _holders(session: Session, today: date) -> dict[int, list[int]]:
    found: dict[int, list[int]] = defaultdict(list)
    for huvudman_id, user_id in session.execute(
        select(RoleAssignment.huvudman_id, RoleAssignment.user_id)
        .join(User, User.id == RoleAssignment.user_id)
        .where(
            RoleAssignment.role == Role.SIP_SAMORDNARE, User.active, valid_on(today)
        )
    ):  # fmt: skip
        if huvudman_id is not None:
            found[huvudman_id].append(user_id)
    return dict(found)


def _mailboxes(session: Session, today: date) -> dict[int, list[str]]:
    found: dict[int, list[str]] = defaultdict(list)
    for huvudman_id, mailbox in session.execute(
        select(Funktion.huvudman_id, Funktion.mailbox).where(
            Funktion.kind == FunktionKind.SIP_SAMORDNARE,
            or_(Funktion.active_to.is_(None), Funktion.active_to >= today),
        )
    ):  # fmt: skip
        if mailbox is not None:
            found[huvudman_id].append(mailbox)
    return dict(found)
