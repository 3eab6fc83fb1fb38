"""People of the World who act through the pages: each step is a form that is sent, and must be taken.

acting = Acting(client, world)
acting.step(bup, case, "ta-emot")
assert "Svar finns" in acting.reads(reporter, f"/avvikelser/{case.ref}")
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from werkzeug.test import TestResponse

from avvikelse.domain.actor import Actor
from avvikelse.models.avvikelse import Avvikelse
from tests.support.browsing import words
from tests.support.client import CheckingClient
from tests.support.login import log_in
from tests.support.world import World


@dataclass
class Acting:
    client: CheckingClient
    world: World

    def get(self, who: Actor, address: str) -> TestResponse:
        self._become(who)
        return self.client.get(address)

    def reads(self, who: Actor, address: str) -> str:
        """The page in one line of words; it must be there."""
        answer = self.get(who, address)
        assert answer.status_code == 200, f"{address}: {answer.status_code}"
        return words(answer)

    def sends(self, who: Actor, address: str, **fields: Any) -> TestResponse:
        self._become(who)
        return self.client.post(address, data=fields)

    def step(self, who: Actor, case: Avvikelse, slug: str, **fields: Any) -> None:
        """A step of a case that is taken."""
        self.does(who, f"/avvikelser/{case.ref}/{slug}", **fields)

    def does(self, who: Actor, address: str, **fields: Any) -> None:
        """A form that is taken."""
        answer = self.sends(who, address, **fields)
        assert answer.status_code == 302, f"{address}: {answer.status_code} {words(answer)[:600]}"

    def _become(self, who: Actor) -> None:
        assert who.user_id is not None
        log_in(self.client, who.user_id)
