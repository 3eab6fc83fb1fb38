"""Walks every route of an app and says what is wrong with it: access, methods, types."""

from __future__ import annotations

import re
from collections.abc import Iterator

from flask import Flask
from werkzeug.routing import Rule

from avvikelse.web.access import PUBLIC_ENDPOINTS, rule_of
from avvikelse.web.converters import CONVERTERS

SAFE = {"GET", "HEAD", "OPTIONS"}
FIXED_PART = re.compile(r"/[a-z0-9/.-]*")
ALLOWED = SAFE | {"POST"}


def faults(app: Flask) -> list[str]:
    """One line per fault; [] = every route is as it should be."""
    return [f"{rule.endpoint} ({rule.rule}): {fault}" for rule in app.url_map.iter_rules() for fault in _of(app, rule)]


def _of(app: Flask, rule: Rule) -> Iterator[str]:
    if rule.endpoint not in PUBLIC_ENDPOINTS and rule_of(app, rule.endpoint) is None:
        yield "no @requires and not in PUBLIC_ENDPOINTS"
    if rule.endpoint in PUBLIC_ENDPOINTS and rule_of(app, rule.endpoint) is not None:
        yield "both @requires and in PUBLIC_ENDPOINTS"
    methods = rule.methods or set()
    if unusual := methods - ALLOWED:
        yield f"methods {sorted(unusual)}: forms know GET and POST"
    if "POST" in methods and "GET" in methods and getattr(app.view_functions[rule.endpoint], "__writes__", False):
        yield "@writes on a view that also takes POST"
    if not FIXED_PART.fullmatch(re.sub("<[^>]*>", "", rule.rule)):
        yield "addresses are lower case ASCII, with hyphens"
    if rule.endpoint == "static":
        return
    for name, converter in rule._converters.items():
        if type(converter) not in CONVERTERS.values():
            yield f"<{name}> has a type that takes too much: use one of {', '.join(CONVERTERS)}"
