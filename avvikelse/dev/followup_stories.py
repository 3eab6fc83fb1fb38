"""The demo's follow-up: SIP counted by all kommuner but one, Birger's plan and goals, last year's annual report, and a
granskning. Open to change what stands there.
"""
# ruff: noqa: E501 -- tables are read across

from __future__ import annotations

from datetime import date, datetime, timedelta

from sqlalchemy import select

from avvikelse.analysis.indicators.sip_totals import SipCount
from avvikelse.dev.town import Town
from avvikelse.domain.group_words import LIVING_DECISIONS
from avvikelse.domain.sip import HALVES, Half, before, half_of
from avvikelse.domain.workdays import local_date
from avvikelse.models.group_decisions import GroupDecision
from avvikelse.models.groups import Samverkansgrupp
from avvikelse.models.organisation import Pack
from avvikelse.queries.goals import goal_year
from avvikelse.queries.sip import places
from avvikelse.services import action_plan, annual, goals, reviews, sip
from avvikelse.services.action_plan import ActivityWords

PACK, GROUP = "jamtland-harjedalen", "birger"
CONVENOR, COUNTER = "sammankallande@example.org", "sip@example.org"
REVISOR, ADMINISTRATOR = "revisor@example.org", "admin@example.org"
NOT_COUNTED = "2326"  # Berg has not reported

# what, who, days from now to which it was planned, what became of it ("" = it is to be done)
# fmt: off
ACTIVITIES = (
    ("Gemensam mall för kallelse till SIP, med tio arbetsdagars varsel.", "Samordnare, Östersunds kommun",      -390, "klar",     "Mallen används av skola, socialtjänst och BUP."),
    ("Lista över ersättare när en verksamhet inte kan komma.",            "Verksamhetschef BUP",                -345, "klar",     "Listan finns hos alla parter och ses över varje termin."),
    ("Gemensam introduktion för nya chefer om samverkan.",                "Barn- och utbildningsförvaltningen",  -30, "pagar",    "Första omgången är hållen. Socialtjänsten saknades."),
    ("Pröva en gemensam mottagning en dag i veckan.",                     "Regionens verksamhetschef",            10, "avbruten", "Det saknas lokal. Frågan tas upp i nästa plan."),
    ("Följ upp mallen för kallelser: hur ofta hålls tio arbetsdagar?",    "Samordnare, Östersunds kommun",        25, "",         ""),
)
GOALS = {"I05_kvitterade_3_arbetsdagar": 80, "I06_besvarade_30_dagar": 70, "I13_bollade": 5}
# fmt: on


def set_goals(town: Town) -> None:
    """For the year that is and the next, where they are not written yet. Told first, so that months are made with them."""
    today, group_id = local_date(town.now), town.find(Samverkansgrupp, PACK, GROUP).id
    for year, values in ((today.year, GOALS), (today.year + 1, GOALS | {"I06_besvarade_30_dagar": 80})):
        known = goal_year(town.session, group_id, year, today)
        if known.open and not known.has_goals:
            goals.set_goals(town.session, town.person(CONVENOR), group_id, year, values, now=town.now)


def tell(town: Town, now: datetime) -> None:
    """The rest happens late in the story, through the services."""
    town.now = now - timedelta(days=12)
    year = local_date(town.now).year
    group_id = town.find(Samverkansgrupp, PACK, GROUP).id
    count_sip(town, half_of(local_date(town.now)))
    write_plan(town, group_id, now)
    actor = town.person(CONVENOR)
    set_goals(town)
    report = annual.make(town.session, actor, group_id, year - 1, now=town.now)
    annual.comment(
        town.session, actor, group_id, year - 1, "sip",
        "Alla kommuner räknar inte än. Regionens SIP-samordnare hjälper till under våren.", now=town.now,
    )  # fmt: skip
    annual.approve(town.session, actor, group_id, year - 1, seen=report.version_id, now=town.now)
    pack_id = town.session.scalars(select(Pack.id).where(Pack.slug == PACK)).one()
    reviews.open_review(
        town.session, town.person(ADMINISTRATOR), pack_id, about="Samverkan kring barn och unga",
        period=(date(year - 1, 1, 1), local_date(now) - timedelta(days=60)), email=REVISOR, name="Rut Ahlgren",
        last_on=local_date(now) + timedelta(days=14), now=town.now,
    )  # fmt: skip


def count_sip(town: Town, half: Half) -> None:
    """The last two years, for every kommun but one; the numbers are made up, and larger where more people live."""
    actor = town.person(COUNTER)
    for place, where in enumerate(places(town.session, actor)):
        for back in range(1, len(HALVES) * 2 + 1):
            if where.kommunkod == NOT_COUNTED:
                continue
            size = 14 if where.kommunkod == "2380" else 1 + (place + back) % 5
            once, twice = size, size // 2
            held = once + 2 * twice
            count = SipCount(
                new=size // 2 + 1, held=held, once=once, twice=twice, more=0, full=held - held // 3,
                called=4 * held, attended=4 * held - held // 3, cancelled=size // 4, short=size // 5,
            )  # fmt: skip
            sip.report(town.session, actor, where.kommunkod, before(half, back), count, seen_version=0, now=town.now)


def write_plan(town: Town, group_id: int, now: datetime) -> None:
    """Each thing on its day: what is done was done some days before it was planned to be."""
    session, actor, today = town.session, town.person(CONVENOR), local_date(now)
    days = [today + timedelta(days=after) for _, _, after, _, _ in ACTIVITIES]
    first_year = days[0].year
    begun = now + timedelta(days=ACTIVITIES[0][2] - 40)
    plan = action_plan.add_plan(
        session, actor, group_id, first_year, "Ingen ska kallas för sent, och alla vet vem som kommer i stället.",
        local_date(begun), now=begun,
    )  # fmt: skip
    behind = session.scalars(
        select(GroupDecision.ref).where(GroupDecision.group_id == group_id, GroupDecision.status.in_(LIVING_DECISIONS))
    ).first()
    steps = {"klar": action_plan.finish, "pagar": action_plan.follow_up, "avbruten": action_plan.cancel}
    for (text, owner, after, state, said), day in zip(ACTIVITIES, days, strict=True):
        due = min(day, date(first_year + 1, 12, 31))
        words = ActivityWords(text, owner, due, decision=behind or "" if state == "pagar" else "")
        row = action_plan.add_activity(session, actor, group_id, plan.ref, words, now=begun)
        if state:
            moment = min(now + timedelta(days=after - 6), town.now)
            steps[state](session, actor, group_id, row.ref, said, now=moment)
