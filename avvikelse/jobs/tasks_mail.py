"""Send the outbox: claim → ask again → send → mark, each in a transaction of its own. Open when mail is stuck.

Nothing is locked while the mail server is spoken to, so a slow or dead server slows nobody else down.
"""

from __future__ import annotations

import os
import secrets
import socket
from datetime import datetime

import structlog

from avvikelse.adapters import clock
from avvikelse.adapters.mail import Mailer, MailRefusedError, MailUnavailableError, compose, mailer
from avvikelse.domain.notices import SEVERE_NOTICES
from avvikelse.jobs.house import House
from avvikelse.services import digests, mail_rules, outbox

BATCH = 50
log = structlog.get_logger(__name__)


def send_outbox(house: House, now: datetime) -> str:
    """Send every mail that is due. Stops at the first sign that the server is away; the next run tries again."""
    owner = f"{socket.gethostname()}:{os.getpid()}:{secrets.token_hex(4)}"
    mail_rules.enter()
    sent = failed = 0
    transport = mailer(house.settings.mail)
    try:
        while True:
            with house.transaction() as session:
                ids = outbox.claim(session, owner, BATCH, now)
            if not ids:
                return f"{sent} skickade, {failed} misslyckade"
            done, refused, away = _send_batch(house, transport, ids, owner, now)
            sent, failed = sent + done, failed + refused
            if away:
                return f"{sent} skickade, {failed} misslyckade, mejlservern svarar inte ({away})"
    finally:
        transport.close()


def release_severe(house: House, now: datetime) -> str:
    """Something severe from somebody without account does not wait for the morning (docs/adr/0192)."""
    with house.transaction() as session:
        return f"{outbox.release(session, SEVERE_NOTICES, now=now)} släppta"


def _send_batch(house: House, transport: Mailer, ids: list[int], owner: str, now: datetime) -> tuple[int, int, str]:
    """(sent, failed, why the server is away or ""). A mail that is no longer true counts as neither."""
    sent = failed = 0
    until = clock.now() + outbox.CLAIM / 2
    for place, mail_id in enumerate(ids):
        if clock.now() > until:  # too slow to be sure that the rest is still ours: it is claimed anew later
            return sent, failed, "långsam"
        with house.transaction() as session:
            mail = outbox.prepare(session, mail_id, owner, now)
        if mail is None:
            continue
        try:
            transport.send(
                compose(
                    mail.notice, mail.to, mail.params, dedup_key=mail.dedup_key,
                    base_url=house.settings.base_url, mail_from=house.settings.mail_from,
                )
            )  # fmt: skip
        except MailRefusedError as error:
            failed += 1
            log.warning("mail_refused", notice=mail.notice.value, mail=mail.id, error=error.code)
            with house.transaction() as session:
                outbox.mark_failed(session, [mail.id], owner, error.code, now, for_good=error.for_good)
        except MailUnavailableError as error:
            log.warning("mail_server_away", error=error.code)
            with house.transaction() as session:
                outbox.mark_failed(session, ids[place:], owner, error.code, now)
            return sent, failed + len(ids) - place, error.code
        else:
            sent += 1
            with house.transaction() as session:
                outbox.mark_sent(session, mail.id, now)
                digests.end(session, mail.id, now)
    return sent, failed, ""
