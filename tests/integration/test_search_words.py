"""Search words mean the same on SQLite (FTS5) and PostgreSQL (tsvector 'simple')."""

from __future__ import annotations

import sqlite3

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, create_engine
from sqlalchemy import text as sql

from avvikelse.domain.searchterms import fts5_query, query_stems, stems, tsquery
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


def _sqlite_finds(written: str, wanted: str) -> bool:
    connection = sqlite3.connect(":memory:")
    try:
        connection.execute('CREATE VIRTUAL TABLE t USING fts5(stems, tokenize="unicode61 remove_diacritics 0")')
        connection.execute("INSERT INTO t VALUES (?)", [" ".join(stems(written))])
        match = fts5_query(query_stems(wanted))
        return match is not None and bool(connection.execute("SELECT 1 FROM t WHERE t MATCH ?", [match]).fetchall())
    finally:
        connection.close()


@pytest.fixture(scope="module")
def postgresql():
    with empty_database("postgresql") as url:
        engine = create_engine(url)
        with engine.connect() as connection:
            yield connection
        engine.dispose()


def _postgresql_finds(postgresql: Connection, written: str, wanted: str) -> bool:
    match = tsquery(query_stems(wanted))
    if match is None:
        return False
    question = sql("SELECT to_tsvector('simple', :stems) @@ to_tsquery('simple', :match)")
    return bool(postgresql.scalar(question, {"stems": " ".join(stems(written)), "match": match}))


@pytest.mark.parametrize(("written", "wanted", "found"), CASES)
def test_both_databases_find_what_they_should(postgresql, written, wanted, found):
    assert _sqlite_finds(written, wanted) is found
    assert _postgresql_finds(postgresql, written, wanted) is found


@settings(deadline=None)
@example("7e2b", "7e2")
@example("ⅷ ² ª ß ŉ ǆ", "ⅷ ²")
@given(st.one_of(LETTERS, ANYTHING), st.one_of(LETTERS, ANYTHING))
def test_both_databases_find_the_same(postgresql, written, wanted):
    for query in (wanted, written, written[: len(written) // 2]):
        assert _postgresql_finds(postgresql, written, query) == _sqlite_finds(written, query)
