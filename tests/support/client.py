"""The test client: each request in a context of its own, as in a server, and every page linted (on one database)."""

from __future__ import annotations

import contextvars
from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any

from click.testing import Result
from flask import has_app_context
from flask.testing import FlaskClient, FlaskCliRunner
from werkzeug.datastructures import MultiDict
from werkzeug.test import TestResponse

from avvikelse.models.base import db
from avvikelse.web import csrf
from tests.support import forms, html
from tests.support.databases import judges_pages


class CheckingClient(FlaskClient):
    """What a test has put into `session` is committed (inside its transaction) before a request, read anew after it.

    `submit` fills in a form of a page; use it before `post`, which sends a valid csrf_token if the test sends none.
    """

    lint = True
    csrf = True
    _seen: tuple[str | None, date] | None = None
    _token = ""

    def open(self, *args: Any, **kwargs: Any) -> TestResponse:
        if self.csrf and kwargs.get("method") == "POST" and "json" not in kwargs:
            data = kwargs.get("data") or {}
            if isinstance(data, dict) and csrf.FIELD not in data:
                kwargs["data"] = {**data, csrf.FIELD: self.csrf_token()}
        response: TestResponse = apart(super().open, *args, **kwargs)
        if (
            self.lint
            and response.mimetype == "text/html"
            and response.status_code not in range(300, 400)
            and judges_pages(self.application)
        ):
            faults = html.faults(response.get_data(as_text=True))
            assert not faults, f"{response.request.method} {response.request.path}:\n  " + "\n  ".join(faults)
        return response

    def submit(
        self,
        page: str | TestResponse,
        values: Mapping[str, Any] | None = None,
        *,
        button: str | None = None,
        action: str | None = None,
        **kwargs: Any,
    ) -> TestResponse:
        """Send a form of a page (an address, or an answer already fetched) with `values` filled in, as a browser would.

        The form is the first POST form with that button text and that action. `kwargs` as for `post`.
        """
        shown = self.get(page) if isinstance(page, str) else page
        form = forms.find(shown.get_data(as_text=True), action=action, button=button)
        sent = MultiDict(form.filled(values or {}, button))
        return self.post(form.action or shown.request.full_path.rstrip("?"), data=sent, **kwargs)

    def csrf_token(self) -> str:
        """The token that a page would have given to this visitor. Worked out once a cookie and day."""
        seen = (self._cookie(), datetime.now(UTC).date())
        if seen[0] is None or seen != self._seen:
            with self.session_transaction() as cookie:
                binding = cookie.get("_user_id") or cookie.setdefault("csrf", "a visitor of the tests")
            self._token = apart(self._signed, binding)
            self._seen = (self._cookie(), seen[1])
        return self._token

    def _cookie(self) -> str | None:
        found = self.get_cookie(self.application.config["SESSION_COOKIE_NAME"])
        return found.value if found else None

    def _signed(self, binding: str) -> str:
        with self.application.app_context():
            return csrf.signed(binding)


class CheckingRunner(FlaskCliRunner):
    """`flask …` in a test: the same care."""

    def invoke(self, *args: Any, **kwargs: Any) -> Result:
        result: Result = apart(super().invoke, *args, **kwargs)
        return result


def apart(function: Any, *args: Any, **kwargs: Any) -> Any:
    """Call `function` without the test's app context: own `g`, own session, own log-in."""
    inside = has_app_context()
    if inside:
        db.session.commit()
    try:
        return contextvars.Context().run(function, *args, **kwargs)
    finally:
        if inside:
            db.session.expire_all()
