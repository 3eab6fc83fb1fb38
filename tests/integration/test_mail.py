"""Mail: its words, its headers, and a real SMTP server with its moods."""

from __future__ import annotations

import mailbox
import re
from collections.abc import Iterator
from email import message_from_bytes, policy
from pathlib import Path

import pytest
from flask import Flask
from structlog.testing import CapturingLogger

from avvikelse.adapters import mail
from avvikelse.adapters.mail import MailRefusedError, MailUnavailableError, SmtpMailer, compose, mailer
from avvikelse.domain.notices import GROUPS, START, Notice
from avvikelse.domain.step_notices import notice_for
from avvikelse.domain.workflow import WORKFLOW, Audience
from tests.support.mailbox import text_of
from tests.support.smtp import Postbox, free_port, smtp_server

PARAMS = {
    "number": "JH-2026-0001", "ref": "k3v9q2", "party": 4, "audience": "owner", "token": "t0ken", "atgard": 1,
    "voice": "k3v9q2", "group": 7, "decision": 12,
}  # fmt: skip
TO = "chef@example.org"


def letter(notice: Notice = Notice.NEW_CASE, to: str = TO, key: str = "new_case:1", **params: str):
    return compose(
        notice, to, PARAMS | params, dedup_key=key, base_url="https://avvikelse.example.org", mail_from="a@example.org"
    )


@pytest.fixture
def server() -> Iterator[tuple[Postbox, SmtpMailer]]:
    with smtp_server() as (postbox, port):
        sender = SmtpMailer(f"smtp://127.0.0.1:{port}", timeout=1)
        yield postbox, sender
        sender.close()


# --- the table ----------------------------------------------------------------------------------------------------


def test_every_step_that_tells_somebody_has_words() -> None:
    told = {(row.action, audience) for row in WORKFLOW for audience in row.told}
    assert {pair for pair in told if notice_for(*pair) is None} == set()


@pytest.mark.parametrize("notice", Notice)
def test_a_mail_is_one_sentence_and_a_link(notice: Notice) -> None:
    message = message_from_bytes(bytes(letter(notice)), policy=policy.default)
    body = text_of(message)
    assert re.fullmatch(r"[A-ZÅÄÖ][^.!?]*[.!?]", notice.sentence), notice.sentence
    assert notice.audience
    assert notice.sentence in body
    assert body.count("https://avvikelse.example.org/") == 1
    assert "{" not in message["Subject"] + body
    assert len(message["Subject"]) <= 78
    assert message["To"] == TO
    assert message["Auto-Submitted"] == "auto-generated"
    assert "JH-2026-0001" not in body


def test_a_group_never_learns_which_case() -> None:
    to_groups = {notice_for(row.action, a) for row in WORKFLOW for a in row.told if a is Audience.CONVENOR}
    to_groups |= {Notice.GAP_OPENED, Notice.REMIND_GRUPP, Notice.REMIND_PUBLICERING}
    for notice in to_groups:
        assert notice is not None
        assert notice.path in {START, GROUPS}, notice
        assert "{number}" not in notice.subject, notice


def test_every_link_leads_to_a_page(app: Flask) -> None:
    routes = app.url_map.bind("localhost")
    for notice in Notice:
        ref = "k3v9q2hx7w5m4n8p"
        endpoint, _ = routes.match(
            notice.path.format(ref=ref, voice=ref, token="t" * 43, atgard=1, group=7, decision=12), method="GET"
        )
        assert endpoint in app.view_functions, notice


@pytest.mark.parametrize("line", ["\r\nBcc: all@example.org", "\n.", "\r", "\x00"])
def test_line_breaks_never_reach_a_header(line: str) -> None:
    """A35."""
    for to, number in ((TO + line, "JH-1"), (TO, "JH-1" + line)):
        with pytest.raises(MailRefusedError) as refused:
            letter(to=to, number=number)
        assert refused.value.for_good
        assert "example.org" not in str(refused.value)


@pytest.mark.parametrize("to", ["ingen adress", "a@b@c", "", "å@example.org"])
def test_what_is_no_address_is_refused_for_good(to: str, server: tuple[Postbox, SmtpMailer]) -> None:
    postbox, sender = server
    with pytest.raises(MailRefusedError) as refused:
        sender.send(letter(to=to))
    assert refused.value.for_good
    assert postbox.taken == []


