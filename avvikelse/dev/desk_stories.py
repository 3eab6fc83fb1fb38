"""What lies on the samordnare's desk in the demo besides the cases: a question, a story, a wrong contact way, a mail.

And the snabbvarning that schools and BUP read. Told last, when the cases stand as they are.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import select

from avvikelse.dev.town import Town
from avvikelse.domain.notices import Notice
from avvikelse.domain.vocabulary import OPEN_STATUSES, Outcome, PartySide
from avvikelse.domain.workdays import local_date
from avvikelse.models.avvikelse import Avvikelse, GroupMembership, Party
from avvikelse.models.groups import Samverkansgrupp
from avvikelse.models.organisation import Enhet
from avvikelse.models.outbox import OutboxMail
from avvikelse.services import contact_reports, group_questions, outbox, safety_warnings, stories, triage
from avvikelse.services.safety_warnings import WarningWords

PACK = "jamtland-harjedalen"
OWN_UNIT = "skola-2380"
SENTENCE = "Återbudet kom inte fram till alla som var kallade."
QUESTION = "Kan vi komma överens om en plats där alla kallelser står?"
WRONG = "Brevlådan har bytt namn sedan i höstas."
STORY = stories.StoryWords(
    "Kallelsen nådde alla när den skickades till en brevlåda",
    "En kallelse skickades till en person som inte var i tjänst, och mötet fick ställas in.",
    "Kallelser går nu till enheternas funktionsbrevlådor, minst tio dagar före.",
    "Mötena har hållits som planerat sedan dess. Vi följer det i ett halvår.",
    "SIP, kallelse",
)


WATCH_FOR = "Kallelser som skickas med posten har kommit fram först efter mötet."
DO_NOW = "Skicka kallelsen till brevlådan i kontaktvägarna, och ring om ingen har svarat efter tre dagar."


def tell(town: Town, now: datetime) -> None:
    """Everything as if it had been done during the last days."""
    session, unit = town.session, town.find(Enhet, PACK, OWN_UNIT)
    teacher, region = town.person("larare@example.org"), town.person("samordnare.region@example.org")
    _warn(town, now - timedelta(hours=22))
    contact_reports.report(session, teacher, unit.id, text=WRONG, now=now - timedelta(hours=20))
    ours = (
        select(Avvikelse)
        .join(Party, Party.avvikelse_id == Avvikelse.id)
        .where(Party.side == PartySide.SENDER, Party.enhet_id == unit.id)
        .order_by(Avvikelse.id.desc())
    )
    theirs = select(Party.avvikelse_id).where(
        Party.side == PartySide.OWNER, Party.omrade_id == _region(town), Party.position_id.is_not(None)
    )
    with_group = select(GroupMembership.avvikelse_id).where(GroupMembership.is_home)
    open_case = session.scalars(ours.where(Avvikelse.status.in_(OPEN_STATUSES), Avvikelse.id.in_(theirs))).first()
    closed = session.scalars(ours.where(Avvikelse.outcome == Outcome.ANSWERED, Avvikelse.id.in_(theirs))).first()
    asked = session.scalars(
        ours.where(Avvikelse.id.in_(with_group), Avvikelse.reporter_user_id == teacher.user_id)
    ).first()
    if open_case is not None:
        triage.write_gruppmening(session, region, open_case.ref, SENTENCE, now=now)
        _mail_comes_back(town, open_case, now)
    if closed is not None:
        stories.write(session, region, closed.ref, STORY, now=now)
    if asked is not None:
        group_questions.ask(session, teacher, asked.ref, QUESTION, now=now)


def _warn(town: Town, now: datetime) -> None:
    """The convenor of Birger, to the kinds of units that send and get most calls to meetings."""
    group = town.find(Samverkansgrupp, PACK, "birger")
    convenor = town.convenor(group.id)
    if convenor is not None:
        last_on = local_date(now) + timedelta(days=30)
        words = WarningWords(f"g{group.id}", ("bup", "grundskola"), WATCH_FOR, DO_NOW, last_on)
        safety_warnings.send(town.session, convenor, words, now=now)


def _region(town: Town) -> int:
    holder = town.person("samordnare.region@example.org")
    return next(grant.omrade_id for grant in holder.grants if grant.omrade_id is not None)


def _mail_comes_back(town: Town, case: Avvikelse, now: datetime) -> None:
    """A unit's function mailbox that the mail server refuses."""
    party = next(party for party in case.parties if party.side is PartySide.SENDER)
    outbox.queue(
        town.session, Notice.UNIT_REPORTED, to_mailbox=f"{OWN_UNIT}@example.org", avvikelse_id=case.id,
        dedup_key=f"demo:returned:{case.id}", params={"number": case.number, "ref": case.ref, "party": party.id},
        now=now,
    )  # fmt: skip
    mail = town.session.scalars(select(OutboxMail).where(OutboxMail.dedup_key == f"demo:returned:{case.id}")).one()
    mail.attempts, mail.failed_at, mail.next_try_at, mail.last_error = 3, now, None, "smtp 550"
