"""The mails that the system sends, in tests. Open to see how a test follows a link."""

from __future__ import annotations

import email
import email.policy
import re
from dataclasses import dataclass
from email.message import EmailMessage, Message
from functools import lru_cache
from pathlib import Path
from typing import Any

from flask import Flask
from sqlalchemy import Connection
from sqlalchemy.orm import Session

from avvikelse.jobs.house import House
from avvikelse.jobs.tasks_mail import send_outbox


def text_of(mail: Message) -> str:
    """The plain text of a mail."""
    parts = [part for part in mail.walk() if part.get_content_type() == "text/plain"]
    return parts[0].get_payload(decode=True).decode()  # type: ignore[union-attr]


@lru_cache(maxsize=1000)
def _read(file: Path) -> EmailMessage:
    """Parsed once: a story looks into its mailbox every day, and no mail changes."""
    return email.message_from_bytes(file.read_bytes(), EmailMessage, policy=email.policy.default)


@dataclass
class Mailbox:
    """What has been sent since the test began."""

    app: Flask
    database: Connection
    session: Session
    clock: Any

    def __post_init__(self) -> None:
        for file in self._files():
            file.unlink()

    def send(self) -> list[EmailMessage]:
        """Send what waits in the outbox; all mails so far, oldest first."""
        self.session.commit()
        send_outbox(House(self.app.extensions["settings"], self.database), self.clock.now)
        self.session.expire_all()
        return [_read(file) for file in self._files()]

    def link(self, path: str) -> str:
        """The path of the link below `path` in the newest mail. The address before it is the configured one."""
        text = text_of(self.send()[-1])
        found = re.search(rf"(https?://[^/\s]+)({path}/[A-Za-z0-9_-]+)", text)
        assert found, text
        assert found.group(1) == self.app.extensions["settings"].base_url
        return found.group(2)

    def _files(self) -> list[Path]:
        box = Path(self.app.extensions["settings"].mail.removeprefix("maildir:"))
        return sorted(box.rglob("new/*"), key=lambda file: file.stat().st_mtime_ns)
