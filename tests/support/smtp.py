"""A real SMTP server in a thread, which can be told to misbehave."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes
from email.message import Message
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP


class Postbox:
    """What the server has taken, and how it answers: `answers` to RCPT by address, `data` to every DATA."""

    def __init__(self) -> None:
        self.taken: list[Message] = []
        self.recipients: list[str] = []
        self.answers: dict[str, str] = {}
        self.data = "250 OK"
        self.cut = False
        self.hang = threading.Event()
        self.hanging = False
        self.connections = 0

    async def handle_EHLO(  # noqa: N802 -- aiosmtpd's name
        self, server: SMTP, session: Any, _envelope: Any, hostname: str, responses: list[str]
    ) -> list[str]:
        self.connections += 1
        session.host_name = hostname
        return responses

    async def handle_RCPT(  # noqa: N802
        self, _server: SMTP, _session: Any, envelope: Any, address: str, _options: Any
    ) -> str:
        if address in self.answers:
            return self.answers[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, _session: Any, envelope: Any) -> str:  # noqa: N802
        if self.cut:
            server.transport.abort()  # type: ignore[union-attr]
            return "250 never said"
        if self.hanging:
            await server.loop.run_in_executor(None, self.hang.wait, 10)
        if self.data.startswith("250"):
            self.taken.append(message_from_bytes(envelope.content))
            self.recipients.extend(envelope.rcpt_tos)
        return self.data


@contextmanager
def smtp_server(port: int = 0) -> Iterator[tuple[Postbox, int]]:
    """(postbox, port) of a running server."""
    postbox = Postbox()
    controller = Controller(postbox, hostname="127.0.0.1", port=port or free_port())
    controller.start()
    try:
        yield postbox, controller.port
    finally:
        postbox.hang.set()
        controller.stop()


def free_port() -> int:
    """A port of the loopback address that nobody listens on now."""
    import socket

    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
