"""Fixtures of tests that go through pages."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Connection
from sqlalchemy.orm import Session

from tests.support.mailbox import Mailbox


@pytest.fixture
def mailbox(app: Flask, database: Connection, session: Session, clock: Any) -> Mailbox:
    """The mails of this test; the clock is stopped."""
    return Mailbox(app, database, session, clock)
