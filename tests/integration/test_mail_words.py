"""Every mail as it looks: subject, text and HTML, as snapshots. `pytest --snapshot-update` after a change of words."""

from __future__ import annotations

from email.message import EmailMessage

import pytest
from syrupy.assertion import SnapshotAssertion

from avvikelse.adapters.mail import compose
from avvikelse.domain.notices import Notice

PARAMS = {
    "number": "JH-2026-0042", "ref": "k3v9q2", "token": "t0ken", "atgard": "k3v9q2", "voice": "k3v9q2", "group": 7,
    "decision": 12,
}  # fmt: skip


def letter(notice: Notice) -> EmailMessage:
    return compose(
        notice,
        "chef@example.org",
        PARAMS,
        dedup_key="k:1",
        base_url="https://avvikelse.example.org",
        mail_from="avvikelse@example.org",
    )


def part(mail: EmailMessage, kind: str) -> str:
    body = mail.get_body((kind,))
    assert body is not None
    text: str = body.get_content()
    return text


@pytest.mark.parametrize("notice", Notice)
def test_a_mail_looks_like_this(notice: Notice, snapshot: SnapshotAssertion) -> None:
    mail = letter(notice)
    assert mail.get_content_type() == "multipart/alternative"
    assert f"{mail['Subject']}\n\n{part(mail, 'plain')}\n{part(mail, 'html')}" == snapshot


@pytest.mark.parametrize("notice", Notice)
def test_both_parts_say_the_same_and_fetch_nothing(notice: Notice) -> None:
    text, html = part(letter(notice), "plain"), part(letter(notice), "html")
    assert notice.sentence in text
    assert notice.sentence in html
    assert "<img" not in html
    assert "<script" not in html
    assert html.count("https://avvikelse.example.org/") == (2 if notice.path else 0)  # the button and its address
