"""The month's content: the sentences say what the tables say, from no case to many."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from avvikelse.analysis.bounces import Hold
from avvikelse.analysis.month import MOST_SENTENCES, month_content
from avvikelse.analysis.month_content import Sign, from_json
from avvikelse.analysis.month_facts import (
    CaseRow,
    Cell,
    DecisionRow,
    EarlierCount,
    MonthFacts,
    Names,
    QuestionRow,
    RecentCase,
    Standing,
    Verdict,
)
from avvikelse.domain.months import name_alone, shift
from avvikelse.domain.party_words import as_concerned, as_reporter

NAMES = Names(
    {"A1": "Kallad part uteblev", "B2": "Skickas runt", "L1": "Gick bra"}.__getitem__,
    as_reporter,
    as_concerned,
    name_alone,
)
CELL: Cell = ("A1", "grundskola", "bup")
EMPTY = MonthFacts(
    months=tuple(shift("2026-10", n) for n in range(-23, 1)), as_of=date(2026, 11, 6), elapsed=1.0, cases=(),
    recent=(), earlier=(), standing=Standing(), verdicts=(), holds=(), questions=(),
    kinds_in_area=frozenset({"bup", "grundskola"}), not_problems=frozenset({"L1"}),
)  # fmt: skip


def with_cases(
    number: int, *, sentence: str | None = "Kallelsen kom sent.", cell: Cell = CELL, facts: MonthFacts = EMPTY
) -> MonthFacts:
    cases = tuple(CaseRow(*cell, sentence, answered=n % 2 == 0, withdrawn=False) for n in range(number))
    recent = tuple(RecentCase(cell, "2026-10", n % 3) for n in range(number))
    return replace(facts, cases=facts.cases + cases, recent=facts.recent + recent)


def asked(ref: str, **changes) -> QuestionRow:
    return replace(QuestionRow(ref, "Lyft fråga", "Vem kallar?", date(2026, 10, 20)), **changes)


def test_a_month_without_cases_still_says_something() -> None:
    content = month_content(replace(EMPTY, questions=(asked("q1"),)), NAMES)
    assert [h.title for h in content.headlines] == [
        "En fråga väntar på gruppens beslut.",
        "Inga avvikelser rapporterades i oktober.",
    ]
    assert content.to_decide[0].days_waiting == 17
    assert content.news.total == 0
    assert content.recurring == ()


def test_five_cases_are_worth_a_page() -> None:
    facts = replace(
        with_cases(5),
        earlier=(EarlierCount("2026-01", CELL, 2),),
        standing=Standing(open=3, late=1, oldest_due_on=date(2026, 10, 30), first_on=date(2020, 1, 1)),
        questions=(asked("q1"), asked("q2", raised_on=date(2026, 11, 1))),
    )
    content = month_content(facts, NAMES)
    assert content.headlines[0].title == "Två frågor väntar på gruppens beslut."
    assert content.headlines[0].text == "Den äldsta har väntat 17 dagar."
    assert content.headlines[1].title == "”Kallad part uteblev” rapporteras oftare än väntat."
    assert content.headlines[1].text == "Skolan rapporterar, gäller BUP. 5 på tre månader, väntat 0,5."
    assert content.headlines[2].title == "Ett ärende har passerat sin dag."
    assert content.headlines[2].text == "Det är sju dagar sent."
    assert [sentence.count for sentence in content.news.sentences] == [5]


def test_the_count_is_told_beside_the_month_before() -> None:
    before = tuple(RecentCase(("B2", "bup", "grundskola"), "2026-09", n) for n in range(3))
    facts = with_cases(2)
    headline = month_content(replace(facts, recent=facts.recent + before), NAMES).headlines[-1]
    assert headline.title == "Två avvikelser i oktober, tre i september."
    assert headline.text == "Av rapporterna i oktober har en fått svar."
    alone = month_content(facts, NAMES).headlines[-1]
    assert alone.title == "Två avvikelser i oktober, ingen i september."


@given(st.integers(0, 30))
def test_every_number_on_top_is_the_number_in_the_table(number: int) -> None:
    content = month_content(with_cases(number), NAMES)
    assert content.news.total == number
    assert content.totals[-1].count == number
    assert sum(row.count for row in content.news.by_category) == number
    for headline in content.headlines:
        if headline.sign is Sign.RISING:
            assert any(row.sentence in headline.text for row in content.recurring)
    assert len(content.headlines) <= 3


def test_sentences_are_read_when_few_and_counted_when_many() -> None:
    (sentence,) = month_content(with_cases(MOST_SENTENCES), NAMES).news.sentences
    assert sentence.count == MOST_SENTENCES  # the same words are read once
    many = month_content(with_cases(MOST_SENTENCES + 1), NAMES).news
    assert many.sentences == ()
    assert many.by_category[0].count == MOST_SENTENCES + 1


def test_a_case_without_a_sentence_is_counted_with_its_category() -> None:
    news = month_content(with_cases(1, sentence=None, facts=with_cases(4)), NAMES).news
    assert [(row.label, row.count) for row in news.without_sentence] == [("Kallad part uteblev", 1)]
    assert [sentence.count for sentence in news.sentences] == [4]


def test_what_went_well_is_counted_but_is_no_recurring_problem() -> None:
    content = month_content(with_cases(6, cell=("L1", "bup", "grundskola")), NAMES)
    assert content.news.total == 6
    assert content.recurring == ()


def test_a_group_younger_than_a_year_is_compared_with_the_months_it_has() -> None:
    facts = replace(
        with_cases(6), earlier=(EarlierCount("2026-07", CELL, 4),), standing=Standing(first_on=date(2026, 6, 8))
    )
    (row,) = month_content(facts, NAMES).recurring
    assert row.expected == pytest.approx(4 * 3 / 2)


def test_an_unfinished_month_expects_less() -> None:
    since = Standing(first_on=date(2024, 2, 1))
    facts = replace(with_cases(6), earlier=(EarlierCount("2025-08", CELL, 24),), elapsed=0.5, standing=since)
    (row,) = month_content(facts, NAMES).recurring
    assert row.expected == pytest.approx(24 * 2.5 / 12)
    assert not month_content(facts, NAMES).complete


def test_a_withdrawn_report_waits_for_no_answer() -> None:
    cases = (CaseRow(*CELL, None, answered=False, withdrawn=True), CaseRow(*CELL, None, answered=True, withdrawn=False))
    answered = month_content(replace(EMPTY, cases=cases), NAMES).answers.answered
    assert (answered.count, answered.total) == (1, 1)


def test_the_last_verdict_of_a_case_counts_once() -> None:
    verdicts = (
        Verdict(1, 1, "nej"),
        Verdict(1, 2, "ja"),
        Verdict(2, 1, "delvis"),
        Verdict(2, 2, None),
        Verdict(3, 1, None),
    )
    answers = month_content(replace(EMPTY, verdicts=verdicts), NAMES).answers
    assert (answers.sent, answers.rated) == (3, 2)
    assert (answers.ja.count, answers.delvis.count, answers.nej.count) == (1, 1, 0)
    assert answers.ja.value is None


def test_silent_parties_are_named_in_the_area_and_have_reported_nothing() -> None:
    facts = replace(with_cases(1), earlier=(EarlierCount("2026-02", ("A1", "grundskola", "polis"), 1),))
    assert month_content(facts, NAMES).silent == ("BUP",)
    both = replace(facts, earlier=(EarlierCount("2025-12", ("A1", "bup", "grundskola"), 1),))
    assert month_content(both, NAMES).silent == ()
    long_ago = replace(facts, earlier=(EarlierCount("2025-08", ("A1", "bup", "grundskola"), 1),))
    assert month_content(long_ago, NAMES).silent == ("BUP",)


def decision(ref: str, due_on: date, carried: int = 0) -> DecisionRow:
    return DecisionRow(ref, "Vem kallar?", "BUP utser ersättare.", "Verksamhetschef BUP", due_on, carried)


def test_decisions_are_listed_the_latest_first() -> None:
    rows = (decision("d1", date(2026, 12, 1)), decision("d2", date(2026, 11, 1)))
    content = month_content(replace(EMPTY, decisions=rows), NAMES)
    assert [(row.ref, row.days_late) for row in content.unfinished] == [("d2", 5), ("d1", 0)]
    assert content.headlines[0].title == "Ett beslut har passerat sin dag."


def test_a_decision_carried_over_three_times_comes_before_everything() -> None:
    rows = (decision("d1", date(2026, 11, 1)), decision("d2", date(2026, 12, 1), carried=3))
    content = month_content(replace(EMPTY, decisions=rows, questions=(asked("q1"),)), NAMES)
    assert content.unfinished[0].ref == "d2"
    assert content.headlines[0].title == "Ett beslut har förts vidare tre möten."


def test_the_papers_of_a_meeting_tell_what_came_since_the_last_one() -> None:
    content = month_content(replace(with_cases(4), news_since=date(2026, 9, 20)), NAMES)
    assert content.headlines[-1].title == "Fyra avvikelser sedan förra mötet."
    assert content.news_since == date(2026, 9, 20)


def test_the_way_back_is_told_in_words() -> None:
    holds = tuple(Hold(1, n, unit, kind) for n, (unit, kind) in enumerate([(1, "bup"), (2, "elevhalsa"), (1, "bup")]))
    back = month_content(replace(EMPTY, holds=holds), NAMES).sent_back
    assert [(row.label, row.count) for row in back.routes] == [("BUP, till elevhälsan och tillbaka", 1)]


@given(st.integers(0, 20), st.booleans(), st.sampled_from([0.3, 1.0]))
def test_stored_and_read_again_it_is_the_same(number: int, questions: bool, elapsed: float) -> None:
    rows = (asked("q1"), asked("q2"))
    facts = replace(
        with_cases(number),
        questions=rows if questions else (),
        elapsed=elapsed,
        earlier=(EarlierCount("2025-11", CELL, 7),),
    )
    content = month_content(facts, NAMES)
    assert from_json(json.loads(json.dumps(content.to_json()))) == content


def test_a_month_of_another_format_is_refused() -> None:
    with pytest.raises(ValueError, match="format"):
        from_json({"format": 99})


@given(st.randoms())
def test_the_order_of_the_rows_says_nothing(random) -> None:
    facts = with_cases(4, cell=("B2", "bup", "grundskola"), facts=with_cases(7))
    cases, recent = list(facts.cases), list(facts.recent)
    random.shuffle(cases)
    random.shuffle(recent)
    assert month_content(replace(facts, cases=tuple(cases), recent=tuple(recent)), NAMES) == month_content(facts, NAMES)