# --- SMTP ---------------------------------------------------------------------------------------------------------


def test_a_mail_arrives_whole_and_the_connection_is_kept(server: tuple[Postbox, SmtpMailer]) -> None:
    postbox, sender = server
    for key in ("a:1", "a:2", "a:2"):
        sender.send(letter(key=key))
    assert postbox.recipients == [TO] * 3
    assert postbox.connections == 1
    keys = [message[mail.KEY_HEADER] for message in postbox.taken]
    assert keys[0] != keys[1] == keys[2]
    assert postbox.taken[1]["Message-ID"] == f"<{keys[1]}@avvikelse.example.org>"


@pytest.mark.parametrize(("reply", "for_good"), [("550 no such mailbox", True), ("451 try later", False)])
def test_a_refused_recipient_costs_only_its_own_mail(
    server: tuple[Postbox, SmtpMailer], reply: str, *, for_good: bool
) -> None:
    postbox, sender = server
    postbox.answers["borta@example.org"] = reply
    with pytest.raises(MailRefusedError) as refused:
        sender.send(letter(to="borta@example.org"))
    assert (refused.value.code, refused.value.for_good) == (f"recipient {reply[:3]}", for_good)
    sender.send(letter())
    assert len(postbox.taken) == 1


@pytest.mark.parametrize(("reply", "for_good"), [("554 content", True), ("452 full", False)])
def test_a_refused_message(server: tuple[Postbox, SmtpMailer], reply: str, *, for_good: bool) -> None:
    postbox, sender = server
    postbox.data = reply
    with pytest.raises(MailRefusedError) as refused:
        sender.send(letter())
    assert (refused.value.code, refused.value.for_good) == (f"data {reply[:3]}", for_good)
    postbox.data = "250 OK"
    sender.send(letter())
    assert len(postbox.taken) == 1


def test_after_a_cut_line_the_next_mail_connects_anew(server: tuple[Postbox, SmtpMailer]) -> None:
    postbox, sender = server
    postbox.cut = True
    with pytest.raises(MailUnavailableError):
        sender.send(letter())
    postbox.cut = False
    sender.send(letter())
    assert len(postbox.taken) == 1


def test_a_server_that_hangs_is_given_up(server: tuple[Postbox, SmtpMailer]) -> None:
    postbox, sender = server
    postbox.hanging = True
    with pytest.raises(MailUnavailableError) as away:
        sender.send(letter())
    assert "example" not in away.value.code
    postbox.hanging = False
    postbox.hang.set()


def test_no_server_at_all() -> None:
    with pytest.raises(MailUnavailableError, match="ConnectionRefusedError"):
        SmtpMailer(f"smtp://127.0.0.1:{free_port()}", timeout=1).send(letter())


def test_a_server_without_tls_gets_nothing_when_tls_is_asked_for() -> None:
    with smtp_server() as (postbox, port):
        with pytest.raises(MailUnavailableError):
            SmtpMailer(f"smtp://127.0.0.1:{port}?tls=starttls", timeout=1).send(letter())
        assert postbox.taken == []


def test_wrong_settings_are_refused_at_once() -> None:
    for setting in ("", "sendmail", "smtp://localhost?tls=maybe"):
        with pytest.raises(ValueError, match="AVVIKELSE_MAIL"):
            mailer(setting)


# --- without a server ---------------------------------------------------------------------------------------------


def test_a_maildir_gets_a_file(tmp_path: Path) -> None:
    mailer(f"maildir:{tmp_path / 'post'}").send(letter())
    (message,) = mailbox.Maildir(tmp_path / "post")
    assert message["To"] == TO


def test_the_log_gets_neither_words_nor_recipient(monkeypatch: pytest.MonkeyPatch) -> None:
    said = CapturingLogger()
    monkeypatch.setattr(mail, "log", said)
    mailer("log").send(letter())
    (call,) = said.calls
    assert call.kwargs["notice"] == "new_case"
    assert TO not in str(call)
    assert Notice.NEW_CASE.sentence not in str(call)
