"""Whoever has a file in making is told so at the door when she asks for the next (SECRECY A34). Open with downloads.py.

Twenty requests in one moment would each be looked up, drawn and put on record, and everybody else's page would wait
behind them: measured, that cost the others more than the files did (docs/adr/0264). So the door knows nobody. It
compares the cookie with those that have a file in making in this process, and has its answer ready. How many it has
sent away is put on record once, when the file is made, by web/downloads.py.
"""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

from flask import Flask, request
from werkzeug.http import parse_cookie

from avvikelse.web import errors
from avvikelse.web.security_headers import headers_of

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

ENDINGS = (".pdf", ".xlsx", ".csv", ".txt")
METHODS = frozenset({"GET", "HEAD"})  # a POST has a body to be read; it is asked inside, like everything else
NOT_HERE = ("/static/", "/utan-konto/")  # nobody makes them, and where nobody is known no cookie is looked at
NOT_READY = "Din förra fil är inte klar än. Vänta tills den är det, och försök sedan igen."
A_MOMENT = 2  # seconds
KEY = "avvikelse.file_in_making"


@dataclass(slots=True)
class InMaking:
    """A file that is being made, and the addresses that its owner has asked for meanwhile, with how often."""

    cookie: str
    refused: Counter[str] = field(default_factory=Counter)


class FileDoor:
    """Around the app. In each of the server's processes one file at a time for each log-in."""

    def __init__(self, app: Flask, *, https: bool) -> None:
        self._app, self._inner, self._https = app, app.wsgi_app, https
        self._in_making: dict[str, InMaking] = {}
        self._lock = threading.Lock()

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        cookie = self._cookie(environ)
        if cookie is None:
            return self._inner(environ, start_response)
        path, mine = environ.get("PATH_INFO", ""), InMaking(cookie)
        with self._lock:
            made = self._in_making.setdefault(cookie, mine)
            if made is not mine:
                made.refused[path] += 1
        if made is not mine:
            start_response("429 TOO MANY REQUESTS", list(self._headers.items()))
            return [self._page] if environ["REQUEST_METHOD"] == "GET" else []
        environ[KEY] = mine
        try:
            return self._inner(environ, start_response)
        finally:
            self.is_made(mine)

    def is_made(self, made: InMaking) -> Counter[str]:
        """She may ask for the next. What was refused meanwhile; nothing is added to it afterwards."""
        with self._lock:
            if self._in_making.get(made.cookie) is made:
                del self._in_making[made.cookie]
            return made.refused

    def _cookie(self, environ: WSGIEnvironment) -> str | None:
        """The log-in of a request for a file; None for any other request, and without one."""
        path = environ.get("PATH_INFO", "")
        if not path.endswith(ENDINGS) or path.startswith(NOT_HERE) or environ["REQUEST_METHOD"] not in METHODS:
            return None
        return parse_cookie(environ).get(self._app.config["SESSION_COOKIE_NAME"])

    @cached_property
    def _page(self) -> bytes:
        with self._app.test_request_context():  # for the addresses of the style sheet and of the way on
            page = self._app.jinja_env.get_template("errors/_page.html")
            return page.render(title=errors.TEXTS[429][0], reason=NOT_READY).encode()

    @cached_property
    def _headers(self) -> dict[str, str]:
        return headers_of(https=self._https) | {
            "Content-Type": "text/html; charset=utf-8", "Content-Length": str(len(self._page)),
            "Cache-Control": "no-store", "Retry-After": str(A_MOMENT),
        }  # fmt: skip


def refused_meanwhile(door: FileDoor) -> Counter[str]:
    """When the file of this request is made: what the door has refused its owner."""
    made: Any = request.environ.get(KEY)
    return door.is_made(made) if made is not None else Counter()
