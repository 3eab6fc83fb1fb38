"""Who may act: accounts, their sessions and second steps, roles, invitations, resets and the brake.

Open to see what is stored about a person.

No secret stands here in the clear: tokens, passwords and recovery codes as hashes, the phone's secret sealed, addresses
as keyed hashes in the brake. No personnummer, no IP address.
"""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import JSON, Boolean, CheckConstraint, ForeignKey, Index, Integer, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from avvikelse.domain.role_scope import check_sql
from avvikelse.domain.vocabulary import Labelled, Role
from avvikelse.models.base import Base, closed_list


class SessionEnd(Labelled):
    """Why a session ended before its time."""

    LOGGED_OUT = "logged_out", "Utloggad"
    BY_USER = "by_user", "Avslutad från Mitt konto"
    PASSWORD_CHANGED = "password_changed", "Lösenordet byttes"
    DISABLED = "disabled", "Kontot stängdes"
    SECOND_STEP = "second_step", "Andra steget ändrades"


class User(Base):
    """An account. Never deleted while anything points to it: it is closed (`active` false)."""

    __tablename__ = "app_user"

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(String(254), unique=True)  # casefolded
    name: Mapped[str] = mapped_column(String(120))
    password_hash: Mapped[str | None] = mapped_column(String(200))
    active: Mapped[bool] = mapped_column(Boolean, default=True)
    created_at: Mapped[datetime]
    password_changed_at: Mapped[datetime | None]
    last_login_at: Mapped[datetime | None]
    version_id: Mapped[int] = mapped_column(Integer)

    roles: Mapped[list[RoleAssignment]] = relationship(
        back_populates="user", foreign_keys="RoleAssignment.user_id", order_by="RoleAssignment.id"
    )

    __mapper_args__ = {"version_id_col": version_id}  # noqa: RUF012 -- SQLAlchemy wants a dict
    __table_args__ = (CheckConstraint("email = lower(email)", name="email_lower"),)


class UserSession(Base):
    """One log-in on one device. `expires_at` is the absolute limit; the idle limit is counted from `last_seen_at`."""

    __tablename__ = "user_session"

    id: Mapped[int] = mapped_column(primary_key=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("app_user.id"), index=True)
    created_at: Mapped[datetime]
    last_seen_at: Mapped[datetime]
    expires_at: Mapped[datetime] = mapped_column(index=True)
    revoked_at: Mapped[datetime | None]
    revoked_reason: Mapped[SessionEnd | None] = mapped_column(closed_list(SessionEnd, name="revoked_reason"))
    device: Mapped[str] = mapped_column(String(60))  # "Chrome på Android", nothing finer
    second_step_at: Mapped[datetime | None]  # when the code was right; without it the log-in may be half
    offered_secret: Mapped[str | None] = mapped_column(String(200))  # sealed: shown to this log-in, not confirmed yet

    user: Mapped[User] = relationship()


class SecondStep(Base):
    """What a person's phone counts its codes from. A row = she has set it up, and confirmed it by a right code."""

    __tablename__ = "second_step"

    user_id: Mapped[int] = mapped_column(ForeignKey("app_user.id"), primary_key=True, autoincrement=False)
    sealed_secret: Mapped[str] = mapped_column(String(200))  # services/sealing.py
    set_up_at: Mapped[datetime]
    last_step: Mapped[int] = mapped_column(Integer)  # of the last code that was taken: none is taken twice


class RecoveryCode(Base):
    """One code for whoever has not got her phone. It works once."""

    __tablename__ = "recovery_code"

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("app_user.id"), index=True)
    code_hash: Mapped[str] = mapped_column(String(64), unique=True)
    made_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class RoleAssignment(Base):
    """A role for one thing, from one day to another (both included). Revoked = the last day lies before today."""

    __tablename__ = "role_assignment"

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("app_user.id"), index=True)
    role: Mapped[Role] = mapped_column(closed_list(Role, name="role"))
    omrade_id: Mapped[int | None] = mapped_column(ForeignKey("sekretessomrade.id"), index=True)
    enhet_id: Mapped[int | None] = mapped_column(ForeignKey("enhet.id"), index=True)
    position_id: Mapped[int | None] = mapped_column(ForeignKey("position.id"), index=True)
    group_id: Mapped[int | None] = mapped_column(ForeignKey("samverkansgrupp.id"), index=True)
    huvudman_id: Mapped[int | None] = mapped_column(ForeignKey("huvudman.id"))
    pack_id: Mapped[int | None] = mapped_column(ForeignKey("pack.id"))
    valid_from: Mapped[date]
    valid_to: Mapped[date | None]
    granted_by_user_id: Mapped[int | None] = mapped_column(
        ForeignKey("app_user.id")
    )  # empty = the system (import, operator)
    granted_at: Mapped[datetime]
    reason: Mapped[str | None] = mapped_column(String(200))
    revoked_by_user_id: Mapped[int | None] = mapped_column(ForeignKey("app_user.id"))
    revoked_at: Mapped[datetime | None]

    user: Mapped[User] = relationship(back_populates="roles", foreign_keys=[user_id])

    __table_args__ = (
        CheckConstraint(check_sql(), name="scope"),
        CheckConstraint("role <> 'revisor' OR valid_to IS NOT NULL", name="revisor_ends"),
    )


class RoleCheck(Base):
    """That somebody has said, in a quarter's review, that the role is still needed (services/role_reviews.py)."""

    __tablename__ = "role_check"

    assignment_id: Mapped[int] = mapped_column(ForeignKey("role_assignment.id"), primary_key=True)
    quarter: Mapped[str] = mapped_column(String(7), primary_key=True)  # domain/quarters.py
    at: Mapped[datetime]
    by_user_id: Mapped[int | None] = mapped_column(ForeignKey("app_user.id"))


class Invitation(Base):
    """A link by mail to somebody who has no account yet. `scope` holds the ids of domain/role_scope.py, Scope.

    Taken back = it expired at that moment; who did it stands in the audit log.
    """

    __tablename__ = "invitation"

    id: Mapped[int] = mapped_column(primary_key=True)
    token_hash: Mapped[str | None] = mapped_column(String(64), unique=True)  # empty until the mail is sent
    email: Mapped[str] = mapped_column(String(254), index=True)
    name: Mapped[str] = mapped_column(String(120))
    role: Mapped[Role] = mapped_column(closed_list(Role, name="role"))
    scope: Mapped[dict[str, int]] = mapped_column(JSON)
    valid_to: Mapped[date | None]  # the role's last day
    invited_by_user_id: Mapped[int | None] = mapped_column(ForeignKey("app_user.id"))
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class PasswordReset(Base):
    """A link by mail to choose a new password."""

    __tablename__ = "password_reset"

    id: Mapped[int] = mapped_column(primary_key=True)
    token_hash: Mapped[str | None] = mapped_column(String(64), unique=True)  # empty until the mail is sent
    user_id: Mapped[int] = mapped_column(ForeignKey("app_user.id"), index=True)
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class Throttle(Base):
    """Attempts per key and window. The key is an HMAC with the day in it; rows are gone within 24 hours."""

    __tablename__ = "throttle"

    key_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    window_start: Mapped[datetime] = mapped_column(primary_key=True)
    count: Mapped[int] = mapped_column(Integer)

    __table_args__ = (Index("ix_throttle_window", "window_start"),)
