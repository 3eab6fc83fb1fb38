"""A small world for tests: a real pack imported through its service, and people with roles in it.

Open to see how to get an Actor.

world = World.of(session, now)             # Jämtland Härjedalen
rektor = world.chef("chef-skola-2380")     # Actor, holder of the position
case = world.report(bup, "skola-2380")     # filed through services.reporting
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from avvikelse.domain.actor import Actor
from avvikelse.domain.receiver import Receiver
from avvikelse.domain.vocabulary import Role
from avvikelse.domain.workdays import local_date
from avvikelse.models.avvikelse import Avvikelse
from avvikelse.models.groups import Samverkansgrupp
from avvikelse.models.identity import RoleAssignment, User
from avvikelse.models.organisation import Enhet, Huvudman, Pack, Position, Sekretessomrade
from avvikelse.queries.identity import actor_of
from avvikelse.services import reporting
from tests.support import imported

TEXT = "Kallelsen till mötet kom tre dagar före. Rätt person hann inte komma."


@dataclass
class World:
    """One pack and its people. Slugs are the pack's own ids."""

    session: Session
    now: datetime
    pack: Pack
    people: dict[str, int] = field(default_factory=dict)

    @classmethod
    def of(cls, session: Session, now: datetime, pack: str = imported.USUAL) -> World:
        tables = imported.pack_tables(pack)
        imported.bring(session, tables, now=now)
        found = session.scalars(select(Pack).where(Pack.slug == tables["paket"]["id"])).one()
        return cls(session, now, found)

    # --- rows by slug

    def _one(self, model: Any, slug: str) -> Any:
        return self.session.scalars(select(model).where(model.pack_id == self.pack.id, model.slug == slug)).one()

    def unit(self, slug: str) -> Enhet:
        return self._one(Enhet, slug)  # type: ignore[no-any-return]

    def position(self, slug: str) -> Position:
        return self._one(Position, slug)  # type: ignore[no-any-return]

    def omrade(self, slug: str) -> Sekretessomrade:
        return self._one(Sekretessomrade, slug)  # type: ignore[no-any-return]

    def group(self, slug: str) -> Samverkansgrupp:
        return self._one(Samverkansgrupp, slug)  # type: ignore[no-any-return]

    def huvudman(self, slug: str) -> Huvudman:
        return self._one(Huvudman, slug)  # type: ignore[no-any-return]

    def receiver(self, position_slug: str) -> Receiver:
        """The position as a receiver of a case."""
        position = self.position(position_slug)
        unit = self.session.get_one(Enhet, position.enhet_id)
        return Receiver(unit.omrade_id, unit.id, position_id=position.id, enhet_kind=unit.kind)

    # --- people

    def user(self, key: str) -> User:
        """A made-up person, the same for the same key."""
        if key not in self.people:
            user = User(
                email=f"{key}@example.org".lower(),
                name=f"Person {len(self.people) + 1}",
                active=True,
                created_at=self.now,
            )
            self.session.add(user)
            self.session.flush()
            self.people[key] = user.id
        return self.session.get_one(User, self.people[key])

    def grant(self, key: str, role: Role, **scope: int) -> Actor:
        """Give the person a role from today; returns her as an Actor with all her roles."""
        user = self.user(key)
        self.session.add(
            RoleAssignment(user_id=user.id, role=role, valid_from=local_date(self.now), granted_at=self.now, **scope)
        )
        self.session.flush()
        return self.actor(key)

    def actor(self, key: str) -> Actor:
        return actor_of(self.session, self.user(key).id, local_date(self.now))

    def reporter(self, unit_slug: str, key: str | None = None) -> Actor:
        return self.grant(key or f"rapportor-{unit_slug}", Role.RAPPORTOR, enhet_id=self.unit(unit_slug).id)

    def chef(self, position_slug: str) -> Actor:
        return self.grant(position_slug, Role.CHEF, position_id=self.position(position_slug).id)

    def handler(self, unit_slug: str, key: str | None = None) -> Actor:
        return self.grant(key or f"handlaggare-{unit_slug}", Role.HANDLAGGARE, enhet_id=self.unit(unit_slug).id)

    def samordnare(self, *omrade_slugs: str) -> Actor:
        key = "samordnare-" + omrade_slugs[0].replace("/", "-")
        for slug in omrade_slugs:
            self.grant(key, Role.SAMORDNARE, omrade_id=self.omrade(slug).id)
        return self.actor(key)

    def convenor(self, group_slug: str) -> Actor:
        return self.grant(f"sammankallande-{group_slug}", Role.SAMMANKALLANDE, group_id=self.group(group_slug).id)

    def member(self, group_slug: str) -> Actor:
        return self.grant(f"medlem-{group_slug}", Role.MEDLEM, group_id=self.group(group_slug).id)

    def administrator(self, huvudman_slug: str) -> Actor:
        return self.grant(f"admin-{huvudman_slug}", Role.ADMINISTRATOR, huvudman_id=self.huvudman(huvudman_slug).id)

    # --- cases

    def report(self, actor: Actor, counterpart: str | None, **changes: Any) -> Avvikelse:
        """File a report from the actor's own unit about `counterpart` (None = vet inte)."""
        own = next(g.enhet_id for g in actor.grants if g.enhet_id is not None)
        fields: dict[str, Any] = {
            "sender_enhet_id": own,
            "counterpart_enhet_id": self.unit(counterpart).id if counterpart else None,
            "counterpart_unknown": counterpart is None,
            "occurred_on": local_date(self.now),
            "description": TEXT,
            "severity": 1,
            "kommunkod": "2380",
            "category": "A2",
        }
        return reporting.file(self.session, actor, reporting.Report(**(fields | changes)), now=self.now)
