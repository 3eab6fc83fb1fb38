"""Take a samverkansgrupp in hand: every write to its desk begins here, and every mail to its convenor ends here."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from avvikelse.domain.actor import Actor
from avvikelse.domain.errors import Forbidden, NotFound
from avvikelse.domain.notices import Notice
from avvikelse.domain.vocabulary import Role
from avvikelse.domain.workdays import local_date
from avvikelse.policy.group_reading import GroupFacts, Groups, desk_reading
from avvikelse.queries import recipients
from avvikelse.queries.group_desk import groups_beside
from avvikelse.services import outbox

ONLY_THE_CONVENOR = "Den som är sammankallande gör det här. Säg till på nästa möte, eller ställ en fråga till gruppen."


@dataclass(frozen=True, slots=True)
class GroupInHand:
    """A group that the actor works in, and the groups around it."""

    facts: GroupFacts
    groups: Groups
    actor: Actor

    @property
    def id(self) -> int:
        return self.facts.id


def convened(session: Session, actor: Actor, group_id: int) -> GroupInHand:
    """The group as its convenor has it.

    Raises NotFound when it is not there for the actor, Forbidden when she is a member or reads along from above.
    """
    groups = groups_beside(session, group_id)
    read = desk_reading(actor, groups, group_id)
    if read is None:
        raise NotFound
    if not read.may_decide:
        raise Forbidden(ONLY_THE_CONVENOR)
    return GroupInHand(read.group, groups, actor)


def joined(session: Session, actor: Actor, group_id: int) -> GroupInHand:
    """The group as one of its own members has it. Raises NotFound, also for who only reads along from above."""
    groups = groups_beside(session, group_id)
    read = desk_reading(actor, groups, group_id)
    if read is None or not read.own:
        raise NotFound
    return GroupInHand(read.group, groups, actor)


def role_of(actor: Actor, group_id: int) -> str:
    """As what the actor acts in the group, for the log."""
    return (Role.SAMMANKALLANDE if group_id in actor.group_ids(Role.SAMMANKALLANDE) else Role.MEDLEM).value


def tell_convenors(
    session: Session, group_id: int, notice: Notice, key: str, *, now: datetime, except_user_id: int | None = None
) -> int:
    """Queue a mail to everybody who convenes the group today; how many there are, also those who are told nothing."""
    found = recipients.convenors_of(session, [group_id], local_date(now))
    for user_id in found:
        if user_id != except_user_id:
            outbox.queue(
                session, notice, to_user_id=user_id, dedup_key=f"{notice.value}:g{group_id}:{key}:u{user_id}",
                params={"group": group_id}, now=now,
            )  # fmt: skip
    return len(found)
