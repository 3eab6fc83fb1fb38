"""Search words, and that what they find does not depend on what somebody types."""

from __future__ import annotations

import sqlite3
import threading

import pytest
from hypothesis import given
from hypothesis import strategies as st

from avvikelse.domain.searchterms import MAX_QUERY_WORDS, STOP_WORDS, query_stems, stems, word_patterns


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Kallelsen till mötet kom för sent", ("kall", "möt", "kom", "sent")),
        ("ELEVHÄLSAN", ("elevhälsan",)),
        ("a\u030angest", ("ångest",)),  # å written as two code points
        ("BL-2026-0042", ("bl20260042", "bl", "2026", "0042")),
        ("dnr RS/625/2021", ("dnr", "rs6252021", "rs", "625", "2021")),
        ("SIP-möte", ("sip", "möt")),
        ("klass 7C", ("klass", "7c")),
        ("och i att", ()),
        ("", ()),
        ("🙂 !!! – ' \"", ()),
        ("ｆｕｌｌ", ("full",)),
    ],
)
def test_the_words_of_a_text(text, expected):
    assert stems(text) == expected


def test_forms_of_a_word_meet():
    assert len({stems(word) for word in ("kallelse", "kallelsen", "kallelser", "Kallelserna")}) == 1
    assert stems("inte") == ("int",)  # a negation tells cases apart
    assert "å" in STOP_WORDS


def test_what_is_looked_for_is_short_and_has_no_repeats():
    assert query_stems("mötet Möten möte BL-2026-0042") == ("möt", "bl20260042")
    assert len(query_stems(" ".join(f"ord{n}" for n in range(50)))) == MAX_QUERY_WORDS
    assert len(query_stems("x" * 10_000)[0]) == 60


def test_every_word_is_whole_but_the_last_which_may_go_on():
    assert word_patterns(("kall", "möt")) == ("% kall %", "% möt%")
    assert word_patterns(()) == ()


@pytest.mark.parametrize("word", ['x" OR "y', "x') | ('y", "a:*", "%", "_", "\\", "'", "-", "^a", "🙂", "x\x00y"])
def test_nothing_in_a_word_becomes_syntax(word):
    kept = "".join(character for character in word if character.isalnum())
    assert word_patterns([word]) == ((f"% {kept}%",) if kept else ())


@pytest.fixture(scope="module")
def database():
    connection = sqlite3.connect(":memory:")
    yield connection
    connection.close()


def hits(database: sqlite3.Connection, text: str, query: str) -> bool:
    """As the application asks."""
    document, patterns = f" {' '.join(stems(text))} ", word_patterns(query_stems(query))
    return bool(patterns) and all(
        database.execute("SELECT ? LIKE ?", [document, pattern]).fetchone()[0] for pattern in patterns
    )


FOUND = [
    ("Kallelsen kom tre dagar före mötet", "kallelser möte"),
    ("Kallelsen kom tre dagar före mötet", "mötet kall"),
    ("Ärendet BL-2026-0042 gäller SIP", "bl-2026-0042"),
    ("Ärendet BL-2026-0042 gäller SIP", "BL20260042"),
    ("Ärendet BL-2026-0042 gäller SIP", "bl-2026-00"),
    ("Ärendet BL-2026-0042 gäller SIP", "0042"),
    ("Elevhälsans psykolog", "elevhäls"),
    ("år ar är", "år"),
]
NOT_FOUND = [
    ("Kallelsen kom tre dagar före mötet", "kallelsen polisen"),
    ("år", "ar"),
    ("SIP-möte", ""),
    ("SIP-möte", "och"),
    ("SIP-möte", '" OR 1=1 --'),
    ("SIP-möte", "NOT polis"),
    ("BL-2026-0042", "bl-2026-0043"),
]


@pytest.mark.parametrize(("text", "query"), FOUND)
def test_found(database, text, query):
    assert hits(database, text, query)


@pytest.mark.parametrize(("text", "query"), NOT_FOUND)
def test_not_found(database, text, query):
    assert not hits(database, text, query)


@given(st.text(max_size=80), st.text(max_size=80))
def test_no_input_is_a_syntax_error(database, text, query):
    hits(database, text, query)


@given(st.text(max_size=80))
def test_a_text_is_found_by_its_own_words(database, text):
    assert hits(database, text, text) == bool(query_stems(text))


@given(st.text(max_size=200))
def test_words_are_letters_and_digits(text):
    assert all(word.isalnum() and len(word) <= 60 for word in (*stems(text), *query_stems(text)))
    assert set(query_stems(text)) <= set(stems(text))


def test_several_threads_stem_the_same():
    words = [
        f"{stem}{end}"
        for stem in ("kallels", "placering", "uppföljning", "vårdnadshavar")
        for end in ("e", "en", "er", "erna")
    ]
    text = " ".join(words * 40)
    expected = stems(text)
    seen: list[tuple[str, ...]] = []
    threads = [threading.Thread(target=lambda: seen.append(stems(text))) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert seen == [expected] * 4
