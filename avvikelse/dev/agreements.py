"""What the demo's parties have agreed: a made-up avtal with points in each län; in one län a point that is reworded, a
review that is late, a summer lov, and a report about feedback on an orosanmälan, which only three fixed answers fit.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from avvikelse.dev.people import SYSTEM_ADMINISTRATOR
from avvikelse.dev.town import Town
from avvikelse.domain.workdays import local_date
from avvikelse.models.agreements import Avtal, Avtalspunkt
from avvikelse.models.organisation import Enhet, Huvudman, Pack, Position
from avvikelse.services import avtal, lov, reporting

PACK, OWNER = "jamtland-harjedalen", "chef-bup-behandling"
PACKS = (PACK, "blekinge", "skane-trelleborg")
# No real agreement is quoted: the demo has one of its own in each län, and the name says so wherever it is shown.
AVTAL = "Påhittad överenskommelse om samverkan"
HELD_BEFORE = timedelta(days=60)  # the story: a report tells of something that happened some days earlier
# number: the words since long, and the categories of reports that say that it was not kept
POINTS = {
    "2.1": ("Den som är kallad till ett möte kommer, eller skickar någon som får besluta.", ("A1", "A5")),
    "2.2": ("Kallelsen skickas i god tid före mötet.", ("A2", "A3", "A4")),
    "2.3": ("Den som ser att ett barn behöver en samordnad plan kallar till möte.", ("A6", "A7")),
    "3.1": ("Parterna talar med varandra innan de skickar en fråga vidare eller tillbaka.", ("B2", "C3")),
    "3.4": ("Den som lämnar tillbaka en remiss skriver vart barnet ska vända sig i stället.", ("C1", "B4")),
    "4.1": ("Skolan kopplar in närvaroteamet när ett barn har varit borta tio dagar på en månad.", ("F1",)),
    "5.2": ("Det som gruppen beslutar når verksamheterna inom en vecka.", ("J5",)),
}
REWORDED = ("2.2", "Kallelsen skickas senast tio arbetsdagar före mötet, till verksamhetens funktionsbrevlåda.")
REPORTER, UNIT, RECEIVER = "larare@example.org", "skola-2380", "soc-2380"
WITHOUT_FEEDBACK = "Vi gjorde en orosanmälan och bad om återkoppling. Efter tre veckor vet vi inte om den kom fram."


def settle(town: Town) -> None:
    """The points, since before the first day of the story."""
    session, admin, since = town.session, town.person(SYSTEM_ADMINISTRATOR.email), local_date(town.now) - HELD_BEFORE
    for pack in PACKS:
        row = avtal.add(session, admin, pack, AVTAL, now=town.now)
        for number, (text, categories) in POINTS.items():
            point = avtal.add_point(session, admin, row.id, number, text, since, now=town.now)
            town.points |= {(pack, category): point.id for category in categories}


def move_on(town: Town, now: datetime) -> None:
    """What has happened lately: other words, a review that nobody has made, next summer, one more report."""
    session, today = town.session, local_date(now)
    row, admin = _avtal(session), town.person(SYSTEM_ADMINISTRATOR.email)
    number, text = REWORDED
    point = session.scalars(select(Avtalspunkt).where(Avtalspunkt.avtal_id == row.id, Avtalspunkt.number == number))
    avtal.reword(session, admin, row.id, point.one().id, text, today - timedelta(days=60), now=now)
    owner = town.find(Position, PACK, OWNER).id
    late = today - timedelta(days=20)
    avtal.change(session, admin, row.id, owner_position_id=owner, review_on=late, now=now)
    summer = date(today.year + (today.month > 5), 6, 15)
    kommun = town.find(Huvudman, PACK, "kommun-2380").id
    until = summer + timedelta(days=55)
    lov.add(session, admin, kommun, "Sommarlov", ("grundskola", "forskola"), summer, until, now=now)
    town.now = now - timedelta(days=2)
    report = reporting.Report(
        sender_enhet_id=town.find(Enhet, PACK, UNIT).id, counterpart_enhet_id=town.find(Enhet, PACK, RECEIVER).id,
        occurred_on=local_date(town.now) - timedelta(days=1), description=WITHOUT_FEEDBACK, severity=1, category="E3",
        kommunkod="2380",
    )  # fmt: skip
    reporting.file(session, town.person(REPORTER), report, now=town.now)


def _avtal(session: Session) -> Avtal:
    query = select(Avtal).join(Pack, Pack.id == Avtal.pack_id).where(Pack.slug == PACK, Avtal.name == AVTAL)
    return session.scalars(query).one()
