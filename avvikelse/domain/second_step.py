"""The second step of a log-in: who must take it, which code is right, what a recovery code looks like.

The codes are those of RFC 6238, as every authenticator app counts them: six digits, a new one every 30 seconds.
"""

from __future__ import annotations

import base64
import hmac
import secrets
from datetime import datetime

import pyotp

from avvikelse.domain.actor import Actor
from avvikelse.domain.vocabulary import Role

DIGITS, SECONDS = 6, 30
DRIFT = 1  # steps that a phone's clock may be before or after ours
RECOVERY_CODES = 10
_RECOVERY_LENGTH = 16  # of base32: 80 random bits, so a plain hash is enough
ISSUER = "Avvikelse i samverkan"


def is_demanded(actor: Actor) -> bool:
    """Does anything she acts as open more than her own reports?"""
    return any(grant.role is not Role.RAPPORTOR for grant in actor.grants)


def new_secret() -> str:
    """160 random bits, in the letters that a person can type into an app."""
    return pyotp.random_base32(32)


def address(secret: str, email: str) -> str:
    """What the app reads out of the picture."""
    return pyotp.TOTP(secret, digits=DIGITS, interval=SECONDS).provisioning_uri(name=email, issuer_name=ISSUER)


def grouped(secret: str) -> str:
    """As somebody types it."""
    return " ".join(secret[at : at + 4] for at in range(0, len(secret), 4))


def step_of(moment: datetime) -> int:
    return int(moment.timestamp()) // SECONDS


def code_at(secret: str, step: int) -> str:
    return pyotp.HOTP(secret, digits=DIGITS).at(step)


def matching_step(secret: str, typed: str, moment: datetime) -> int | None:
    """The step whose code was typed; None when it is none of those that count now."""
    digits = "".join(typed.split())
    if len(digits) != DIGITS or not (digits.isascii() and digits.isdigit()):
        return None
    here = step_of(moment)
    near = range(max(0, here - DRIFT), here + DRIFT + 1)
    return max((step for step in near if hmac.compare_digest(code_at(secret, step), digits)), default=None)


def new_recovery_code() -> str:
    """Written as one reads it: k7mq-2xtp-ldwa-vr3e."""
    raw = base64.b32encode(secrets.token_bytes(_RECOVERY_LENGTH * 5 // 8)).decode("ascii").lower()
    return "-".join(raw[at : at + 4] for at in range(0, _RECOVERY_LENGTH, 4))


def plain_recovery_code(typed: str) -> str:
    """What somebody typed, bare. No code has 0 or 1: they are read as the letters they resemble."""
    return "".join(c for c in typed.lower() if c.isascii() and c.isalnum()).replace("0", "o").replace("1", "l")
