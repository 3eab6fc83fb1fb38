"""The guard: finds personal data in Swedish free text. Open to learn what may be written.

Every free text of the system passes `find()` before it is stored, mailed or logged; a text with a blocking finding goes
nowhere. The guard never keeps, logs or repeats what it found: a `Finding` carries positions, kind and advice only.
What is sure (numbers, phones, e-mail, accounts) blocks; what is likely (names, birth dates, addresses, hints) warns:
the writer answers whether anybody can be recognised.
It is a help, not a guarantee, and the pages say so.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field

from avvikelse.domain.errors import Invalid
from avvikelse.domain.guard import addresses, bank, birth, marks, people, rare, things
from avvikelse.domain.guard.contact import emails, match_phone, sounds_like_phone
from avvikelse.domain.guard.digits import Window, windows
from avvikelse.domain.guard.kinds import ADVICE, Hit, Kind, Severity
from avvikelse.domain.guard.numbers import lettered_numbers, match_number, told_apart
from avvikelse.domain.guard.plain import plain
from avvikelse.domain.guard.rewriting import rewritten
from avvikelse.domain.guard.spoken import spoken_numbers
from avvikelse.domain.guard.tokens import tokens

__all__ = [
    "NOTHING_KNOWN",
    "Finding",
    "GuardContext",
    "Kind",
    "Severity",
    "blocking",
    "explain",
    "find",
    "refuse_control_characters",
    "rewritten",
    "warnings",
]

SHORTEST_HINT = 10  # characters


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


@dataclass(frozen=True, slots=True)
class GuardContext:
    """What the guard must know of the organisation: its phones and names pass, and the names it adds are warned for."""

    phones: frozenset[str] = frozenset()
    allowed: things.Phrases = field(default_factory=dict)
    names: frozenset[str] = frozenset()

    @classmethod
    def of(cls, *, phones: Iterable[str] = (), allowed: Iterable[str] = (), names: Iterable[str] = ()) -> GuardContext:
        """From phones written in any way, and names of units, methods … that are no person's."""
        phrases = {tuple(word.lower.partition(":")[0] for word in tokens(plain(phrase).text)) for phrase in allowed}
        return cls(
            frozenset(_digits(phone) for phone in phones),
            things.by_first_word(phrases),
            frozenset(name.strip().lower() for name in names),
        )

    def joined(self, other: GuardContext) -> GuardContext:
        """What either knows."""
        both = [phrase for phrases in (self.allowed, other.allowed) for some in phrases.values() for phrase in some]
        return GuardContext(self.phones | other.phones, things.by_first_word(both), self.names | other.names)


NOTHING_KNOWN = GuardContext()


def find(text: str, context: GuardContext = NOTHING_KNOWN) -> tuple[Finding, ...]:
    """All findings in order of place, never overlapping. Time is linear in the length of `text`."""
    return _in_order(text, lambda seen: (*_sure(seen, context), *_likely(seen, context)))


def blocking(text: str, context: GuardContext = NOTHING_KNOWN) -> tuple[Finding, ...]:
    """The findings that stop the text. Empty = it may be stored, once its warnings have been answered."""
    return _in_order(text, lambda seen: _sure(seen, context))


def warnings(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Those that the writer must answer."""
    return tuple(finding for finding in findings if finding.severity is Severity.WARN)


def explain(findings: Iterable[Finding]) -> str:
    """Kind sentences on what was found and what to write instead; "" without findings. Never repeats the text."""
    found = sorted(findings, key=lambda finding: finding.severity is Severity.WARN)
    return " ".join(dict.fromkeys(finding.explanation for finding in found))


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


def _in_order(text: str, hits: Callable[[str], Iterable[Hit]]) -> tuple[Finding, ...]:
    """The hits as findings. The surest kinds come first: a later hit never splits an earlier one."""
    seen = plain(text)
    taken = bytearray(len(seen.text))
    kept: list[Hit] = []
    for hit in hits(seen.text):
        free = _longest_free(taken, hit) if hit.kind is Kind.INDIREKT else hit
        if free is not None and not any(taken[free.start : free.end]):
            taken[free.start : free.end] = b"\x01" * (free.end - free.start)
            kept.append(free)
    return tuple(_finding(hit, *seen.span(hit.start, hit.end)) for hit in sorted(kept, key=lambda hit: hit.start))


def _longest_free(taken: bytearray, hit: Hit) -> Hit | None:
    """A hint is long and may hold a name that is found already: the longest stretch beside it."""
    best, start = (0, 0), hit.start
    for at in range(hit.start, hit.end + 1):
        if at == hit.end or taken[at]:
            best, start = max(best, (at - start, start)), at + 1
    length, start = best
    return Hit(start, start + length, hit.kind) if length >= SHORTEST_HINT else None


def _sure(text: str, context: GuardContext) -> Iterator[Hit]:
    """What blocks: numbers, phones, addresses in the net, accounts."""
    yield from emails(text)
    yield from bank.sure_numbers(text)
    yield from lettered_numbers(text)
    phones = []
    for candidates in windows(text):
        number = _first_number(candidates)
        if number:
            yield number
            continue
        phone = next(((hit, window) for window in candidates if (hit := match_phone(window))), None)
        if phone and _digits(phone[1].digits) not in context.phones:
            phones.append(phone[0])
    yield from told_apart(text)
    yield from spoken_numbers(text)
    yield from marks.numbers_with_names(text)
    yield from bank.told_numbers(text)
    yield from phones
    yield from marks.accounts(text)


def _likely(text: str, context: GuardContext) -> Iterator[Hit]:
    """What warns: birth dates, addresses, plates, initials, names, hints."""
    yield from birth.birth_dates(text)
    yield from birth.last_fours(text)
    yield from addresses.addresses(text)
    yield from marks.plates(text)
    words = tokens(text)
    yield from people.names(text, words, things.listed_things(words, context.allowed), context.names)
    yield from marks.initials(text)
    yield from rare.hints(text)


def _first_number(candidates: tuple[Window, ...]) -> Hit | None:
    return next((hit for window in candidates if not sounds_like_phone(window) and (hit := match_number(window))), None)


def _digits(phone: str) -> str:
    """The digits as dialled inside Sweden, to compare two ways of writing a number."""
    digits = "".join(character for character in plain(phone).text if character.isdigit())
    for prefix in ("0046", "46"):
        if digits.startswith(prefix):
            return "0" + digits.removeprefix(prefix).removeprefix("0")
    return digits


def _finding(hit: Hit, start: int, end: int) -> Finding:
    advice = ADVICE[hit.kind]
    suggestion = hit.suggestion or advice.suggestion
    verb = "Ta bort" if advice.severity is Severity.BLOCK else "Kan någon kännas igen? Ta gärna bort"
    explanation = f"{verb} {hit.kind.label}. Skriv i stället ”{suggestion}”."
    return Finding(start, end, hit.kind, advice.severity, suggestion, explanation)
