"""The rules of an åtgärd: its steps, when its effect is asked about, and what several reporters say together."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from avvikelse.domain.deadlines import DEFAULTS, Limits
from avvikelse.domain.measures import (
    FLOW,
    QUESTION_DAYS,
    AtgardStep,
    Heard,
    Voice,
    first_follow_up,
    heard,
    next_follow_up,
    open_steps,
)
from avvikelse.domain.vocabulary import Again, AtgardStatus

DAY = date(2026, 3, 1)


def test_every_status_but_the_ends_has_a_way_on() -> None:
    for status in AtgardStatus:
        steps = open_steps(status, "M01")
        assert bool(steps) == (status is not AtgardStatus.DROPPED), status
    assert open_steps(AtgardStatus.DECIDED, "M13") == ()
    assert set(FLOW) == set(AtgardStep)


def test_asked_after_90_and_180_days() -> None:
    first = first_follow_up("M05", DAY, DEFAULTS)
    assert first == DAY + timedelta(days=90)
    assert next_follow_up(DAY, first, 1, DEFAULTS) == DAY + timedelta(days=180)
    assert next_follow_up(DAY, DAY + timedelta(days=180), 2, DEFAULTS) is None


def test_a_lan_has_its_own_days() -> None:
    limits = Limits.from_rows([("effekt", 60, "dagar"), ("effekt_igen", 120, "dagar")])
    assert first_follow_up("M05", DAY, limits) == DAY + timedelta(days=60)
    assert next_follow_up(DAY, DAY + timedelta(days=60), 1, limits) == DAY + timedelta(days=120)


@pytest.mark.parametrize("kind", ["M12", "M13"])
def test_what_has_no_effect_is_not_asked_about(kind: str) -> None:
    assert first_follow_up(kind, DAY, DEFAULTS) is None


def test_one_asking_is_enough_when_the_second_would_come_at_once() -> None:
    """The day was written long afterwards: the first asking is late, and the second would fall into it."""
    assert next_follow_up(DAY, DAY + timedelta(days=400), 1, DEFAULTS) is None


def voice(who: str, again: Again | None, day: int = 0, *, still_open: bool = False) -> Voice:
    return Voice(who, DAY + timedelta(days=day), again, still_open)


def test_two_who_say_as_before_bring_it_back() -> None:
    assert not heard([voice("a", Again.AS_BEFORE)]).does_not_bite
    assert not heard([voice("a", Again.AS_BEFORE), voice("a", Again.AS_BEFORE, 90)]).does_not_bite
    assert heard([voice("a", Again.AS_BEFORE), voice("b", Again.AS_BEFORE, 90)]).does_not_bite


def test_the_latest_word_counts_and_silence_takes_nothing_back() -> None:
    assert heard([voice("a", Again.AS_BEFORE), voice("a", Again.NO, 90)]) == Heard(no=1)
    assert heard([voice("a", Again.AS_BEFORE), voice("a", None, 90)]) == Heard(as_before=1)
    assert heard([voice("a", Again.AS_BEFORE), voice("a", None, 90, still_open=True)]) == Heard(waiting=1)


def test_silence_is_never_good() -> None:
    silent = heard([voice("a", None), voice("b", None)])
    assert silent == Heard(unknown=2)
    assert not silent.confirmed
    assert not heard([]).confirmed


answers = st.lists(
    st.builds(voice, st.sampled_from("abcd"), st.sampled_from([None, *Again]), st.sampled_from([0, 90])), max_size=8
)


@given(answers, st.randoms())
def test_everybody_is_counted_once_in_any_order(voices: list[Voice], random: object) -> None:
    unique = list({(v.who, v.asked_on): v for v in voices}.values())
    found = heard(unique)
    random.shuffle(unique)  # type: ignore[attr-defined]
    assert heard(unique) == found
    assert found.asked == len({v.who for v in unique})
    assert QUESTION_DAYS < 90  # an asking ends before the next one begins


@given(answers)
def test_only_a_no_confirms(voices: list[Voice]) -> None:
    found = heard(voices)
    if found.confirmed:
        assert any(v.again is Again.NO for v in voices)
        assert not found.does_not_bite
