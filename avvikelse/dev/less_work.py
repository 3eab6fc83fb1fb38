"""The demo's short ways: a samlerapport, a good example, *jag också*, a kopplingskod, and the guard's words."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from avvikelse.dev.open_stories import NOWHERE, PACK
from avvikelse.dev.town import Town
from avvikelse.domain.codes import GOOD_EXAMPLE
from avvikelse.domain.vocabulary import Extent, WordUse
from avvikelse.domain.workdays import local_date
from avvikelse.models.avvikelse import Avvikelse
from avvikelse.models.organisation import Enhet, Huvudman
from avvikelse.queries.similar_open import Near
from avvikelse.services import guard_words, links, reporting, triage, voices
from avvikelse.services.reporting import Report

TEACHER, HEAD, BUP = "larare@example.org", "rektor@example.org", "bup@example.org"
OSTERSUND = "kommun-2380"


def tell(town: Town, now: datetime) -> int:
    """Tell them; returns how many reports that made."""
    town.now = now - timedelta(hours=3)
    _file(
        town, TEACHER, "skola-2380", "bup-mottagning",
        "Vi får kallelser till möten med så kort varsel att ingen av oss hinner förbereda sig eller få vikarie.",
        proposal="Två veckors varsel när det inte är bråttom.", category="A2", severity=1, extent=Extent.UPPREPAD,
        occasions=8, occurred_from=local_date(town.now) - timedelta(days=60),
    )  # fmt: skip
    good = _file(
        town, BUP, "bup-behandling", "skola-2380",
        "Skolan ringde samma dag som de blev oroliga, och vi kunde ses tillsammans med familjen redan nästa vecka.",
        proposal="En telefontid varje fredag som båda känner till.", category=GOOD_EXAMPLE, severity=0,
    )  # fmt: skip
    told = "Skola och BUP hördes samma dag och mötte familjen tillsammans veckan efter."
    triage.write_gruppmening(town.session, town.person("samordnare.region@example.org"), good.ref, told, now=town.now)
    open_one = _file(
        town, HEAD, "skola-2380", "bup-behandling",
        "Två elever har väntat på besked om vem som håller i planen efter mötet. Vi har frågat utan att få svar.",
        category="A7", severity=2,
    )  # fmt: skip
    _file(
        town, HEAD, "skola-2380", "bup-mottagning",
        "Vi ringde om en remiss flera gånger men fick olika besked om vart den skulle skickas.",
        category="C1", severity=1,
    )  # fmt: skip
    near = Near(_unit(town, "skola-2380").id, _unit(town, "bup-behandling").id, "A7")
    voices.join(town.session, town.person(TEACHER), near, open_one.id, now=town.now + timedelta(hours=1))
    _same_event(town)
    admin = town.person("admin.ostersund@example.org")
    huvudman = town.find(Huvudman, PACK, OSTERSUND)
    for word in ("Linnéa Gård", "Lugna Vågen"):
        guard_words.add(town.session, admin, word, WordUse.ALLOWED, huvudman.id, now=town.now)
    return 6


def _same_event(town: Town) -> None:
    """The school and BUP report the same meeting; the teacher says her code on the phone."""
    first = _file(
        town, TEACHER, "skola-2380", "soc-2380",
        "Socialtjänsten var kallad till mötet om planen men kom inte, och vi fick boka om allt.",
        category="A1", severity=2,
    )  # fmt: skip
    samordnare = town.person("samordnare@example.org")
    sentence = "En kallad part kom inte till ett möte om en gemensam plan."
    triage.write_gruppmening(town.session, samordnare, first.ref, sentence, now=town.now)
    code = links.issue(town.session, town.person(TEACHER), first.ref, now=town.now)
    nurse = town.person(BUP)
    omrade_id = _unit(town, "bup-behandling").omrade_id
    event = links.check(town.session, nurse, code, omrade_id, NOWHERE, now=town.now)
    _file(
        town, BUP, "bup-behandling", "soc-2380",
        "Vi satt i mötet utan den part som skulle ha hållit i planen. Familjen fick gå hem utan besked.",
        category="A1", severity=2, event_of=event,
    )  # fmt: skip


def _file(town: Town, who: str, own: str, about: str, description: str, **more: Any) -> Avvikelse:
    report = Report(
        sender_enhet_id=_unit(town, own).id, counterpart_enhet_id=_unit(town, about).id, kommunkod="2380",
        occurred_on=local_date(town.now) - timedelta(days=2), description=description, **more,
    )  # fmt: skip
    return reporting.file(town.session, town.person(who), report, now=town.now)


def _unit(town: Town, slug: str) -> Enhet:
    unit: Enhet = town.find(Enhet, PACK, slug)
    return unit
