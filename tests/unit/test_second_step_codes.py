"""The codes of the second step, against the vectors of RFC 6238 and RFC 4226, and what keeps the secret."""

from __future__ import annotations

import base64
from datetime import UTC, datetime, timedelta

import pyotp
import pytest

from avvikelse.domain import second_step as codes
from avvikelse.domain.actor import Actor, Grant
from avvikelse.domain.vocabulary import Role
from avvikelse.services import sealing
from config import Settings, SettingsError

RFC_SECRET = base64.b32encode(b"12345678901234567890").decode()
# RFC 6238, appendix B, SHA-1: seconds since 1970 and the eight digits. Ours are the last six of them.
RFC_6238 = [
    (59, "94287082"), (1111111109, "07081804"), (1111111111, "14050471"), (1234567890, "89005924"),
    (2000000000, "69279037"), (20000000000, "65353130"),
]  # fmt: skip
# RFC 4226, appendix D: the counter and six digits.
RFC_4226 = ["755224", "287082", "359152", "969429", "338314", "254676", "287922", "162583", "399871", "520489"]


@pytest.mark.parametrize(("seconds", "eight"), RFC_6238)
def test_codes_are_those_of_the_standard(seconds: int, eight: str) -> None:
    moment = datetime.fromtimestamp(seconds, UTC)
    assert codes.code_at(RFC_SECRET, codes.step_of(moment)) == eight[-6:]
    assert pyotp.TOTP(RFC_SECRET, digits=8).at(seconds) == eight
    assert codes.matching_step(RFC_SECRET, eight[-6:], moment) == seconds // 30


@pytest.mark.parametrize(("counter", "code"), list(enumerate(RFC_4226)))
def test_counters_are_those_of_the_standard(counter: int, code: str) -> None:
    assert codes.code_at(RFC_SECRET, counter) == code


def test_a_phone_may_be_one_step_before_or_after_and_no_more() -> None:
    moment = datetime(2026, 3, 11, 9, 30, 10, tzinfo=UTC)
    here = codes.step_of(moment)
    for away in (-1, 0, 1):
        assert codes.matching_step(RFC_SECRET, codes.code_at(RFC_SECRET, here + away), moment) == here + away
    for away in (-2, 2):
        assert codes.matching_step(RFC_SECRET, codes.code_at(RFC_SECRET, here + away), moment) is None
    later = moment + timedelta(seconds=61)
    assert codes.matching_step(RFC_SECRET, codes.code_at(RFC_SECRET, here), later) is None


@pytest.mark.parametrize("typed", ["", "12345", "1234567", "abcdef", "-12345", "١٢٣٤٥٦", "12345６", "12 34 5"])
def test_what_is_no_code_is_none(typed: str) -> None:
    assert codes.matching_step(RFC_SECRET, typed, datetime.fromtimestamp(59, UTC)) is None


def test_blanks_between_digits_do_not_matter() -> None:
    assert codes.matching_step(RFC_SECRET, " 287 082 ", datetime.fromtimestamp(59, UTC)) == 1


def test_recovery_codes_are_read_however_they_are_typed() -> None:
    made = {codes.new_recovery_code() for _ in range(200)}
    assert len(made) == 200
    for code in made:
        assert len(code) == 19
        assert not set(code) & set("0189")
        for typed in (code.upper(), code.replace("-", " "), code.replace("o", "0").replace("l", "1")):
            assert codes.plain_recovery_code(typed) == code.replace("-", "")


def test_every_role_but_rapportor_asks_for_it() -> None:
    for role in Role:
        assert codes.is_demanded(Actor(1, "A", (Grant(role),))) is (role is not Role.RAPPORTOR)
    assert codes.is_demanded(Actor(1, "A", (Grant(Role.RAPPORTOR), Grant(Role.MEDLEM))))
    assert not codes.is_demanded(Actor(1, "A"))


def test_a_sealed_secret_opens_with_its_own_key_and_in_its_own_row_only() -> None:
    key = b"k" * 40
    sealed = sealing.seal(key, "JBSWY3DP", about="second_step:7")
    assert "JBSWY3DP" not in sealed
    assert "JBSWY3DP" not in base64.b64decode(sealed).decode("latin-1")
    assert sealing.unseal(key, sealed, about="second_step:7") == "JBSWY3DP"
    assert sealing.unseal(b"another key" * 4, sealed, about="second_step:7") is None
    assert sealing.unseal(key, sealed, about="second_step:8") is None
    changed = base64.b64encode(base64.b64decode(sealed)[:-1] + b"\0").decode()
    assert sealing.unseal(key, changed, about="second_step:7") is None
    assert sealing.unseal(key, "inte ens base64", about="second_step:7") is None
    assert sealing.seal(key, "JBSWY3DP", about="second_step:7") != sealed  # never the same twice


@pytest.mark.parametrize(
    ("environment", "said", "required"),
    [
        ({}, "", True),
        ({}, "offered", False),
        ({"AVVIKELSE_ENV": "demo"}, "", False),
        ({"AVVIKELSE_ENV": "demo"}, "required", True),
    ],
)
def test_it_is_required_where_the_data_is_real(environment: dict[str, str], said: str, required: bool) -> None:
    assert Settings.from_env({**environment, "AVVIKELSE_SECOND_STEP": said}).second_step_required is required


def test_a_word_that_means_nothing_is_refused() -> None:
    with pytest.raises(SettingsError, match="required eller offered"):
        Settings.from_env({"AVVIKELSE_SECOND_STEP": "ja"})
