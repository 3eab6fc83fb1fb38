"""Mail leaves here and nowhere else: written from the table of notices, sent over SMTP, to a maildir or to the log.

Open when a mail looks wrong or a mail server is difficult. Texts: domain/notices.py, the frame: templates/mail/.
"""

from __future__ import annotations

import hashlib
import mailbox
import re
import smtplib
import ssl
from collections.abc import Mapping
from email.headerregistry import Address
from email.message import EmailMessage
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import parse_qs, unquote, urlsplit

import structlog
from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from avvikelse.domain.notices import Notice

TEMPLATES = Path(__file__).resolve().parents[2] / "templates" / "mail"
TIMEOUT = 15.0  # seconds for each word with the mail server
LOOPBACK = ("localhost", "127.0.0.1", "::1")
KEY_HEADER = "X-Avvikelse-Key"  # the same for the same message: who gets it twice can see that it is one
_ADDRESS = re.compile(r"[!-?A-~]+@[!-?A-~]+")  # printable ASCII with one @; most servers take no other letters

log = structlog.get_logger(__name__)
_templates = Environment(
    loader=FileSystemLoader(TEMPLATES),
    undefined=StrictUndefined,
    trim_blocks=True,
    autoescape=select_autoescape(["html"], default=False),  # the other part is plain text
)


class MailRefusedError(Exception):
    """The message is refused. `code` names why, without content; `for_good` = trying again is no use."""

    def __init__(self, code: str, *, for_good: bool) -> None:
        super().__init__(code)
        self.code = code
        self.for_good = for_good


