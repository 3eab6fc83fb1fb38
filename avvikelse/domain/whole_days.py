"""Moments that are only a day: when somebody without account did something. Open when a time shows 00.00.

Who reports without account must not be found by the minute: what she does is kept as the beginning of that day in
Sweden, in every row and record. Nobody else acts in exactly that microsecond, so such a moment is known by its look.
"""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta

from avvikelse.domain.workdays import STOCKHOLM, local_date, start_of_day

MAIL_HOUR = time(6)  # when mails about what happened "that day" leave, the morning after


def whole_day(now: datetime) -> datetime:
    """The day of `now`, as a moment."""
    return start_of_day(local_date(now))


def is_whole_day(moment: datetime) -> bool:
    """Is it a day rather than a time?"""
    return moment == whole_day(moment)


def when_told(moment: datetime) -> datetime:
    """When a mail about it may leave: at once, or the next morning when a time of day would give somebody away."""
    if not is_whole_day(moment):
        return moment
    return datetime.combine(local_date(moment) + timedelta(days=1), MAIL_HOUR, tzinfo=STOCKHOLM).astimezone(UTC)
