"""A person at a browser, without the browser: log in as somebody from the World, read pages, send the forms on them.

her = Visitor.of(client, session, actor, now)
page = her.get("/kontaktvagar?q=bup")
her.post("/organisation/…/kontakt", on="/organisation/…", phone="063-12 34 56")
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime

from flask.testing import FlaskClient
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from avvikelse.domain.actor import Actor
from avvikelse.models.identity import User
from avvikelse.services import sessions

_TOKEN = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"')


@dataclass
class Visitor:
    client: FlaskClient

    @classmethod
    def of(cls, client: FlaskClient, session: Session, actor: Actor, now: datetime) -> Visitor:
        """Logged in as the actor."""
        user = session.get_one(User, actor.user_id)
        token = sessions.start(session, user, device="Prov", now=now)
        session.commit()
        with client.session_transaction() as cookie:
            cookie["_user_id"] = token
            cookie["_fresh"] = True
        return cls(client)

    def get(self, address: str) -> TestResponse:
        return self.client.get(address)

    def text(self, address: str) -> str:
        """The page in one line of words; it must be there."""
        response = self.get(address)
        assert response.status_code == 200, response.status
        return words(response)

    def post(self, address: str, *, on: str, **fields: str) -> TestResponse:
        """Send a form with the token that the page `on` carries."""
        found = _TOKEN.search(self.get(on).get_data(as_text=True))
        assert found is not None, f"no form on {on}"
        return self.client.post(address, data={"csrf_token": found[1], **fields})


def words(response: TestResponse) -> str:
    """What a person reads on the page: no tags, single spaces."""
    body = re.sub(r"(?s)<(style|script|svg)\b.*?</\1>", " ", response.get_data(as_text=True))
    text = re.sub(r"<[^>]+>", " ", body).replace("&nbsp;", " ").replace("\xa0", " ")
    return " ".join(text.split())