class MailUnavailableError(Exception):
    """The server cannot be reached or does not answer: nothing gets through now. `code` names why."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class Mailer(Protocol):
    """Something that takes a message. Raises MailRefusedError or MailUnavailableError."""

    def send(self, message: EmailMessage) -> None: ...

    def close(self) -> None: ...


def compose(
    notice: Notice, to: str, params: Mapping[str, Any], *, dedup_key: str, base_url: str, mail_from: str
) -> EmailMessage:
    """The mail for a notice: one sentence and a link, as text and as simple HTML.

    Raises MailRefusedError for a bad address or param.
    """
    try:
        link = base_url + notice.path.format_map(params) if notice.path else ""
        subject = notice.subject.format_map(params)
        message = EmailMessage()
        message["From"] = Address("Avvikelse i samverkan", addr_spec=_one_line(mail_from))
        message["To"] = Address(addr_spec=_address(to))
        message["Subject"] = _one_line(subject)
    except (KeyError, ValueError, IndexError) as error:
        raise MailRefusedError(f"compose {type(error).__name__}", for_good=True) from None
    key = hashlib.sha256(dedup_key.encode()).hexdigest()[:32]
    message["Message-ID"] = f"<{key}@{urlsplit(base_url).hostname or 'avvikelse.invalid'}>"
    message[KEY_HEADER] = key
    message["X-Avvikelse-Notice"] = notice.value
    message["Auto-Submitted"] = "auto-generated"
    message["X-Auto-Response-Suppress"] = "All"
    lines = [{"text": line["text"], "link": base_url + line["path"]} for line in params.get("lines", ())]
    words = {"title": subject, "sentence": notice.sentence, "link": link, "lines": lines}
    message.set_content(_templates.get_template("body.txt").render(words))
    message.add_alternative(_templates.get_template("body.html").render(words), subtype="html")
    return message


def mailer(setting: str) -> Mailer:
    """The transport that AVVIKELSE_MAIL names. Connects to nothing yet. Raises ValueError for another word."""
    if setting.startswith(("smtp://", "smtps://")):
        return SmtpMailer(setting)
    if setting.startswith("maildir:"):
        return MaildirMailer(Path(setting.removeprefix("maildir:")))
    if setting == "log":
        return LogMailer()
    raise ValueError("AVVIKELSE_MAIL ska vara smtp://…, smtps://…, maildir:MAPP eller log.")


class SmtpMailer:
    """One connection, opened at the first message and kept for the next ones.

    `smtp://` uses STARTTLS and insists on it, except towards this machine; `?tls=none` does without, `?tls=starttls`
    insists also here. `smtps://` is TLS from the first byte. Certificates are always checked.
    """

    def __init__(self, url: str, timeout: float = TIMEOUT) -> None:
        parts = urlsplit(url)
        self._implicit = parts.scheme == "smtps"
        self._host = parts.hostname or "localhost"
        self._port = parts.port or (465 if self._implicit else 587 if parts.username else 25)
        self._login = (unquote(parts.username), unquote(parts.password or "")) if parts.username else None
        tls = parse_qs(parts.query).get("tls", ["none" if self._host in LOOPBACK else "starttls"])[0]
        if tls not in {"none", "starttls"}:
            raise ValueError("AVVIKELSE_MAIL: tls ska vara starttls eller none.")
        self._starttls = tls == "starttls" and not self._implicit
        self._timeout = timeout
        self._server: smtplib.SMTP | None = None

    def send(self, message: EmailMessage) -> None:
        try:
            server = self._server = self._server or self._connect()
            server.send_message(message)
        except smtplib.SMTPRecipientsRefused as error:
            code = next(iter(error.recipients.values()))[0]
            self._fresh()
            raise MailRefusedError(f"recipient {code}", for_good=500 <= code < 600) from None
        except smtplib.SMTPDataError as error:
            self._fresh()
            raise MailRefusedError(f"data {error.smtp_code}", for_good=500 <= error.smtp_code < 600) from None
        except (smtplib.SMTPException, OSError) as error:
            self._drop()
            answer = f" {error.smtp_code}" if isinstance(error, smtplib.SMTPResponseException) else ""
            raise MailUnavailableError(type(error).__name__ + answer) from None

    def close(self) -> None:
        server, self._server = self._server, None
        if server is not None:
            try:
                server.quit()
            except (smtplib.SMTPException, OSError):
                server.close()

    def _connect(self) -> smtplib.SMTP:
        context = ssl.create_default_context()
        server = (
            smtplib.SMTP_SSL(self._host, self._port, timeout=self._timeout, context=context)
            if self._implicit
            else smtplib.SMTP(self._host, self._port, timeout=self._timeout)
        )
        try:
            if self._starttls:
                server.starttls(context=context)
            if self._login:
                server.login(*self._login)
        except BaseException:
            server.close()
            raise
        return server

    def _fresh(self) -> None:
        """After a refused message the connection is clean again, or gone."""
        try:
            if self._server is not None:
                self._server.rset()
        except (smtplib.SMTPException, OSError):
            self._drop()

    def _drop(self) -> None:
        server, self._server = self._server, None
        if server is not None:
            server.close()


class MaildirMailer:
    """Each mail becomes a file in a maildir, for development and tests."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def send(self, message: EmailMessage) -> None:
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            mailbox.Maildir(self._path, create=True).add(message)
        except OSError as error:
            raise MailUnavailableError(type(error).__name__) from None

    def close(self) -> None:
        """Nothing is open."""


class LogMailer:
    """Only says that a mail would have gone, for development: notice and key, never words or recipients."""

    def send(self, message: EmailMessage) -> None:
        log.info("mail_not_sent", notice=message["X-Avvikelse-Notice"], key=message[KEY_HEADER])

    def close(self) -> None:
        """Nothing is open."""


def _address(text: str) -> str:
    """`text`, if a mail server would take it as an address. Raises ValueError."""
    if not _ADDRESS.fullmatch(text):
        raise ValueError("not an address")
    return text


def _one_line(text: str) -> str:
    """`text`, if it cannot break out of a header line. Raises ValueError."""
    if any(ord(character) < 32 or ord(character) == 127 for character in text):
        raise ValueError("control character in a mail header")
    return text
