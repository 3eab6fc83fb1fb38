"""Avvikelser i samverkan.

`create_app(settings)` is the only wiring: open to see what is connected to what, and in which order.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from flask import Flask

    from config import Settings

# The largest form is a report with its texts: 2,000 characters a field, some fields, three bytes a character when
# encoded.
MAX_REQUEST_BYTES = 1_000_000
MAX_FORM_FIELDS = 1_000


def create_app(settings: Settings) -> Flask:
    """Build the application. Connects to nothing: commands that only compute need no database.

    Raises RuntimeError when an endpoint has not declared who may call it.
    """
    # Imported here, so that `import avvikelse.domain` brings in neither Flask nor SQLAlchemy.
    from flask_babel import Babel
    from jinja2 import StrictUndefined
    from werkzeug.middleware.proxy_fix import ProxyFix

    from avvikelse.cli import COMMANDS
    from avvikelse.models import engine
    from avvikelse.models.base import db
    from avvikelse.web import (
        BLUEPRINTS,
        access,
        converters,
        desk,
        downloads,
        errors,
        identity,
        refusal_log,
        rendering,
        request_log,
        security_headers,
        static_files,
        transaction,
    )
    from config import ROOT, Environment

    request_log.configure(quiet=not settings.is_production)
    app = transaction.TransactionalFlask(
        __name__,
        root_path=str(ROOT),
        instance_path=str(settings.instance),
        template_folder=str(ROOT / "templates"),
        static_folder=str(ROOT / "static"),
    )
    app.config.update(
        TESTING=settings.environment is Environment.TEST,
        SECRET_KEY=settings.secret_key or None,
        TRUSTED_HOSTS=settings.hosts,
        MAX_CONTENT_LENGTH=MAX_REQUEST_BYTES,
        MAX_FORM_MEMORY_SIZE=MAX_REQUEST_BYTES,
        MAX_FORM_PARTS=MAX_FORM_FIELDS,
        SESSION_COOKIE_NAME="__Host-avvikelse" if settings.is_https else "avvikelse",
        SESSION_COOKIE_SECURE=settings.is_https,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SQLALCHEMY_DATABASE_URI=engine.engine_url(settings.database_url),
        SQLALCHEMY_ENGINE_OPTIONS=engine.engine_options(settings.database_url),
        BABEL_DEFAULT_LOCALE="sv",
        BABEL_DEFAULT_TIMEZONE="Europe/Stockholm",
    )
    app.extensions["settings"] = settings
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    Babel(app)
    db.init_app(app)
    with app.app_context():
        engine.configure(db.engine)
    # services/audit.py chains its records with this key; it must not lie in the database.
    if settings.audit_key:  # an app that only computes has none, and must not take it from another one in the process
        db.session.session_factory.configure(info={"audit_key": settings.audit_key.encode()})

    converters.register(app)
    request_log.register(app)
    security_headers.register(app, https=settings.is_https)
    static_files.register(app)
    rendering.register(app)
    app.jinja_env.globals["is_demo"] = settings.environment is Environment.DEMO
    errors.register(app)
    refusal_log.register(app)
    if app.testing:
        transaction.watch()
    app.before_request(access.identify)
    desk.register(app)
    app.before_request(access.guard)
    identity.register(app)
    downloads.register(app, https=settings.is_https)
    app.before_request(transaction.begin)
    for path in BLUEPRINTS:
        app.register_blueprint(_load(path))
    for path in COMMANDS:
        app.cli.add_command(_load(path))
    access.check_declarations(app)

    if settings.proxies:
        hops = settings.proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=0)  # type: ignore[method-assign]
    return app


def _load(path: str) -> Any:
    module, _, attribute = path.partition(":")
    return getattr(importlib.import_module(module), attribute)
