"""What may be kept beside an event or a message: codes, ids, dates, never words. Open when a detail is refused.

The audit log is never purged and the outbox is read by operators, so neither may hold a text that somebody has typed.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

_CODE = re.compile(r"[\w.:/+-]{0,80}", re.ASCII)
_PERSONNUMMER = re.compile(r"(\d{2})?\d{6}[-+]?\d{4}")


def require_codes(values: Mapping[str, Any]) -> dict[str, Any]:
    """`values` as plain JSON (keys, lists and mappings of codes, whole numbers, truth values and None).

    Raises ValueError that names the key, never the value, when something else stands there.
    """
    return {_key(key): _plain(key, value) for key, value in values.items()}


def _key(key: object) -> str:
    if not isinstance(key, str) or not _CODE.fullmatch(key):
        raise ValueError("a key is not a code")
    return str(key)


def _plain(key: str, value: object) -> Any:
    if value is None or isinstance(value, bool | int):
        return value
    if isinstance(value, str) and _CODE.fullmatch(value) and not _PERSONNUMMER.fullmatch(value):
        return str(value)  # an enum member becomes its code
    if isinstance(value, list | tuple):
        return [_plain(key, item) for item in value]
    if isinstance(value, Mapping):
        return {_key(inner): _plain(key, item) for inner, item in value.items()}
    raise ValueError(f"{key}: only codes, ids, dates and numbers may be kept here")
