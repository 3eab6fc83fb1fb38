"""The demo's reports without account: from a fritidsgård, a family, by phone. `flask demo logins` shows their codes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from avvikelse.dev.town import Town
from avvikelse.domain.receipt_code import grouped
from avvikelse.domain.vocabulary import Channel
from avvikelse.domain.workdays import add_workdays, local_date
from avvikelse.models.avvikelse import Avvikelse
from avvikelse.models.organisation import Enhet, Pack
from avvikelse.services import dialogue, open_reports, receipts
from avvikelse.services.receipts import Knock
from avvikelse.services.reporting import Report

PACK = "jamtland-harjedalen"
ANSWERS_THE_PHONE = "samordnare@example.org"
NOWHERE = Knock("demo", b"the demo has no network")


@dataclass(frozen=True, slots=True)
class OpenStory:
    """One report. `seed` makes its code; `days` is how many working days ago it came."""

    seed: str
    channel: Channel
    days: int
    counterpart: str | None
    description: str
    proposal: str
    severity: int
    question: str = ""


STORIES = (
    OpenStory(
        "demo-fritidsgard", Channel.NO_ACCOUNT, 6, "skola-2380",
        "Vi på fritidsgården var kallade till ett nätverksmöte, men mötet flyttades och ingen sa det till oss.",
        "Skriv upp alla som ska ha besked när ett möte flyttas.", 2,
        "Vilka brukar kalla er, skolan eller socialtjänsten?",
    ),
    OpenStory(
        "demo-familj", Channel.FAMILY, 2, None,
        "Vi fick berätta samma sak för fyra olika personer. Ingen visste vad de andra hade sagt till oss.",
        "En person som håller ihop kontakterna.", 2,
    ),
    OpenStory(
        "demo-telefon", Channel.PHONE, 1, "bup-mottagning",
        "En part som var kallad till SIP-mötet kom inte och hörde inte av sig.", "", 1,
    ),
)  # fmt: skip


def tell(town: Town, now: datetime) -> int:
    """File them; returns how many."""
    session = town.session
    pack = session.scalars(select(Pack).where(Pack.slug == PACK)).one()
    for story in STORIES:
        town.now = _office_hour(now, story.days)
        report = _report(town, story, local_date(town.now))
        if story.channel is Channel.PHONE:
            called = town.now - timedelta(minutes=25)
            open_reports.file_by_phone(
                session, town.person(ANSWERS_THE_PHONE), report, pack.id, called, read_back=True, now=town.now
            )
            continue
        filed = open_reports.file(session, report, pack.id, story.channel, NOWHERE, now=town.now)
        if story.question and (sam := town.samordnare(filed.row.parties[-1].omrade_id)) is not None:
            dialogue.ask(session, sam, filed.row.ref, story.question, now=town.now + timedelta(days=1))
    return len(STORIES)


def codes(session: Session) -> list[tuple[str, str]]:
    """(channel, code) of the demo's reports, for whoever wants to try a code."""
    known = {receipts.sent_key(session, story.seed): story for story in STORIES}
    filed = session.scalars(select(Avvikelse.idempotency_key).where(Avvikelse.idempotency_key.in_(known)))
    return [(known[key].channel.label, grouped(receipts.code_of(session, known[key].seed))) for key in filed if key]


def _report(town: Town, story: OpenStory, day: date) -> Report:
    named = town.find(Enhet, PACK, story.counterpart).id if story.counterpart else None
    return Report(
        sender_enhet_id=None,
        occurred_on=day - timedelta(days=1),
        description=story.description,
        severity=story.severity,
        counterpart_enhet_id=named,
        counterpart_unknown=named is None,
        kommunkod="2380",
        proposal=story.proposal or None,
        family_coordinates=story.channel is Channel.FAMILY,
        idempotency_key=story.seed,
    )


def _office_hour(now: datetime, days: int) -> datetime:
    """Half past nine, so many working days ago."""
    day = local_date(now)
    while add_workdays(day, days) > local_date(now):
        day -= timedelta(days=1)
    return now.replace(year=day.year, month=day.month, day=day.day, hour=8, minute=30, second=7, microsecond=0)
