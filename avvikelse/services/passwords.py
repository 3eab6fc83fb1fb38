"""Password hashes and the rules for a new password. Open to change the cost of hashing or what is refused.

Length and "not among the first that somebody tries" are all we ask: rules of composition make passwords worse and
people angry.
"""

from __future__ import annotations

import re

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from avvikelse.domain.errors import Invalid

SHORTEST, LONGEST = 12, 200
_hasher = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
# The hash of a password that nobody has: checking against it makes an unknown address take as long as a wrong password.
_NOBODYS = _hasher.hash("ingen har det här lösenordet, och ingen kan logga in med det")

# What is tried first, without the digits and signs that people put around. Compared with letters only.
_COMMON = frozenset(
    """
    abcdefghijkl abcdefghijklm admin adminadmin administrator administratör april asdfghjkl asdfghjklöä augusti
    avvikelse avvikelser avvikelsesystem batman byttlösenord changeme changemenow december default dragon
    februari football fotboll fredag göteborg hejhej hejhejhej hejsan hemlig hemligt höst hösten iloveyou
    ishockey jagälskardig januari juli juni kommun kommunen letmein letmeinplease losenord losenordet
    losenordlosenord lördag lösenord lösenordet lösenordlösenord maj malmö mars master mittlosenord mittlösenord
    monkey mypassword måndag newpassword november nyttlosenord nyttlösenord oktober onsdag passw password
    passwordpassword princess qazwsxedcrfv qwerty qwertyasdfgh qwertyqwerty qwertyuiop qwertyuiopå region
    regionen rektor samverkan sekreterare september skola skolan sommar sommaren startlösenord stockholm
    superman sverige söndag tillfälligt tisdag torsdag trustno valkommen vinter vintern välkommen vår våren
    welcome welcomewelcome zxcvbnm
    """.split()  # noqa: SIM905 -- words read better as words
)
_LETTERS = re.compile(r"[^a-zåäöéü]+")
_SEQUENCES = (
    "01234567890123456789",
    "abcdefghijklmnopqrstuvwxyzåäö",
    "qwertyuiopåasdfghjklöäzxcvbnm",
    "1qaz2wsx3edc4rfv5tgb6yhn7ujm",
)


def hash_password(password: str) -> str:
    return _hasher.hash(password)


def verify(password_hash: str | None, password: str) -> bool:
    """Is it the password? Takes the same time without a hash (no such account) as with one."""
    try:
        return _hasher.verify(password_hash or _NOBODYS, password[: LONGEST + 1]) and password_hash is not None
    except (VerificationError, InvalidHashError):
        return False


def is_outdated(password_hash: str) -> bool:
    """Was it made at another cost than today's? Then hash anew at the next log-in."""
    return _hasher.check_needs_rehash(password_hash)


def check_new(password: str, *, email: str, name: str, field: str = "new_password") -> None:
    """Raises Invalid at `field` when the password is too short, too long or easy to guess."""
    if len(password) < SHORTEST:
        raise Invalid(f"Välj ett lösenord med minst {SHORTEST} tecken. Flera ord efter varandra går bra.", field=field)
    if len(password) > LONGEST:
        raise Invalid(f"Lösenordet får ha högst {LONGEST} tecken.", field=field)
    if is_common(password) or _is_about(password, email, name):
        raise Invalid("Lösenordet är lätt att gissa. Välj till exempel fyra ord som inte hör ihop.", field=field)


def is_common(password: str) -> bool:
    """Is it one of the first that somebody would try: a usual word with figures around, a repetition, a row of keys?"""
    folded = password.casefold()
    if _LETTERS.sub("", folded) in _COMMON:
        return True
    if any(folded == (folded[:n] * len(folded))[: len(folded)] for n in range(1, 5)):
        return True
    return any(folded in row * 2 or folded in row[::-1] * 2 for row in _SEQUENCES)


def _is_about(password: str, email: str, name: str) -> bool:
    """Is it hardly more than the person's own name or address?"""
    bare = _LETTERS.sub("", password.casefold())
    own = {_LETTERS.sub("", part.casefold()) for part in (email, email.partition("@")[0], name)}
    return bare in own - {""}
