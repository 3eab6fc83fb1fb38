"""Keep a secret in the database so that neither the database nor a backup of it gives it away.

The key is derived from the installation's secret key, which must not lie beside the copies. What a sealed text is about
is sealed in: put into another row it cannot be opened.
"""

from __future__ import annotations

import base64
import binascii
import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

_NONCE = 12


def seal(key: bytes, text: str, *, about: str) -> str:
    nonce = os.urandom(_NONCE)
    sealed = nonce + _cipher(key).encrypt(nonce, text.encode(), about.encode())
    return base64.b64encode(sealed).decode("ascii")


def unseal(key: bytes, sealed: str, *, about: str) -> str | None:
    """The text; None when it was sealed with another key, about something else, or has been changed."""
    try:
        raw = base64.b64decode(sealed, validate=True)
        return _cipher(key).decrypt(raw[:_NONCE], raw[_NONCE:], about.encode()).decode()
    except (InvalidTag, ValueError, binascii.Error):
        return None


def _cipher(key: bytes) -> AESGCM:
    return AESGCM(HKDF(SHA256(), length=32, salt=None, info=b"avvikelse sealing").derive(key))
