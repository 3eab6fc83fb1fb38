"""The headers that every answer carries. Open when the browser refuses to load or run something.

Everything is served from our own address; no inline script or style. `same-origin` as referrer policy, because CSRF
checks of some proxies need the referrer. Pages are never kept by the browser: after a hand-over the back button must
not show the case.
"""

from __future__ import annotations

from flask import Flask, Response, request

CONTENT_SECURITY_POLICY = (
    "default-src 'self'; base-uri 'none'; object-src 'none'; form-action 'self'; "
    "frame-ancestors 'none'; frame-src 'none'"
)
HEADERS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=()",
}
YEAR = 31_536_000


def headers_of(*, https: bool) -> dict[str, str]:
    """HSTS only where the site is reached over TLS."""
    return HEADERS | ({"Strict-Transport-Security": f"max-age={YEAR}; includeSubDomains"} if https else {})


def register(app: Flask, *, https: bool) -> None:
    """Add the headers to every response of `app`."""
    headers = headers_of(https=https)

    @app.after_request
    def add(response: Response) -> Response:
        for name, value in headers.items():
            response.headers.setdefault(name, value)
        if request.endpoint == "static" and response.status_code in {200, 206, 304}:
            # A versioned address (static_url) may be kept for ever; a bare one, as fonts in the css, for a day.
            kept = f"max-age={YEAR}, immutable" if "v" in request.args else "max-age=86400"
            response.headers["Cache-Control"] = f"public, {kept}"
        else:
            response.headers["Cache-Control"] = "no-store"
        return response
