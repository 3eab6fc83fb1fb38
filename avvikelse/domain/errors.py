"""What the domain refuses, each with a Swedish reason to act on. Open when a new kind of refusal is needed."""

from __future__ import annotations


class DomainError(Exception):
    """A refusal. `reason` is a whole Swedish sentence that may be shown to the user as it stands."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class NotFound(DomainError):
    """The row does not exist *for this actor*. Answered with 404, the same for a foreign row as for a missing one."""

    def __init__(self, reason: str = "Sidan finns inte, eller så har du inte tillgång till den.") -> None:
        super().__init__(reason)


class Forbidden(DomainError):
    """The function is outside the actor's roles. Answered with 403."""

    def __init__(self, reason: str = "Din roll ger inte tillgång till det här.") -> None:
        super().__init__(reason)


class Conflict(DomainError):
    """Wrong state or stale version. Answered with 409; nothing changed, the typed text is kept."""


class Invalid(DomainError):
    """Meaningless or forbidden input. `field` names the form field the sentence belongs to, None = the whole form."""

    def __init__(self, reason: str, field: str | None = None) -> None:
        super().__init__(reason)
        self.field = field


class TooMany(DomainError):
    """A brake. Answered with 429 and Retry-After `retry_after` seconds."""

    def __init__(self, reason: str, retry_after: int) -> None:
        super().__init__(reason)
        self.retry_after = retry_after


class NotNow(DomainError):
    """Nobody's fault, and it may go well later. Answered with 503 and Retry-After `retry_after` seconds."""

    def __init__(self, reason: str, retry_after: int) -> None:
        super().__init__(reason)
        self.retry_after = retry_after
