"""Every abuse case and promise of the design is tried by a test that names it, or stands here with what is missing.

The numbers are those of the design's chapter on secrecy: A = what abuse gets, R = what is promised when things break.
"""

from __future__ import annotations

import re
from pathlib import Path

TESTS = Path(__file__).parents[1]
NUMBER = re.compile(r"(?<![A-Za-z0-9])([ARar]\d{1,2})(?!\d)")
# fmt: off
WANTED = {
    "A01": "somebody else's case does not exist, in any form",
    "A03": "the receiver never gets the sender's notes",
    "A05": "a search never matches what one may not read",
    "A07": "a former receiver's links carry nothing shared",
    "A09": "a step is not done twice, nor in the wrong state",
    "A13": "personal data is stopped in every free text",
    "A14": "no cell of a table is one child",
    "A15": "a convenor comes from no theme to a case",
    "A16": "nobody gives oneself a role",
    "A18": "no header or parameter makes one somebody else",
    "A21": "receipt codes are not guessed",
    "A22": "nothing links a report without account to who is logged in",
    "A24": "no other site posts, no GET changes",
    "A25": "markup is shown as it was written",
    "A26": "no text becomes a formula",
    "A28": "a forged host changes no link",
    "A29": "an old cookie leads to the log-in",
    "A30": "next= stays inside",
    "A31": "tampering with the log shows",
    "A32": "one report, however often it is sent",
    "A33": "of two who save one is told, with both texts",
    "A34": "large and cunning input costs what its length says; file after file meets a brake (others: not measured)",
    "A35": "no line break reaches a mail's header",
    "A38": "what the form does not ask is not taken",
    "A39": "a reminder that is no longer true is not sent",
    "A40": "curiosity shows in the log reviewer's list",
    "A41": "no answer tells whether an account exists",
    "A42": "guessing passwords is slowed, never locked",
    "R1": "an acknowledged report is stored, once, whole",
    "R2": "sending again makes no second report",
    "R3": "reminders once; at least once after a crash",
    "R4": "a mail server that is away loses nothing",
    "R5": "a full disk or a locked database is said, and nothing is half",
    "R7": "a missing, broken or other database is refused",
    "R8": "no reminder missed or doubled when the clock is turned",
    "R9": "a backup on an empty machine is the same",
    "R10": "migrations up, down and up with rows",
    "R11": "no lost updates",
    "R12": "no lost text",
    "R15": "silence is seen",
}
# fmt: on
MISSING: dict[str, str] = {}


def named() -> set[str]:
    """The numbers that stand in tests: in a name, a docstring or a comment."""
    others = (path for path in TESTS.rglob("test_*.py") if path != Path(__file__))
    return {found.upper() for path in others for found in NUMBER.findall(path.read_text("utf-8"))}


def test_every_abuse_case_and_promise_is_named_by_a_test() -> None:
    assert set(WANTED) - named() == set(MISSING)
