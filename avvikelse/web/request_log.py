"""The log: one JSON line per event on standard error. Open to see what is logged, and what never is.

Never: a request for the pages without account (web/unlinked.py), whose line would hold the time of day, unless it
failed; names, addresses, IP numbers, browsers, paths (they hold case numbers), query strings, form content, exception
messages.
"""

from __future__ import annotations

import logging
import secrets
import sys
import time

import structlog
from flask import Flask, Response, g, request

from avvikelse.web.unlinked import is_unlinked


def configure(*, quiet: bool) -> None:
    """Set up structlog once per process. `quiet` (demo, tests) lets only warnings through."""
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING if quiet else logging.INFO),
        logger_factory=structlog.PrintLoggerFactory(file=sys.stderr),
        cache_logger_on_first_use=not quiet,
    )
    # The development server would print address and path of each request.
    logging.getLogger("werkzeug").setLevel(logging.ERROR)


def register(app: Flask) -> None:
    """Log each request: endpoint, status, time."""
    log = structlog.get_logger("avvikelse.request")

    @app.before_request
    def start() -> None:
        g.request_id = secrets.token_hex(8)
        structlog.contextvars.bind_contextvars(request_id=g.request_id)  # for whoever logs below Flask
        g.started = time.perf_counter()

    @app.after_request
    def end(response: Response) -> Response:
        silent = request.endpoint == "static" or (is_unlinked() and response.status_code < 500)
        if not silent and "started" in g:
            took = round((time.perf_counter() - g.started) * 1000, 1)
            log.info(
                "request",
                method=request.method,
                endpoint=request.endpoint,
                status=response.status_code,
                ms=took,
                request_id=g.request_id,
            )
        return response
