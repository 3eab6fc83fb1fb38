"""A phone with an app that shows codes, for tests. It knows what the set-up page tells it, and nothing else."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Any

from flask import Flask

from avvikelse.domain import second_step as codes
from tests.support.client import CheckingClient
from tests.support.login import PASSWORD

FIRST_PAGE, SET_UP, RECOVERY = "/logga-in/andra-steget", "/logga-in/satt-upp", "/logga-in/reservkod"


def require(app: Flask) -> None:
    """From now on whoever is more than rapportör needs the second step."""
    app.extensions["settings"] = replace(app.extensions["settings"], second_step_required=True)


@dataclass
class Phone:
    """`clock` is the test's."""

    clock: Any
    secret: str
    recovery: list[str]

    def code(self, *, away: int = 0) -> str:
        return codes.code_at(self.secret, codes.step_of(self.clock.now) + away)

    def wrong(self) -> str:
        """Six digits that the phone shows neither now nor a step away."""
        near = {self.code(away=away) for away in (-1, 0, 1)}
        return next(code for code in ("000000", "111111", "222222", "333333") if code not in near)


def password(client: CheckingClient, email: str = "anna@example.org", word: str = PASSWORD) -> Any:
    return client.submit("/logga-in", {"email": email, "password": word}, button="Logga in")


def secret_on(page: str) -> str:
    found = re.search(r'<code class="av-key">([A-Z2-7 ]+)</code>', page)
    assert found
    return found.group(1).replace(" ", "")


def recovery_codes_on(page: str) -> list[str]:
    return re.findall(r"<li><code>([a-z2-7-]{19})</code></li>", page)


def set_up(client: CheckingClient, clock: Any) -> Phone:
    """Set up a phone from the page that explains it; the client is then wholly logged in."""
    picture = client.submit(SET_UP, button="Fortsätt")
    page = picture.get_data(as_text=True)
    phone = Phone(clock, secret_on(page), [])
    done = client.submit(picture, {"code": phone.code()}, button="Bekräfta telefonen")
    assert done.status_code == 200
    phone.recovery = recovery_codes_on(done.get_data(as_text=True))
    return phone
