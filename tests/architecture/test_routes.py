"""Every route of the real app: who may call it, with which methods and types. The walker is tested on bad routes."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest
from flask import Flask

from avvikelse import create_app
from avvikelse.domain.errors import DomainError
from avvikelse.web import access, errors
from config import ROOT, Settings
from tests.support import routes
from tests.support.settings import make_settings


@pytest.fixture
def unconnected(tmp_path: Path) -> Flask:
    """The app with a database that does not exist: nothing here may need one."""
    return create_app(make_settings(f"sqlite:///{tmp_path / 'missing.sqlite3'}", tmp_path))


def test_every_route_is_as_it_should_be(unconnected: Flask) -> None:
    assert routes.faults(unconnected) == []


def test_every_public_endpoint_exists_and_has_a_reason(unconnected: Flask) -> None:
    assert set(access.PUBLIC_ENDPOINTS) <= set(unconnected.view_functions)
    assert all(reason.strip() for reason in access.PUBLIC_ENDPOINTS.values())


def planted(unconnected: Flask, address: str, *, declared: bool = True, methods: tuple[str, ...] = ("GET",)) -> str:
    def view(**_parts: object) -> str:
        return ""

    view = access.requires(access.LOGGED_IN)(view) if declared else view
    unconnected.add_url_rule(address, "planted", view, methods=list(methods))
    return "\n".join(fault for fault in routes.faults(unconnected) if fault.startswith("planted"))


@pytest.mark.parametrize("address", ["/enheter/<int:unit>", "/enheter/<unit>", "/enheter/<path:unit>"])
def test_the_walker_finds_untyped_parts(unconnected: Flask, address: str) -> None:
    assert "takes too much" in planted(unconnected, address)


def test_the_walker_finds_undeclared_access(unconnected: Flask) -> None:
    assert "no @requires" in planted(unconnected, "/oppen", declared=False)


def test_the_walker_finds_strange_methods(unconnected: Flask) -> None:
    assert "methods ['DELETE']" in planted(unconnected, "/radera", methods=("DELETE",))


@pytest.mark.parametrize("address", ["/Stor", "/med_streck", "/å"])
def test_the_walker_finds_strange_addresses(unconnected: Flask, address: str) -> None:
    assert "lower case ASCII" in planted(unconnected, address)


def test_the_walker_lets_a_good_route_through(unconnected: Flask) -> None:
    assert (
        planted(unconnected, "/avvikelser/<ref:ref>/manad/<month:month>/<id:row>/<word:kind>", methods=("GET", "POST"))
        == ""
    )


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("7", 200),
        ("0", 404),
        ("9223372036854775807", 200),
        ("9223372036854775808", 404),
        ("9" * 20, 404),
        ("٧", 404),
        ("-1", 404),
    ],
)
def test_ids_are_bounded_ascii_numbers(unconnected: Flask, address: str, status: int) -> None:
    unconnected.add_url_rule("/rad/<id:row>", "static_row", str)
    adapter = unconnected.url_map.bind("localhost")
    assert (200 if adapter.test(f"/rad/{address}") else 404) == status


def test_every_refusal_of_the_domain_has_a_status() -> None:
    assert set(DomainError.__subclasses__()) == set(errors.DOMAIN_STATUS)


def test_a_bare_environment_makes_an_app(tmp_path: Path) -> None:
    """`make setup` and nothing more: commands that only compute must start."""
    settings = Settings.from_env({"AVVIKELSE_INSTANCE": str(tmp_path / "none"), "PATH": os.environ["PATH"]})
    result = create_app(settings).test_cli_runner().invoke(args=["database", "--help"])
    assert result.exit_code == 0
    assert not (tmp_path / "none").exists()


NAMED = re.compile(r"url_for\(\s*[\"']([a-z_]+\.[a-z_]+)[\"']")


def test_every_endpoint_that_a_page_or_view_names_exists(unconnected: Flask) -> None:
    """A link to what has been renamed fails first when somebody opens just that page."""
    files = [*(ROOT / "templates").rglob("*.html"), *(ROOT / "avvikelse").rglob("*.py")]
    named = {(path.name, name) for path in files for name in NAMED.findall(path.read_text(encoding="utf-8"))}
    assert len(named) > 100
    assert sorted(one for one in named if one[1] not in unconnected.view_functions) == []
