"""Silence is seen (R15): each limit by itself, on both sides of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from avvikelse.adapters import disk
from avvikelse.domain.health import Readings, checks, is_well

NOW = datetime(2026, 3, 11, 9, 30, tzinfo=UTC)
WELL = Readings(NOW, None, 0, NOW, backups_known=True, backed_up_at=NOW, free_share=0.5)


def red(found: Readings) -> list[str]:
    lines = checks(found, NOW)
    names = [line.name for line in lines if line.ok is False]
    assert is_well(lines) is not bool(names)
    return names


def test_a_house_that_is_well() -> None:
    assert red(WELL) == []


@pytest.mark.parametrize(
    ("name", "field", "limit"),
    [
        ("scheduler", "heartbeat_at", timedelta(minutes=2)),
        ("outbox", "oldest_mail_at", timedelta(minutes=15)),
        ("anchor", "anchored_at", timedelta(hours=26)),
        ("backup", "backed_up_at", timedelta(hours=26)),
    ],
)
def test_each_silence_turns_it_red_at_its_limit(name: str, field: str, limit: timedelta) -> None:
    at_the_limit: dict[str, Any] = {field: NOW - limit}
    past_it: dict[str, Any] = {field: NOW - limit - timedelta(seconds=1)}
    assert red(replace(WELL, **at_the_limit)) == []
    assert red(replace(WELL, **past_it)) == [name]


def test_what_never_happened_is_red_but_an_empty_outbox_is_not() -> None:
    never = replace(WELL, heartbeat_at=None, anchored_at=None, backed_up_at=None, oldest_mail_at=None)
    assert red(never) == ["scheduler", "anchor", "backup"]


def test_failed_mails_and_a_full_disk_are_red() -> None:
    assert red(replace(WELL, failed_mails=1)) == ["outbox"]
    assert red(replace(WELL, free_share=0.1)) == []
    assert red(replace(WELL, free_share=0.099)) == ["disk"]


def test_where_nobody_has_said_where_the_copies_lie_it_says_so() -> None:
    lines = checks(replace(WELL, backups_known=False, backed_up_at=None), NOW)
    assert is_well(lines)
    assert [line.ok for line in lines if line.name == "backup"] == [None]


def test_the_newest_copy_is_one_that_holds_something(tmp_path: Path) -> None:
    assert disk.newest_file_at(tmp_path) is None
    assert disk.newest_file_at(tmp_path / "missing") is None
    (tmp_path / "empty.dump").touch()
    assert disk.newest_file_at(tmp_path) is None
    (tmp_path / "real.dump").write_text("x")
    assert disk.newest_file_at(tmp_path) is not None
    assert 0 <= disk.free_share(tmp_path / "not" / "yet") <= 1
