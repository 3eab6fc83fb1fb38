"""What a job may use: the settings, and transactions of its own. Open when a job needs something from the outside.

A job runs in a thread or a process without request, log-in or app context, so it gets everything from here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from flask import Flask
from sqlalchemy import Connection, Engine
from sqlalchemy.orm import Session

from avvikelse.models.base import db
from avvikelse.models.engine import WRITING
from config import Settings


@dataclass(frozen=True, slots=True)
class House:
    """The installation that jobs work for. In tests `bind` is a connection whose transaction is rolled back."""

    settings: Settings
    bind: Engine | Connection

    @classmethod
    def of(cls, app: Flask) -> House:
        with app.app_context():
            return cls(app.extensions["settings"], db.engine)

    @contextmanager
    def transaction(self, *, writing: bool = True) -> Iterator[Session]:
        """A session that is committed at the end, or rolled back when an exception leaves the block.

        Long reading says `writing=False`, so that on SQLite nobody waits for it.
        """
        with Session(self.bind, info={"audit_key": self.settings.audit_key.encode()}) as session:
            if writing:
                session.connection(execution_options=WRITING)
            yield session
            session.commit()


Work = Callable[[House, datetime], str]


def in_transaction(work: Callable[[Session, datetime], str]) -> Work:
    """A job whose whole work is one transaction."""

    def run(house: House, now: datetime) -> str:
        with house.transaction() as session:
            return work(session, now)

    return run
