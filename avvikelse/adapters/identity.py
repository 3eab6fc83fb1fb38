"""Who says that somebody is who she says she is. Today a password; an OIDC provider takes the same place later.

A provider only proves an address. Accounts, roles, sessions and brakes are ours, whoever proves it. One that asks for a
second step of its own says so in `brings_second_step`; ours is then not asked for (services/login.py).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Protocol

from sqlalchemy.orm import Session

from avvikelse.queries.identity import user_by_email


class IdentityProvider(Protocol):
    """One way to prove an address."""

    @property
    def brings_second_step(self) -> bool:
        """Has whoever it proves also shown something that she has?"""

    def start(self, next_path: str) -> str | None:
        """The address to send the browser to; None = our own form asks for what is needed."""

    def identify(self, session: Session, answer: Mapping[str, str]) -> str | None:
        """The address that `answer` (a posted form, or the query of the way back) proves; None = none."""


@dataclass(frozen=True, slots=True)
class PasswordIdentity:
    """E-mail address and password.

    `verify(hash or None, password)` takes equally long for both (services/passwords.py).
    """

    verify: Callable[[str | None, str], bool]
    brings_second_step: bool = False

    def start(self, next_path: str) -> str | None:  # noqa: ARG002 -- the protocol's
        return None

    def identify(self, session: Session, answer: Mapping[str, str]) -> str | None:
        user = user_by_email(session, answer.get("email", ""))
        proved = self.verify(user.password_hash if user else None, answer.get("password", ""))
        return user.email if user is not None and proved else None
