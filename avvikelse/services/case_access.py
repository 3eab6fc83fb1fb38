"""Take a case in hand: through visibility, locked, with the actor's relations. Every write to a case begins here."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from avvikelse.domain.actor import Actor
from avvikelse.domain.answering import asks_for_thanks
from avvikelse.domain.errors import Conflict, Forbidden, NotFound
from avvikelse.domain.relation import Relation
from avvikelse.domain.vocabulary import GroupQuestionStatus, PartySide, Role
from avvikelse.models.avvikelse import Avvikelse, Party
from avvikelse.models.group_work import GroupQuestion
from avvikelse.policy.permission_map import Permission, allows
from avvikelse.policy.visibility import CURRENT_SIDES, my_parties, relations_to, visible

STALE = "Någon annan har ändrat ärendet medan du skrev. Läs det nya och skicka sedan igen. Din text finns kvar."


def unchanged(now_there: str, seen: str | None, wanted: str) -> None:
    """For what is saved beside the case's own version: refuse when it is no longer what the writer saw.

    `seen` None = she was shown nothing to compare with. Raises Conflict with both, so that she can choose.
    """
    here, before, after = (" ".join((text or "").split()) for text in (now_there, seen, wanted))
    if seen is not None and here not in (before, after):  # browsers send other line ends than they were given
        raise Conflict(
            "Någon annan har sparat medan du skrev. "
            f"Nu står det: ”{now_there or 'inget'}”. Du ville spara: ”{wanted or 'inget'}”. Inget har ändrats."
        )


@dataclass(frozen=True, slots=True)
class CaseInHand:
    """A locked case, and how the actor relates to it."""

    row: Avvikelse
    actor: Actor
    relations: frozenset[Relation]

    @property
    def role(self) -> str:
        """As what the actor acts, for the log: the nearest of her relations."""
        return next((relation.value for relation in Relation if relation in self.relations), Relation.SYSTEM.value)

    @property
    def owners(self) -> list[Party]:
        return [party for party in self.row.parties if party.side is PartySide.OWNER]

    @property
    def sender(self) -> Party | None:
        return next((party for party in self.row.parties if party.side is PartySide.SENDER), None)

    def my_party(self, *sides: PartySide) -> Party:
        """The party through which the actor takes part; the owner's before the sender's.

        Raises Forbidden when there is none.
        """
        wanted = sides or (PartySide.OWNER, PartySide.SENDER, PartySide.FORMER)
        for side in wanted:
            for party in my_parties(self.actor, self.row, side):
                return party
        raise Forbidden


def open_question_groups(session: Session, avvikelse_id: int) -> tuple[int, ...]:
    """The groups that have an open question about the case."""
    found = session.scalars(
        select(GroupQuestion.group_id).where(
            GroupQuestion.avvikelse_id == avvikelse_id,
            GroupQuestion.status == GroupQuestionStatus.OPEN,
            GroupQuestion.group_id.is_not(None),
        )
    )
    return tuple(group_id for group_id in found if group_id is not None)


def in_hand(session: Session, actor: Actor, row: Avvikelse) -> CaseInHand:
    """Relate the actor to a row that was already found and locked."""
    groups = open_question_groups(session, row.id) if actor.has(Role.SAMMANKALLANDE) else ()
    return CaseInHand(row, actor, relations_to(actor, row, groups))


def find(
    session: Session, actor: Actor, ref: str, *, version: int | None = None, sides: Iterable[PartySide] = CURRENT_SIDES
) -> CaseInHand:
    """The case with this `ref`, locked for writing.

    Raises NotFound when it does not exist for the actor, Conflict when `version` is not the present one.
    """
    query = select(Avvikelse).where(Avvikelse.ref == ref).options(selectinload(Avvikelse.parties)).with_for_update()
    if not actor.is_system:
        query = query.where(visible(actor, sides))
    row = session.scalar(query)
    if row is None:
        raise NotFound
    if version is not None and version != row.version_id:
        raise Conflict(STALE)
    return in_hand(session, actor, row)


def require(case: CaseInHand, permission: Permission) -> None:
    """Raises Forbidden when the actor's relations never give the permission, Conflict when only the state is wrong."""
    good = asks_for_thanks(case.row.category, case.row.reported_category)
    if allows(permission, case.relations, case.row.status, good=good):
        return
    if any(allows(permission, case.relations, status, good=good) for status in type(case.row.status)):
        raise Conflict(
            f"Ärendet har statusen ”{case.row.status.label}”. Då går det inte att {permission.label.lower()}."
        )
    raise Forbidden
