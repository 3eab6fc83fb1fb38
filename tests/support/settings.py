"""The settings of a test installation, and its time."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from config import Environment, Settings

NOW = datetime(2026, 3, 11, 9, 30, tzinfo=UTC)  # a Wednesday without holidays near


def make_settings(database_url: str, instance: Path) -> Settings:
    return Settings(
        environment=Environment.TEST,
        database_url=database_url,
        secret_key="s" * 40,
        audit_key="a" * 40,
        base_url="http://localhost",
        mail=f"maildir:{instance / 'mail'}",
        mail_from="avvikelse@example.org",
        instance=instance,
        second_step_required=False,  # tests/web/test_second_step.py turns it on
    )
