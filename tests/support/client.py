"""The test client: each request in a context of its own, as in a server, and every page linted."""

from __future__ import annotations

import contextvars
from typing import Any

from click.testing import Result
from flask import Flask
from flask.testing import FlaskClient, FlaskCliRunner
from werkzeug.test import TestResponse

from avvikelse.models.base import db
from tests.support import html


class CheckingClient(FlaskClient):
    """What a test has put into `session` is committed (inside its transaction) before a request, read anew after."""

    lint = True

    def open(self, *args: Any, **kwargs: Any) -> TestResponse:
        response: TestResponse = apart(self.application, super().open, *args, **kwargs)
        if self.lint and response.mimetype == "text/html" and response.status_code not in range(300, 400):
            faults = html.faults(response.get_data(as_text=True))
            assert not faults, f"{response.request.method} {response.request.path}:\n  " + "\n  ".join(faults)
        return response


class CheckingRunner(FlaskCliRunner):
    """`flask …` in a test: the same care."""

    def invoke(self, *args: Any, **kwargs: Any) -> Result:
        result: Result = apart(self.app, super().invoke, *args, **kwargs)
        return result


def apart(app: Flask, function: Any, *args: Any, **kwargs: Any) -> Any:
    """Call `function` without the test's app context: own `g`, own session, own log-in."""
    from flask import has_app_context

    inside = has_app_context()
    if inside:
        db.session.commit()
    try:
        return contextvars.Context().run(function, *args, **kwargs)
    finally:
        if inside:
            db.session.expire_all()
