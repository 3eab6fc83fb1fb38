"""The guard: finds personal data in Swedish free text. Open to learn what may be written.

Every free text of the system passes `find()` before it is stored, mailed or logged; a text with a blocking finding goes
nowhere. The guard never keeps, logs or repeats what it found: a `Finding` carries positions, kind and advice only.
The first guard knows numbers, phones and e-mail; findings of severity WARN (names, addresses …) have the same shape.
It is a help, not a guarantee, and the pages say so.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass

from avvikelse.domain.errors import Invalid
from avvikelse.domain.guard.contact import emails, match_phone, sounds_like_phone
from avvikelse.domain.guard.digits import Window, windows
from avvikelse.domain.guard.kinds import ADVICE, Hit, Kind, Severity
from avvikelse.domain.guard.numbers import lettered_numbers, match_number, told_apart
from avvikelse.domain.guard.plain import plain

__all__ = [
    "Finding",
    "Kind",
    "Severity",
    "blocking",
    "explain",
    "find",
    "refuse_control_characters",
    "refuse_personal_data",
]


@dataclass(frozen=True, slots=True)
class Finding:
    """One place that must (BLOCK) or should (WARN) be rewritten.

    `start` and exclusive `end` count code points of the text as given. `suggestion` is the neutral wording.
    """

    start: int
    end: int
    type: Kind
    severity: Severity
    suggestion: str
    explanation: str


def find(text: str, *, known_phones: Collection[str] = ()) -> tuple[Finding, ...]:
    """All findings in order of place, never overlapping. Time is linear in the length of `text`.

    `known_phones` are numbers that may stand in a text (function phones of units), written in any way.
    """
    seen = plain(text)
    allowed = frozenset(_digits(phone) for phone in known_phones)
    taken = bytearray(len(seen.text))
    kept: list[Hit] = []
    for hit in _hits(seen.text, allowed):  # the surest kinds first: a later hit never splits an earlier one
        if not any(taken[hit.start : hit.end]):
            taken[hit.start : hit.end] = b"\x01" * (hit.end - hit.start)
            kept.append(hit)
    return tuple(_finding(hit.kind, *seen.span(hit.start, hit.end)) for hit in sorted(kept, key=lambda hit: hit.start))


def blocking(text: str, *, known_phones: Collection[str] = ()) -> tuple[Finding, ...]:
    """The findings that stop the text. Empty = it may be stored."""
    return tuple(f for f in find(text, known_phones=known_phones) if f.severity is Severity.BLOCK)


def explain(findings: Iterable[Finding]) -> str:
    """Kind sentences on what was found and what to write instead; "" without findings. Never repeats the text."""
    found = sorted(findings, key=lambda finding: finding.severity is Severity.WARN)
    return " ".join(dict.fromkeys(finding.explanation for finding in found))


def refuse_personal_data(text: str, *, field: str | None = None, known_phones: Collection[str] = ()) -> None:
    """Raise Invalid, with the explanation as reason, when the text holds something that blocks."""
    found = blocking(text, known_phones=known_phones)
    if found:
        raise Invalid(explain(found), field)


# NUL is stored by SQLite and crashes PostgreSQL; lone surrogates cannot be written as UTF-8 at all.
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]")


def refuse_control_characters(text: str, *, field: str | None = None) -> str:
    """The text with line ends as "\\n". Raises Invalid for NUL and all other control characters but tab."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if _CONTROL.search(text):
        raise Invalid(
            "Texten innehåller ett osynligt tecken som inte går att spara. Klistra in den utan formatering.", field
        )
    return text


def _hits(text: str, allowed: frozenset[str]) -> Iterator[Hit]:
    yield from emails(text)
    yield from lettered_numbers(text)
    phones = []
    for candidates in windows(text):
        number = _first_number(candidates)
        if number:
            yield number
            continue
        phone = next(((hit, window) for window in candidates if (hit := match_phone(window))), None)
        if phone and _digits(phone[1].digits) not in allowed:
            phones.append(phone[0])
    yield from told_apart(text)
    yield from phones


def _first_number(candidates: tuple[Window, ...]) -> Hit | None:
    return next((hit for window in candidates if not sounds_like_phone(window) and (hit := match_number(window))), None)


def _digits(phone: str) -> str:
    """The digits as dialled inside Sweden, to compare two ways of writing a number."""
    digits = "".join(character for character in plain(phone).text if character.isdigit())
    for prefix in ("0046", "46"):
        if digits.startswith(prefix):
            return "0" + digits.removeprefix(prefix).removeprefix("0")
    return digits


def _finding(kind: Kind, start: int, end: int) -> Finding:
    advice = ADVICE[kind]
    verb = "Ta bort" if advice.severity is Severity.BLOCK else "Kan någon kännas igen? Ta gärna bort"
    explanation = f"{verb} {kind.label}. Skriv i stället ”{advice.suggestion}”."
    return Finding(start, end, kind, advice.severity, advice.suggestion, explanation)
