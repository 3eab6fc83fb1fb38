"""Search words mean the same on SQLite and PostgreSQL."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, and_, create_engine, literal, select, true

from avvikelse.domain.searchterms import query_stems, stems, word_patterns
from tests.support.databases import empty_database

LETTERS = st.text(alphabet="aåäöbeikmst 0127-/:.e", max_size=40)
ANYTHING = st.text(max_size=40)
CASES = [
    ("Kallelsen kom tre dagar före mötet", "mötet kall", True),
    ("Ärendet BL-2026-0042 gäller SIP", "bl-2026-00", True),
    ("Klass 7C, 7e2b, 1e5 och 12e3a", "7e2b 1e5 12e3", True),
    ("Elevhälsans psykolog på Ågatan", "ågata", True),
    ("år", "ar", False),
    ("SIP-möte", "' | 'polis", False),
    ("SIP-möte", "möte !sip:* <-> &", True),
    ("http://exempel.se/a?b=c", "exempel", True),
    ("a@b.se", "b", True),
    ("-5 +5 5,5 1.5", "5", True),
]


@pytest.fixture(scope="module")
def both() -> Iterator[tuple[Connection, Connection]]:
    with empty_database("postgresql") as url:
        engines = (create_engine("sqlite://"), create_engine(url))
        with engines[0].connect() as sqlite, engines[1].connect() as postgresql:
            yield sqlite, postgresql
        for engine in engines:
            engine.dispose()


def _finds(both: tuple[Connection, Connection], written: str, wanted: str) -> list[bool]:
    """What SQLite finds, and what PostgreSQL does."""
    document = literal(" ") + literal(" ".join(stems(written))) + " "
    patterns = word_patterns(query_stems(wanted))
    question = select(and_(true(), *(document.like(pattern) for pattern in patterns)))
    return [bool(patterns) and bool(connection.scalar(question)) for connection in both]


@pytest.mark.parametrize(("written", "wanted", "found"), CASES)
def test_both_databases_find_what_they_should(
    both: tuple[Connection, Connection], written: str, wanted: str, found: bool
) -> None:
    assert _finds(both, written, wanted) == [found, found]


@settings(deadline=None)
@example("7e2b", "7e2")
@example("ⅷ ² ª ß ŉ ǆ", "ⅷ ²")
@given(st.one_of(LETTERS, ANYTHING), st.one_of(LETTERS, ANYTHING))
def test_both_databases_find_the_same(both: tuple[Connection, Connection], written: str, wanted: str) -> None:
    for query in (wanted, written, written[: len(written) // 2]):
        sqlite, postgresql = _finds(both, written, query)
        assert sqlite is postgresql
