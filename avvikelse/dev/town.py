"""The demo's organisations and people, made through the services; and who answers for what at a moment of the story.

Open to see how the packs, accounts, roles and contact ways come about.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import cached_property
from itertools import cycle
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from avvikelse.adapters.pack_file import own_packs, read_tables
from avvikelse.dev.people import EVERYTHING, PASSWORD, PEOPLE, SYSTEM_ADMINISTRATOR, Person
from avvikelse.domain.actor import SYSTEM, Actor
from avvikelse.domain.role_scope import SCOPE, TIME_LIMITED, Scope
from avvikelse.domain.vocabulary import Role
from avvikelse.domain.workdays import local_date
from avvikelse.models.groups import Samverkansgrupp
from avvikelse.models.identity import User
from avvikelse.models.organisation import Enhet, Funktion, Huvudman, Pack, Position, Sekretessomrade
from avvikelse.queries import recipients
from avvikelse.queries.identity import actor_of, user_by_email
from avvikelse.services import accounts, organisation, passwords, roles
from avvikelse.services.organisation_import import import_pack

# Series that Post- och telestyrelsen keeps for books and films: nobody answers there. Per pack: beginning, first, last.
PHONES = {
    "jamtland-harjedalen": ("0980-3192", 0, 99),
    "blekinge": ("08-465004", 0, 99),
    "skane-trelleborg": ("040-62804", 0, 99),
}
SCOPED_MODELS: dict[str, Any] = {
    "enhet_id": Enhet,
    "omrade_id": Sekretessomrade,
    "position_id": Position,
    "group_id": Samverkansgrupp,
    "huvudman_id": Huvudman,
    "pack_id": Pack,
}
REVISOR_DAYS = 365


class Town:
    """Everything that stands still while the cases move. `now` is the moment of the story, set by whoever tells it."""

    def __init__(self, session: Session, now: datetime) -> None:
        self.session = session
        self.now = now
        self.cases: list[Any] = []  # all that have been filed, as dev/case.Case
        self.points: dict[tuple[str, str], int] = {}  # (pack, category) → the point of an avtal that was not kept
        self._actors: dict[int, Actor] = {}

    # --- making it

    def build(self, *, until: datetime) -> None:
        """Import the packs, make the people, give the roles and write the contact ways; all at `now`."""
        for slug in PEOPLE:
            import_pack(self.session, SYSTEM, read_tables(own_packs()[slug]), now=self.now)
        one_hash = passwords.hash_password(PASSWORD)  # the same for all: hashing is slow on purpose
        for slug, people in PEOPLE.items():
            for person in people:
                self._move_in(slug, person, one_hash, until)
            self._open_contact_ways(slug)
        self._move_in("", SYSTEM_ADMINISTRATOR, one_hash, until)

    def _move_in(self, pack: str, person: Person, password_hash: str, until: datetime) -> None:
        user = accounts.create(self.session, email=person.email, name=person.name, now=self.now)
        user.password_hash, user.password_changed_at = password_hash, self.now
        for held in person.roles:
            name, _, slug = held.partition(":")
            role = Role(name)
            last_day = local_date(until) + timedelta(days=REVISOR_DAYS) if role in TIME_LIMITED else None
            roles.grant(
                self.session, SYSTEM, user_id=user.id, role=role, scope=self._scope(pack, role, slug),
                valid_from=local_date(self.now), valid_to=last_day, reason="Demodata", now=self.now,
            )  # fmt: skip

    def _scope(self, pack: str, role: Role, slug: str) -> Scope:
        if slug == EVERYTHING:
            return Scope()
        column = SCOPE[role]
        model = SCOPED_MODELS[column]
        row = self.packs[pack] if model is Pack else self.find(model, pack, slug)
        return Scope(**{column: row.id})

    def _open_contact_ways(self, pack: str) -> None:
        begin, first, last = PHONES[pack]
        numbers = cycle(range(first, last + 1))
        for unit in self._all(Enhet, pack):
            organisation.change_unit_contact(
                self.session, SYSTEM, unit.id, mailbox=f"{unit.slug}@example.org",
                phone=_spaced(f"{begin}{next(numbers):02d}"), assignment=unit.assignment or "", now=self.now,
            )  # fmt: skip
        for funktion in self._all(Funktion, pack):
            organisation.change_funktion_contact(
                self.session, SYSTEM, funktion.id, mailbox=f"{funktion.slug}@example.org",
                phone=_spaced(f"{begin}{next(numbers):02d}"), now=self.now,
            )  # fmt: skip

    # --- asking it

    @cached_property
    def packs(self) -> dict[str, Pack]:
        return {pack.slug: pack for pack in self.session.scalars(select(Pack))}

    def _all(self, model: Any, pack: str) -> list[Any]:
        return list(self.session.scalars(select(model).where(model.pack_id == self.packs[pack].id).order_by(model.id)))

    def find(self, model: Any, pack: str, slug: str) -> Any:
        return self.session.scalars(select(model).where(model.pack_id == self.packs[pack].id, model.slug == slug)).one()

    def actor(self, user_id: int) -> Actor:
        """The person with her roles; they do not change during the story."""
        if user_id not in self._actors:
            self._actors[user_id] = actor_of(self.session, user_id, local_date(self.now))
        return self._actors[user_id]

    def person(self, email: str) -> Actor:
        user = user_by_email(self.session, email)
        if user is None:
            raise LookupError(email)
        return self.actor(user.id)

    def _first(self, user_ids: tuple[int, ...]) -> Actor | None:
        return self.actor(user_ids[0]) if user_ids else None

    def holder(self, position_id: int) -> Actor | None:
        return self._first(recipients.holders(self.session, position_id, local_date(self.now)))

    def samordnare(self, omrade_id: int) -> Actor | None:
        return self._first(recipients.samordnare_of(self.session, omrade_id, local_date(self.now)))

    def convenor(self, group_id: int | None) -> Actor | None:
        ids = [] if group_id is None else [group_id]
        return self._first(recipients.convenors_of(self.session, ids, local_date(self.now)))


def is_built(session: Session) -> bool:
    """Has the demo been made in this database? Its administrator tells."""
    return session.scalar(select(User.id).where(User.email == SYSTEM_ADMINISTRATOR.email)) is not None


def _spaced(number: str) -> str:
    """ "0980-319205" → "0980-31 92 05"."""
    area, _, rest = number.partition("-")
    head = len(rest) % 2
    pairs = [rest[i : i + 2] for i in range(head, len(rest), 2)]
    if head:
        pairs[0] = rest[:head] + pairs[0]
    return f"{area}-{' '.join(pairs)}"
