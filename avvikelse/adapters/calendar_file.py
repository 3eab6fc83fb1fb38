"""Due days as an iCalendar file. The only file that knows the format."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from icalendar import Calendar, Event

from avvikelse.queries.calendar_feed import DueDay


def write(days: Iterable[DueDay], *, base_url: str, now: datetime) -> bytes:
    """Whole days, free time, with a link; no description."""
    calendar = Calendar()
    calendar.add("prodid", "-//Avvikelse i samverkan//SV")
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", "Avvikelse: frister")
    for day in days:
        event = Event()
        event.add("uid", f"{day.key}@{urlsplit(base_url).hostname}")
        event.add("dtstamp", now)
        event.add("dtstart", day.on)
        event.add("dtend", day.on + timedelta(days=1))
        event.add("summary", day.text)
        event.add("url", base_url + day.path)
        event.add("transp", "TRANSPARENT")
        calendar.add_component(event)
    data: bytes = calendar.to_ical()
    return data
